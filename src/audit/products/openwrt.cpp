// SPDX-License-Identifier: GPL-2.0-or-later
#include "audit/products/linux.hpp"
#include "audit/products/linux_edit.hpp"
#include "audit/products/openwrt_own.hpp"
#include "audit/products/openwrt_run.hpp"
#include "audit/products/products.hpp"
#include "audit/sections.hpp"
#include "audit/syntax/syntax.hpp"
#include "base/text.hpp"

#include <algorithm>
#include <array>
#include <map>
#include <set>
#include <string>
#include <vector>

namespace viaduct::audit::products {
namespace {

constexpr Bytes kModulePackage = "kmod-nf-nathelper-extra";
constexpr Bytes kModulePackageNew = "kmod-nf-nathelper-sip";

/// What a dump says besides the files in /etc/config.
struct Around {
  std::string version;
  std::string hostname;
  bool packages = false;      ///< a list of them is there
  bool all_packages = false;  ///< and nothing was left out of it
  bool installed = false;     ///< the module with the SIP helper
  bool queues_asked = false;  ///< what was left out has nothing for queues
  bool queues_installed = false;
  bool modules = false;      ///< a list of loaded modules is there
  std::uint32_t module = 0;  ///< the line that shows it loaded, or has it loaded at boot
  std::vector<OwnLine> own;
};

[[nodiscard]] std::string unquoted(Bytes value) {
  while (!value.empty() && Bytes("'\",").find(value.front()) != Bytes::npos) value.remove_prefix(1);
  while (!value.empty() && Bytes("'\",").find(value.back()) != Bytes::npos) value.remove_suffix(1);
  return std::string(value);
}

/// Whether the output of a command would show something with one of `words`: what was asked for other words alone does
/// not tell.
[[nodiscard]] bool shows(const Section& section, std::initializer_list<Bytes> words) {
  const std::size_t filter = section.title.find("grep");
  return filter == Bytes::npos ||
         std::ranges::any_of(words, [&](Bytes word) { return section.title.find(word, filter) != Bytes::npos; });
}

/// "OpenWrt 22.03.5" wherever a banner, a comment or a description has it.
[[nodiscard]] std::string release_in(Bytes line) {
  for (const Bytes name : {Bytes("OpenWrt "), Bytes("LEDE ")}) {
    const std::size_t at = line.find(name);
    if (at == Bytes::npos) continue;
    const Bytes rest = line.substr(at + name.size());
    const Bytes version = rest.substr(0, rest.find_first_not_of("0123456789.-rc"));
    if (version.find('.') != Bytes::npos && base::kDigits.contains(version.front())) return std::string(version);
  }
  return {};
}

void read_packages(Bytes name, Around& around) {
  around.installed |= name.starts_with(kModulePackage) || name.starts_with(kModulePackageNew);
  around.queues_installed |=
      name.starts_with("sqm-scripts") || name.starts_with("qosify") || name.starts_with("qos-scripts");
}

/// `"hostname": "flat3",` of ubus, one to a line.
void read_board(Node line, Around& around) {
  const std::string key = unquoted(line.value().substr(0, line.value().find(':')));
  Node value;
  for (const Node word : line.children())
    if (const Bytes said = word.word(); said != "," && said != "{") value = word;
  if (key == "hostname") around.hostname = unquoted(value.word());
  if (key == "version" && around.version.empty()) around.version = unquoted(value.word());
}

/// A line that is not of a list of packages: comments name them, too, and what no kernel of a firewall is without tells
/// that all are.
void read_mentions(Node line, Around& around) {
  bool all = false;
  for (const Node word : line.children()) {
    if (!word.word().starts_with("kmod-")) continue;
    read_packages(word.word(), around);
    all |= word.word() == "kmod-nf-conntrack" || word.word() == "kmod-nf-nat";
  }
  around.packages |= all;
}

void read_around(Node command, const Section& section, const Text& text, Around& around) {
  // The last one is a file that sysupgrade -k writes.
  const bool list = section.of("list-installed") || section.of("apk list") || section.of("apk info") ||
                    section.of("installed_packages");
  const bool uci = section.of("uci ") || section.of("etc/config");
  const bool modules = section.of("lsmod") || section.of("/proc/modules") || section.of("modules.d") ||
                       section.of("/sys/module") || section.of("/lib/modules");
  if (list && shows(section, {"helper", "kmod", "nf-", "sip"})) around.packages = true;
  if (list) {
    around.all_packages |= !section.of("|");
    around.queues_asked |= section.of("|") && section.of("sqm");
  }
  around.modules |=
      section.of("lsmod") && section.title.find("part") == Bytes::npos && shows(section, {"sip", "nf_", "conntrack"});
  // Of each line the whole title would be looked through.
  const bool release = section.of("release");
  const bool board = section.of("board");
  const bool packages = list || section.of("opkg list");
  for (const Node line : command.children()) {
    if (line.word() != "line") continue;
    for (const Node word : line.children())
      for (const Bytes key : {Bytes("DISTRIB_RELEASE="), Bytes("VERSION=")})
        if (release && word.word().starts_with(key)) around.version = unquoted(word.word().substr(key.size()));
    if (around.version.empty() && !uci) around.version = release_in(text.line(line.line()));
    if (board) read_board(line, around);
    // Collecting scripts write what is no file as comments.
    const Node first = line.value() == "#" ? *++line.children().begin() : line.first();
    const Bytes name = first.word();
    if (list) read_packages(name, around);
    if (!packages && (!uci || line.value().starts_with('#'))) read_mentions(line, around);
    const bool sip = name.find("nf_nat_sip") != Bytes::npos || name.find("nf_conntrack_sip") != Bytes::npos;
    if (modules && sip && !name.starts_with('#')) around.module = line.line();
  }
}

class Reading {
 public:
  Reading(Node root, Around around, Files files, bool fw3, Device& device)
      : root_(root), around_(std::move(around)), files_(std::move(files)), fw3_(fw3), device_(device) {
    // A file by itself names no package.
    firewall_ = root["firewall"] ? root["firewall"] : root["config"];
    std::map<Bytes, std::size_t> count;
    for (const Node section : firewall_.children()) {
      if (type(section) == "defaults") defaults_ = section;
      if (type(section) == "helper" && section["module"].value().ends_with("_sip"))
        own_helpers_.insert(section["name"].value());
      numbers_[section.line()] = count[type(section)]++;
    }
  }

