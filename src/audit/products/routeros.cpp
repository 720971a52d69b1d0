// SPDX-License-Identifier: GPL-2.0-or-later
#include "audit/pattern_reader.hpp"
#include "audit/products/linux.hpp"
#include "audit/products/products.hpp"
#include "audit/syntax/syntax.hpp"
#include "audit/tree.hpp"
#include "base/text.hpp"

#include <algorithm>
#include <optional>
#include <set>
#include <string>

namespace viaduct::audit::products {
namespace {

using base::parse_decimal;

constexpr Bytes kHelper = "service-port sip";

/// "# 2025-02-03 11:07:43 by RouterOS 7.14.3", or what oxidized writes above an export: "# installed-version: 7.14.3",
/// or the answer to
/// `/system resource print`: "version: 7.14.3 (stable)". No command says it.
[[nodiscard]] std::string version_of(const Text& text) {
  constexpr std::uint32_t kHead = 20;
  for (const std::uint32_t number : text.head(kHead)) {
    const Bytes line = text.line(number);
    for (const Bytes mark :
         {Bytes(" by RouterOS "), Bytes("(RouterOS "), Bytes(" version: "), Bytes(" installed-version: ")}) {
      const std::size_t at = line.find(mark);
      if (at == Bytes::npos || (mark.ends_with("OS ") && !line.starts_with('#'))) continue;
      Bytes version = line.substr(at + mark.size());
      version = version.substr(0, version.find_first_not_of("0123456789.abcert"));
      if (!version.empty() && base::kDigits.contains(version.front())) return std::string(version);
    }
  }
  return {};
}

/// Whether a command is about the helper of SIP; of several words the greatest counts.
enum class Names : std::uint8_t { other, unclear, sip };

[[nodiscard]] Bytes trimmed(Bytes text) {
  const std::size_t begin = std::min(text.find_first_not_of(" []\""), text.size());
  const std::size_t end = text.find_last_not_of(" []\"");
  return end == Bytes::npos ? Bytes() : text.substr(begin, end + 1 - begin);
}

/// `[ find name=sip ]`, `[find where name~"sip"]`, `[find]`.
[[nodiscard]] Names found(Bytes expression) {
  Bytes rest = trimmed(expression);
  for (const Bytes word : {Bytes("find"), Bytes("where")})
    if (rest.starts_with(word)) rest = trimmed(rest.substr(word.size()));
  if (rest.empty()) return Names::sip;  // all of them
  if (rest.find_first_of(" !&|()") != Bytes::npos) return Names::unclear;
  if (!rest.starts_with("name=") && !rest.starts_with("name~")) return Names::unclear;
  const Bytes value = trimmed(rest.substr(5));
  if (rest[4] == '=') return value == "sip" ? Names::sip : Names::other;
  return Bytes("sip").find(value) != Bytes::npos ? Names::sip : Names::unclear;
}

/// `sip`, `ftp,sip`, `5` (a number of an earlier print), `[ find ... ]`.
[[nodiscard]] Names named(Bytes list) {
  if (list.starts_with('[')) return found(list);
  Names names = Names::other;
  while (!list.empty()) {
    const Bytes one = list.substr(0, list.find(','));
    list.remove_prefix(std::min(one.size() + 1, list.size()));
    const bool number = parse_decimal(one).has_value() || one.starts_with('*') || one.starts_with('$');
    names = std::max(names, one == "sip" ? Names::sip : number ? Names::unclear : Names::other);
  }
  return names;
}

[[nodiscard]] bool disabled(Node command) {
  return command["disabled"].value() == "yes" || command["disabled"].value() == "true";
}

class Reading {
 public:
  Reading(Node root, Device& device)
      : firewall_(root.at({"ip", "firewall"})),
        root_(root),
        device_(device),
        whole_(!device.version.empty() || root["interface"]) {}

  void run() {
    device_.hostname = last(root_.at({"system", "identity"}), "name").value();
    for (const Node command : firewall_["service-port"].children()) helper(command);
    if (!whole_ && feature_.origin.line == 0) {
      feature_.state = State::unknown;
      feature_.origin.standard = "a part of a configuration, without this menu";
    }
    other_ports();
    without_tracking();
    device_.features.push_back(feature_);
    untracked();
    device_.sip = together(device_.features);
    tracking_timers();
    if (feature_.state == State::on || feature_.state == State::partly) sip_timer();
    queues();
    nat();
  }

