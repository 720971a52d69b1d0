// SPDX-License-Identifier: GPL-2.0-or-later
#include "namespaces.hpp"

#include "os/process.hpp"

#include <gtest/gtest.h>

#include <arpa/inet.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <poll.h>
#include <sched.h>
#include <sys/socket.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstring>

namespace viaduct::hosttest {
namespace {

void set_namespace(const os::Fd& where) {
  ASSERT_TRUE(where.valid());
  ASSERT_EQ(::setns(where.get(), CLONE_NEWNET), 0) << std::strerror(errno);
}

os::Fd open_namespace(const std::string& path) {
  return os::Fd(::open(path.c_str(), O_RDONLY | O_CLOEXEC));
}

socklen_t fill(sockaddr_storage& out, const std::string& address, std::uint16_t port) {
  sockaddr_in ipv4{};
  if (::inet_pton(AF_INET, address.c_str(), &ipv4.sin_addr) == 1) {
    ipv4.sin_family = AF_INET;
    ipv4.sin_port = htons(port);
    std::memcpy(&out, &ipv4, sizeof ipv4);
    return sizeof ipv4;
  }
  sockaddr_in6 ipv6{};
  EXPECT_EQ(::inet_pton(AF_INET6, address.c_str(), &ipv6.sin6_addr), 1) << address;
  ipv6.sin6_family = AF_INET6;
  ipv6.sin6_port = htons(port);
  std::memcpy(&out, &ipv6, sizeof ipv6);
  return sizeof ipv6;
}

}  // namespace

Namespace::Namespace(const std::string& label) : name_("vdhost" + std::to_string(::getpid()) + label) {
  os::Result<os::ProcessOutcome> made = os::run({"ip", "netns", "add", name_});
  EXPECT_TRUE(made && made->ok()) << (made ? made->errors : made.error().to_text());
  // Without duplicate detection IPv6 works at once.
  run("ip link set lo up; echo 0 > /proc/sys/net/ipv6/conf/default/accept_dad");
}

Namespace::~Namespace() {
  static_cast<void>(os::run({"ip", "netns", "del", name_}));
}

void Namespace::enter() const {
  set_namespace(open_namespace("/run/netns/" + name_));
}

std::string Namespace::run(const std::string& command) const {
  os::Result<os::ProcessOutcome> outcome = os::run({"ip", "netns", "exec", name_, "sh", "-ec", command});
  EXPECT_TRUE(outcome && outcome->ok()) << command << "\n" << (outcome ? outcome->errors : outcome.error().to_text());
  return outcome ? outcome->output : std::string();
}

Router::Router() : phone("phone"), router("router"), server("server"), home_(open_namespace("/proc/self/ns/net")) {
  router.run("ip link add lan0 type veth peer name eth0 netns " + phone.name() +
             "; ip link add wan0 type veth peer name eth0 netns " + server.name() +
             "; ip addr add 192.168.7.1/24 dev lan0; ip addr add 2001:db8:7::1/64 dev lan0 nodad"
             "; ip addr add 203.0.113.1/24 dev wan0; ip addr add 2001:db8:1::1/64 dev wan0 nodad"
             "; ip link set lan0 up; ip link set wan0 up"
             "; echo 1 > /proc/sys/net/ipv4/ip_forward; echo 1 > /proc/sys/net/ipv6/conf/all/forwarding");
  phone.run(
      "ip addr add 192.168.7.2/24 dev eth0; ip addr add 2001:db8:7::2/64 dev eth0 nodad; ip link set eth0 up"
      "; ip route add default via 192.168.7.1; ip -6 route add default via 2001:db8:7::1");
  server.run(
      "ip addr add 203.0.113.2/24 dev eth0; ip addr add 2001:db8:1::2/64 dev eth0 nodad; ip link set eth0 up"
      "; ip -6 route add default via 2001:db8:1::1");
  router.run("ip route add default via 203.0.113.2; ip -6 route add default via 2001:db8:1::2");
  router.run(
      "nft add table ip testnat; nft 'add chain ip testnat post { type nat hook postrouting priority srcnat; }'"
      "; nft add rule ip testnat post oifname wan0 masquerade");
  router.enter();
}

Router::~Router() {
  set_namespace(home_);
}

UdpPeer::UdpPeer(const Namespace& home, const Namespace& back, const std::string& address, std::uint16_t port) {
  home.enter();
  sockaddr_storage local{};
  socklen_t length = fill(local, address, port);
  socket_ = os::Fd(::socket(local.ss_family, SOCK_DGRAM | SOCK_CLOEXEC, 0));
  EXPECT_EQ(::bind(socket_.get(), reinterpret_cast<sockaddr*>(&local), length), 0) << std::strerror(errno);
  back.enter();
}

long UdpPeer::send(const std::string& address, std::uint16_t port, const std::string& payload) const {
  sockaddr_storage to{};
  socklen_t length = fill(to, address, port);
  ssize_t sent = ::sendto(socket_.get(), payload.data(), payload.size(), 0, reinterpret_cast<sockaddr*>(&to), length);
  return sent < 0 ? -errno : sent;
}

std::string UdpPeer::receive(int milliseconds) const {
  pollfd waiting{socket_.get(), POLLIN, 0};
  if (::poll(&waiting, 1, milliseconds) != 1) return {};
  std::array<char, 4096> buffer{};
  ssize_t n = ::recv(socket_.get(), buffer.data(), buffer.size(), 0);
  return n < 0 ? std::string() : std::string(buffer.data(), static_cast<std::size_t>(n));
}

std::string invite(const std::string& address, std::uint16_t port, const std::string& target) {
  std::string here = address + ":" + std::to_string(port);
  std::string sdp = "v=0\r\no=- 1 1 IN IP4 " + address + "\r\ns=-\r\nc=IN IP4 " + address +
                    "\r\nt=0 0\r\nm=audio 40000 RTP/AVP 8\r\na=rtpmap:8 PCMA/8000\r\n";
  return "INVITE sip:bob@" + target + " SIP/2.0\r\nVia: SIP/2.0/UDP " + here + ";branch=z9hG4bKhost\r\n" +
         "Max-Forwards: 70\r\nFrom: <sip:alice@" + target + ">;tag=a1\r\nTo: <sip:bob@" + target + ">\r\n" +
         "Call-ID: host-test@" + address + "\r\nCSeq: 1 INVITE\r\nContact: <sip:alice@" + here + ">\r\n" +
         "Content-Type: application/sdp\r\nContent-Length: " + std::to_string(sdp.size()) + "\r\n\r\n" + sdp;
}

std::string network_state(const Namespace& in) {
  return in.run(
      "nft -a list ruleset 2>/dev/null; iptables-legacy-save 2>/dev/null | sed '/^#/d'"
      "; ip -o link | sed 's/qlen.*//'; tc qdisc show; cat /proc/sys/net/ipv4/ip_forward");
}

}  // namespace viaduct::hosttest
