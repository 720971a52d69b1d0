// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include "base/octets.hpp"

#include <bit>
#include <cstdint>
#include <cstring>

/// Numbers out of received octets. The caller has made sure that the octets are there.
namespace viaduct::capture {

/// The byte order that a file was written in, seen from this machine.
class ByteOrder {
 public:
  constexpr ByteOrder() = default;
  constexpr explicit ByteOrder(std::endian of_file) : swap_(of_file != std::endian::native) {}

  [[nodiscard]] std::uint16_t u16(const char* at) const {
    std::uint16_t value;
    std::memcpy(&value, at, sizeof value);
    return swap_ ? __builtin_bswap16(value) : value;
  }
  [[nodiscard]] std::uint32_t u32(const char* at) const {
    std::uint32_t value;
    std::memcpy(&value, at, sizeof value);
    return swap_ ? __builtin_bswap32(value) : value;
  }
  [[nodiscard]] std::uint64_t u64(const char* at) const {
    std::uint64_t value;
    std::memcpy(&value, at, sizeof value);
    return swap_ ? __builtin_bswap64(value) : value;
  }

 private:
  bool swap_ = false;
};

/// Network byte order.
inline constexpr ByteOrder kNetwork{std::endian::big};

using base::long_at;
using base::octet_at;
using base::word_at;

}  // namespace viaduct::capture
