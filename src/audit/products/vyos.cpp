// SPDX-License-Identifier: GPL-2.0-or-later
#include "audit/products/products.hpp"
#include "audit/syntax/syntax.hpp"
#include "audit/tree.hpp"
#include "base/text.hpp"

#include <algorithm>
#include <array>
#include <optional>
#include <set>
#include <string>
#include <vector>

namespace viaduct::audit::products {
namespace {

using base::iequals;
using base::parse_decimal;

constexpr Bytes kName = "system conntrack modules sip";
constexpr std::uint32_t kSipPort = 5060;
/// Lines at both ends that may say which release wrote the file.
constexpr std::uint32_t kEnds = 64;
/// Of the conntrack syntax: from this one on a module is off unless it is named.
constexpr std::uint32_t kNamedModules = 3;

/// What comments, or the answer to `show version`, say of the release. Releases before 1.4 have the same syntax with
/// two meanings, so that nothing else tells.
struct Release {
  std::string version;
  std::optional<std::uint32_t> conntrack;  ///< version of the syntax of `system conntrack`

  [[nodiscard]] static Release of(const Text& text) {
    Release release;
    for (const std::uint32_t number : text.numbers())
      if (number < text.first() + kEnds || number + kEnds > text.last()) release.read(text.line(number));
    return release;
  }
  /// "1.4" and "1.5-rolling-202410060007" as 14 and 15, years of rolling releases as they are.
  [[nodiscard]] std::optional<std::uint32_t> train() const {
    const std::size_t dot = version.find('.');
    const auto major = parse_decimal(Bytes(version).substr(0, dot));
    // Before 1.2 was there, rolling releases were called 999.
    if (!major || *major == 999) return std::nullopt;
    if (dot == std::string::npos || *major > 1) return major;
    const Bytes rest = Bytes(version).substr(dot + 1);
    const auto minor = parse_decimal(rest.substr(0, rest.find_first_not_of("0123456789")));
    return minor && *minor < 10 ? std::optional(*major * 10 + *minor) : std::nullopt;
  }
  /// Of a rolling release ("1.5-rolling-202402130022") the day it was built, as 20240213.
  [[nodiscard]] std::optional<std::uint32_t> day() const {
    constexpr std::size_t kDay = 8;
    const std::size_t dash = version.rfind('-');
    if (dash == std::string::npos || version.size() - dash <= kDay) return std::nullopt;
    return parse_decimal(Bytes(version).substr(dash + 1, kDay));
  }

