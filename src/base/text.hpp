// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include "base/bytes.hpp"

#include <array>
#include <cstdint>
#include <cstring>
#include <limits>
#include <optional>
#include <type_traits>

namespace viaduct::base {

/// A set of octets, for ABNF character classes; lookup is one load.
class CharSet {
 public:
  constexpr explicit CharSet(Bytes members) {
    for (char c : members) table_[static_cast<unsigned char>(c)] = true;
  }
  [[nodiscard]] constexpr bool contains(char c) const { return table_[static_cast<unsigned char>(c)]; }
  [[nodiscard]] constexpr CharSet operator|(const CharSet& other) const {
    CharSet both = *this;
    for (std::size_t i = 0; i < table_.size(); ++i) both.table_[i] = both.table_[i] || other.table_[i];
    return both;
  }

 private:
  std::array<bool, 256> table_{};
};

inline constexpr CharSet kDigits{"0123456789"};
inline constexpr CharSet kAlpha{"abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"};
inline constexpr CharSet kAlphanum = kDigits | kAlpha;

[[nodiscard]] constexpr char to_lower(char c) {
  return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c;
}

/// text == literal for literals of up to 16 octets, as two loads that may overlap: of a string_view the compiler does
/// not know the length, and g++ 12 calls memcmp even where it does.
template <std::size_t N>
[[nodiscard]] inline bool starts_with(Bytes text, const char (&literal)[N]) {
  constexpr std::size_t size = N - 1;
  using Word = std::conditional_t<(size >= 8), std::uint64_t, std::uint32_t>;
  static_assert(size >= sizeof(Word) && size <= 2 * sizeof(Word));
  if (text.size() < size) return false;
  Word words[4];
  std::memcpy(&words[0], text.data(), sizeof(Word));
  std::memcpy(&words[1], literal, sizeof(Word));
  std::memcpy(&words[2], text.data() + size - sizeof(Word), sizeof(Word));
  std::memcpy(&words[3], literal + size - sizeof(Word), sizeof(Word));
  return ((words[0] ^ words[1]) | (words[2] ^ words[3])) == 0;
}
template <std::size_t N>
[[nodiscard]] inline bool equals(Bytes text, const char (&literal)[N]) {
  return text.size() == N - 1 && starts_with(text, literal);
}

/// ASCII case-insensitive comparison, as SIP compares names and most tokens (RFC 3261 7.3.1).
[[nodiscard]] constexpr bool iequals(Bytes a, Bytes b) {
  if (a.size() != b.size()) return false;
  for (std::size_t i = 0; i < a.size(); ++i)
    if (a[i] != b[i] && to_lower(a[i]) != to_lower(b[i])) return false;
  return true;
}

/// 1*DIGIT that fits into T; no sign, no blank, no overflow. Anything else is nullopt.
template <class T = std::uint32_t>
[[nodiscard]] constexpr std::optional<T> parse_decimal(Bytes text) {
  if (text.empty()) return std::nullopt;
  std::uint64_t value = 0;
  for (char c : text) {
    if (c < '0' || c > '9') return std::nullopt;
    const std::uint64_t digit = static_cast<std::uint64_t>(c - '0');
    if constexpr (sizeof(T) == sizeof(value))
      if (value > (std::numeric_limits<T>::max() - digit) / 10) return std::nullopt;
    value = value * 10 + digit;
    if constexpr (sizeof(T) < sizeof(value))
      if (value > static_cast<std::uint64_t>(std::numeric_limits<T>::max())) return std::nullopt;
  }
  return static_cast<T>(value);
}

/// `text` without leading and trailing SP, HTAB, CR and LF (a folded value ends in none of them).
[[nodiscard]] constexpr Bytes trim(Bytes text) {
  auto blank = [](char c) { return c == ' ' || c == '\t' || c == '\r' || c == '\n'; };
  while (!text.empty() && blank(text.front())) text.remove_prefix(1);
  while (!text.empty() && blank(text.back())) text.remove_suffix(1);
  return text;
}

}  // namespace viaduct::base
