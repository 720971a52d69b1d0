// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>

namespace viaduct::base {

/// Received octets, borrowed and never written to. SIP and SDP are text, hence chars.
using Bytes = std::string_view;

/// Marks a returned view that dies with the object it came from (clang reports misuse).
#if defined(__clang__)
#define VIADUCT_LIFETIME_BOUND [[clang::lifetimebound]]
#else
#define VIADUCT_LIFETIME_BOUND
#endif

/// A piece of one buffer: octets [offset, offset + length). A default Range is absent, which is
/// different from present and empty. Ranges are made by parsers; they survive a move of the buffer.
struct Range {
  static constexpr std::uint32_t kAbsent = 0xffffffff;

  std::uint32_t offset = kAbsent;
  std::uint32_t length = 0;

  [[nodiscard]] constexpr bool present() const { return offset != kAbsent; }
  [[nodiscard]] constexpr std::uint32_t end() const { return offset + length; }
  /// The octets themselves; an absent range gives an empty view.
  [[nodiscard]] constexpr Bytes of(Bytes buffer) const {
    return present() ? Bytes(buffer.data() + offset, length) : Bytes();
  }
  friend constexpr bool operator==(Range, Range) = default;
};

/// The range of `part`, which must point into `buffer`.
[[nodiscard]] constexpr Range range_in(Bytes buffer, Bytes part) {
  return {static_cast<std::uint32_t>(part.data() - buffer.data()), static_cast<std::uint32_t>(part.size())};
}

/// The range between two octet positions.
[[nodiscard]] constexpr Range between(std::size_t begin, std::size_t end) {
  return {static_cast<std::uint32_t>(begin), static_cast<std::uint32_t>(end - begin)};
}

}  // namespace viaduct::base