 private:
  /// Behind `key`, up to a blank or the quote.
  [[nodiscard]] static Bytes after(Bytes line, Bytes key) {
    const std::size_t at = line.find(key);
    if (at == Bytes::npos) return {};
    Bytes rest = line.substr(at + key.size());
    rest.remove_prefix(std::min(rest.find_first_not_of(' '), rest.size()));
    return rest.substr(0, rest.find_first_of(" \t\""));
  }
  void read(Bytes line) {
    const std::size_t begin = line.find_first_not_of(" \t");
    const std::size_t word = line.find_first_not_of(" \t#/");
    const bool answer = word != Bytes::npos &&
                        line.substr(word).starts_with("Version:");  // of `show version`, or what a collector made of it
    if (begin == Bytes::npos || (line[begin] != '/' && line[begin] != '#' && !answer)) return;
    Bytes said = after(line, "Release version:");
    if (said.empty() && (answer || after(line, "Version:") == "VyOS")) said = after(line, "Version:");
    if (said == "VyOS") said = after(line, "VyOS");
    if (!said.empty()) version = said;
    if (line.find("config-version:") == Bytes::npos) return;
    for (const Bytes mark : std::array<Bytes, 2>{":conntrack@", "\"conntrack@"})
      if (const std::size_t at = line.find(mark); at != Bytes::npos) {
        const Bytes rest = line.substr(at + mark.size());
        conntrack = parse_decimal(rest.substr(0, rest.find_first_not_of("0123456789")));
      }
  }
};

/// Whether a module that is not named is loaded.
struct Meaning {
  enum class Unnamed : std::uint8_t { on, off, unknown };
  Unnamed unnamed = Unnamed::unknown;
  std::string words;
};

/// Statements that no release before 1.4 knows.
[[nodiscard]] bool has_syntax_of_1_4(Node root) {
  const Node firewall = root["firewall"];
  if (root["qos"] || firewall["ipv4"] || firewall["ipv6"] || firewall["global-options"] ||
      root.at({"service", "ntp", "allow-client"}))
    return true;
  const Node conntrack = root.at({"system", "conntrack"});
  for (const Bytes kind : std::array<Bytes, 2>{"ipv4", "ipv6"})
    if (conntrack["ignore"][kind] || conntrack.at({"timeout", "custom", kind})) return true;
  for (const Bytes kind : std::array<Bytes, 2>{"source", "destination"})
    for (const Node rule : root.at({"nat", kind, "rule"}).children())
      if (rule.at({"outbound-interface", "name"}) || rule.at({"inbound-interface", "name"})) return true;
  return false;
}

[[nodiscard]] Meaning meaning_of(const Product& product, const Release& release, Node root) {
  using enum Meaning::Unnamed;
  if (product.id.starts_with("ubiquiti-")) return {.unnamed = on, .words = "on unless disabled"};
  constexpr Bytes kOff = ": off unless the node is present";
  if (release.conntrack) {
    const std::string mark = "conntrack@" + std::to_string(*release.conntrack);
    if (*release.conntrack < kNamedModules) return {.unnamed = on, .words = mark + ": on unless disabled"};
    return {.unnamed = off, .words = mark + std::string(kOff)};
  }
  const auto train = release.train();
  // Betas of 1.3 are of both sides of the change: only a number after it tells a release.
  const bool release_of_1_3 = train == 13 && release.version.starts_with("1.3.");
  if (train && *train < 13) return {.unnamed = on, .words = "VyOS " + release.version + ": on unless disabled"};
  if (release_of_1_3 || (train && *train > 13))
    return {.unnamed = off, .words = "VyOS " + release.version + std::string(kOff)};
  if (has_syntax_of_1_4(root)) return {.unnamed = off, .words = "syntax of 1.4 or later" + std::string(kOff)};
  return {.unnamed = unknown, .words = "the version decides (conntrack@1 on, conntrack@3 off) and is not told"};
}

[[nodiscard]] bool is_ef(Bytes dscp) {
  return dscp == "46" || dscp == "0x2e" || iequals(dscp, "ef");
}

[[nodiscard]] bool covers_sip(Node port) {
  return std::ranges::any_of(port.children(), [](Node said) {
    const Bytes range = said.word();
    const std::size_t dash = range.find('-');
    const auto first = parse_decimal(range.substr(0, dash));
    const auto last = dash == Bytes::npos ? first : parse_decimal(range.substr(dash + 1));
    return first && last && *first <= kSipPort && kSipPort <= *last;
  });
}

/// A rule that looks at the state of connections, somewhere below `node`. The tree is no deeper than Tree::kMaxDepth.
[[nodiscard]] bool has_stateful_rule(Node node) {
  for (const Node rule : node["rule"].children())
    if (rule["state"] || rule["connection-status"] || rule["offload-target"]) return true;
  return std::ranges::any_of(node.children(), [](Node child) { return has_stateful_rule(child); });
}

/// From 1.4 on all packets are kept from conntrack unless something needs it (conntrack_required of vyos-1x).
[[nodiscard]] bool tracks(Node root) {
  return root["nat"] || root["nat66"] || root.at({"load-balancing", "wan"}) ||
         root.at({"firewall", "global-options", "state-policy"}) || root.at({"firewall", "state-policy"}) ||
         has_stateful_rule(root["firewall"]);
}

/// Whether a USG printed all that its controller wrote: it has the controller's mark, or else what nobody writes into
/// the file that lies over it: addresses of interfaces, the name of the device and who may log in.
[[nodiscard]] bool is_provisioned(Node root) {
  if (root.at({"unifi", "mgmt", "cfgversion"})) return true;
  const Node system = root["system"];
  return system["host-name"] && system.at({"login", "user"}).first() &&
         std::ranges::any_of(root.at({"interfaces", "ethernet"}).children(),
                             [](Node interface) { return interface["address"].first() || interface["pppoe"].first(); });
}

class Reading {
 public:
  Reading(const Tree& tree, const Release& release, const Product& product, Device& device)
      : root_(tree.root()),
        broken_(!tree.problems().empty()),
        overlay_(product.id == "ubiquiti-usg" && !is_provisioned(root_)),
        typed_(product.id != "ubiquiti-usg"),
        release_(release),
        meaning_(meaning_of(product, release, root_)),
        device_(device) {}