  void run() {
    device_.leave = {"uci commit firewall", "/etc/init.d/firewall restart"};
    device_.version = around_.version;
    device_.hostname = device_.hostname.empty() ? around_.hostname : device_.hostname;
    for (const Node package : {root_["system"], root_["config"]})
      for (const Node section : package.children())
        if (type(section) == "system" && section["hostname"]) device_.hostname = section["hostname"].value();
    if (knows_no_option()) {
      old_release();
    } else {
      for (const Node section : firewall_.children())
        if (type(section) == "zone") zone(section);
      for (const Node section : firewall_.children())
        if (type(section) == "rule") rule(section);
      for (const Node section : firewall_.children())
        if (type(section) == "rule") untracked(section);
      for (const Node section : firewall_.children())
        if (type(section) == "zone" || type(section) == "rule") own_helpers(section);
      own_lines();
      for (const Node section : firewall_.children())
        if (type(section) == "include") included(section);
      conclude();
    }
    if (const Node cone = defaults_["fullcone"]; cone && cone.value() != "0")
      device_.nat.push_back({.name = "fullcone", .value = std::string(cone.value()), .origin = {.line = cone.line()}});
    queues();
  }

 private:
  [[nodiscard]] static Bytes type(Node section) { return section["@type"].value(); }

  /// auto_helper came to fw3 in February 2018, behind LEDE 17.01.
  [[nodiscard]] bool knows_no_option() const {
    for (const Bytes release : {Bytes("17.01"), Bytes("15.05"), Bytes("14.07"), Bytes("12.09")})
      if (device_.version.starts_with(release)) return true;
    return false;
  }
  /// Their kernels give each flow the helper by themselves, if the module is there.
  void old_release() {
    Feature feature{.name = "nf_nat_sip", .state = State::unknown, .origin = {.line = around_.module}};
    if (around_.module != 0 || around_.installed) {
      feature.state = State::on;
      if (around_.module == 0)
        feature.origin.standard = "the package is installed, and kernels before 4.7 assign helpers by themselves";
    } else if (around_.packages) {
      feature.state = State::off;
      feature.origin.standard = "no package with the SIP helper is installed";
    } else {
      feature.origin.standard = "whether a SIP helper module is installed is not in this file";
    }
    feature.note = "this release does not know auto_helper";
    device_.leave.clear();
    feature.edit = without_module();
    device_.sip = feature.state;
    device_.features.push_back(std::move(feature));
  }

