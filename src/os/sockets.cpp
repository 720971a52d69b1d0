// SPDX-License-Identifier: GPL-2.0-or-later
#include "os/sockets.hpp"

#include "base/text.hpp"
#include "os/file.hpp"
#include "os/netlink.hpp"

#include <libmnl/libmnl.h>

#include <arpa/inet.h>
#include <linux/inet_diag.h>
#include <linux/sock_diag.h>
#include <netinet/in.h>
#include <sys/socket.h>

#include <algorithm>
#include <optional>

namespace viaduct::os {
namespace {

net::Address address_of(std::uint8_t family, const void* octets) {
  return family == AF_INET ? net::Address::ipv4_from(octets) : net::Address::ipv6_from(octets);
}

UdpSocket read_socket(const inet_diag_msg& m) {
  UdpSocket s;
  s.local = {address_of(m.idiag_family, m.id.idiag_src), ntohs(m.id.idiag_sport)};
  if (m.id.idiag_dport != 0) s.remote = {address_of(m.idiag_family, m.id.idiag_dst), ntohs(m.id.idiag_dport)};
  s.interface = m.id.idiag_if;
  return s;
}

Result<void> ask_diag(Netlink& netlink, std::uint8_t family, std::vector<UdpSocket>& out) {
  nlmsghdr* m = netlink.begin(SOCK_DIAG_BY_FAMILY, NLM_F_DUMP);
  inet_diag_req_v2* request = static_cast<inet_diag_req_v2*>(mnl_nlmsg_put_extra_header(m, sizeof(inet_diag_req_v2)));
  request->sdiag_family = family;
  request->sdiag_protocol = IPPROTO_UDP;
  request->idiag_states = ~0U;
  return netlink.exchange("list UDP sockets", [&out](const nlmsghdr& answer) {
    if (answer.nlmsg_len >= NLMSG_LENGTH(sizeof(inet_diag_msg)))
      out.push_back(read_socket(*static_cast<const inet_diag_msg*>(NLMSG_DATA(&answer))));
  });
}

std::optional<std::uint32_t> parse_hex(base::Bytes text) {
  std::uint32_t value = 0;
  if (text.empty() || text.size() > 8) return std::nullopt;
  for (const char c : text) {
    const char lower = base::to_lower(c);
    if (lower >= '0' && lower <= '9')
      value = value << 4 | static_cast<std::uint32_t>(lower - '0');
    else if (lower >= 'a' && lower <= 'f')
      value = value << 4 | static_cast<std::uint32_t>(lower - 'a' + 10);
    else
      return std::nullopt;
  }
  return value;
}

// "0100007F:13C4": each 32-bit word of the address as the host reads it, then the port.
std::optional<net::Endpoint> parse_proc_endpoint(base::Bytes text) {
  const std::size_t colon = text.find(':');
  if (colon != 8 && colon != 32) return std::nullopt;
  std::uint32_t words[4] = {};
  for (std::size_t i = 0; i < colon / 8; ++i) {
    const std::optional<std::uint32_t> word = parse_hex(text.substr(i * 8, 8));
    if (!word) return std::nullopt;
    words[i] = *word;
  }
  const std::optional<std::uint32_t> port = parse_hex(text.substr(colon + 1));
  if (!port || *port > 65535) return std::nullopt;
  return net::Endpoint{address_of(colon == 8 ? AF_INET : AF_INET6, words), static_cast<std::uint16_t>(*port)};
}

base::Bytes next_word(base::Bytes& line) {
  line = base::trim(line);
  const base::Bytes word = line.substr(0, line.find(' '));
  line.remove_prefix(word.size());
  return word;
}

// "  12: 0100007F:13C4 00000000:0000 07 ..."
std::optional<UdpSocket> parse_proc_line(base::Bytes line) {
  next_word(line);
  const std::optional<net::Endpoint> local = parse_proc_endpoint(next_word(line));
  const std::optional<net::Endpoint> remote = parse_proc_endpoint(next_word(line));
  if (!local || !remote) return std::nullopt;  // the heading
  UdpSocket s{*local, {}, 0};
  if (remote->port != 0) s.remote = *remote;
  return s;
}

bool receives_at(const UdpSocket& socket, const net::Address& address) {
  const net::Address& bound = socket.local.address;
  if (bound == address) return true;
  if (bound.scope() != net::Scope::unspecified) return false;
  // An IPv6 wildcard socket takes IPv4 too unless IPV6_V6ONLY; counting a port too many as taken does no harm.
  return bound.family == address.family || bound.family == net::Family::ipv6;
}

}  // namespace

Result<std::vector<UdpSocket>> list_udp_sockets() {
  std::vector<UdpSocket> all;
  Result<Netlink> netlink = Netlink::open(NETLINK_SOCK_DIAG);
  if (netlink && ask_diag(*netlink, AF_INET, all) && ask_diag(*netlink, AF_INET6, all)) return all;
  return list_udp_sockets_from_proc();
}

Result<std::vector<UdpSocket>> list_udp_sockets_from_proc() {
  std::vector<UdpSocket> all;
  for (const char* path : {"/proc/thread-self/net/udp", "/proc/thread-self/net/udp6"}) {
    const Result<std::string> text = read_file(path);
    if (!text && text.error().code == Problem::not_found) continue;  // IPv6 can be off
    if (!text) return std::unexpected(text.error());
    base::Bytes left = *text;
    while (!left.empty()) {
      const base::Bytes line = left.substr(0, left.find('\n'));
      left.remove_prefix(std::min(line.size() + 1, left.size()));
      if (const std::optional<UdpSocket> s = parse_proc_line(line)) all.push_back(*s);
    }
  }
  return all;
}

Result<void> add_udp_socket_ports(const net::Address& address, PortSet& taken) {
  const Result<std::vector<UdpSocket>> all = list_udp_sockets();
  if (!all) return std::unexpected(all.error());
  for (const UdpSocket& s : *all)
    if (receives_at(s, address)) taken.set(s.local.port);
  return {};
}

}  // namespace viaduct::os