  void run() {
    device_.enter = {"configure"};
    device_.leave = {"commit", "save", "exit"};
    device_.version = release_.version;
    device_.hostname = root_.at({"system", "host-name"}).value();
    module();
    untracked();
    ignored();
    helper_rules();
    timers();
    custom_timers();
    device_.rtp_priority = overlay_ || broken_ ? Priority::unknown : Priority::no;
    traffic_policies();
    qos();
    advanced_queue();
    nat();
    device_.sip = together(device_.features);
  }

 private:
  void add(std::string scope, State state, Origin origin) {
    device_.features.push_back({.name = std::string(kName),
                                .scope = std::move(scope),
                                .state = state,
                                .origin = std::move(origin),
                                .edit = module_edit()});
  }

  /// The same line says opposite things in two releases: where the release is not known, neither is an edit. What the
  /// controller of a USG did not write it takes away again.
  [[nodiscard]] Edit module_edit() const {
    if (!typed_ || meaning_.unnamed == Meaning::Unnamed::unknown) return {};
    const std::string path(kName);
    const Node sip = root_.at({"system", "conntrack", "modules", "sip"});
    if (meaning_.unnamed == Meaning::Unnamed::on)
      return {.fix = {"set " + path + " disable"}, .undo = {"delete " + path + (sip ? " disable" : "")}};
    Edit edit{.fix = {"delete " + path}, .undo = {}};
    std::vector<Node> open{sip};
    while (!open.empty()) {
      const Node at = open.back();
      open.pop_back();
      if (at && !at.first()) edit.undo.push_back("set " + path_of(at, '\''));
      for (const Node child : at.children()) open.push_back(child);
    }
    return edit;
  }

  void module() {
    const Node sip = root_.at({"system", "conntrack", "modules", "sip"});
    const std::string scope = overlay_ ? "config.gateway.json" : "global";
    if (const Node disable = sip["disable"]) {
      if (meaning_.unnamed == Meaning::Unnamed::off)
        add(scope, State::unknown,
            {.line = disable.line(), .standard = meaning_.words + ", and `disable` is not known there"});
      else
        add(scope, State::off, {.line = disable.line()});
    } else if (sip["port"]) {
      ports(sip["port"], scope);
    } else if (sip) {
      // Below an overlay that only holds options, the controller may still have disabled it; and so may what was cut
      // off, unless the name alone loads it.
      const bool named = meaning_.unnamed == Meaning::Unnamed::off;
      add(scope, overlay_ || (broken_ && !named) ? State::unknown : State::on, {.line = sip.line()});
    } else {
      unnamed(scope);
    }
  }

  void unnamed(const std::string& scope) {
    if (overlay_)
      add(scope, State::unknown, {.standard = "the controller setting decides and is not in this file"});
    else if (broken_)
      add(scope, State::unknown, {.standard = "the file could not be read whole: the line may be missing"});
    else if (!root_["system"])
      add(scope, State::unknown, {.standard = "the file has no system part"});
    else
      add(scope,
          meaning_.unnamed == Meaning::Unnamed::on    ? State::on
          : meaning_.unnamed == Meaning::Unnamed::off ? State::off
                                                      : State::unknown,
          {.standard = meaning_.words});
  }

  void ports(Node ports, const std::string& scope) {
    for (const Node port : ports.children())
      add(scope + " port " + std::string(port.word()), overlay_ ? State::unknown : State::on, {.line = port.line()});
    if (!covers_sip(ports))
      add(scope + " port 5060", overlay_ ? State::unknown : State::off,
          {.standard = "port replaces the default port list"});
  }

  /// Without NAT and without a rule that looks at states, 1.4 tracks nothing and installs no chain for helpers. A part
  /// of a configuration does not tell that they are missing.
  void untracked() {
    constexpr std::uint32_t kFirst = 14;
    constexpr std::uint32_t kSyntax = 4;
    if (meaning_.unnamed != Meaning::Unnamed::off || broken_ || !root_["interfaces"] || tracks(root_)) return;
    const bool new_enough = release_.train().value_or(0) >= kFirst || release_.conntrack.value_or(0) >= kSyntax ||
                            (!release_.conntrack && release_.version.empty());
    if (!new_enough) return;
    for (Feature& feature : device_.features) {
      if (feature.state != State::on) continue;
      feature.state = State::off;
      feature.note =
          "named, but without NAT and without a stateful rule nothing is tracked, and what is not tracked gets no "
          "helper";
    }
  }

