// SPDX-License-Identifier: GPL-2.0-or-later
#include "audit/mask.hpp"
#include "audit/products/linux.hpp"
#include "audit/products/linux_edit.hpp"
#include "audit/products/linux_match.hpp"
#include "audit/products/products.hpp"

#include <algorithm>
#include <array>
#include <map>
#include <set>
#include <utility>
#include <vector>

namespace viaduct::audit::products {
namespace {

constexpr Bytes kNothingSet = "no CT --helper sip in table raw; kernels since 4.7 assign none by themselves";

constexpr Bytes kPartOnly = "no rule of this text sets the helper, but it does not show all of table raw";

using Words = std::vector<Bytes>;

[[nodiscard]] Words words_of(Node rule) {
  Words words;
  for (const Node word : rule.children()) words.push_back(word.word());
  return words;
}

/// What stands behind an option.
[[nodiscard]] Bytes option(const Words& words, Bytes name) {
  const auto at = std::ranges::find(words, name);
  return at == words.end() || at + 1 == words.end() ? Bytes() : *(at + 1);
}
[[nodiscard]] Bytes either(const Words& words, Bytes name, Bytes other) {
  const Bytes value = option(words, name);
  return value.empty() ? option(words, other) : value;
}

[[nodiscard]] Bytes target(const Words& words) {
  return either(words, "-j", "--jump");
}

}  // namespace

bool sets_helper(const Words& words) {
  const auto jump = std::ranges::find_if(words, [](Bytes word) { return word == "-j" || word == "--jump"; });
  const auto helper = std::find(jump, words.end(), Bytes("--helper"));
  return target(words) == "CT" && helper != words.end() && helper + 1 != words.end() &&
         (helper + 1)->starts_with("sip");
}

std::string ports_of(const Words& words) {
  Bytes ports = either(words, "--dport", "--destination-port");
  if (ports.empty()) ports = either(words, "--dports", "--destination-ports");
  std::string said(ports == "sip" ? Bytes("5060") : ports);
  std::ranges::replace(said, ':', '-');
  const auto at = std::ranges::find(words, ports);
  const bool negated = at - words.begin() > 1 && *(at - 2) == "!";
  return negated ? "!" + said : said;
}

namespace {

/// By which program of the section's title a rule can be deleted: "iptables-legacy" of "iptables-legacy-save -t raw".
[[nodiscard]] std::string program_of(Bytes title, bool ipv6) {
  static constexpr std::array<Bytes, 6> kPrograms{"ip6tables-legacy", "ip6tables-nft", "ip6tables",
                                                  "iptables-legacy",  "iptables-nft",  "iptables"};
  for (const Bytes program : kPrograms)
    if (title.find(std::string(program) + "-save") != Bytes::npos) return std::string(program);
  return ipv6 ? "ip6tables" : "iptables";
}

/// The words of a rule as they would be typed, but for those that set the helper.
[[nodiscard]] std::string without_helper(const Words& words) {
  std::string rest;
  for (std::size_t i = 0; i < words.size(); ++i)
    if (words[i] == "--helper")
      ++i;
    else
      rest += " " + shell_word(words[i]);
  return rest;
}

/// `before`: how many rules stay before it.
[[nodiscard]] Edit edit_of(const Words& words, Bytes chain, std::size_t before, const LinuxBox& box) {
  const std::string program = program_of(box.title(), box.ipv6);
  std::string rule;
  for (const Bytes word : words) rule += " " + shell_word(word);
  const std::string name = shell_word(chain);
  const std::string numbered =
      program + " -t raw -L " + name + " -n --line-numbers tells its number, " + program + " -t raw ";
  if (masked(rule) != rule)
    return {.by_hand = "its comment looks like a secret, which is not written here: " + numbered + "-D " + name +
                       " NUMBER deletes it"};
  if (!only_helps_of_iptables(words))
    return {.by_hand = "the rule does more than set the helper: " + numbered + "-R " + name + " NUMBER" +
                       without_helper(words) + " leaves the rest of it"};
  return {.fix = {program + " -t raw -D " + name + rule},
          .undo = {program + " -t raw -I " + name + " " + std::to_string(before + 1) + rule}};
}

/// Why a rule that is there gives no packet the helper.
struct Hidden {
  std::uint32_t line = 0;
  Bytes note{};  ///< empty: it does
};

/// `some`: it is for some interfaces of several.
void add(const Words& words, const std::string& place, std::uint32_t line, const Hidden& hidden, LinuxBox& box,
         Edit edit = {}, bool some = false) {
  const bool acts = hidden.note.empty();
  const std::string ports = ports_of(words);
  const std::string protocol(either(words, "-p", "--protocol"));
  Feature feature{.name = "CT --helper sip",
                  .scope = place + (protocol.empty() ? "" : " " + protocol) + (ports.empty() ? "" : " " + ports),
                  .state = acts ? State::on : State::off,
                  .origin = {.line = hidden.line == 0 ? line : hidden.line},
                  .note = std::string(hidden.note)};
  if (acts) {
    feature.edit = std::move(edit);
    box.assigned |= !feature.edit.fix.empty();
    box.remember(protocol, ports);
  }
  box.device.features.push_back(std::move(feature));
  const bool narrow =
      !either(words, "-s", "--source").empty() || !either(words, "-d", "--destination").empty() || box.ipv6 || some;
  if (acts)
    box.set(ports, narrow);
  else if (hidden.line != 0 && holds_5060(ports))
    box.excepted = true;
}

/// Chains of a table that packets see.
[[nodiscard]] std::set<Bytes> reached(Node table) {
  std::set<Bytes> seen;
  std::vector<Bytes> open{"PREROUTING", "OUTPUT"};
  while (!open.empty()) {
    const Bytes chain = open.back();
    open.pop_back();
    if (!seen.insert(chain).second) continue;
    for (const Node rule : table[chain].children()) {
      const Words words = words_of(rule);
      if (rule.word() == "delete") continue;
      open.push_back(target(words));
      open.push_back(either(words, "-g", "--goto"));
    }
  }
  return seen;
}

/// Lines that delete rules of one chain again.
class Deletions {
 public:
  Deletions() = default;
  explicit Deletions(Node chain) {
    for (const Node rule : chain.children())
      if (rule.word() == "delete") last_[words_of(rule)] = rule.line();
  }
  /// Whether a later line deletes the rule.
  [[nodiscard]] bool deleted(Node rule, const Words& words) const {
    const auto last = last_.find(words);
    return last != last_.end() && last->second > rule.line();
  }

