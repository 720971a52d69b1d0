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

constexpr Bytes kOverride = "alg-override sip";
constexpr Bytes kDefaultOn = "ALG of the App-ID sip is on unless disabled";
constexpr std::array<Bytes, 3> kRulebases{"rulebase", "pre-rulebase", "post-rulebase"};

/// A virtual system, or a device group of Panorama: where rules and objects stand.
struct Place {
  std::string name;
  Node config;
};

/// "5060", "5060-5061", "4000,5060": whether it covers SIP.
[[nodiscard]] bool covers_sip(Bytes ports) {
  constexpr std::uint32_t kSip = 5060;
  while (!ports.empty()) {
    const Bytes range = ports.substr(0, ports.find(','));
    ports.remove_prefix(std::min(range.size() + 1, ports.size()));
    const std::size_t dash = range.find('-');
    const auto low = parse_decimal(range.substr(0, dash));
    const auto high = dash == Bytes::npos ? low : parse_decimal(range.substr(dash + 1));
    if (low && high && *low <= kSip && *high >= kSip) return true;
  }
  return false;
}

class Reading {
 public:
  /// XML has `config` on top and the settings of the box under its name; `set` lines begin within.
  Reading(Node root, Device& device)
      : top_(root["config"] ? root["config"] : root),
        box_(top_["devices"] ? top_["devices"].first() : top_),
        device_(device),
        groups_(box_["device-group"]),
        panorama_(groups_ || box_["template"]) {
    for (const Node place : (panorama_ ? groups_ : box_["vsys"]).children())
      places_.push_back({.name = (panorama_ ? "device-group " : "") + std::string(place.word()), .config = place});
    if (places_.empty()) places_.push_back({.name = "shared", .config = box_});
  }

  void run() {
    device_.enter = {"configure"};
    device_.leave = {"commit"};
    device_.version = top_.at({"@version"}).value();
    device_.hostname = box_.at({"deviceconfig", "system", "hostname"}).value();
    overrides();
    base_ = together(device_.features);
    for (const Place& place : places_) application_overrides(place);
    if (panorama_) application_overrides({.name = "shared", .config = top_["shared"]});
    device_.sip = together(device_.features);
    services();
    // A few lines of a change say nothing of the rest of the box.
    if (!box_["deviceconfig"] && !box_["network"] && !panorama_) return;
    session_timers();
    queues();
  }

 private:
  [[nodiscard]] static Node said(Node config) {
    return config.at({"alg-override", "application", "sip", "alg-disabled"}).first();
  }
  /// In lines of `set`; what was said elsewhere for this place is not touched.
  [[nodiscard]] Edit override_edit(const std::string& scope, Node disabled) const {
    const std::size_t blank = scope.find(' ');
    const bool group = blank != std::string::npos;
    if (scope != "shared" && panorama_ != group) return {};
    const std::string place = scope == "shared" ? "shared" : group ? "device-group " + word_of(Bytes(scope).substr(blank + 1)) : "vsys " + word_of(scope);
    const std::string path = place + " alg-override application sip";
    return {.fix = {"set " + path + " alg-disabled yes"},
            .undo = {disabled ? "set " + path + " alg-disabled no" : "delete " + path},
            .verified = scope == "shared"};
  }
  void add_override(std::string scope, Node disabled) {
    Feature feature{.name = std::string(kOverride),
                    .scope = std::move(scope),
                    .state = State::on,
                    .origin = {.line = disabled.line()}};
    feature.edit = override_edit(feature.scope, disabled);
    if (disabled.word() == "yes") feature.state = State::off;
    if (!disabled) feature.origin.standard = kDefaultOn;
    device_.features.push_back(std::move(feature));
  }
  /// What a place does not say, `shared` does.
  void overrides() {
    const Node shared = said(top_["shared"]);
    const bool apart =
        std::ranges::any_of(places_, [](const Place& place) { return static_cast<bool>(said(place.config)); });
    if (!apart && (shared || !panorama_)) return add_override("shared", shared);
    for (const Place& place : places_) {
      const Node own = said(place.config);
      add_override(place.name, own ? own : inherited(place.config, shared));
    }
  }
  /// Of the device groups above, as far as they are named; there are four levels of them at most.
  [[nodiscard]] Node inherited(Node group, Node shared) const {
    const Node tree = top_.at({"readonly", "devices"}).first()["device-group"];
    for (int level = 0; level < 4; ++level) {
      group = groups_[tree.at({group.word(), "parent-dg"}).value()];
      if (!group) break;
      if (const Node above = said(group); above) return above;
    }
    return shared;
  }

