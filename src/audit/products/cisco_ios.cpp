// SPDX-License-Identifier: GPL-2.0-or-later
#include "audit/products/cisco_acl.hpp"
#include "audit/products/products.hpp"
#include "audit/syntax/syntax.hpp"
#include "audit/tree.hpp"

#include <algorithm>
#include <array>
#include <iterator>
#include <map>
#include <set>
#include <string>
#include <vector>

namespace viaduct::audit::products {
namespace {

constexpr Bytes kDefaultOn = "IOS and IOS XE: on for port 5060 and not printed";
constexpr Bytes kNoInterface = "on by default where an interface has ip nat, but no interface is in this text";
constexpr Bytes kZoneSip = "match protocol sip";
constexpr Bytes kNoNat = "on by default, but no interface has ip nat: nothing to act on";

class Reading {
 public:
  Reading(const Text& text, Node root, Device& device) : text_(text), root_(root), device_(device) {}

  void run() {
    device_.enter = {"configure terminal"};
    device_.leave = {"end", "write memory"};
    device_.version = root_["version"].value();
    device_.hostname = root_["hostname"].value();
    if (const Node version = root_["version"].first(); version && !is_number(version.word())) return foreign(version);
    interfaces();
    nat_service("udp");
    nat_service("tcp");
    all_algs();
    cbac();
    zones();
    nat_timers();
    queues();
    payloads();
    device_.sip = together(device_.features);
  }

 private:
  [[nodiscard]] static bool is_number(Bytes word) { return word.front() >= '0' && word.front() <= '9'; }
  /// Others write as IOS does, and what they have on by default is not what IOS has.
  void foreign(Node version) {
    device_.features.push_back(
        {.name = "ip nat service sip",
         .origin = {.line = version.line()},
         .note = "IOS has versions that begin with a number: this is another system that writes alike"});
  }

  /// What stands under `interface`, whose name may be of several words: `ATM0/0/0.1 point-to-point`, `GigabitEthernet
  /// 0/0`.
  struct Interface {
    std::string name;
    Node body;
  };
  [[nodiscard]] std::vector<Interface> all_interfaces() const {
    std::vector<Interface> all;
    std::vector<Interface> open;
    for (const Node first : root_["interface"].children()) {
      open.push_back({.name = std::string(first.word()), .body = first});
      while (!open.empty()) {
        const Interface at = std::move(open.back());
        open.pop_back();
        for (const Node child : at.body.children())
          if (names_interface(child))
            open.push_back({.name = at.name + " " + std::string(child.word()), .body = child});
        all.push_back(at);
      }
    }
    return all;
  }
  /// Whether the word stands in the line that begins the interface, not in one below.
  [[nodiscard]] bool names_interface(Node word) const {
    Bytes line = text_.line(word.line());
    if (const std::size_t prompt = line.find("(config"); prompt != Bytes::npos && line.find_first_of(" \t") > prompt)
      line.remove_prefix(std::min(line.find('#', prompt), line.size() - 1) + 1);
    line.remove_prefix(std::min(line.find_first_not_of(" \t"), line.size()));
    return line.starts_with("interface ");
  }

  void interfaces() {
    bool inside = false;
    bool outside = false;
    for (const Interface& named : all_interfaces()) {
      const Node interface = named.body;
      inside |= bool(interface.at({"ip", "nat", "inside"}));
      outside |= bool(interface.at({"ip", "nat", "outside"}));
      nat_ |= bool(interface.at({"ip", "nat", "enable"}));
      if (const Node zone = interface.at({"zone-member", "security"}).first(); zone) members_.insert(zone.word());
      for (const Node rule : interface.at({"ip", "inspect"}).children())
        if (rule.first()) inspected_.emplace(rule.word(), named.name);
      for (const Node policy : interface.at({"service-policy", "output"}).children()) output_.insert(policy.word());
    }
    // With one side alone nothing is translated, unless a rule shows that the other was cut.
    const bool rules = root_.at({"ip", "nat", "inside", "source"}) || root_.at({"ip", "nat", "outside", "source"});
    nat_ |= (inside && outside) || ((inside || outside) && rules);
  }

