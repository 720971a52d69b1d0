// SPDX-License-Identifier: GPL-2.0-or-later
#include "sip/uri.hpp"

#include "base/text.hpp"
#include "sip/grammar.hpp"
#include "sip/read.hpp"
#include "sip/scan.hpp"

#include <cstring>

namespace viaduct::sip {
namespace {

/// The length of the scheme with its colon, 0 without one. scheme = ALPHA *( ALPHA / DIGIT / "+" / "-" / "." )
std::uint32_t scheme_length(Bytes text) {
  if (text.empty() || !base::kAlpha.contains(text[0])) return 0;
  std::uint32_t at = 1;
  while (at < text.size() &&
         (base::kAlphanum.contains(text[at]) || text[at] == '+' || text[at] == '-' || text[at] == '.'))
    ++at;
  return at < text.size() && text[at] == ':' ? at + 1 : 0;
}

Scheme scheme_of(Bytes name) {
  if (base::iequals(name, "sip")) return Scheme::sip;
  if (base::iequals(name, "sips")) return Scheme::sips;
  if (base::iequals(name, "tel")) return Scheme::tel;
  if (base::iequals(name, "urn")) return Scheme::urn;
  return Scheme::other;
}

/// [ userinfo ] hostport uri-parameters [ headers ] behind "sip:".
/// '@' can only be the end of userinfo: it must be escaped everywhere else.
Result<void> read_sip(Bytes buffer, std::uint32_t at, std::uint32_t end, Uri& uri) {
  const std::uint32_t sign = scan::find<'@'>(buffer, at, end);
  if (sign < end) {
    const std::uint32_t colon = scan::find<':'>(buffer, at, sign);
    uri.user = span_of(at, colon);
    if (colon < sign) uri.password = span_of(colon + 1, sign);
    at = sign + 1;
  }
  HostPort host_port;
  const Result<std::uint32_t> next = read::host_port(buffer, at, end, false, host_port);
  if (!next) return std::unexpected(next.error());
  uri.host = host_port.host;
  uri.literal = host_port.literal;
  uri.port_text = host_port.port_text;
  uri.port = host_port.port;
  at = *next;
  if (at < end && buffer[at] == ';') {
    const std::uint32_t question = scan::find<'?'>(buffer, at, end);
    uri.parameters = span_of(at, question);
    at = question;
  }
  if (at == end) return {};
  if (buffer[at] != '?') return base::fail(uri.port_text.present() ? Problem::bad_port : Problem::bad_host, at);
  uri.headers = span_of(at + 1, end);
  return {};
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

// hostport = host [ ":" port ], host = hostname / IPv4address / IPv6reference
Result<std::uint32_t> read::host(Bytes buffer, std::uint32_t at, std::uint32_t end, HostPort& out) {
  if (at < end && buffer[at] == '[') {
    const std::uint32_t close = scan::find<']'>(buffer, at, end);
    if (close == end) return base::fail(Problem::unbalanced_bracket, at);
    const std::optional<net::Address> address = ipv6(span_of(at + 1, close).of(buffer));
    if (!address) return base::fail(Problem::bad_host, at);
    out.host = span_of(at, close + 1);
    out.literal = *address;
    return close + 1;
  }
  const std::uint32_t host_end = skip_set(buffer, at, end, kHostName);
  if (host_end == at) return base::fail(Problem::bad_host, at);
  out.host = span_of(at, host_end);
  if (base::kDigits.contains(buffer[at]) && base::kDigits.contains(buffer[host_end - 1]))
    if (const std::optional<net::Address> address = net::parse_ipv4(out.host.of(buffer))) out.literal = *address;
  return host_end;
}

// port = 1*DIGIT; "05060" is 5060, and 0 is no port.
Result<std::uint32_t> read::port(Bytes buffer, std::uint32_t at, std::uint32_t end, HostPort& out) {
  const std::uint32_t port_end = skip_set(buffer, at, end, base::kDigits);
  out.port_text = span_of(at, port_end);
  const std::optional<std::uint16_t> port = base::parse_decimal<std::uint16_t>(out.port_text.of(buffer));
  if (!port || *port == 0) return base::fail(Problem::bad_port, at);
  out.port = *port;
  return port_end;
}

Result<std::uint32_t> read::host_port(Bytes buffer, std::uint32_t at, std::uint32_t end, bool lws, HostPort& out) {
  const Result<std::uint32_t> host_end = host(buffer, at, end, out);
  if (!host_end) return host_end;
  const std::uint32_t colon = lws ? skip_lws(buffer, *host_end, end) : *host_end;
  if (colon == end || buffer[colon] != ':') return host_end;
  return port(buffer, lws ? skip_lws(buffer, colon + 1, end) : colon + 1, end, out);
}

Result<void> read::uri(Bytes buffer, Range range, Uri& out) {
  const std::uint32_t end = range.end();
  out.whole = range;
  if (const std::uint32_t blank = scan::find<' ', '\t', '\r', '\n'>(buffer, range.offset, end); blank != end)
    return base::fail(Problem::space_in_uri, blank);
  const std::uint32_t length = scheme_length(range.of(buffer));
  if (length == 0) return base::fail(Problem::bad_scheme, range.offset);
  out.scheme_text = {range.offset, length - 1};
  out.scheme = scheme_of(out.scheme_text.of(buffer));
  const std::uint32_t at = range.offset + length;
  if (out.is_sip()) return read_sip(buffer, at, end, out);
  if (out.scheme == Scheme::tel) {
    const std::uint32_t semicolon = scan::find<';'>(buffer, at, end);
    out.user = span_of(at, semicolon);
    if (semicolon < end) out.parameters = span_of(semicolon, end);
  }
  return {};
}

Result<Uri> parse_uri(Bytes buffer, Range range) {
  Result<Uri> result;
  if (!range.present())
    result = base::fail(Problem::empty_value, 0);
  else if (const Result<void> done = read::uri(buffer, range, *result); !done)
    result = std::unexpected(done.error());
  return result;
}

Result<HostPort> parse_host_port(Bytes buffer, Range range, bool lws_around_colon) {
  Result<HostPort> result;
  Result<std::uint32_t> end = read::host_port(buffer, range.offset, range.end(), lws_around_colon, *result);
  if (end && *end != range.end()) end = base::fail(Problem::bad_host, *end);
  if (!end) result = std::unexpected(end.error());
  return result;
}

}  // namespace viaduct::sip
