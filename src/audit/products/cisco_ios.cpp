// SPDX-License-Identifier: GPL-2.0-or-later
#include "audit/products/products.hpp"
#include "audit/syntax/syntax.hpp"
#include "audit/tree.hpp"

#include <algorithm>
#include <array>
#include <map>
#include <set>
#include <string>
#include <utility>
#include <vector>

namespace viaduct::audit::products {
namespace {

constexpr Bytes kDefaultOn = "IOS and IOS XE: on for port 5060 and not printed";
constexpr Bytes kNoInterface = "on by default where an interface has ip nat, but no interface is in this text";
constexpr Bytes kNoNat = "on by default, but no interface has ip nat: nothing to act on";

class Reading {
 public:
  Reading(const Text& text, Node root, Device& device) : text_(text), root_(root), device_(device) {}

  void run() {
    device_.enter = {"configure terminal"};
    device_.leave = {"end", "write memory"};
    device_.version = root_["version"].value();
    device_.hostname = root_["hostname"].value();
    interfaces();
    nat_service("udp");
    nat_service("tcp");
    all_algs();
    cbac();
    zones();
    nat_timer();
    queues();
    device_.sip = together(device_.features);
  }

 private:
  void interfaces() {
    for (const Node interface : root_["interface"].children()) {
      nat_ |= interface.at({"ip", "nat", "inside"}) || interface.at({"ip", "nat", "outside"}) ||
              interface.at({"ip", "nat", "enable"});
      for (const Node rule : interface.at({"ip", "inspect"}).children())
        inspected_.emplace(rule.word(), interface.word());
      for (const Node policy : interface.at({"service-policy", "output"}).children()) output_.insert(policy.word());
    }
  }

  /// 5060 by default, and each port that a line names.
  void nat_service(Bytes transport) {
    const Node on = root_.at({"ip", "nat", "service", "sip", transport, "port"});
    const Node off = root_.at({"no", "ip", "nat", "service", "sip", transport, "port"});
    Feature feature = nat_feature(transport, "5060");
    const Node said_off = off["5060"];
    const Node said_on = on["5060"];
    if (!root_["interface"]) {
      feature.state = State::unknown;
      feature.origin.standard = kNoInterface;
    } else if (!nat_) {
      feature.state = State::off;
      feature.origin.standard = kNoNat;
    } else if (said_off && said_off.line() > said_on.line()) {
      feature.state = State::off;
      feature.origin.line = said_off.line();
    } else {
      feature.state = State::on;
      feature.origin.line = said_on.line();
      if (!said_on) feature.origin.standard = kDefaultOn;
    }
    device_.features.push_back(std::move(feature));
    for (const Node port : on.children()) {
      if (port.word() == "5060" || off[port.word()].line() > port.line()) continue;
      Feature other = nat_feature(transport, port.word());
      other.state = nat_ ? State::on : State::off;
      other.origin.line = port.line();
      device_.features.push_back(std::move(other));
    }
  }
  [[nodiscard]] static Feature nat_feature(Bytes transport, Bytes port) {
    const std::string line = "ip nat service sip " + std::string(transport) + " port " + std::string(port);
    return {.name = "ip nat service sip " + std::string(transport),
            .scope = "global port " + std::string(port),
            .mechanism = "ip nat service sip",
            .edit = {.fix = {"no " + line}, .undo = {line}}};
  }

  /// `no ip nat service all-algs` switches all of them off at once.
  void all_algs() {
    const Node off = root_.at({"no", "ip", "nat", "service", "all-algs"});
    if (!off || !nat_) return;
    std::erase_if(device_.features, [](const Feature& feature) { return feature.origin.line == 0; });
    device_.features.push_back(
        {.name = "ip nat service all-algs", .state = State::off, .origin = {.line = off.line()}});
  }

  /// Context-based access control: a rule with sip acts where an interface uses it.
  void cbac() {
    for (const Node rule : root_.at({"ip", "inspect", "name"}).children()) {
      const Node sip = rule["sip"];
      if (!sip) continue;
      const auto used = inspected_.find(rule.word());
      Feature feature{.name = "ip inspect sip",
                      .scope = "ip inspect name " + std::string(rule.word()),
                      .origin = {.line = sip.line()},
                      .edit = cbac_edit(rule, sip)};
      feature.state = used == inspected_.end() ? State::off : State::on;
      if (used != inspected_.end()) feature.scope += " interface " + std::string(used->second);
      device_.features.push_back(std::move(feature));
      if (used == inspected_.end()) continue;
      if (const Node idle = root_.at({"ip", "inspect", "udp", "idle-time"}); idle)
        add_timer("ip inspect udp idle-time", "global", Timer::Applies::udp, idle.first(), {}, "ip inspect udp idle-time");
      if (const Node timeout = sip["timeout"]; timeout)
        add_timer("ip inspect name timeout", "ip inspect name " + std::string(rule.word()), Timer::Applies::sip, timeout.first(), {},
                  "ip inspect name " + std::string(rule.word()) + " sip timeout");
    }
  }

