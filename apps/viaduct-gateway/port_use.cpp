// SPDX-License-Identifier: GPL-2.0-or-later
#include "viaduct-gateway/port_use.hpp"

#include "os/clock.hpp"
#include "os/forwarded_ports.hpp"
#include "os/host_xtables.hpp"
#include "os/nft_batch.hpp"
#include "os/ruleset.hpp"
#include "os/sockets.hpp"

namespace viaduct::gateway {
void PortUse::read_forwardings(os::Host& host) {
  forwardings_.reset();
  os::Ruleset ruleset;
  if (const os::Result<std::string> json = host.ruleset_json())
    if (os::Result<os::Ruleset> read = os::parse_ruleset(*json)) ruleset = std::move(*read);
  // What cannot be read is left out; the kernel refuses a clash itself, and the original message goes out.
  const os::XtablesSet xtables = os::read_xtables(host, ruleset.has_xtables());
  forwardings_ = os::forwarded_ports(ruleset, xtables.sets, os::kTable);
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
    if (forwardings_.any())
      for (std::size_t port = 1; port < forwardings_.size(); ++port)
        if (forwardings_.test(port)) wan.busy[static_cast<std::uint16_t>(port)] = {};
    if (!sockets) continue;
    for (const os::UdpSocket& socket : *sockets) wan.busy[socket.local.port] = {};
  }
  budget_.spend(now, os::monotonic_now());
}

}  // namespace viaduct::gateway
