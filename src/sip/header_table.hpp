// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include "base/bytes.hpp"
#include "base/text.hpp"
#include "sip/header.hpp"
#include "sip/header_names.hpp"

#include <array>
#include <bit>
#include <cstdint>
#include <cstring>

/// A perfect hash over the names of HeaderId, made at compile time. For the sources of this folder only: parse() has
/// the lookup inlined.
namespace viaduct::sip::table {

inline constexpr std::size_t kLongest = 31;  ///< equals_folded() compares no more

/// Setting bit 0x20 makes letters lower-case and leaves '-' alone. No control octet but CR can become an octet of a
/// name by it, and a CR never stands inside a line.
[[nodiscard]] constexpr unsigned fold(char c) {
  return static_cast<unsigned char>(c) | 0x20U;
}

// The length and four letters tell all names apart. The factors were found by trial; the static_assert below proves
// them.
inline constexpr unsigned kFactor = 0xda5319a7U;
[[nodiscard]] constexpr std::size_t slot(const char* name, std::size_t length) {
  using Pair = std::array<char, 2>;  // becomes one 16-bit load
  const unsigned inner = std::bit_cast<std::uint16_t>(Pair{name[length / 8], name[length / 8 + 1]});
  const unsigned last = std::bit_cast<std::uint16_t>(Pair{name[length - 2], name[length - 1]});
  return ((inner | last << 16 | 0x20202020U) + static_cast<unsigned>(length)) * kFactor >> 23;
}
inline constexpr std::size_t kSlots = std::size_t{1} << (32 - 23);

/// A name folded to lower case, with zeros behind it, and its length.
struct alignas(32) Row {
  char folded[kLongest];
  std::uint8_t length;
};
static_assert(sizeof(Row) == 32);

struct Lookup {
  std::array<std::uint8_t, kSlots> ids{};
  std::array<Row, kHeaderIds> rows{};
  bool perfect = true;
};
inline constexpr Lookup kLookup = [] {
  Lookup table;
  for (std::size_t id = 1; id < kHeaderIds; ++id) {
    const Bytes name = kNames[id];
    for (std::size_t i = 0; i < name.size(); ++i) table.rows[id].folded[i] = static_cast<char>(fold(name[i]));
    table.rows[id].length = static_cast<std::uint8_t>(name.size());
    std::uint8_t& entry = table.ids[slot(name.data(), name.size())];
    table.perfect = table.perfect && entry == 0 && name.size() > 1 && name.size() <= kLongest;
    entry = static_cast<std::uint8_t>(id);
  }
  return table;
}();
static_assert(kLookup.perfect);

/// 1 or 0, not a bool: the callers join two with & to save a branch, which clang takes for a slip between bools.
template <class Word>
[[nodiscard]] inline unsigned same_word(const char* text, const char* folded) {
  Word a;
  Word b;
  std::memcpy(&a, text, sizeof a);
  std::memcpy(&b, folded, sizeof b);
  return (a | static_cast<Word>(0x2020202020202020)) == b ? 1U : 0U;
}

/// Compares with overlapping words instead of a loop: its length would be mispredicted for each header.
[[nodiscard]] inline bool equals_folded(const char* text, const char* folded, std::size_t length) {
  if (length > 8) {
    unsigned same =
        same_word<std::uint64_t>(text, folded) & same_word<std::uint64_t>(text + length - 8, folded + length - 8);
    if (length > 16)
      same &= same_word<std::uint64_t>(text + 8, folded + 8) &
              same_word<std::uint64_t>(text + length - 16, folded + length - 16);
    return same != 0;
  }
  if (length >= 4)
    return (same_word<std::uint32_t>(text, folded) &
            same_word<std::uint32_t>(text + length - 4, folded + length - 4)) != 0;
  return (same_word<std::uint16_t>(text, folded) & same_word<std::uint16_t>(text + length - 2, folded + length - 2)) !=
         0;
}

/// Leaves the first N octets of a word pair.
struct WordPair {
  std::uint64_t first;
  std::uint64_t second;
};
inline constexpr std::array<WordPair, 16> kFirstOctets = [] {
  std::array<WordPair, 16> masks{};
  for (std::size_t n = 0; n < masks.size(); ++n) {
    std::array<unsigned char, 16> octets{};
    for (std::size_t i = 0; i < n; ++i) octets[i] = 0xff;
    masks[n] = std::bit_cast<WordPair>(octets);
  }
  return masks;
}();

/// The id of a name of 2 to 15 octets behind which at least 16 - length octets can be read. No branches but one.
[[nodiscard]] inline HeaderId find_short(const char* name, std::size_t length) {
  constexpr std::uint64_t letters = 0x2020202020202020;
  const std::uint8_t id = kLookup.ids[slot(name, length)];
  const WordPair mask = kFirstOctets[length];
  WordPair text;
  WordPair row;
  std::memcpy(&text, name, sizeof text);
  std::memcpy(&row, kLookup.rows[id].folded, sizeof row);
  const std::uint64_t first = ((text.first | letters) & mask.first) ^ row.first;
  const std::uint64_t second = ((text.second | letters) & mask.second) ^ row.second;
  return (first | second) == 0 ? static_cast<HeaderId>(id) : HeaderId::other;
}

/// What header_id() does.
[[nodiscard]] inline HeaderId find(Bytes name) {
  if (name.size() < 2) {
    if (name.empty()) return HeaderId::other;
    const unsigned letter = static_cast<unsigned char>(base::to_lower(name[0])) - static_cast<unsigned>('a');
    return letter < kCompactIds.size() ? kCompactIds[letter] : HeaderId::other;
  }
  if (name.size() > kLongest) return HeaderId::other;
  const std::uint8_t id = kLookup.ids[slot(name.data(), name.size())];
  const Row& row = kLookup.rows[id];
  const bool same = row.length == name.size() && equals_folded(name.data(), row.folded, name.size());
  return same ? static_cast<HeaderId>(id) : HeaderId::other;
}

}  // namespace viaduct::sip::table
