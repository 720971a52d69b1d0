// SPDX-License-Identifier: GPL-2.0-or-later
#include "viaduct-gateway/port_use.hpp"

#include "os/clock.hpp"
#include "os/nft_batch.hpp"
#include "os/ruleset.hpp"
#include "os/sockets.hpp"

#include <algorithm>
#include <chrono>

namespace viaduct::gateway {
namespace {

constexpr base::Duration kEvery = std::chrono::seconds(10);

bool forwards(const os::RulesetRule& rule) {
  return rule.table != os::kTable && (rule.expressions.find("\"dnat\"") != std::string::npos ||
                                      rule.expressions.find("\"redirect\"") != std::string::npos);
}

}  // namespace

void PortUse::read_forwardings(os::Host& host) {
  forwardings_.clear();
  const os::Result<std::string> json = host.ruleset_json();
  if (!json) return;
  const os::Result<os::Ruleset> ruleset = os::parse_ruleset(*json);
  if (!ruleset) return;
  for (const os::RulesetRule& rule : ruleset->rules)
    if (forwards(rule)) forwardings_.insert(forwardings_.end(), rule.ports.begin(), rule.ports.end());
}

void PortUse::refresh(alg::State& state, os::Conntrack& conntrack, base::Instant now) {
  for (alg::Wan& wan : state.wans()) wan.busy.clear();
  os::ConnectionFilter filter;
  filter.family = net::Family::ipv4;
  filter.protocol = 17;
  // A failed walk leaves ports out; the kernel refuses a clash itself, and the original message goes out.
  (void)conntrack.visit(filter, [&](const os::Connection& flow) {
    for (alg::Wan& wan : state.wans()) {
      if (flow.reply.destination.address != wan.address) continue;
      const auto [entry, fresh] = wan.busy.emplace(flow.reply.destination.port, flow.original.source);
      if (!fresh && entry->second != flow.original.source) entry->second = {};
    }
  });
  const os::Result<std::vector<os::UdpSocket>> sockets = os::list_udp_sockets();
  for (alg::Wan& wan : state.wans()) {
    for (const std::uint16_t port : forwardings_) wan.busy[port] = {};
    if (!sockets) continue;
    for (const os::UdpSocket& socket : *sockets) wan.busy[socket.local.port] = {};
  }
  // A walk through a long table must not eat the time of packets: at most one hundredth of it.
  const base::Instant end = os::monotonic_now();
  due_ = end + std::max<base::Duration>(kEvery, (end - now) * 100);
}

}  // namespace viaduct::gateway