  /// Where no option of the firewall decides, the module does.
  [[nodiscard]] static Edit without_module() {
    const std::string package(kModulePackage);
    return {.fix = {"opkg remove " + package, "rmmod nf_nat_sip", "rmmod nf_conntrack_sip"},
            .undo = {"opkg install " + package, "modprobe nf_nat_sip"}};
  }

  [[nodiscard]] bool module_known() const { return around_.packages || around_.modules || around_.module != 0; }
  [[nodiscard]] bool module_there() const { return around_.installed || around_.module != 0; }
  [[nodiscard]] State by_module() const {
    return module_there() ? State::on : module_known() ? State::off : State::unknown;
  }

  /// How `uci` calls it: by its name, or by its number among those of its type.
  [[nodiscard]] std::string path_of_section(Node section) const {
    const auto plain = [](char c) {
      return base::kAlphanum.contains(c) || c == '_' || c == '@' || c == '[' || c == ']';
    };
    if (section.word() != type(section) && std::ranges::all_of(section.word(), plain))
      return "firewall." + std::string(section.word());
    return "firewall.@" + std::string(type(section)) + "[" + std::to_string(numbers_.at(section.line())) + "]";
  }
  [[nodiscard]] static bool disabled(Node section) {
    static constexpr std::array<Bytes, 5> kNo{"0", "no", "off", "false", "disabled"};
    return std::ranges::find(kNo, section["enabled"].value()) != kNo.end();
  }
  /// Without its module there is no helper, whatever gives it.
  [[nodiscard]] State acts(OwnLine::Does does) const {
    if (by_module() == State::off) return State::off;
    if (does == OwnLine::Does::sets) return State::on;
    if (does == OwnLine::Does::unknown || device_.version.empty()) return State::unknown;
    // Its kernel, 6.6, has no such sysctl any more.
    const auto year = base::parse_decimal(Bytes(device_.version).substr(0, 2));
    return !year ? State::unknown : *year >= 24 ? State::off : by_module();
  }
  /// A restart of fw3 empties all tables of iptables; one of fw4 writes its own table anew, and no other.
  [[nodiscard]] Edit edit_of(const OwnLine& own) const {
    const bool file = own.file.starts_with('/');
    if (own.does == OwnLine::Does::assigns && !file) return edit_of_assignment("1");
    if (own.does == OwnLine::Does::assigns)
      return {.by_hand = "take this line out of " + own.file +
                         ", then sysctl -w net.netfilter.nf_conntrack_helper=0; sysctl "
                         "net.netfilter.nf_conntrack_helper tells whether it is 0"};
    const std::string take = own.does == OwnLine::Does::unknown
                                 ? "look whether this line gives flows the helper of SIP; if so, take it out of "
                                 : "take this line out of ";
    return {.by_hand = take + own.file +
                       (fw3_ || own.of_fw4 ? ", then /etc/init.d/firewall restart"
                                           : ", then restart the router: a restart of the firewall writes table inet "
                                             "fw4 anew, and leaves rules of iptables and of other tables")};
  }
  void own_lines() {
    for (const OwnLine& own : around_.own) {
      const bool assigns = own.does == OwnLine::Does::assigns;
      const State state = acts(own.does);
      if (state == State::on) (own.ports.empty() || holds_5060(own.ports) ? everywhere_ : some_) = true;
      untold_ |= state == State::unknown;
      device_.features.push_back({.name = assigns ? "nf_conntrack_helper" : "CT --helper sip",
                                  .scope = own.file,
                                  .state = state,
                                  .origin = {.line = own.line},
                                  .note = own.note,
                                  .edit = edit_of(own)});
    }
  }
  /// Names of a `config helper` with the module of SIP, which fw3 reads and fw4 does not; the kernel knows them or not.
  void own_helpers(Node section) {
    const bool fw4 = !fw3_ && !device_.version.empty();  // a file by itself may be of either
    if (fw4 || disabled(section) || by_module() == State::off) return;
    for (const char* const option : {"helper", "set_helper"})
      for (const Node name : section[option].children()) {
        if (name.word() == "sip" || !own_helpers_.contains(name.word())) continue;
        untold_ = true;
        const std::string word(name.word());
        device_.features.push_back(
            {.name = "config helper",
             .scope = std::string(type(section)) + " " + std::string(section["name"].value()),
             .state = State::unknown,
             .origin = {.line = name.line()},
             .note = "a helper of its own with the module of SIP",
             .edit = {.by_hand = "take " + shell_word(word) +
                                 " out of this section of /etc/config/firewall, then /etc/init.d/firewall restart"}});
      }
  }
  /// What fw3 and fw4 run or read besides and this text does not show. What packages bring is known to set no helper;
  /// /etc/firewall.user is named by default and holds comments only until somebody writes into it.
  void included(Node section) {
    static constexpr auto kOfPackages = std::to_array<Bytes>({"/usr/", "/lib/", "/var/", "/tmp/"});
    const Bytes path = section["path"].value();
    if (disabled(section) || path.empty() || path == "/etc/firewall.user" || files_.contains(path)) return;
    if (std::ranges::any_of(kOfPackages, [&](Bytes folder) { return path.starts_with(folder); })) return;
    if (by_module() == State::off) return;
    untold_ = true;
    device_.features.push_back(
        {.name = "config include",
         .scope = std::string(path),
         .state = State::unknown,
         .origin = {.line = section["path"].line()},
         .note = "what is in it is not in this text",
         .edit = {.by_hand = "cat " + shell_word(path) +
                             " shows it: take out what sets a helper, then /etc/init.d/firewall restart"}});
  }
  /// `option` becomes 0, and back.
  [[nodiscard]] Edit zero(Node section, const std::string& option) const {
    const std::string path = path_of_section(section) + "." + option;
    const Bytes before = section[option].value();
    return {.fix = {"uci set " + path + "='0'"},
            .undo = {before.empty() ? "uci delete " + path : "uci set " + path + "=" + word_of(before, '\'')}};
  }
  /// A zone whose list of helpers is empty gets them by itself, if nothing keeps it from that.
  [[nodiscard]] Edit without_helper(Node section) const {
    Edit edit = off(section) ? Edit() : zero(section, "auto_helper");
    const std::string item = path_of_section(section) + ".helper='sip'";
    edit.fix.push_back("uci del_list " + item);
    edit.undo.push_back("uci add_list " + item);
    return edit;
  }