  /// 5060 by default, and each port that a line names.
  void nat_service(Bytes transport) {
    const Node on = root_.at({"ip", "nat", "service", "sip", transport, "port"});
    const Node off = root_.at({"no", "ip", "nat", "service", "sip", transport, "port"});
    Feature feature = nat_feature(transport, "5060");
    const Node said_off = off["5060"];
    const Node said_on = on["5060"];
    if (!root_["interface"]) {
      feature.state = State::unknown;
      feature.origin.standard = kNoInterface;
    } else if (!nat_) {
      feature.state = State::off;
      feature.origin.standard = kNoNat;
    } else if (said_off && said_off.line() > said_on.line()) {
      feature.state = State::off;
      feature.origin.line = said_off.line();
    } else {
      feature.state = State::on;
      feature.origin.line = said_on.line();
      if (!said_on) feature.origin.standard = kDefaultOn;
    }
    device_.features.push_back(std::move(feature));
    for (const Node port : on.children()) {
      if (port.word() == "5060" || off[port.word()].line() > port.line()) continue;
      Feature other = nat_feature(transport, port.word());
      other.state = nat_ ? State::on : State::off;
      other.origin.line = port.line();
      device_.features.push_back(std::move(other));
    }
  }
  [[nodiscard]] static Feature nat_feature(Bytes transport, Bytes port) {
    const std::string line = "ip nat service sip " + std::string(transport) + " port " + std::string(port);
    return {.name = "ip nat service sip " + std::string(transport),
            .scope = "global port " + std::string(port),
            .mechanism = "ip nat service sip",
            .edit = {.fix = {"no " + line}, .undo = {line}}};
  }

  /// `no ip nat service all-algs` switches all of them off at once.
  void all_algs() {
    const Node off = root_.at({"no", "ip", "nat", "service", "all-algs"});
    if (!off || !nat_) return;
    std::erase_if(device_.features, [](const Feature& feature) { return feature.origin.line == 0; });
    device_.features.push_back(
        {.name = "ip nat service all-algs", .state = State::off, .origin = {.line = off.line()}});
  }

  /// Context-based access control: a rule with sip acts where an interface uses it; where a rule without sip is used,
  /// UDP is inspected as such.
  void cbac() {
    const Node rules = root_.at({"ip", "inspect", "name"});
    bool udp = false;
    for (const Node rule : rules.children()) {
      const auto used = inspected_.find(rule.word());
      const Node sip = rule["sip"];
      const std::string name = "ip inspect name " + std::string(rule.word());
      if (sip) cbac_feature(name, rule, sip, used == inspected_.end() ? Bytes() : Bytes(used->second));
      if (used == inspected_.end()) continue;
      udp |= sip || rule["udp"];
      if (const Node timeout = sip["timeout"]; timeout)
        add_timer("ip inspect name timeout", name, Timer::Applies::sip, timeout.first(), {}, name + " sip timeout");
      if (const Node timeout = rule.at({"udp", "timeout"}); timeout)
        add_timer("ip inspect name timeout", name, Timer::Applies::udp, timeout.first(), {}, name + " udp timeout");
    }
    if (const Node idle = root_.at({"ip", "inspect", "udp", "idle-time"}); idle && udp)
      add_timer("ip inspect udp idle-time", "global", Timer::Applies::udp, idle.first(), {},
                "ip inspect udp idle-time");
  }
  void cbac_feature(const std::string& name, Node rule, Node sip, Bytes interface) {
    Feature feature{.name = "ip inspect sip",
                    .scope = name,
                    .state = State::on,
                    .origin = {.line = sip.line()},
                    .edit = cbac_edit(rule, sip)};
    if (interface.empty()) {
      feature.state = State::off;
      feature.mechanism = "unused";  // it takes nothing away from those that are
    } else {
      feature.scope += " interface " + std::string(interface);
    }
    device_.features.push_back(std::move(feature));
  }

