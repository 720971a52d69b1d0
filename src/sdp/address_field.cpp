// SPDX-License-Identifier: GPL-2.0-or-later
#include "sdp/address_field.hpp"

#include "base/text.hpp"
#include "sdp/address_reader.hpp"

#include <optional>

namespace viaduct::sdp {
namespace {

constexpr base::CharSet kHostOctets = base::kAlphanum | base::CharSet{"-._"};

// FQDN = 4*(alpha-numeric / "-" / ".") (RFC 8866 section 9); shorter ones and "_" occur in the field. The last label
// of a host name is not all digits (RFC 1123 section 2.1), else every misspelt dotted quad would be one.
bool is_host_name(base::Bytes text) {
  if (text.empty() || text.size() > 255 || text.front() == '.' || text.front() == '-') return false;
  for (char c : text)
    if (!kHostOctets.contains(c)) return false;
  if (text.back() == '.') text.remove_suffix(1);
  const base::Bytes label = text.substr(text.rfind('.') + 1);
  for (char c : label)
    if (!base::kDigits.contains(c)) return true;
  return false;
}

// The literal that the addrtype promises; IP6 with a dotted quad is no literal.
AddressKind read_literal(base::Bytes text, net::Family family, net::Address& literal) {
  std::optional<net::Address> found;
  if (family == net::Family::ipv4) {
    found = net::parse_ipv4(text);
  } else if (text.find(':') != base::Bytes::npos) {
    found = net::parse_address(text);
  }
  if (found) {
    literal = *found;
    return family == net::Family::ipv4 ? AddressKind::ipv4 : AddressKind::ipv6;
  }
  return is_host_name(text) ? AddressKind::fqdn : AddressKind::other;
}

net::Family family_of(base::Bytes nettype, base::Bytes addrtype) {
  if (!base::iequals(nettype, "IN")) return net::Family::none;
  if (base::iequals(addrtype, "IP4")) return net::Family::ipv4;
  return base::iequals(addrtype, "IP6") ? net::Family::ipv6 : net::Family::none;
}

}  // namespace

AddressKind classify_address(base::Bytes text, net::Address& literal) {
  const bool colon = text.find(':') != base::Bytes::npos;
  return read_literal(text, colon ? net::Family::ipv6 : net::Family::ipv4, literal);
}

void read_words(base::Bytes buffer, Words& words, AddressField& field) {
  field = AddressField{};  // it may hold what an earlier reading gave
  field.kind = AddressKind::other;
  field.nettype = words.next();
  field.addrtype = words.next();
  field.address = words.next();
  if (!field.address.present()) return;
  const std::size_t slash = field.address.of(buffer).find('/');
  if (slash != base::Bytes::npos) field.address.length = static_cast<std::uint32_t>(slash);
  const net::Family family = family_of(field.nettype.of(buffer), field.addrtype.of(buffer));
  if (family != net::Family::none) field.kind = read_literal(field.address.of(buffer), family, field.literal);
}

}  // namespace viaduct::sdp
