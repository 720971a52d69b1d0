// SPDX-License-Identifier: GPL-2.0-or-later
#include "audit/products/junos_status.hpp"
#include "audit/products/products.hpp"
#include "audit/syntax/syntax.hpp"
#include "audit/tree.hpp"
#include "base/text.hpp"

#include <algorithm>
#include <array>
#include <set>
#include <span>
#include <string>
#include <vector>

namespace viaduct::audit::products {
namespace {

using base::iequals;
using base::parse_decimal;

constexpr Bytes kMechanism = "security alg sip";
constexpr std::uint32_t kSipPort = 5060;
/// A range of fewer ports is not meant for media.
constexpr std::uint32_t kMediaPorts = 100;
constexpr std::uint32_t kHeader = 64;

/// What `show version` says, which Oxidized and RANCID write as comments before the configuration.
[[nodiscard]] Bytes answer(const Text& text, Bytes key) {
  for (const std::uint32_t number : text.numbers())
    if (const Bytes line = text.line(number); line.starts_with(key)) {
      const Bytes rest = line.substr(key.size());
      const std::size_t begin = rest.find_first_not_of(' ');
      return begin == Bytes::npos ? Bytes() : rest.substr(begin, rest.find_last_not_of(' ') - begin + 1);
    }
  return {};
}

/// "srx340" of a word, in whatever letters; empty: it names no model.
[[nodiscard]] Bytes model_in(Bytes word) {
  for (const Bytes series : std::array<Bytes, 2>{"vsrx", "srx"})
    if (word.size() >= series.size() && iequals(word.substr(0, series.size()), series)) return word;
  return {};
}

/// Which model the file is of, as far as it tells: in what collectors write above it ("# Model: srx345", "# Chassis
/// CV0000AF0001  SRX340"), in the answer to `show version`, or in what the factory writes into the configuration.
[[nodiscard]] Bytes model_of(const Text& text) {
  constexpr Bytes kVendor = "vendor-id Juniper-";
  for (const std::uint32_t number : text.numbers()) {
    Bytes line = text.line(number);
    if (const std::size_t at = line.find(kVendor); at != Bytes::npos) {
      const Bytes rest = line.substr(at + kVendor.size());
      if (const Bytes model = model_in(rest.substr(0, rest.find_first_of("; "))); !model.empty()) return model;
    }
    if (number >= text.first() + kHeader) continue;
    line.remove_prefix(std::min(line.find_first_not_of("# \t"), line.size()));
    if (!line.starts_with("Model:") && !line.starts_with("Chassis") && !line.starts_with("Hardware model:")) continue;
    const std::size_t end = line.find_last_not_of(' ') + 1;
    const Bytes said = line.substr(0, end);
    if (const Bytes word = said.substr(said.find_last_of(" :") + 1); !model_in(word).empty()) return word;
  }
  return {};
}

/// What only branch models have: ports that switch, modems, lines for DSL, or the numbers that the slots of a second
/// node get.
[[nodiscard]] bool is_branch(Node root) {
  if (root.at({"protocols", "l2-learning", "global-mode", "switching"})) return true;
  constexpr std::array<Bytes, 8> kPorts{"fe-", "at-", "pt-", "cl-", "dl0", "pp0", "wlan-", "t1-"};
  const Node interfaces = root["interfaces"];
  for (const Node interface : interfaces.children())
    if (std::ranges::any_of(kPorts, [&](Bytes port) { return interface.word().starts_with(port); })) return true;
  const auto slot = [&](Bytes fabric) {
    const Bytes member = interfaces.at({fabric, "fabric-options", "member-interfaces"}).value();
    const Bytes rest = member.substr(std::min(member.find('-') + 1, member.size()));
    return parse_decimal(rest.substr(0, rest.find('/')));
  };
  constexpr std::array<std::uint32_t, 4> kSecond{1, 2, 5, 9};
  return slot("fab0") == 0U && std::ranges::find(kSecond, slot("fab1").value_or(0)) != kSecond.end();
}

/// What the SIP ALG does where nothing is said.
struct Standard {
  State state = State::unknown;
  Bytes words;
};

[[nodiscard]] Standard standard_of(Bytes model, Node root) {
  constexpr std::array<Bytes, 6> kHighEnd{"1400", "3400", "3600", "5400", "5600", "5800"};
  constexpr std::array<Bytes, 3> kMidRange{"1500", "4100", "4200"};  // images are of srxmr, not of srxhe
  constexpr Standard kBranch{.state = State::on, .words = "enabled by default on branch SRX"};
  if (model.empty() && is_branch(root)) return kBranch;
  if (model.empty())
    return {.state = State::unknown, .words = "the model decides (branch on, high-end off) and is not told"};
  if (iequals(model.substr(0, 4), "vsrx"))
    return {.state = State::on, .words = "enabled by default on all but high-end SRX"};
  const Bytes rest = model.substr(std::min<std::size_t>(model.size(), 3));
  const Bytes number = rest.substr(0, rest.find_first_not_of("0123456789"));
  if (number.size() == 3) return kBranch;
  if (std::ranges::find(kMidRange, number) != kMidRange.end())
    return {.state = State::on, .words = "enabled by default on all but high-end SRX"};
  if (std::ranges::find(kHighEnd, number) != kHighEnd.end())
    return {.state = State::off, .words = "disabled by default on high-end SRX (SRX-HE)"};
  return {.state = State::unknown,
          .words = "the model decides (branch on, high-end off), and of this one it is not known"};
}

/// Whether `version` ("22.4R3-S2") is before `train` of `year`.
[[nodiscard]] bool is_before(Bytes version, std::uint32_t year, std::uint32_t train) {
  const std::size_t dot = version.find('.');
  const auto major = parse_decimal(version.substr(0, dot));
  if (!major || dot == Bytes::npos) return false;
  const Bytes rest = version.substr(dot + 1);
  const auto minor = parse_decimal(rest.substr(0, rest.find_first_not_of("0123456789")));
  return *major < year || (*major == year && minor && *minor < train);
}

/// A path of the configuration with the groups that apply to it.
class Inherited {
 public:
  struct Said {
    Node node;      ///< where it is said, here or in a group
    Node kept_out;  ///< what takes it away again: an inactive statement, or `apply-groups-except`
    bool by_group = false;
  };

