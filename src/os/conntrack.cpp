// SPDX-License-Identifier: GPL-2.0-or-later
#include "os/conntrack.hpp"

#include "os/attributes.hpp"

#include <libmnl/libmnl.h>

#include <arpa/inet.h>
#include <linux/netfilter/nfnetlink.h>
#include <linux/netfilter/nfnetlink_conntrack.h>
#include <linux/netlink.h>
#include <netinet/in.h>

namespace viaduct::os {
namespace {

constexpr std::size_t kGenericHeader = sizeof(nfgenmsg);

std::uint8_t family_number(net::Family family) {
  return family == net::Family::ipv4 ? AF_INET : family == net::Family::ipv6 ? AF_INET6 : AF_UNSPEC;
}

// --- requests

void put_addresses(nlmsghdr* m, const FiveTuple& tuple) {
  const bool four = tuple.source.address.family == net::Family::ipv4;
  const std::size_t size = four ? 4 : 16;
  nlattr* nest = mnl_attr_nest_start(m, CTA_TUPLE_IP);
  mnl_attr_put(m, four ? CTA_IP_V4_SRC : CTA_IP_V6_SRC, size, tuple.source.address.octets.data());
  mnl_attr_put(m, four ? CTA_IP_V4_DST : CTA_IP_V6_DST, size, tuple.destination.address.octets.data());
  mnl_attr_nest_end(m, nest);
}

void put_tuple(nlmsghdr* m, std::uint16_t type, const FiveTuple& tuple) {
  nlattr* whole = mnl_attr_nest_start(m, type);
  put_addresses(m, tuple);
  nlattr* nest = mnl_attr_nest_start(m, CTA_TUPLE_PROTO);
  mnl_attr_put_u8(m, CTA_PROTO_NUM, tuple.protocol);
  mnl_attr_put_u16(m, CTA_PROTO_SRC_PORT, htons(tuple.source.port));
  mnl_attr_put_u16(m, CTA_PROTO_DST_PORT, htons(tuple.destination.port));
  mnl_attr_nest_end(m, nest);
  mnl_attr_nest_end(m, whole);
}

nlmsghdr* begin(Netlink& netlink, std::uint8_t type, std::uint16_t flags, net::Family family) {
  return netlink.begin_netfilter(NFNL_SUBSYS_CTNETLINK, type, flags, family_number(family));
}

nlmsghdr* begin_change(Netlink& netlink, const Connection& c) {
  nlmsghdr* m = begin(netlink, IPCTNL_MSG_CT_NEW, NLM_F_ACK, c.original.source.address.family);
  put_tuple(m, CTA_TUPLE_ORIG, c.original);
  return m;
}

// --- answers

FiveTuple read_tuple(const Attribute& whole) {
  FiveTuple tuple;
  for (const Attribute& part : Attributes(whole.value)) {
    for (const Attribute& a : Attributes(part.value)) {
      const std::size_t size = a.value.size();
      if (part.type == CTA_TUPLE_IP && size == 4 && a.type == CTA_IP_V4_SRC)
        tuple.source.address = net::Address::ipv4_from(a.value.data());
      else if (part.type == CTA_TUPLE_IP && size == 4 && a.type == CTA_IP_V4_DST)
        tuple.destination.address = net::Address::ipv4_from(a.value.data());
      else if (part.type == CTA_TUPLE_IP && size == 16 && a.type == CTA_IP_V6_SRC)
        tuple.source.address = net::Address::ipv6_from(a.value.data());
      else if (part.type == CTA_TUPLE_IP && size == 16 && a.type == CTA_IP_V6_DST)
        tuple.destination.address = net::Address::ipv6_from(a.value.data());
      else if (part.type == CTA_TUPLE_PROTO && a.type == CTA_PROTO_NUM)
        tuple.protocol = a.native<std::uint8_t>();
      else if (part.type == CTA_TUPLE_PROTO && a.type == CTA_PROTO_SRC_PORT)
        tuple.source.port = a.big_endian<std::uint16_t>();
      else if (part.type == CTA_TUPLE_PROTO && a.type == CTA_PROTO_DST_PORT)
        tuple.destination.port = a.big_endian<std::uint16_t>();
    }
  }
  return tuple;
}

void read_helper_name(const Attribute& whole, std::string& name) {
  for (const Attribute& a : Attributes(whole.value))
    if (a.type == CTA_HELP_NAME) name = std::string(a.text());
}

void read_connection(const nlmsghdr& message, Connection& c) {
  for (const Attribute& a : Attributes(message, kGenericHeader)) {
    switch (a.type) {
      case CTA_TUPLE_ORIG:
        c.original = read_tuple(a);
        break;
      case CTA_TUPLE_REPLY:
        c.reply = read_tuple(a);
        break;
      case CTA_ID:
        c.id = a.big_endian<std::uint32_t>();
        break;
      case CTA_MARK:
        c.mark = a.big_endian<std::uint32_t>();
        break;
      case CTA_STATUS:
        c.status = a.big_endian<std::uint32_t>();
        break;
      case CTA_TIMEOUT:
        c.timeout = a.big_endian<std::uint32_t>();
        break;
      case CTA_HELP:
        read_helper_name(a, c.helper);
        break;
      default:
        break;
    }
  }
}

Expectation read_expectation(const nlmsghdr& message) {
  Expectation e;
  for (const Attribute& a : Attributes(message, kGenericHeader)) {
    switch (a.type) {
      case CTA_EXPECT_TUPLE:
        e.expected = read_tuple(a);
        break;
      case CTA_EXPECT_MASK:
        e.mask = read_tuple(a);
        break;
      case CTA_EXPECT_MASTER:
        e.master = read_tuple(a);
        break;
      case CTA_EXPECT_ID:
        e.id = a.big_endian<std::uint32_t>();
        break;
      case CTA_EXPECT_TIMEOUT:
        e.timeout = a.big_endian<std::uint32_t>();
        break;
      case CTA_EXPECT_HELP_NAME:
        e.helper = std::string(a.text());
        break;
      default:
        break;
    }
  }
  return e;
}

bool passes(const Connection& c, const ConnectionFilter& filter) {
  return (filter.protocol == 0 || c.original.protocol == filter.protocol) &&
         (!filter.original_source.present() || c.original.source.address == filter.original_source) &&
         (!filter.reply_destination.present() || c.reply.destination.address == filter.reply_destination) &&
         (!filter.only_with_helper || !c.helper.empty());
}

}  // namespace

std::string FiveTuple::to_text() const {
  const std::string name = protocol == IPPROTO_UDP   ? "udp"
                           : protocol == IPPROTO_TCP ? "tcp"
                                                     : "protocol " + std::to_string(protocol);
  return name + " " + source.to_text() + " -> " + destination.to_text();
}

Result<Conntrack> Conntrack::open() {
  Result<Netlink> netlink = Netlink::open(NETLINK_NETFILTER);
  if (!netlink) return std::unexpected(netlink.error());
  return Conntrack(std::move(*netlink));
}

Result<Connection> Conntrack::find(const FiveTuple& tuple) {
  nlmsghdr* m = begin(netlink_, IPCTNL_MSG_CT_GET, 0, tuple.source.address.family);
  put_tuple(m, CTA_TUPLE_ORIG, tuple);  // the kernel finds replies by it as well
  Connection found;
  const Result<void> done = netlink_.exchange("find a flow in conntrack",
                                              [&found](const nlmsghdr& answer) { read_connection(answer, found); });
  if (!done) return std::unexpected(done.error());
  return found;
}

Result<std::vector<Connection>> Conntrack::dump(const ConnectionFilter& filter) {
  std::vector<Connection> all;
  const Result<void> done = visit(filter, [&all](const Connection& c) { all.push_back(c); });
  if (!done) return std::unexpected(done.error());
  return all;
}

Result<void> Conntrack::visit(const ConnectionFilter& filter, const std::function<void(const Connection&)>& visit) {
  nlmsghdr* m = begin(netlink_, IPCTNL_MSG_CT_GET, NLM_F_DUMP, filter.family);
  if (filter.mark_mask != 0) {
    mnl_attr_put_u32(m, CTA_MARK, htonl(filter.mark));
    mnl_attr_put_u32(m, CTA_MARK_MASK, htonl(filter.mark_mask));
  }
  return netlink_.exchange("list conntrack", [&](const nlmsghdr& answer) {
    Connection c;
    read_connection(answer, c);
    if (passes(c, filter)) visit(c);
  });
}

Result<void> Conntrack::remove(const Connection& connection) {
  nlmsghdr* m = begin(netlink_, IPCTNL_MSG_CT_DELETE, NLM_F_ACK, connection.original.source.address.family);
  put_tuple(m, CTA_TUPLE_ORIG, connection.original);
  mnl_attr_put_u32(m, CTA_ID, htonl(connection.id));
  return netlink_.exchange("delete a flow from conntrack");
}

Result<void> Conntrack::set_mark(const Connection& connection, std::uint32_t mark, std::uint32_t mask) {
  nlmsghdr* m = begin_change(netlink_, connection);
  // The kernel computes (old & ~mask) ^ mark: bits outside the mask would flip.
  mnl_attr_put_u32(m, CTA_MARK, htonl(mark & mask));
  mnl_attr_put_u32(m, CTA_MARK_MASK, htonl(mask));
  return netlink_.exchange("mark a flow in conntrack");
}

Result<void> Conntrack::set_timeout(const Connection& connection, std::uint32_t seconds) {
  nlmsghdr* m = begin_change(netlink_, connection);
  mnl_attr_put_u32(m, CTA_TIMEOUT, htonl(seconds));
  return netlink_.exchange("set the timeout of a flow in conntrack");
}

Result<void> Conntrack::detach_helper(const Connection& connection) {
  nlmsghdr* m = begin_change(netlink_, connection);
  nlattr* nest = mnl_attr_nest_start(m, CTA_HELP);
  mnl_attr_put_strz(m, CTA_HELP_NAME, "");
  mnl_attr_nest_end(m, nest);
  return netlink_.exchange("detach the helper of a flow in conntrack");
}

Result<std::uint32_t> Conntrack::count() {
  begin(netlink_, IPCTNL_MSG_CT_GET_STATS, 0, net::Family::none);
  std::uint32_t entries = 0;
  const Result<void> done = netlink_.exchange("count conntrack entries", [&entries](const nlmsghdr& answer) {
    for (const Attribute& a : Attributes(answer, kGenericHeader))
      if (a.type == CTA_STATS_GLOBAL_ENTRIES) entries = a.big_endian<std::uint32_t>();
  });
  if (!done) return std::unexpected(done.error());
  return entries;
}

Result<void> Conntrack::add_reply_ports(const net::Address& outer, PortSet& taken) {
  ConnectionFilter filter;
  filter.family = outer.family;
  filter.protocol = IPPROTO_UDP;
  filter.reply_destination = outer;
  return visit(filter, [&taken](const Connection& c) { taken.set(c.reply.destination.port); });
}

Result<std::vector<Expectation>> Conntrack::expectations() {
  netlink_.begin_netfilter(NFNL_SUBSYS_CTNETLINK_EXP, IPCTNL_MSG_EXP_GET, NLM_F_DUMP, AF_UNSPEC);
  std::vector<Expectation> all;
  const Result<void> done = netlink_.exchange(
      "list conntrack expectations", [&all](const nlmsghdr& answer) { all.push_back(read_expectation(answer)); });
  if (!done) return std::unexpected(done.error());
  return all;
}

Result<void> Conntrack::remove(const Expectation& expectation) {
  nlmsghdr* m = netlink_.begin_netfilter(NFNL_SUBSYS_CTNETLINK_EXP, IPCTNL_MSG_EXP_DELETE, NLM_F_ACK,
                                         family_number(expectation.expected.source.address.family));
  put_tuple(m, CTA_EXPECT_TUPLE, expectation.expected);
  mnl_attr_put_u32(m, CTA_EXPECT_ID, htonl(expectation.id));
  return netlink_.exchange("delete a conntrack expectation");
}

}  // namespace viaduct::os
