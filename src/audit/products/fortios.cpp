// SPDX-License-Identifier: GPL-2.0-or-later
#include "audit/products/products.hpp"
#include "audit/syntax/syntax.hpp"
#include "audit/tree.hpp"
#include "base/text.hpp"

#include <algorithm>
#include <array>
#include <initializer_list>
#include <map>
#include <string>
#include <vector>

namespace viaduct::audit::products {
namespace {

using base::parse_decimal;

/// Stands above a backup.
constexpr Bytes kMark = "#config-version=";

/// Backups of old have "5.04" for 5.4.
[[nodiscard]] std::string plain(Bytes version) {
  std::string said(version);
  if (version.size() == 4 && version[1] == '.' && version[2] == '0') said.erase(2, 1);
  return said;
}

/// "#config-version=FGT60F-7.4.7-FW-build2731-...:vdom=0", behind a prompt at most: what stands after the model; or the
/// answer of `get system status`, "Version: FortiGate-60F v7.4.7,build2731,250120 (GA.M)".
[[nodiscard]] std::string version_of(const Text& text) {
  constexpr Bytes kStatus = "Version: Forti";
  constexpr std::uint32_t kHead = 50;
  for (const std::uint32_t number : text.head(kHead)) {
    const Bytes line = text.line(number);
    if (line.starts_with(kMark)) {
      const std::size_t dash = std::min(line.find('-', kMark.size()), line.size() - 1);
      const Bytes version = line.substr(dash + 1);
      return plain(version.substr(0, version.find('-')));
    }
    const std::size_t status = line.find(kStatus);
    const std::size_t v = status == Bytes::npos ? status : line.find(" v", status);
    if (v != Bytes::npos) return std::string(line.substr(v + 2, line.find(',', v) - v - 2));
  }
  return {};
}

/// Whether ports as "5060-5061:1024-65535" (destination, source) hold 5060.
[[nodiscard]] bool holds_sip(Bytes ports) {
  ports = ports.substr(0, ports.find(':'));
  const auto first = parse_decimal(ports.substr(0, ports.find('-')));
  const auto last = ports.find('-') == Bytes::npos ? first : parse_decimal(ports.substr(ports.find('-') + 1));
  return first && last && *first <= 5060 && *last >= 5060;
}

/// The settings of one VDOM, or of the box where it has none.
struct Vdom {
  std::string name;
  Node config;
  bool entered = false;  ///< `config vdom` comes first

  /// `lines` where they are typed.
  [[nodiscard]] std::vector<std::string> inside(std::vector<std::string> lines) const {
    if (!entered) return lines;
    lines.insert(lines.begin(), {"config vdom", "edit " + word_of(name)});
    lines.emplace_back("end");
    return lines;
  }
};

/// Several blocks of one name merge in the tree: `config vdom / edit root` and `config global` are words as others.
[[nodiscard]] std::vector<Vdom> vdoms_of(Node root) {
  std::vector<Vdom> vdoms;
  for (const Node vdom : root["vdom"].children())
    if (vdom.at({"system", "settings", "vdom-type"}).value() != "admin")  // no traffic passes that one
      vdoms.push_back({.name = std::string(vdom.word()), .config = vdom, .entered = true});
  if (vdoms.empty()) vdoms.push_back({.name = "root", .config = root});
  return vdoms;
}

class Reading {
 public:
  Reading(Node root, bool backup, Device& device)
      : root_(root),
        vdoms_(vdoms_of(root)),
        global_(root["global"] ? root["global"] : root),
        device_(device),
        backup_(backup) {}

  void run() {
    device_.hostname = global_.at({"system", "global", "hostname"}).value();
    if (device_.hostname.empty()) device_.hostname = root_["prompt"].value();
    for (const Vdom& vdom : vdoms_) mode(vdom);
    helpers();
    for (const Vdom& vdom : vdoms_) policies(vdom);
    timers();
    shaping();
    device_.sip = together(device_.features);
  }

