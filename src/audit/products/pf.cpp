// SPDX-License-Identifier: GPL-2.0-or-later
#include "audit/products/products.hpp"
#include "audit/syntax/syntax.hpp"
#include "audit/tree.hpp"
#include "base/text.hpp"

#include <algorithm>
#include <array>
#include <string>

namespace viaduct::audit::products {
namespace {

using base::parse_decimal;

/// "<!-- PFsense 2.7.2-RELEASE -->" at the end of what collecting programs save; <version> is the one of the format.
[[nodiscard]] std::string version_of(const Text& text) {
  for (std::uint32_t number = text.last(); number >= text.first() && number + 5 > text.last(); --number) {
    const Bytes line = text.line(number);
    for (const Bytes begin : {Bytes("<!-- PFsense "), Bytes("<!-- pfSense "), Bytes("<!-- OPNsense ")})
      if (line.starts_with(begin))
        return std::string(line.substr(begin.size(), line.find(' ', begin.size()) - begin.size()));
  }
  return {};
}

[[nodiscard]] std::int64_t seconds_of(Node node) {
  const auto seconds = parse_decimal(node.value());
  return seconds ? std::int64_t{*seconds} : Timer::kUnknown;
}

/// A timer of pf: its name there, the element that sets it, and what it is by the two profiles that touch UDP.
struct Default {
  Bytes name;
  Bytes element;
  Timer::Applies applies;
  std::int64_t normal;
  std::int64_t conservative;
};
constexpr std::array kDefaults{
    Default{"udp.first", "udpfirsttimeout", Timer::Applies::udp_unreplied, 60, 300},
    Default{"udp.single", "udpsingletimeout", Timer::Applies::udp_unreplied, 30, 150},
    Default{"udp.multiple", "udpmultipletimeout", Timer::Applies::udp_stream, 60, 900},
};

/// What both descend from.
void timers(Node root, Device& device) {
  const Node system = root["system"];
  const Node optimization = system["optimization"];
  const bool conservative = optimization.value() == "conservative";
  for (const Default& entry : kDefaults) {
    Timer timer{.name = std::string(entry.name),
                .applies = entry.applies,
                .seconds = conservative ? entry.conservative : entry.normal};
    if (const Node said = system[entry.element]; said.first()) {
      timer.seconds = seconds_of(said);
      timer.origin.line = said.line();
    } else if (conservative) {
      timer.origin.line = optimization.line();
    } else {
      timer.origin.standard = "pf, profile normal (high-latency and aggressive leave UDP as it is)";
    }
    device.timers.push_back(std::move(timer));
  }
}

/// Outbound rules that leave source ports as they are.
void static_ports(Node root, Device& device) {
  for (const Node rule : root.at({"nat", "outbound"}).children()) {
    const Node port = rule["staticnatport"];
    if (rule.word() != "rule" || !port || port.value() == "0" || (rule["disabled"] && rule["disabled"].value() != "0"))
      continue;
    const Bytes interface = rule["interface"].value();
    device.nat.push_back({.name = "Static Port",
                          .scope = "outbound interface " + std::string(interface.empty() ? Bytes("any") : interface),
                          .value = "on",
                          .origin = {.line = port.line()}});
  }
}

[[nodiscard]] std::string interface_scope(Node interface) {
  return interface.value().empty() ? std::string("global") : "interface " + std::string(interface.value());
}

class Sense {
 public:
  Sense(Node root, Device& device) : root_(root), packages_(root["installedpackages"]), device_(device) {}

  void run() {
    siproxd();
    snort();
    queues();
  }

