// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include "base/bytes.hpp"

#include <algorithm>
#include <cstdint>
#include <cstring>
#include <memory>

namespace viaduct::call {

using base::Bytes;

/// Octets of a message that are kept after it, cut to a bound. Takes the room of a pointer: a call has a dozen of
/// them, most are empty, and calls are kept in their thousands.
class Text {
 public:
  Text() = default;
  /// The first `most` octets of `octets`; `most` is at most 65535.
  Text(Bytes octets, std::size_t most) {
    const Bytes head = octets.substr(0, std::min<std::size_t>(most, 0xffff));
    if (head.empty()) return;
    octets_ = std::make_unique<char[]>(kPrefix + head.size());
    const std::uint16_t size = static_cast<std::uint16_t>(head.size());
    std::memcpy(octets_.get(), &size, kPrefix);
    std::memcpy(octets_.get() + kPrefix, head.data(), head.size());
  }

  [[nodiscard]] Bytes view() const VIADUCT_LIFETIME_BOUND {
    return octets_ ? Bytes(octets_.get() + kPrefix, size()) : Bytes();
  }
  [[nodiscard]] bool empty() const { return octets_ == nullptr; }
  /// Octets on the heap.
  [[nodiscard]] std::size_t footprint() const { return octets_ ? kPrefix + size() : 0; }

 private:
  static constexpr std::size_t kPrefix = sizeof(std::uint16_t);
  [[nodiscard]] std::size_t size() const {
    std::uint16_t size = 0;
    std::memcpy(&size, octets_.get(), kPrefix);
    return size;
  }

  std::unique_ptr<char[]> octets_;
};

}  // namespace viaduct::call