  /// Without inspection nothing lets the answers in, so that UDP and TCP must be inspected as such.
  [[nodiscard]] Edit cbac_edit(Node rule, Node sip) const {
    const std::string name = "ip inspect name " + std::string(rule.word());
    Edit edit{.fix = {"no " + name + " sip"}, .undo = {said(sip)}, .verified = rule["udp"] && rule["tcp"]};
    for (const Bytes transport : std::array<Bytes, 2>{"udp", "tcp"}) {
      if (rule[transport]) continue;
      edit.fix.push_back(name + " " + std::string(transport));
      edit.undo.push_back("no " + edit.fix.back());
    }
    return edit;
  }
  /// The whole line.
  [[nodiscard]] std::string said(Node node) const {
    const Bytes line = text_.line(node.line());
    const std::size_t begin = std::min(line.find_first_not_of(' '), line.size());
    return std::string(line.substr(begin, line.find_last_not_of(' ') - begin + 1));
  }

  /// `before`: what stands above the command, `command`: without its value.
  void add_timer(std::string name, std::string scope, Timer::Applies applies, Node value, std::vector<std::string> before,
                 const std::string& command) {
    Timer timer = timer_of(std::move(name), std::move(scope), applies, value);
    timer.edit = {.fix = before, .undo = std::move(before)};
    timer.edit.fix.push_back(command + " " + std::to_string(Timer::kAdvised));
    timer.edit.undo.push_back(command + " " + std::string(value.word()));
    device_.timers.push_back(std::move(timer));
  }

  /// Zone-based firewall: zone-pair, its policy, its classes, what they match and do.
  void zones() {
    for (const Node pair : root_.at({"zone-pair", "security"}).children()) {
      // "zone-pair security NAME source A destination B": what belongs to it stands under the last word.
      const Node ends = pair["source"].first()["destination"].first();
      const Node policy = root_.at({"policy-map", "type", "inspect", ends.at({"service-policy", "type", "inspect"}).value()});
      for (const Node type : policy.at({"class", "type", "inspect"}).children()) zone_class(pair, policy, type);
    }
  }
  /// `class`: of a policy-map; what it matches stands in a class-map of that name.
  void zone_class(Node pair, Node policy, Node action) {
    const Node inspect = action["inspect"];
    const Node parameters = root_.at({"parameter-map", "type", "inspect", inspect.value()});
    const Node sip = matched(action.word(), "sip");
    const std::string scope = "zone-pair " + std::string(pair.word());
    if (sip) {
      const Node without = parameters.at({"no", "application-inspect"});
      const Node layer_7_off = without["sip"] ? without["sip"] : without["all"];
      device_.features.push_back({.name = "match protocol sip",
                                  .scope = scope,
                                  .state = inspect && !layer_7_off ? State::on : State::off,
                                  .origin = {.line = inspect && layer_7_off ? layer_7_off.line() : sip.line()},
                                  .edit = zone_edit(sip)});
    }
    if (!inspect || !(sip || matched(action.word(), "udp"))) return;
    const Timer::Applies applies = sip ? Timer::Applies::sip : Timer::Applies::udp;
    if (const Node idle = parameters.at({"udp", "idle-time"}); idle)
      add_timer("udp idle-time", "parameter-map " + std::string(parameters.word()), applies, idle.first(),
                {"parameter-map type inspect " + std::string(parameters.word())}, "udp idle-time");
    else
      device_.timers.push_back({.name = "udp idle-time",
                                .scope = scope + " class " + std::string(action.word()),
                                .applies = applies,
                                .seconds = 30,
                                .origin = {.standard = "30 s where no parameter-map says otherwise"},
                                .edit = parameters ? idle_edit(parameters) : first_map(policy, action)});
  }
  [[nodiscard]] static Edit idle_edit(Node parameters) {
    const std::string map = "parameter-map type inspect " + std::string(parameters.word());
    return {.fix = {map, "udp idle-time " + std::to_string(Timer::kAdvised)}, .undo = {map, "no udp idle-time"}};
  }
  /// Where nothing names a map yet, its name is the owner's choice.
  [[nodiscard]] static Edit first_map(Node policy, Node action) {
    const std::string above = "policy-map type inspect " + std::string(policy.word());
    const std::string entry = "class type inspect " + std::string(action.word());
    return {.fix = {"parameter-map type inspect <PMAP>", "udp idle-time " + std::to_string(Timer::kAdvised), above, entry, "inspect <PMAP>"},
            .undo = {above, entry, "inspect", "no parameter-map type inspect <PMAP>"},
            .verified = false};
  }
  /// A class that takes UDP as such takes more than SIP: for the owner to judge.
  [[nodiscard]] static Edit zone_edit(Node sip) {
    const Node match = sip.parent().parent();
    const std::string map = path_of(match.parent());
    Edit edit{.fix = {map, "no match protocol sip"}, .undo = {map, "match protocol sip"}, .verified = false};
    if (match.at({"protocol", "udp"})) return edit;
    edit.fix.emplace_back("match protocol udp");
    edit.undo.emplace_back("no match protocol udp");
    return edit;
  }
  /// What a class-map of that kind matches, whether it asks for all of it or for any.
  [[nodiscard]] std::vector<Node> matches(Node kind, Bytes class_map) const {
    std::vector<Node> found;
    for (const Bytes how : std::array<Bytes, 2>{"match-any", "match-all"})
      if (const Node match = kind.at({how, class_map, "match"}); match) found.push_back(match);
    if (const Node match = kind.at({class_map, "match"}); match) found.push_back(match);
    return found;
  }
  /// The same with what it matches through others (`match class-map NAME`), however deep; each of them once.
  [[nodiscard]] std::vector<Node> all_matches(Node kind, Bytes class_map) const {
    constexpr std::size_t kMost = 256;  // IOS itself nests less deep
    std::vector<Node> found;
    std::set<Bytes> seen{class_map};
    std::vector<Bytes> open{class_map};
    while (!open.empty() && seen.size() <= kMost) {
      const Bytes name = open.back();
      open.pop_back();
      for (const Node match : matches(kind, name)) {
        found.push_back(match);
        for (const Node nested : match["class-map"].children())
          if (seen.insert(nested.word()).second) open.push_back(nested.word());
      }
    }
    return found;
  }
  [[nodiscard]] Node matched(Bytes class_map, Bytes protocol) {
    const auto [known, added] = matched_.try_emplace({class_map, protocol});
    if (!added) return known->second;
    for (const Node match : all_matches(root_.at({"class-map", "type", "inspect"}), class_map))
      if (const Node found = match.at({"protocol", protocol}); found && !known->second) known->second = found;
    return known->second;
  }