  void zone(Node section) {
    const std::string scope = "zone " + std::string(section["name"].value());
    const Node helpers = section["helper"];
    const Node masq = section["masq"];
    Feature feature{.name = "auto_helper", .scope = scope, .state = State::off};
    if (disabled(section)) {
      feature.origin.line = section["enabled"].line();
      feature.note = "the zone is disabled";
      device_.features.push_back(std::move(feature));
      return;
    }
    const Node decides = off(defaults_) ? defaults_["auto_helper"]
                         : off(section) ? section["auto_helper"]
                         : helpers      ? helpers
                                        : masq;
    const bool masked = masq && masq.value() != "0";
    if (off(defaults_) || off(section) || helpers || masked) {
      feature.origin.line = decides.line();
      if (decides == masq) feature.note = "a zone with masq gets no helpers by itself";
    } else {
      feature.edit = zero(defaults_ ? defaults_ : section, "auto_helper");
      feature.state = by_module();
      feature.origin.standard =
          std::string("auto_helper is 1 by default") +
          (module_there()   ? " and the package with the SIP helper is installed"
           : module_known() ? ", but the package list has no kmod-nf-nathelper-extra (and no kmod-nf-nathelper-sip)"
           : fw3_           ? " (fw3 since 18.06); whether a SIP helper module is installed is not in this file"
                            : " (fw4); whether a SIP helper module is installed is not in this file");
    }
    State state = feature.state;
    device_.features.push_back(std::move(feature));
    if (const Node sip = helpers["sip"]; sip) {
      state = module_known() && !module_there() ? State::off : State::on;
      device_.features.push_back({.name = "helper sip",
                                  .scope = scope,
                                  .state = state,
                                  .origin = {.line = sip.line()},
                                  .edit = without_helper(section)});
    } else if (masked) {
      masked_ = true;
      return;  // not where phones are, if there are others
    }
    (state == State::on ? on_ : state == State::off ? off_ : unknown_) = true;
  }
  [[nodiscard]] static bool off(Node section) { return section["auto_helper"].value() == "0"; }