 private:
  /// The last `set` of a menu that says `key`.
  [[nodiscard]] static Node last(Node menu, Bytes key) {
    Node said;
    for (const Node command : menu.children())
      if (command.word() == "set" && command[key]) said = command[key];
    return said;
  }

  void helper(Node command) {
    Names names = Names::other;
    for (const Node word : command.children()) {
      if (word.word() == "numbers")
        names = std::max(names, named(word.value()));
      else if (!word.first())
        names = std::max(names, named(word.word()));
    }
    if (names == Names::other) return;
    std::optional<bool> off;
    std::uint32_t line = command.line();
    if (command.word() == "disable" || command.word() == "enable")
      off = command.word() == "disable";
    else if (const Node said = command["disabled"]; said) {
      off = disabled(command);
      line = said.line();
    }
    if (names == Names::sip) {
      decide(command, off, line);
    } else if (off && *off != (feature_.state == State::off)) {
      feature_.state = State::unknown;
      feature_.origin = {.line = line};
      feature_.note = "names the helper by its place in a list that this file does not show";
    }
  }
  void decide(Node command, std::optional<bool> off, std::uint32_t line) {
    if (const Node timeout = command["sip-timeout"]; timeout) timeout_ = timeout;
    if (off) {
      feature_.state = *off ? State::off : State::on;
      feature_.origin = {.line = line};
      feature_.note.clear();
    } else if (feature_.origin.line == 0) {
      feature_.origin = {.line = line};  // an export prints it, and would print disabled=yes
    }
    if (const Node ports = command["ports"]; ports) ports_ = ports;
  }

  /// The list replaces 5060 and 5061. An import script may switch it on behind the line with the ports.
  void other_ports() {
    if (!ports_ || feature_.state != State::on) return;
    feature_.note = "on ports " + std::string(ports_.value());
    if (ports_.value().empty() || holds_5060(ports_.value())) return;
    feature_.state = State::partly;
    feature_.origin.line = ports_.line();
    feature_.note += ", which replace 5060 and 5061";
  }

  /// What raw keeps from connection tracking has no helper, be it SIP by its port or all of some addresses or
  /// interface.
  void untracked() {
    if (feature_.state != State::on && feature_.state != State::partly) return;
    for (const Node rule : firewall_["raw"].children()) {
      if (rule["action"].value() != "notrack" || rule["chain"].value() == "output" || disabled(rule)) continue;
      const Bytes protocol = rule["protocol"].value();
      const Node port = rule["dst-port"] ? rule["dst-port"] : rule["src-port"] ? rule["src-port"] : rule["port"];
      const bool all = !port && (protocol.empty() || protocol == "udp");
      if (!all && !holds_5060(port.value())) continue;
      device_.features.push_back(
          {.name = "raw notrack",
           .scope = all ? "all of some packets" : std::string(protocol) + " " + std::string(port.value()),
           .mechanism = std::string(kHelper),
           .state = State::off,
           .origin = {.line = rule["action"].line()},
           .note = "what is not tracked has no helper"});
    }
  }

  /// Helpers work on tracked connections.
  void without_tracking() {
    const Node enabled = last(firewall_.at({"connection", "tracking"}), "enabled");
    if (enabled.value() != "no" || feature_.state == State::off) return;
    feature_.state = State::off;
    feature_.origin = {.line = enabled.line()};
    feature_.note = "connection tracking is off, and with it NAT and its helpers";
  }