  explicit Inherited(Node root) : root_(root) {}

  /// All places that say something at `path`: its own, and those of groups that apply to it, in the order in which they
  /// win.
  [[nodiscard]] std::vector<Node> all(std::span<const Bytes> path) const {
    std::vector<Node> levels{root_};
    for (const Bytes word : path) {
      const Node next = levels.back()[word];
      if (!next) break;
      levels.push_back(next);
    }
    std::vector<Node> places;
    if (levels.size() > path.size() && !levels.back().inactive()) places.push_back(levels.back());
    for (std::size_t level = levels.size(); level-- > 0;)
      for (const Node group : levels[level]["apply-groups"].children()) {
        if (left_ == 0 || levels[level].inactive()) return places;
        --left_;
        const Node found = group.inactive() ? Node() : within(root_["groups"][group.word()], path, levels.size());
        if (found && !except(std::span(levels).subspan(level), group.word())) places.push_back(found);
      }
    return places;
  }

  [[nodiscard]] Said operator()(std::span<const Bytes> path) const {
    std::vector<Node> levels{root_};
    for (const Bytes word : path) {
      const Node next = levels.back()[word];
      if (!next) break;
      levels.push_back(next);
    }
    Said said;
    if (levels.size() > path.size()) {
      if (!levels.back().inactive()) return {.node = levels.back(), .kept_out = {}};
      for (Node at = levels.back(); at.inactive(); at = at.parent()) said.kept_out = at;
    }
    for (std::size_t level = 0; level < levels.size() && !levels[level].inactive(); ++level)
      for (const Node group : levels[level]["apply-groups"].children()) {
        if (left_ == 0) return said;
        --left_;
        const Node found = group.inactive() ? Node() : within(root_["groups"][group.word()], path, levels.size());
        if (!found) continue;
        said.kept_out = except(std::span(levels).subspan(level), group.word());
        if (!said.kept_out) return {.node = found, .kept_out = {}, .by_group = true};
      }
    return said;
  }