 private:
  std::map<Words, std::uint32_t> last_;
};

/// Whether a rule of table raw is met before another of its chain; what is inserted comes first, the last of them
/// foremost.
[[nodiscard]] bool before(Node rule, Node other) {
  const bool first = rule.word() == "insert";
  const bool second = other.word() == "insert";
  if (first != second) return first;
  return first ? rule.line() > other.line() : rule.line() < other.line();
}

/// Which rules of table raw end what others would see.
class Raw {
 public:
  explicit Raw(Node table) : table_(table), seen_(reached(table)) {
    for (const Node chain : table.children()) read(chain);
  }
  [[nodiscard]] bool deleted(Node chain, Node rule, const Words& words) const {
    return chains_.at(chain.word()).deletions.deleted(rule, words);
  }

  [[nodiscard]] Hidden hidden(Node chain, Node rule, const Words& words) const {
    if (!seen_.contains(chain.word())) return {.line = 0, .note = "no rule jumps to this chain"};
    const PacketMatch match = match_of_iptables(words);
    if (const std::uint32_t line = ended(chain.word(), rule, match); line != 0) return {.line = line, .note = kEnded};
    if (chain.word() == "PREROUTING" || chain.word() == "OUTPUT") return {};
    // Of those that jump here: one that packets come to is enough.
    std::uint32_t line = 0;
    const auto callers = callers_.find(chain.word());
    if (callers == callers_.end() || callers->second.size() > PacketMatch::kMostCallers) return {};
    for (const auto& [caller, jump] : callers->second) {
      line = ended(caller, jump, match);
      if (line == 0 && seen_.contains(caller)) return {};
    }
    return line == 0 ? Hidden() : Hidden{.line = line, .note = kEnded};
  }