  /// Without inspection nothing lets the answers in, so that UDP and TCP must be inspected as such.
  [[nodiscard]] Edit cbac_edit(Node rule, Node sip) const {
    const std::string name = "ip inspect name " + std::string(rule.word());
    Edit edit{.fix = {"no " + name + " sip"}, .undo = {said(sip)}, .verified = rule["udp"] && rule["tcp"]};
    for (const Bytes transport : std::array<Bytes, 2>{"udp", "tcp"}) {
      if (rule[transport]) continue;
      edit.fix.push_back(name + " " + std::string(transport));
      edit.undo.push_back("no " + edit.fix.back());
    }
    return edit;
  }
  /// The whole line.
  [[nodiscard]] std::string said(Node node) const {
    const Bytes line = text_.line(node.line());
    const std::size_t begin = std::min(line.find_first_not_of(' '), line.size());
    return std::string(line.substr(begin, line.find_last_not_of(' ') - begin + 1));
  }

  /// `before`: what stands above the command, `command`: without its value.
  void add_timer(std::string name, std::string scope, Timer::Applies applies, Node value,
                 std::vector<std::string> before, const std::string& command) {
    Timer timer = timer_of(std::move(name), std::move(scope), applies, value);
    if (value.word() == "never") timer.seconds = 0;
    timer.edit = {.fix = before, .undo = std::move(before)};
    timer.edit.fix.push_back(command + " " + std::to_string(Timer::kAdvised));
    timer.edit.undo.push_back(command + " " + std::string(value.word()));
    device_.timers.push_back(std::move(timer));
  }

  /// Zone-based firewall: zone-pair, its policy, its classes in their order, what they match and do.
  void zones() {
    for (const Node pair : root_.at({"zone-pair", "security"}).children()) {
      // "zone-pair security NAME source A destination B": what belongs to it stands under the last word.
      const Node source = pair["source"].first();
      const Node ends = source["destination"].first();
      if (!has_members(source.word()) || !has_members(ends.word())) continue;
      zone_pair(pair, source.word() != "self" && ends.word() != "self");
    }
    zone_timers();
    if (!cut_.empty()) device_.features.push_back({.name = std::string(kZoneSip), .note = std::string(cut_)});
    // Where SIP passes uninspected is worth a word only where it is inspected elsewhere.
    if (std::ranges::any_of(device_.features, [](const Feature& feature) {
          return feature.name == kZoneSip && feature.state == State::on;
        }))
      std::ranges::move(passing_, std::back_inserter(device_.features));
  }
  [[nodiscard]] Node policy_of(Node pair) const {
    const Node ends = pair["source"].first()["destination"].first();
    return root_.at({"policy-map", "type", "inspect", ends.at({"service-policy", "type", "inspect"}).value()});
  }
  /// `open`: whether SIP that no class took yet may come from one zone into the other, and not to the router itself.
  void zone_pair(Node pair, bool open) {
    const Node policy = policy_of(pair);
    for (const Node type : policy.at({"class", "type", "inspect"}).children()) {
      if (classes_left_ == 0) {
        cut_ = "there are more classes of zone-pairs than are followed";
        return;
      }
      --classes_left_;
      zone_class(pair, policy, type);
      if (open && type["inspect"] && names_no_protocol(type.word()))
        inspects_all(pair, type);
      else if (open)
        uninspected(pair, type);
      open &= !takes_all_sip(type.word());
    }
    const Node rest = policy.at({"class", "class-default"});
    if (open && rest["pass"]) add_passing(pair, rest["pass"]);
    if (open && rest["inspect"] && !layer_7_off(rest["inspect"])) inspects_rest(pair, rest["inspect"]);
  }
  /// Nothing passes between zones that no interface is in; where no interface names any zone, the text was cut.
  [[nodiscard]] bool has_members(Bytes zone) const {
    return members_.empty() || zone == "self" || zone == "default" || members_.contains(zone);
  }

