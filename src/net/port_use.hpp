// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <bitset>
#include <cstdint>

namespace viaduct::net {

/// Which UDP ports of one address somebody uses. A value, filled by os/ from what the kernel says.
class PortUse {
 public:
  void take(std::uint16_t port) { taken_.set(port); }
  void release(std::uint16_t port) { taken_.reset(port); }
  [[nodiscard]] bool is_taken(std::uint16_t port) const { return taken_.test(port); }
  [[nodiscard]] std::size_t count() const { return taken_.count(); }

 private:
  std::bitset<65536> taken_;
};

}  // namespace viaduct::net
