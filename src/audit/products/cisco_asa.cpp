// SPDX-License-Identifier: GPL-2.0-or-later
#include "audit/pattern_reader.hpp"
#include "audit/products/cisco_acl.hpp"
#include "audit/products/products.hpp"
#include "audit/syntax/syntax.hpp"
#include "audit/tree.hpp"

#include <algorithm>
#include <array>
#include <map>
#include <set>
#include <string>
#include <vector>

namespace viaduct::audit::products {
namespace {

constexpr Bytes kInspect = "inspect sip";
constexpr Bytes kFixup = "fixup protocol sip";

/// Of ASA, FTD (NGFW), FWSM and PIX 7: one syntax. PIX 6 has fixups instead of policies.
class Reading {
 public:
  /// `typed`: it has a command line that takes edits, which FTD has not.
  Reading(const Text& text, Node root, bool typed, Device& device)
      : text_(text), root_(root), device_(device), typed_(typed), script_(root["clear"] || root["configure"]) {}

  void run() {
    device_.enter = {"configure terminal"};
    device_.leave = {"end", "write memory"};
    const Node version = version_of();
    device_.version = version.word();
    device_.hostname = root_["hostname"].value();
    if (version["<system>"] || (root_["context"] && !root_["policy-map"])) return system_space();
    service_policies();
    if (fixups()) {
      device_.leave.front() = "exit";
      transports();
    } else {
      inspections(static_cast<bool>(version));
    }
    device_.sip = together(device_.features);
    timers();
    queues();
  }

 private:
  [[nodiscard]] Node version_of() const {
    for (const Bytes software : std::array<Bytes, 4>{"ASA", "NGFW", "FWSM", "PIX"})
      if (const Node version = root_.at({software, "Version"}).first(); version) return version;
    return {};
  }

  /// Inspection is set in the contexts, each of which is a configuration of its own.
  void system_space() {
    for (const Node context : root_["context"].children())
      device_.features.push_back({.name = std::string(kInspect),
                                  .scope = "context " + std::string(context.word()),
                                  .origin = {.standard = "configuration of the context is in another file"}});
    device_.rtp_origin.standard = "system execution space: queues are set in the contexts";
  }

  void service_policies() {
    for (const Node policy : root_["service-policy"].children()) {
      if (policy["global"].line() > root_.at({"no", "service-policy", policy.word(), "global"}).line())
        global_.insert(policy.word());
      for (const Node interface : policy["interface"].children())
        if (root_.at({"no", "service-policy", policy.word()}).line() < interface.line())
          by_interface_[policy.word()].push_back(interface.word());
    }
  }
  [[nodiscard]] bool applied(Bytes policy) const { return global_.contains(policy) || by_interface_.contains(policy); }

  void inspections(bool whole) {
    std::vector<Node> entries;
    for (const Node policy : root_["policy-map"].children()) {
      if (policy.word() == "type") continue;  // of layer 7: what an inspection looks for
      for (const Node entry : policy["class"].children()) {
        entries.push_back(entry);
        default_class_ |= applied(policy.word()) && takes_default_traffic(entry.word());
        all_inspected_ |=
            global_.contains(policy.word()) && takes_everything(entry.word()) && entry.at({"inspect", "sip"});
      }
    }
    for (const Node entry : entries) inspection(entry.parent().parent(), entry);
    if (!device_.features.empty()) return;
    whole = !script_ && (whole || (root_["policy-map"] && root_["service-policy"]));
    device_.features.push_back(
        {.name = std::string(kInspect),
         .state = whole ? State::off : State::unknown,
         .origin = {.standard = whole ? "no policy inspects SIP; the ASA prints it whenever it is on"
                                      : "no policy in this file says so"}});
  }

  void inspection(Node policy, Node entry) {
    const Node said = entry.at({"inspect", "sip"});
    const Node removed = entry.at({"no", "inspect", "sip"});
    const bool used = applied(policy.word());
    if (!said && !removed && (all_inspected_ || !used || !takes_default_traffic(entry.word()))) return;
    Feature feature{.name = std::string(kInspect),
                    .scope = "policy-map " + std::string(policy.word()) + " class " + std::string(entry.word()),
                    .state = State::off};
    if (said.line() > removed.line()) {
      feature.origin.line = said.line();
      feature.edit = inspect_edit(policy, entry, said.line());
      if (used)
        narrow(feature, entry.word());
      else
        feature.note = "no service-policy applies this policy-map: nothing is inspected";
      inspecting_ |= feature.state != State::off;
    } else if (removed) {
      feature.origin.line = removed.line();
    } else if (script_) {
      feature.state = State::unknown;
      feature.origin.standard = "these commands add to what the device has, which this file does not show";
    } else {
      feature.origin.standard = "line removed; the ASA prints it whenever it is on";
    }
    device_.features.push_back(std::move(feature));
  }
  /// An access list takes from a class what it denies. A class of its own is on for what it has: the others say what
  /// happens to the rest.
  void narrow(Feature& feature, Bytes class_map) const {
    feature.state = State::on;
    const Node lists = root_.at({"class-map", class_map, "match", "access-list"});
    if (!lists) return;
    const Node list = root_["access-list"][lists.value()];
    if (!list) {
      feature.state = State::unknown;
      feature.note =
          "access-list " + std::string(lists.value()) + ", which says what this class takes, is not in this file";
      return;
    }
    const AclCover cover = cover_of(list, services());
    const bool alone = !takes_default_traffic(class_map);
    if (cover.nothing()) {
      feature.state = State::off;
      feature.note = "access-list " + std::string(lists.value()) + " permits no SIP: nothing is inspected";
    } else if (!cover.everything() && !(alone && default_class_)) {
      feature.state = State::partly;
      feature.note = "access-list " + std::string(lists.value()) + " takes some of the traffic out of this class";
    }
  }
  [[nodiscard]] Node services() const { return root_.at({"object-group", "service"}); }
  /// Whether a class that takes UDP at all is matched so.
  [[nodiscard]] bool takes_udp(Bytes class_map) const {
    const Node match = root_.at({"class-map", class_map, "match"});
    const Node list = root_["access-list"][match["access-list"].value()];
    if (list) return cover_of(list, services()).any_udp;
    return !match.at({"port", "tcp"});
  }

