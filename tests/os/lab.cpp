// SPDX-License-Identifier: GPL-2.0-or-later
#include "lab.hpp"

#include "os/file.hpp"
#include "os/nft_text.hpp"
#include "os/process.hpp"

#include <arpa/inet.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <poll.h>
#include <sched.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <sstream>
#include <thread>

namespace viaduct::os {
namespace {

Fd open_own() {
  return Fd(::open("/proc/thread-self/ns/net", O_RDONLY | O_CLOEXEC));
}

struct SocketAddress {
  sockaddr_storage value{};
  socklen_t length = 0;
};

SocketAddress address_of(const std::string& text) {
  const std::optional<net::Endpoint> endpoint = net::parse_endpoint(text);
  SocketAddress result;
  if (!endpoint) return result;
  if (endpoint->address.family == net::Family::ipv4) {
    sockaddr_in in{};
    in.sin_family = AF_INET;
    in.sin_port = htons(endpoint->port);
    std::memcpy(&in.sin_addr, endpoint->address.octets.data(), 4);
    std::memcpy(&result.value, &in, sizeof in);
    result.length = sizeof in;
  } else {
    sockaddr_in6 in{};
    in.sin6_family = AF_INET6;
    in.sin6_port = htons(endpoint->port);
    std::memcpy(&in.sin6_addr, endpoint->address.octets.data(), 16);
    std::memcpy(&result.value, &in, sizeof in);
    result.length = sizeof in;
  }
  return result;
}

std::string text_of(const sockaddr_storage& address) {
  net::Endpoint endpoint;
  if (address.ss_family == AF_INET) {
    sockaddr_in in{};
    std::memcpy(&in, &address, sizeof in);
    endpoint = {net::Address::ipv4_from(&in.sin_addr), ntohs(in.sin_port)};
  } else {
    sockaddr_in6 in{};
    std::memcpy(&in, &address, sizeof in);
    endpoint = {net::Address::ipv6_from(&in.sin6_addr), ntohs(in.sin6_port)};
  }
  return endpoint.to_text();
}

// The upper six bits of the TOS octet or traffic class; the kernel gives the one as an octet, the other as an int.
int dscp_of(msghdr& message) {
  for (cmsghdr* part = CMSG_FIRSTHDR(&message); part != nullptr; part = CMSG_NXTHDR(&message, part)) {
    const bool four = part->cmsg_level == IPPROTO_IP && part->cmsg_type == IP_TOS;
    const bool six = part->cmsg_level == IPPROTO_IPV6 && part->cmsg_type == IPV6_TCLASS;
    if (four) return *CMSG_DATA(part) >> 2;
    int value = 0;
    if (six) std::memcpy(&value, CMSG_DATA(part), sizeof value);
    if (six) return value >> 2;
  }
  return 0;
}

}  // namespace

Namespace Namespace::make() {
  Fd made;
  int error = 0;
  std::thread([&] {
    if (::unshare(CLONE_NEWNET) != 0)
      error = errno;
    else
      made = open_own();
  }).join();
  EXPECT_TRUE(made.valid()) << "cannot make a network namespace, run as root: " << std::strerror(error);
  Namespace result(std::move(made));
  if (!result.valid()) return result;
  // Duplicate detection of link-local addresses would hold up the first IPv6 packets for seconds.
  result.in([] { ASSERT_TRUE(write_setting("/proc/sys/net/ipv6/conf/default/accept_dad", "0")); });
  result.sh("ip link set lo up");
  return result;
}

Namespace Namespace::current() {
  return Namespace(open_own());
}

void Namespace::in(const std::function<void()>& work) const {
  const Fd before = open_own();
  ASSERT_EQ(::setns(fd_.get(), CLONE_NEWNET), 0) << std::strerror(errno);
  work();
  ASSERT_EQ(::setns(before.get(), CLONE_NEWNET), 0) << std::strerror(errno);
}

void Namespace::sh(const std::string& command) const {
  in([&] {
    std::istringstream words(command);
    std::vector<std::string> arguments;
    for (std::string word; words >> word;) arguments.push_back(word);
    const Result<ProcessOutcome> outcome = run(arguments);
    ASSERT_TRUE(outcome) << outcome.error().to_text();
    ASSERT_TRUE(outcome->ok()) << command << "\n" << outcome->errors;
  });
}

std::string Namespace::path() const {
  return "/proc/" + std::to_string(::getpid()) + "/fd/" + std::to_string(fd_.get());
}

TestSocket::TestSocket(const Namespace& where, const std::string& bind_to) {
  where.in([&] {
    const SocketAddress address = address_of(bind_to);
    fd_ = Fd(::socket(address.value.ss_family, SOCK_DGRAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0));
    ASSERT_TRUE(fd_.valid());
    const int room = 4 << 20;
    ::setsockopt(fd_.get(), SOL_SOCKET, SO_RCVBUFFORCE, &room, sizeof room);
    const int on = 1;
    ::setsockopt(fd_.get(), IPPROTO_IP, IP_RECVTOS, &on, sizeof on);
    ::setsockopt(fd_.get(), IPPROTO_IPV6, IPV6_RECVTCLASS, &on, sizeof on);
    ASSERT_EQ(::bind(fd_.get(), reinterpret_cast<const sockaddr*>(&address.value), address.length), 0)
        << bind_to << ": " << std::strerror(errno);
  });
}

void TestSocket::send(const std::string& to, const std::string& payload) const {
  const SocketAddress address = address_of(to);
  ASSERT_EQ(::sendto(fd_.get(), payload.data(), payload.size(), 0, reinterpret_cast<const sockaddr*>(&address.value),
                     address.length),
            static_cast<ssize_t>(payload.size()))
      << to << ": " << std::strerror(errno);
}

std::optional<TestSocket::Received> TestSocket::receive() const {
  pollfd polled{fd_.get(), POLLIN, 0};
  ::poll(&polled, 1, 2000);
  return receive_now();
}

std::optional<TestSocket::Received> TestSocket::receive_now() const {
  char buffer[65536];
  SocketAddress from;
  iovec payload{buffer, sizeof buffer};
  alignas(cmsghdr) char control[128];
  msghdr message{};
  message.msg_name = &from.value;
  message.msg_namelen = sizeof from.value;
  message.msg_iov = &payload;
  message.msg_iovlen = 1;
  message.msg_control = control;
  message.msg_controllen = sizeof control;
  const ssize_t n = ::recvmsg(fd_.get(), &message, 0);
  if (n < 0) return std::nullopt;
  return Received{text_of(from.value), std::string(buffer, static_cast<std::size_t>(n)), dscp_of(message)};
}

std::size_t TestSocket::count_now() const {
  std::size_t count = 0;
  while (receive_now()) ++count;
  return count;
}

void RouterTest::SetUp() {
  client_.emplace(Namespace::make());
  ASSERT_TRUE(client_->valid());
  router_.emplace(Namespace::make());
  server_.emplace(Namespace::make());
  router_->sh("ip link add lan0 type veth peer name eth0 netns " + client_->path());
  router_->sh("ip link add wan0 type veth peer name eth0 netns " + server_->path());
  router_->sh("ip addr add 10.0.0.1/24 dev lan0");
  router_->sh("ip addr add 203.0.113.1/24 dev wan0");
  router_->sh("ip addr add fd00:1::1/64 dev lan0 nodad");
  router_->sh("ip addr add fd00:2::1/64 dev wan0 nodad");
  client_->sh("ip addr add 10.0.0.2/24 dev eth0");
  client_->sh("ip addr add fd00:1::2/64 dev eth0 nodad");
  server_->sh("ip addr add 203.0.113.2/24 dev eth0");
  server_->sh("ip addr add fd00:2::2/64 dev eth0 nodad");
  router_->sh("ip link set lan0 up");
  router_->sh("ip link set wan0 up");
  client_->sh("ip link set eth0 up");
  server_->sh("ip link set eth0 up");
  client_->sh("ip route add default via 10.0.0.1");
  client_->sh("ip route add default via fd00:1::1");
  server_->sh("ip route add default via 203.0.113.1");
  server_->sh("ip route add default via fd00:2::1");
  router_->in([] {
    ASSERT_TRUE(write_setting("/proc/sys/net/ipv4/ip_forward", "1"));
    ASSERT_TRUE(write_setting("/proc/sys/net/ipv6/conf/all/forwarding", "1"));
  });
}

void RouterTest::nft(const std::string& script) const {
  router_->in([&script] {
    const Result<void> done = run_nft(script);
    ASSERT_TRUE(done) << done.error().to_text();
  });
}

}  // namespace viaduct::os