  /// A rule that makes another application of port 5060: no App-ID and with it no ALG for what it matches.
  void application_overrides(const Place& place) {
    for (const Bytes base : kRulebases)
      for (const Node rule : place.config.at({base, "application-override", "rules"}).children()) {
        if (!covers_sip(rule["port"].value())) continue;
        const Node disabled = rule["disabled"].first();
        const bool acts = disabled.word() != "yes";
        Feature feature{.name = "application-override",
                        .scope = "rule " + std::string(rule.word()),
                        .mechanism = std::string(kOverride)};
        // In lines of `set` a rule has several lines: it begins with the first.
        feature.origin.line = acts ? std::min(rule.line(), rule.first().line()) : disabled.line();
        if (acts)
          feature.state = rule["application"].value() == "sip" ? State::unknown : State::off;
        else
          feature.state = base_ == State::off ? State::off : State::on;
        if (!acts) feature.edit = device_.features.front().edit;
        device_.features.push_back(std::move(feature));
        application_timer(place, rule["application"].value(), acts);
      }
  }
  void application_timer(const Place& place, Bytes application, bool acts) {
    Node timeout = place.config.at({"application", application, "udp-timeout"}).first();
    if (!timeout) timeout = top_.at({"shared", "application", application, "udp-timeout"}).first();
    if (!timeout) return;
    add_timer("application udp-timeout", "application " + std::string(application),
              acts ? Timer::Applies::sip : Timer::Applies::policy, timeout);
  }
  void add_timer(std::string name, std::string scope, Timer::Applies applies, Node value) {
    device_.timers.push_back(timer_of(std::move(name), std::move(scope), applies, value));
  }

  [[nodiscard]] static Node session_timeout(Node config) {
    return config.at({"deviceconfig", "setting", "session", "timeout-udp"}).first();
  }
  void session_timers() {
    for (const Node entry : box_["template"].children()) {
      const Node config = entry["config"];
      const Node timeout = session_timeout(config["devices"] ? config["devices"].first() : config);
      if (timeout)
        add_timer("session timeout-udp", "template " + std::string(entry.word()), Timer::Applies::udp, timeout);
    }
    if (panorama_) return;
    if (const Node timeout = session_timeout(box_); timeout)
      add_timer("session timeout-udp", "device", Timer::Applies::udp, timeout);
    else
      device_.timers.push_back(
          {.name = "session timeout-udp", .scope = "device", .seconds = 30, .origin = {.standard = "30 s"}});
  }

  /// Services with a timeout of their own, and the App-ID sip with one that was changed.
  void services() {
    for (const Node config : {top_["shared"], places_.front().config})
      for (const Node service : config["service"].children()) {
        const Node udp = service.at({"protocol", "udp"});
        if (const Node timeout = udp.at({"override", "yes", "timeout"}).first();
            timeout && covers_sip(udp["port"].value()))
          add_timer("service timeout", "service " + std::string(service.word()), Timer::Applies::sip, timeout);
      }
  }

  /// A real-time class, a QoS rule that puts RTP into it, and QoS switched on at an interface, each of the box or of a
  /// template.
  void queues() {
    device_.rtp_priority = Priority::no;
    std::set<Bytes> best;
    real_time(box_.at({"network", "qos"}), best);
    for (const Node entry : box_["template"].children())
      real_time(entry["config"]["devices"].first().at({"network", "qos"}), best);
    for (const Place& place : places_)
      for (const Bytes base : kRulebases)
        for (const Node rule : place.config.at({base, "qos", "rules"}).children()) {
          const Node number = rule.at({"action", "class"}).first();
          if (rule["disabled"].value() == "yes" || !takes_rtp(rule) ||
              !best.contains("class" + std::string(number.word())))
            continue;
          device_.rtp_priority = Priority::yes;
          device_.rtp_origin.line = number.line();
        }
  }
  [[nodiscard]] static bool takes_rtp(Node rule) {
    const Node application = rule["application"];
    const Node codepoints = rule.at({"dscp-tos", "codepoints"});
    return application["rtp-base"] || application["rtp"] ||
           std::ranges::any_of(codepoints.children(), [](Node point) { return point["ef"] || point.word() == "ef"; });
  }
  /// The names of classes with the priority real-time, where QoS is on at all.
  static void real_time(Node qos, std::set<Bytes>& names) {
    if (std::ranges::none_of(qos["interface"].children(), [](Node at) { return at["enabled"].value() == "yes"; }))
      return;
    for (const Node profile : qos["profile"].children())
      for (const Node classes : {profile["class"], profile.at({"class-bandwidth-type", "mbps", "class"}),
                                 profile.at({"class-bandwidth-type", "percentage", "class"})})
        for (const Node one : classes.children())
          if (one["priority"].value() == "real-time") names.insert(one.word());
  }

  Node top_;
  Node box_;
  Device& device_;
  Node groups_;
  bool panorama_ = false;
  State base_ = State::unknown;  ///< of the ALG, before rules
  std::vector<Place> places_;
};

/// An answer of the API holds the configuration in `response` and `result`.
[[nodiscard]] Node unwrapped(Node root) {
  const Node result = root.at({"response", "result"});
  return result["config"] ? result : root;
}

}  // namespace

void read_panos(const Text& text, const Product&, Device& device) {
  Tree tree;
  const std::size_t begin = text.octets().find_first_not_of(" \t\n");
  if (begin != Bytes::npos && text.octets()[begin] == '<')
    syntax::xml(text, tree);
  else
    syntax::set_lines(text, tree);
  Reading(unwrapped(tree.root()), device).run();
  device.problems = tree.problems();
}

}  // namespace viaduct::audit::products