 private:
  /// `<*>` of a group means what is there already, of which there are `known` levels.
  [[nodiscard]] static Node within(Node at, std::span<const Bytes> path, std::size_t known) {
    if (!at || at.inactive()) return {};
    if (path.empty()) return at;
    const std::size_t left = known == 0 ? 0 : known - 1;
    if (const Node found = within(at[path.front()], path.subspan(1), left)) return found;
    return left > 0 ? within(at["<*>"], path.subspan(1), left) : Node();
  }
  [[nodiscard]] static Node except(std::span<const Node> levels, Bytes group) {
    for (const Node level : levels)
      if (const Node found = level["apply-groups-except"][group]; found && !found.inactive()) return found;
    return {};
  }

  Node root_;
  /// Groups that are still looked into: thousands of systems that inherit from thousands of groups are an attack, and
  /// stay unknown.
  mutable std::size_t left_ = 1U << 17;
};

struct Ports {
  std::uint32_t first = 0;
  std::uint32_t last = 0;
};

[[nodiscard]] Ports ports_of(Bytes range) {
  if (range == "sip") return {.first = kSipPort, .last = kSipPort + 1};
  const std::size_t dash = range.find('-');
  const auto first = parse_decimal(range.substr(0, dash));
  const auto last = dash == Bytes::npos ? first : parse_decimal(range.substr(dash + 1));
  return first && last ? Ports{.first = *first, .last = *last} : Ports{};
}

/// An application, or one of its terms: what it matches, and for how long.
class Application {
 public:
  Application(Node node, std::string scope) : node_(node), scope_(std::move(scope)) {}

  [[nodiscard]] const std::string& scope() const { return scope_; }
  /// `application-protocol`, which a term calls `alg`.
  [[nodiscard]] Node alg() const {
    const Node said = value("application-protocol");
    return said ? said : value("alg");
  }
  [[nodiscard]] Node timeout() const { return value("inactivity-timeout"); }
  [[nodiscard]] bool takes_udp() const {
    const Node protocol = value("protocol");
    return !protocol || protocol.word() == "udp" || protocol.word() == "17";
  }
  [[nodiscard]] bool takes_sip() const {
    const Ports ports = ports_of(value("destination-port").word());
    return alg().word() == "sip" || (ports.first <= kSipPort && kSipPort <= ports.last);
  }
  [[nodiscard]] bool takes_media() const {
    const Node said = value("destination-port");
    const Ports ports = ports_of(said.word());
    return !said || ports.last >= ports.first + kMediaPorts;
  }

 private:
  /// In a block, or as a term is written in one line: "protocol udp destination-port 5060".
  [[nodiscard]] Node value(Bytes key) const {
    Node at = node_[key];
    for (Node next = node_.first(); !at && next; next = next.first().first())
      if (next.word() == key) at = next;
    const Node value = at.first();
    return value.inactive() ? Node() : value;
  }

  Node node_;
  std::string scope_;
};

class Reading {
 public:
  Reading(const Tree& tree, const Text& text, Device& device)
      : root_(tree.root()),
        broken_(!tree.problems().empty()),
        standard_(standard_of(model_of(text), root_)),
        inherited_(root_),
        answers_(junos_answers(text)),
        device_(device) {
    constexpr std::array<Bytes, 1> kApplications{"applications"};
    constexpr std::array<Bytes, 2> kPolicies{"security", "policies"};
    applications_ = inherited_.all(kApplications);
    policies_ = inherited_.all(kPolicies);
    device_.version = root_["version"].value();
    for (const Bytes key : {Bytes("# Junos:"), Bytes("Junos:")})
      if (device_.version.empty()) device_.version = answer(text, key);
    answered_hostname_ = answer(text, "Hostname:");
  }

  void run() {
    device_.enter = {"configure"};
    device_.leave = {"commit and-quit"};
    constexpr std::array<Bytes, 2> kHostname{"system", "host-name"};
    device_.hostname = inherited_(kHostname).node.value();
    if (device_.hostname.empty()) device_.hostname = answered_hostname_;
    alg();
    systems("logical-systems", "logical-system ");
    systems("tenants", "tenant ");
    policies();
    applications();
    timers();
    queues();
    nat();
    device_.sip = together(device_.features);
  }