  void nat_timer() {
    if (!nat_) return;
    if (const Node timeout = root_.at({"ip", "nat", "translation", "udp-timeout"}); timeout)
      add_timer("ip nat translation udp-timeout", "global", Timer::Applies::udp, timeout.first(), {}, "ip nat translation udp-timeout");
    else
      device_.timers.push_back({.name = "ip nat translation udp-timeout", .seconds = 300, .origin = {.standard = "300 s"}});
  }

  /// A priority class that takes EF or RTP, in a policy that is put on an interface, or nested in one that is.
  void queues() {
    device_.rtp_priority = root_["interface"] ? Priority::no : Priority::unknown;
    for (const Bytes name : with_nested(output_))
      for (const Node entry : root_.at({"policy-map", name, "class"}).children())
        if (entry["priority"] && takes_rtp(entry.word())) {
          device_.rtp_priority = Priority::yes;
          device_.rtp_origin.line = entry["priority"].line();
        }
  }
  /// Policies of these policies' classes, too. IOS prints `service-policy` deeper than the `shape` before it, as if it belonged to that.
  [[nodiscard]] std::set<Bytes> with_nested(std::set<Bytes> used) const {
    std::vector<Bytes> policies(used.begin(), used.end());
    while (!policies.empty()) {
      std::vector<Node> open{root_.at({"policy-map", policies.back(), "class"})};
      policies.pop_back();
      while (!open.empty()) {
        const Node at = open.back();
        open.pop_back();
        for (const Node child : at.children()) open.push_back(child);
        const Bytes nested = at["service-policy"].value();
        if (!nested.empty() && used.insert(nested).second) policies.push_back(nested);
      }
    }
    return used;
  }
  [[nodiscard]] bool takes_rtp(Bytes class_map) const {
    for (const Node match : all_matches(root_["class-map"], class_map)) {
      for (const Node dscp : {match["dscp"], match.at({"ip", "dscp"})})
        if (dscp["ef"] || dscp["46"]) return true;
      if (match["protocol"]["rtp"] || match.at({"ip", "rtp"})) return true;
    }
    return false;
  }

  const Text& text_;
  Node root_;
  Device& device_;
  bool nat_ = false;
  std::map<Bytes, Bytes> inspected_;  ///< rule of CBAC, interface
  std::set<Bytes> output_;            ///< policies on interfaces
  std::map<std::pair<Bytes, Bytes>, Node> matched_;  ///< by class-map and protocol, for many zone-pairs share a policy
};

}  // namespace

void read_cisco_ios(const Text& text, const Product&, Device& device) {
  Tree tree;
  syntax::indented(text, tree);
  Reading(text, tree.root(), device).run();
  device.problems = tree.problems();
}

}  // namespace viaduct::audit::products
