// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include "base/bytes.hpp"
#include "net/address.hpp"
#include "sdp/address_field.hpp"
#include "sdp/line.hpp"

#include <cstring>

// Reading of address fields and c= lines; private to this module.
namespace viaduct::sdp {

/// Any spelling of read_address_field.
void read_words(base::Bytes buffer, Words& words, AddressField& field);

/// Reads a dotted quad that begins at `p` and ends at a blank, a slash or `end`; returns its end, nullptr if there is
/// none. Leading zeros are refused as in net::parse_ipv4.
inline const char* read_quad(const char* p, const char* end, std::uint32_t& value) {
  std::uint32_t quad = 0;
  for (int part = 0; part < 4; ++part) {
    if (part > 0 && (p == end || *p++ != '.')) return nullptr;
    if (p == end) return nullptr;
    std::uint32_t octet = static_cast<unsigned char>(*p++) - unsigned{'0'};
    if (octet > 9) return nullptr;
    if (octet != 0) {
      for (int more = 0; more < 2 && p < end; ++more) {
        const std::uint32_t digit = static_cast<unsigned char>(*p) - unsigned{'0'};
        if (digit > 9) break;
        octet = octet * 10 + digit;
        ++p;
      }
      if (octet > 255) return nullptr;
    }
    quad = quad << 8 | octet;
  }
  value = quad;
  return p == end || *p == ' ' || *p == '\t' || *p == '/' ? p : nullptr;
}

/// Reads the next three words as an address field. If a word is missing, or the address does not fit nettype and
/// addrtype, the kind is `other` and there is no literal. A `/` ends the address. `IN IP4 <dotted quad>` in its usual
/// spelling is read at once.
inline void read_address_field(base::Bytes buffer, Words& words, AddressField& field) {
  const base::Bytes rest = words.unread();
  if (rest.size() > 7 && std::memcmp(rest.data(), "IN IP4 ", 7) == 0) {
    std::uint32_t quad = 0;
    const char* const stop = read_quad(rest.data() + 7, rest.data() + rest.size(), quad);
    if (stop != nullptr) {
      const std::uint32_t first = base::range_in(buffer, rest).offset;
      field.nettype = {first, 2};
      field.addrtype = {first + 3, 3};
      field.address = {first + 7, static_cast<std::uint32_t>(stop - rest.data() - 7)};
      field.literal = net::Address::ipv4(quad);
      field.kind = AddressKind::ipv4;
      words.skip_word(stop);
      return;
    }
  }
  read_words(buffer, words, field);
}

/// Reads a c= line; `line` is without its line end.
inline void read_connection(base::Bytes buffer, base::Range line, Connection& connection) {
  connection.line = line;
  Words words(buffer, base::between(line.offset + 2, line.end()));
  read_address_field(buffer, words, connection.where);
  const base::Range address = connection.where.address;
  if (address.present() && words.at() > address.end()) connection.suffix = base::between(address.end(), words.at());
}

}  // namespace viaduct::sdp
