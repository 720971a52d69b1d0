// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include "base/bytes.hpp"

#include <bit>
#include <cstdint>
#include <cstring>
#include <string>

/// Numbers in network byte order. The caller has made sure that the octets are there.
namespace viaduct::base {

[[nodiscard]] inline std::uint8_t octet_at(Bytes octets, std::size_t at) {
  return static_cast<std::uint8_t>(octets[at]);
}
[[nodiscard]] inline std::uint16_t word_at(Bytes octets, std::size_t at) {
  std::uint16_t value;
  std::memcpy(&value, octets.data() + at, sizeof value);
  return std::endian::native == std::endian::big ? value : __builtin_bswap16(value);
}
[[nodiscard]] inline std::uint32_t long_at(Bytes octets, std::size_t at) {
  std::uint32_t value;
  std::memcpy(&value, octets.data() + at, sizeof value);
  return std::endian::native == std::endian::big ? value : __builtin_bswap32(value);
}

/// Writes the low 16 bits of `value`.
inline void store_word(char* at, std::size_t value) {
  at[0] = static_cast<char>(value >> 8);
  at[1] = static_cast<char>(value);
}
inline void append_word(std::string& octets, std::size_t value) {
  octets += static_cast<char>(value >> 8);
  octets += static_cast<char>(value);
}

}  // namespace viaduct::base