 private:
  /// It acts only if <sipenable> says on.
  void siproxd() {
    const Node config = packages_.at({"siproxdsettings", "config"});
    const Node enable = config["sipenable"];
    Feature feature{.name = "siproxd", .state = enable.value() == "on" ? State::on : State::off};
    if (enable && !installed("siproxd")) {
      // Settings of a package stay when it is removed, so that a new one finds them.
      feature.state = State::off;
      feature.origin.standard = "settings are left over, the package is not in the list of installed packages";
    } else if (enable) {
      feature.scope = interface_scope(config["if_inbound"]);
      feature.origin.line = enable.line();
    } else {
      feature.origin.standard = packages("siproxd") ? "package installed, no siproxdsettings, so it does nothing"
                                                    : "pf has no SIP helper and the siproxd package is not configured";
    }
    if (feature.state == State::on && config["rtptimeout"].first())
      device_.timers.push_back({.name = "siproxd rtptimeout",
                                .applies = Timer::Applies::rtp,
                                .seconds = seconds_of(config["rtptimeout"]),
                                .origin = {.line = config["rtptimeout"].line()}});
    device_.features.push_back(std::move(feature));
  }

  /// Whether the list of packages names it.
  [[nodiscard]] bool packages(Bytes name) const {
    return std::ranges::any_of(packages_.children(), [&](Node package) {
      return package.word() == "package" &&
             (base::iequals(package["name"].value(), name) || package["internal_name"].value() == name);
    });
  }
  /// The same, or there is no list that could.
  [[nodiscard]] bool installed(Bytes name) const { return !packages_["package"] || packages(name); }

  void snort() {
    for (const Node rule : packages_["snortglobal"].children()) {
      const Node sip = rule["sip_preproc"];
      if (rule.word() != "rule" || !sip) continue;
      const bool on = rule["enable"].value() == "on" && sip.value() == "on" && installed("snort");
      device_.features.push_back(
          {.name = "snort sip_preproc",
           .scope = interface_scope(rule["interface"]),
           .state = on ? State::on : State::off,
           .origin = {.line = sip.line()},
           .note = installed("snort") ? "" : "settings are left over, the package is not installed"});
    }
  }

  /// A rule that puts UDP other than SIP alone, or EF, into a queue that stands above the default one.
  void queues() {
    device_.rtp_priority = Priority::no;
    for (const Node rule : root_["filter"].children()) {
      const Node queue = rule["defaultqueue"];
      if (rule.word() != "rule" || rule["disabled"] || queue.value().empty()) continue;
      const bool rtp = (rule["protocol"].value() == "udp" && rule.at({"destination", "port"}).value() != "5060") ||
                       rule["dscp"].value() == "ef";
      if (!rtp || !above(root_["shaper"], queue.value(), 0)) continue;
      device_.rtp_priority = Priority::yes;
      device_.rtp_origin.line = queue.line();
    }
  }
  [[nodiscard]] static bool above(Node place, Bytes name, int depth) {
    constexpr int kDeepest = 8;  // queues in queues
    if (depth > kDeepest) return false;
    for (const Node queue : place.children()) {
      if (queue.word() != "queue") continue;
      if (queue["name"].value() == name && !queue["default"] && queue["enabled"].value() == "on") return true;
      if (above(queue, name, depth + 1)) return true;
    }
    return false;
  }

  Node root_;
  Node packages_;
  Device& device_;
};

class Opnsense {
 public:
  Opnsense(Node root, Device& device)
      : plugins_(root["OPNsense"]), registered_(root.at({"system", "firmware", "plugins"}).value()), device_(device) {}

  void run() {
    siproxd();
    suricata();
    rules();
    queues();
  }

 private:
  [[nodiscard]] static bool enabled(Node node) { return node["enabled"].value() == "1"; }

  void siproxd() {
    const Node general = plugins_.at({"siproxd", "general"});
    Feature feature{.name = "siproxd", .state = enabled(general) ? State::on : State::off};
    if (general["enabled"] && !installed("os-siproxd")) {
      // A plugin that was installed by hand is not in the list either.
      feature.state = State::unknown;
      feature.origin.standard =
          "os-siproxd is not in the list of plugins: it was removed and left its settings, or it was installed by hand";
    } else if (general["enabled"]) {
      feature.scope = interface_scope(general["if_inbound"]);
      feature.origin.line = general["enabled"].line();
    } else {
      feature.origin.standard = "pf has no SIP helper and os-siproxd is not configured";
    }
    if (feature.state == State::on && general["rtp_timeout"].first())
      device_.timers.push_back({.name = "siproxd rtp_timeout",
                                .applies = Timer::Applies::rtp,
                                .seconds = seconds_of(general["rtp_timeout"]),
                                .origin = {.line = general["rtp_timeout"].line()}});
    device_.features.push_back(std::move(feature));
  }

