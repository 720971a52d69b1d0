// SPDX-License-Identifier: GPL-2.0-or-later
#include "audit/products/linux_edit.hpp"

#include "audit/mask.hpp"
#include "audit/products/linux_match.hpp"
#include "audit/sections.hpp"
#include "audit/syntax/syntax.hpp"
#include "audit/syntax/words.hpp"
#include "base/text.hpp"

#include <algorithm>
#include <array>
#include <optional>
#include <set>
#include <vector>

namespace viaduct::audit::products {
namespace {

constexpr base::CharSet kPlain = base::kAlphanum | base::CharSet("_./:@%+=,-");
constexpr base::CharSet kOfFlow = base::kAlphanum | base::CharSet(".:%");
constexpr Bytes kHandle = "# handle ";

[[nodiscard]] bool only_of(Bytes text, const base::CharSet& set) {
  return !text.empty() && std::ranges::all_of(text, [&](char c) { return set.contains(c); });
}

/// Of `src=192.0.2.1` the address, the first that stands there: the way in which the flow began.
[[nodiscard]] Bytes value_of(Node line, Bytes key) {
  for (const Node word : line.children())
    if (word.word().starts_with(key)) return word.word().substr(key.size());
  return {};
}

}  // namespace

std::string shell_word(Bytes word) {
  if (only_of(word, kPlain)) return std::string(word);
  std::string quoted = "'";
  for (const char c : word) quoted += c == '\'' ? std::string("'\\''") : std::string(1, c);
  return quoted + "'";
}

Bytes NftListing::handle_on(Bytes line) {
  // Each rule of a ruleset in one line asks for that of the whole: only its end is looked at.
  constexpr std::size_t kLongest = kHandle.size() + 20;
  line = line.substr(line.size() - std::min(line.size(), kLongest));
  const std::size_t at = line.rfind(kHandle);
  if (at == Bytes::npos) return {};
  const Bytes handle = line.substr(at + kHandle.size());
  return only_of(handle, base::kDigits) ? handle : Bytes();
}

NftListing::NftListing(const Text& text) {
  std::string table;
  for (const std::uint32_t number : text.numbers()) {
    const Bytes line = text.line(number);
    const Bytes handle = handle_on(line);
    if (handle.empty()) continue;
    const Bytes said = base::trim(line.substr(0, line.rfind(kHandle)));
    if (line.starts_with("table ") && said.ends_with(" {"))
      table = said.substr(6, said.size() - 8);
    else
      places_.try_emplace({table, std::string(handle)}, Place{.line = number, .rule = std::string(said)});
  }
}

const NftListing::Place* NftListing::find(const std::string& table, Bytes handle) const {
  const auto place = places_.find({table, std::string(handle)});
  return place == places_.end() ? nullptr : &place->second;
}

Bytes maker_of(Bytes table) {
  struct Maker {
    Bytes table;
    Bytes advice;
  };
  static constexpr std::array<Maker, 3> kMakers{{
      {"inet fw4",
       "OpenWrt writes this table: option auto_helper '0' in the zones of /etc/config/firewall, then "
       "/etc/init.d/firewall reload"},
      {"inet firewalld",
       "firewalld writes this table: firewall-cmd --permanent --zone=<ZONE> --remove-service=sip; firewall-cmd "
       "--reload"},
      {"ip vyos_conntrack", "VyOS writes this table: delete system conntrack modules sip; commit; save"},
  }};
  const auto* const known = std::ranges::find(kMakers, table, &Maker::table);
  return known == kMakers.end() ? Bytes() : known->advice;
}

Edit edit_of_flow(Node line) {
  std::vector<Bytes> words;
  for (const Node word : line.children()) words.push_back(word.word());
  const bool extended = words.size() > 2 && words[0].starts_with("ipv");
  const Bytes protocol = words.empty() ? Bytes() : words[extended ? 2 : 0];
  const Bytes from = value_of(line, "src=");
  std::string command = std::string("conntrack -D -f ") + (from.find(':') == Bytes::npos ? "ipv4" : "ipv6");
  struct Option {
    Bytes name;
    Bytes value;
  };
  for (const Option& option :
       {Option{"-p", protocol}, Option{"-s", from}, Option{"-d", value_of(line, "dst=")},
        Option{"--sport", value_of(line, "sport=")}, Option{"--dport", value_of(line, "dport=")}}) {
    if (!only_of(option.value, kOfFlow)) return {};
    command += " " + std::string(option.name) + " " + std::string(option.value);
  }
  if (const Bytes zone = value_of(line, "zone="); only_of(zone, base::kDigits))
    command += " --zone " + std::string(zone);
  return {.fix = {std::move(command)}};
}

Edit edit_of_assignment(Bytes before) {
  // Behind the file that /etc/sysctl.conf is read as.
  return {.fix = {"sysctl -w net.netfilter.nf_conntrack_helper=0",
                  "echo net.netfilter.nf_conntrack_helper=0 > /etc/sysctl.d/zz-no-sip-alg.conf"},
          .undo = {"rm -f /etc/sysctl.d/zz-no-sip-alg.conf",
                   "sysctl -w net.netfilter.nf_conntrack_helper=" +
                       std::string(base::parse_decimal(before) ? before : Bytes("1"))}};
}

Edit edit_of_modules() {
  return {.fix = {"modprobe -r nf_nat_sip nf_conntrack_sip",
                  "printf 'blacklist nf_nat_sip\\nblacklist nf_conntrack_sip\\ninstall nf_nat_sip /bin/false\\n"
                  "install nf_conntrack_sip /bin/false\\n' > /etc/modprobe.d/no-sip-alg.conf"},
          .undo = {"rm -f /etc/modprobe.d/no-sip-alg.conf", "modprobe nf_nat_sip"}};
}

Edit edit_of_timers(std::int64_t unreplied, std::int64_t stream) {
  const auto set = [](const char* key, std::int64_t seconds) {
    return "sysctl -w net.netfilter." + std::string(key) + "=" +
           (seconds < 0 ? std::string("<SECONDS BEFORE>") : std::to_string(seconds));
  };
  constexpr const char* kUnreplied = "nf_conntrack_udp_timeout";
  constexpr const char* kStream = "nf_conntrack_udp_timeout_stream";
  const std::int64_t longer = std::max(unreplied, Timer::kLeast);
  return {
      .fix = {set(kUnreplied, longer), set(kStream, Timer::kAdvised),
              "printf 'net.netfilter." + std::string(kUnreplied) + "=" + std::to_string(longer) + "\\nnet.netfilter." +
                  kStream + "=" + std::to_string(Timer::kAdvised) + "\\n' > /etc/sysctl.d/90-voip-udp.conf"},
      .undo = {"rm -f /etc/sysctl.d/90-voip-udp.conf", set(kUnreplied, unreplied), set(kStream, stream)}};
}

namespace {

/// "/etc/nftables.conf:2: udp dport 5060 ct helper set "sip""
struct KeptLine {
  std::string file;
  std::string number;
  Bytes text;
};
[[nodiscard]] std::optional<KeptLine> kept_line_of(Bytes said) {
  const std::size_t colon = said.find(':');
  const std::size_t second = colon == Bytes::npos ? colon : said.find(": ", colon + 1);
  if (second == Bytes::npos || !only_of(said.substr(0, colon), kPlain) ||
      !only_of(said.substr(colon + 1, second - colon - 1), base::kDigits))
    return std::nullopt;
  return KeptLine{.file = std::string(said.substr(0, colon)),
                  .number = std::string(said.substr(colon + 1, second - colon - 1)),
                  .text = said.substr(second + 2)};
}

/// Files of one statement a line, with comments that begin with `#`.
[[nodiscard]] bool of_statements(Bytes file) {
  static constexpr std::array<Bytes, 5> kEnds{".conf", ".nft", ".rules", ".v4", ".v6"};
  static constexpr std::array<Bytes, 4> kFiles{"/etc/sysconfig/iptables", "/etc/sysconfig/ip6tables", "/etc/modules",
                                               "/etc/sysctl.conf"};
  return std::ranges::any_of(kEnds, [&](Bytes end) { return file.ends_with(end); }) ||
         std::ranges::find(kFiles, file) != kFiles.end();
}
/// Whether a line does more than set the helper: without it the machine would start with less.
[[nodiscard]] bool does_more(Bytes line) {
  Tree tree;
  std::vector<Bytes> words;
  if (line.find("--helper") != Bytes::npos) {
    syntax::split(line, 1, tree, words);
    const bool adds = !words.empty() && (words[0] == "-A" || words[0] == "-I");
    return !only_helps_of_iptables({words.begin() + (adds ? 1 : 0), words.end()});
  }
  if (line.find("ct helper set") == Bytes::npos) return false;
  const bool adds = line.starts_with("add rule ") || line.starts_with("insert rule ");
  const Text text = Text::read({}, (adds ? "" : "add rule table chain ") + std::string(line));
  syntax::nft(text, tree);
  Node rule = tree.root();
  while (rule && rule.word() != "rule") rule = rule.first();
  for (const Node word : rule.children()) words.push_back(word.word());
  return !only_helps_of_nft(words);
}
/// What keeps a command from making a comment of the line; empty: nothing.
[[nodiscard]] Bytes obstacle(const KeptLine& line) {
  if (!of_statements(line.file)) return "a script or a file of another form: what stands around the line decides how";
  if (line.text.find_first_of("{};\\") != Bytes::npos)
    return "the line opens or ends a block, or is more than one statement";
  if (does_more(line.text)) return "the rule does more than set the helper";
  if (line.text.find("helper") == Bytes::npos && line.text.find("nf_") == Bytes::npos)
    return "the line cannot be told by a word";
  return {};
}

/// A comment of each line in the files that bring an assignment back, each of which is copied first.
void take_out_of_files(const LinuxBox& box, Edit& edit) {
  std::set<std::string> copied;
  // What was there before the first time is what the roll back has to bring back.
  const auto keep = [&edit](const std::string& file, const std::string& copy) {
    edit.fix.push_back("test -e " + copy + " || cp -p " + file + " " + copy);
    edit.undo.push_back("mv " + copy + " " + file);
  };
  for (const std::string& said : box.kept_lines) {
    const std::optional<KeptLine> line = kept_line_of(said);
    const Bytes why = line ? obstacle(*line) : Bytes("its place is not told");
    if (!why.empty()) {
      edit.fix.push_back("# so that it stays: take it out of " + masked(said) + " (by hand: " + std::string(why) + ")");
      continue;
    }
    const std::string copy = line->file + ".before-viaduct";
    if (copied.insert(line->file).second) keep(line->file, copy);
    const char* const word = line->text.find("helper") != Bytes::npos ? "helper" : "nf_";
    edit.fix.push_back("sed -i '" + line->number + "{/" + word + "/s/^/# /}' " + line->file);
  }
}

/// Of a feature that a command switches off in what runs, whatever brings it back.
[[nodiscard]] bool set_by_rule(const Feature& feature) {
  const bool rule = feature.name == "ct helper sip" || feature.name == "CT --helper sip";
  return rule && acts(feature.state) && feature.origin.line > 0 && !feature.edit.fix.empty();
}

/// "/etc/nftables.conf" of `cat /etc/nftables.conf`, or of the head of a file.
[[nodiscard]] Bytes file_of(Bytes title) {
  const std::size_t at = title.find("/etc/");
  const bool read = title.starts_with("cat ") || title.starts_with("sudo cat ");
  const Bytes file = at == 0 || read ? title.substr(std::min(at, title.size())) : Bytes();
  return file.find(' ') == Bytes::npos ? file : Bytes();
}

/// A file for nft or iptables-restore that was named where the machine itself has it brings its rules back whenever it
/// is loaded; so does one that a text holds under its name.
void keep_own_lines(LinuxBox& box) {
  if (!box.kept_lines.empty()) return;
  const std::vector<Section> sections = sections_of(box.text);
  for (const Feature& feature : box.device.features) {
    if (!set_by_rule(feature)) continue;
    const std::uint32_t line = feature.origin.line;
    const auto section =
        std::ranges::find_if(sections, [&](const Section& one) { return one.first <= line && line <= one.last; });
    const Bytes titled = section == sections.end() ? Bytes() : file_of(section->title);
    const Bytes file = titled.empty() ? Bytes(box.text.name()) : titled;
    const std::uint32_t number = titled.empty() ? line : line - section->first + 1;
    if (!file.starts_with("/etc/") || !only_of(file, kPlain)) continue;
    std::string& kept = box.kept_lines.emplace_back(file);
    kept += ":" + std::to_string(number) + ": ";
    kept += base::trim(box.text.line(line));
  }
}

/// What runs is changed; which file brings it back is not known to a listing.
void tell_to_keep(LinuxBox& box) {
  if (!box.kept.empty() || !box.kept_lines.empty()) return;
  const auto any = [&](Bytes name) {
    return std::ranges::any_of(box.device.features,
                               [&](const Feature& feature) { return feature.name == name && set_by_rule(feature); });
  };
  if (any("ct helper sip"))
    box.kept.emplace_back(
        "the commands above change the rules that run; take the same rules out of the file that this text comes from, "
        "and of what nft loads when the machine starts (/etc/nftables.conf, /etc/nftables/, "
        "/etc/sysconfig/nftables.conf): grep -rn 'ct helper' /etc/nft* /etc/sysconfig/nftables.conf");
  if (any("CT --helper sip"))
    box.kept.emplace_back(
        "the commands above change the rules that run; take the same rules out of what loads them when the machine "
        "starts (/etc/iptables/rules.v4 and rules.v6, /etc/sysconfig/iptables, a script): grep -rn -e '--helper sip' "
        "/etc");
}

/// What to do where no command is exact: those of the catalogue would miss these rules, and take modules away that they
/// need.
[[nodiscard]] std::string what_to_do(const Feature& feature) {
  struct Advice {
    Bytes name;
    Bytes words;
  };
  static constexpr std::array<Advice, 9> kAdvice{{
      {"CT --helper sip",
       "iptables-save and ip6tables-save show all rules: read those, and take out what sets the helper"},
      {"ct helper sip", "nft -a list ruleset shows all rules: read those, and take out what sets the helper"},
      {"nf_conntrack_helper",
       "sysctl net.netfilter.nf_conntrack_helper tells: where it is 1, set it to 0 there and in /etc/sysctl.d; where "
       "there is no such key, the kernel assigns none by itself"},
      {"AUTOHELPERS", "AUTOHELPERS=No in shorewall.conf, then shorewall check and shorewall reload"},
      {"CT:helper:sip",
       "take this line out of the file conntrack of Shorewall, then shorewall check and shorewall reload"},
      {"service sip",
       "firewall-cmd --get-active-zones tells the zones, firewall-cmd --permanent --zone=ZONE --remove-service=sip "
       "takes it out of one"},
      {"helper sip",
       "firewall-cmd --get-active-zones tells the zones, firewall-cmd --permanent --zone=ZONE --remove-service=sip "
       "takes it out of one"},
      {"nf_conntrack_sip", "lsmod tells whether it is loaded, and viaduct audit --this-host what uses it"},
      {"nf_nat_sip", "lsmod tells whether it is loaded, and viaduct audit --this-host what uses it"},
  }};
  const auto* const known = std::ranges::find(kAdvice, Bytes(feature.name), &Advice::name);
  return std::string(known == kAdvice.end()
                         ? Bytes("viaduct audit --this-host, on the machine itself, tells what to type")
                         : known->words);
}

/// Rules that name the helper cannot be loaded without its module: nft -f and iptables-restore would refuse the whole
/// file, and the machine would start without a firewall.
void keep_modules_of_rules(LinuxBox& box) {
  const bool named = std::ranges::any_of(box.device.features, [](const Feature& feature) {
    return feature.origin.line > 0 &&
           (feature.name == "ct helper sip" || feature.name == "CT --helper sip" || feature.name.starts_with("direct"));
  });
  if (!named) return;
  for (Feature& feature : box.device.features)
    if (feature.name == "nf_conntrack_sip" || feature.name == "nf_nat_sip")
      feature.edit = {.by_hand =
                          "only when no file of rules names the helper any more: without its module nft -f and "
                          "iptables-restore refuse such a file as a whole. Then: modprobe -r nf_nat_sip "
                          "nf_conntrack_sip, and install nf_conntrack_sip /bin/false in /etc/modprobe.d"};
}

}  // namespace

void finish_edits(LinuxBox& box) {
  keep_modules_of_rules(box);
  for (Feature& feature : box.device.features)
    if (feature.state != State::off && feature.edit.fix.empty() && feature.edit.clear.empty() &&
        feature.edit.by_hand.empty())
      feature.edit.by_hand = what_to_do(feature);
  if (!box.assigned) return;
  std::vector<std::string>& fix = box.device.last.fix;
  for (const LinuxBox::Port& port : box.ports) {
    const std::string rest = " -p " + port.protocol + " --dport " + std::to_string(port.number);
    fix.push_back("conntrack -D -f ipv4" + rest);
    fix.push_back("conntrack -D -f ipv6" + rest);
  }
  if (box.more_ports)
    fix.emplace_back("# the same for each further port that rules of this text name: there are too many to list them");
  keep_own_lines(box);
  tell_to_keep(box);
  for (const std::string& line : box.kept) fix.push_back("# so that it stays: " + line);
  take_out_of_files(box, box.device.last);
}

}  // namespace viaduct::audit::products
