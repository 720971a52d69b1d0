// SPDX-License-Identifier: GPL-2.0-or-later
#include "audit/products/products.hpp"
#include "audit/syntax/syntax.hpp"
#include "audit/tree.hpp"
#include "base/text.hpp"

#include <algorithm>
#include <string>

namespace viaduct::audit::products {
namespace {

/// "! ADTRAN, Inc. OS version R13.12.0.E", within the comments at the top.
[[nodiscard]] std::string version_of(const Text& text) {
  constexpr Bytes kMark = " OS version ";
  constexpr std::uint32_t kTop = 20;
  for (const std::uint32_t number : text.head(kTop)) {
    const Bytes line = text.line(number);
    const std::size_t mark = line.find(kMark);
    if (line.starts_with("! ADTRAN") && mark != Bytes::npos) return std::string(line.substr(mark + kMark.size()));
  }
  return {};
}

class Reading {
 public:
  Reading(Node root, Device& device) : root_(root), device_(device) {}

  void run() {
    device_.hostname = root_["hostname"].value();
    if (alg()) timers();
    const Node proxy = root_.at({"ip", "sip", "proxy"});
    // `ip sip proxy sip-server ...` only says with whom.
    const std::uint32_t proxied = std::max({proxy.ended(), proxy["transparent"].ended(), proxy["stateful"].ended()});
    switched("ip sip proxy", proxied, root_.at({"no", "ip", "sip", "proxy"}).ended());
    const Node traversal = root_.at({"ip", "rtp", "firewall-traversal"});
    if (switched("ip rtp firewall-traversal", traversal.line(),
                 root_.at({"no", "ip", "rtp", "firewall-traversal"}).ended()))
      if (const Node timeout = traversal["policy-timeout"].first(); timeout)
        device_.timers.push_back(
            timer_of("ip rtp firewall-traversal policy-timeout", "global", Timer::Applies::rtp, timeout));
    queues();
    device_.sip = together(device_.features);
  }

 private:
  /// Whether the firewall runs, without which no ALG does.
  bool alg() {
    const Node firewall = root_.at({"ip", "firewall"});
    const Node no = root_.at({"no", "ip", "firewall"});
    const Node on = firewall.at({"alg", "sip"});
    const Node off = no.at({"alg", "sip"});
    Feature feature{.name = "ip firewall alg sip", .state = State::on};
    const bool runs = bool(firewall);
    if (!runs) {
      feature.state = State::off;
      feature.origin.line = no.line();
      if (!no) feature.origin.standard = "no ALG runs without ip firewall";
    } else if (off && off.line() > on.line()) {
      feature.state = State::off;
      feature.origin.line = off.line();
    } else {
      feature.origin.line = on.line();
      if (!on) feature.origin.standard = "on by default once ip firewall is on";
    }
    device_.features.push_back(std::move(feature));
    return runs;
  }
  /// What is off unless it is written; the last line counts.
  bool switched(Bytes name, std::uint32_t on, std::uint32_t off) {
    if (on == 0 && off == 0) return false;
    device_.features.push_back(
        {.name = std::string(name), .state = on > off ? State::on : State::off, .origin = {.line = std::max(on, off)}});
    return on > off;
  }

  void timers() {
    Timer general{.name = "ip policy-timeout udp", .origin = {.standard = "not found in a document"}};
    for (const Node ports : root_.at({"ip", "policy-timeout", "udp"}).children()) {
      if (ports.word() == "range") {
        ranges(ports);
      } else if (ports.word() == "all-ports") {
        general = timer_of(general.name, general.scope, Timer::Applies::udp, ports.first());
      } else {
        const bool sip = ports.word() == "5060" || ports.word() == "sip";
        device_.timers.push_back(timer_of("ip policy-timeout udp " + std::string(ports.word()), "global",
                                          sip ? Timer::Applies::sip : Timer::Applies::policy, ports.first()));
      }
    }
    device_.timers.push_back(std::move(general));
  }

  /// `range 10000 20000 180`: many ports that are not SIP's are RTP's.
  void ranges(Node range) {
    for (const Node first : range.children())
      for (const Node last : first.children()) {
        const auto low = base::parse_decimal(first.word());
        const auto high = base::parse_decimal(last.word());
        const bool sip = low && high && *low <= 5060 && *high >= 5060;
        device_.timers.push_back(
            timer_of("ip policy-timeout udp range " + std::string(first.word()) + " " + std::string(last.word()),
                     "global", sip ? Timer::Applies::sip : Timer::Applies::rtp, last.first()));
      }
  }

  /// A map whose entry takes EF into the priority queue, on an interface.
  void queues() {
    device_.rtp_priority = Priority::no;
    for (const Node kind : root_["interface"].children())
      for (const Node interface : kind.children()) queue(interface);
  }
  void queue(Node interface) {
    const Node used = interface.at({"qos-policy", "out"}).first();
    for (const Node entry : root_.at({"qos", "map", used.word()}).children()) {
      const Node dscp = entry.at({"match", "dscp"});
      if (!entry["priority"] || !(dscp["46"] || dscp["ef"])) continue;
      device_.rtp_priority = Priority::yes;
      device_.rtp_origin.line = entry["priority"].line();
    }
  }

  Node root_;
  Device& device_;
};

}  // namespace

void read_adtran(const Text& text, const Product&, Device& device) {
  Tree tree;
  syntax::indented(text, tree);
  device.version = version_of(text);
  Reading(tree.root(), device).run();
  device.problems = tree.problems();
}

}  // namespace viaduct::audit::products
