// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include "net/address.hpp"
#include "os/netlink.hpp"
#include "os/port_set.hpp"
#include "os/problem.hpp"

#include <cstdint>
#include <functional>
#include <string>
#include <utility>
#include <vector>

namespace viaduct::os {

/// One direction of a flow. Protocol numbers of IANA: 6 TCP, 17 UDP.
struct FiveTuple {
  net::Endpoint source;
  net::Endpoint destination;
  std::uint8_t protocol = 17;

  [[nodiscard]] FiveTuple reversed() const { return {destination, source, protocol}; }
  [[nodiscard]] std::string to_text() const;
  friend constexpr auto operator<=>(const FiveTuple&, const FiveTuple&) = default;
};

/// An entry of the connection tracking table. `original` is what its first packet looked like before any NAT,
/// `reply` what answers look like when they arrive: reply.destination is the outer side of a source NAT,
/// reply.source the inner side of a destination NAT.
struct Connection {
  FiveTuple original;
  FiveTuple reply;
  std::uint32_t id = 0;
  std::uint32_t mark = 0;
  std::uint32_t status = 0;   ///< IPS_* bits of linux/netfilter/nf_conntrack_common.h
  std::uint32_t timeout = 0;  ///< seconds left
  std::string helper;         ///< "sip" when the kernel's ALG holds it, else empty

  [[nodiscard]] bool seen_reply() const { return (status & 0x02U) != 0; }
  [[nodiscard]] bool source_nat() const { return (status & 0x10U) != 0; }
  [[nodiscard]] bool destination_nat() const { return (status & 0x20U) != 0; }
};

/// A pinhole of a kernel helper (nf_conntrack_expect).
struct Expectation {
  FiveTuple expected;
  FiveTuple mask;    ///< all-ones fields must match; port 0xffff is a full mask
  FiveTuple master;  ///< original tuple of the flow that made it
  std::uint32_t id = 0;
  std::uint32_t timeout = 0;  ///< seconds left
  std::string helper;
};

/// Which entries a dump gives. Default: all of both families.
struct ConnectionFilter {
  net::Family family = net::Family::none;  ///< none: both
  std::uint8_t protocol = 0;               ///< 0: all
  std::uint32_t mark = 0;
  std::uint32_t mark_mask = 0;     ///< 0: any mark; else (entry.mark & mask) == mark, tested by the kernel
  net::Address original_source;    ///< absent: any
  net::Address reply_destination;  ///< absent: any; the outer address of source NAT
  bool only_with_helper = false;
};

/// Connection tracking of the network namespace in which open() ran, over one persistent socket; every call is
/// one synchronous exchange of a few microseconds, dumps excepted.
class Conntrack {
 public:
  [[nodiscard]] static Result<Conntrack> open();

  /// The entry one of whose two tuples is `tuple`; `not_found` otherwise. A packet seen between destination and
  /// source NAT (forward hook) shows the inner addresses: look up the packet's tuple, then its reversed() one.
  /// The first packet of a flow is in no table before it has left the box.
  [[nodiscard]] Result<Connection> find(const FiveTuple& tuple);

  /// All entries that pass the filter, unordered. The table changes while it is read.
  [[nodiscard]] Result<std::vector<Connection>> dump(const ConnectionFilter& filter = {});
  /// The same without keeping them; `visit` must not call this object. O(table) in time, constant memory.
  [[nodiscard]] Result<void> visit(const ConnectionFilter& filter, const std::function<void(const Connection&)>& visit);

  /// Deletes exactly this entry (by original tuple and id); `not_found` when it is gone already.
  [[nodiscard]] Result<void> remove(const Connection& connection);
  /// Sets the bits of `mask` to those of `mark`.
  [[nodiscard]] Result<void> set_mark(const Connection& connection, std::uint32_t mark,
                                      std::uint32_t mask = 0xffffffff);
  /// Seconds until the entry dies unless a packet passes; the next packet applies the flow's policy again.
  [[nodiscard]] Result<void> set_timeout(const Connection& connection, std::uint32_t seconds);
  /// Takes the kernel helper off a live flow; its expectations go with it.
  [[nodiscard]] Result<void> detach_helper(const Connection& connection);

  /// Entries in the table.
  [[nodiscard]] Result<std::uint32_t> count();
  /// UDP ports of `outer` that answers to some flow may arrive at. O(table).
  [[nodiscard]] Result<void> add_reply_ports(const net::Address& outer, PortSet& taken);

  [[nodiscard]] Result<std::vector<Expectation>> expectations();
  [[nodiscard]] Result<void> remove(const Expectation& expectation);

 private:
  explicit Conntrack(Netlink netlink) : netlink_(std::move(netlink)) {}
  Netlink netlink_;
};

}  // namespace viaduct::os