 private:
  /// A setting of `block`, or what `show ... | grep` answered, which has no block around it.
  [[nodiscard]] Node said(Node block, std::initializer_list<Bytes> path, Bytes key) const {
    if (block[key] || vdoms_.front().entered) return block[key];
    return root_["filtered"].at(path)[key];
  }
  /// `set` of what a node holds, or what takes away what it did not hold.
  [[nodiscard]] static std::string restored(Bytes key, Node said) {
    if (!said) return "unset " + std::string(key);
    std::string line = "set " + std::string(key);
    for (const Node value : said.children()) line += " " + word_of(value.word());
    return line;
  }
  /// One setting of `block`, and back to what `said` holds.
  [[nodiscard]] static Edit edit_of(const Vdom& vdom, const std::vector<std::string>& block, Bytes key, Bytes value,
                                    Node said) {
    const auto whole = [&](std::string line) {
      std::vector<std::string> lines = block;
      lines.push_back(std::move(line));
      for (auto above = block.rbegin(); above != block.rend(); ++above)
        lines.emplace_back(above->starts_with("edit ") ? "next" : "end");
      return vdom.inside(std::move(lines));
    };
    return {.fix = whole(value.empty() ? "unset " + std::string(key)
                                       : "set " + std::string(key) + " " + std::string(value)),
            .undo = whole(restored(key, said))};
  }
  /// What is not of a VDOM, in `config global` where there are VDOMs.
  [[nodiscard]] std::vector<std::string> globally(std::vector<std::string> lines) const {
    if (!vdoms_.front().entered) return lines;
    lines.insert(lines.begin(), "config global");
    lines.emplace_back("end");
    return lines;
  }

  void mode(const Vdom& vdom) {
    const Node settings = vdom.config.at({"system", "settings"});
    Node mode = said(settings, {"system", "settings"}, "default-voip-alg-mode");
    if (!mode) mode = vdom.config["default-voip-alg-mode"];  // a filtered answer without the question
    Feature feature{.name = "default-voip-alg-mode", .scope = "vdom " + vdom.name, .state = State::on};
    feature.edit = edit_of(vdom, {"config system settings"}, feature.name, "kernel-helper-based", mode);
    const bool proxy = mode ? mode.value() != "kernel-helper-based" : !before_proxy();
    if (mode)
      feature.origin.line = mode.line();
    else
      feature.origin.standard =
          proxy ? "proxy-based since FortiOS 5.2" : "SIP is left to the session helper before FortiOS 5.2";
    if (!proxy) feature.state = State::off;
    if (!proxy && by_ips_engine()) feature.note = kFlowMode;
    if (!mode && cut(vdom)) {
      feature.state = State::unknown;
      feature.origin.standard =
          "proxy-based by default since FortiOS 5.2, but the system settings are not in this text";
    }
    // The proxy acts by its profile: one whose SIP is off lets everything pass.
    const Node status = vdom.config.at({"voip", "profile", "default", "sip", "status"});
    if (proxy && status.value() == "disable") {
      device_.features.push_back({.name = "voip profile sip status",
                                  .scope = "voip profile default",
                                  .mechanism = feature.name,
                                  .state = State::off,
                                  .origin = {.line = status.line()}});
      feature.state = State::off;
      if (!mode) feature.origin.standard = "proxy-based by default, but its profile has SIP disabled";
    }
    device_.features.push_back(std::move(feature));
    helper_switch(settings, vdom);
  }

  /// 7.0 to 7.2.4: policies of flow mode, the default, have SIP inspected there.
  [[nodiscard]] bool by_ips_engine() const {
    const Bytes version = device_.version;
    const bool early = version.starts_with("7.2.") && version.size() == 5 && version.back() <= '4';
    return version.starts_with("7.0.") || early;
  }
  static constexpr const char* kFlowMode =
      "in this release the IPS engine inspects SIP in policies of flow mode, and no document says that this setting "
      "ends it: look at a call";

  /// A backup has its version and prints the settings of each VDOM, before the policies: without them the text is a
  /// part of something.
  [[nodiscard]] bool cut(const Vdom& vdom) const {
    return !vdom.config.at({"system", "settings"}) && (!backup_ || std::ranges::none_of(kPolicies, [&](Bytes table) {
      return bool(vdom.config.at({"firewall", table}));
    }));
  }
  [[nodiscard]] bool before_proxy() const {
    static constexpr std::array<Bytes, 3> kOld{"3.", "4.", "5.0"};
    return std::ranges::any_of(kOld, [&](Bytes old) { return device_.version.starts_with(old); });
  }
  /// Whether what this text does not say has its default.
  [[nodiscard]] bool whole() const { return backup_ || global_.at({"system", "global"}); }

  /// Below 6.2.2 a VDOM can keep the helper from acting although its entry stands.
  void helper_switch(Node settings, const Vdom& vdom) {
    const Node helper = settings["sip-helper"];
    if (!helper) return;
    const bool off = helper.value() == "disable";
    helper_off_ &= off;
    device_.features.push_back({.name = "sip-helper",
                                .scope = "vdom " + vdom.name,
                                .mechanism = "session-helper sip",
                                .state = off ? State::off : State::on,
                                .origin = {.line = helper.line()},
                                .edit = edit_of(vdom, {"config system settings"}, "sip-helper", "disable", helper)});
    ++helper_switches_;
  }

