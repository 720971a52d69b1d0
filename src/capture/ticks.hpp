// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include "capture/record.hpp"

#include <algorithm>
#include <cstdint>

namespace viaduct::capture {

/// What the timestamps of a file or interface count, and from when.
class Ticks {
 public:
  /// Units of a microsecond since the epoch.
  constexpr Ticks() = default;
  /// if_tsresol and if_tsoffset of pcapng: 10 to the minus `resolution`, or 2 if its highest bit is set; seconds.
  constexpr explicit Ticks(std::uint8_t resolution, std::int64_t offset_seconds = 0) : offset_(offset_seconds) {
    binary_ = (resolution & 0x80) != 0;
    exponent_ = resolution & 0x7f;
    if (binary_) return;
    factor_ = 1;
    for (unsigned i = exponent_; i < 9; ++i) factor_ *= 10;
    for (unsigned i = 9; i < exponent_ && divisor_ != 0; ++i) divisor_ = i < 28 ? divisor_ * 10 : 0;
  }

  /// Times before 1896 or behind 2116 become the first or last moment between: the difference of any two then fits
  /// into a Duration with decades to spare, and none is taken for Time::max(), which stands for "never".
  [[nodiscard]] constexpr Time time(std::uint64_t ticks) const {
    std::int64_t since = 0;
    if (!binary_ && divisor_ == 1 && offset_ == 0 && ticks < kSafe) [[likely]]
      since = static_cast<std::int64_t>(ticks * factor_);
    else
      since = slow(ticks);
    return Time(base::Duration(std::clamp(since, kFirst, kLast)));
  }

  static constexpr std::int64_t kFirst = -(std::int64_t{1} << 61);  ///< nanoseconds since the epoch
  static constexpr std::int64_t kLast = std::int64_t{1} << 62;

 private:
  static constexpr std::uint64_t kSafe = static_cast<std::uint64_t>(kLast) / 1000000000;

  [[nodiscard]] constexpr std::int64_t slow(std::uint64_t ticks) const {
    std::int64_t since = INT64_MAX;
    const std::uint64_t nanoseconds = binary_ ? of_binary(ticks) : of_decimal(ticks);
    if (nanoseconds <= static_cast<std::uint64_t>(INT64_MAX)) since = static_cast<std::int64_t>(nanoseconds);
    std::int64_t offset = 0;
    if (__builtin_mul_overflow(offset_, std::int64_t{1000000000}, &offset)) return offset_ < 0 ? INT64_MIN : INT64_MAX;
    std::int64_t sum = 0;
    return __builtin_add_overflow(since, offset, &sum) ? (offset < 0 ? INT64_MIN : INT64_MAX) : sum;
  }
  [[nodiscard]] constexpr std::uint64_t of_decimal(std::uint64_t ticks) const {
    std::uint64_t product = 0;
    if (divisor_ == 0) return 0;
    return __builtin_mul_overflow(ticks / divisor_, factor_, &product) ? UINT64_MAX : product;
  }
  [[nodiscard]] constexpr std::uint64_t of_binary(std::uint64_t ticks) const {
    const std::uint64_t seconds = exponent_ < 64 ? ticks >> exponent_ : 0;
    if (seconds >= kSafe) return UINT64_MAX;
    std::uint64_t fraction = exponent_ < 64 ? ticks & ((std::uint64_t{1} << exponent_) - 1) : ticks;
    // 34 bits of a second are finer than a nanosecond and leave room for the product.
    unsigned bits = exponent_;
    for (; bits > 34; --bits) fraction >>= 1;
    return seconds * 1000000000 + (fraction * 1000000000 >> bits);
  }

  std::uint64_t factor_ = 1000;
  std::uint64_t divisor_ = 1;
  std::int64_t offset_ = 0;
  unsigned exponent_ = 6;
  bool binary_ = false;
};

}  // namespace viaduct::capture
