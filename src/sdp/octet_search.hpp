// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <bit>
#include <cstddef>
#include <cstdint>
#if defined(__SSE2__)
#include <emmintrin.h>
#endif

namespace viaduct::sdp {

/// The first octet in [p, end) that is one of Marks, else `end`; 16 octets at a time. For fields of a few octets: a
/// call of memchr costs more than the search. May read, never use, octets in [end, limit); `limit` ends the whole
/// buffer.
template <char... Marks>
[[nodiscard]] inline const char* find_octet(const char* p, const char* end, const char* limit) {
#if defined(__SSE2__)
  while (limit - p >= 16 && p < end) {
    const __m128i octets = _mm_loadu_si128(reinterpret_cast<const __m128i*>(p));
    const int hits = (_mm_movemask_epi8(_mm_cmpeq_epi8(octets, _mm_set1_epi8(Marks))) | ...);
    if (hits != 0) {
      p += std::countr_zero(static_cast<unsigned>(hits));
      return p < end ? p : end;
    }
    p += 16;
  }
#endif
  while (p < end && ((*p != Marks) && ...)) ++p;
  return p < end ? p : end;
}

/// Three words, as distances from their common beginning.
struct ThreeWords {
  std::uint32_t first_end = 0;
  std::uint32_t second_end = 0;
  std::uint32_t third_end = 0;
};

/// Cuts the first three words off [p, end) in one step, if single SPs divide them and a fourth follows, all within 32
/// octets: the usual look of o= and m=. False: it is not so, or there is no room to look; then walk with Words.
[[nodiscard]] inline bool cut_three_words(const char* p, const char* end, const char* limit, ThreeWords& words) {
#if defined(__SSE2__)
  if (limit - p < 32) return false;
  const __m128i blank = _mm_set1_epi8(' ');
  const __m128i low = _mm_loadu_si128(reinterpret_cast<const __m128i*>(p));
  const __m128i high = _mm_loadu_si128(reinterpret_cast<const __m128i*>(p + 16));
  // Everything up to SP counts as a border, so that a HTAB or a line end cannot hide inside a word.
  const int low_hits = _mm_movemask_epi8(_mm_cmpeq_epi8(_mm_min_epu8(low, blank), low));
  const int high_hits = _mm_movemask_epi8(_mm_cmpeq_epi8(_mm_min_epu8(high, blank), high));
  std::uint32_t hits = static_cast<std::uint32_t>(low_hits) | static_cast<std::uint32_t>(high_hits) << 16;
  words.first_end = static_cast<std::uint32_t>(std::countr_zero(hits));
  hits &= hits - 1;
  words.second_end = static_cast<std::uint32_t>(std::countr_zero(hits));
  hits &= hits - 1;
  words.third_end = static_cast<std::uint32_t>(std::countr_zero(hits));
  if (words.third_end >= 31 || p + words.third_end + 1 >= end) return false;
  return words.first_end > 0 && words.second_end > words.first_end + 1 && words.third_end > words.second_end + 1 &&
         p[words.first_end] == ' ' && p[words.second_end] == ' ' && p[words.third_end] == ' ' &&
         p[words.third_end + 1] > ' ';
#else
  static_cast<void>(p), static_cast<void>(end), static_cast<void>(limit), static_cast<void>(words);
  return false;
#endif
}

}  // namespace viaduct::sdp