  void tracking_timers() {
    const Node tracking = firewall_.at({"connection", "tracking"});
    if (const Node said = last(tracking, "udp-timeout"); said)
      timer("udp-timeout", Timer::Applies::udp_unreplied, said);
    else if (!device_.version.empty())
      standard_udp();
    if (const Node said = last(tracking, "udp-stream-timeout"); said)
      timer("udp-stream-timeout", Timer::Applies::udp_stream, said);
    else if (whole_)
      device_.timers.push_back({.name = "udp-stream-timeout",
                                .applies = Timer::Applies::udp_stream,
                                .seconds = 180,
                                .origin = {.standard = "3m"}});
  }
  /// Without a version it is one or the other, and nothing is said.
  void standard_udp() {
    const bool old = parse_decimal(Bytes(device_.version).substr(0, 1)).value_or(7) < 7;
    device_.timers.push_back({.name = "udp-timeout",
                              .applies = Timer::Applies::udp_unreplied,
                              .seconds = old ? 10 : 30,
                              .origin = {.standard = old ? "10s up to RouterOS 6" : "30s since RouterOS 7"}});
  }
  void sip_timer() {
    if (timeout_)
      timer("sip-timeout", Timer::Applies::sip, timeout_);
    else
      device_.timers.push_back(
          {.name = "sip-timeout", .applies = Timer::Applies::sip, .seconds = 3600, .origin = {.standard = "1h"}});
    device_.timers.back().scope = kHelper;
  }
  void timer(std::string name, Timer::Applies applies, Node said) {
    device_.timers.push_back({.name = std::move(name),
                              .applies = applies,
                              .seconds = seconds_of(said.value(), TimerPattern::Unit::routeros),
                              .origin = {.line = said.line()}});
  }

  void nat() {
    for (const Node rule : firewall_["nat"].children()) {
      const Node action = rule["action"];
      if (action.value() != "endpoint-independent-nat" || disabled(rule)) continue;
      device_.nat.push_back({.name = "action",
                             .scope = "nat chain " + std::string(rule["chain"].value()),
                             .value = std::string(action.value()),
                             .origin = {.line = action.line()}});
    }
  }

  /// RTP is marked, a queue of a better priority takes the mark, and no fasttrack lets it bypass both.
  void queues() {
    if (whole_) device_.rtp_priority = Priority::no;
    const std::set<Bytes> marks = rtp_marks();
    const Node better = queue_of(marks);
    if (!better) return;
    device_.rtp_priority = Priority::yes;
    device_.rtp_origin.line = better.line();
    for (const Node rule : firewall_["filter"].children()) {
      const Bytes protocol = rule["protocol"].value();
      if (rule["action"].value() != "fasttrack-connection" || disabled(rule) || protocol == "tcp") continue;
      device_.rtp_priority = rule["connection-mark"] || rule["packet-mark"] ? Priority::unknown : Priority::no;
      device_.rtp_origin.line = rule.line();
    }
  }
  [[nodiscard]] std::set<Bytes> rtp_marks() const {
    std::set<Bytes> connections;
    std::set<Bytes> packets;
    for (const Node rule : firewall_["mangle"].children()) {
      if (disabled(rule)) continue;
      const bool rtp = rule["dscp"].value() == "46" || rule["connection-type"].value() == "sip" ||
                       connections.contains(rule["connection-mark"].value());
      if (!rtp) continue;
      if (const Bytes mark = rule["new-connection-mark"].value(); !mark.empty()) connections.insert(mark);
      if (const Bytes mark = rule["new-packet-mark"].value(); !mark.empty()) packets.insert(mark);
    }
    return packets;
  }
  [[nodiscard]] Node queue_of(const std::set<Bytes>& marks) const {
    constexpr std::uint32_t kLowest = 8;
    for (const Bytes menu : {Bytes("tree"), Bytes("simple")})
      for (const Node queue : root_.at({"queue", menu}).children()) {
        const Bytes mark = queue[menu == "tree" ? "packet-mark" : "packet-marks"].value();
        const Bytes priority = queue["priority"].value();  // of simple queues up and down: 1/1
        if (!disabled(queue) && marks.contains(mark) &&
            parse_decimal(priority.substr(0, priority.find('/'))).value_or(kLowest) < kLowest)
          return queue["priority"];
      }
    return {};
  }

  Node firewall_;
  Node root_;
  Device& device_;
  bool whole_;  ///< an export, or commands for a whole device: what it does not say is as it was made
  Feature feature_{
      .name = std::string(kHelper), .state = State::on, .origin = {.standard = "enabled; export hides defaults"}};
  Node timeout_;
  Node ports_;
};

}  // namespace

void read_routeros(const Text& text, const Product&, Device& device) {
  Tree tree;
  syntax::routeros(text, tree);
  device.version = version_of(text);
  Reading(tree.root(), device).run();
  device.problems = tree.problems();
}

}  // namespace viaduct::audit::products
