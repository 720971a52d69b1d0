// SPDX-License-Identifier: GPL-2.0-or-later
#include "os/qos.hpp"

#include "base/text.hpp"
#include "os/host_xtables.hpp"
#include "os/links.hpp"

#include <nlohmann/json.hpp>

#include <algorithm>
#include <array>
#include <optional>
#include <utility>

namespace viaduct::os {
namespace {

using Json = nlohmann::json;

/// Handles of our leaves. Odd enough to know our own tree by, also without the state file.
constexpr const char* kVoiceLeaf = "7610:";
constexpr const char* kSignallingLeaf = "7620:";
constexpr const char* kRestLeaf = "7630:";
constexpr unsigned kStateMode = 0600;
constexpr std::uint32_t kUsualMtu = 1500;
constexpr std::uint32_t kLinkHeader = 64;  // Ethernet, VLAN tags, PPPoE

/// One line of `tc qdisc show`: "qdisc htb 1: root refcnt 3 r2q 10 ...".
struct Qdisc {
  std::string kind;
  std::string handle;
  std::string parent;                ///< "root", or a class
  std::vector<std::string> options;  ///< what follows, without refcnt
  std::string line;
};

std::vector<Qdisc> parse_qdiscs(std::string_view text) {
  std::vector<Qdisc> found;
  while (!text.empty()) {
    std::size_t end = std::min(text.find('\n'), text.size());
    std::vector<std::string> words = split_words(text.substr(0, end));
    std::string line(base::trim(text.substr(0, end)));
    text.remove_prefix(std::min(end + 1, text.size()));
    if (words.size() < 4 || words[0] != "qdisc") continue;
    Qdisc qdisc{words[1], words[2], {}, {}, std::move(line)};
    std::size_t at = 3;
    if (words[at] == "dev") at += 2;
    if (at < words.size() && words[at] == "root") qdisc.parent = "root";
    if (at + 1 < words.size() && words[at] == "parent") qdisc.parent = words[++at];
    for (++at; at < words.size(); ++at) {
      if (words[at] == "refcnt") {
        ++at;
      } else {
        qdisc.options.push_back(words[at]);
      }
    }
    found.push_back(std::move(qdisc));
  }
  return found;
}

Result<std::vector<Qdisc>> list_qdiscs(Host& host, const std::string& interface) {
  Result<ProcessOutcome> listed = host.run({"tc", "qdisc", "show", "dev", interface});
  if (!listed) return std::unexpected(listed.error());
  if (!listed->ok()) return fail(Problem::not_found, "list the qdiscs of " + interface + ": " + listed->errors);
  return parse_qdiscs(listed->output);
}

const Qdisc* root_of(const std::vector<Qdisc>& all) {
  for (const Qdisc& qdisc : all)
    if (qdisc.parent == "root") return &qdisc;
  return nullptr;
}

/// The kernel gives its defaults (pfifo_fast, fq_codel, mq, noqueue) the handle 0:, people cannot.
bool is_default(const Qdisc* root) {
  return root == nullptr || root->handle == "0:";
}

bool is_ours(const std::vector<Qdisc>& all) {
  const Qdisc* root = root_of(all);
  if (root == nullptr || root->kind != "htb" || root->handle != "1:") return false;
  return std::any_of(all.begin(), all.end(), [](const Qdisc& leaf) { return leaf.handle == kVoiceLeaf; });
}

/// A root qdisc with qdiscs of its own below it; mq makes its children itself.
bool has_children(const std::vector<Qdisc>& all, const Qdisc& root) {
  return std::any_of(all.begin(), all.end(), [&root](const Qdisc& leaf) {
    return leaf.handle != "0:" && leaf.parent.starts_with(root.handle) && leaf.parent != "root";
  });
}

bool is_classful(const std::string& kind) {
  constexpr std::array<std::string_view, 8> kKinds = {"htb", "hfsc", "cbq", "drr", "qfq", "prio", "mqprio", "taprio"};
  return std::find(kKinds.begin(), kKinds.end(), kind) != kKinds.end();
}

/// tc prints "limit 77p" and does not read it again.
std::string readable_option(const std::string& word) {
  bool packets = word.size() > 1 && word.back() == 'p' && word.find_first_not_of("0123456789") == word.size() - 1;
  return packets ? word.substr(0, word.size() - 1) : word;
}

/// What was there before, and the tree that replaced it.
struct Saved {
  std::uint64_t rate = 0;
  bool by_dscp = false;
  std::string before;                  ///< line of tc; empty: the kernel's default
  std::vector<std::string> arguments;  ///< that make it again; empty: delete ours, the kernel makes its default
  bool lost = false;                   ///< a class tree that cannot be made again
};

std::string state_file(const std::string& folder, const std::string& interface) {
  return folder + "/qos-" + interface + ".json";
}

std::optional<Saved> read_state(Host& host, const std::string& file) {
  Result<std::string> text = host.read(file);
  Json state = text ? Json::parse(*text, nullptr, false) : Json();
  if (!state.is_object()) return std::nullopt;
  Saved saved;
  if (state.contains("rate") && state["rate"].is_number_unsigned()) saved.rate = state["rate"].get<std::uint64_t>();
  if (state.contains("by_dscp") && state["by_dscp"].is_boolean()) saved.by_dscp = state["by_dscp"].get<bool>();
  if (state.contains("lost") && state["lost"].is_boolean()) saved.lost = state["lost"].get<bool>();
  if (state.contains("before") && state["before"].is_string()) saved.before = state["before"].get<std::string>();
  if (state.contains("arguments") && state["arguments"].is_array())
    for (const Json& word : state["arguments"])
      if (word.is_string()) saved.arguments.push_back(word.get<std::string>());
  return saved;
}

Result<void> write_state(Host& host, const std::string& file, const Saved& saved) {
  Json state = {{"rate", saved.rate},
                {"by_dscp", saved.by_dscp},
                {"before", saved.before},
                {"arguments", saved.arguments},
                {"lost", saved.lost}};
  return host.write(file, state.dump(2, ' ', false, Json::error_handler_t::replace) + "\n", kStateMode);
}

/// What to remember of the qdiscs that are there.
Saved save(const std::vector<Qdisc>& all) {
  Saved saved;
  const Qdisc* root = root_of(all);
  if (is_default(root)) return saved;
  saved.before = root->line;
  saved.lost = is_classful(root->kind) || (root->kind != "mq" && has_children(all, *root));
  if (saved.lost) return saved;
  saved.arguments = {"root", "handle", root->handle, root->kind};
  for (const std::string& word : root->options) saved.arguments.push_back(readable_option(word));
  return saved;
}

std::uint32_t mtu_of(const std::string& interface) {
  Result<std::vector<Interface>> all = list_interfaces();
  if (!all) return kUsualMtu;
  for (const Interface& candidate : *all)
    if (candidate.name == interface && candidate.mtu >= 68) return candidate.mtu;
  return kUsualMtu;
}

/// The tc commands of the tree, one after the other.
class TreeBuilder {
 public:
  TreeBuilder(Host& host, const QosConfig& config)
      : host_(host), config_(config), mtu_(mtu_of(config.interface)), shares_(shares_of(config.rate, mtu_)) {}

