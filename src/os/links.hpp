// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include "net/address.hpp"
#include "os/netlink.hpp"
#include "os/problem.hpp"

#include <cstdint>
#include <string>
#include <utility>
#include <vector>

namespace viaduct::os {

struct Interface {
  std::uint32_t index = 0;
  std::string name;
  std::string kind;  ///< "veth", "bridge", "vlan", "ppp", ...; empty for plain hardware
  std::uint32_t mtu = 0;
  std::uint32_t bridge = 0;  ///< index of the bridge or bond it belongs to, 0 when none
  bool up = false;           ///< switched on
  bool carrier = false;      ///< IFF_LOWER_UP
  bool loopback = false;
};

struct InterfaceAddress {
  std::uint32_t interface = 0;
  net::Address address;  ///< our own one, also on point-to-point links
  std::uint8_t prefix_length = 0;
  bool usable = true;       ///< neither tentative nor failed duplicate detection
  bool deprecated = false;  ///< no new flows from it
  friend bool operator==(const InterfaceAddress&, const InterfaceAddress&) = default;
};

/// A default route; several per family are normal (several WANs).
struct DefaultRoute {
  net::Family family = net::Family::none;
  std::uint32_t interface = 0;
  net::Address gateway;  ///< absent on point-to-point links
  std::uint32_t metric = 0;
  std::uint32_t table = 254;
};

/// How the kernel would send to a destination.
struct Route {
  std::uint32_t interface = 0;
  net::Address gateway;   ///< absent when directly attached
  net::Address source;    ///< preferred own address
  std::uint32_t mtu = 0;  ///< of route or path, 0 when the interface decides
  bool local = false;     ///< the destination is this host
};

/// Snapshots over a fresh rtnetlink socket of the caller's network namespace.
[[nodiscard]] Result<std::vector<Interface>> list_interfaces();
[[nodiscard]] Result<std::vector<InterfaceAddress>> list_addresses();
/// Best metric first, main table first.
[[nodiscard]] Result<std::vector<DefaultRoute>> list_default_routes();
[[nodiscard]] Result<Route> route_to(const net::Address& destination);

enum class LinkEventKind : std::uint8_t {
  address_added,
  address_removed,
  link_changed,  ///< came, went up or down, was renamed: `interface` is set
  link_removed,
  default_route_changed,
  overrun,  ///< events were lost: list everything again
};

struct LinkEvent {
  LinkEventKind kind = LinkEventKind::overrun;
  InterfaceAddress address;  ///< for address_*; its `interface` is set for all kinds but overrun
  Interface interface;       ///< for link_*
};

/// Tells of changes after open(); list once after opening, then follow. When a link goes down the kernel drops its
/// IPv4 routes without a word: take link_changed as a change of default routes too.
class LinkMonitor {
 public:
  [[nodiscard]] static Result<LinkMonitor> open();
  [[nodiscard]] int fd() const { return netlink_.fd(); }
  /// Appends what has happened to `out`; never blocks.
  [[nodiscard]] Result<void> read(std::vector<LinkEvent>& out);

 private:
  explicit LinkMonitor(Netlink netlink) : netlink_(std::move(netlink)) {}
  Netlink netlink_;
};

}  // namespace viaduct::os
