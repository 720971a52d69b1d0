// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <cstddef>
#include <cstdint>
#include <cstring>

/// The one reader of dotted quads, inline because SIP and SDP read several in each message.
namespace viaduct::net {

/// 1*3DIGIT up to 255 without leading zeros. Three octets must be readable; moves `p` behind it.
[[nodiscard]] inline bool read_ipv4_octet(const char*& p, std::uint32_t& address) {
  const auto digit = [](char c) { return static_cast<unsigned>(static_cast<unsigned char>(c - '0')); };
  unsigned value = digit(p[0]);
  if (value > 9) return false;
  unsigned length = 1;
  if (const unsigned second = digit(p[1]); second <= 9) {
    if (value == 0) return false;
    value = value * 10 + second;
    length = 2;
    if (const unsigned third = digit(p[2]); third <= 9) {
      value = value * 10 + third;
      length = 3;
    }
  }
  p += length;
  address = address << 8 | value;
  return value <= 255;
}

/// How many octets the IPv4 address that begins at `text` has; 0 if there is none within `size` octets. What stands
/// behind it is the caller's to judge; a digit at text[size] counts as part of the last octet, so there is none then.
/// `readable` octets may be looked at, which is never less than `size`. `address` is in host order, and garbage where
/// there is none.
[[nodiscard]] inline std::size_t read_ipv4(const char* text, std::size_t size, std::size_t readable,
                                           std::uint32_t& address) {
  constexpr std::size_t room = 20;  // three octets are looked at from each position up to the sixteenth
  if (size == 0 || static_cast<unsigned char>(*text - '0') > 9) return 0;
  char padded[room] = {};
  const char* p = text;
  if (readable < room) p = static_cast<const char*>(std::memcpy(padded, text, size < room ? size : room));
  const char* const begin = p;
  address = 0;
  if (!read_ipv4_octet(p, address) || *p++ != '.' || !read_ipv4_octet(p, address) || *p++ != '.' ||
      !read_ipv4_octet(p, address) || *p++ != '.' || !read_ipv4_octet(p, address))
    return 0;
  const std::size_t length = static_cast<std::size_t>(p - begin);
  return length <= size ? length : 0;
}

}  // namespace viaduct::net
