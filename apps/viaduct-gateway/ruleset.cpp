// SPDX-License-Identifier: GPL-2.0-or-later
#include "viaduct-gateway/ruleset.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace viaduct::gateway {
namespace {

std::string quoted_list(const std::vector<std::string>& names) {
  std::string text;
  for (const std::string& name : names) text += fmt::format("{}\"{}\"", text.empty() ? "" : ", ", name);
  return text;
}

std::string port_list(const std::vector<std::uint16_t>& ports) {
  return fmt::format("{}", fmt::join(ports, ", "));
}

std::string range_list(const std::vector<alg::PortRange>& ranges) {
  std::string text;
  for (const alg::PortRange& range : ranges)
    text += fmt::format("{}{}-{}", text.empty() ? "" : ", ", range.first, range.last);
  return text;
}

// Promise 6: a party in mode off is not read, not even to decide that. In the order of alg::rule_for: endpoint,
// platform, network, default. A platform known by its domain alone can only be told from its messages.
std::string party_rules(const alg::Policy& policy) {
  std::string text;
  auto add = [&](const net::Prefix& prefix, const std::optional<alg::Mode>& mode) {
    if (!mode) return;
    const char* ip = prefix.address.family == net::Family::ipv4 ? "ip" : "ip6";
    const char* verdict = *mode == alg::Mode::off ? "accept" : "goto sip_queue";
    text += fmt::format("    {0} saddr {1} {2}\n    {0} daddr {1} {2}\n", ip, prefix.to_text(), verdict);
  };
  bool read_rest = policy.mode != alg::Mode::off;
  for (const alg::EndpointRule& rule : policy.endpoints) add(rule.address, rule.rule.mode);
  for (const alg::PlatformRule& rule : policy.platforms) {
    if (rule.address)
      add(*rule.address, rule.rule.mode);
    else
      read_rest = read_rest || rule.rule.mode.value_or(alg::Mode::off) != alg::Mode::off;
  }
  for (const alg::InsideRule& rule : policy.inside) add(rule.network, rule.mode);
  return text + (read_rest ? "    goto sip_queue\n" : "");
}

std::string sip_timeouts(const GatewayConfig& config) {
  return fmt::format(
      "    ct state new meta nfproto ipv4 ct timeout set \"voip4_{0}\"\n"
      "    ct state new meta nfproto ipv6 ct timeout set \"voip6_{0}\"\n",
      config.udp_timeout.count());
}

std::string timeouts(const GatewayConfig& config) {
  std::string text;
  for (const int version : {4, 6})
    text += fmt::format(
        "  ct timeout voip{0}_{2} {{\n    protocol udp;\n    l3proto {1};\n    policy = {{ unreplied : {2}, replied : "
        "{2} "
        "}};\n  }}\n",
        version, version == 4 ? "ip" : "ip6", config.udp_timeout.count());
  return text;
}

bool gives_priority(const QosConfig& qos) {
  return qos.rate != 0 || qos.marks();
}

// Most phones mark by themselves, and a write costs a checksum: only what differs is written.
std::string prioritise(const QosConfig& qos, bool media) {
  std::string text;
  if (qos.rate != 0) text += fmt::format("    meta priority set {}\n", media ? "1:10" : "1:20");
  if (!qos.marks()) return text;
  const int dscp = media ? qos.media_dscp : qos.sip_dscp;
  return text + fmt::format("    ip dscp != {0} ip dscp set {0}\n    ip6 dscp != {0} ip6 dscp set {0}\n", dscp);
}

std::string sets(std::size_t wans) {
  std::string text = "  set media4 { type ipv4_addr . inet_service; }\n";
  text += "  set media6 { type ipv6_addr . inet_service; }\n";
  text += "  set watched4 { type ipv4_addr . inet_service; }\n";
  text += "  set watched6 { type ipv6_addr . inet_service; }\n";
  text += "  set signalling4 { type ipv4_addr . inet_service; }\n";
  text += "  set guarded4 { type ipv4_addr . inet_service; }\n";
  text += "  set guarded6 { type ipv6_addr . inet_service; }\n";
  text += "  set allowed4 { type ipv4_addr . inet_service . ipv4_addr; }\n";
  text += "  set allowed6 { type ipv6_addr . inet_service . ipv6_addr; }\n";
  text += "  map outer_to_inner { type ipv4_addr . inet_service : ipv4_addr . inet_service; }\n";
  for (std::size_t wan = 0; wan < wans; ++wan)
    text +=
        fmt::format("  map inner_to_outer_{} {{ type ipv4_addr . inet_service : ipv4_addr . inet_service; }}\n", wan);
  return text;
}

// Only the first packet of a flow comes here. Packets that leave by no WAN but were dnat-ed are hairpin:
// the other side must see the outer address (RFC 4787 REQ-9).
std::string nat_chains(const std::vector<std::string>& wans, Ipsec ipsec) {
  std::string text =
      "  chain nat_prerouting {\n    type nat hook prerouting priority dstnat - 1; policy accept;\n"
      "    meta l4proto != udp accept\n"
      "    iifname @wan ip daddr . udp dport @guarded4 ip daddr . udp dport . ip saddr != @allowed4 accept\n"
      "    dnat ip to ip daddr . udp dport map @outer_to_inner\n  }\n"
      "  chain nat_postrouting {\n    type nat hook postrouting priority srcnat - 1; policy accept;\n"
      "    meta l4proto != udp accept\n";
  // By its interface it leaves by the WAN; the policy that will take it away only comes after us and asks for the
  // inner address.
  if (ipsec == Ipsec::matched) text += "    rt ipsec exists accept\n";
  for (std::size_t wan = 0; wan < wans.size(); ++wan)
    text += fmt::format("    oifname \"{}\" snat ip to ip saddr . udp sport map @inner_to_outer_{}\n", wans[wan], wan);
  for (std::size_t wan = 0; wan < wans.size(); ++wan)
    text +=
        fmt::format("    oifname != @wan ct status dnat snat ip to ip saddr . udp sport map @inner_to_outer_{}\n", wan);
  return text + "  }\n";
}

// Both directions of the flows that a set of inner endpoints knows.
std::string both_ways(const char* set, int version, const std::string& action) {
  const char* ip = version == 4 ? "ip" : "ip6";
  return fmt::format("    {0} saddr . udp sport @{1}{2} {3}\n    {0} daddr . udp dport @{1}{2} {3}\n", ip, set, version,
                     action);
}

// What gives known media its marks and timers; from the next packet on the mark alone is looked at.
std::string classify_media(int version, std::int64_t seconds) {
  auto action = [version, seconds](std::uint32_t mark) {
    return fmt::format("ct mark set ct mark or {:#x} ct timeout set \"voip{}_{}\" goto media", mark, version, seconds);
  };
  return both_ways("media", version, action(kMediaMark | kPinholeMark)) +
         both_ways("watched", version, action(kMediaMark));
}

std::string media_chains(const QosConfig& qos) {
  if (!gives_priority(qos)) return "  chain media {\n  }\n";
  std::string text = "  chain media {\n";
  for (const char* set : {"media", "watched"})
    for (const int version : {4, 6}) text += both_ways(set, version, "goto media_marked");
  return text + "  }\n  chain media_marked {\n" + prioritise(qos, true) + "  }\n";
}

// One base chain for all that is done per packet; RTP of known calls leaves it by the second rule.
std::string forward_chains(const GatewayConfig& config, Ipsec ipsec) {
  const std::string ports = port_list(config.sip_ports);
  const std::int64_t seconds = config.udp_timeout.count();
  std::string text = fmt::format(
      "  chain forward {{\n    type filter hook forward priority mangle; policy accept;\n"
      "    meta l4proto != udp accept\n"
      "    ct mark and {0:#x} != 0 goto media\n"
      "    oifname @wan udp dport {{ {1} }} goto sip\n"
      "    iifname @wan udp sport {{ {1} }} goto sip\n"
      "    ip saddr . udp sport @signalling4 goto sip\n"
      "    ip daddr . udp dport @signalling4 goto sip\n"
      "    iifname @wan ip6 daddr . udp dport @guarded6 ip6 daddr . udp dport . ip6 saddr != @allowed6 accept\n",
      kMediaMark, ports);
  text += classify_media(4, seconds) + classify_media(6, seconds) + "  }\n" + media_chains(config.qos);
  text += fmt::format(
      "  chain sip_queue {{\n  }}\n"
      "  chain sip {{\n{}"
      "    ct state new ip daddr . udp dport @signalling4 ct mark set ct mark or {:#x}\n{}{}{}  }}\n",
      sip_timeouts(config), kPinholeMark, prioritise(config.qos, false),
      ipsec == Ipsec::matched ? "    rt ipsec exists accept\n    meta ipsec exists accept\n" : "",
      party_rules(config.policy));
  return text;
}

// Mode off: nothing is read, so SIP and RTP are known by their ports alone.
std::string off_chains(const GatewayConfig& config) {
  auto by_port = [](const std::string& ports, const char* chain) {
    return fmt::format("    udp dport {{ {0} }} goto {1}\n    udp sport {{ {0} }} goto {1}\n", ports, chain);
  };
  const bool media = gives_priority(config.qos) && !config.qos.media_ports.empty();
  std::string text =
      "  chain forward {\n    type filter hook forward priority mangle; policy accept;\n"
      "    meta l4proto != udp accept\n" +
      by_port(port_list(config.sip_ports), "sip");
  if (media) text += by_port(range_list(config.qos.media_ports), "media");
  text += "  }\n  chain sip {\n" + sip_timeouts(config) + prioritise(config.qos, false) + "  }\n";
  return media ? text + "  chain media {\n" + prioritise(config.qos, true) + "  }\n" : text;
}

}  // namespace