  /// "No specific protocol configured in class ... for inspection. All protocols will be inspected", as IOS says when
  /// it is typed.
  [[nodiscard]] bool names_no_protocol(Bytes class_map) {
    const ClassFacts& facts = facts_of(class_map);
    return facts.any && !facts.protocol;
  }
  void inspects_all(Node pair, Node action) {
    const std::vector<Node> lists = acls(action.word());
    const Node inspect = action["inspect"];
    Feature feature{
        .name = "inspect of all protocols",
        .scope = "zone-pair " + std::string(pair.word()) + " class " + std::string(action.word()),
        .mechanism = std::string(kZoneSip),
        .state = State::on,
        .origin = {.line = inspect.line()},
        .note = "the class names no protocol, so that all of them are inspected",
        .edit = {.by_hand =
                     "the class has to name protocols: a class-map match-any with match protocol udp, tcp and icmp, "
                     "and match "
                     "class-map of that one beside what is there; or no application-inspect sip in a parameter-map"}};
    if (const Node without = layer_7_off(inspect)) {
      feature.state = State::off;
      feature.origin.line = without.line();
    } else if (lists.empty()) {
      feature.state = State::unknown;
      feature.note =
          "the class names no protocol, so that all of what its access list permits is inspected, and that is not in "
          "this text";
    } else if (!acl_takes_sip(action.word())) {
      return;
    } else if (!acl_takes_all_sip(action.word())) {
      feature.state = State::partly;
    }
    device_.features.push_back(std::move(feature));
  }
  void inspects_rest(Node pair, Node inspect) {
    device_.features.push_back({.name = "inspect of all protocols",
                                .scope = "zone-pair " + std::string(pair.word()) + " class class-default",
                                .mechanism = std::string(kZoneSip),
                                .origin = {.line = inspect.line()},
                                .note = "no document says whether class-default has SIP inspected as SIP"});
  }
  /// The parameter-map that `inspect` names, or the one that holds where it names none.
  [[nodiscard]] Node parameters_of(Node inspect) const {
    if (!inspect) return {};
    const Bytes named = inspect.value();
    return root_.at({"parameter-map", "type", "inspect", named.empty() ? Bytes("default") : named});
  }
  /// What in there keeps SIP from being inspected as SIP.
  [[nodiscard]] Node layer_7_off(Node inspect) const {
    const Node without = parameters_of(inspect).at({"no", "application-inspect"});
    return without["sip"] ? without["sip"] : without["all"];
  }

  /// A class that lets SIP pass, or inspects it as any UDP, though it has no `match protocol sip`.
  void uninspected(Node pair, Node action) {
    if (facts_of(action.word()).sip) return;
    const Node pass = action["pass"];
    if (!pass && (!action["inspect"] || inspects_sip(pair))) return;
    if (facts_of(action.word()).udp || acl_takes_sip(action.word())) add_passing(pair, pass ? pass : action["inspect"]);
  }
  void add_passing(Node pair, Node action) {
    const std::string scope = "zone-pair " + std::string(pair.word());
    if (!passing_.empty() && passing_.back().scope == scope) return;
    passing_.push_back(
        {.name = std::string(kZoneSip), .scope = scope, .state = State::off, .origin = {.line = action.line()}});
  }
  /// Looked for once a policy.
  [[nodiscard]] bool inspects_sip(Node pair) {
    const Node policy = policy_of(pair);
    const auto [known, added] = inspecting_.try_emplace(policy, false);
    if (added)
      known->second = std::ranges::any_of(policy.at({"class", "type", "inspect"}).children(), [&](Node action) {
        return action["inspect"] && facts_of(action.word()).sip;
      });
    return known->second;
  }
  [[nodiscard]] bool acl_takes_sip(Bytes class_map) {
    return std::ranges::any_of(acls(class_map), [&](Node list) { return !cover(list).nothing(); });
  }
  [[nodiscard]] bool acl_takes_all_sip(Bytes class_map) {
    return std::ranges::any_of(acls(class_map), [&](Node list) { return cover(list).everything(); });
  }
  /// Looked at once, for many classes may name one access list.
  [[nodiscard]] const AclCover& cover(Node list) {
    const auto [known, added] = covers_.try_emplace(list);
    if (added) known->second = cover_of(list, root_.at({"object-group", "service"}));
    return known->second;
  }
  /// The access lists that a class-map names.
  [[nodiscard]] const std::vector<Node>& acls(Bytes class_map) { return facts_of(class_map).lists; }
  /// No access list narrows what this class takes of SIP.
  [[nodiscard]] bool takes_all_sip(Bytes class_map) {
    if (names_no_protocol(class_map)) return acl_takes_all_sip(class_map);
    return facts_of(class_map).sip &&
           (acls(class_map).empty() || root_.at({"class-map", "type", "inspect", "match-any", class_map}));
  }

