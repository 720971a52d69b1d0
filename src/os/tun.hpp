// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include "base/bytes.hpp"
#include "net/address.hpp"
#include "os/fd.hpp"
#include "os/problem.hpp"

#include <cstdint>
#include <span>
#include <string>

namespace viaduct::os {

/// A TUN interface: IP packets without link-layer header or packet information. It goes when the object goes.
class Tun {
 public:
  /// `name` may hold %d ("viaduct%d"), at most 15 octets. Made down and without address.
  [[nodiscard]] static Result<Tun> create(const std::string& name);
  [[nodiscard]] const std::string& name() const VIADUCT_LIFETIME_BOUND { return name_; }
  [[nodiscard]] std::uint32_t interface() const { return index_; }
  [[nodiscard]] int fd() const { return fd_.get(); }

  [[nodiscard]] Result<void> add_address(const net::Prefix& address);
  [[nodiscard]] Result<void> set_mtu(std::uint32_t octets);
  [[nodiscard]] Result<void> bring_up();

  /// One packet into `out`; non-blocking, `would_block` when there is none. Longer packets are cut.
  [[nodiscard]] Result<std::size_t> read(std::span<char> out);
  [[nodiscard]] Result<void> write(base::Bytes packet);

 private:
  Tun(Fd fd, std::string name, std::uint32_t index) : fd_(std::move(fd)), name_(std::move(name)), index_(index) {}
  Fd fd_;
  std::string name_;
  std::uint32_t index_;
};

}  // namespace viaduct::os
