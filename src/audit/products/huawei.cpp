// SPDX-License-Identifier: GPL-2.0-or-later
#include "audit/products/products.hpp"
#include "audit/syntax/syntax.hpp"
#include "audit/tree.hpp"
#include "base/text.hpp"

#include <algorithm>
#include <array>
#include <set>
#include <string>
#include <vector>

namespace viaduct::audit::products {
namespace {

using base::parse_decimal;

/// "!Software Version V500R005C20SPC500" is a comment of firewalls, "[V200R010C10SPC500]" the first line of routers.
[[nodiscard]] std::string version_of(const Text& text) {
  constexpr Bytes kMark = "!Software Version ";
  constexpr std::uint32_t kHead = 10;
  for (const std::uint32_t number : text.head(kHead)) {
    const Bytes line = text.line(number);
    if (line.starts_with(kMark))
      return std::string(line.substr(kMark.size(), line.find(' ', kMark.size()) - kMark.size()));
    if (line.starts_with("[V") && line.ends_with(']')) return std::string(line.substr(1, line.size() - 2));
  }
  return {};
}

class Reading {
 public:
  Reading(Node root, Device& device) : root_(root), undo_(root["undo"]), device_(device) {}

  /// USG, Eudemon: ASPF and ALG are one switch, global, between two zones or within one.
  void firewall() {
    head();
    const bool global = global_detect();
    const bool told = !device_.features.empty();
    for (const Node one : root_.at({"firewall", "interzone"}).children())
      for (const Node other : one.children())
        zones("interzone " + std::string(one.word()) + " " + std::string(other.word()), other, !global && !told);
    for (const Node zone : root_.at({"firewall", "zone"}).children()) {
      zones("zone " + std::string(zone.word()), zone, false);
      // "firewall zone name dmz id 4" is a zone too.
      for (const Node named : zone.word() == "name" ? zone.children() : Node().children())
        zones("zone " + std::string(named.word()), named["id"].first() ? named["id"].first() : named, false);
    }
    aging();
    if (root_["interface"] && !bandwidth_policy()) device_.rtp_priority = Priority::no;
    device_.sip = together(device_.features);
  }

  /// AR: NAT ALG, and the interzone firewall with ASPF.
  void router() {
    head();
    nat_alg();
    for (const Node one : root_.at({"firewall", "interzone"}).children())
      for (const Node other : one.children()) aspf(one, other);
    device_.sip = together(device_.features);
    nat_timers();
    queues();
  }

 private:
  void head() {
    device_.hostname = root_["sysname"].value();
    device_.enter = {"system-view"};
    device_.leave = {"return", "save"};
  }
  /// `line` in a view, of which there may be none.
  [[nodiscard]] static Edit edit_of(const std::string& view, const std::string& line) {
    Edit edit{.fix = {"undo " + line}, .undo = {line}};
    if (view.empty()) return edit;
    for (std::vector<std::string>* const lines : {&edit.fix, &edit.undo}) {
      lines->insert(lines->begin(), "firewall " + view);
      lines->emplace_back("quit");
    }
    return edit;
  }

  /// True where it is on: then all zones have it, whatever their own lines say.
  bool global_detect() {
    bool on = false;
    for (const Bytes transport : std::array<Bytes, 2>{"", "tcp"}) {
      const std::uint32_t said = detect_line(root_.at({"firewall", "detect", "sip"}), transport);
      const std::uint32_t removed = detect_line(undo_.at({"firewall", "detect", "sip"}), transport);
      if (said == 0 && removed == 0) continue;
      add("firewall detect sip", transport, "global", said > removed ? State::on : State::off, std::max(said, removed));
      on |= said > removed && transport.empty();
    }
    if (!device_.features.empty() || root_.at({"firewall", "interzone"})) return on;
    add("firewall detect sip", {}, "global", State::off, 0);
    device_.features.back().origin.standard = "ASPF/ALG for SIP off unless written";
    return on;
  }
  /// `detect sip` is UDP and TLS, `detect sip tcp` TCP: two statements.
  [[nodiscard]] static std::uint32_t detect_line(Node sip, Bytes transport) {
    return transport.empty() ? sip.ended() : sip[transport].ended();
  }
  void add(std::string name, Bytes transport, std::string scope, State state, std::uint32_t line) {
    if (!transport.empty()) name += " " + std::string(transport);
    Edit edit = edit_of(scope == "global" ? std::string() : scope, name);
    device_.features.push_back({.name = std::move(name),
                                .scope = std::move(scope),
                                .mechanism = "detect sip",
                                .state = state,
                                .origin = {.line = line},
                                .edit = std::move(edit)});
  }
  /// `standard`: where nothing says so, it is off and worth a feature.
  void zones(const std::string& scope, Node view, bool standard) {
    for (const Bytes transport : std::array<Bytes, 2>{"", "tcp"}) {
      const std::uint32_t said = detect_line(view.at({"detect", "sip"}), transport);
      const std::uint32_t removed = detect_line(view.at({"undo", "detect", "sip"}), transport);
      if (said != 0 || removed != 0) {
        add("detect sip", transport, scope, said > removed ? State::on : State::off, std::max(said, removed));
      } else if (standard && transport.empty()) {
        add("detect sip", transport, scope, State::off, 0);
        device_.features.back().origin.standard = "interzone ASPF/ALG off by default";
      }
    }
  }