  /// `class`: of a policy-map; what it matches stands in a class-map of that name.
  void zone_class(Node pair, Node policy, Node action) {
    const Node inspect = action["inspect"];
    const Node parameters = parameters_of(inspect);
    const Node sip = facts_of(action.word()).sip;
    const std::string scope = "zone-pair " + std::string(pair.word());
    if (sip) {
      const Node without = layer_7_off(inspect);
      Feature feature{.name = std::string(kZoneSip),
                      .scope = scope,
                      .state = inspect && !without ? State::on : State::off,
                      .origin = {.line = without ? without.line() : sip.line()},
                      .edit = zone_edit(sip)};
      if (feature.state == State::on) generic_first(feature, sip);
      device_.features.push_back(std::move(feature));
    }
    const Node udp = facts_of(action.word()).udp;
    if (!inspect || !(sip || udp)) return;
    const Timer::Applies applies = udp ? Timer::Applies::udp : Timer::Applies::sip;
    if (parameters.at({"udp", "idle-time"})) {
      const auto [known, added] = idle_.try_emplace(parameters.word(), applies);
      if (!added && applies == Timer::Applies::udp) known->second = applies;
    } else {
      device_.timers.push_back({.name = "udp idle-time",
                                .scope = scope + " class " + std::string(action.word()),
                                .applies = applies,
                                .seconds = 30,
                                .origin = {.standard = "30 s where no parameter-map says otherwise"},
                                .edit = parameters ? idle_edit(parameters) : first_map(policy, action)});
    }
  }
  /// What meets `match protocol udp` first is inspected as UDP and nothing more.
  static void generic_first(Feature& feature, Node sip) {
    const auto before = [&](Bytes transport) {
      const Node generic = sip.parent()[transport];
      return generic && generic.line() < sip.line();
    };
    const bool udp = before("udp");
    const bool tcp = before("tcp");
    if (!udp && !tcp) return;
    feature.state = udp && tcp ? State::off : State::partly;
    feature.note =
        "match protocol " + std::string(udp ? "udp" : "tcp") + " stands before it and takes the traffic first";
  }
  /// One for each parameter-map, however many classes use it.
  void zone_timers() {
    for (const auto& [name, applies] : idle_) {
      const Node idle = root_.at({"parameter-map", "type", "inspect", name, "udp", "idle-time"});
      const std::string map = "parameter-map type inspect " + std::string(name);
      add_timer("udp idle-time", "parameter-map " + std::string(name), applies, idle.first(), {map}, "udp idle-time");
    }
  }
  [[nodiscard]] static Edit idle_edit(Node parameters) {
    const std::string map = "parameter-map type inspect " + std::string(parameters.word());
    return {.fix = {map, "udp idle-time " + std::to_string(Timer::kAdvised)}, .undo = {map, "no udp idle-time"}};
  }
  /// Where nothing names a map yet, its name is the owner's choice.
  [[nodiscard]] static Edit first_map(Node policy, Node action) {
    const std::string above = "policy-map type inspect " + std::string(policy.word());
    const std::string entry = "class type inspect " + std::string(action.word());
    return {.fix = {"parameter-map type inspect <PMAP>", "udp idle-time " + std::to_string(Timer::kAdvised), above,
                    entry, "inspect <PMAP>"},
            .undo = {above, entry, "inspect", "no parameter-map type inspect <PMAP>"},
            .verified = false};
  }
  /// A class that takes UDP as such takes more than SIP: for the owner to judge.
  [[nodiscard]] static Edit zone_edit(Node sip) {
    const Node match = sip.parent().parent();
    const std::string map = path_of(match.parent());
    Edit edit{.fix = {map, "no match protocol sip"}, .undo = {map, "match protocol sip"}, .verified = false};
    if (match.at({"protocol", "udp"})) return edit;
    edit.fix.emplace_back("match protocol udp");
    edit.undo.emplace_back("no match protocol udp");
    return edit;
  }
  /// What a class-map of that kind matches, whether it asks for all of it or for any.
  [[nodiscard]] std::vector<Node> matches(Node kind, Bytes class_map) const {
    std::vector<Node> found;
    for (const Bytes how : std::array<Bytes, 2>{"match-any", "match-all"})
      if (const Node match = kind.at({how, class_map, "match"}); match) found.push_back(match);
    if (const Node match = kind.at({class_map, "match"}); match) found.push_back(match);
    return found;
  }
  /// The same with what it matches through others (`match class-map NAME`), however deep; each of them once.
  [[nodiscard]] std::vector<Node> all_matches(Node kind, Bytes class_map) {
    constexpr std::size_t kMost = 64;  // IOS itself nests 16 deep
    std::vector<Node> found;
    std::set<Bytes> seen{class_map};
    std::vector<Bytes> open{class_map};
    while (!open.empty()) {
      if (seen.size() > kMost) {
        cut_ = "a class-map goes through more others than are followed";
        break;
      }
      const Bytes name = open.back();
      open.pop_back();
      for (const Node match : matches(kind, name)) {
        found.push_back(match);
        for (const Node nested : match["class-map"].children())
          if (seen.insert(nested.word()).second) open.push_back(nested.word());
      }
    }
    return found;
  }
  /// What a class-map of the firewall matches, itself or through others. Looked up once, for many zone-pairs share a
  /// policy.
  struct ClassFacts {
    Node sip, udp;            ///< `match protocol`
    bool any = false;         ///< it matches something
    bool protocol = false;    ///< some protocol
    std::vector<Node> lists;  ///< access lists
  };
  [[nodiscard]] const ClassFacts& facts_of(Bytes class_map) {
    const auto [known, added] = classes_.try_emplace(class_map);
    ClassFacts& facts = known->second;
    if (!added) return facts;
    for (const Node match : all_matches(root_.at({"class-map", "type", "inspect"}), class_map)) {
      facts.any = true;
      const Node protocol = match["protocol"];
      facts.protocol |= bool(protocol);
      if (!facts.sip) facts.sip = protocol["sip"];
      if (!facts.udp) facts.udp = protocol["udp"];
      const Node group = match["access-group"];
      for (const Node named : {group["name"].first(), group.first()})
        for (const Node list :
             {root_.at({"ip", "access-list", "extended", named.word()}),
              root_.at({"ip", "access-list", "standard", named.word()}), root_.at({"access-list", named.word()})})
          if (list) facts.lists.push_back(list);
    }
    return facts;
  }