 private:
  void alg() {
    constexpr std::array<Bytes, 4> kDisable{"security", "alg", "sip", "disable"};
    const Inherited::Said said = inherited_(kDisable);
    Feature feature{.name = std::string(kMechanism)};
    if (const Node packets = packet_mode()) {
      feature.state = State::off;
      feature.origin.line = packets.line();
      feature.note = "In packet mode the device has no flows, and so no ALG.";
    } else if (said.node && (!said.by_group || (root_["security"] && !broken_))) {
      // What a group says, a part of the file that is not here may except.
      feature.state = State::off;
      feature.origin.line = said.node.line();
    } else if (!root_["security"]) {
      feature.origin.standard = "the file has no security part: a part of a configuration, or not of an SRX";
    } else if (broken_) {
      feature.origin.standard = "the file could not be read whole: the line may be missing";
    } else if (device_.version.empty() && mode_of("mpls")) {
      feature.origin.standard = "MPLS in packet mode takes IPv4 with it until 24.2R1, and the version is not told";
    } else {
      feature.state = standard_.state;
      if (said.kept_out && feature.state == State::on)
        feature.origin.line = said.kept_out.line();
      else
        feature.origin.standard = standard_.words;
    }
    const JunosStatus status = answers_.of({});
    by_answer(feature, status);
    state_ = feature.state;
    edit_ = disable_edit("security alg sip disable", said.kept_out);
    edit_.verified &= static_cast<bool>(root_["security"]);
    if (acts(status.state) && said.node)
      edit_ = {.by_hand =
                   "the line that disables it is there, and the device does not act by it: show | compare, commit, and "
                   "show security alg "
                   "status once more"};
    feature.edit = edit_;
    device_.features.push_back(std::move(feature));
  }
  /// What the device does counts, whatever its configuration says; but what was typed behind the line that decides may
  /// have made it old.
  void by_answer(Feature& feature, const JunosStatus& status) const {
    const bool off = feature.state == State::off;
    if (status.line == 0 && off && answers_.changed > feature.origin.line) {
      feature.state = State::unknown;
      feature.note =
          "line " + std::to_string(answers_.changed) + " was typed behind it, and what came of that is not in the text";
    }
    if (status.line == 0 || (off && status.state == State::unknown)) return;
    if (feature.state != State::unknown && feature.state != status.state)
      feature.note = "the configuration says " + std::string(name(feature.state)) + ", and the device says otherwise";
    if (!status.note.empty()) feature.note = status.note;
    feature.state = status.state;
    feature.origin = {.line = status.line};
  }

  /// `kept_out`: what keeps the statement from acting where it stands. Where that is a block around it, what else
  /// stands in the block would come back with it.
  [[nodiscard]] static Edit disable_edit(const std::string& path, Node kept_out) {
    if (!kept_out.inactive()) return {.fix = {"set " + path}, .undo = {"delete " + path}};
    bool alone = true;
    for (Node at = kept_out; at.first(); at = at.first()) alone &= ++at.children().begin() == at.children().end();
    const std::string block = path_of(kept_out);
    return {
        .fix = {"activate " + block}, .undo = {"deactivate " + block}, .verified = alone && path.starts_with(block)};
  }

  /// Until 24.2R1 the mode of MPLS was that of IPv4 too. High-end models have no packet mode.
  [[nodiscard]] Node packet_mode() const { return mode_of(is_before(device_.version, 24, 2) ? "mpls" : "inet"); }
  [[nodiscard]] Node mode_of(Bytes family) const {
    const std::array<Bytes, 6> path{"security", "forwarding-options", "family", family, "mode", "packet-based"};
    return inherited_(path).node;
  }

  /// Systems within the system have ALGs of their own since 18.2R1; the guide says both that they inherit and that they
  /// do not.
  void systems(Bytes kind, Bytes scope) {
    for (const Node system : root_[kind].children()) {
      if (system.inactive() || !system["security"]) continue;
      const std::array<Bytes, 6> path{kind, system.word(), "security", "alg", "sip", "disable"};
      Feature feature{.name = std::string(kMechanism), .scope = std::string(scope) + std::string(system.word())};
      if (const Node off = inherited_(path).node) {
        feature.state = State::off;
        feature.origin.line = off.line();
      } else {
        feature.origin.standard = "per logical system from 18.2R1; the guide contradicts itself about inheritance";
        const std::string place = path_of(system) + " security alg sip disable";
        feature.edit = {.fix = {"set " + place}, .undo = {"delete " + place}, .verified = false};
      }
      by_answer(feature, answers_.of(system.word()));
      device_.features.push_back(std::move(feature));
    }
  }

