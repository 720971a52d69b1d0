// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <netinet/in.h>

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace bench {

/// A UDP socket inside a network namespace (of `ip netns`), whatever namespace the program runs in.
class Socket {
 public:
  /// Ends the program with a message when it cannot be had: without it nothing can be measured.
  Socket(const std::string& netns, const std::string& address, std::uint16_t port);
  Socket(Socket&& other) noexcept;
  Socket& operator=(Socket&&) = delete;
  ~Socket();

  [[nodiscard]] int fd() const { return fd_; }
  [[nodiscard]] const std::string& address() const { return address_; }
  [[nodiscard]] std::uint16_t port() const { return port_; }

  void send(std::string_view data, const sockaddr_in& to) const;
  /// Sends all of `packets` to `to` in few system calls; returns how many the kernel took.
  std::size_t send_many(const std::vector<std::string_view>& packets, const sockaddr_in& to) const;

 private:
  int fd_;
  std::string address_;
  std::uint16_t port_;
};

/// What one receive_many() got.
struct Received {
  std::string_view data;
  sockaddr_in from;
};

/// Room for a batch of datagrams, reused.
class Receiver {
 public:
  static constexpr std::size_t kBatch = 64;
  static constexpr std::size_t kMost = 4096;
  Receiver();
  /// Waits up to `milliseconds` for the first datagram (0: not at all), then takes what is there.
  const std::vector<Received>& receive(const Socket& socket, int milliseconds);

 private:
  std::vector<char> store_;
  std::vector<Received> received_;
};

[[nodiscard]] sockaddr_in to_sockaddr(const std::string& address, std::uint16_t port);
/// Nanoseconds of the monotonic clock.
[[nodiscard]] std::int64_t now_ns();
[[noreturn]] void give_up(const std::string& why);

}  // namespace bench
