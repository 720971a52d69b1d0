// SPDX-License-Identifier: GPL-2.0-or-later
#include "sip/via.hpp"

#include "base/text.hpp"
#include "sip/grammar.hpp"
#include "sip/parameters.hpp"
#include "sip/read.hpp"
#include "sip/scan.hpp"
#include "sip/values.hpp"

namespace viaduct::sip {
namespace {

constexpr Bytes kUsual = "SIP/2.0/";

/// Reads a token and the LWS around it; gives the position behind both.
std::uint32_t read_token(Bytes buffer, std::uint32_t at, std::uint32_t end, Range& out) {
  at = skip_lws(buffer, at, end);
  const std::uint32_t token_end = skip_set(buffer, at, end, kToken);
  out = span_of(at, token_end);
  return skip_lws(buffer, token_end, end);
}

/// sent-protocol = protocol-name SLASH protocol-version SLASH transport; LWS may stand around each slash.
Result<std::uint32_t> read_protocol(Bytes buffer, std::uint32_t at, std::uint32_t end, Via& via) {
  const std::uint32_t begin = at;
  if (end - at > kUsual.size() && buffer.substr(at, kUsual.size()) == kUsual) {
    via.protocol = {at, 3};
    via.version = {at + 4, 3};
    at += static_cast<std::uint32_t>(kUsual.size());
  } else {
    for (Range* const part : {&via.protocol, &via.version}) {
      at = read_token(buffer, at, end, *part);
      if (at == end || buffer[at] != '/' || part->length == 0) return base::fail(Problem::bad_protocol, begin);
      ++at;
    }
  }
  const std::uint32_t next = read_token(buffer, at, end, via.transport_text);
  // LWS must part the transport from sent-by.
  if (via.transport_text.length == 0 || next == via.transport_text.end())
    return base::fail(Problem::bad_protocol, begin);
  via.transport = transport_of(via.transport_text.of(buffer));
  return next;
}

std::optional<net::Address> read_received(Bytes text) {
  const bool brackets = text.size() > 2 && text.front() == '[' && text.back() == ']';
  if (brackets) return read::ipv6(text.substr(1, text.size() - 2));
  return net::parse_address(text);
}

Result<void> read_parameter(Bytes buffer, const Parameter& parameter, Via& via) {
  const Bytes name = parameter.name.of(buffer);
  const Bytes value = parameter.value.of(buffer);
  if (base::iequals(name, "branch")) {
    via.branch = parameter.value;
  } else if (base::iequals(name, "rport")) {
    via.has_rport = true;
    via.rport = parameter.value;
    if (!parameter.value.present()) return {};
    const std::optional<std::uint16_t> port = base::parse_decimal<std::uint16_t>(value);
    if (!port) return base::fail(Problem::bad_port, parameter.value.offset);
    via.rport_value = *port;
  } else if (base::iequals(name, "received")) {
    via.received = parameter.value;
    const std::optional<net::Address> address = read_received(value);
    if (!address) return base::fail(Problem::bad_host, parameter.whole.offset);
    via.received_address = *address;
  } else if (base::iequals(name, "maddr")) {
    via.maddr = parameter.value;
  } else if (base::iequals(name, "ttl")) {
    via.ttl = parameter.value;
  } else if (base::iequals(name, "keep")) {
    via.has_keep = true;
  } else if (base::iequals(name, "alias")) {
    via.has_alias = true;
  }
  return {};
}

Result<void> read_via(Bytes buffer, Range value, Via& via) {
  const std::uint32_t end = value.end();
  via.whole = value;
  if (value.length == 0) return base::fail(Problem::empty_value, value.offset);
  const Result<std::uint32_t> sent_by = read_protocol(buffer, value.offset, end, via);
  if (!sent_by) return std::unexpected(sent_by.error());
  HostPort host_port;
  const Result<std::uint32_t> host_end = read::host_port(buffer, *sent_by, end, true, host_port);
  if (!host_end) return std::unexpected(host_end.error());
  via.host = host_port.host;
  via.port_text = host_port.port_text;
  via.literal = host_port.literal;
  via.port = host_port.port;
  const std::uint32_t at = skip_lws(buffer, *host_end, end);
  if (at == end) return {};
  if (buffer[at] != ';') return base::fail(Problem::trailing_octets, at);
  via.parameters = span_of(at, end);
  ParameterCursor cursor(buffer, via.parameters);
  while (const std::optional<Parameter> parameter = cursor.next())
    if (const Result<void> done = read_parameter(buffer, *parameter, via); !done) return done;
  return {};
}

}  // namespace

Transport transport_of(Bytes token) {
  struct Entry {
    Bytes name;
    Transport transport;
  };
  static constexpr Entry kTransports[] = {
      {"UDP", Transport::udp}, {"TCP", Transport::tcp},   {"TLS", Transport::tls},          {"WS", Transport::ws},
      {"WSS", Transport::wss}, {"SCTP", Transport::sctp}, {"TLS-SCTP", Transport::tls_sctp}};
  for (const Entry& entry : kTransports)
    if (base::iequals(entry.name, token)) return entry.transport;
  return Transport::other;
}

Result<Via> parse_via(Bytes buffer, Range value) {
  Result<Via> result;
  if (const Result<void> done = read_via(buffer, value, *result); !done) result = std::unexpected(done.error());
  return result;
}

Result<Via> top_via(const Message& message) {
  const Header* const header = message.find(HeaderId::via);
  if (header == nullptr) return base::fail(Problem::missing_header, message.header_section().end());
  const std::optional<Range> value = ValueCursor(message.bytes(), header->value()).next();
  return parse_via(message.bytes(), value.value_or(header->value()));
}

}  // namespace viaduct::sip
