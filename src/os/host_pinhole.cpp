// SPDX-License-Identifier: GPL-2.0-or-later
#include "os/host_pinhole.hpp"

#include "base/text.hpp"
#include "os/host_xtables.hpp"
#include "os/links.hpp"
#include "os/ruleset.hpp"
#include "os/synthetic.hpp"

#include <algorithm>
#include <chrono>
#include <map>
#include <optional>
#include <random>
#include <thread>
#include <utility>

namespace viaduct::os {
namespace {

constexpr std::uint8_t kUdp = 17;
constexpr std::chrono::milliseconds kPatience{400};
constexpr std::chrono::milliseconds kPause{5};

std::string decimal(std::uint32_t value) {
  return std::to_string(value);
}

/// Packets that each line of iptables-legacy has counted: rules as "-A FORWARD ...", policies as ":FORWARD DROP".
using LineCounts = std::map<std::string, std::uint64_t>;

struct LegacyCounts {
  std::string program;
  std::map<std::string, LineCounts> tables;
};

/// Reads `iptables-save -c`: "[packets:bytes] -A ..." and ":CHAIN POLICY [packets:bytes]".
LegacyCounts parse_counts(const std::string& program, const std::string& text) {
  LegacyCounts counts{program, {}};
  std::string table;
  std::size_t at = 0;
  while (at < text.size()) {
    std::size_t end = std::min(text.find('\n', at), text.size());
    std::string line = text.substr(at, end - at);
    at = end + 1;
    if (line.starts_with('*')) table = line.substr(1);
    std::size_t open = line.find('[');
    std::size_t colon = line.find(':', open == std::string::npos ? 0 : open);
    if (open == std::string::npos || colon == std::string::npos) continue;
    std::optional<std::uint64_t> packets =
        base::parse_decimal<std::uint64_t>(std::string_view(line).substr(open + 1, colon - open - 1));
    if (!packets) continue;
    std::size_t close = line.find(']', colon);
    std::string key = open == 0 ? line.substr(std::min(close + 2, line.size())) : line.substr(0, open - 1);
    counts.tables[table][key] = *packets;
  }
  return counts;
}

std::optional<LegacyCounts> read_legacy(Host& host, net::Family family) {
  bool ipv4 = family == net::Family::ipv4;
  Result<std::string> names = host.read(ipv4 ? "/proc/net/ip_tables_names" : "/proc/net/ip6_tables_names");
  if (!names || names->empty()) return std::nullopt;
  for (const char* program : {"iptables-legacy-save", "iptables-save"}) {
    std::string name = ipv4 ? std::string(program) : "ip6" + std::string(program).substr(2);
    if (!host.has_program(name)) continue;
    Result<ProcessOutcome> outcome = host.run({name, "-c"});
    if (outcome && outcome->ok() && outcome->output.find("(nf_tables)") == std::string::npos)
      return parse_counts(name.substr(0, name.size() - 5), outcome->output);
  }
  return std::nullopt;
}

/// True for "-A X ... -j DROP", "... -j REJECT ..." and ":FORWARD DROP".
bool line_drops(const std::string& line) {
  if (line.starts_with(':')) return line.ends_with(" DROP");
  std::vector<std::string> words = split_words(line);
  for (std::size_t i = 0; i + 1 < words.size(); ++i)
    if (words[i] == "-j") return words[i + 1] == "DROP" || words[i + 1] == "REJECT";
  return false;
}

class PinholeProbe {
 public:
  PinholeProbe(Host& host, const PinholeCheckRequest& request, SyntheticRig& rig, PacketTrace& trace)
      : host_(host), request_(request), rig_(rig), trace_(trace) {}

  PinholeCheck check(net::Family family);

 private:
  [[nodiscard]] net::Address inner(net::Family family) const;
  [[nodiscard]] net::Address source(net::Family family) const;
  [[nodiscard]] net::Address own_wan(net::Family family) const;
  [[nodiscard]] std::string script(const FiveTuple& arriving, const net::Endpoint& phone, Token token) const;
  void follow(PinholeCheck& result);
  void explain(PinholeCheck& result, bool routed, const std::optional<LegacyCounts>& before);
  void name_rule(PinholeCheck& result, const TraceStep& step);

