// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include "base/bytes.hpp"
#include "sip/scan.hpp"

#include <bit>
#include <cstdint>
#include <cstring>

namespace viaduct::sip::scan {

/// Bits of the sixteen octets at `p` that may end a line; other control octets may be among them.
[[nodiscard]] inline std::uint32_t line_end_mask16(const char* p) {
#if defined(__SSE2__)
  const __m128i octets = _mm_loadu_si128(reinterpret_cast<const __m128i*>(p));
  return static_cast<std::uint32_t>(
      _mm_movemask_epi8(_mm_cmpeq_epi8(_mm_min_epu8(octets, _mm_set1_epi8('\r')), octets)));
#else
  return mask16_portable<'\r', '\n'>(p);
#endif
}

/// Walks the lines of a buffer from front to back. A line ends in CR LF, LF, or CR alone. The places of all line ends
/// in 64 octets are found at once, before anything in the lines is looked at: a search from line to line would wait for
/// each result, which takes half as long again.
class Lines {
 public:
  explicit Lines(base::Bytes buffer) : buffer_(buffer), hits_(load(buffer, 0)) {}

  struct Line {
    std::size_t end;   ///< where the line end begins; the buffer's size without one
    std::size_t next;  ///< where the following line begins
  };

  /// The line that begins at `begin`: 0 at first, then what the last call gave as `next`.
  [[nodiscard, gnu::always_inline]] Line from(std::size_t begin) {
    for (;;) {
      while (hits_ == 0) {
        block_ += 64;
        if (block_ >= buffer_.size()) return {buffer_.size(), buffer_.size()};
        hits_ = load(buffer_, block_);
      }
      const std::size_t at = block_ + static_cast<std::size_t>(std::countr_zero(hits_));
      hits_ &= hits_ - 1;
      if (buffer_[at] == '\r') {
        if (at + 1 == buffer_.size() || buffer_[at + 1] != '\n') return {at, at + 1};
        hits_ &= hits_ - 1;
        return {at, at + 2};
      }
      // A line feed before `begin` belongs to a return that was the last octet of its block.
      if (buffer_[at] == '\n' && at >= begin) return {at, at + 1};
    }
  }

 private:
  static std::uint64_t hits_of(const char* p) {
    const auto part = [p](unsigned i) { return static_cast<std::uint64_t>(line_end_mask16(p + 16 * i)) << (16 * i); };
    return part(0) | part(1) | part(2) | part(3);
  }

  /// Bits of the block at `at`; octets behind the buffer count as none.
  static std::uint64_t load(base::Bytes buffer, std::size_t at) {
    return buffer.size() - at >= 64 ? hits_of(buffer.data() + at) : load_last(buffer, at);
  }
  [[gnu::cold, gnu::noinline]] static std::uint64_t load_last(base::Bytes buffer, std::size_t at) {
    const std::size_t rest = buffer.size() - at;
    if (buffer.size() >= 64) return hits_of(buffer.data() + buffer.size() - 64) >> (64 - rest);
    char padded[64];
    std::memset(padded, ' ', sizeof padded);
    if (rest > 0) std::memcpy(padded, buffer.data() + at, rest);
    return hits_of(padded);
  }

  base::Bytes buffer_;
  std::uint64_t hits_;
  std::size_t block_ = 0;
};

}  // namespace viaduct::sip::scan