  void helpers() {
    const Node table = global_.at({"system", "session-helper"});
    const bool kept_off = helper_off_ && helper_switches_ == vdoms_.size();
    std::vector<Node> entries;
    bool usual = false;
    for (const Node entry : table.children())
      if (entry["name"].value() == "sip") {
        entries.push_back(entry);
        usual |= helper_port(entry) == "5060";
      }
    for (const Node entry : entries)
      device_.features.push_back(
          {.name = "session-helper sip",
           .scope = usual && entries.size() == 1 ? "global" : "global " + std::string(helper_port(entry)),
           .state = kept_off ? State::off : State::on,
           .origin = {.line = entry["name"].line()},
           .edit = helper_edit(entry)});
    if (usual) return;
    Feature feature{.name = "session-helper sip",
                    .scope = entries.empty() ? "global" : "global 5060",
                    .state = table ? State::off : State::unknown};
    feature.origin.standard = table ? "entry deleted; the table is printed with all its entries"
                                    : "the table is not in this file; it has an entry for sip by default";
    feature.edit.fix = globally({"config system session-helper", "show", "delete <ID_OF_SIP>", "end"});
    feature.edit.undo = globally({"config system session-helper", "edit <ID_OF_SIP>", "set name sip", "set protocol 17",
                                  "set port 5060", "next", "end"});
    device_.features.push_back(std::move(feature));
  }

  /// The number of the entry differs from box to box.
  [[nodiscard]] Edit helper_edit(Node entry) const {
    const std::string number = word_of(entry.word());
    std::vector<std::string> undo{"config system session-helper", "edit " + number};
    for (const Node setting : entry.children()) undo.push_back(restored(setting.word(), setting));
    undo.insert(undo.end(), {"next", "end"});
    return {.fix = globally({"config system session-helper", "delete " + number, "end"}),
            .undo = globally(std::move(undo))};
  }
  [[nodiscard]] static Bytes helper_port(Node entry) { return entry["port"] ? entry["port"].value() : Bytes("5060"); }

  /// Where policies are: `policy6` up to 6.2, `security-policy` where policies are made for applications.
  static constexpr std::array<Bytes, 3> kPolicies{"policy", "policy6", "security-policy"};
  /// The profile of the proxy, and since 7.2.4 the one of the IPS engine beside it.
  static constexpr std::array<Bytes, 2> kProfiles{"voip-profile", "ips-voip-filter"};

  /// A policy with a VoIP profile uses the ALG whatever the mode is; it has its own, or those of its group.
  void policies(const Vdom& vdom) {
    for (const Bytes table : kPolicies)
      for (const Node policy : vdom.config.at({"firewall", table}).children()) {
        const bool grouped = policy["profile-type"].value() == "group";
        const Node group = vdom.config.at({"firewall", "profile-group", policy["profile-group"].value()});
        nat(vdom, table, policy);
        if (grouped && !group && !idle(policy)) untold_group(vdom, table, policy);
        if (!idle(policy)) sensor(vdom, table, policy, grouped ? group["ips-sensor"] : policy["ips-sensor"]);
        for (const Bytes key : kProfiles)
          if (const Node profile = grouped ? group[key] : policy[key]; profile)
            policy_profile(vdom, table, policy, profile);
      }
  }
  /// Its profiles may be any.
  void untold_group(const Vdom& vdom, Bytes table, Node policy) {
    device_.features.push_back({.name = "profile-group",
                                .scope = place_of(vdom) + std::string(table) + " " + std::string(policy.word()),
                                .origin = {.line = policy["profile-type"].line()},
                                .note = "the policy takes its profiles from a group that is not in this text"});
  }
  /// `profile`: the line of the policy or of its group that names it.
  void policy_profile(const Vdom& vdom, Bytes table, Node policy, Node profile) {
    const bool disabled = idle(policy);
    const bool harmless = vdom.config.at({"voip", "profile", profile.value(), "sip", "status"}).value() == "disable";
    const Node owner = profile.parent();
    const std::string above = owner == policy ? std::string(table) : "profile-group";
    Feature feature{.name = std::string(profile.word()),
                    .scope = place_of(vdom) + std::string(table) + " " + std::string(policy.word()),
                    .state = disabled || harmless ? State::off : State::on,
                    .origin = {.line = disabled ? policy["status"].line() : profile.line()},
                    .edit = edit_of(vdom, {"config firewall " + above, "edit " + word_of(owner.word())}, profile.word(),
                                    {}, profile)};
    // One that is switched off says nothing of the others.
    if (!disabled) feature.mechanism = "default-voip-alg-mode";
    if (owner != policy) feature.note = "through profile-group " + std::string(owner.word());
    device_.features.push_back(std::move(feature));
  }