bool reads_sip(const alg::Policy& policy) {
  auto reads = [](const std::optional<alg::Mode>& mode) { return mode && *mode != alg::Mode::off; };
  return policy.mode != alg::Mode::off ||
         std::any_of(policy.inside.begin(), policy.inside.end(),
                     [&](const alg::InsideRule& r) { return reads(r.mode); }) ||
         std::any_of(policy.platforms.begin(), policy.platforms.end(),
                     [&](const alg::PlatformRule& r) { return reads(r.rule.mode); }) ||
         std::any_of(policy.endpoints.begin(), policy.endpoints.end(),
                     [&](const alg::EndpointRule& r) { return reads(r.rule.mode); });
}

std::string ruleset_script(const GatewayConfig& config, const std::vector<std::string>& wans, Ipsec ipsec) {
  std::string text =
      "table inet viaduct {\n  set wan { type ifname; }\n}\nflush table inet viaduct\nflush set inet viaduct wan\n"
      "table inet viaduct {\n" +
      timeouts(config);
  text += fmt::format("  set wan {{ type ifname; elements = {{ {} }}; }}\n", quoted_list(wans));
  if (reads_sip(config.policy))
    text += sets(wans.size()) + nat_chains(wans, ipsec) + forward_chains(config, ipsec);
  else
    text += off_chains(config);
  return text + "}\n";
}

}  // namespace viaduct::gateway
