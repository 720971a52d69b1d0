// SPDX-License-Identifier: GPL-2.0-or-later
#include "audit/products/linux.hpp"
#include "base/text.hpp"

#include <algorithm>
#include <map>
#include <set>
#include <vector>

namespace viaduct::audit::products {
namespace {

constexpr Bytes kNothingSet =
    "no ct helper of type sip is set anywhere in the ruleset; kernels since 4.7 assign none by themselves";
/// Where connection tracking looks a flow up. A helper can be set behind that only.
constexpr std::int64_t kConntrackPriority = -200;

/// Of a table or of what stands in it: "inet filter", "inet filter prerouting".
using Name = std::string;

struct Helper {
  Bytes type;
  Bytes protocol;
  std::uint32_t line = 0;
};

struct Chain {
  bool hooked = false;
  std::int64_t priority = 0;
  std::uint32_t line = 0;   ///< that hooks it
  std::vector<Name> jumps;  ///< chains that it goes on to
};

/// A rule that sets a helper.
struct Use {
  Name table;
  Bytes chain;
  Bytes helper{};
  Bytes protocol{};  ///< empty: the helper's
  std::string ports{};
  bool narrow = false;  ///< to some addresses
  bool mapped = false;  ///< one of several helpers that a rule sets by port
  bool plain = false;   ///< protocol, ports and helper are all that the rule says
  std::uint32_t line = 0;
};

struct Timeout {
  Name table;
  Bytes name;
  Bytes policy;  ///< unreplied, replied
  Node value;
};

struct Ruleset {
  std::map<Name, Helper> helpers;
  std::map<Name, Chain> chains;
  std::vector<Use> uses;
  std::vector<Timeout> timeouts;
  std::map<Name, std::string> timed;  ///< name of a timeout: "udp 5060, 10000-20000"
};

[[nodiscard]] Name joined(const Name& a, Bytes b) {
  return a + " " + std::string(b);
}

/// "filter", "dstnat + 10", "-150"
[[nodiscard]] std::int64_t priority_of(Node node) {
  static const std::map<Bytes, std::int64_t> kNames{{"raw", -300}, {"mangle", -150}, {"dstnat", -100},
                                                    {"filter", 0}, {"security", 50}, {"srcnat", 100}};
  std::int64_t priority = 0;
  std::int64_t sign = 1;
  for (Node word = node.first(); word; word = word.first()) {
    Bytes said = word.word();
    if (const auto named = kNames.find(said); named != kNames.end()) {
      priority = named->second;
    } else if (said == "-" || said == "+") {
      sign = said == "-" ? -1 : 1;
    } else {
      if (said.starts_with('-')) {
        sign = -1;
        said.remove_prefix(1);
      }
      priority += sign * std::int64_t{base::parse_decimal(said).value_or(0)};
    }
  }
  return priority;
}

/// Walks the tree of nft's own language.
class Reading {
 public:
  explicit Reading(Node root) {
    for (const Node family : root["table"].children())
      for (const Node table : family.children())
        read(table, std::string(family.word()) + " " + std::string(table.word()));
  }
  Ruleset rules;

 private:
  void read(Node table, const Name& name) {
    const bool dormant = bool(table.at({"flags", "dormant"}));
    for (const Node helper : table.at({"ct", "helper"}).children())
      rules.helpers[joined(name, helper.word())] = {.type = helper["type"].value(),
                                                    .protocol = helper["type"].first()["protocol"].value(),
                                                    .line = helper["type"].line()};
    for (const Node timeout : table.at({"ct", "timeout"}).children()) read_timeout(timeout, name);
    for (const Node chain : table["chain"].children()) {
      Chain& read = rules.chains[joined(name, chain.word())];
      const Node type = chain["type"];
      const Node priority = type.first()["hook"].first()["priority"];
      read.hooked = priority && !dormant;
      read.priority = priority_of(priority);
      read.line = type.line();
      for (const Node rule : chain.children())
        if (rule.word() == "rule") read_rule(rule, name, chain.word(), read);
    }
  }
  void read_timeout(Node timeout, const Name& table) {
    for (const Node part : timeout.at({"policy", "="}).children())
      for (const Node policy : part.children())
        if (part.word() == "{}")
          rules.timeouts.push_back(
              {.table = table, .name = timeout.word(), .policy = policy.word(), .value = policy.first()});
  }

