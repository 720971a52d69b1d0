// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include "base/bytes.hpp"

#include <bit>
#include <cstdint>
#include <cstring>
#if defined(__SSE2__)
#include <emmintrin.h>
#endif

/// Finding octets sixteen at a time. Nothing outside the buffer is ever read: a search may look at octets behind
/// its own end, which is where fields usually have neighbours, but not behind the buffer's.
namespace viaduct::sip::scan {

/// Bit i is set if octet i of the eight at `p` equals `c`; for machines without SSE2.
[[nodiscard]] inline std::uint32_t mask8_portable(const char* p, char c) {
  std::uint64_t word;
  std::memcpy(&word, p, sizeof word);
  if constexpr (std::endian::native == std::endian::big) word = __builtin_bswap64(word);
  constexpr std::uint64_t low7 = 0x7f7f7f7f7f7f7f7f;
  const std::uint64_t x = word ^ (0x0101010101010101 * static_cast<unsigned char>(c));
  const std::uint64_t zero = ~(((x & low7) + low7) | x | low7);  // 0x80 in each octet that is equal
  return static_cast<std::uint32_t>(((zero >> 7) * 0x0102040810204080) >> 56);
}

/// Bit i is set if octet i of the sixteen at `p` is one of `Chars`.
template <char... Chars>
[[nodiscard]] inline std::uint32_t mask16_portable(const char* p) {
  return ((mask8_portable(p, Chars) | mask8_portable(p + 8, Chars) << 8) | ...);
}

#if defined(__SSE2__)
template <char... Chars>
[[nodiscard]] inline std::uint32_t mask16(const char* p) {
  const __m128i octets = _mm_loadu_si128(reinterpret_cast<const __m128i*>(p));
  __m128i hits = _mm_setzero_si128();
  ((hits = _mm_or_si128(hits, _mm_cmpeq_epi8(octets, _mm_set1_epi8(Chars)))), ...);
  return static_cast<std::uint32_t>(_mm_movemask_epi8(hits));
}
#else
template <char... Chars>
[[nodiscard]] inline std::uint32_t mask16(const char* p) {
  return mask16_portable<Chars...>(p);
}
#endif

/// The first position in [at, end) of an octet that is one of `Chars`; `end` if there is none.
/// end <= buffer.size().
template <char... Chars>
[[nodiscard]] inline std::uint32_t find(base::Bytes buffer, std::uint32_t at, std::uint32_t end) {
  const char* const data = buffer.data();
  while (at < end) {
    if (buffer.size() - at < 16) {
      while (at < end && !((data[at] == Chars) || ...)) ++at;
      return at;
    }
    if (const std::uint32_t mask = mask16<Chars...>(data + at); mask != 0) {
      at += static_cast<std::uint32_t>(std::countr_zero(mask));
      break;
    }
    at += 16;
  }
  return at < end ? at : end;
}

/// The closing quote of the quoted string that opens at `open`, escapes respected; `end` if there is none.
[[nodiscard]] inline std::uint32_t closing_quote(base::Bytes buffer, std::uint32_t open, std::uint32_t end) {
  std::uint32_t at = find<'"', '\\'>(buffer, open + 1, end);
  while (at < end && buffer[at] == '\\') at = find<'"', '\\'>(buffer, at + 2 < end ? at + 2 : end, end);
  return at;
}

/// Walks the line ends of a buffer from front to back, 64 octets a step. A line end is LF, CR LF, or CR alone.
class LineEnds {
 public:
  explicit LineEnds(base::Bytes buffer) : buffer_(buffer), ends_(load(0)) {}

  /// Position of the last octet of the next line end (the LF, or a CR without LF); the buffer's size if none is left.
  [[nodiscard]] std::uint32_t next() {
    while (ends_ == 0) {
      block_ += 64;
      if (block_ >= buffer_.size()) return static_cast<std::uint32_t>(buffer_.size());
      ends_ = load(block_);
    }
    const std::uint32_t at = block_ + static_cast<std::uint32_t>(std::countr_zero(ends_));
    ends_ &= ends_ - 1;
    return at;
  }

 private:
  static std::uint64_t ends_of(const char* p, bool line_feed_follows) {
    std::uint64_t feeds = 0;
    std::uint64_t returns = 0;
    for (unsigned i = 0; i < 4; ++i) {
      feeds |= static_cast<std::uint64_t>(mask16<'\n'>(p + 16 * i)) << (16 * i);
      returns |= static_cast<std::uint64_t>(mask16<'\r'>(p + 16 * i)) << (16 * i);
    }
    return feeds | (returns & ~(feeds >> 1 | static_cast<std::uint64_t>(line_feed_follows) << 63));
  }

  /// Bits of the block at `at`; octets behind the buffer count as none.
  [[nodiscard]] std::uint64_t load(std::size_t at) const {
    const std::size_t rest = buffer_.size() - at;
    if (rest > 64) return ends_of(buffer_.data() + at, buffer_[at + 64] == '\n');
    if (buffer_.size() >= 64) return ends_of(buffer_.data() + buffer_.size() - 64, false) >> (64 - rest);
    char padded[64] = {};
    if (rest > 0) std::memcpy(padded, buffer_.data() + at, rest);
    return ends_of(padded, false);
  }

  base::Bytes buffer_;
  std::uint64_t ends_;
  std::uint32_t block_ = 0;
};

}  // namespace viaduct::sip::scan