  void policies() {
    for (const Node place : policies_) policies(place);
  }
  void policies(Node policies) {
    for (const Node from : policies["from-zone"].children())
      for (const Node to : from["to-zone"].children())
        for (const Node entry : to["policy"].children())
          policy(entry, std::string(from.word()) + " to " + std::string(to.word()) + " ");
    for (const Node entry : policies.at({"global", "policy"}).children()) policy(entry, "global ");
  }

  void policy(Node policy, const std::string& zones) {
    if (policy.inactive()) return;
    std::set<Bytes> names;
    for (const Node name : policy.at({"match", "application"}).children())
      if (!name.inactive()) members(name.word(), names);
    used_.insert(names.begin(), names.end());
    if (!policy.at({"then", "permit"})) return;
    for (const Bytes name : names)
      for (const Application& application : parts(name)) {
        const Node alg = application.alg();
        if (alg.word() != "ignore" || !application.takes_sip()) continue;
        device_.features.push_back({.name = "application-protocol ignore",
                                    .scope = "policy " + zones + std::string(policy.word()) + " " + application.scope(),
                                    .mechanism = std::string(kMechanism),
                                    .state = State::off,
                                    .origin = {.line = alg.line()}});
      }
  }

  /// `name` and what it holds, if it is a set; a set that holds itself ends here too.
  void members(Bytes name, std::set<Bytes>& names) {
    std::vector<Bytes> open{name};
    for (; !open.empty() && members_left_ > 0; --members_left_) {
      const Bytes next = open.back();
      open.pop_back();
      if (!names.insert(next).second) continue;
      const Node set = application("application-set", next);
      for (const Bytes kind : std::array<Bytes, 2>{"application", "application-set"})
        for (const Node member : set[kind].children()) open.push_back(member.word());
    }
    if (!open.empty() && device_.problems.empty())
      device_.problems.emplace_back("policies match too many applications; the rest of them is left out");
  }

  /// The first of the places that has it; what is said here wins over groups.
  [[nodiscard]] Node application(Bytes kind, Bytes name) const {
    for (const Node place : applications_)
      if (const Node found = place.at({kind, name})) return found;
    return {};
  }

  [[nodiscard]] std::vector<Application> parts(Bytes name) const {
    const Node node = application("application", name);
    if (!node || node.inactive()) return {};
    const std::string scope = "application " + std::string(name);
    std::vector<Application> parts;
    for (const Node term : node["term"].children())
      parts.emplace_back(term, scope + " term " + std::string(term.word()));
    if (parts.empty()) parts.emplace_back(node, scope);
    return parts;
  }

  /// An application that names the ALG brings it to its own port, as long as the ALG is not off everywhere.
  void applications() {
    std::set<Bytes> seen;
    for (const Node place : applications_)
      for (const Node entry : place["application"].children())
        if ((policies_.empty() || used_.contains(entry.word())) && seen.insert(entry.word()).second) application(entry);
  }
  void application(Node entry) {
    for (const Application& application : parts(entry.word())) {
      if (const Node alg = application.alg(); alg.word() == "sip")
        device_.features.push_back({.name = "application-protocol sip",
                                    .scope = application.scope(),
                                    .mechanism = std::string(kMechanism),
                                    .state = state_,
                                    .origin = {.line = alg.line()},
                                    .edit = edit_});
      timeout(application);
    }
  }

  void timeout(const Application& application) {
    const Node said = application.timeout();
    // A range that is wide enough for media is meant for them, even if 5060 is in it.
    const bool media = application.takes_media();
    const bool sip = application.alg().word() == "sip" || (application.takes_sip() && !media);
    if (!said || !application.takes_udp() || !(sip || media)) return;
    add_timer("inactivity-timeout", application.scope(), sip ? Timer::Applies::sip : Timer::Applies::rtp, said);
  }

  void add_timer(std::string name, std::string scope, Timer::Applies applies, Node value) {
    Timer timer = timer_of(std::move(name), std::move(scope), applies, value);
    if (value.word() == "never") timer.seconds = 0;
    const std::string path = "set " + path_of(value.parent());
    timer.edit = {.fix = {path + " " + std::to_string(Timer::kAdvised)}, .undo = {path + " " + word_of(value.word())}};
    device_.timers.push_back(std::move(timer));
  }