  /// `option helper` in a rule asks for flows that have one; `set_helper` gives it.
  void rule(Node section) {
    const Node helper = section["set_helper"];
    if (helper.value() != "sip") return;
    const std::string scope = "rule " + std::string(section["name"].value());
    if (disabled(section)) {
      device_.features.push_back({.name = "set_helper sip",
                                  .scope = scope,
                                  .state = State::off,
                                  .origin = {.line = section["enabled"].line()}});
      return;
    }
    const State state = module_known() && !module_there() ? State::off : State::on;
    const bool narrow = section["src_ip"] || section["dest_ip"] || section["ipset"];
    const Bytes port = section["dest_port"].value();
    if (state == State::on) (narrow || !(port.empty() || holds_5060(port)) ? some_ : everywhere_) = true;
    device_.features.push_back({.name = "set_helper sip",
                                .scope = scope,
                                .state = state,
                                .origin = {.line = helper.line()},
                                .edit = zero(section, "enabled")});
  }

  /// What is not tracked gets no helper.
  void untracked(Node section) {
    const Bytes port = section["dest_port"].value();
    if (section["target"].value() != "NOTRACK" || disabled(section) || !holds_5060(port)) return;
    if (!on_ && !some_ && !everywhere_) return;
    untracked_ = true;
    device_.features.push_back({.name = "target NOTRACK",
                                .scope = "rule " + std::string(section["name"].value()),
                                .state = State::off,
                                .origin = {.line = section["target"].line()}});
  }

  void conclude() {
    if (!untracked_ && (everywhere_ || (on_ && !off_ && !unknown_)))
      device_.sip = State::on;
    else if (untracked_ || on_ || some_)
      device_.sip = State::partly;
    else
      device_.sip = unknown_ || untold_ || (!off_ && !masked_) ? State::unknown : State::off;
  }

  /// cake in layers, and sqm's simple.qos, put EF into a queue of its own; piece_of_cake and simplest do not.
  void queues() {
    if ((around_.all_packages || around_.queues_asked) && !around_.queues_installed)
      device_.rtp_priority = Priority::no;
    // Files by themselves name no package.
    for (const Node queue : (root_["sqm"] ? root_["sqm"] : root_["config"]).children()) {
      if (type(queue) != "queue" || !queue["script"]) continue;
      if (const Node enabled = queue["enabled"]; enabled.value() != "1") {
        if (enabled && device_.rtp_priority == Priority::unknown) decide(false, enabled);
        continue;
      }
      const Node script = queue["script"];
      decide(script.value() == "layer_cake.qos" || script.value() == "simple.qos", script);
    }
    for (const Node interface : root_["qosify"].children()) {
      if (type(interface) != "interface" || interface["disabled"].value() == "1") continue;
      decide(interface["mode"].value() != "besteffort", interface["mode"]);
    }
  }
  void decide(bool priority, Node why) {
    if (device_.rtp_priority == Priority::yes) return;
    device_.rtp_priority = priority ? Priority::yes : Priority::no;
    device_.rtp_origin.line = why.line();
  }

