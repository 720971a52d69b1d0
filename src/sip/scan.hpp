// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include "base/bytes.hpp"
#include "base/text.hpp"

#include <bit>
#include <cstdint>
#include <cstring>
#if defined(__SSE2__)
#include <emmintrin.h>
#endif

/// Finding octets sixteen at a time. Nothing outside the buffer is ever read: a search may look at octets behind its
/// own end, where fields usually have neighbours, but not behind the buffer's.
namespace viaduct::sip::scan {

// What host names and most tokens are made of; "_" is outside the host grammar and common in private networks.
inline constexpr base::CharSet kName = base::kAlphanum | base::CharSet("-._");

/// Bit i is set if octet i of the eight at `p` equals `c`; for machines without SSE2.
[[nodiscard]] inline std::uint32_t mask8_portable(const char* p, char c) {
  std::uint64_t word;
  std::memcpy(&word, p, sizeof word);
  if constexpr (std::endian::native == std::endian::big) word = __builtin_bswap64(word);
  constexpr std::uint64_t low7 = 0x7f7f7f7f7f7f7f7f;
  constexpr std::uint64_t ones = 0x0101010101010101;
  constexpr std::uint64_t gather = 0x0102040810204080;
  const std::uint64_t x = word ^ (ones * static_cast<unsigned char>(c));
  const std::uint64_t zero = ~(((x & low7) + low7) | x | low7);  // 0x80 in each octet that is equal
  return static_cast<std::uint32_t>(((zero >> 7) * gather) >> 56);
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

/// Bits of the sixteen octets at `p` that are SP, a control octet, or one of `Chars`.
template <char... Chars>
[[nodiscard]] inline std::uint32_t blank_mask16(const char* p) {
#if defined(__SSE2__)
  const __m128i octets = _mm_loadu_si128(reinterpret_cast<const __m128i*>(p));
  __m128i hits = _mm_cmpeq_epi8(_mm_min_epu8(octets, _mm_set1_epi8(' ')), octets);
  ((hits = _mm_or_si128(hits, _mm_cmpeq_epi8(octets, _mm_set1_epi8(Chars)))), ...);
  return static_cast<std::uint32_t>(_mm_movemask_epi8(hits));
#else
  std::uint32_t mask = (0U | ... | mask16_portable<Chars>(p));
  for (unsigned i = 0; i < 16; ++i) mask |= static_cast<std::uint32_t>(static_cast<unsigned char>(p[i]) <= ' ') << i;
  return mask;
#endif
}

/// find() where fewer than sixteen octets of the buffer are left.
template <char... Chars>
[[nodiscard, gnu::cold, gnu::noinline]] std::uint32_t find_near_end(base::Bytes buffer, std::uint32_t at,
                                                                    std::uint32_t end) {
  while (at < end && !((buffer[at] == Chars) || ...)) ++at;
  return at;
}

/// The first position in [at, end) of an octet that is one of `Chars`; `end` if there is none.
/// end <= buffer.size().
template <char... Chars>
[[nodiscard]] inline std::uint32_t find(base::Bytes buffer, std::uint32_t at, std::uint32_t end) {
  while (at < end) {
    if (buffer.size() - at < 16) [[unlikely]]
      return find_near_end<Chars...>(buffer, at, end);
    if (const std::uint32_t mask = mask16<Chars...>(buffer.data() + at); mask != 0) {
      at += static_cast<std::uint32_t>(std::countr_zero(mask));
      break;
    }
    at += 16;
  }
  return at < end ? at : end;
}

/// The first position in [at, end) of SP, a control octet, or one of `Chars`; `end` if there is none.
template <char... Chars>
[[nodiscard]] inline std::uint32_t find_or_blank(base::Bytes buffer, std::uint32_t at, std::uint32_t end) {
  while (at < end && buffer.size() - at >= 16) {
    const std::uint32_t mask = blank_mask16<Chars...>(buffer.data() + at);
    if (mask != 0) {
      at += static_cast<std::uint32_t>(std::countr_zero(mask));
      return at < end ? at : end;
    }
    at += 16;
  }
  while (at<end&& static_cast<unsigned char>(buffer[at])> ' ' && !((buffer[at] == Chars) || ...)) ++at;
  return at < end ? at : end;
}

/// The first position in [at, end) of an octet that no name is made of: not a letter, digit, '-', '.' or '_'.
[[nodiscard]] inline std::uint32_t skip_name(base::Bytes buffer, std::uint32_t at, std::uint32_t end) {
#if defined(__SSE2__)
  const auto within = [](__m128i octets, char first, char last) {
    const __m128i shifted = _mm_sub_epi8(octets, _mm_set1_epi8(first));
    return _mm_cmpeq_epi8(_mm_min_epu8(shifted, _mm_set1_epi8(static_cast<char>(last - first))), shifted);
  };
  while (at < end && buffer.size() - at >= 16) {
    const __m128i octets = _mm_loadu_si128(reinterpret_cast<const __m128i*>(buffer.data() + at));
    const __m128i letters = within(_mm_or_si128(octets, _mm_set1_epi8(0x20)), 'a', 'z');
    const __m128i digits = _mm_andnot_si128(_mm_cmpeq_epi8(octets, _mm_set1_epi8('/')), within(octets, '-', '9'));
    const __m128i name = _mm_or_si128(_mm_or_si128(letters, digits), _mm_cmpeq_epi8(octets, _mm_set1_epi8('_')));
    if (const unsigned mask = static_cast<unsigned>(_mm_movemask_epi8(name)) ^ 0xffffU; mask != 0) {
      at += static_cast<std::uint32_t>(std::countr_zero(mask));
      return at < end ? at : end;
    }
    at += 16;
  }
#endif
  while (at < end && kName.contains(buffer[at])) ++at;
  return at < end ? at : end;
}

/// The closing quote of the quoted string that opens at `open`, escapes respected; `end` if there is none.
[[nodiscard]] inline std::uint32_t closing_quote(base::Bytes buffer, std::uint32_t open, std::uint32_t end) {
  std::uint32_t at = find<'"', '\\'>(buffer, open + 1, end);
  while (at < end && buffer[at] == '\\') at = find<'"', '\\'>(buffer, at + 2 < end ? at + 2 : end, end);
  return at;
}

}  // namespace viaduct::sip::scan