  /// What is not tracked gets no helper: where the module is on, such a rule keeps SIP over UDP from it. One for a
  /// single host leaves the others.
  void ignored() {
    const bool on =
        std::ranges::any_of(device_.features, [](const Feature& feature) { return feature.state == State::on; });
    if (!on) return;
    const Node ignore = root_.at({"system", "conntrack", "ignore"});
    for (const Node rule : ignore["rule"].children()) ignore_rule(rule, "rule ");
    for (const Node rule : ignore.at({"ipv4", "rule"}).children()) ignore_rule(rule, "ipv4 rule ");
    // From 1.5 on the firewall has a table raw of its own.
    for (const Node rule : root_.at({"firewall", "ipv4", "prerouting", "raw", "rule"}).children())
      if (rule["action"].value() == "notrack") ignore_rule(rule, "firewall ipv4 prerouting raw rule ");
  }
  [[nodiscard]] static bool is_host(Node address) {
    const Bytes value = address.value();
    return !value.empty() && value.find('-') == Bytes::npos && value.front() != '!' &&
           (value.find('/') == Bytes::npos || value.ends_with("/32"));
  }
  void ignore_rule(Node rule, const std::string& scope) {
    const Node protocol = rule["protocol"];
    const Bytes named = protocol.value();
    const bool udp = !protocol || named == "udp" || named == "17" || named == "tcp_udp" || named == "all";
    const Node destination = rule["destination"];
    const Node source = rule["source"];
    const bool other = source["port"] && !covers_sip(source["port"]);
    const bool one = is_host(source["address"]) || is_host(destination["address"]) || rule["tcp"] || other;
    if (!udp || one || rule["disable"] || (destination["port"] && !covers_sip(destination["port"]))) return;
    device_.features.push_back({.name = "system conntrack ignore",
                                .scope = scope + std::string(rule.word()),
                                .mechanism = std::string(kName),
                                .state = State::off,
                                .origin = {.line = rule.line()}});
  }

  /// Such a rule matches what a helper found; it does not attach one.
  void helper_rules() {
    for (const Node family : root_["firewall"].children())
      for (const Node chain : family.children())
        for (const Node name : chain.children())
          for (const Node rule : name["rule"].children())
            if (const Node helper = rule.at({"conntrack-helper", "sip"}))
              device_.features.push_back({.name = "firewall rule conntrack-helper sip",
                                          .scope = std::string(family.word()) + " " + std::string(chain.word()) + " " +
                                                   std::string(name.word()) + " rule " + std::string(rule.word()),
                                          .state = State::off,
                                          .origin = {.line = helper.line()}});
  }

  void timers() {
    const Node moved = root_.at({"firewall", "global-options", "timeout", "udp"});
    const auto train = release_.train();
    // Rolling releases of 1.5 that are older have it where 1.4 has it.
    constexpr std::uint32_t kMoved = 20240525;
    const bool moves = moved || (train && *train >= 15 && release_.day().value_or(kMoved) >= kMoved);
    const Node udp = moves ? moved : root_.at({"system", "conntrack", "timeout", "udp"});
    const std::string name = moves ? "firewall global-options timeout udp " : "conntrack timeout udp ";
    timer(name + "other", Timer::Applies::udp_unreplied, udp["other"], 30);
    timer(name + "stream", Timer::Applies::udp_stream, udp["stream"], 180);
    if (typed_) device_.timers.back().edit = timer_edit((moves ? "" : "system ") + name + "stream", udp["stream"]);
  }
  [[nodiscard]] static Edit timer_edit(const std::string& path, Node said) {
    return {.fix = {"set " + path + " " + std::to_string(Timer::kAdvised)},
            .undo = {said ? "set " + path + " " + word_of(said.value(), '\'') : "delete " + path}};
  }

