// SPDX-License-Identifier: GPL-2.0-or-later
#include "os/links.hpp"

#include "os/attributes.hpp"
#include "os/netlink.hpp"

#include <libmnl/libmnl.h>

#include <linux/if.h>
#include <linux/rtnetlink.h>
#include <sys/socket.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <optional>
#include <tuple>

namespace viaduct::os {
namespace {

net::Family family_of(std::uint8_t number) {
  return number == AF_INET ? net::Family::ipv4 : number == AF_INET6 ? net::Family::ipv6 : net::Family::none;
}

net::Address read_address(const Attribute& a, net::Family family) {
  if (family == net::Family::ipv4 && a.value.size() == 4) return net::Address::ipv4_from(a.value.data());
  if (family == net::Family::ipv6 && a.value.size() == 16) return net::Address::ipv6_from(a.value.data());
  return {};
}

template <class T>
const T* payload(const nlmsghdr& message) {
  return message.nlmsg_len >= NLMSG_LENGTH(sizeof(T)) ? static_cast<const T*>(NLMSG_DATA(&message)) : nullptr;
}

std::optional<Interface> read_interface(const nlmsghdr& message) {
  const ifinfomsg* head = payload<ifinfomsg>(message);
  if (head == nullptr) return std::nullopt;
  Interface i;
  i.index = static_cast<std::uint32_t>(head->ifi_index);
  i.up = (head->ifi_flags & IFF_UP) != 0;
  i.carrier = (head->ifi_flags & IFF_LOWER_UP) != 0;
  i.loopback = (head->ifi_flags & IFF_LOOPBACK) != 0;
  for (const Attribute& a : Attributes(message, sizeof(ifinfomsg))) {
    if (a.type == IFLA_IFNAME) i.name = std::string(a.text());
    if (a.type == IFLA_MTU) i.mtu = a.native<std::uint32_t>();
    if (a.type == IFLA_MASTER) i.bridge = a.native<std::uint32_t>();
    if (a.type != IFLA_LINKINFO) continue;
    for (const Attribute& info : Attributes(a.value))
      if (info.type == IFLA_INFO_KIND) i.kind = std::string(info.text());
  }
  return i;
}

std::optional<InterfaceAddress> read_interface_address(const nlmsghdr& message) {
  const ifaddrmsg* head = payload<ifaddrmsg>(message);
  if (head == nullptr || family_of(head->ifa_family) == net::Family::none) return std::nullopt;
  InterfaceAddress result;
  result.interface = head->ifa_index;
  result.prefix_length = head->ifa_prefixlen;
  std::uint32_t flags = head->ifa_flags;
  net::Address local;
  for (const Attribute& a : Attributes(message, sizeof(ifaddrmsg))) {
    // On point-to-point links IFA_ADDRESS is the other end.
    if (a.type == IFA_LOCAL) local = read_address(a, family_of(head->ifa_family));
    if (a.type == IFA_ADDRESS) result.address = read_address(a, family_of(head->ifa_family));
    if (a.type == IFA_FLAGS) flags = a.native<std::uint32_t>();
  }
  if (local.present()) result.address = local;
  result.usable = (flags & (IFA_F_TENTATIVE | IFA_F_DADFAILED)) == 0 || (flags & IFA_F_OPTIMISTIC) != 0;
  result.deprecated = (flags & IFA_F_DEPRECATED) != 0;
  return result;
}

// One entry for each next hop: `weight`ed routes over two WANs are two default routes to us.
void read_next_hops(const Attribute& hops, const DefaultRoute& route, std::vector<DefaultRoute>& out) {
  base::Bytes left = hops.value;
  while (left.size() >= sizeof(rtnexthop)) {
    rtnexthop head{};
    std::memcpy(&head, left.data(), sizeof head);
    if (head.rtnh_len < sizeof head || head.rtnh_len > left.size()) return;
    DefaultRoute one = route;
    one.interface = static_cast<std::uint32_t>(head.rtnh_ifindex);
    for (const Attribute& a : Attributes(left.substr(sizeof head, head.rtnh_len - sizeof head)))
      if (a.type == RTA_GATEWAY) one.gateway = read_address(a, route.family);
    out.push_back(one);
    left.remove_prefix(std::min<std::size_t>(RTNH_ALIGN(head.rtnh_len), left.size()));
  }
}

bool is_default_route(const nlmsghdr& message) {
  const rtmsg* head = payload<rtmsg>(message);
  return head != nullptr && head->rtm_dst_len == 0 && head->rtm_type == RTN_UNICAST &&
         (head->rtm_flags & RTM_F_CLONED) == 0 && family_of(head->rtm_family) != net::Family::none;
}

void read_default_routes(const nlmsghdr& message, std::vector<DefaultRoute>& out) {
  if (!is_default_route(message)) return;
  const rtmsg* head = payload<rtmsg>(message);
  DefaultRoute route;
  route.family = family_of(head->rtm_family);
  route.table = head->rtm_table;
  std::optional<Attribute> hops;
  for (const Attribute& a : Attributes(message, sizeof(rtmsg))) {
    if (a.type == RTA_TABLE) route.table = a.native<std::uint32_t>();
    if (a.type == RTA_OIF) route.interface = a.native<std::uint32_t>();
    if (a.type == RTA_PRIORITY) route.metric = a.native<std::uint32_t>();
    if (a.type == RTA_GATEWAY) route.gateway = read_address(a, route.family);
    if (a.type == RTA_MULTIPATH) hops = a;
  }
  if (hops)
    read_next_hops(*hops, route, out);
  else if (route.interface != 0)
    out.push_back(route);
}

// Routes of equal rank stay in a fixed order, so that two lists can be compared.
bool better(const DefaultRoute& a, const DefaultRoute& b) {
  return std::tuple(a.table != RT_TABLE_MAIN, a.table, a.metric, a.family, a.interface, a.gateway) <
         std::tuple(b.table != RT_TABLE_MAIN, b.table, b.metric, b.family, b.interface, b.gateway);
}

// Dumps one kind of object. A table that changed meanwhile is read again.
Result<void> dump(std::uint16_t type, std::size_t header, const char* action, const std::function<void()>& restart,
                  const Netlink::Answer& answer) {
  Result<Netlink> netlink = Netlink::open(NETLINK_ROUTE);
  if (!netlink) return std::unexpected(netlink.error());
  bool interrupted = true;
  for (int attempt = 0; interrupted && attempt < 5; ++attempt) {
    restart();
    interrupted = false;
    nlmsghdr* m = netlink->begin(type, NLM_F_DUMP);
    mnl_nlmsg_put_extra_header(m, header);
    const Result<void> done = netlink->exchange(action, [&](const nlmsghdr& message) {
      interrupted = interrupted || (message.nlmsg_flags & NLM_F_DUMP_INTR) != 0;
      answer(message);
    });
    if (!done) return done;
  }
  return {};
}

void read_event(const nlmsghdr& m, std::vector<LinkEvent>& out) {
  LinkEvent event;
  switch (m.nlmsg_type) {
    case RTM_NEWADDR:
    case RTM_DELADDR: {
      const std::optional<InterfaceAddress> address = read_interface_address(m);
      if (!address) return;
      event.kind = m.nlmsg_type == RTM_NEWADDR ? LinkEventKind::address_added : LinkEventKind::address_removed;
      event.address = *address;
      break;
    }
    case RTM_NEWLINK:
    case RTM_DELLINK: {
      std::optional<Interface> interface = read_interface(m);
      if (!interface || payload<ifinfomsg>(m)->ifi_family != AF_UNSPEC) return;  // AF_BRIDGE: port state only
      event.kind = m.nlmsg_type == RTM_NEWLINK ? LinkEventKind::link_changed : LinkEventKind::link_removed;
      event.address.interface = interface->index;
      event.interface = std::move(*interface);
      break;
    }
    case RTM_NEWROUTE:
    case RTM_DELROUTE: {
      std::vector<DefaultRoute> routes;
      read_default_routes(m, routes);
      if (routes.empty()) return;
      event.kind = LinkEventKind::default_route_changed;
      event.address.interface = routes.front().interface;
      break;
    }
    default:
      return;
  }
  out.push_back(std::move(event));
}

}  // namespace

Result<std::vector<Interface>> list_interfaces() {
  std::vector<Interface> all;
  const Result<void> done = dump(
      RTM_GETLINK, sizeof(ifinfomsg), "list interfaces", [&all] { all.clear(); },
      [&all](const nlmsghdr& m) {
        if (std::optional<Interface> i = read_interface(m)) all.push_back(std::move(*i));
      });
  if (!done) return std::unexpected(done.error());
  return all;
}

Result<std::vector<InterfaceAddress>> list_addresses() {
  std::vector<InterfaceAddress> all;
  const Result<void> done = dump(
      RTM_GETADDR, sizeof(ifaddrmsg), "list addresses", [&all] { all.clear(); },
      [&all](const nlmsghdr& m) {
        if (const std::optional<InterfaceAddress> a = read_interface_address(m)) all.push_back(*a);
      });
  if (!done) return std::unexpected(done.error());
  return all;
}

Result<std::vector<DefaultRoute>> list_default_routes() {
  std::vector<DefaultRoute> all;
  const Result<void> done = dump(
      RTM_GETROUTE, sizeof(rtmsg), "list routes", [&all] { all.clear(); },
      [&all](const nlmsghdr& m) { read_default_routes(m, all); });
  if (!done) return std::unexpected(done.error());
  std::sort(all.begin(), all.end(), better);
  return all;
}

Result<Route> route_to(const net::Address& destination) {
  Result<Netlink> netlink = Netlink::open(NETLINK_ROUTE);
  if (!netlink) return std::unexpected(netlink.error());
  nlmsghdr* m = netlink->begin(RTM_GETROUTE, 0);
  rtmsg* head = static_cast<rtmsg*>(mnl_nlmsg_put_extra_header(m, sizeof(rtmsg)));
  head->rtm_family = destination.family == net::Family::ipv4 ? AF_INET : AF_INET6;
  head->rtm_dst_len = static_cast<unsigned char>(destination.size() * 8);
  mnl_attr_put(m, RTA_DST, destination.size(), destination.octets.data());
  Route route;
  const Result<void> done = netlink->exchange("look up a route", [&](const nlmsghdr& answer) {
    const rtmsg* found = payload<rtmsg>(answer);
    if (found == nullptr) return;
    route.local = found->rtm_type == RTN_LOCAL;
    for (const Attribute& a : Attributes(answer, sizeof(rtmsg))) {
      if (a.type == RTA_OIF) route.interface = a.native<std::uint32_t>();
      if (a.type == RTA_GATEWAY) route.gateway = read_address(a, destination.family);
      if (a.type == RTA_PREFSRC) route.source = read_address(a, destination.family);
      if (a.type != RTA_METRICS) continue;
      for (const Attribute& metric : Attributes(a.value))
        if (metric.type == RTAX_MTU) route.mtu = metric.native<std::uint32_t>();
    }
  });
  if (!done) return std::unexpected(done.error());
  return route;
}

Result<LinkMonitor> LinkMonitor::open() {
  Result<Netlink> netlink = Netlink::open(
      NETLINK_ROUTE, RTMGRP_LINK | RTMGRP_IPV4_IFADDR | RTMGRP_IPV6_IFADDR | RTMGRP_IPV4_ROUTE | RTMGRP_IPV6_ROUTE);
  if (!netlink) return std::unexpected(netlink.error());
  netlink->set_buffers(1U << 20);
  return LinkMonitor(std::move(*netlink));
}

Result<void> LinkMonitor::read(std::vector<LinkEvent>& out) {
  for (;;) {
    const Result<std::span<const char>> datagram = netlink_.receive_now("follow changes of interfaces");
    if (!datagram && datagram.error().code == Problem::would_block) return {};
    if (!datagram && datagram.error().error_number == ENOBUFS) {
      out.push_back({});  // LinkEventKind::overrun
      continue;
    }
    if (!datagram) return std::unexpected(datagram.error());
    int left = static_cast<int>(datagram->size());
    for (const nlmsghdr* m = reinterpret_cast<const nlmsghdr*>(datagram->data()); mnl_nlmsg_ok(m, left);
         m = mnl_nlmsg_next(m, &left))
      read_event(*m, out);
  }
}

}  // namespace viaduct::os