  /// `no inspect sip` takes the map with it, which the line that was there brings back.
  [[nodiscard]] Edit inspect_edit(Node policy, Node entry, std::uint32_t line) const {
    if (!typed_) return {};
    const std::string above = "policy-map " + std::string(policy.word());
    const std::string inside = "class " + std::string(entry.word());
    const Bytes whole = text_.line(line);
    const std::size_t begin = std::min(whole.find_first_not_of(' '), whole.size());
    return {.fix = {above, inside, "no " + std::string(kInspect)},
            .undo = {above, inside, std::string(whole.substr(begin, whole.find_last_not_of(' ') - begin + 1))}};
  }
  [[nodiscard]] bool takes_default_traffic(Bytes class_map) const {
    return root_.at({"class-map", class_map, "match", "default-inspection-traffic"}) ||
           class_map == "inspection_default";
  }

  [[nodiscard]] bool takes_everything(Bytes class_map) const {
    return class_map == "class-default" || root_.at({"class-map", class_map, "match", "any"});
  }

  [[nodiscard]] bool fixups() const {
    const bool before_policies = root_["PIX"] && device_.version < "7";
    return root_["fixup"] || root_.at({"no", "fixup"}) || before_policies;
  }
  /// `fixup protocol sip 5060` is TCP, `fixup protocol sip udp 5060` (PIX 6.3) UDP.
  void transports() {
    const Node on = root_.at({"fixup", "protocol", "sip"});
    const Node off = root_.at({"no", "fixup", "protocol", "sip"});
    for (const Node from : {on, off})
      for (const Node port : from.children())
        if (port.word() != "udp") fixup("tcp", port, on[port.word()], off);
    for (const Node from : {on["udp"], off["udp"]})
      for (const Node port : from.children()) fixup("udp", port, on.at({"udp", port.word()}), off["udp"]);
    if (off.ended() != 0 && !told("tcp")) fixup("tcp", {}, {}, off);
    if (on && !on["udp"] && !off["udp"]) return;  // before 6.3 one line for both
    for (const Bytes transport : std::array<Bytes, 2>{"tcp", "udp"})
      if (!told(transport))
        device_.features.push_back(
            {.name = fixup_name(transport),
             .scope = "global " + std::string(transport),
             .mechanism = std::string(kFixup),
             .origin = {.standard = "on by default, but neither the line nor its no is in this file"},
             .edit = fixup_edit(transport, "5060")});
  }
  [[nodiscard]] bool told(Bytes transport) const {
    const auto first = scopes_.lower_bound("global " + std::string(transport));
    return first != scopes_.end() && first->starts_with("global " + std::string(transport));
  }
  [[nodiscard]] static std::string fixup_name(Bytes transport) {
    return std::string(kFixup) + (transport == "udp" ? " udp" : "");
  }
  [[nodiscard]] static Edit fixup_edit(Bytes transport, Bytes port) {
    const std::string line = fixup_name(transport) + " " + std::string(port);
    return {.fix = {"no " + line}, .undo = {line}};
  }
  /// `off`: of the transport; with a port below it, or with none for all.
  void fixup(Bytes transport, Node port, Node on, Node off) {
    const std::string scope = "global " + std::string(transport) + (port ? " " + std::string(port.word()) : "");
    if (!scopes_.insert(scope).second) return;
    const std::uint32_t removed = std::max(off[port.word()].line(), off.ended());
    const bool acts = on.line() > removed;
    device_.features.push_back({.name = fixup_name(transport),
                                .scope = scope,
                                .mechanism = std::string(kFixup),
                                .state = acts ? State::on : State::off,
                                .origin = {.line = acts ? on.line() : removed},
                                .edit = port ? fixup_edit(transport, port.word()) : Edit()});
    inspecting_ |= acts;
  }