  /// The interfaces that its packets come from, its own or those of the rules that jump to its chain; empty: all.
  [[nodiscard]] std::string from(Node chain, const Words& words) const {
    const auto callers = from_.find(chain.word());
    return match_of_iptables(words).comes_from(callers == from_.end() ? std::set<std::string>{} : callers->second);
  }
  /// The first rule that keeps SIP of port 5060 from conntrack and that packets see; its line, 0 without one.
  [[nodiscard]] std::uint32_t untracks_sip() const {
    for (const Node chain : table_.children())
      for (const Node rule : chain.children()) {
        const Words words = words_of(rule);
        const bool notrack = target(words) == "NOTRACK" ||
                             (target(words) == "CT" && std::ranges::find(words, Bytes("--notrack")) != words.end());
        if (notrack && rule.word() != "delete" && match_of_iptables(words).ports.names(5060) &&
            hidden(chain, rule, words).note.empty() && !deleted(chain, rule, words))
          return rule.line();
      }
    return 0;
  }

 private:
  static constexpr Bytes kEnded = "never reached: the rule that is named here takes these packets first";
  struct End {
    Node rule;
    PacketMatch match;
  };

  /// The first CT target that a packet meets decides, whatever it says; so does what leaves the chain.
  [[nodiscard]] static bool ends_rule(const Words& words) {
    static constexpr std::array<Bytes, 5> kEnds{"ACCEPT", "DROP", "RETURN", "CT", "NOTRACK"};
    return std::ranges::find(kEnds, target(words)) != kEnds.end() && !sets_helper(words);
  }
  [[nodiscard]] std::uint32_t ended(Bytes chain, Node rule, const PacketMatch& match) const {
    for (const End& end : chains_.at(chain).ends)
      if (before(end.rule, rule) && end.match.takes_all_of(match)) return end.rule.line();
    return 0;
  }

  struct Chain {
    Deletions deletions;
    std::vector<End> ends;
  };
  void read(Node chain) {
    Chain& read = chains_[chain.word()];
    read.deletions = Deletions(chain);
    for (const Node rule : chain.children()) {
      if (rule.word() == "delete") continue;
      const Words words = words_of(rule);
      PacketMatch match = match_of_iptables(words);
      const auto in = match.is.find("iif");
      for (const Bytes called : {target(words), either(words, "-g", "--goto")}) {
        // Of several jumps the one that packets meet first decides: what comes before it comes before the others, too.
        const auto [first, fresh] = callers_[called].try_emplace(chain.word(), rule);
        if (!fresh && before(rule, first->second)) first->second = rule;
        if (!called.empty()) from_[called].insert(in == match.is.end() ? std::string() : in->second);
      }
      if (read.ends.size() < Ending::kMost && ends_rule(words) && !read.deletions.deleted(rule, words))
        read.ends.push_back({.rule = rule, .match = std::move(match)});
    }
  }