  Result<void> build() {
    const std::vector<std::vector<std::string>> commands = {
        {"qdisc", "replace", "dev", "root", "handle", "1:", "htb", "default", "30"},
        one_class("1:", "1:1", shares_.total, shares_.total, 0),
        one_class("1:1", "1:10", shares_.voice, shares_.voice_ceiling, 0),
        one_class("1:1", "1:20", shares_.signalling, shares_.total, 1),
        one_class("1:1", "1:30", shares_.rest, shares_.total, 2),
        {"qdisc", "add", "dev", "parent", "1:10", "handle", kVoiceLeaf, "pfifo", "limit",
         std::to_string(shares_.voice_queue)},
        {"qdisc", "add", "dev", "parent", "1:20", "handle", kSignallingLeaf, "pfifo", "limit", "100"}};
    for (const std::vector<std::string>& command : commands)
      if (Result<void> done = tc(command); !done) return done;
    if (Result<void> done = add_rest_queue(); !done) return done;
    return config_.by_dscp ? add_filters() : Result<void>();
  }

 private:
  /// Puts the interface's name behind the word "dev".
  Result<void> tc(const std::vector<std::string>& words) {
    std::vector<std::string> command = {"tc"};
    for (const std::string& word : words) {
      command.push_back(word);
      if (word == "dev") command.push_back(config_.interface);
    }
    return carry_out(host_, {command, {}});
  }

  static std::string bits(std::uint64_t rate) { return std::to_string(rate) + "bit"; }