  void timer(std::string name, Timer::Applies applies, Node said, std::int64_t standard) {
    Timer timer{.name = std::move(name), .applies = applies};
    if (const auto seconds = parse_decimal(said.value())) {
      timer.seconds = *seconds;
      timer.origin.line = said.line();
    } else if (overlay_) {
      timer.origin.standard = "the controller setting decides and is not in this file";
    } else {
      timer.seconds = standard;
      timer.origin.standard = std::to_string(standard) + " s";
    }
    device_.timers.push_back(std::move(timer));
  }

  /// From 1.4 on below ipv4 and ipv6, before that without a family.
  void custom_timers() {
    const Node custom = root_.at({"system", "conntrack", "timeout", "custom"});
    for (const Node rule : custom["rule"].children()) custom_rule(rule, "rule ");
    for (const Bytes family : std::array<Bytes, 2>{"ipv4", "ipv6"})
      for (const Node rule : custom.at({family, "rule"}).children()) custom_rule(rule, std::string(family) + " rule ");
  }

  /// How source NAT maps addresses and ports.
  void nat() {
    for (const Node rule : root_.at({"nat", "source", "rule"}).children())
      for (const Node option : rule.at({"translation", "options"}).children())
        if (option.first() && !rule["disable"])
          device_.nat.push_back({.name = std::string(option.word()),
                                 .scope = "nat source rule " + std::string(rule.word()),
                                 .value = std::string(option.value()),
                                 .origin = {.line = option.line()}});
  }

  void custom_rule(Node rule, const std::string& scope) {
    const bool sip = covers_sip(rule.at({"destination", "port"})) || covers_sip(rule.at({"source", "port"}));
    for (const Node said : rule.at({"protocol", "udp"}).children()) {
      const auto seconds = parse_decimal(said.value());
      if (!seconds) continue;
      device_.timers.push_back({.name = "conntrack timeout custom udp " + std::string(said.word()),
                                .scope = scope + std::string(rule.word()),
                                .applies = sip ? Timer::Applies::sip : Timer::Applies::policy,
                                .seconds = *seconds,
                                .origin = {.line = said.line()},
                                .edit = typed_ ? timer_edit(path_of(said, '\''), said) : Edit()});
    }
  }

  /// Up to 1.3: the policy of an interface or of a VLAN on it.
  void traffic_policies() {
    std::set<Bytes> used;
    for (const Node type : root_["interfaces"].children())
      for (const Node interface : type.children()) {
        used.insert(interface.at({"traffic-policy", "out"}).value());
        for (const Node vlan : interface["vif"].children()) used.insert(vlan.at({"traffic-policy", "out"}).value());
      }
    send(root_["traffic-policy"], used);
  }

  /// From 1.4 on.
  void qos() {
    std::set<Bytes> used;
    for (const Node interface : root_.at({"qos", "interface"}).children()) used.insert(interface["egress"].value());
    send(root_.at({"qos", "policy"}), used);
  }

  /// EF in a class of its own, in a policy that is used.
  void send(Node policies, const std::set<Bytes>& used) {
    for (const Bytes type : std::array<Bytes, 3>{"priority-queue", "shaper", "shaper-hfsc"})
      for (const Bytes name : used)
        for (const Node entry : policies.at({type, name, "class"}).children())
          for (const Node match : entry["match"].children()) ef(match);
  }

  /// EdgeOS; a smart queue there is fair to all and has no priority.
  void advanced_queue() {
    for (const Node match : root_.at({"traffic-control", "advanced-queue", "filters", "match"}).children())
      if (match["target"]) ef(match);
  }

  void ef(Node match) {
    for (const Bytes family : std::array<Bytes, 2>{"ip", "ipv6"}) {
      const Node dscp = match.at({family, "dscp"});
      if (!is_ef(dscp.value())) continue;
      device_.rtp_priority = Priority::yes;
      device_.rtp_origin.line = dscp.line();
    }
  }

  Node root_;
  bool broken_;
  bool overlay_;
  bool typed_;  ///< at the device itself
  const Release& release_;
  Meaning meaning_;
  Device& device_;
};

}  // namespace

void read_vyos(const Text& text, const Product& product, Device& device) {
  Tree tree;
  syntax::hierarchy(text, tree);
  const Release release = Release::of(text);
  Reading(tree, release, product, device).run();
  device.problems = tree.problems();
}

}  // namespace viaduct::audit::products
