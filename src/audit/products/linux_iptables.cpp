// SPDX-License-Identifier: GPL-2.0-or-later
#include "audit/products/linux.hpp"
#include "audit/products/linux_edit.hpp"
#include "audit/products/products.hpp"

#include <algorithm>
#include <array>
#include <set>
#include <vector>

namespace viaduct::audit::products {
namespace {

constexpr Bytes kNothingSet = "no CT --helper sip in table raw; kernels since 4.7 assign none by themselves";

using Words = std::vector<Bytes>;

[[nodiscard]] Words words_of(Node rule) {
  Words words;
  for (const Node word : rule.children()) words.push_back(word.word());
  return words;
}

/// What stands behind an option.
[[nodiscard]] Bytes option(const Words& words, Bytes name) {
  const auto at = std::ranges::find(words, name);
  return at == words.end() || at + 1 == words.end() ? Bytes() : *(at + 1);
}
[[nodiscard]] Bytes either(const Words& words, Bytes name, Bytes other) {
  const Bytes value = option(words, name);
  return value.empty() ? option(words, other) : value;
}

[[nodiscard]] Bytes target(const Words& words) {
  return either(words, "-j", "--jump");
}

/// `-j CT --helper sip`; `-m helper --helper sip` is a question, not an answer.
[[nodiscard]] bool sets_helper(const Words& words) {
  const auto jump = std::ranges::find_if(words, [](Bytes word) { return word == "-j" || word == "--jump"; });
  const auto helper = std::find(jump, words.end(), Bytes("--helper"));
  return target(words) == "CT" && helper != words.end() && helper + 1 != words.end() &&
         (helper + 1)->starts_with("sip");
}

/// "udp 5062,5070-5072"
[[nodiscard]] std::string ports_of(const Words& words) {
  Bytes ports = either(words, "--dport", "--destination-port");
  if (ports.empty()) ports = either(words, "--dports", "--destination-ports");
  std::string said(ports == "sip" ? Bytes("5060") : ports);
  std::ranges::replace(said, ':', '-');
  return said;
}

/// By which program of the section's title a rule can be deleted: "iptables-legacy" of "iptables-legacy-save -t raw".
[[nodiscard]] std::string program_of(Bytes title) {
  static constexpr std::array<Bytes, 6> kPrograms{"ip6tables-legacy", "ip6tables-nft", "ip6tables", "iptables-legacy", "iptables-nft", "iptables"};
  for (const Bytes program : kPrograms)
    if (title.find(std::string(program) + "-save") != Bytes::npos) return std::string(program);
  return "iptables";
}

/// `before`: how many rules stay before it.
[[nodiscard]] Edit edit_of(const Words& words, Bytes chain, std::size_t before, Bytes title) {
  const std::string program = program_of(title);
  std::string rule;
  for (const Bytes word : words) rule += " " + shell_word(word);
  const std::string name = shell_word(chain);
  return {.fix = {program + " -t raw -D " + name + rule},
          .undo = {program + " -t raw -I " + name + " " + std::to_string(before + 1) + rule}};
}

void add(const Words& words, const std::string& place, std::uint32_t line, bool reached, LinuxBox& box, Edit edit = {}) {
  const std::string ports = ports_of(words);
  const std::string protocol(either(words, "-p", "--protocol"));
  Feature feature{.name = "CT --helper sip",
                  .scope = place + (protocol.empty() ? "" : " " + protocol) + (ports.empty() ? "" : " " + ports),
                  .state = reached ? State::on : State::off,
                  .origin = {.line = line}};
  if (!reached) feature.note = "no rule jumps to this chain";
  if (reached) {
    feature.edit = std::move(edit);
    box.assigning.push_back(box.device.features.size());
    box.remember(protocol, ports);
  }
  box.device.features.push_back(std::move(feature));
  const bool narrow = !either(words, "-s", "--source").empty() || !either(words, "-d", "--destination").empty();
  if (reached) box.set(ports, narrow);
}

/// Chains of a table that packets see.
[[nodiscard]] std::set<Bytes> reached(Node table) {
  std::set<Bytes> seen;
  std::vector<Bytes> open{"PREROUTING", "OUTPUT"};
  while (!open.empty()) {
    const Bytes chain = open.back();
    open.pop_back();
    if (!seen.insert(chain).second) continue;
    for (const Node rule : table[chain].children()) {
      const Words words = words_of(rule);
      if (rule.word() != "rule") continue;
      open.push_back(target(words));
      open.push_back(either(words, "-g", "--goto"));
    }
  }
  return seen;
}

/// Whether a later line deletes the rule again.
[[nodiscard]] bool deleted(Node chain, Node rule, const Words& words) {
  for (const Node other : chain.children())
    if (other.word() == "delete" && other.line() > rule.line() && words_of(other) == words) return true;
  return false;
}

}  // namespace

void read_iptables(Node root, LinuxBox& box) {
  bool said = false;
  const Node raw = root["raw"];
  const std::set<Bytes> seen = reached(raw);
  for (const Node chain : raw.children()) {
    std::size_t before = 0;
    for (const Node rule : chain.children()) {
      if (rule.word() != "rule") continue;
      const Words words = words_of(rule);
      if (target(words) == "CT" && !option(words, "--timeout").empty())
        box.timed[std::string(option(words, "--timeout"))] = std::string(either(words, "-p", "--protocol")) + " " + ports_of(words);
      if (!sets_helper(words) || deleted(chain, rule, words)) {
        ++before;
        continue;
      }
      said = true;
      add(words, "raw " + std::string(chain.word()), rule.line(), seen.contains(chain.word()), box, edit_of(words, chain.word(), before, box.title));
    }
  }
  if (!said)
    box.device.features.push_back({.name = "CT --helper sip",
                                   .scope = box.title.find("ip6tables") == Bytes::npos ? "global" : "IPv6",
                                   .state = State::off,
                                   .origin = {.standard = std::string(kNothingSet)}});
}

namespace {

[[nodiscard]] Words split(Bytes text) {
  Words words;
  while (!text.empty()) {
    const std::size_t end = std::min(text.find_first_of(" \t\n"), text.size());
    if (end > 0) words.push_back(text.substr(0, end));
    text.remove_prefix(std::min(end + 1, text.size()));
  }
  return words;
}

/// Passthroughs are taken away by the words that made them, rules by their place, too.
[[nodiscard]] Edit direct_edit(Node rule, bool passthrough, const Words& words) {
  const Bytes kind = passthrough ? "passthrough" : "rule";
  std::string said = " " + word_of(rule["@ipv"].value(), '\'');
  if (!passthrough)
    for (const Bytes attribute : std::array<Bytes, 3>{"@table", "@chain", "@priority"}) said += " " + word_of(rule[attribute].value(), '\'');
  for (const Bytes word : words) said += " " + word_of(word, '\'');
  const std::string command = "firewall-cmd --permanent --direct --";
  return {.fix = {command + "remove-" + std::string(kind) + said, "firewall-cmd --reload"},
          .undo = {command + "add-" + std::string(kind) + said, "firewall-cmd --reload"},
          .verified = false};
}

void read_direct(Node direct, LinuxBox& box) {
  bool said = false;
  for (const Node rule : direct.children()) {
    Words words;
    for (const Node part : rule.children())
      if (!part.word().starts_with('@')) words = split(part.word());
    if (!sets_helper(words)) continue;
    said = true;
    const bool passthrough = rule.word() == "passthrough";
    const Bytes table = passthrough ? either(words, "-t", "--table") : rule["@table"].value();
    const Bytes chain = passthrough ? either(words, "-A", "-I") : rule["@chain"].value();
    add(words, "direct " + std::string(table) + " " + std::string(chain), rule.line(), true, box, direct_edit(rule, passthrough, words));
  }
  if (!said)
    box.device.features.push_back({.name = "CT --helper sip",
                                   .scope = "direct",
                                   .state = State::off,
                                   .origin = {.standard = std::string(kNothingSet)}});
}

void read_zone(Node zone, LinuxBox& box) {
  Feature feature{.name = "service sip", .scope = "zone " + std::string(zone["short"].value()), .state = State::off};
  feature.origin.standard = "service sip is not in the zone; sips and plain ports carry no helper";
  for (const Node entry : zone.children()) {
    const Node service = entry.word() == "rule" ? entry["service"] : entry;
    const bool refused = entry.word() == "rule" && !entry["accept"];
    if (service.word() != "service" || service["@name"].value() != "sip" || refused) continue;
    feature.state = State::on;
    feature.origin = {.line = service.line()};
    // The name of a zone is that of its file.
    feature.edit = {.fix = {"firewall-cmd --permanent --zone=<ZONE> --remove-service=sip", "firewall-cmd --reload"},
                    .undo = {"firewall-cmd --permanent --zone=<ZONE> --add-service=sip", "firewall-cmd --reload"}};
    box.set("5060", entry.word() == "rule" && entry["source"]);
  }
  box.device.features.push_back(std::move(feature));
}

}  // namespace

void read_firewalld(Node root, LinuxBox& box) {
  for (const Node direct : root.children()) {
    if (direct.word() == "direct") read_direct(direct, box);
    if (direct.word() == "zone") read_zone(direct, box);
    if (direct.word() != "service" && direct.word() != "helper") continue;
    const Node helper = direct["helper"]["@name"].first();
    const bool sip = helper.word() == "sip" || direct["@module"].value() == "nf_conntrack_sip";
    box.undecided |= sip;
    box.device.features.push_back(
        {.name = std::string(direct.word()) + " sip",
         .state = sip ? State::unknown : State::off,
         .origin = {.line = direct.word() == "helper" ? direct["@module"].line() : helper.line(),
                    .standard = sip ? "" : "the definition names no SIP helper"},
         .note = sip ? "acts in zones that have this service" : ""});
  }
}

}  // namespace viaduct::audit::products
