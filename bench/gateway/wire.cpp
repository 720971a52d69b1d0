// SPDX-License-Identifier: GPL-2.0-or-later
#include "wire.hpp"

#include <arpa/inet.h>
#include <fcntl.h>
#include <poll.h>
#include <sched.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <utility>

namespace bench {
namespace {

int socket_in(const std::string& netns) {
  const int home = open("/proc/thread-self/ns/net", O_RDONLY | O_CLOEXEC);
  const int there = open(("/run/netns/" + netns).c_str(), O_RDONLY | O_CLOEXEC);
  if (home < 0 || there < 0 || setns(there, CLONE_NEWNET) != 0) give_up("enter network namespace " + netns);
  const int fd = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
  if (setns(home, CLONE_NEWNET) != 0) give_up("leave network namespace " + netns);
  close(home);
  close(there);
  return fd;
}

}  // namespace

void give_up(const std::string& why) {
  std::fprintf(stderr, "bench_gateway: %s: %s\n", why.c_str(), std::strerror(errno));
  std::exit(3);
}

sockaddr_in to_sockaddr(const std::string& address, std::uint16_t port) {
  sockaddr_in a{};
  a.sin_family = AF_INET;
  a.sin_port = htons(port);
  if (inet_pton(AF_INET, address.c_str(), &a.sin_addr) != 1) give_up("read address " + address);
  return a;
}

std::int64_t now_ns() {
  return std::chrono::steady_clock::now().time_since_epoch().count();
}

Socket::Socket(const std::string& netns, const std::string& address, std::uint16_t port)
    : fd_(socket_in(netns)), address_(address), port_(port) {
  const sockaddr_in a = to_sockaddr(address, port);
  const int size = 32 * 1024 * 1024;
  setsockopt(fd_, SOL_SOCKET, SO_RCVBUFFORCE, &size, sizeof size);
  setsockopt(fd_, SOL_SOCKET, SO_SNDBUFFORCE, &size, sizeof size);
  if (fd_ < 0 || bind(fd_, reinterpret_cast<const sockaddr*>(&a), sizeof a) != 0)
    give_up("bind " + address + ":" + std::to_string(port) + " in " + netns);
}

Socket::Socket(Socket&& other) noexcept
    : fd_(std::exchange(other.fd_, -1)), address_(std::move(other.address_)), port_(other.port_) {}

Socket::~Socket() {
  if (fd_ >= 0) close(fd_);
}

void Socket::send(std::string_view data, const sockaddr_in& to) const {
  if (sendto(fd_, data.data(), data.size(), 0, reinterpret_cast<const sockaddr*>(&to), sizeof to) < 0 &&
      errno != ENOBUFS)
    give_up("send");
}

std::size_t Socket::send_many(const std::vector<std::string_view>& packets, const sockaddr_in& to) const {
  constexpr std::size_t most = 64;
  std::array<mmsghdr, most> headers{};
  std::array<iovec, most> parts{};
  sockaddr_in target = to;
  std::size_t sent = 0;
  while (sent < packets.size()) {
    const std::size_t count = std::min(most, packets.size() - sent);
    for (std::size_t i = 0; i < count; ++i) {
      parts[i] = {const_cast<char*>(packets[sent + i].data()), packets[sent + i].size()};
      headers[i].msg_hdr = {&target, sizeof target, &parts[i], 1, nullptr, 0, 0};
    }
    const int done = sendmmsg(fd_, headers.data(), static_cast<unsigned>(count), 0);
    if (done <= 0) break;
    sent += static_cast<std::size_t>(done);
  }
  return sent;
}

Receiver::Receiver() : store_(kBatch * kMost) {}

const std::vector<Received>& Receiver::receive(const Socket& socket, int milliseconds) {
  received_.clear();
  std::array<mmsghdr, kBatch> headers{};
  std::array<iovec, kBatch> parts{};
  std::array<sockaddr_in, kBatch> from{};
  if (milliseconds > 0) {
    pollfd wait{socket.fd(), POLLIN, 0};
    if (poll(&wait, 1, milliseconds) <= 0) return received_;
  }
  for (std::size_t i = 0; i < kBatch; ++i) {
    parts[i] = {store_.data() + i * kMost, kMost};
    headers[i].msg_hdr = {&from[i], sizeof from[i], &parts[i], 1, nullptr, 0, 0};
  }
  const int count = recvmmsg(socket.fd(), headers.data(), kBatch, MSG_DONTWAIT, nullptr);
  for (int i = 0; i < count; ++i) {
    const std::size_t at = static_cast<std::size_t>(i);
    received_.push_back({{store_.data() + at * kMost, headers[at].msg_len}, from[at]});
  }
  return received_;
}

}  // namespace bench