  /// How the policy maps ports, and whom it lets in through a mapping.
  void nat(const Vdom& vdom, Bytes table, Node policy) {
    if (idle(policy)) return;
    for (const Bytes key : {Bytes("fixedport"), Bytes("permit-any-host"), Bytes("permit-stun-host")})
      if (const Node said = policy[key]; said.value() == "enable")
        device_.nat.push_back({.name = std::string(key),
                               .scope = place_of(vdom) + std::string(table) + " " + std::string(policy.word()),
                               .value = std::string(said.value()),
                               .origin = {.line = said.line()}});
  }
  /// A sensor of the IPS that names SIP decodes it, and drops what its signatures take for an attack. `named`: the line
  /// of the policy or of its group.
  void sensor(const Vdom& vdom, Bytes table, Node policy, Node named) {
    if (!named || policy["utm-status"].value() == "disable") return;
    const Node own = vdom.config.at({"ips", "sensor", named.value()});
    const Node protocol = sip_of_sensor(own ? own : global_.at({"ips", "sensor", named.value()}));
    if (!protocol) return;
    Feature feature{
        .name = "ips-sensor",
        .scope = place_of(vdom) + std::string(table) + " " + std::string(policy.word()),
        .mechanism = "default-voip-alg-mode",
        .state = State::on,
        .origin = {.line = protocol.line()},
        .note = "the sensor " + std::string(named.value()) + " decodes SIP",
        .edit = {.by_hand = "config ips sensor, edit " + word_of(named.value()) + ", config entries, edit " +
                            word_of(protocol.parent().word()) +
                            ", set status disable, where the entry is for SIP alone: other traffic of the policy has "
                            "to stay protected"}};
    if (named.parent() != policy) feature.note += ", through profile-group " + std::string(named.parent().word());
    device_.features.push_back(std::move(feature));
  }
  /// `protocol` of the first entry of a sensor that names SIP. Looked for once, for many policies share a sensor.
  [[nodiscard]] Node sip_of_sensor(Node sensor) {
    const auto [known, added] = sensors_.try_emplace(sensor);
    if (!added) return known->second;
    for (const Node entry : sensor["entries"].children())
      if (entry["protocol"]["SIP"] && entry["status"].value() != "disable") {
        known->second = entry["protocol"];
        break;
      }
    return known->second;
  }

  /// It accepts nothing.
  [[nodiscard]] static bool idle(Node policy) { return policy["status"].value() == "disable"; }
  [[nodiscard]] static std::string place_of(const Vdom& vdom) {
    return vdom.entered ? "vdom " + vdom.name + " " : std::string();
  }

  void timers() {
    const Node idle = said(global_.at({"system", "global"}), {"system", "global"}, "udp-idle-timer");
    Timer timer{.name = "udp-idle-timer", .seconds = 180, .origin = {.standard = "180 s"}};
    if (const auto seconds = parse_decimal(idle.value())) {
      timer.seconds = *seconds;
      timer.origin = {.line = idle.line()};
    }
    timer.edit = {
        .fix = globally({"config system global", "set udp-idle-timer " + std::to_string(Timer::kAdvised), "end"}),
        .undo = globally({"config system global", restored("udp-idle-timer", idle), "end"})};
    if (idle || whole()) device_.timers.push_back(std::move(timer));
    for (const Vdom& vdom : vdoms_) {
      session_ttl(vdom);
      services(vdom);
      policy_timers(vdom);
    }
  }

  void session_ttl(const Vdom& vdom) {
    for (const Node port : vdom.config.at({"system", "session-ttl", "port"}).children()) {
      const auto begin = parse_decimal(port["start-port"].value());
      const auto end = parse_decimal(port["end-port"].value());
      const auto seconds = parse_decimal(port["timeout"].value());
      if (port["protocol"].value() != "17" || !seconds || !begin) continue;
      const std::uint32_t last = end.value_or(*begin);
      device_.timers.push_back(
          {.name = "session-ttl port",
           .scope = (vdom.entered ? place_of(vdom) : "global ") + std::to_string(*begin) +
                    (last != *begin ? "-" + std::to_string(last) : ""),
           .applies = applies(*begin, last),
           .seconds = *seconds,
           .origin = {.line = port["timeout"].line()},
           .edit = edit_of(vdom, {"config system session-ttl", "config port", "edit " + word_of(port.word())},
                           "timeout", std::to_string(Timer::kAdvised), port["timeout"])});
    }
  }
  [[nodiscard]] static Timer::Applies applies(std::uint32_t first, std::uint32_t last) {
    if (first <= 1 && last == 65535) return Timer::Applies::udp;
    return first <= 5060 && last >= 5060 ? Timer::Applies::sip : Timer::Applies::policy;
  }

