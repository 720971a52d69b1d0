// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include "net/address.hpp"
#include "os/port_set.hpp"
#include "os/problem.hpp"

#include <cstdint>
#include <vector>

namespace viaduct::os {

/// A UDP socket of some process in this network namespace.
struct UdpSocket {
  net::Endpoint local;          ///< unspecified address: all of ours
  net::Endpoint remote;         ///< absent unless connected
  std::uint32_t interface = 0;  ///< bound to a device
};

/// All UDP sockets, both families: NETLINK_SOCK_DIAG, or /proc/net/udp and udp6 where the kernel lacks it.
[[nodiscard]] Result<std::vector<UdpSocket>> list_udp_sockets();
/// The second of the two; does not tell the device.
[[nodiscard]] Result<std::vector<UdpSocket>> list_udp_sockets_from_proc();

/// Sets the bits of ports at which a socket of this box would receive what is sent to `address`
/// (bound to it, to all addresses, or a dual-stack IPv6 wildcard).
[[nodiscard]] Result<void> add_udp_socket_ports(const net::Address& address, PortSet& taken);

}  // namespace viaduct::os