  void aging() {
    const Node aging = root_.at({"firewall", "session", "aging-time"});
    // V100 has the protocol at once, later versions a service-set of that name.
    const auto said = [&](Bytes name) {
      return aging.at({"service-set", name}) ? aging.at({"service-set", name}) : aging[name];
    };
    device_.timers.push_back({.name = "session aging-time udp", .seconds = 120, .origin = {.standard = "120 s"}});
    if (const Node udp = said("udp"); udp) set_seconds(device_.timers.back(), udp.first());
    if (const Node sip = said("sip"); sip) {
      device_.timers.push_back({.name = "session aging-time sip", .applies = Timer::Applies::sip});
      set_seconds(device_.timers.back(), sip.first());
    }
  }
  static void set_seconds(Timer& timer, Node value) {
    const auto seconds = parse_decimal(value.word());
    timer.seconds = seconds ? std::int64_t{*seconds} : Timer::kUnknown;
    timer.origin = {.line = value.line()};
  }

  /// What its profiles do for RTP no document says that we have read.
  [[nodiscard]] bool bandwidth_policy() const {
    for (const Node rule : root_.at({"traffic-policy", "rule", "name"}).children())
      if (rule.at({"action", "qos", "profile"})) return true;
    return false;
  }

  void nat_alg() {
    Feature feature{.name = "nat alg sip", .state = State::off, .edit = edit_of({}, "nat alg sip enable")};
    std::uint32_t said = 0;
    std::uint32_t removed = 0;
    for (const Bytes protocol : std::array<Bytes, 2>{"sip", "all"}) {
      said = std::max(said, root_.at({"nat", "alg", protocol, "enable"}).line());
      removed = std::max(removed, undo_.at({"nat", "alg", protocol, "enable"}).line());
    }
    feature.origin.line = std::max(said, removed);
    if (said > removed) feature.state = State::on;
    if (said == 0 && removed == 0) feature.origin.standard = "NAT ALG off by default";
    device_.features.push_back(std::move(feature));
  }

  void aspf(Node one, Node other) {
    const Node detect = other.at({"detect", "aspf"});
    const Node said = detect["sip"] ? detect["sip"] : detect["all"];
    if (!said) return;
    const bool enabled = other.at({"firewall", "enable"}).line() > other.at({"undo", "firewall", "enable"}).line();
    Feature feature{.name = "detect aspf sip",
                    .scope = "interzone " + std::string(one.word()) + " " + std::string(other.word()),
                    .state = enabled ? State::on : State::unknown,
                    .origin = {.line = said.line()}};
    feature.edit = edit_of(feature.scope, "detect aspf " + std::string(said.word()));
    feature.edit.verified = said.word() == "sip";  // `all` is more than SIP
    if (!enabled)
      feature.note =
          "no firewall enable between these zones: whether ASPF acts then is not documented where we could read";
    device_.features.push_back(std::move(feature));
  }

  void nat_timers() {
    nat_timer("udp", Timer::Applies::udp, 120);
    const bool on = acts(device_.sip);
    if (!on) return;
    nat_timer("sip", Timer::Applies::sip, 1800);
    nat_timer("sip-media", Timer::Applies::rtp, 120);
  }
  void nat_timer(Bytes protocol, Timer::Applies applies, std::int64_t standard) {
    device_.timers.push_back({.name = "firewall-nat session " + std::string(protocol) + " aging-time",
                              .applies = applies,
                              .seconds = standard,
                              .origin = {.standard = std::to_string(standard) + " s"}});
    if (const Node said = root_.at({"firewall-nat", "session", protocol, "aging-time"}); said)
      set_seconds(device_.timers.back(), said.first());
  }

  /// An interface, its traffic policy, the behaviour of a classifier that takes EF: `queue llq`.
  void queues() {
    if (root_["interface"]) device_.rtp_priority = Priority::no;
    std::set<Bytes> asked;
    for (const Node interface : root_["interface"].children()) {
      if (interface.at({"qos", "queue-profile"}))
        device_.rtp_priority = std::max(device_.rtp_priority, Priority::unknown);
      for (const Node policy : interface["traffic-policy"].children()) {
        if (!policy["outbound"] || !asked.insert(policy.word()).second) continue;
        const Node queue = low_latency(policy.word());
        if (!queue) continue;
        device_.rtp_priority = Priority::yes;
        device_.rtp_origin.line = queue.line();
        return;
      }
    }
  }
  [[nodiscard]] Node low_latency(Bytes policy) const {
    for (const Node entry : root_.at({"traffic", "policy", policy, "classifier"}).children()) {
      const Node classifier = root_.at({"traffic", "classifier", entry.word()});
      const Node match = classifier["operator"] ? classifier["operator"].first()["if-match"] : classifier["if-match"];
      if (!match.at({"dscp", "ef"}) && !match.at({"dscp", "46"})) continue;
      if (const Node queue = root_.at({"traffic", "behavior", entry["behavior"].value(), "queue", "llq"}); queue)
        return queue;
    }
    return {};
  }

  Node root_;
  Node undo_;
  Device& device_;
};

}  // namespace

void read_huawei(const Text& text, const Product& product, Device& device) {
  Tree tree;
  syntax::indented(text, tree);
  device.version = version_of(text);
  Reading reading(tree.root(), device);
  if (product.id == "huawei-ar")
    reading.router();
  else
    reading.firewall();
  device.problems = tree.problems();
}

}  // namespace viaduct::audit::products
