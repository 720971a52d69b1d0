// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include "alg/state.hpp"
#include "base/clock.hpp"
#include "os/conntrack.hpp"
#include "os/host_access.hpp"
#include "os/port_set.hpp"

namespace viaduct::gateway {

/// Which outer UDP ports others use (docs/adr/0004): port forwardings of other tables, sockets of this host, and flows
/// that the kernel translated by itself.
class PortUse {
 public:
  /// Reads the port forwardings of nftables and iptables (os::forwarded_ports); at start and reload.
  void read_forwardings(os::Host& host);
  /// Fills Wan::busy of all WANs. O(conntrack table): call it when due().
  void refresh(alg::State& state, os::Conntrack& conntrack, base::Instant now);
  [[nodiscard]] bool due(base::Instant now) const { return now >= due_; }
  [[nodiscard]] const os::PortSet& forwardings() const { return forwardings_; }

 private:
  os::PortSet forwardings_;
  base::Instant due_;
};

}  // namespace viaduct::gateway
