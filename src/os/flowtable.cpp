// SPDX-License-Identifier: GPL-2.0-or-later
#include "os/flowtable.hpp"

#include <algorithm>
#include <array>
#include <cstdio>

namespace viaduct::os {
namespace {

std::string hex(std::uint32_t value) {
  std::array<char, 16> text{};
  std::snprintf(text.data(), text.size(), "0x%x", value);
  return text.data();
}

std::string join_ports(const std::vector<std::uint16_t>& ports, const char* separator) {
  std::string text;
  for (std::uint16_t port : ports) text += (text.empty() ? "" : separator) + std::to_string(port);
  return text;
}

std::vector<OffloadExclusion> nft_exclusions(std::uint32_t marks, const std::vector<std::uint16_t>& ports) {
  constexpr const char* kEstablished = "ct state established,related";
  std::string set = "{ " + join_ports(ports, ", ") + " }";
  std::string sip = std::string("meta l4proto { tcp, udp } ") + kEstablished + " th ";
  return {{"viaduct: media is not offloaded",
           std::string(kEstablished) + " ct mark and " + hex(marks) + " != 0 accept",
           {}},
          {"viaduct: SIP is not offloaded", sip + "dport " + set + " accept", {}},
          {"viaduct: SIP answers are not offloaded", sip + "sport " + set + " accept", {}}};
}

std::vector<OffloadExclusion> xtables_exclusions(std::uint32_t marks, const std::vector<std::uint16_t>& ports) {
  const std::vector<std::string> tail = {"-m", "conntrack", "--ctstate", "RELATED,ESTABLISHED", "-j", "ACCEPT"};
  std::vector<OffloadExclusion> all;
  auto add = [&all, &tail](std::string comment, std::vector<std::string> words) {
    words.insert(words.end(), tail.begin(), tail.end());
    all.push_back({std::move(comment), {}, std::move(words)});
  };
  for (std::uint32_t bit = 1; bit != 0; bit <<= 1)
    if ((marks & bit) != 0)
      add("viaduct: media " + hex(bit) + " is not offloaded", {"-m", "connmark", "--mark", hex(bit) + "/" + hex(bit)});
  for (const char* protocol : {"udp", "tcp"})
    for (const char* side : {"--dports", "--sports"})
      add(std::string("viaduct: SIP ") + protocol + " " + side + " is not offloaded",
          {"-p", protocol, "-m", "multiport", side, join_ports(ports, ",")});
  return all;
}

}  // namespace

std::vector<OffloadRule> find_offload(const Ruleset& ruleset, const std::vector<Xtables>& xtables) {
  std::vector<OffloadRule> found;
  for (const RulesetRule& rule : ruleset.rules)
    for (const std::string& name : rule.flowtables) {
      OffloadRule offload{false, false, {}, rule.family, rule.table, rule.chain, "flow add @" + name, name, {}, false};
      for (const RulesetFlowtable& flowtable : ruleset.flowtables)
        if (flowtable.family == rule.family && flowtable.table == rule.table && flowtable.name == name) {
          offload.devices = flowtable.devices;
          offload.hardware = flowtable.hardware;
        }
      found.push_back(std::move(offload));
    }
  for (const Xtables& set : xtables)
    for (const XtablesRule& rule : set.rules)
      if (rule.value_of("-j") == "FLOWOFFLOAD") {
        bool hardware = std::find(rule.arguments.begin(), rule.arguments.end(), "--hw") != rule.arguments.end();
        found.push_back({true, set.ipv6, set.program, {}, rule.table, rule.chain, rule.line, {}, {}, hardware});
      }
  return found;
}

std::string warning_text(const OffloadRule& rule) {
  std::string where = rule.xtables ? rule.program : "nftables " + rule.family;
  std::string devices;
  for (const std::string& device : rule.devices) devices += (devices.empty() ? " for " : ", ") + device;
  return where + " " + rule.table + " " + rule.chain + ": " + rule.text + (rule.hardware ? ", in hardware" : "") +
         devices + ": offloaded flows bypass the rules that mark and prioritise media";
}

std::vector<OffloadExclusion> offload_exclusions(std::uint32_t marks, const std::vector<std::uint16_t>& sip_ports,
                                                 bool xtables) {
  return xtables ? xtables_exclusions(marks, sip_ports) : nft_exclusions(marks, sip_ports);
}

}  // namespace viaduct::os
