// SPDX-License-Identifier: GPL-2.0-or-later
#include "os/attributes.hpp"
#include "os/synthetic.hpp"

#include <libmnl/libmnl.h>

#include <arpa/inet.h>
#include <linux/netfilter.h>
#include <linux/netfilter/nf_tables.h>
#include <linux/netfilter/nfnetlink.h>
#include <linux/netfilter/nfnetlink_conntrack.h>
#include <sys/socket.h>

#include <cerrno>

namespace viaduct::os {
namespace {

std::string family_text(std::uint8_t family) {
  switch (family) {
    case NFPROTO_INET:
      return "inet";
    case NFPROTO_IPV4:
      return "ip";
    case NFPROTO_IPV6:
      return "ip6";
    case NFPROTO_BRIDGE:
      return "bridge";
    case NFPROTO_NETDEV:
      return "netdev";
    default:
      return "?";
  }
}

bool verdict_is_drop(const Attribute& verdict) {
  for (const Attribute& inner : Attributes(verdict.value))
    if (inner.type == NFTA_VERDICT_CODE) return (inner.big_endian<std::uint32_t>() & 0xff) == NF_DROP;
  return false;
}

TraceStep read_step(const nlmsghdr& message) {
  TraceStep step;
  const nfgenmsg* generic = static_cast<const nfgenmsg*>(mnl_nlmsg_get_payload(&message));
  step.family = family_text(generic->nfgen_family);
  for (const Attribute& attribute : Attributes(message, sizeof(nfgenmsg))) {
    switch (attribute.type) {
      case NFTA_TRACE_ID:
        step.id = attribute.big_endian<std::uint32_t>();
        break;
      case NFTA_TRACE_TABLE:
        step.table = std::string(attribute.text());
        break;
      case NFTA_TRACE_CHAIN:
        step.chain = std::string(attribute.text());
        break;
      case NFTA_TRACE_RULE_HANDLE:
        step.rule = attribute.big_endian<std::uint64_t>();
        break;
      case NFTA_TRACE_VERDICT:
        step.dropped = step.dropped || verdict_is_drop(attribute);
        break;
      case NFTA_TRACE_POLICY:
        step.dropped = step.dropped || attribute.big_endian<std::uint32_t>() == NF_DROP;
        break;
      default:
        break;
    }
  }
  return step;
}

void put_tuple(nlmsghdr* header, std::uint16_t type, const FiveTuple& tuple) {
  bool ipv4 = tuple.source.address.family == net::Family::ipv4;
  const std::size_t size = tuple.source.address.size();
  nlattr* outer = mnl_attr_nest_start(header, type);
  nlattr* ip = mnl_attr_nest_start(header, CTA_TUPLE_IP);
  mnl_attr_put(header, ipv4 ? CTA_IP_V4_SRC : CTA_IP_V6_SRC, size, tuple.source.address.octets.data());
  mnl_attr_put(header, ipv4 ? CTA_IP_V4_DST : CTA_IP_V6_DST, size, tuple.destination.address.octets.data());
  mnl_attr_nest_end(header, ip);
  nlattr* transport = mnl_attr_nest_start(header, CTA_TUPLE_PROTO);
  mnl_attr_put_u8(header, CTA_PROTO_NUM, tuple.protocol);
  mnl_attr_put_u16(header, CTA_PROTO_SRC_PORT, htons(tuple.source.port));
  mnl_attr_put_u16(header, CTA_PROTO_DST_PORT, htons(tuple.destination.port));
  mnl_attr_nest_end(header, transport);
  mnl_attr_nest_end(header, outer);
}

}  // namespace

Result<PacketTrace> PacketTrace::open() {
  Result<Netlink> netlink = Netlink::open(NETLINK_NETFILTER, 1U << (NFNLGRP_NFTRACE - 1));
  if (!netlink) return std::unexpected(netlink.error());
  netlink->set_buffers(1U << 20);
  return PacketTrace(std::move(*netlink));
}

Result<void> PacketTrace::read(std::vector<TraceStep>& steps) {
  for (;;) {
    Result<std::span<const char>> datagram = netlink_.receive_now("read the packet trace");
    if (!datagram) {
      if (datagram.error().code == Problem::would_block) return {};
      return std::unexpected(datagram.error());
    }
    int left = static_cast<int>(datagram->size());
    for (const nlmsghdr* message = reinterpret_cast<const nlmsghdr*>(datagram->data()); mnl_nlmsg_ok(message, left);
         message = mnl_nlmsg_next(message, &left)) {
      bool traced = message->nlmsg_type == (NFNL_SUBSYS_NFTABLES << 8 | NFT_MSG_TRACE);
      if (traced && message->nlmsg_len >= NLMSG_LENGTH(sizeof(nfgenmsg))) steps.push_back(read_step(*message));
    }
  }
}

Result<void> add_helped_flow(const FiveTuple& tuple, const std::string& helper, std::uint32_t seconds) {
  Result<Netlink> netlink = Netlink::open(NETLINK_NETFILTER);
  if (!netlink) return std::unexpected(netlink.error());
  std::uint8_t family = tuple.source.address.family == net::Family::ipv4 ? AF_INET : AF_INET6;
  nlmsghdr* header =
      netlink->begin_netfilter(NFNL_SUBSYS_CTNETLINK, IPCTNL_MSG_CT_NEW, NLM_F_CREATE | NLM_F_EXCL | NLM_F_ACK, family);
  put_tuple(header, CTA_TUPLE_ORIG, tuple);
  put_tuple(header, CTA_TUPLE_REPLY, tuple.reversed());
  mnl_attr_put_u32(header, CTA_TIMEOUT, htonl(seconds));
  nlattr* help = mnl_attr_nest_start(header, CTA_HELP);
  mnl_attr_put_strz(header, CTA_HELP_NAME, helper.c_str());
  mnl_attr_nest_end(header, help);
  return netlink->exchange("make a conntrack entry with a helper");
}

}  // namespace viaduct::os
