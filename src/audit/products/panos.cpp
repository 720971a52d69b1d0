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

/// "# sw-version: 11.1.4-h7", as those who keep copies put the answer of `show system info` above them, or that answer
/// itself.
[[nodiscard]] Bytes software_of(const Text& text) {
  constexpr Bytes kMark = "sw-version:";
  constexpr std::uint32_t kHead = 200;
  for (const std::uint32_t number : text.head(kHead)) {
    Bytes line = text.line(number);
    line.remove_prefix(std::min(line.find_first_not_of("# \t"), line.size()));
    if (!line.starts_with(kMark)) continue;
    line.remove_prefix(std::min(line.find_first_not_of(" \t", kMark.size()), line.size()));
    return line.substr(0, line.find_last_not_of(" \t") + 1);
  }
  return {};
}

/// The same lines without prompts (`admin@PA-220(active)# set ...`).
[[nodiscard]] Text without_prompts(const Text& text) {
  std::string octets;
  for (const std::uint32_t number : text.numbers()) {
    Bytes line = text.line(number);
    const std::size_t sign = line.find_first_of("#>");
    const bool prompt = sign != Bytes::npos && sign > 0 && line.substr(0, sign).find('@') != Bytes::npos &&
                        line.find_first_of(" \t<") > sign;
    if (prompt) line.remove_prefix(std::min(line.find_first_not_of(' ', sign + 1), line.size()));
    octets.append(line).push_back('\n');
  }
  return Text::read(text.name(), std::move(octets));
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
    const Node detail = top_["@detail-version"];
    if (device_.version.empty()) device_.version = (detail ? detail : top_["@version"]).value();
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
    const std::string place = scope == "shared" ? "shared"
                              : group           ? "device-group " + word_of(Bytes(scope).substr(blank + 1))
                                                : "vsys " + word_of(scope);
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
    // What Panorama pushes is in no export of the firewall.
    if (!disabled && managed()) {
      feature.state = State::unknown;
      feature.origin.standard =
          "on unless the Panorama that manages this firewall pushes alg-disabled yes, which is not in this file";
    }
    device_.features.push_back(std::move(feature));
  }
  /// Whether a Panorama is named that may push settings; the element is there without one, too.
  [[nodiscard]] bool managed() const {
    const Node system = box_.at({"deviceconfig", "system"});
    return system["panorama-server"].first() || system["panorama"].first();
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
        if (acts) application_timer(place, rule["application"].value());
      }
  }
  /// However many rules make this application.
  void application_timer(const Place& place, Bytes application) {
    Node timeout = place.config.at({"application", application, "udp-timeout"}).first();
    if (!timeout) timeout = top_.at({"shared", "application", application, "udp-timeout"}).first();
    if (!timeout || !timed_.insert(timeout.line()).second) return;
    add_timer("application udp-timeout", "application " + std::string(application), Timer::Applies::sip, timeout);
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
    else if (!managed())
      device_.timers.push_back(
          {.name = "session timeout-udp", .scope = "device", .seconds = 30, .origin = {.standard = "30 s"}});
  }

  /// Services with a timeout of their own that a rule names, itself or through a group; all of them where this text has
  /// no rules.
  void services() {
    bool rules = false;
    const std::set<Bytes> used = used_services(rules);
    for (const Node config : {top_["shared"], places_.front().config})
      for (const Node service : config["service"].children()) {
        const Node udp = service.at({"protocol", "udp"});
        const Node timeout = udp.at({"override", "yes", "timeout"}).first();
        if (!timeout || (rules && !used.contains(service.word()))) continue;
        add_timer("service timeout", "service " + std::string(service.word()),
                  covers_sip(udp["port"].value()) ? Timer::Applies::sip : Timer::Applies::policy, timeout);
      }
  }
  [[nodiscard]] std::set<Bytes> used_services(bool& rules) const {
    std::set<Bytes> used;
    std::vector<Bytes> open;
    const auto names = [&](Node list) {
      for (const Node name : list.children())
        if (used.insert(name.word()).second) open.push_back(name.word());
    };
    std::vector<Place> places = places_;
    places.push_back({.name = "shared", .config = top_["shared"]});
    for (const Place& place : places)
      for (const Bytes base : kRulebases)
        for (const Node rule : place.config.at({base, "security", "rules"}).children()) {
          rules = true;
          if (rule["disabled"].value() != "yes") names(rule["service"]);
        }
    while (!open.empty()) {
      const Bytes group = open.back();
      open.pop_back();
      for (const Place& place : places) names(place.config.at({"service-group", group, "members"}));
    }
    return used;
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
  std::set<std::uint32_t> timed_;  ///< lines of timers that were told
};

/// An answer of the API holds the configuration in `response` and `result`.
[[nodiscard]] Node unwrapped(Node root) {
  const Node result = root.at({"response", "result"});
  return result["config"] ? result : root;
}

}  // namespace

void read_panos(const Text& text, const Product&, Device& device) {
  Tree tree;
  device.version = software_of(text);
  const Text typed = without_prompts(text);  // the tree borrows from it
  const std::size_t begin = text.octets().find_first_not_of(" \t\n");
  if (begin != Bytes::npos && text.octets()[begin] == '<')
    syntax::xml(text, tree);
  else
    syntax::set_lines(typed, tree);
  Reading(unwrapped(tree.root()), device).run();
  device.problems = tree.problems();
}

}  // namespace viaduct::audit::products