  /// `timeout conn 1:00:00 half-closed 0:10:00 udp 0:02:00`: each name is followed by its time.
  void timers() {
    const Node udp = timeout("udp");
    device_.timers.push_back({.name = "timeout udp", .seconds = 120, .origin = {.standard = "0:02:00"}});
    if (udp) set_time(device_.timers.back(), udp);
    set_edit(device_.timers.back(), {}, "timeout udp");
    if (inspecting_) {
      protocol_timer("sip", Timer::Applies::sip, 1800);
      protocol_timer("sip_media", Timer::Applies::rtp, 120);
    }
    for (const Node policy : root_["policy-map"].children())
      for (const Node entry : policy["class"].children())
        if (const Node idle = named(entry.at({"set", "connection", "timeout"}), "idle");
            idle && applied(policy.word()) && takes_udp(entry.word())) {
          device_.timers.push_back(
              {.name = "set connection timeout idle",
               .scope = "policy-map " + std::string(policy.word()) + " class " + std::string(entry.word()),
               .applies = Timer::Applies::policy});
          set_time(device_.timers.back(), idle);
          set_edit(device_.timers.back(),
                   {"policy-map " + std::string(policy.word()), "class " + std::string(entry.word())},
                   "set connection timeout idle");
        }
  }
  void protocol_timer(Bytes name, Timer::Applies applies, std::int64_t standard) {
    device_.timers.push_back({.name = "timeout " + std::string(name),
                              .applies = applies,
                              .seconds = standard,
                              .origin = {.standard = name == "sip" ? "0:30:00" : "0:02:00"}});
    if (const Node said = timeout(name); said) set_time(device_.timers.back(), said);
    set_edit(device_.timers.back(), {}, "timeout " + std::string(name));
  }
  /// What a time was before is known: it is printed, or the default.
  void set_edit(Timer& timer, const std::vector<std::string>& above, const std::string& command) const {
    if (!typed_ || timer.seconds < 0) return;
    timer.edit = {.fix = above, .undo = above};
    timer.edit.fix.push_back(command + " " + clock(Timer::kAdvised));
    timer.edit.undo.push_back(command + " " + clock(timer.seconds));
  }
  /// "0:05:00"
  [[nodiscard]] static std::string clock(std::int64_t seconds) {
    const auto two = [](std::int64_t value) { return (value < 10 ? "0" : "") + std::to_string(value); };
    return std::to_string(seconds / 3600) + ":" + two(seconds / 60 % 60) + ":" + two(seconds % 60);
  }
  static void set_time(Timer& timer, Node time) {
    timer.seconds = seconds_of(time.word(), TimerPattern::Unit::h_mm_ss);
    timer.origin = {.line = time.line()};
  }
  [[nodiscard]] Node timeout(Bytes name) const { return named(root_["timeout"], name); }
  /// The value that the last line gives to `name`, which may stand behind other names and their values.
  [[nodiscard]] static Node named(Node top, Bytes name) {
    Node latest;
    std::vector<Node> open{top};
    while (!open.empty()) {
      const Node at = open.back();
      open.pop_back();
      for (const Node child : at.children()) {
        open.push_back(child);
        if (child.word() != name) continue;
        for (const Node time : child.children())
          if (time.line() > latest.line()) latest = time;
      }
    }
    return latest;
  }

  /// `priority` acts where the interface has a priority-queue.
  void queues() {
    if (!script_) device_.rtp_priority = Priority::no;
    for (const Node policy : root_["policy-map"].children())
      for (const Node entry : policy["class"].children())
        if (entry["priority"] && takes_rtp(root_.at({"class-map", entry.word(), "match"})) && queued(policy.word())) {
          device_.rtp_priority = Priority::yes;
          device_.rtp_origin.line = entry["priority"].line();
        }
  }
  [[nodiscard]] static bool takes_rtp(Node match) {
    return match.at({"dscp", "ef"}) || match.at({"dscp", "46"}) || match["rtp"];
  }
  [[nodiscard]] bool queued(Bytes policy) const {
    if (global_.contains(policy) && root_["priority-queue"]) return true;
    const auto used = by_interface_.find(policy);
    return used != by_interface_.end() && std::ranges::any_of(used->second, [&](Bytes interface) {
             return static_cast<bool>(root_.at({"priority-queue", interface}));
           });
  }

  const Text& text_;
  Node root_;
  Device& device_;
  bool typed_;
  bool script_;             ///< commands to be typed, no configuration: `clear` is never printed
  std::set<Bytes> global_;  ///< policies on all interfaces
  std::map<Bytes, std::vector<Bytes>> by_interface_;  ///< and the interfaces of others
  std::set<std::string> scopes_;                      ///< of fixups that were told
  bool inspecting_ = false;
  bool default_class_ = false;  ///< an applied policy has a class of default-inspection-traffic
  bool all_inspected_ = false;  ///< a class of all traffic inspects SIP
};

}  // namespace

void read_cisco_asa(const Text& text, const Product& product, Device& device) {
  Tree tree;
  syntax::indented(text, tree, syntax::Banners::lines);
  Reading(text, tree.root(), product.id != "cisco-ftd", device).run();
  device.problems = tree.problems();
}

}  // namespace viaduct::audit::products
