// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include "base/bytes.hpp"
#include "net/address.hpp"
#include "net/ipv4_text.hpp"
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
[[nodiscard, gnu::cold, gnu::noinline]] inline bool stop(Error& error, Problem problem, std::uint32_t at) {
  error = Error{problem, at};
  return false;
}

/// What parse_uri() does.
[[nodiscard]] bool uri(Bytes buffer, Range range, Uri& out, Error& error);

/// IPv6 text without brackets; reads ":::" as "::" (RFC 5118 4.10).
[[nodiscard]] std::optional<net::Address> ipv6(Bytes text);

/// IPv6reference at its '['; moves `at` behind the ']'.
[[nodiscard, gnu::cold]] bool ipv6_reference(Bytes buffer, std::uint32_t& at, std::uint32_t end, net::Address& literal,
                                             Error& error);

/// Reads an IPv4 address and finds its end in one go; false if something else begins at `at`.
[[nodiscard]] inline bool ipv4(Bytes buffer, std::uint32_t& at, std::uint32_t end, net::Address& literal) {
  std::uint32_t address = 0;
  const char* const text = buffer.data() + at;
  const std::uint32_t length = static_cast<std::uint32_t>(net::read_ipv4(text, end - at, buffer.size() - at, address));
  if (length == 0 || (length < end - at && scan::kName.contains(text[length]))) return false;
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
