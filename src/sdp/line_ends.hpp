// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <bit>
#include <cstddef>
#include <cstdint>
#include <cstring>
#if defined(__SSE2__)
#include <emmintrin.h>
#endif

namespace viaduct::sdp {

/// Walks the lines of [begin, end) 64 octets a step; private to the parser. A bitmap of a whole block costs less than a
/// search per line, because SDP lines are short. Never reads outside [begin, end).
class LineEnds {
 public:
  LineEnds(const char* begin, const char* end) : begin_(begin), block_(begin), end_(end), hits_(load()) {}

  struct Stop {
    const char* line_end;  ///< where the line end begins; `end` without one
    const char* next;      ///< where the following line begins
  };

  /// The end of the line that begins at `line`: `begin` at first, then what the last call gave as `next`.
  [[nodiscard, gnu::always_inline]] Stop from(const char* line) {
    for (;;) {
      while (hits_ == 0) {
        if (end_ - block_ <= kBlock) return {end_, end_};
        block_ += kBlock;
        hits_ = load();
      }
      const char* const at = block_ + std::countr_zero(hits_);
      hits_ &= hits_ - 1;
      if (*at == '\r') {
        if (at + 1 == end_ || at[1] != '\n') return {at, at + 1};
        hits_ &= hits_ - 1;
        return {at, at + 2};
      }
      // A LF before `line` belongs to a CR that was the last octet of its block.
      if (*at == '\n' && at >= line) return {at, at + 1};
    }
  }

 private:
  static constexpr std::ptrdiff_t kBlock = 64;

  /// One bit for each octet of the block that may end a line.
  [[nodiscard]] std::uint64_t load() const {
    const std::ptrdiff_t left = end_ - block_;
    if (left >= kBlock) return hits_of(block_);
    if (left <= 0) return 0;
    if (end_ - begin_ >= kBlock) return hits_of(end_ - kBlock) >> (kBlock - left);
    char padded[kBlock];
    std::memset(padded, ' ', sizeof padded);
    std::memcpy(padded, block_, static_cast<std::size_t>(left));
    return hits_of(padded);
  }

  /// With SSE2 every octet up to CR is a hit, one comparison for both; others than CR and LF are rare in text, and
  /// from() passes over them.
  static std::uint64_t hits_of(const char* p) {
    std::uint64_t hits = 0;
#if defined(__SSE2__)
    const __m128i last = _mm_set1_epi8('\r');
    for (int i = 3; i >= 0; --i) {
      const __m128i octets = _mm_loadu_si128(reinterpret_cast<const __m128i*>(p + 16 * i));
      const int some = _mm_movemask_epi8(_mm_cmpeq_epi8(_mm_min_epu8(octets, last), octets));
      hits = hits << 16 | static_cast<std::uint64_t>(some);
    }
#else
    for (std::size_t i = 0; i < static_cast<std::size_t>(kBlock); ++i)
      hits |= std::uint64_t{p[i] == '\n' || p[i] == '\r'} << i;
#endif
    return hits;
  }

  const char* begin_;
  const char* block_;
  const char* end_;
  std::uint64_t hits_;
};

}  // namespace viaduct::sdp
