// SPDX-License-Identifier: GPL-2.0-or-later
#include "audit/products/products.hpp"
#include "audit/syntax/syntax.hpp"
#include "audit/tree.hpp"
#include "base/text.hpp"

#include <string>

namespace viaduct::audit::products {
namespace {

class Reading {
 public:
  Reading(Node root, Device& device) : root_(root), device_(device) {}

  void run() {
    for (Node word = root_["version"].first(); word; word = word.first())
      device_.version += (device_.version.empty() ? "" : " ") + std::string(word.word());
    // "5.20, Release 2209P21, Basic": behind the second comma stands which image it is.
    device_.version = device_.version.substr(
        0, device_.version.find(',', std::min(device_.version.find(',') + 1, device_.version.size())));
    device_.hostname = root_["sysname"].value();
    alg();
    timer();
    queues();
    device_.sip = together(device_.features);
  }

 private:
  /// All are on; the last of `nat alg` and `undo nat alg`, for sip or for all, counts.
  void alg() {
    const Node on = later(root_.at({"nat", "alg"}));
    const Node off = later(root_.at({"undo", "nat", "alg"}));
    Feature feature{.name = "nat alg sip", .state = off.line() > on.line() ? State::off : State::on};
    feature.origin.line = std::max(on.line(), off.line());
    if (feature.origin.line == 0) feature.origin.standard = "all NAT ALGs are enabled by default";
    device_.features.push_back(std::move(feature));
  }
  [[nodiscard]] static Node later(Node algs) {
    return algs["sip"].line() > algs["all"].line() ? algs["sip"] : algs["all"];
  }

  void timer() {
    const Node said = root_.at({"nat", "aging-time", "udp"});
    Timer timer{.name = "nat aging-time udp", .seconds = 240, .origin = {.line = said.line()}};
    if (!said)
      timer.origin.standard = "240 s";
    else
      timer.seconds = base::parse_decimal(said.value()).value_or(0);
    device_.timers.push_back(std::move(timer));
  }

  /// A policy on the way out whose classifier takes EF into an EF queue.
  void queues() {
    device_.rtp_priority = Priority::no;
    for (const Node interface : root_["interface"].children())
      for (const Node policy : interface.at({"qos", "apply", "policy"}).children()) {
        if (!policy["outbound"]) continue;
        for (const Node classifier : root_.at({"qos", "policy", policy.word(), "classifier"}).children())
          queue(classifier);
      }
  }
  void queue(Node classifier) {
    const Node match = root_.at({"traffic", "classifier", classifier.word()});
    bool ef = bool(match.at({"if-match", "dscp", "ef"})) || match.at({"if-match", "dscp", "46"}) ||
              match.at({"if-match", "rtp"});
    for (const Node logic : match["operator"].children())
      ef |= bool(logic.at({"if-match", "dscp", "ef"})) || logic.at({"if-match", "rtp"});
    const Node behavior = root_.at({"traffic", "behavior", classifier["behavior"].value()});
    const Node queue = behavior.at({"queue", "ef"}) ? behavior.at({"queue", "ef"}) : behavior.at({"queue", "llq"});
    if (!ef || !queue) return;
    device_.rtp_priority = Priority::yes;
    device_.rtp_origin.line = queue.line();
  }

  Node root_;
  Device& device_;
};

}  // namespace

void read_comware5(const Text& text, const Product&, Device& device) {
  Tree tree;
  syntax::indented(text, tree);
  Reading(tree.root(), device).run();
  device.problems = tree.problems();
}

}  // namespace viaduct::audit::products