  Host& host_;
  const PinholeCheckRequest& request_;
  SyntheticRig& rig_;
  PacketTrace& trace_;
  std::vector<Interface> interfaces_;
  std::vector<InterfaceAddress> addresses_;
  std::vector<TraceStep> steps_;
  std::map<std::string, std::uint64_t> counters_;
};

net::Address first_of(const std::vector<net::Address>& list, net::Family family) {
  for (const net::Address& address : list)
    if (address.family == family) return address;
  return {};
}

net::Address PinholeProbe::source(net::Family family) const {
  net::Address given = first_of(request_.sources, family);
  return given.present() ? given : benchmark_address(family, rig_.seed(), 1);
}

net::Address PinholeProbe::inner(net::Family family) const {
  net::Address given = first_of(request_.inner, family);
  if (given.present()) return given;
  for (const Interface& interface : interfaces_) {
    if (!interface.up || interface.loopback || interface.name == request_.wan || interface.name == rig_.device())
      continue;
    for (const InterfaceAddress& own : addresses_)
      if (own.interface == interface.index && own.address.family == family && is_routed(own)) return neighbour_of(own);
  }
  return {};
}

net::Address PinholeProbe::own_wan(net::Family family) const {
  for (const Interface& interface : interfaces_)
    for (const InterfaceAddress& own : addresses_)
      if (interface.name == request_.wan && own.interface == interface.index && own.address.family == family &&
          is_routed(own))
        return own.address;
  return {};
}

/// Trace from the start, mark behind conntrack, translation before everybody's, count on entering and behind the last
/// forward chain, and nothing out of the box: neither the packet nor an answer to it.
std::string PinholeProbe::script(const FiveTuple& arriving, const net::Endpoint& phone, Token token) const {
  std::string match = token_match(kUdp, token);
  bool ipv4 = phone.address.family == net::Family::ipv4;
  std::string text =
      "delete table @T\n"
      "add table @T\n"
      "add counter @T routed\n"
      "add counter @T passed\n"
      "add chain @T first { type filter hook prerouting priority -1000; }\n"
      "add chain @T marking { type filter hook prerouting priority -150; }\n"
      "add chain @T enter { type filter hook forward priority -1000; }\n"
      "add chain @T last { type filter hook forward priority 10000; }\n"
      "add chain @T guard { type filter hook postrouting priority -1000; }\n"
      "add chain @T answers { type filter hook output priority -1000; }\n";
  text += "add rule @T first " + match + " meta nftrace set 1\n";
  text += "add rule @T marking " + match + " ct mark set ct mark or " + decimal(request_.mark) + "\n";
  text += "add rule @T enter " + match + " counter name routed\n";
  text += "add rule @T last " + match + " counter name passed drop\n";
  text += "add rule @T guard " + match + " drop\n";
  text += std::string("add rule @T answers ") + (ipv4 ? "ip" : "ip6") + " daddr " + arriving.source.address.to_text() +
          " meta l4proto " + (ipv4 ? "icmp" : "icmpv6") + " drop\n";
  if (arriving.destination != phone) {
    text += "add chain @T translate { type nat hook prerouting priority -110; }\n";
    text += "add rule @T translate " + match + " dnat ip to " + phone.to_text() + "\n";
  }
  return text;
}

/// Reads trace and counters until the packet's end is known.
void PinholeProbe::follow(PinholeCheck& result) {
  std::string own = rig_.table().substr(rig_.table().find(' ') + 1);
  for (std::chrono::milliseconds waited{0}; waited < kPatience; waited += kPause) {
    if (!trace_.read(steps_)) break;
    std::optional<std::uint32_t> id;
    for (const TraceStep& step : steps_)
      if (step.table == own) id = step.id;
    for (const TraceStep& step : steps_) {
      if (!step.dropped || !id || step.id != *id) continue;
      if (step.table == own) {
        result.verdict = PinholeVerdict::passes;
        return;
      }
      result.verdict = PinholeVerdict::dropped;
      name_rule(result, step);
      return;
    }
    std::this_thread::sleep_for(kPause);
  }
}

void PinholeProbe::name_rule(PinholeCheck& result, const TraceStep& step) {
  result.table = "nftables " + step.family + " " + step.table;
  result.chain = step.chain;
  result.rule = step.rule == 0 ? "policy drop" : "rule handle " + std::to_string(step.rule);
  if (step.rule == 0) return;
  RulesetRule rule;
  rule.family = step.family;
  rule.table = step.table;
  rule.chain = step.chain;
  rule.handle = step.rule;
  result.rule = text_of(host_, rule);
}

/// No nftables rule dropped it, and it did not come through.
void PinholeProbe::explain(PinholeCheck& result, bool routed, const std::optional<LegacyCounts>& before) {
  result.verdict = PinholeVerdict::dropped;
  if (before) {
    std::optional<LegacyCounts> after = read_legacy(host_, result.family);
    if (after)
      for (const auto& [table, lines] : after->tables)
        for (const auto& [line, packets] : lines) {
          LineCounts earlier = before->tables.contains(table) ? before->tables.at(table) : LineCounts();
          if (!line_drops(line) || packets <= earlier[line]) continue;
          std::vector<std::string> words = split_words(line);
          result.table = after->program + " " + table;
          result.chain = line.starts_with(':') ? words[0].substr(1) : words[1];
          result.rule = line.starts_with(':') ? "policy drop" : line;
          return;
        }
  }
  bool ipv4 = result.family == net::Family::ipv4;
  Result<std::string> forwarding =
      host_.read(ipv4 ? "/proc/sys/net/ipv4/ip_forward" : "/proc/sys/net/ipv6/conf/all/forwarding");
  if (routed) {
    result.note = "lost in the forward path, not by an nftables rule";
  } else if (forwarding && base::trim(*forwarding) == "0") {
    result.note =
        "this box does not forward: " + std::string(ipv4 ? "net.ipv4.ip_forward" : "net.ipv6.conf.all.forwarding") +
        " is 0";
  } else {
    result.note = "the packet was not routed: reverse path filter, or no route to the inner network";
  }
}

PinholeCheck PinholeProbe::check(net::Family family) {
  PinholeCheck result;
  result.family = family;
  if (Result<std::vector<Interface>> all = list_interfaces(); all) interfaces_ = std::move(*all);
  if (Result<std::vector<InterfaceAddress>> all = list_addresses(); all) addresses_ = std::move(*all);
  static std::random_device random;
  std::uint16_t port = static_cast<std::uint16_t>(20000 + random() % 20000);
  net::Endpoint phone{inner(family), port};
  if (!phone.address.present()) {
    result.note = "no inner network of this family";
    return result;
  }
  net::Address outer = own_wan(family);
  bool translate = family == net::Family::ipv4 && outer.present();
  FiveTuple arriving{{source(family), port}, translate ? net::Endpoint{outer, port} : phone, kUdp};
  Token token = rig_.next_token();
  if (Result<void> made = rig_.nft(script(arriving, phone, token)); !made) {
    result.note = made.error().to_text();
    return result;
  }
  std::optional<LegacyCounts> before = read_legacy(host_, family);
  steps_.clear();
  if (Result<void> sent = rig_.inject(synthetic_packet(arriving, token), request_.wan); !sent) {
    result.note = sent.error().to_text();
    return result;
  }
  follow(result);
  if (result.verdict != PinholeVerdict::not_tested) return result;
  Result<std::map<std::string, std::uint64_t>> counted = rig_.counters();
  explain(result, counted && (*counted)["routed"] > 0, before);
  return result;
}

}  // namespace

Result<std::vector<PinholeCheck>> check_pinhole(Host& host, const PinholeCheckRequest& request) {
  Result<SyntheticRig> rig = SyntheticRig::open(host);
  if (!rig) return std::unexpected(rig.error());
  Result<PacketTrace> trace = PacketTrace::open();
  if (!trace) return std::unexpected(trace.error());
  PinholeProbe probe(host, request, *rig, *trace);
  return std::vector<PinholeCheck>{probe.check(net::Family::ipv4), probe.check(net::Family::ipv6)};
}

std::string describe(const PinholeCheck& check) {
  std::string text = check.family == net::Family::ipv4 ? "IPv4: " : "IPv6: ";
  switch (check.verdict) {
    case PinholeVerdict::passes:
      return text + "pinholed packets pass";
    case PinholeVerdict::not_tested:
      return text + "not tested: " + check.note;
    case PinholeVerdict::dropped:
      break;
  }
  if (check.table.empty()) return text + "pinholed packets do not pass: " + check.note;
  return text + "pinholed packets are dropped by " + check.table + " " + check.chain + ": " + check.rule;
}

}  // namespace viaduct::os