  void read_rule(Node rule, const Name& table, Bytes chain, Chain& into) {
    std::vector<Node> words;
    for (const Node word : rule.children()) words.push_back(word);
    Use use{.table = table, .chain = chain, .line = rule.line()};
    for (std::size_t i = 0; i + 1 < words.size(); ++i) {
      const Bytes word = words[i].word();
      if (word == "jump" || word == "goto") into.jumps.push_back(joined(table, words[i + 1].word()));
      if (word == "saddr" || word == "daddr") use.narrow = true;
      if (word == "dport" && i > 0) read_ports(words, i, use);
      if (word != "set" || i < 2 || words[i - 2].word() != "ct") continue;
      if (words[i - 1].word() == "helper")
        read_set(words, i + 1, use);
      else if (words[i - 1].word() == "timeout")
        rules.timed[joined(table, words[i + 1].word())] = std::string(use.protocol) + " " + use.ports;
    }
    for (const Node word : words) read_jumps(word, table, into);
  }
  /// `tcp dport vmap { 22 : jump ssh }`
  static void read_jumps(Node elements, const Name& table, Chain& into) {
    for (const Node element : elements.children()) {
      bool jump = false;
      for (const Node verdict : element.children()) {
        if (jump) into.jumps.push_back(joined(table, verdict.word()));
        jump = verdict.word() == "jump" || verdict.word() == "goto";
      }
    }
  }
  static void read_ports(const std::vector<Node>& words, std::size_t at, Use& use) {
    if (const Bytes protocol = words[at - 1].word(); protocol == "udp" || protocol == "tcp") use.protocol = protocol;
    const Node next = words[at + 1];
    if (next.word() == "map" || next.word() == "vmap" || next.word() == "!=") return;
    if (next.word() != "{}") {
      use.ports = next.word() == "sip" ? "5060" : std::string(next.word());
      return;
    }
    for (const Node port : next.children()) use.ports += (use.ports.empty() ? "" : ", ") + std::string(port.word());
  }
  /// `ct helper set "sip"`, or `ct helper set udp dport map { 5060 : "sip" }`, which is a use for each element.
  void read_set(const std::vector<Node>& words, std::size_t at, Use use) {
    if (at + 3 >= words.size() || words[at + 1].word() != "dport") {
      use.helper = words[at].word();
      use.plain = words.size() == (use.ports.empty() ? 4 : 7);
      rules.uses.push_back(std::move(use));
      return;
    }
    use.mapped = true;
    use.protocol = words[at].word();
    for (const Node element : words[at + 3].children()) {
      use.ports = std::string(element.word());
      use.helper = element.value();
      rules.uses.push_back(use);
    }
  }
};

/// The same of `nft -j list ruleset`.
class JsonReading {
 public:
  explicit JsonReading(Node root) {
    for (const Node object : root["nftables"].children()) {
      if (const Node helper = object["ct helper"]; helper)
        rules.helpers[name_of(helper, "name")] = {
            .type = helper["type"].value(), .protocol = helper["protocol"].value(), .line = helper.line()};
      if (const Node chain = object["chain"]; chain) {
        Chain& read = rules.chains[name_of(chain, "name")];
        read.hooked = bool(chain["hook"]);
        read.line = chain.line();
        Bytes priority = chain["prio"].value();
        const bool negative = priority.starts_with('-');
        if (negative) priority.remove_prefix(1);
        read.priority = std::int64_t{base::parse_decimal(priority).value_or(0)} * (negative ? -1 : 1);
      }
      if (const Node rule = object["rule"]; rule) read_rule(rule);
    }
  }
  Ruleset rules;

