// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include "os/fd.hpp"

#include <cstdint>
#include <string>
#include <vector>

namespace viaduct::hosttest {

/// A network namespace of this test, gone with the object. Names carry our process number, so runs can coexist.
class Namespace {
 public:
  explicit Namespace(const std::string& label);
  ~Namespace();
  Namespace(const Namespace&) = delete;
  Namespace& operator=(const Namespace&) = delete;

  [[nodiscard]] const std::string& name() const { return name_; }
  /// Makes it the calling thread's; child processes start there.
  void enter() const;
  /// Runs a shell command there and fails the test when it fails. Returns its output.
  std::string run(const std::string& command) const;

 private:
  std::string name_;
};

/// phone (192.168.7.2) - lan0 [router] wan0 - server (203.0.113.2); IPv6 2001:db8:7::/64 and 2001:db8:1::/64.
/// The router forwards and masquerades IPv4 by an nftables table `ip testnat`. The test runs in the router.
class Router {
 public:
  Router();
  ~Router();
  Router(const Router&) = delete;
  Router& operator=(const Router&) = delete;

  Namespace phone;
  Namespace router;
  Namespace server;

 private:
  os::Fd home_;
};

/// A UDP socket that lives in one namespace, whatever the thread does later.
class UdpPeer {
 public:
  UdpPeer(const Namespace& home, const Namespace& back, const std::string& address, std::uint16_t port);
  /// Octets sent, or -errno.
  long send(const std::string& address, std::uint16_t port, const std::string& payload) const;
  /// The next datagram, empty after `milliseconds`.
  [[nodiscard]] std::string receive(int milliseconds) const;

 private:
  os::Fd socket_;
};

/// A whole INVITE with SDP from `address`:`port`, media at 40000.
[[nodiscard]] std::string invite(const std::string& address, std::uint16_t port, const std::string& target);

/// Everything that a host command could leave behind or change, as text: rules, interfaces, qdiscs.
[[nodiscard]] std::string network_state(const Namespace& in);

}  // namespace viaduct::hosttest