  /// `set session-ttl` of a policy that lets UDP through.
  void policy_timers(const Vdom& vdom) {
    for (const Bytes table : kPolicies)
      for (const Node policy : vdom.config.at({"firewall", table}).children()) {
        const Node ttl = policy["session-ttl"];
        const auto seconds = parse_decimal(ttl.value());
        if (!ttl || idle(policy) || (!seconds && ttl.value() != "never") || seconds == 0U ||
            !takes_udp(vdom, policy["service"]))
          continue;
        device_.timers.push_back(
            {.name = "session-ttl",
             .scope = place_of(vdom) + std::string(table) + " " + std::string(policy.word()),
             .applies = Timer::Applies::policy,
             .seconds = seconds.value_or(0),
             .origin = {.line = ttl.line()},
             .edit = edit_of(vdom, {"config firewall " + std::string(table), "edit " + word_of(policy.word())},
                             "session-ttl", std::to_string(Timer::kAdvised), ttl)});
      }
  }
  /// Of services that this text does not define, those of the factory that are TCP alone are known by name.
  [[nodiscard]] static bool takes_udp(const Vdom& vdom, Node services) {
    static constexpr std::array<Bytes, 12> kTcp{"HTTP",  "HTTPS", "SSH",  "TELNET", "FTP", "SMTP",
                                                "SMTPS", "POP3",  "IMAP", "IMAPS",  "RDP", "PING"};
    return !services || std::ranges::any_of(services.children(), [&](Node service) {
      const Node own = vdom.config.at({"firewall", "service", "custom", service.word()});
      return own ? !own["tcp-portrange"] || own["udp-portrange"]
                 : std::ranges::find(kTcp, service.word()) == kTcp.end();
    });
  }

  void services(const Vdom& vdom) {
    for (const Node service : vdom.config.at({"firewall", "service", "custom"}).children()) {
      const Node idle = service["udp-idle-timer"];
      const auto seconds = parse_decimal(idle.value());
      if (!seconds || *seconds == 0) continue;
      bool sip = false;
      for (const Node range : service["udp-portrange"].children()) sip |= holds_sip(range.word());
      device_.timers.push_back(
          {.name = "service udp-idle-timer",
           .scope = "service " + std::string(service.word()),
           .applies = sip ? Timer::Applies::sip : Timer::Applies::policy,
           .seconds = *seconds,
           .origin = {.line = idle.line()},
           .edit = edit_of(vdom, {"config firewall service custom", "edit " + word_of(service.word())},
                           "udp-idle-timer", std::to_string(Timer::kAdvised), idle)});
    }
  }

  /// A shaping policy whose shaper has high priority; what it matches is the owner's choice, named by services.
  void shaping() {
    if (whole()) device_.rtp_priority = Priority::no;
    for (const Vdom& vdom : vdoms_)
      for (const Node policy : vdom.config.at({"firewall", "shaping-policy"}).children()) {
        const Node shaper = vdom.config.at({"firewall", "shaper", "traffic-shaper", policy["traffic-shaper"].value()});
        const Node shared = global_.at({"firewall", "shaper", "traffic-shaper", policy["traffic-shaper"].value()});
        const Node used = shaper ? shaper : shared;
        if (policy["status"].value() == "disable" || !used || used["priority"].value() == "low" ||
            used["priority"].value() == "medium")
          continue;
        device_.rtp_priority = Priority::yes;
        device_.rtp_origin.line = policy["traffic-shaper"].line();
      }
  }

  Node root_;
  std::vector<Vdom> vdoms_;
  Node global_;
  Device& device_;
  bool backup_;
  bool helper_off_ = true;
  std::size_t helper_switches_ = 0;
  std::map<Node, Node> sensors_;  ///< what of them names SIP
};

}  // namespace

void read_fortios(const Text& text, const Product&, Device& device) {
  Tree tree;
  syntax::fortios(text, tree);
  device.version = version_of(text);
  constexpr std::size_t kHead = 8192;
  const bool backup = text.octets().substr(0, kHead).find(kMark) != Bytes::npos;
  Reading(tree.root(), backup, device).run();
  device.problems = tree.problems();
}

}  // namespace viaduct::audit::products
