// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include "base/bytes.hpp"
#include "net/address.hpp"
#include "sip/grammar.hpp"
#include "sip/parameters.hpp"
#include "sip/problem.hpp"
#include "sip/scan.hpp"
#include "sip/uri.hpp"

#include <cstdint>
#include <cstring>
#include <optional>

/// The parts that several field parsers share. They are inline and fill the caller's object in place: an address that
/// is copied octets-then-whole costs more than reading it. Positions are [at, end) of the buffer. For the sources of
/// this folder only.
namespace viaduct::sip::read {

/// Notes why reading stopped. The readers give false then; a std::expected between them would be stored octet by octet
/// and loaded whole, which stalls.
[[nodiscard]] inline bool stop(Error& error, Problem problem, std::uint32_t at) {
  error = Error{problem, at};
  return false;
}

/// What parse_uri() does.
[[nodiscard]] bool uri(Bytes buffer, Range range, Uri& out, Error& error);

/// IPv6 text without brackets; reads ":::" as "::" (RFC 5118 4.10).
[[nodiscard]] std::optional<net::Address> ipv6(Bytes text);

/// IPv6reference at its '['; moves `at` behind the ']'.
[[nodiscard]] bool ipv6_reference(Bytes buffer, std::uint32_t& at, std::uint32_t end, net::Address& literal,
                                  Error& error);

/// 1*3DIGIT up to 255 without leading zeros, as net::parse_ipv4() reads it. Three octets must be readable.
[[nodiscard]] inline bool ipv4_octet(const char*& p, std::uint32_t& address) {
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

/// Reads an IPv4 address and finds its end in one go; false if something else begins at `at`.
[[nodiscard]] inline bool ipv4(Bytes buffer, std::uint32_t& at, std::uint32_t end, net::Address& literal) {
  constexpr std::size_t room = 20;  // three octets are looked at from each position up to the sixteenth
  if (at >= end || static_cast<unsigned char>(buffer[at] - '0') > 9) return false;
  char padded[room] = {};
  const char* p = buffer.data() + at;
  if (buffer.size() - at < room) p = static_cast<const char*>(std::memcpy(padded, p, end - at));
  const char* const begin = p;
  std::uint32_t address = 0;
  if (!ipv4_octet(p, address) || *p++ != '.' || !ipv4_octet(p, address) || *p++ != '.' || !ipv4_octet(p, address) ||
      *p++ != '.' || !ipv4_octet(p, address))
    return false;
  const std::uint32_t length = static_cast<std::uint32_t>(p - begin);
  if (length > end - at || (length < end - at && scan::kName.contains(*p))) return false;
  if constexpr (std::endian::native == std::endian::little) address = __builtin_bswap32(address);
  std::memcpy(literal.octets.data(), &address, sizeof address);
  literal.family = net::Family::ipv4;
  at += length;
  return true;
}

/// host = hostname / IPv4address / IPv6reference; moves `at` behind it. `Field` has the members of HostPort.
template <class Field>
[[nodiscard]] inline bool host(Bytes buffer, std::uint32_t& at, std::uint32_t end, Field& out, Error& error) {
  const std::uint32_t begin = at;
  if (at < end && buffer[at] == '[') {
    if (!ipv6_reference(buffer, at, end, out.literal, error)) return false;
  } else if (!ipv4(buffer, at, end, out.literal)) {
    at = scan::skip_name(buffer, at, end);
  }
  out.host = span_of(begin, at);
  return at > begin || stop(error, Problem::bad_host, at);
}

/// port = 1*DIGIT, "05060" is 5060. Moves `at` behind it.
template <class Field>
[[nodiscard]] inline bool port(Bytes buffer, std::uint32_t& at, std::uint32_t end, Field& out, Error& error) {
  const std::uint32_t begin = at;
  std::uint32_t value = 0;
  for (; at < end; ++at) {
    const unsigned digit = static_cast<unsigned char>(buffer[at] - '0');
    if (digit > 9) break;
    if (value <= 0xffff) value = value * 10 + digit;
  }
  out.port_text = span_of(begin, at);
  out.port = static_cast<std::uint16_t>(value);
  return (at > begin && value <= 0xffff) || stop(error, Problem::bad_port, begin);
}

/// host [ ":" port ] with LWS allowed around the colon if `lws`; moves `at` behind it.
template <class Field>
[[nodiscard]] inline bool host_port(Bytes buffer, std::uint32_t& at, std::uint32_t end, bool lws, Field& out,
                                    Error& error) {
  if (!host(buffer, at, end, out, error)) return false;
  const std::uint32_t colon = lws ? skip_lws(buffer, at, end) : at;
  if (colon == end || buffer[colon] != ':') return true;
  at = lws ? skip_lws(buffer, colon + 1, end) : colon + 1;
  return port(buffer, at, end, out, error);
}

/// name [ "=" value ] from `begin` to the next `Separator`, which `at` is set to; `whole` begins at `begin`, too.
template <char Separator>
[[nodiscard]] inline Parameter parameter(Bytes buffer, std::uint32_t begin, std::uint32_t end, std::uint32_t& at) {
  Parameter parameter;
  const std::uint32_t name = skip_lws(buffer, begin, end);
  at = scan::find<'=', Separator>(buffer, name, end);
  parameter.name = span_of(name, trim_end(buffer, name, at));
  std::uint32_t last = parameter.name.end();
  if (at < end && buffer[at] == '=') {
    const std::uint32_t value = skip_lws(buffer, at + 1, end);
    if (value < end && buffer[value] == '"') {
      const std::uint32_t quote = scan::closing_quote(buffer, value, end);
      last = quote < end ? quote + 1 : end;
      at = scan::find<Separator>(buffer, last, end);
    } else {
      at = scan::find<Separator>(buffer, value, end);
      last = trim_end(buffer, value, at);
    }
    parameter.value = span_of(value, last);
  }
  parameter.whole = span_of(begin, last);
  return parameter;
}

}  // namespace viaduct::sip::read
