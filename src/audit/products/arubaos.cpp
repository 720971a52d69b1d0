// SPDX-License-Identifier: GPL-2.0-or-later
#include "audit/pattern_reader.hpp"
#include "audit/products/products.hpp"
#include "audit/syntax/syntax.hpp"
#include "audit/tree.hpp"
#include "base/text.hpp"

#include <set>
#include <string>
#include <vector>

namespace viaduct::audit::products {
namespace {

/// Controllers and gateways: a service says which ALG its sessions get, lists of a role or of an interface say whose
/// they are.
class Reading {
 public:
  Reading(Node root, Device& device) : root_(root), device_(device) {}

  void run() {
    device_.version = root_["version"].value();
    device_.hostname = root_["hostname"].value();
    applied();
    for (const Node service : root_["netservice"].children()) alg(service);
    if (device_.features.empty())
      device_.features.push_back(
          {.name = "netservice ALG sip",
           .origin = {
               .standard =
                   "no netservice names the ALG; old releases do not print it, and predefined services may have it"}});
    if (const Node idle = root_.at({"firewall", "session-idle-timeout"}); idle)
      device_.timers.push_back(timer_of("firewall session-idle-timeout", "global", Timer::Applies::udp, idle.first()));
    device_.sip = together(device_.features);
  }

 private:
  /// Services of lists that a role or an interface has.
  void applied() {
    std::set<Bytes> lists;
    for (const Node role : root_["user-role"].children())
      for (const Node list : role.at({"access-list", "session"}).children()) lists.insert(list.word());
    for (const Node kind : root_["interface"].children())
      for (const Node port : kind.children())
        for (const Node group : port.at({"ip", "access-group"}).children()) {
          lists.insert(group.word());
          lists.insert(group.value());
        }
    for (const Node list : root_.at({"ip", "access-list", "session"}).children())
      if (lists.contains(list.word())) services(list);
  }
  /// `any any svc-sip-udp permit`: what stands before `permit` in any of its lines.
  void services(Node list) {
    std::vector<Node> open{list};
    while (!open.empty()) {
      const Node at = open.back();
      open.pop_back();
      for (const Node word : at.children()) {
        if (word.word() == "permit" || word.word() == "src-nat" || word.word() == "dst-nat") used_.insert(at.word());
        open.push_back(word);
      }
    }
  }

  /// `netservice svc-sip-udp udp 5060 ALG sip`
  void alg(Node service) {
    std::string scope(service.word());
    for (Node word = service.first(); word; word = word.first()) {
      if (!base::iequals(word.word(), "alg")) {
        scope += " " + std::string(word.word());
        continue;
      }
      const Node sip = word["sip"] ? word["sip"] : word["sips"];
      if (sip) add(service, sip, scope);
      return;
    }
  }
  void add(Node service, Node sip, const std::string& scope) {
    Feature feature{.name = "netservice ALG " + std::string(sip.word()),
                    .scope = scope,
                    .mechanism = scope,
                    .origin = {.line = sip.line()}};
    const Node stopped = root_.at({"firewall", "disable-stateful-sip-processing"});
    if (!used_.contains(service.word())) {
      feature.note =
          "no list of a role or an interface names this service; whether lists that permit all bring the ALG in, no "
          "document says that we read";
    } else if (stopped) {
      feature.origin.line = stopped.line();
      feature.note =
          "stateful processing of SIP is disabled; whether the ALG of the service then rests, no document says that we "
          "read";
    } else {
      feature.state = State::on;
    }
    device_.features.push_back(std::move(feature));
  }

  Node root_;
  Device& device_;
  std::set<Bytes> used_;
};

}  // namespace

void read_arubaos(const Text& text, const Product& product, Device& device) {
  Tree tree;
  syntax::indented(text, tree);
  // Instant has an `alg` block instead.
  if (!tree.root()["netservice"]) {
    device.deep = false;
    read_by_patterns(text, product, device);
    return;
  }
  Reading(tree.root(), device).run();
  device.problems = tree.problems();
}

}  // namespace viaduct::audit::products