  /// Whether the list of plugins names it, or there is no list; developers' builds end with -devel.
  [[nodiscard]] bool installed(Bytes plugin) const {
    if (registered_.empty()) return true;
    for (Bytes rest = registered_; !rest.empty();) {
      const std::size_t end = std::min(rest.find(','), rest.size());
      Bytes name = rest.substr(0, end);
      if (name.ends_with("-devel")) name.remove_suffix(6);
      if (name == plugin) return true;
      rest.remove_prefix(std::min(end + 1, rest.size()));
    }
    return false;
  }

  /// In line (netmap, divert; <ips> before there was a mode) its SIP parser and rules can hold SIP; pcap sees copies.
  void suricata() {
    const Node general = plugins_.at({"IDS", "general"});
    if (!general) return;
    const Node mode = general["mode"] ? general["mode"] : general["ips"];
    const bool in_line = mode.value() == "netmap" || mode.value() == "divert" || mode.value() == "1";
    const bool on = enabled(general) && in_line;
    device_.features.push_back({.name = "suricata sip",
                                .scope = interface_scope(general["interfaces"]),
                                .state = on ? State::on : State::off,
                                .origin = {.line = enabled(general) && mode ? mode.line() : general["enabled"].line()},
                                .note = enabled(general) && !in_line ? "it sees copies only" : ""});
  }

  void rules() {
    for (const Node rule : plugins_.at({"Firewall", "Filter", "rules"}).children()) {
      if (!enabled(rule)) continue;
      for (const Bytes key : {Bytes("udp-first"), Bytes("udp-single"), Bytes("udp-multiple")})
        if (const Node timer = rule[key]; timer.first())
          device_.timers.push_back({.name = std::string(key),
                                    .scope = "rule " + std::string(rule["description"].value()),
                                    .applies = Timer::Applies::policy,
                                    .seconds = seconds_of(timer),
                                    .origin = {.line = timer.line()}});
    }
  }

  /// EF, or UDP other than SIP alone, into a weighted queue of its own: the strongest that it has.
  void queues() {
    device_.rtp_priority = Priority::no;
    const Node shaper = plugins_["TrafficShaper"];
    for (const Node rule : shaper["rules"].children()) {
      const bool udp =
          rule["proto"].value() == "udp" && rule["dst_port"].value() != "any" && rule["dst_port"].value() != "5060";
      if (!enabled(rule) || !(rule["dscp"].value() == "ef" || udp)) continue;
      for (const Node queue : shaper["queues"].children())
        if (enabled(queue) && queue["@uuid"].value() == rule["target"].value()) {
          device_.rtp_priority = Priority::yes;
          device_.rtp_origin.line = rule["target"].line();
        }
    }
  }

  Node plugins_;
  Bytes registered_;  ///< "os-acme-client,os-siproxd"
  Device& device_;
};

}  // namespace

void read_pf(const Text& text, const Product& product, Device& device) {
  Tree tree;
  syntax::xml(text, tree);
  const bool opnsense = product.id == "opnsense";
  const Node root = tree.root()[opnsense ? "opnsense" : "pfsense"];
  device.version = version_of(text);
  device.hostname = root.at({"system", "hostname"}).value();
  timers(root, device);
  static_ports(root, device);
  if (opnsense)
    Opnsense(root, device).run();
  else
    Sense(root, device).run();
  device.problems = tree.problems();
  device.sip = together(device.features);
  if (device.problems.empty()) return;
  // What is missing could say the contrary.
  device.sip = State::unknown;
  device.rtp_priority = Priority::unknown;
}

}  // namespace viaduct::audit::products
