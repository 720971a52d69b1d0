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

/// Finds line ends 64 octets at a time; private to the parser. A bitmap of a whole block costs less than a search per
/// line, because SDP lines are short. Never reads outside [begin, end).
class LineEnds {
 public:
  LineEnds(const char* begin, const char* end) : begin_(begin), block_(begin), end_(end) { mask_ = load(); }

  /// Position of the octet that ends the current line: LF, or a CR that no LF follows; `end` if there is none.
  const char* next() {
    while (mask_ == 0) {
      if (end_ - block_ <= kBlock) return end_;
      block_ += kBlock;
      mask_ = load();
    }
    const char* at = block_ + std::countr_zero(mask_);
    mask_ &= mask_ - 1;
    return at;
  }

 private:
  static constexpr std::ptrdiff_t kBlock = 64;

  struct Masks {
    std::uint64_t lf = 0;
    std::uint64_t cr = 0;
  };

  [[nodiscard]] std::uint64_t load() const {
    const std::ptrdiff_t left = end_ - block_;
    Masks found;
    if (left >= kBlock) {
      found = masks(block_);
    } else if (left > 0 && end_ - begin_ >= kBlock) {
      found = masks(end_ - kBlock);  // the last whole block, and only its new part
      found.lf >>= kBlock - left;
      found.cr >>= kBlock - left;
    } else if (left > 0) {
      char copy[kBlock] = {};
      std::memcpy(copy, block_, static_cast<std::size_t>(left));
      found = masks(copy);
    }
    const std::uint64_t lf_follows = left > kBlock && block_[kBlock] == '\n' ? std::uint64_t{1} << 63 : 0;
    return found.lf | (found.cr & ~(found.lf >> 1 | lf_follows));
  }

  static Masks masks(const char* p) {
    Masks found;
#if defined(__SSE2__)
    const __m128i lf = _mm_set1_epi8('\n');
    const __m128i cr = _mm_set1_epi8('\r');
    for (int i = 3; i >= 0; --i) {
      const __m128i octets = _mm_loadu_si128(reinterpret_cast<const __m128i*>(p + 16 * i));
      found.lf = found.lf << 16 | static_cast<std::uint64_t>(_mm_movemask_epi8(_mm_cmpeq_epi8(octets, lf)));
      found.cr = found.cr << 16 | static_cast<std::uint64_t>(_mm_movemask_epi8(_mm_cmpeq_epi8(octets, cr)));
    }
#else
    for (std::size_t i = 0; i < static_cast<std::size_t>(kBlock); ++i) {
      found.lf |= std::uint64_t{p[i] == '\n'} << i;
      found.cr |= std::uint64_t{p[i] == '\r'} << i;
    }
#endif
    return found;
  }

  const char* begin_;
  const char* block_;
  const char* end_;
  std::uint64_t mask_;
};

}  // namespace viaduct::sdp