  Node root_;
  Around around_;
  Files files_;
  bool fw3_ = false;
  Device& device_;
  Node firewall_;
  Node defaults_;
  std::set<Bytes> own_helpers_;                      ///< with the module of SIP
  std::map<std::uint32_t, std::size_t> numbers_;     ///< of sections among those of their type, by line
  bool on_ = false, off_ = false, unknown_ = false;  ///< of zones where phones can be
  bool masked_ = false;                              ///< a zone with masq
  bool some_ = false, everywhere_ = false;           ///< rules
  bool untracked_ = false;                           ///< some SIP, by a rule
  bool untold_ = false;                              ///< a file or a line may set the helper
};

/// Which lines are UCI, which sysctl; the others are answers of commands.
struct Parts {
  std::vector<bool> uci;
  std::vector<bool> sysctl;
};

[[nodiscard]] Parts parts_of(const Text& text, const std::vector<Section>& sections) {
  Parts parts{.uci = std::vector<bool>(text.last() + 1U), .sysctl = std::vector<bool>(text.last() + 1U)};
  for (const Section& section : sections) {
    const bool sysctl = section.of("sysctl");
    const bool uci = section.title.empty() || section.of("uci ") || section.of("etc/config");
    for (std::uint32_t number = section.first; number <= section.last; ++number) {
      parts.uci[number] = uci && !text.line(number).starts_with("net.");
      parts.sysctl[number] = sysctl || (section.title.empty() && text.line(number).starts_with("net."));
    }
  }
  return parts;
}

/// The text without those lines of UCI that tell nothing but settings, which are most of it.
[[nodiscard]] Text answers_of(const Text& text, const std::vector<bool>& uci) {
  const auto tells = [](Bytes line) {
    return std::ranges::any_of(std::array{Bytes("#"), Bytes("OpenWrt "), Bytes("LEDE "), Bytes("kmod-")},
                               [&](Bytes word) { return line.find(word) != Bytes::npos; });
  };
  std::vector<bool> kept(text.last() + 1U);
  for (const std::uint32_t number : text.numbers()) kept[number] = !uci[number] || tells(text.line(number));
  return text.only(kept);
}

}  // namespace

void read_openwrt(const Text& text, const Product& product, Device& device) {
  const std::vector<Section> sections = sections_of(text);
  const Parts parts = parts_of(text, sections);
  Around around;
  const Text said = answers_of(text, parts.uci);
  Tree answers;
  syntax::transcript(said, answers);
  std::size_t index = 0;
  for (const Node command : answers.root().children()) {
    if (index >= sections.size()) break;
    if (!sections[index].host.empty()) device.hostname = sections[index].host;
    read_around(command, sections[index++], text, around);
  }
  around.own = own_lines_of(text, sections);
  const Text uci = text.only(parts.uci);
  Tree tree;
  syntax::uci(uci, tree);
  Reading(tree.root(), std::move(around), files_of(sections), product.id == "openwrt-fw3", device).run();
  const Text sysctl = text.only(parts.sysctl);
  Tree timers;
  syntax::keys(sysctl, timers);
  read_conntrack_timers(timers.root(), device, 60, 180,
                        "OpenWrt: 60 s, with packets both ways 180 s (/etc/sysctl.d/11-nf-conntrack.conf)");
  device.problems = tree.problems();
}

}  // namespace viaduct::audit::products
