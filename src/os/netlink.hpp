// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include "os/fd.hpp"
#include "os/problem.hpp"

#include <cstdint>
#include <functional>
#include <span>
#include <string>
#include <vector>

struct nlmsghdr;
struct nlattr;

namespace viaduct::os {

/// One netlink socket with request buffer and answer buffer, for synchronous exchanges. Inside os/ only:
/// what leaves this module speaks of interfaces, flows and elements, not of attributes.
class Netlink {
 public:
  /// `bus` NETLINK_*; `groups` the multicast mask of old (RTMGRP_*).
  [[nodiscard]] static Result<Netlink> open(int bus, std::uint32_t groups = 0);

  [[nodiscard]] int fd() const { return socket_.get(); }
  [[nodiscard]] std::uint32_t port_id() const { return port_id_; }
  [[nodiscard]] Fd release() { return std::move(socket_); }
  /// Octets of both kernel buffers; past rmem_max with CAP_NET_ADMIN.
  void set_buffers(std::uint32_t octets);

  /// Starts the next request (NLM_F_REQUEST added); room for 8 KiB of attributes.
  nlmsghdr* begin(std::uint16_t type, std::uint16_t flags);
  /// The same with a struct nfgenmsg behind the header; `resource` in host order.
  nlmsghdr* begin_netfilter(std::uint8_t subsystem, std::uint8_t type, std::uint16_t flags, std::uint8_t family,
                            std::uint16_t resource = 0);

  using Answer = std::function<void(const nlmsghdr&)>;
  /// Sends the request begun last and hands over each answer until its end: the acknowledgement, NLMSG_DONE of a dump,
  /// or the only message of a plain get. `action` is for the error text.
  [[nodiscard]] Result<void> exchange(const char* action, const Answer& answer = {});

  /// Sends octets as they are (a transaction of several messages).
  [[nodiscard]] Result<void> send(std::span<const char> messages, const char* action);
  /// One datagram of answers that is there already; `would_block` when none is.
  [[nodiscard]] Result<std::span<const char>> receive_now(const char* action);
  [[nodiscard]] std::uint32_t next_sequence() { return ++sequence_; }

 private:
  [[nodiscard]] Result<bool> take(std::span<const char> datagram, bool dump, bool acknowledged, const char* action,
                                  const Answer& answer);

  Fd socket_;
  std::vector<char> request_;
  std::vector<char> answer_;
  std::uint32_t port_id_ = 0;
  std::uint32_t sequence_ = 0;
};

/// errno of an NLMSG_ERROR message as a positive number (0: acknowledgement), and the kernel's own words.
struct NetlinkError {
  int number = 0;
  std::string text;
};
[[nodiscard]] NetlinkError read_netlink_error(const nlmsghdr& message);

}  // namespace viaduct::os
