// SPDX-License-Identifier: GPL-2.0-or-later
#include "audit/products/linux.hpp"
#include "audit/products/linux_edit.hpp"
#include "audit/products/linux_nft_edit.hpp"
#include "audit/products/linux_ruleset.hpp"
#include "base/text.hpp"

#include <algorithm>
#include <array>
#include <map>
#include <memory>
#include <set>
#include <vector>

namespace viaduct::audit::products {
namespace {

constexpr Bytes kNothingSet =
    "no ct helper of type sip is set anywhere in the ruleset; kernels since 4.7 assign none by themselves";
constexpr Bytes kAdded =
    "none of these commands sets a ct helper of type sip, but they add to rules that this text does not show";
constexpr Bytes kPartOnly =
    "no ct helper of type sip is set in what is listed here, which is a part of the ruleset: nft list ruleset shows "
    "all";
constexpr Bytes kIncluded =
    "no ct helper of type sip is set here, but this file includes others that are not in this text";
/// Where connection tracking looks a flow up. A helper can be set behind that only.
constexpr std::int64_t kConntrackPriority = -200;

/// "filter", "dstnat + 10", "-150"
[[nodiscard]] std::int64_t priority_of(Node node) {
  static const std::map<Bytes, std::int64_t> places{{"raw", -300}, {"mangle", -150}, {"dstnat", -100},
                                                    {"filter", 0}, {"security", 50}, {"srcnat", 100}};
  std::int64_t priority = 0;
  std::int64_t sign = 1;
  for (Node word = node.first(); word; word = word.first()) {
    Bytes said = word.word();
    if (const auto named = places.find(said); named != places.end()) {
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

[[nodiscard]] bool ends(Bytes verdict) {
  return verdict == "accept" || verdict == "drop" || verdict == "return" || verdict == "reject" || verdict == "notrack";
}
/// `rule` takes its packets out of the chain, or out of conntrack.
void end(Bytes verdict, const Use& rule, Chain& chain) {
  std::vector<Ending>& endings = verdict == "notrack" ? chain.untracked : chain.endings;
  if (endings.size() < Ending::kMost) endings.push_back({.match = *rule.match, .line = rule.line});
}

/// What of a rule tells where packets come from and leave. `jumps`: how many chains it already went on to before.
void look_at_sides(const Use& rule, const Chain& chain, std::size_t jumps, Bytes verdict, Ruleset& rules) {
  const auto value = [&](const char* key) {
    const auto found = rule.match->is.find(key);
    return found == rule.match->is.end() ? Bytes() : Bytes(found->second);
  };
  if (verdict == "masquerade" || verdict == "snat") rules.sides.leaves_by(value("oif"));
  const bool lets = verdict != "drop" && verdict != "reject" && verdict != "notrack";
  if (lets && (chain.forwards || !value("oif").empty())) rules.sides.comes_from(value("iif"));
  for (std::size_t i = jumps; i < chain.jumps.size(); ++i) rules.from[chain.jumps[i]].emplace(value("iif"));
}

/// Walks the tree of nft's own language.
class Reading {
 public:
  Reading(Node root, const Text& text) : text_(text) {
    include(root);
    for (const Node family : root["table"].children())
      for (const Node table : family.children())
        read(table, std::string(family.word()) + " " + std::string(table.word()));
  }
  Ruleset rules;

 private:
  void include(Node block) {
    for (const Node file : block["include"].children()) rules.included.push_back(file);
  }
  void read(Node table, const Name& name) {
    include(table);
    const bool dormant = bool(table.at({"flags", "dormant"}));
    for (const Node helper : table.at({"ct", "helper"}).children())
      rules.helpers[joined(name, helper.word())] = {
          .type = helper["type"].value(),
          .protocol = helper["type"].first()["protocol"].value(),
          .l3 = helper["l3proto"].value(),
          .handle = std::string(NftListing::handle_on(text_.line(helper.line()))),
          .line = helper["type"].line()};
    for (const Node timeout : table.at({"ct", "timeout"}).children()) read_timeout(timeout, name);
    for (const Node map : table["map"].children())
      rules.maps[joined(name, map.word())].push_back(map.at({"elements", "="}));
    for (const Node map : table["element"].children()) rules.maps[joined(name, map.word())].push_back(map);
    for (const Node chain : table["chain"].children()) {
      Chain& read = rules.chains[joined(name, chain.word())];
      const Node type = chain["type"];
      const Node priority = type.first()["hook"].first()["priority"];
      read.hooked = priority && !dormant;
      read.forwards = type.first()["hook"].value() == "forward";
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
    if (words.size() == 2 && words[0].word() == "include") rules.included.push_back(words[1]);
    if (untold(table, words, text_.line(rule.line()))) rules.untold.try_emplace(table.starts_with("ip6"), rule.line());
    Use use{.table = table, .chain = chain, .line = rule.line()};
    use.handle = NftListing::handle_on(text_.line(rule.line()));
    use.before = into.last;
    use.position = into.rules++;
    use.match = std::make_shared<PacketMatch>(match_of_nft(words));
    const std::size_t uses = rules.uses.size();
    const std::size_t jumps = into.jumps.size();
    for (std::size_t i = 0; i + 1 < words.size(); ++i) {
      const Bytes word = words[i].word();
      if (word == "jump" || word == "goto") into.jumps.push_back(joined(table, words[i + 1].word()));
      if (word == "saddr" || word == "daddr") use.narrow = true;
      if (word == "nfproto" && words[i + 1].word() == "ipv6") use.narrow = true;
      if (word == "dport" && i > 0) read_ports(words, i, use);
      if (word != "set" || i < 2 || words[i - 2].word() != "ct") continue;
      if (words[i - 1].word() == "helper")
        read_set(words, i + 1, use);
      else if (words[i - 1].word() == "timeout")
        rules.timed[joined(table, words[i + 1].word())] = std::string(use.protocol) + " " + use.ports;
    }
    for (std::size_t i = 0; i < words.size(); ++i) {
      read_jumps(words[i], table, into);
      if (words[i].word() != "vmap" || i + 1 == words.size() || !words[i + 1].word().starts_with('@')) continue;
      for (const Node elements : rules.map(table, words[i + 1].word()))
        for (const Node set : elements.children()) read_jumps(set, table, into);
    }
    std::vector<Bytes> said(words.size());
    std::ranges::transform(words, said.begin(), [](Node word) { return word.word(); });
    rules.finish_rule(uses, use.handle, only_helps_of_nft(said), into);
    const auto verdict = std::ranges::find_if(words, [](Node word) { return ends(word.word()); });
    if (verdict != words.end()) end(verdict->word(), use, into);
    const auto acts = std::ranges::find_if(
        words, [](Node word) { return ends(word.word()) || word.word() == "masquerade" || word.word() == "snat"; });
    look_at_sides(use, into, jumps, acts == words.end() ? Bytes() : acts->word(), rules);
  }
  /// A rule of iptables whose target CT may set a helper: nft lists it as `xt target "CT"`, older ones as a comment.
  /// CT is for tables of this name alone.
  [[nodiscard]] static bool untold(const Name& table, const std::vector<Node>& words, Bytes line) {
    if (!table.ends_with(" raw")) return false;
    if (words.size() > 2 && words[words.size() - 3].word() == "xt" && words.back().word() == "CT") return true;
    const std::size_t sign = line.find("# ");
    const Bytes comment = sign == Bytes::npos ? Bytes() : line.substr(sign + 2);
    return comment.starts_with("CT ") || comment.starts_with("xt_CT");
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
  /// `ct helper set "sip"`, or `ct helper set udp dport map { 5060 : "sip" }`, which is a use for each helper.
  void read_set(const std::vector<Node>& words, std::size_t at, const Use& use) {
    if (at + 3 >= words.size() || words[at + 1].word() != "dport") {
      rules.add(use, words[at].word());
      return;
    }
    PortsOf ports;
    const auto add = [&ports](Node set) {
      for (const Node element : set.children()) ports.add(element.value(), element.word());
    };
    if (words[at + 3].word() == "{}")
      add(words[at + 3]);
    else
      for (const Node elements : rules.map(use.table, words[at + 3].word()))
        for (const Node set : elements.children()) add(set);
    rules.add(use, words[at].word(), ports);
  }

  const Text& text_;
};

/// The same of `nft -j list ruleset`.
class JsonReading {
 public:
  explicit JsonReading(Node root) {
    for (const Node object : root["nftables"].children()) {
      if (const Node helper = object["ct helper"]; helper)
        rules.helpers[name_of(helper, "name")] = {.type = helper["type"].value(),
                                                  .protocol = helper["protocol"].value(),
                                                  .l3 = helper["l3proto"].value(),
                                                  .handle = std::string(helper["handle"].value()),
                                                  .line = helper.line()};
      if (const Node map = object["map"]; map) rules.maps[name_of(map, "name")].push_back(map["elem"]);
      if (const Node table = object["table"]; table && flags_of(table, "dormant"))
        dormant_.insert(joined(std::string(table["family"].value()), table["name"].value()));
      if (const Node timeout = object["ct timeout"]; timeout)
        for (const Node policy : timeout["policy"].children())
          rules.timeouts.push_back({.table = table_of(timeout),
                                    .name = timeout["name"].value(),
                                    .policy = policy.word(),
                                    .value = policy.first()});
      if (const Node chain = object["chain"]; chain) {
        Chain& read = rules.chains[name_of(chain, "name")];
        read.forwards = chain["hook"].value() == "forward";
        read.hooked = chain["hook"] && !dormant_.contains(table_of(chain));
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
  [[nodiscard]] static bool flags_of(Node object, Bytes flag) {
    const Node flags = object["flags"];
    return flags.value() == flag || bool(flags[flag]);
  }

  void read_rule(Node rule) {
    Chain& into = rules.chains[name_of(rule, "chain")];
    Use use{.table = table_of(rule), .chain = rule["chain"].value(), .line = rule.line()};
    use.handle = rule["handle"].value();
    use.before = into.last;
    use.position = into.rules++;
    use.match = std::make_shared<PacketMatch>(match_of_nft_json(rule["expr"]));
    const std::size_t uses = rules.uses.size();
    const std::size_t jumps = into.jumps.size();
    Bytes verdict;
    for (const Node expression : rule["expr"].children()) {
      if (untold(use.table, expression)) rules.untold.try_emplace(use.table.starts_with("ip6"), use.line);
      if (const Bytes said = expression.value(); ends(said) || said == "masquerade" || said == "snat") verdict = said;
      read_jumps(expression, use.table, into);
      for (const Node pair : expression.at({"vmap", "data", "set"}).children())
        for (const Node end : pair.children()) read_jumps(end, use.table, into);
      if (const Bytes named = expression.at({"vmap", "data"}).value(); named.starts_with('@'))
        for (const Node elements : rules.map(use.table, named))
          for (const Node pair : elements.children())
            for (const Node end : pair.children()) read_jumps(end, use.table, into);
      const Node payload = expression.at({"match", "left", "payload"});
      const Bytes field = payload["field"].value();
      const Node meta = expression.at({"match", "left", "meta", "key"});
      if (field == "saddr" || field == "daddr") use.narrow = true;
      if (meta.value() == "nfproto" && expression.at({"match", "right"}).value() == "ipv6") use.narrow = true;
      if (field == "dport") {
        use.protocol = payload["protocol"].value();
        use.ports = ports_of_json(expression.at({"match", "right"}));
      }
      if (const Node helper = expression["ct helper"]; helper) read_set(helper, use);
      if (const Node timeout = expression["ct timeout"]; timeout)
        rules.timed[joined(use.table, timeout.value())] = std::string(use.protocol) + " " + use.ports;
    }
    rules.finish_rule(uses, use.handle, only_helps_of_nft_json(rule["expr"]), into);
    for (const Node expression : rule["expr"].children())
      if (ends(expression.value())) end(expression.value(), use, into);
    look_at_sides(use, into, jumps, verdict, rules);
  }
  /// As in a listing; older ones tell not even which target it is.
  [[nodiscard]] static bool untold(const Name& table, Node expression) {
    const Node named = expression["xt"]["name"];
    return table.ends_with(" raw") && expression["xt"] && (!named || named.value() == "CT");
  }
  static void read_jumps(Node verdict, const Name& table, Chain& into) {
    for (const Bytes word : {Bytes("jump"), Bytes("goto")})
      if (const Node target = verdict[word]["target"]; target) into.jumps.push_back(joined(table, target.value()));
  }
  void read_set(Node helper, const Use& use) {
    const Node map = helper["map"];
    if (!map) {
      rules.add(use, helper.value());
      return;
    }
    PortsOf ports;
    const auto add = [&ports](Node pairs) {
      for (const Node pair : pairs.children()) {
        std::vector<Node> ends;
        for (const Node end : pair.children()) ends.push_back(end);
        if (ends.size() == 2) ports.add(ends[1].word(), ends[0].word());
      }
    };
    if (const Node set = map.at({"data", "set"}); set)
      add(set);
    else
      for (const Node elements : rules.map(use.table, map["data"].value())) add(elements);
    rules.add(use, map.at({"key", "payload", "protocol"}).value(), ports);
  }

  std::set<Name> dormant_;  ///< tables
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

class Judging {
 public:
  Judging(const Ruleset& rules, LinuxBox& box)
      : rules_(rules), box_(box), acts_(acting(rules)), edits_(rules, box.text) {
    for (const Use& use : rules.uses)
      if (edits_.is_sip(use)) last_[joined(use.table, use.helper)] = &use;
    for (const Use& use : rules.uses)
      if (!acts(use)) kept_.insert(joined(use.table, use.helper));
    for (const auto& [name, chain] : rules.chains)
      if (chain.hooked && chain.priority < kConntrackPriority)
        for (const Ending& ending : chain.untracked) {
          std::vector<Ending>& all = untracked_[name.substr(0, name.find(' '))];
          if (all.size() < Ending::kMost) all.push_back(ending);
        }
  }

  void uses() {
    Sides sides = rules_.sides;
    for (const Use& use : rules_.uses) {
      const bool usual = !use.narrow && (use.ports.empty() || holds_5060(use.ports));
      if (usual && edits_.is_sip(use) && acts(use) && use.hidden == 0) sides.helped(from(use));
    }
    some_ = sides.leave_some();
    for (const Use& use : rules_.uses)
      if (edits_.is_sip(use)) judge(use);
    box_.excepted |= untracks_sip();
  }
  /// Of objects that no rule sets; of nothing at all.
  void rest() {
    for (const auto& [name, helper] : rules_.helpers) {
      if (helper.type != "sip" || last_.contains(name)) continue;
      box_.device.features.push_back({.name = "ct helper sip",
                                      .scope = "table " + name.substr(0, name.rfind(' ')),
                                      .state = State::off,
                                      .origin = {.line = helper.line},
                                      .note = "declared, and set by no rule"});
    }
    const bool any = std::ranges::any_of(rules_.helpers, [](const auto& entry) { return entry.second.type == "sip"; });
    const Bytes why = !any && only_adds() ? kAdded : what_lacks();
    if (!any)
      box_.device.features.push_back({.name = "ct helper sip",
                                      .state = why.empty() ? State::off : State::unknown,
                                      .origin = {.standard = std::string(why.empty() ? kNothingSet : why)}});
    box_.undecided |= (rules_.open && any) || !why.empty();
    box_.rules_shown |= why.empty();
  }
  /// Rules that stand here without what they do.
  void untold() {
    for (const auto& [ipv6, line] : rules_.untold) (ipv6 ? box_.raw6 : box_.raw4).untold = line;
  }

 private:
  /// Commands that add rules to what is there, and do not flush it first.
  [[nodiscard]] bool only_adds() const {
    bool adds = false;
    for (const std::uint32_t number : box_.text.numbers()) {
      const Bytes line = box_.text.line(number);
      if (line.find("flush ruleset") != Bytes::npos) return false;
      adds |= line.starts_with("add rule ") || line.starts_with("nft add rule ");
    }
    return adds;
  }
  /// Why this may be less than the ruleset; empty: it is all of it.
  [[nodiscard]] Bytes what_lacks() const {
    const auto command = [](Bytes title) {
      return title.find("nft ") != Bytes::npos && title.find(" list ") != Bytes::npos;
    };
    if (std::ranges::any_of(box_.titles, lists_all)) return {};
    if (!box_.titles.empty() && std::ranges::all_of(box_.titles, command)) return kPartOnly;
    const bool here = std::ranges::all_of(rules_.included, [&](Node file) { return shown(file.word()); });
    return here ? Bytes() : kIncluded;
  }
  /// `nft -a list ruleset`, of all families, and as it was printed; redirections and remarks may follow.
  [[nodiscard]] static bool lists_all(Bytes title) {
    constexpr Bytes kList = "list ruleset";
    const std::size_t at = title.find(kList);
    if (at == Bytes::npos || title.find('|') != Bytes::npos) return false;
    const Bytes rest = base::trim(title.substr(at + kList.size()));
    return rest.empty() || Bytes("2>(").find(rest.front()) != Bytes::npos;
  }
  /// Whether a file that is included, or one of the folder that is, stands in this text with its name.
  [[nodiscard]] bool shown(Bytes file) const {
    const std::size_t star = file.find('*');
    const Bytes begin = file.substr(0, star);
    const Bytes end = star == Bytes::npos ? Bytes() : file.substr(file.rfind('*') + 1);
    return std::ranges::any_of(box_.titles, [&](Bytes title) {
      const std::size_t at = title.find(begin);
      return at != Bytes::npos && (star == Bytes::npos ? title.substr(at) == begin : title.ends_with(end));
    });
  }
  /// The interfaces that its packets come from; empty: all.
  [[nodiscard]] std::string from(const Use& use) const {
    const auto callers = rules_.from.find(joined(use.table, use.chain));
    return use.match->comes_from(callers == rules_.from.end() ? std::set<std::string>{} : callers->second);
  }
  /// Whether some SIP of port 5060 is kept from conntrack.
  [[nodiscard]] bool untracks_sip() const {
    return std::ranges::any_of(rules_.chains, [](const auto& entry) {
      const Chain& chain = entry.second;
      return chain.hooked && chain.priority < kConntrackPriority &&
             std::ranges::any_of(chain.untracked, [](const Ending& ending) { return ending.match.ports.names(5060); });
    });
  }
  [[nodiscard]] bool acts(const Use& use) const { return acts_.contains(joined(use.table, use.chain)); }

  /// The line that keeps conntrack from its packets; 0 without one. A table of one family speaks for its own packets.
  [[nodiscard]] std::uint32_t untracked(const Use& use) const {
    for (const std::string& family : {std::string("inet"), use.table.substr(0, use.table.find(' '))})
      if (const auto all = untracked_.find(family); all != untracked_.end())
        if (const std::uint32_t line = hidden_by(all->second, *use.match); line != 0) return line;
    return 0;
  }
  void judge(const Use& use) {
    const Name key = joined(use.table, use.helper);
    const Helper& helper = rules_.helpers.at(key);
    const Bytes protocol = use.protocol.empty() ? helper.protocol : use.protocol;
    std::string scope = "table " + use.table + " chain " + std::string(use.chain) + " " + std::string(protocol);
    if (!use.ports.empty()) scope += " " + use.ports;
    const std::uint32_t hidden = use.hidden == 0 ? untracked(use) : use.hidden;
    const bool on = acts(use) && hidden == 0;
    Feature feature{.name = "ct helper sip",
                    .scope = std::move(scope),
                    .state = on ? State::on : State::off,
                    .origin = {.line = edits_.line_of(use)}};
    if (acts(use) && hidden != 0) {
      feature.origin.line = hidden;
      feature.note = use.hidden != 0 ? "never reached: the rule that is named here takes these packets first"
                                     : "what is not tracked gets no helper";
      box_.excepted |= use.ports.empty() || holds_5060(use.ports);
    } else if (!on) {
      tell_why_not(use, feature);
    } else {
      feature.edit = edits_.edit(use, helper, last_.at(key) != &use || kept_.contains(key));
      box_.assigned |= !feature.edit.fix.empty();
      box_.set(use.ports, use.narrow || some_ || use.table.starts_with("ip6 ") || helper.l3 == "ip6");
      box_.remember(protocol, use.ports);
      keep_away(use.table);
    }
    box_.device.features.push_back(std::move(feature));
  }
  /// Tables that a firewall writes anew whenever it starts.
  void keep_away(const Name& table) {
    if (const std::string advice(maker_of(table));
        !advice.empty() && std::ranges::find(box_.kept, advice) == box_.kept.end())
      box_.kept.push_back(advice);
  }
  void tell_why_not(const Use& use, Feature& feature) const {
    const auto place =
        rules_.chains.find(joined(use.table, use.chain));  // JSON may have rules of chains that it does not declare
    if (place != rules_.chains.end() && place->second.hooked) {
      feature.origin.line = place->second.line;  // the priority decides
      feature.note = "a helper cannot be set at a priority before conntrack's (-200)";
    } else {
      feature.note = "no chain that packets see jumps to this one";
    }
  }

  const Ruleset& rules_;
  LinuxBox& box_;
  std::set<Name> acts_;
  bool some_ = false;  ///< of the interfaces that packets come from, not all are in rules that set the helper
  std::map<Name, const Use*> last_;                       ///< by object, the last rule that sets it
  std::set<Name> kept_;                                   ///< objects that a rule names which does not act, and stays
  std::map<std::string, std::vector<Ending>> untracked_;  ///< by family
  NftEdits edits_;
};

void judge(const Ruleset& rules, LinuxBox& box) {
  Judging judging(rules, box);
  judging.uses();
  judging.rest();
  judging.untold();
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

Ruleset ruleset_of_nft(Node root, const Text& text) {
  return std::move(Reading(root, text).rules);
}

void read_nft(Node root, LinuxBox& box) {
  judge(ruleset_of_nft(root, box.text), box);
}

void read_nft_json(Node root, LinuxBox& box) {
  judge(JsonReading(root).rules, box);
}

}  // namespace viaduct::audit::products
