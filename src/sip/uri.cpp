// SPDX-License-Identifier: GPL-2.0-or-later
#include "sip/uri.hpp"

#include "base/text.hpp"
#include "sip/grammar.hpp"
#include "sip/read.hpp"
#include "sip/scan.hpp"

#include <array>
#include <bit>
#include <cstring>

namespace viaduct::sip {
namespace {

/// "sip:" in any case, in one comparison. No octet but ':' becomes one by the mask: it leaves that one alone.
bool is_sip_colon(const char* p) {
  std::uint32_t word;
  std::memcpy(&word, p, sizeof word);
  constexpr std::uint32_t mask = std::bit_cast<std::uint32_t>(std::array<char, 4>{'\xdf', '\xdf', '\xdf', '\xff'});
  constexpr std::uint32_t sip = std::bit_cast<std::uint32_t>(std::array<char, 4>{'S', 'I', 'P', ':'});
  return (word & mask) == sip;
}

/// scheme = ALPHA *( ALPHA / DIGIT / "+" / "-" / "." ), up to its colon; gives the position behind the colon, `begin`
/// without one.
[[gnu::noinline]] std::uint32_t read_any_scheme(Bytes buffer, std::uint32_t begin, std::uint32_t end, Uri& uri) {
  static constexpr base::CharSet kScheme = base::kAlphanum | base::CharSet("+-.");
  const std::uint32_t colon = skip_set(buffer, begin, end, kScheme);
  if (colon == begin || colon == end || buffer[colon] != ':' || !base::kAlpha.contains(buffer[begin])) return begin;
  uri.scheme_text = span_of(begin, colon);
  const Bytes name = uri.scheme_text.of(buffer);
  uri.scheme = base::iequals(name, "sips")  ? Scheme::sips
               : base::iequals(name, "tel") ? Scheme::tel
               : base::iequals(name, "urn") ? Scheme::urn
                                            : Scheme::other;
  return colon + 1;
}

std::uint32_t read_scheme(Bytes buffer, std::uint32_t begin, std::uint32_t end, Uri& uri) {
  constexpr std::uint32_t length = 4;
  if (end - begin < length || !is_sip_colon(buffer.data() + begin)) return read_any_scheme(buffer, begin, end, uri);
  uri.scheme = Scheme::sip;
  uri.scheme_text = {begin, length - 1};
  return begin + length;
}

/// Blanks, and control octets with them, stand nowhere in a URI.
bool is_blank(char c) {
  return static_cast<unsigned char>(c) <= ' ';
}

bool no_blank(Bytes buffer, Range range, Error& error) {
  const std::uint32_t blank = scan::find_or_blank<>(buffer, range.offset, range.end());
  return blank == range.end() || read::stop(error, Problem::space_in_uri, blank);
}

/// [ userinfo ] hostport uri-parameters [ headers ] behind "sip:".
/// '@' can only be the end of userinfo: it must be escaped everywhere else.
bool read_sip(Bytes buffer, std::uint32_t at, std::uint32_t end, Uri& uri, Error& error) {
  const std::uint32_t sign = scan::find_or_blank<'@', ':'>(buffer, at, end);
  const std::uint32_t at_sign =
      sign < end && buffer[sign] == ':' ? scan::find_or_blank<'@'>(buffer, sign + 1, end) : sign;
  if (at_sign < end) {
    if (is_blank(buffer[at_sign])) return read::stop(error, Problem::space_in_uri, at_sign);
    uri.user = span_of(at, sign);
    if (sign < at_sign) uri.password = span_of(sign + 1, at_sign);
    at = at_sign + 1;
  }
  if (!read::host_port(buffer, at, end, false, uri, error)) {
    if (error.offset < end && is_blank(buffer[error.offset])) error.code = Problem::space_in_uri;
    return false;
  }
  if (at < end && buffer[at] == ';') {
    const std::uint32_t question = scan::find_or_blank<'?'>(buffer, at, end);
    uri.parameters = span_of(at, question);
    at = question;
  }
  if (at == end) return true;
  if (is_blank(buffer[at])) return read::stop(error, Problem::space_in_uri, at);
  if (buffer[at] != '?') return read::stop(error, uri.port_text.present() ? Problem::bad_port : Problem::bad_host, at);
  uri.headers = span_of(at + 1, end);
  return no_blank(buffer, uri.headers, error);
}

}  // namespace

std::optional<net::Address> read::ipv6(Bytes text) {
  if (const std::optional<net::Address> address = net::parse_ipv6(text)) return address;
  const std::size_t colons = text.find(":::");
  char shorter[46];
  if (colons == Bytes::npos || text.size() > sizeof shorter) return std::nullopt;
  std::memcpy(shorter, text.data(), colons);
  std::memcpy(shorter + colons, text.data() + colons + 1, text.size() - colons - 1);
  return net::parse_ipv6(Bytes(shorter, text.size() - 1));
}

bool read::ipv6_reference(Bytes buffer, std::uint32_t& at, std::uint32_t end, net::Address& literal, Error& error) {
  const std::uint32_t close = scan::find<']'>(buffer, at, end);
  if (close == end) return stop(error, Problem::unbalanced_bracket, at);
  const std::optional<net::Address> address = ipv6(span_of(at + 1, close).of(buffer));
  if (!address) return stop(error, Problem::bad_host, at);
  literal = *address;
  at = close + 1;
  return true;
}

bool read::uri(Bytes buffer, Range range, Uri& out, Error& error) {
  const std::uint32_t end = range.end();
  out.whole = range;
  const std::uint32_t at = read_scheme(buffer, range.offset, end, out);
  if (at == range.offset) return no_blank(buffer, range, error) && stop(error, Problem::bad_scheme, range.offset);
  if (out.is_sip()) return read_sip(buffer, at, end, out, error);
  if (!no_blank(buffer, range, error)) return false;
  if (out.scheme == Scheme::tel) {
    const std::uint32_t semicolon = scan::find<';'>(buffer, at, end);
    out.user = span_of(at, semicolon);
    if (semicolon < end) out.parameters = span_of(semicolon, end);
  }
  return true;
}

Result<Uri> parse_uri(Bytes buffer, Range range) {
  Result<Uri> result;
  Error error{Problem::empty_value, 0};
  if (!range.present() || !read::uri(buffer, range, *result, error)) result = std::unexpected(error);
  return result;
}

Result<HostPort> parse_host_port(Bytes buffer, Range range, bool lws_around_colon) {
  Result<HostPort> result;
  Error error{Problem::empty_value, 0};
  std::uint32_t at = range.offset;
  const bool read = range.present() && read::host_port(buffer, at, range.end(), lws_around_colon, *result, error);
  if (read && at != range.end()) error = Error{Problem::bad_host, at};
  if (!read || at != range.end()) result = std::unexpected(error);
  return result;
}

}  // namespace viaduct::sip