  [[nodiscard]] std::vector<std::string> one_class(const char* parent, const char* id, std::uint64_t rate,
                                                   std::uint64_t ceiling, int priority) const {
    // A millisecond's worth in one go: less costs timer interrupts at high rates, more would delay voice.
    std::uint64_t burst = std::max<std::uint64_t>(2ULL * (mtu_ + kLinkHeader), ceiling / 8 / 1000);
    return {"class",   "add",
            "dev",     "parent",
            parent,    "classid",
            id,        "htb",
            "rate",    bits(rate),
            "ceil",    bits(ceiling),
            "burst",   std::to_string(burst),
            "cburst",  std::to_string(burst),
            "quantum", std::to_string(mtu_ + 14),
            "prio",    std::to_string(priority)};
  }

  /// The rest waits in a short queue. Receive offload makes packets of 64 KiB, which would hold a 10 Mbit/s line for
  /// 50 ms: a token bucket far above the rate cuts them into wire size. Below it fq_codel, where the kernel has it.
  Result<void> add_rest_queue() {
    std::string limit = std::to_string(shares_.rest_queue);
    Result<void> cut =
        tc({"qdisc", "add", "dev", "parent", "1:30", "handle", kRestLeaf, "tbf", "rate", bits(shares_.total * 20),
            "burst", std::to_string(2 * (mtu_ + kLinkHeader)), "limit", limit});
    if (!cut) return tc({"qdisc", "add", "dev", "parent", "1:30", "handle", kRestLeaf, "bfifo", "limit", limit});
    // Absent on small kernels, and then the bucket's own queue does.
    std::uint64_t serialise_us = (mtu_ + 14ULL) * 8 * 1'000'000 / shares_.total;
    std::string target = std::to_string(std::max<std::uint64_t>(5000, serialise_us * 3 / 2)) + "us";
    [[maybe_unused]] const Result<void> fair = tc({"qdisc", "add", "dev", "parent", std::string(kRestLeaf) + "1",
                                                   "handle", "7631:", "fq_codel", "limit", "1000", "target", target});
    return {};
  }

  Result<void> add_filters() {
    int preference = 1;
    for (const auto& [dscp, id] : {std::pair<std::uint8_t, const char*>{config_.media_dscp, "1:10"},
                                   std::pair<std::uint8_t, const char*>{config_.sip_dscp, "1:20"}})
      for (bool ipv4 : {true, false}) {
        std::string value = std::to_string(dscp * 4);
        std::vector<std::string> words = {"filter",
                                          "add",
                                          "dev",
                                          "parent",
                                          "1:",
                                          "protocol",
                                          ipv4 ? "ip" : "ipv6",
                                          "prio",
                                          std::to_string(preference++),
                                          "u32",
                                          "match",
                                          ipv4 ? "ip" : "ip6",
                                          ipv4 ? "dsfield" : "priority",
                                          value,
                                          "0xfc",
                                          "flowid",
                                          id};
        if (Result<void> done = tc(words); !done) return done;
      }
    return {};
  }

