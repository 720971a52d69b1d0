// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include "base/bytes.hpp"
#include "base/clock.hpp"
#include "net/address.hpp"
#include "os/problem.hpp"

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace viaduct::app::box {

/// Where one side of the box is plugged in.
class Port {
 public:
  Port() = default;
  Port(const Port&) = delete;
  Port& operator=(const Port&) = delete;
  virtual ~Port() = default;

  [[nodiscard]] virtual int fd() const = 0;
  /// What people call it: "wan0 (Ethernet, 52:54:00:12:34:56)".
  [[nodiscard]] virtual std::string description() const = 0;
  /// Largest packet that goes out here: what was asked for, or what the interface takes if that is less.
  [[nodiscard]] virtual std::size_t mtu() const = 0;
  /// How many packets the interface did not take.
  [[nodiscard]] virtual std::uint64_t refused() const = 0;
  /// Gives every IPv4 packet that has arrived to `take`, at most one batch.
  [[nodiscard]] virtual os::Result<void> receive(base::Instant now, const std::function<void(base::Bytes)>& take) = 0;
  virtual void send(base::Bytes packet, base::Instant now) = 0;
  /// Puts on the wire what send() has gathered.
  virtual void flush() = 0;
};

/// How a port finds its place: the box's addresses on this side, their net, and the way out of it.
struct Attachment {
  std::string interface;
  std::vector<net::Address> own;
  net::Prefix net;
  std::optional<net::Address> gateway;
  std::size_t mtu = 1500;
};

/// An Ethernet interface that exists is used as it is; any other name becomes a TUN interface that goes with the
/// process.
[[nodiscard]] os::Result<std::unique_ptr<Port>> open_port(const Attachment& attachment);

}  // namespace viaduct::app::box