  void nat_timers() {
    if (!nat_) return;
    const Node translation = root_.at({"ip", "nat", "translation"});
    const std::string command = "ip nat translation ";
    if (const Node timeout = translation["udp-timeout"]; timeout)
      add_timer(command + "udp-timeout", "global", Timer::Applies::udp, timeout.first(), {}, command + "udp-timeout");
    else
      device_.timers.push_back({.name = command + "udp-timeout", .seconds = 300, .origin = {.standard = "300 s"}});
    for (const Node port : translation.at({"port-timeout", "udp"}).children())
      add_timer(command + "port-timeout udp " + std::string(port.word()), "global",
                port.word() == "5060" ? Timer::Applies::sip : Timer::Applies::policy, port.first(), {},
                command + "port-timeout udp " + std::string(port.word()));
  }

  /// Rules whose translation leaves addresses in payloads alone, whatever the ALG is.
  void payloads() {
    std::vector<Node> open{root_.at({"ip", "nat", "inside", "source"}), root_.at({"ip", "nat", "outside", "source"})};
    while (!open.empty()) {
      const Node at = open.back();
      open.pop_back();
      for (const Node child : at.children())
        if (child.word() == "no-payload")
          device_.nat.push_back(
              {.name = "no-payload", .scope = path_of(at), .value = "on", .origin = {.line = child.line()}});
        else
          open.push_back(child);
    }
  }

