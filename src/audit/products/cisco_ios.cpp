// SPDX-License-Identifier: GPL-2.0-or-later
#include "audit/products/products.hpp"
#include "audit/syntax/syntax.hpp"
#include "audit/tree.hpp"
#include "base/text.hpp"

#include <array>
#include <map>
#include <set>
#include <string>

namespace viaduct::audit::products {
namespace {

using base::parse_decimal;

constexpr Bytes kDefaultOn = "IOS and IOS XE: on for port 5060 and not printed";
constexpr Bytes kNoInterface = "on by default where an interface has ip nat, but no interface is in this text";
constexpr Bytes kNoNat = "on by default, but no interface has ip nat: nothing to act on";

class Reading {
 public:
  Reading(Node root, Device& device) : root_(root), device_(device) {}

  void run() {
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
    return {.name = "ip nat service sip " + std::string(transport),
            .scope = "global port " + std::string(port),
            .mechanism = "ip nat service sip"};
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
      Feature feature{.name = "ip inspect sip", .scope = "ip inspect name " + std::string(rule.word()), .origin = {.line = sip.line()}};
      feature.state = used == inspected_.end() ? State::off : State::on;
      if (used != inspected_.end()) feature.scope += " interface " + std::string(used->second);
      device_.features.push_back(std::move(feature));
      if (used == inspected_.end()) continue;
      if (const Node idle = root_.at({"ip", "inspect", "udp", "idle-time"}); idle)
        add_timer("ip inspect udp idle-time", "global", Timer::Applies::udp, idle.first());
      if (const Node timeout = sip["timeout"]; timeout)
        add_timer("ip inspect name timeout", "ip inspect name " + std::string(rule.word()), Timer::Applies::sip, timeout.first());
    }
  }

  void add_timer(std::string name, std::string scope, Timer::Applies applies, Node value) {
    device_.timers.push_back(timer_of(std::move(name), std::move(scope), applies, value));
  }

  /// Zone-based firewall: zone-pair, its policy, its classes, what they match and do.
  void zones() {
    for (const Node pair : root_.at({"zone-pair", "security"}).children()) {
      // "zone-pair security NAME source A destination B": what belongs to it stands under the last word.
      const Node ends = pair["source"].first()["destination"].first();
      const Node policy = root_.at({"policy-map", "type", "inspect", ends.at({"service-policy", "type", "inspect"}).value()});
      for (const Node type : policy.at({"class", "type", "inspect"}).children()) zone_class(pair, type);
    }
  }
  /// `class`: of a policy-map; what it matches stands in a class-map of that name.
  void zone_class(Node pair, Node action) {
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
                                  .origin = {.line = inspect && layer_7_off ? layer_7_off.line() : sip.line()}});
    }
    if (!inspect || !(sip || matched(action.word(), "udp"))) return;
    const Timer::Applies applies = sip ? Timer::Applies::sip : Timer::Applies::udp;
    if (const Node idle = parameters.at({"udp", "idle-time"}); idle)
      add_timer("udp idle-time", "parameter-map " + std::string(parameters.word()), applies, idle.first());
    else
      device_.timers.push_back({.name = "udp idle-time",
                                .scope = scope + " class " + std::string(action.word()),
                                .applies = applies,
                                .seconds = 30,
                                .origin = {.standard = "30 s where no parameter-map says otherwise"}});
  }
  [[nodiscard]] Node matched(Bytes class_map, Bytes protocol) const {
    for (const Bytes how : std::array<Bytes, 2>{"match-any", "match-all"})
      if (const Node found = root_.at({"class-map", "type", "inspect", how, class_map, "match", "protocol", protocol}); found) return found;
    return root_.at({"class-map", "type", "inspect", class_map, "match", "protocol", protocol});
  }

  void nat_timer() {
    if (!nat_) return;
    if (const Node timeout = root_.at({"ip", "nat", "translation", "udp-timeout"}); timeout)
      add_timer("ip nat translation udp-timeout", "global", Timer::Applies::udp, timeout.first());
    else
      device_.timers.push_back({.name = "ip nat translation udp-timeout", .seconds = 300, .origin = {.standard = "300 s"}});
  }

  /// A priority class that takes EF or RTP, in a policy that is put on an interface, or nested in one that is.
  void queues() {
    device_.rtp_priority = root_["interface"] ? Priority::no : Priority::unknown;
    std::set<Bytes> used = output_;
    for (const Bytes name : output_)
      for (const Node entry : root_.at({"policy-map", name, "class"}).children()) used.insert(entry["service-policy"].value());
    for (const Bytes name : used)
      for (const Node entry : root_.at({"policy-map", name, "class"}).children())
        if (entry["priority"] && takes_rtp(entry.word())) {
          device_.rtp_priority = Priority::yes;
          device_.rtp_origin.line = entry["priority"].line();
        }
  }
  [[nodiscard]] bool takes_rtp(Bytes class_map) const {
    for (const Bytes how : std::array<Bytes, 2>{"match-any", "match-all"}) {
      const Node match = root_.at({"class-map", how, class_map, "match"});
      for (const Node dscp : {match["dscp"], match.at({"ip", "dscp"})})
        if (dscp["ef"] || dscp["46"]) return true;
      if (match["protocol"]["rtp"] || match.at({"ip", "rtp"})) return true;
    }
    return false;
  }

  Node root_;
  Device& device_;
  bool nat_ = false;
  std::map<Bytes, Bytes> inspected_;  ///< rule of CBAC, interface
  std::set<Bytes> output_;            ///< policies on interfaces
};

}  // namespace

void read_cisco_ios(const Text& text, const Product&, Device& device) {
  Tree tree;
  syntax::indented(text, tree);
  Reading(tree.root(), device).run();
  device.problems = tree.problems();
}

}  // namespace viaduct::audit::products
