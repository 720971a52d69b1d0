// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include "base/bytes.hpp"
#include "net/address.hpp"
#include "net/ipv4_text.hpp"
#include "sdp/address_field.hpp"
#include "sdp/line.hpp"

#include <cstring>

// Reading of address fields and c= lines; private to this module.
namespace viaduct::sdp {

/// Any spelling of read_address_field.
[[gnu::cold]] void read_words(base::Bytes buffer, Words& words, AddressField& field);

/// Reads the next three words as an address field. If a word is missing, or the address does not fit nettype and
/// addrtype, the kind is `other` and there is no literal. A `/` ends the address. `IN IP4 <dotted quad>` in its usual
/// spelling is read at once.
inline void read_address_field(base::Bytes buffer, Words& words, AddressField& field) {
  const base::Bytes rest = words.unread();
  if (rest.size() > 7 && std::memcmp(rest.data(), "IN IP4 ", 7) == 0) {
    std::uint32_t quad = 0;
    const std::uint32_t first = base::range_in(buffer, rest).offset;
    const std::size_t length = net::read_ipv4(rest.data() + 7, rest.size() - 7, buffer.size() - first - 7, quad);
    const char* const stop = rest.data() + 7 + length;
    if (length != 0 && (stop == rest.data() + rest.size() || is_blank(*stop) || *stop == '/')) {
      field.nettype = {first, 2};
      field.addrtype = {first + 3, 3};
      field.address = {first + 7, static_cast<std::uint32_t>(length)};
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