 private:
  [[nodiscard]] static Name table_of(Node object) {
    return std::string(object["family"].value()) + " " + std::string(object["table"].value());
  }
  [[nodiscard]] static Name name_of(Node object, Bytes key) { return joined(table_of(object), object[key].value()); }

  void read_rule(Node rule) {
    Use use{.table = table_of(rule), .chain = rule["chain"].value(), .line = rule.line()};
    for (const Node expression : rule["expr"].children()) {
      for (const Bytes verdict : {Bytes("jump"), Bytes("goto")})
        if (const Node target = expression[verdict]["target"]; target)
          rules.chains[name_of(rule, "chain")].jumps.push_back(joined(use.table, target.value()));
      const Node payload = expression.at({"match", "left", "payload"});
      const Bytes field = payload["field"].value();
      if (field == "saddr" || field == "daddr") use.narrow = true;
      if (field == "dport") {
        use.protocol = payload["protocol"].value();
        use.ports = ports_of(expression.at({"match", "right"}));
      }
      if (const Node helper = expression["ct helper"]; helper) read_set(rule, helper, use);
    }
  }
  [[nodiscard]] static std::string ports_of(Node right) {
    const Node set = right["set"] ? right["set"] : right;
    std::string ports;
    for (const Node port : set.children()) {
      const Node range = port.word() == "range" ? port : port["range"];
      std::string one(port.word());
      if (range) {
        one.clear();
        for (const Node end : range.children()) one += (one.empty() ? "" : "-") + std::string(end.word());
      }
      ports += (ports.empty() ? "" : ", ") + one;
    }
    return ports;
  }
  void read_set(Node rule, Node helper, Use use) {
    const Node map = helper["map"];
    if (!map) {
      use.helper = helper.value();
      use.plain = ++(++rule["expr"].children().begin()) == Node::Children::end() && !use.ports.empty();
      rules.uses.push_back(std::move(use));
      return;
    }
    use.mapped = true;
    use.protocol = map.at({"key", "payload", "protocol"}).value();
    for (const Node pair : map.at({"data", "set"}).children()) {
      std::vector<Node> ends;
      for (const Node end : pair.children()) ends.push_back(end);
      if (ends.size() != 2) continue;
      use.ports = std::string(ends[0].word());
      use.helper = ends[1].word();
      rules.uses.push_back(use);
    }
  }
};

/// Chains that packets see behind the look-up of conntrack: hooked there, or reached from one that is.
[[nodiscard]] std::set<Name> acting(const Ruleset& rules) {
  std::set<Name> seen;
  std::vector<Name> open;
  for (const auto& [name, chain] : rules.chains)
    if (chain.hooked && chain.priority > kConntrackPriority) open.push_back(name);
  while (!open.empty()) {
    const Name name = std::move(open.back());
    open.pop_back();
    if (!seen.insert(name).second) continue;
    if (const auto chain = rules.chains.find(name); chain != rules.chains.end())
      open.insert(open.end(), chain->second.jumps.begin(), chain->second.jumps.end());
  }
  return seen;
}

/// The rule as `nft list ruleset` prints it, a line of its own; empty for one that stands otherwise.
[[nodiscard]] std::string written(Bytes line) {
  const std::size_t begin = line.find_first_not_of(" \t");
  if (begin == Bytes::npos) return {};
  line = line.substr(begin, line.find(" # handle ") - begin);
  const bool whole = line.find("ct helper set \"") != Bytes::npos && line.find_first_of("';#\\") == Bytes::npos && !line.starts_with("add ") &&
                     !line.starts_with("insert ") && !line.starts_with('{') && !line.starts_with("nft ");
  return whole ? std::string(line) : std::string();
}

/// A rule has a number that changes with each loading of the ruleset: it is asked for when the rule is deleted. A map sets other helpers, too.
[[nodiscard]] Edit use_edit(const Use& use, Bytes line) {
  const std::string place = use.table + " " + std::string(use.chain);
  const auto plain = [](char c) { return base::kAlphanum.contains(c) || c == '-' || c == '_' || c == ' '; };
  if (use.mapped || !std::ranges::all_of(place + std::string(use.helper), plain)) return {};
  const std::string set = "ct helper set \"" + std::string(use.helper) + "\"";
  std::string rule = use.ports.empty() ? "" : std::string(use.protocol) + " dport { " + use.ports + " } ";
  if (!use.plain) rule = "<REST_OF_THE_RULE_IN_THE_BACKUP> ";
  rule += set;
  if (std::string said = written(line); !said.empty()) rule = std::move(said);
  return {.fix = {"nft -a list chain " + place + " | sed -n 's/.*" + set + ".* # handle \\([0-9]*\\)$/delete rule " + place +
                  " handle \\1/p' | nft -f -"},
          .undo = {"nft 'add rule " + place + " " + rule + "'"}};
}

void judge_uses(const Ruleset& rules, LinuxBox& box, std::set<Name>& used) {
  const std::set<Name> acts = acting(rules);
  for (const Use& use : rules.uses) {
    const Name key = joined(use.table, use.helper);
    const auto helper = rules.helpers.find(key);
    if (helper == rules.helpers.end() || helper->second.type != "sip") continue;
    used.insert(key);
    const Name chain = joined(use.table, use.chain);
    const bool on = acts.contains(chain);
    const Bytes protocol = use.protocol.empty() ? helper->second.protocol : use.protocol;
    std::string scope = "table " + use.table + " chain " + std::string(use.chain) + " " + std::string(protocol);
    if (!use.ports.empty()) scope += " " + use.ports;
    Feature feature{.name = "ct helper sip",
                    .scope = std::move(scope),
                    .state = on ? State::on : State::off,
                    .origin = {.line = use.line},
                    .edit = use_edit(use, box.text.line(use.line))};
    const auto place = rules.chains.find(chain);  // JSON may have rules of chains that it does not declare
    if (!on && place != rules.chains.end() && place->second.hooked) {
      feature.origin.line = place->second.line;  // the priority decides
      feature.note = "a helper cannot be set at a priority before conntrack's (-200)";
    } else if (!on) {
      feature.note = "no chain that packets see jumps to this one";
    }
    box.device.features.push_back(std::move(feature));
    if (on) box.set(use.ports, use.narrow);
  }
}

void judge(const Ruleset& rules, LinuxBox& box) {
  std::set<Name> used;
  judge_uses(rules, box, used);
  bool said = !used.empty();
  for (const auto& [name, helper] : rules.helpers) {
    if (helper.type != "sip" || used.contains(name)) continue;
    said = true;
    box.device.features.push_back({.name = "ct helper sip",
                                   .scope = "table " + name.substr(0, name.rfind(' ')),
                                   .state = State::off,
                                   .origin = {.line = helper.line},
                                   .note = "declared, and set by no rule"});
  }
  if (!said)
    box.device.features.push_back(
        {.name = "ct helper sip", .state = State::off, .origin = {.standard = std::string(kNothingSet)}});
  for (const Timeout& timeout : rules.timeouts) {
    const auto timed = rules.timed.find(joined(timeout.table, timeout.name));
    if (timed == rules.timed.end()) continue;
    const auto seconds = base::parse_decimal(timeout.value.word());
    box.device.timers.push_back(
        {.name = "ct timeout " + std::string(timeout.name) + " " + std::string(timeout.policy),
         .scope = timed->second,
         .applies = timeout.policy == "unreplied" ? Timer::Applies::udp_unreplied : Timer::Applies::udp_stream,
         .seconds = seconds ? std::int64_t{*seconds} : Timer::kUnknown,
         .origin = {.line = timeout.value.line()}});
  }
}

}  // namespace

void read_nft(Node root, LinuxBox& box) {
  judge(Reading(root).rules, box);
}

void read_nft_json(Node root, LinuxBox& box) {
  judge(JsonReading(root).rules, box);
}

}  // namespace viaduct::audit::products
