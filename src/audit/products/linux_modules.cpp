// SPDX-License-Identifier: GPL-2.0-or-later
#include "audit/products/linux.hpp"
#include "audit/products/linux_edit.hpp"
#include "base/text.hpp"

#include <algorithm>
#include <array>
#include <vector>

namespace viaduct::audit::products {
namespace {

constexpr std::array<Bytes, 2> kModules{"nf_nat_sip", "nf_conntrack_sip"};

/// `-net/netfilter/x` as `net.netfilter.x`: a minus asks to ignore errors, and slashes divide where one comes before
/// the first dot.
[[nodiscard]] std::string sysctl_name(Bytes key) {
  if (key.starts_with('-')) key.remove_prefix(1);
  std::string name(key);
  const std::size_t first = name.find_first_of("./");
  if (first == std::string::npos || name[first] == '.') return name;
  for (char& c : name)
    if (c == '/' || c == '.') c = c == '/' ? '.' : '/';
  return name;
}

void add_timer(Node root, Device& device, Bytes key, Timer::Applies applies, std::int64_t otherwise,
               const std::string& standard) {
  Timer timer{.name = std::string(key), .applies = applies, .seconds = otherwise};
  if (const Node said = sysctl_of(root, "net.netfilter." + std::string(key)); said) {
    const auto seconds = base::parse_decimal(said.value());
    timer.seconds = seconds ? std::int64_t{*seconds} : Timer::kUnknown;
    timer.origin.line = said.line();
  } else {
    timer.origin.standard = standard;
  }
  device.timers.push_back(std::move(timer));
}

/// Whether the shell would take the value for true, as Shorewall does.
[[nodiscard]] bool yes(Bytes value) {
  return base::iequals(value, "yes");
}

}  // namespace

Node sysctl_of(Node root, Bytes key) {
  Node last;
  for (const Node said : root.children())
    if (said.line() >= last.line() && sysctl_name(said.word()) == key) last = said;
  return last;
}

void read_conntrack_timers(Node root, Device& device, std::int64_t unreplied, std::int64_t stream,
                           const std::string& standard) {
  add_timer(root, device, "nf_conntrack_udp_timeout", Timer::Applies::udp_unreplied, unreplied, standard);
  add_timer(root, device, "nf_conntrack_udp_timeout_stream", Timer::Applies::udp_stream, stream, standard);
  const auto set = [](const Timer& timer) { return timer.origin.line > 0 ? timer.seconds : Timer::kUnknown; };
  Timer& streams = device.timers.back();
  streams.edit = edit_of_timers(set(device.timers[device.timers.size() - 2]), set(streams));
}

void read_sysctl(Node root, LinuxBox& box) {
  const bool known = box.kernel.has_value();
  // The stream timer was 180 s before Linux 5.0.
  const std::int64_t stream = !known ? Timer::kUnknown : *box.kernel < 5000 ? 180 : 120;
  read_conntrack_timers(root, box.device, 30, stream,
                        "kernel default: 30 s, with packets both ways 180 s before Linux 5.0 and 120 s since");
  const Node helper = sysctl_of(root, "net.netfilter.nf_conntrack_helper");
  const bool gone = known && *box.kernel >= kKernelWithoutAssignment;
  const bool old = known && *box.kernel < kKernelAssignmentOffByDefault;
  box.assigns_said = bool(helper);
  if (gone) box.assigns = State::off;
  if (!helper && gone) return;
  Feature feature{.name = "nf_conntrack_helper", .state = State::off};
  if (helper) {
    feature.origin.line = helper.line();
    if (helper.value() != "0" && !gone) feature.state = State::on;
    if (helper.value() != "0" && gone) feature.note = "this kernel has no such sysctl any more (removed in 6.0)";
  } else {
    feature.state = !known ? State::unknown : old ? State::on : State::off;
    feature.origin.standard = !known ? "0 by default since kernel 4.7, 1 before, and the kernel is not told"
                              : old  ? "1 by default before kernel 4.7"
                                     : "0 by default since kernel 4.7";
  }
  if (feature.state != State::unknown) box.assigns = feature.state;
  // A ruleset by itself says nothing of the kernel.
  if (!box.timed_by_sysctl && !old) return;
  if (feature.state == State::on) {
    feature.edit = edit_of_assignment(helper.value());
    box.assigned = true;
    box.remember({}, "5060");
  }
  box.device.features.push_back(std::move(feature));
}

namespace {

/// What modprobe.d says of one module; the strongest counts: an install line, then softdep, then what decides nothing.
[[nodiscard]] Feature module_of(Node root, Bytes module) {
  Feature feature{.name = std::string(module), .edit = edit_of_modules()};
  const auto say = [&](State state, Node node, Bytes note) {
    feature.state = state;
    feature.origin.line = node.line();
    feature.note = std::string(note);
  };
  if (const Node options = root["options"][module]; options)
    say(State::unknown, options, "options do not load a module");
  // A rule loads them by alias, and nothing else but a command does. Of one alone the other may draw it in.
  const bool both = std::ranges::all_of(kModules, [&](Bytes other) { return bool(root["blacklist"][other]); });
  if (const Node listed = root["blacklist"][module]; listed)
    say(both ? State::off : State::unknown, listed,
        both ? "rules of the firewall cannot load it; `modprobe` by its name still does"
             : "blacklist stops loading by alias only: by name or as a dependency it is loaded all the same");
  for (const Node wanted : root["softdep"].children())
    for (const Node word : wanted.children())
      if (word.word() == module) say(State::on, word, "loaded with " + std::string(wanted.word()));
  if (const Node install = root["install"][module]; install) {
    const Bytes command = install.value();
    const bool nothing = command.ends_with("/true") || command.ends_with("/false") || command == "true" ||
                         command == "false" || command == ":";
    say(nothing ? State::off : State::unknown, install,
        nothing ? "modprobe runs this instead of loading it" : "what this command does is not known");
  }
  return feature;
}

}  // namespace

void read_modprobe(Node root, LinuxBox& box) {
  const Node assigns = root["options"]["nf_conntrack"]["nf_conntrack_helper"];
  const bool gone = box.kernel && *box.kernel >= kKernelWithoutAssignment;
  if (assigns && !box.assigns_said && !gone) {
    const bool on = assigns.value() != "0" && assigns.value() != "N";
    // In place of what would be without the option.
    std::erase_if(box.device.features, [](const Feature& feature) { return feature.name == "nf_conntrack_helper"; });
    box.assigns = on ? State::on : State::off;
    box.assigned = on;
    if (on) box.remember({}, "5060");
    box.device.features.push_back({.name = "nf_conntrack_helper",
                                   .state = *box.assigns,
                                   .origin = {.line = assigns.line()},
                                   .edit = edit_of_assignment("1")});
  }
  const Node options = root["options"]["nf_conntrack_sip"];
  if (const Node ports = options["ports"]) {
    box.module_ports = ports.value();
    box.ports_line = ports.line();
  }
  if (const Node timeout = options["sip_timeout"]) {
    box.sip_timeout = base::parse_decimal(timeout.value()).value_or(0);
    box.sip_timeout_line = timeout.line();
  }
  for (const Bytes module : kModules) {
    Feature feature = module_of(root, module);
    if (feature.origin.line == 0) continue;
    box.blacklisted |= root["blacklist"][module] || root["install"][module];
    box.never_loaded |= module == "nf_conntrack_sip" && root["install"][module] && feature.state == State::off;
    if (module == "nf_conntrack_sip" || !box.module) box.module = feature.state;
    if (feature.state == State::unknown && box.module != State::off) box.module = State::unknown;
    box.device.features.push_back(std::move(feature));
  }
}

void read_boot_modules(Node command, LinuxBox& box) {
  for (const Node line : command.children()) {
    if (line.word() != "line" || line.value().starts_with('#')) continue;
    for (const Node word : line.children()) {
      if (word.word().starts_with('#')) break;
      if (word.word().starts_with("ports=") && box.at_boot == line.line()) {
        box.module_ports = word.word().substr(word.word().find('=') + 1);
        box.ports_line = line.line();
      }
      // `IPTABLES_MODULES="a b"` is one word.
      const std::string within = " " + std::string(word.word().substr(word.word().find('=') + 1)) + " ";
      for (const Bytes module : kModules)
        if (within.find(" " + std::string(module) + " ") != std::string::npos) box.at_boot = line.line();
    }
  }
}

std::string title_of(Node command) {
  std::string title;
  for (Node word = command["said"].first(); word; word = word.first())
    title += (title.empty() ? "" : " ") + std::string(word.word());
  return title;
}

void read_lsmod(Node command, LinuxBox& box) {
  // What was asked for other modules alone says nothing of these.
  const std::string title = title_of(command);
  const std::size_t filter = title.find("grep");
  if (title.empty() && !command["line"]) return;  // what stands before the first head
  const bool asked = filter == std::string::npos ||
                     std::ranges::any_of(std::array<Bytes, 3>{"sip", "nf_", "conntrack"},
                                         [&](Bytes part) { return title.find(part, filter) != std::string::npos; });
  bool listed = false;
  for (const Node line : command.children()) {
    const Bytes module = line.value();
    if (line.word() != "line" || std::ranges::find(kModules, module) == kModules.end()) continue;
    listed |= module == "nf_conntrack_sip";
    // Loaded modules do nothing where nothing assigns the helper.
    if (box.assigns == State::on)
      box.device.features.push_back({.name = std::string(module),
                                     .state = State::on,
                                     .origin = {.line = line.line()},
                                     .edit = edit_of_modules()});
  }
  // The last answer counts.
  if (listed || asked) box.loaded = listed;
}

void read_module_parameters(Node root, LinuxBox& box) {
  // `ports=5060` of several files, or the file `ports` alone, which holds nothing but its value.
  Node ports = root["ports"].first();
  if (!ports && box.title().ends_with("/ports")) ports = *root.children().begin();
  if (!ports) return;
  box.loaded = true;
  box.module_ports = ports.word();
  box.ports_line = ports.line();
  if (box.assigns == State::on) box.remember({}, ports.word());
}

namespace {

[[nodiscard]] State module_state(const LinuxBox& box) {
  if (box.loaded) return *box.loaded ? State::on : State::off;
  if (box.never_loaded) return State::off;
  if (box.module == State::off && box.at_boot == 0) return State::off;
  if (box.at_boot != 0) return box.blacklisted ? State::unknown : State::on;
  return box.module.value_or(State::unknown);
}

}  // namespace

State automatic(LinuxBox& box) {
  const State module = module_state(box);
  const bool hint = box.loaded || box.module || box.at_boot != 0;
  if (module == State::off || box.assigns == State::off) return State::off;
  if (!box.assigns || module != State::on) return box.assigns || hint ? State::unknown : State::off;
  // A kernel that is not told may have no such sysctl any more.
  if (!box.kernel) return State::unknown;
  const bool moved = !box.module_ports.empty() && !holds_5060(box.module_ports);
  if (moved || !box.loaded) {
    // In place of what its options alone say.
    auto& features = box.device.features;
    const auto known = std::ranges::find(features, Bytes("nf_conntrack_sip"), &Feature::name);
    Feature& feature = known == features.end() ? features.emplace_back() : *known;
    feature = {.name = "nf_conntrack_sip",
               .scope = moved ? "port " + box.module_ports : "global",
               .state = moved ? State::partly : State::on,
               .origin = {.line = moved ? box.ports_line : box.at_boot},
               .edit = edit_of_modules()};
  }
  return moved || box.excepted ? State::partly : State::on;
}

void read_timeout_policies(Node command, LinuxBox& box) {
  std::string name;
  for (const Node line : command.children()) {
    std::vector<Bytes> words;
    for (const Node word : line.children()) words.push_back(word.word());
    if (line.word() != "line" || words.size() < 3 || words[1] != "=") continue;
    Bytes value = words[2];
    if (value.ends_with(',')) value.remove_suffix(1);
    if (value == "{" && words[0] != ".policy") name = words[0].substr(1);
    const bool replied = words[0] == ".REPLIED";
    const auto timed = box.timed.find(name);
    if ((!replied && words[0] != ".UNREPLIED") || timed == box.timed.end()) continue;
    const auto seconds = base::parse_decimal(value);
    box.device.timers.push_back({.name = "nfct timeout " + name + (replied ? " replied" : " unreplied"),
                                 .scope = timed->second,
                                 .applies = replied ? Timer::Applies::udp_stream : Timer::Applies::udp_unreplied,
                                 .seconds = seconds ? std::int64_t{*seconds} : Timer::kUnknown,
                                 .origin = {.line = line.line()}});
  }
}

void read_shorewall_conf(Node root, LinuxBox& box) {
  const Node automatic = root["AUTOHELPERS"];
  const Node helpers = root["HELPERS"];
  Feature feature{.name = "AUTOHELPERS", .state = State::on, .origin = {.line = automatic.line()}};
  if (!automatic) feature.origin.standard = "Yes where the file does not say otherwise";
  if (automatic && !yes(automatic.value()) && !automatic.value().empty()) {
    feature.state = State::off;
  } else if (const Bytes list = helpers.value(); !list.empty()) {
    const std::string listed = "," + std::string(list) + ",";
    if (listed.find(",sip,") == std::string::npos) {
      feature.state = State::off;
      feature.origin = {.line = helpers.line()};
      feature.note = "HELPERS limits what AUTOHELPERS assigns";
    }
  }
  if (feature.state == State::on) box.set("5060", false);
  box.device.features.push_back(std::move(feature));
}

void read_shorewall_conntrack(Node root, LinuxBox& box) {
  std::size_t depth = 0;
  std::size_t automatic = 0;  ///< depth at which a condition on AUTOHELPERS stands; 0: none
  bool said = false;
  for (const Node line : root["command"].children()) {
    std::vector<Bytes> words;
    for (const Node word : line.children()) words.push_back(word.word());
    if (line.word() != "line" || words.empty()) continue;
    if (words[0] == "?if" || words[0] == "?IF") {
      ++depth;
      const bool asks = std::ranges::any_of(words, [](Bytes word) { return word.find("AUTOHELPERS") != Bytes::npos; });
      if (asks && automatic == 0) automatic = depth;
    } else if (words[0] == "?endif" || words[0] == "?ENDIF") {
      if (automatic == depth) automatic = 0;
      depth -= depth > 0 ? 1 : 0;
    }
    if (!words[0].starts_with("CT:helper:sip")) continue;
    said = true;
    words.resize(std::max<std::size_t>(words.size(), 5), "-");
    const auto zone = [](Bytes word) { return std::string(word == "-" ? Bytes("any") : word); };
    const bool open = automatic != 0;
    box.undecided |= open;
    if (!open) box.set(words[4] == "-" ? Bytes() : words[4], words[2] != "-");
    box.device.features.push_back(
        {.name = "CT:helper:sip",
         .scope = zone(words[1]) + " to " + zone(words[2]) + " " + std::string(words[3]) + " " + std::string(words[4]),
         .state = open ? State::unknown : State::on,
         .origin = {.line = line.line()},
         .note = open ? "if AUTOHELPERS in shorewall.conf says so" : ""});
  }
  if (!said)
    box.device.features.push_back({.name = "CT:helper:sip",
                                   .state = State::off,
                                   .origin = {.standard = "no line of this file sets the sip helper"}});
}

void read_shorewall_helpers(Node root, LinuxBox& box) {
  for (const Node module : root["loadmodule"].children()) {
    if (std::ranges::find(kModules, module.word()) == kModules.end()) continue;
    box.undecided = true;
    box.device.features.push_back({.name = std::string(module.word()),
                                   .state = State::on,
                                   .origin = {.line = module.line()},
                                   .note = "loaded; whether flows get the helper is in shorewall.conf and conntrack",
                                   .edit = edit_of_modules()});
  }
}

}  // namespace viaduct::audit::products