  Host& host_;
  const QosConfig& config_;
  std::uint32_t mtu_;
  QosShares shares_;
};

Result<void> put_back(Host& host, const std::string& interface, const Saved& saved) {
  Result<void> gone = carry_out(host, {{"tc", "qdisc", "del", "dev", interface, "root"}, {}});
  // Nothing to delete is no reason not to put the old one back.
  if (saved.arguments.empty()) return gone;
  Step step{{"tc", "qdisc", "add", "dev", interface}, {}};
  step.arguments.insert(step.arguments.end(), saved.arguments.begin(), saved.arguments.end());
  return carry_out(host, step);
}

std::string normal_line(const std::string& line) {
  std::string text;
  for (const Qdisc& qdisc : parse_qdiscs(line)) {
    text = qdisc.kind + " " + qdisc.handle;
    for (const std::string& word : qdisc.options) text += " " + word;
  }
  return text;
}

void remark_restoring(Host& host, const std::string& interface, const Saved& saved, QosOutcome& outcome) {
  if (saved.lost) outcome.remarks.push_back("a class tree cannot be put back by us; it was: " + saved.before);
  if (saved.arguments.empty()) return;
  Result<std::vector<Qdisc>> now = list_qdiscs(host, interface);
  const Qdisc* root = now ? root_of(*now) : nullptr;
  if (root == nullptr || normal_line(root->line) != normal_line(saved.before))
    outcome.remarks.push_back("not exactly as before: it was: " + saved.before);
}

std::string describe_default(const Qdisc* root) {
  return root == nullptr ? "none" : root->line;
}

}  // namespace

QosShares shares_of(std::uint64_t rate, std::uint32_t mtu) {
  QosShares shares;
  shares.total = rate / 100 * 95;
  shares.voice = shares.total / 100 * 40;
  shares.voice_ceiling = shares.total / 100 * 75;
  shares.signalling = shares.total / 100 * 5;
  shares.rest = shares.total - shares.voice - shares.signalling;
  // Late voice is lost voice: better dropped here than played out of time.
  constexpr std::uint64_t kVoicePacket = 214;  // 20 ms of G.711 on Ethernet
  std::uint64_t waiting = std::max<std::uint64_t>(20, shares.voice_ceiling / 8 * 60 / 1000 / kVoicePacket);
  shares.voice_queue = static_cast<std::uint32_t>(std::min<std::uint64_t>(waiting, 10'000));
  std::uint64_t octets = std::max<std::uint64_t>(shares.total / 8 / 20, 4ULL * (mtu + kLinkHeader));
  shares.rest_queue = static_cast<std::uint32_t>(std::min<std::uint64_t>(octets, 64U << 20));
  return shares;
}

Result<QosOutcome> build_qos(Host& host, const QosConfig& config) {
  constexpr std::uint64_t kLeast = 64'000;
  if (config.rate < kLeast) return fail(Problem::invalid, "shape " + config.interface, "give 64 kbit/s at least");
  Result<std::vector<Qdisc>> now = list_qdiscs(host, config.interface);
  if (!now) return std::unexpected(now.error());
  std::string file = state_file(config.state_folder, config.interface);
  QosOutcome outcome;
  const Qdisc* root = root_of(*now);
  bool ours = is_ours(*now);
  std::optional<Saved> known = read_state(host, file);
  if (ours && known && known->rate == config.rate && known->by_dscp == config.by_dscp) {
    outcome.change = QosChange::unchanged;
    outcome.before = known->before;
    return outcome;
  }
  if (!ours && !is_default(root) && !config.force)
    return fail(Problem::already_exists,
                "shape " + config.interface + ", which has a root qdisc of its own: " + root->line,
                "set force = true in [qos] to replace it, or leave shaping to it");
  Saved saved = ours ? known.value_or(Saved()) : save(*now);
  saved.rate = config.rate;
  saved.by_dscp = config.by_dscp;
  outcome.before = saved.before.empty() && !ours ? describe_default(root) : saved.before;
  if (saved.lost)
    outcome.remarks.push_back("the class tree that is replaced cannot be put back by us: " + saved.before);
  if (Result<void> written = write_state(host, file, saved); !written) return std::unexpected(written.error());
  // The same handle cannot be replaced in place, and the old tree may hold other classes.
  if (!is_default(root)) {
    Result<void> gone = carry_out(host, {{"tc", "qdisc", "del", "dev", config.interface, "root"}, {}});
    if (!gone) return std::unexpected(gone.error());
  }
  if (Result<void> built = TreeBuilder(host, config).build(); !built) {
    // The first failure is the one to tell.
    [[maybe_unused]] const Result<void> back = put_back(host, config.interface, saved);
    [[maybe_unused]] const Result<void> forgotten = host.remove(file);
    return std::unexpected(built.error());
  }
  outcome.change = QosChange::built;
  return outcome;
}

Result<QosOutcome> restore_qos(Host& host, const std::string& interface, const std::string& state_folder) {
  std::string file = state_file(state_folder, interface);
  QosOutcome outcome;
  std::optional<Saved> known = read_state(host, file);
  Result<std::vector<Qdisc>> now = list_qdiscs(host, interface);
  bool ours = now && is_ours(*now);
  if (ours) {
    Saved saved = known.value_or(Saved());
    if (Result<void> back = put_back(host, interface, saved); !back) return std::unexpected(back.error());
    outcome.change = QosChange::restored;
    outcome.before = saved.before;
    remark_restoring(host, interface, saved, outcome);
  } else if (known) {
    outcome.remarks.push_back(now ? "somebody replaced our tree on " + interface + "; left as it is"
                                  : interface + " is gone");
  }
  if (Result<void> forgotten = host.remove(file); !forgotten) return std::unexpected(forgotten.error());
  return outcome;
}

}  // namespace viaduct::os