  /// A priority class that takes EF or RTP, in a policy that is put on an interface, or nested in one that is.
  void queues() {
    device_.rtp_priority = root_["interface"] ? Priority::no : Priority::unknown;
    for (const Bytes name : with_nested(output_))
      for (const Node entry : root_.at({"policy-map", name, "class"}).children())
        if (entry["priority"] && takes_rtp(entry.word())) {
          device_.rtp_priority = Priority::yes;
          device_.rtp_origin.line = entry["priority"].line();
        }
  }
  /// Policies of these policies' classes, too. IOS prints `service-policy` deeper than the `shape` before it, as if it
  /// belonged to that.
  [[nodiscard]] std::set<Bytes> with_nested(std::set<Bytes> used) const {
    std::vector<Bytes> policies(used.begin(), used.end());
    while (!policies.empty()) {
      std::vector<Node> open{root_.at({"policy-map", policies.back(), "class"})};
      policies.pop_back();
      while (!open.empty()) {
        const Node at = open.back();
        open.pop_back();
        for (const Node child : at.children()) open.push_back(child);
        const Bytes nested = at["service-policy"].value();
        if (!nested.empty() && used.insert(nested).second) policies.push_back(nested);
      }
    }
    return used;
  }
  [[nodiscard]] bool takes_rtp(Bytes class_map) {
    for (const Node match : all_matches(root_["class-map"], class_map)) {
      for (const Node dscp : {match["dscp"], match.at({"ip", "dscp"})})
        if (dscp["ef"] || dscp["46"]) return true;
      if (match["protocol"]["rtp"] || match.at({"ip", "rtp"})) return true;
    }
    return false;
  }

  const Text& text_;
  Node root_;
  Device& device_;
  bool nat_ = false;
  std::map<Bytes, std::string> inspected_;  ///< rule of CBAC, interface
  std::set<Bytes> output_;                  ///< policies on interfaces
  std::set<Bytes> members_;                 ///< zones with an interface
  std::vector<Feature> passing_;            ///< zone-pairs that let SIP through without its inspection
  std::map<Bytes, Timer::Applies> idle_;    ///< parameter-maps with a UDP timer that a class uses
  std::map<Bytes, ClassFacts> classes_;     ///< by class-map
  std::map<Node, AclCover> covers_;         ///< of access lists
  std::map<Node, bool> inspecting_;         ///< policies: whether a class inspects SIP as such
  /// Zone-pairs that share a policy of many classes multiply: they must not fill the memory.
  std::size_t classes_left_ = 1U << 14;
  Bytes cut_;  ///< what was not followed; empty: all was
};

}  // namespace

void read_cisco_ios(const Text& text, const Product&, Device& device) {
  Tree tree;
  syntax::indented(text, tree);
  Reading(text, tree.root(), device).run();
  device.problems = tree.problems();
}

}  // namespace viaduct::audit::products
