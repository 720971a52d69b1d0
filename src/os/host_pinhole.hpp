// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include "net/address.hpp"
#include "os/host_access.hpp"
#include "os/problem.hpp"

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace viaduct::os {

/// Where a pinholed packet enters and where it wants to go. Absent addresses are chosen: a source from the benchmarking
/// networks, an inner address from the subnets of the other interfaces.
struct PinholeCheckRequest {
  std::string wan;                    ///< interface the packet seems to arrive on
  std::uint32_t mark = 0x20000000;    ///< the ct mark bit of pinholed flows
  std::vector<net::Address> sources;  ///< e.g. the platform's; at most one per family is used
  std::vector<net::Address> inner;    ///< e.g. a phone's; at most one per family is used
};

enum class PinholeVerdict : std::uint8_t { passes, dropped, not_tested };

/// What became of one synthetic packet.
struct PinholeCheck {
  net::Family family = net::Family::none;
  PinholeVerdict verdict = PinholeVerdict::not_tested;
  std::string table;  ///< "inet filter", "iptables-legacy filter"; empty: not by a firewall rule, see note
  std::string chain;
  std::string rule;  ///< as its tool prints it, or "policy drop"
  std::string note;  ///< why it was not tested, or what else stops it (forwarding off, reverse path filter)
};

/// Lets one UDP packet per family arrive on the WAN as the first of a pinholed flow (destination translated to the
/// inner address for IPv4, mark set) and follows it through the box with the kernel's packet trace. It is dropped
/// behind the last forward chain, so no phone gets it; answers of `reject` rules are dropped as well.
[[nodiscard]] Result<std::vector<PinholeCheck>> check_pinhole(Host& host, const PinholeCheckRequest& request);

/// "IPv4: dropped by nftables inet filter forward: policy drop", one line.
[[nodiscard]] std::string describe(const PinholeCheck& check);

}  // namespace viaduct::os