  void timers() {
    if (!root_["security"] || packet_mode()) return;
    device_.timers.push_back({.name = "inactivity-timeout",
                              .scope = "application any",
                              .seconds = 60,
                              .origin = {.standard = "60 s for UDP without an application that says otherwise"}});
    if (state_ == State::off) return;
    constexpr std::array<Bytes, 4> kMedia{"security", "alg", "sip", "inactive-media-timeout"};
    const Node media = inherited_(kMedia).node.first();
    if (media && !media.inactive())
      add_timer("inactive-media-timeout", std::string(kMechanism), Timer::Applies::rtp, media);
    else if (acts(state_))
      device_.timers.push_back({.name = "inactive-media-timeout",
                                .scope = std::string(kMechanism),
                                .applies = Timer::Applies::rtp,
                                .seconds = 120,
                                .origin = {.standard = "120 s without media"}});
  }

  /// EF must come into a class, by a classifier of an interface, whose scheduler has priority on an interface.
  void queues() {
    if (root_["interfaces"] && !broken_) device_.rtp_priority = Priority::no;
    const Node cos = root_["class-of-service"];
    if (cos.inactive()) return;
    std::set<Bytes> classifiers;
    std::set<Bytes> maps;
    const auto uses = [&](Node place) {
      for (const Node name : place.at({"classifiers", "dscp"}).children()) classifiers.insert(name.word());
      if (!place["scheduler-map"].inactive()) maps.insert(place["scheduler-map"].value());
    };
    for (const Node interface : cos["interfaces"].children()) {
      uses(interface);
      for (const Node unit : interface["unit"].children()) uses(unit);
    }
    const std::set<Bytes> classes = classes_of_ef(cos, classifiers);
    for (const Bytes map : maps)
      for (const Node entry : cos.at({"scheduler-maps", map, "forwarding-class"}).children())
        if (classes.contains(entry.word())) scheduled(cos.at({"schedulers", entry["scheduler"].value(), "priority"}));
  }

  [[nodiscard]] static std::set<Bytes> classes_of_ef(Node cos, const std::set<Bytes>& classifiers) {
    std::set<Bytes> classes;
    for (const Bytes name : classifiers)
      for (const Node entry : cos.at({"classifiers", "dscp", name, "forwarding-class"}).children())
        for (const Node loss : entry["loss-priority"].children())
          if (const Node points = loss["code-points"]; points["ef"] || points["101110"]) classes.insert(entry.word());
    return classes;
  }

  void scheduled(Node priority) {
    if (priority.inactive() || (priority.value() != "strict-high" && priority.value() != "high")) return;
    device_.rtp_priority = Priority::yes;
    device_.rtp_origin.line = priority.line();
  }

  void nat() {
    for (const Node set : root_.at({"security", "nat", "source", "rule-set"}).children())
      for (const Node rule : set["rule"].children())
        for (const Bytes kind : std::array<Bytes, 2>{"interface", "pool"}) {
          const Node permit = rule.at({"then", "source-nat", kind, "persistent-nat", "permit"}).first();
          if (!permit || permit.inactive()) continue;
          device_.nat.push_back({.name = "persistent-nat permit",
                                 .scope = "rule-set " + std::string(set.word()) + " rule " + std::string(rule.word()),
                                 .value = std::string(permit.word()),
                                 .origin = {.line = permit.line()}});
        }
  }

  Node root_;
  bool broken_;
  Standard standard_;
  Inherited inherited_;
  JunosAnswers answers_;
  Bytes answered_hostname_;
  std::vector<Node> applications_;  ///< places of them, the first wins
  std::vector<Node> policies_;
  Device& device_;
  State state_ = State::unknown;  ///< of the ALG in the root system
  Edit edit_;                     ///< switches it off
  std::set<Bytes> used_;          ///< applications that policies match
  /// Sets multiply: policies that all match a set of all applications must not fill the memory.
  std::size_t members_left_ = 1U << 16;
};

}  // namespace

void read_junos(const Text& text, const Product&, Device& device) {
  Tree tree;
  syntax::hierarchy(text, tree);
  Reading(tree, text, device).run();
  device.problems.insert(device.problems.begin(), tree.problems().begin(), tree.problems().end());
}

}  // namespace viaduct::audit::products