  Node table_;
  std::set<Bytes> seen_;
  std::map<Bytes, std::set<std::string>> from_;  ///< by chain: interfaces of the rules that jump to it; empty: of all
  std::map<Bytes, Chain> chains_;
  std::map<Bytes, std::map<Bytes, Node>> callers_;  ///< by chain: the first jump to it of each that jumps there
};

/// Whether no rule of table raw can be missing: iptables-save prints all of it, with the policies of chains, or nothing
/// where there is none; a script that calls iptables adds to what is there.
[[nodiscard]] bool shows_raw(Node root, Bytes title) {
  if (title.find("-t ") != Bytes::npos && title.find("-t raw") == Bytes::npos) return false;
  // A listing is of one table.
  if (title.find("tables ") != Bytes::npos) return bool(root["raw"]);
  return title.find("tables-") != Bytes::npos || std::ranges::any_of(root.children(), [](Node table) {
           return std::ranges::any_of(table.children(), [](Node chain) { return bool(chain["policy"]); });
         });
}

/// What is read is of these; a text that does not say so is of IPv4.
struct Families {
  bool ipv4 = false;
  bool ipv6 = false;
};
/// By the command or the file that a text comes from: `ip6tables-save`, /etc/iptables/rules.v6; neither: it does not
/// tell, or it is of both.
[[nodiscard]] Families families_of(Bytes title) {
  const bool ipv6 = title.find("ip6tables") != Bytes::npos || title.ends_with(".v6");
  const bool ipv4 = title.find("iptables-") != Bytes::npos || title.find("iptables ") != Bytes::npos ||
                    title.ends_with("/iptables") || title.ends_with(".v4");
  return {.ipv4 = ipv4 && !ipv6, .ipv6 = ipv6 && !ipv4};
}

/// Of each line, whether it speaks of IPv6: what `ip6tables-save` printed, and calls of `ip6tables`.
[[nodiscard]] std::vector<bool> ipv6_lines(const LinuxBox& box) {
  std::vector<bool> lines(box.text.last() + 1U);
  const Families titled = families_of(box.title());
  bool dump = titled.ipv6;
  for (const std::uint32_t number : box.text.numbers()) {
    const Bytes line = box.text.line(number);
    if (!titled.ipv4 && !titled.ipv6 && line.starts_with("# Generated by "))
      dump = line.starts_with("# Generated by ip6tables");
    lines[number] = dump || (!line.starts_with('#') && line.find("ip6tables") != Bytes::npos);
  }
  return lines;
}

/// Whether there is more than an empty table raw, which is there without a firewall of iptables, too.
[[nodiscard]] bool makes_firewall(Node root) {
  return std::ranges::any_of(root.children(), [](Node table) {
    return table.word() != "raw" ||
           std::ranges::any_of(table.children(), [](Node chain) { return chain["rule"] || chain["insert"]; });
  });
}

/// Of which a text is that shows no rule that sets the helper.
[[nodiscard]] Families families_of(const LinuxBox& box, const std::vector<bool>& ipv6) {
  Families families = families_of(box.title());
  if (families.ipv4 || families.ipv6) return families;
  for (const std::uint32_t number : box.text.numbers())
    if (box.text.line(number).starts_with('*')) (ipv6[number] ? families.ipv6 : families.ipv4) = true;
  families.ipv4 |= !families.ipv6;
  return families;
}

/// All of table raw stands there, or a rule of it that sets the helper.
void show_raw(Node root, const Families& families, LinuxBox& box) {
  // What nft lists as a rule with target CT is one here, too, or this is the other kind of iptables.
  const bool told = std::ranges::any_of(root["raw"].children(), [](Node chain) {
    return std::ranges::any_of(chain.children(), [](Node rule) { return target(words_of(rule)) == "CT"; });
  });
  for (LinuxBox::Raw* const raw : {families.ipv4 ? &box.raw4 : nullptr, families.ipv6 ? &box.raw6 : nullptr}) {
    if (raw == nullptr) continue;
    raw->shown = true;
    raw->told |= told;
  }
}

/// Where packets come from, where they leave, and from where they get the helper.
[[nodiscard]] Sides sides_of(Node root, const Raw& raw) {
  Sides sides;
  for (const Node chain : root["filter"].children())
    for (const Node rule : chain.children()) {
      const Words words = words_of(rule);
      const Bytes verdict = target(words);
      const PacketMatch match = match_of_iptables(words);
      const auto in = match.is.find("iif");
      const bool forwards = chain.word() != "INPUT" && chain.word() != "OUTPUT" && verdict != "DROP" &&
                            verdict != "REJECT" && verdict != "LOG";
      if (in != match.is.end() && forwards) sides.comes_from(in->second);
    }
  for (const Node chain : root["nat"].children())
    for (const Node rule : chain.children()) {
      const Words words = words_of(rule);
      const PacketMatch match = match_of_iptables(words);
      const auto out = match.is.find("oif");
      if (out != match.is.end() && (target(words) == "MASQUERADE" || target(words) == "SNAT"))
        sides.leaves_by(out->second);
    }
  for (const Node chain : root["raw"].children())
    for (const Node rule : chain.children()) {
      const Words words = words_of(rule);
      const PortSet ports = match_of_iptables(words).ports;
      if (rule.word() != "delete" && sets_helper(words) && ports.holds_all_of(PortSet("5060")) &&
          raw.hidden(chain, rule, words).note.empty())
        sides.helped(raw.from(chain, words));
    }
  return sides;
}

}  // namespace

void read_iptables(Node root, LinuxBox& box) {
  Families said;
  const Raw raw(root["raw"]);
  const std::vector<bool> ipv6 = ipv6_lines(box);
  const bool some = sides_of(root, raw).leave_some();
  box.excepted |= raw.untracks_sip() != 0;
  box.tables_shown |= makes_firewall(root);
  for (const Node chain : root["raw"].children()) {
    std::size_t before = 0;
    for (const Node rule : chain.children()) {
      if (rule.word() != "rule" && rule.word() != "insert") continue;
      const Words words = words_of(rule);
      if (target(words) == "CT" && !option(words, "--timeout").empty())
        box.timed[std::string(option(words, "--timeout"))] =
            std::string(either(words, "-p", "--protocol")) + " " + ports_of(words);
      if (!sets_helper(words) || raw.deleted(chain, rule, words)) {
        ++before;
        continue;
      }
      box.ipv6 = ipv6[rule.line()];
      (box.ipv6 ? said.ipv6 : said.ipv4) = true;
      Edit edit = edit_of(words, chain.word(), before, box);
      if (edit.fix.empty()) ++before;
      add(words, "raw " + std::string(chain.word()), rule.line(), raw.hidden(chain, rule, words), box, std::move(edit),
          some);
    }
  }
  box.ipv6 = false;
  show_raw(root, said, box);
  box.rules_shown |= said.ipv4;
  if (said.ipv4 || said.ipv6) return;
  if (!shows_raw(root, box.title())) {
    box.raw_open = true;
    return;
  }
  show_raw(root, families_of(box, ipv6), box);
  box.device.features.push_back({.name = "CT --helper sip",
                                 .scope = families_of(box.title()).ipv6 ? "IPv6" : "global",
                                 .state = State::off,
                                 .origin = {.standard = std::string(kNothingSet)}});
}

void say_of_raw(LinuxBox& box) {
  // An empty table raw alone says nothing of a firewall that is made without iptables.
  box.rules_shown |= box.raw4.shown && box.tables_shown;
  for (const LinuxBox::Raw& raw : {box.raw4, box.raw6}) {
    if (raw.untold == 0 || raw.told) continue;
    box.undecided = true;
    box.device.features.push_back({.name = "CT --helper sip",
                                   .state = State::unknown,
                                   .origin = {.line = raw.untold},
                                   .note = "a rule of iptables, of which nft does not tell what it sets"});
  }
  if (!box.raw_open || box.raw4.shown) return;
  box.undecided = true;
  box.device.features.push_back(
      {.name = "CT --helper sip", .state = State::unknown, .origin = {.standard = std::string(kPartOnly)}});
}

namespace {

[[nodiscard]] Words split(Bytes text) {
  Words words;
  while (!text.empty()) {
    const std::size_t end = std::min(text.find_first_of(" \t\n"), text.size());
    if (end > 0) words.push_back(text.substr(0, end));
    text.remove_prefix(std::min(end + 1, text.size()));
  }
  return words;
}

/// Passthroughs are taken away by the words that made them, rules by their place, too.
[[nodiscard]] Edit direct_edit(Node rule, bool passthrough, const Words& words) {
  const Bytes kind = passthrough ? "passthrough" : "rule";
  std::string said = " " + word_of(rule["@ipv"].value(), '\'');
  if (!passthrough)
    for (const Bytes attribute : std::array<Bytes, 3>{"@table", "@chain", "@priority"})
      said += " " + word_of(rule[attribute].value(), '\'');
  for (const Bytes word : words) said += " " + word_of(word, '\'');
  const std::string command = "firewall-cmd --permanent --direct --";
  return {.fix = {command + "remove-" + std::string(kind) + said, "firewall-cmd --reload"},
          .undo = {command + "add-" + std::string(kind) + said, "firewall-cmd --reload"},
          .verified = false};
}

void read_direct(Node direct, LinuxBox& box) {
  bool said = false;
  for (const Node rule : direct.children()) {
    Words words;
    for (const Node part : rule.children())
      if (!part.word().starts_with('@')) words = split(part.word());
    if (!sets_helper(words)) continue;
    said = true;
    const bool passthrough = rule.word() == "passthrough";
    const Bytes table = passthrough ? either(words, "-t", "--table") : rule["@table"].value();
    const Bytes chain = passthrough ? either(words, "-A", "-I") : rule["@chain"].value();
    add(words, "direct " + std::string(table) + " " + std::string(chain), rule.line(), {}, box,
        direct_edit(rule, passthrough, words));
  }
  if (!said)
    box.device.features.push_back({.name = "CT --helper sip",
                                   .scope = "direct",
                                   .state = State::off,
                                   .origin = {.standard = std::string(kNothingSet)}});
}

void read_zone(Node zone, LinuxBox& box) {
  Feature feature{.name = "service sip", .scope = "zone " + std::string(zone["short"].value()), .state = State::off};
  feature.origin.standard = "service sip is not in the zone; sips and plain ports carry no helper";
  for (const Node entry : zone.children()) {
    const Node service = entry.word() == "rule" ? entry["service"] : entry;
    const bool refused = entry.word() == "rule" && !entry["accept"];
    if (service.word() != "service" || service["@name"].value() != "sip" || refused) continue;
    feature.state = State::on;
    feature.origin = {.line = service.line()};
    // The name of a zone is that of its file.
    feature.edit = {.fix = {"firewall-cmd --permanent --zone=<ZONE> --remove-service=sip", "firewall-cmd --reload"},
                    .undo = {"firewall-cmd --permanent --zone=<ZONE> --add-service=sip", "firewall-cmd --reload"}};
    box.set("5060", entry.word() == "rule" && entry["source"]);
  }
  box.device.features.push_back(std::move(feature));
}

}  // namespace

void read_firewalld(Node root, LinuxBox& box) {
  for (const Node direct : root.children()) {
    if (direct.word() == "direct") read_direct(direct, box);
    if (direct.word() == "zone") read_zone(direct, box);
    if (direct.word() != "service" && direct.word() != "helper") continue;
    const Node helper = direct["helper"]["@name"].first();
    const bool sip = helper.word() == "sip" || direct["@module"].value() == "nf_conntrack_sip";
    box.undecided |= sip;
    box.device.features.push_back(
        {.name = std::string(direct.word()) + " sip",
         .state = sip ? State::unknown : State::off,
         .origin = {.line = direct.word() == "helper" ? direct["@module"].line() : helper.line(),
                    .standard = sip ? "" : "the definition names no SIP helper"},
         .note = sip ? "acts in zones that have this service" : ""});
  }
}

}  // namespace viaduct::audit::products
