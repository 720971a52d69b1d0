// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include "alg/state.hpp"
#include "base/clock.hpp"
#include "os/conntrack.hpp"
#include "os/host_access.hpp"
#include "os/port_set.hpp"
#include "viaduct-gateway/walk_budget.hpp"

#include <chrono>

namespace viaduct::gateway {

/// Which outer UDP ports others use (docs/adr/0004): port forwardings of other tables, sockets of this host, and flows
/// that the kernel translated by itself.
class PortUse {
 public:
  /// Reads the port forwardings of nftables and iptables (os::forwarded_ports); at start and reload.
  void read_forwardings(os::Host& host);
  /// Fills Wan::busy of all WANs. O(conntrack table): call it when due().
  void refresh(alg::State& state, os::Conntrack& conntrack, base::Instant now);
  [[nodiscard]] bool due(base::Instant now) const { return budget_.allows(now); }
  [[nodiscard]] const os::PortSet& forwardings() const { return forwardings_; }

 private:
  os::PortSet forwardings_;
  WalkBudget budget_{std::chrono::seconds(10)};
};

}  // namespace viaduct::gateway
