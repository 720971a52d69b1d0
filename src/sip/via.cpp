// SPDX-License-Identifier: GPL-2.0-or-later
#include "sip/via.hpp"

#include "base/text.hpp"
#include "sip/grammar.hpp"
#include "sip/parameters.hpp"
#include "sip/read.hpp"
#include "sip/scan.hpp"
#include "sip/values.hpp"

#include <cstring>

namespace viaduct::sip {
namespace {

constexpr Bytes kUsual = "SIP/2.0/UDP ";

/// Reads a token and the LWS around it; gives the position behind both.
std::uint32_t read_token(Bytes buffer, std::uint32_t at, std::uint32_t end, Range& out) {
  at = skip_lws(buffer, at, end);
  const std::uint32_t token_end = skip_token(buffer, at, end);
  out = span_of(at, token_end);
  return skip_lws(buffer, token_end, end);
}

/// sent-protocol = protocol-name SLASH protocol-version SLASH transport; LWS may stand around each slash, and must
/// stand between the transport and sent-by. Moves `at` to sent-by.
bool read_protocol(Bytes buffer, std::uint32_t& at, std::uint32_t end, Via& via, Error& error) {
  const std::uint32_t begin = at;
  if (end - at > kUsual.size() && std::memcmp(buffer.data() + at, kUsual.data(), kUsual.size()) == 0) {
    via.protocol = {at, 3};
    via.version = {at + 4, 3};
    via.transport_text = {at + 8, 3};
    via.transport = Transport::udp;
    at = skip_lws(buffer, at + static_cast<std::uint32_t>(kUsual.size()), end);
    return true;
  }
  for (Range* const part : {&via.protocol, &via.version}) {
    at = read_token(buffer, at, end, *part);
    if (at == end || buffer[at] != '/' || part->length == 0) return read::stop(error, Problem::bad_protocol, begin);
    ++at;
  }
  at = read_token(buffer, at, end, via.transport_text);
  via.transport = transport_of(via.transport_text.of(buffer));
  return (via.transport_text.length > 0 && at > via.transport_text.end()) ||
         read::stop(error, Problem::bad_protocol, begin);
}

void read_rport(Bytes buffer, Range value, Via& via) {
  via.has_rport = true;
  via.rport = value;
  if (value.present()) via.rport_value = base::parse_decimal<std::uint16_t>(value.of(buffer)).value_or(0);
}

void read_received(Bytes buffer, Range value, Via& via) {
  via.received = value;
  const Bytes text = value.of(buffer);
  const bool brackets = text.size() > 2 && text.front() == '[' && text.back() == ']';
  const std::optional<net::Address> address =
      brackets ? read::ipv6(text.substr(1, text.size() - 2)) : net::parse_address(text);
  if (address) via.received_address = *address;
}

void read_parameter(Bytes buffer, const Parameter& parameter, Via& via) {
  const Bytes name = parameter.name.of(buffer);
  // The length alone rejects most names.
  switch (name.size()) {
    case 3:
      if (base::iequals(name, "ttl")) via.ttl = parameter.value;
      break;
    case 4:
      if (base::iequals(name, "keep")) via.has_keep = true;
      break;
    case 5:
      if (base::iequals(name, "rport")) read_rport(buffer, parameter.value, via);
      if (base::iequals(name, "maddr")) via.maddr = parameter.value;
      if (base::iequals(name, "alias")) via.has_alias = true;
      break;
    case 6:
      if (base::iequals(name, "branch")) via.branch = parameter.value;
      break;
    case 8:
      if (base::iequals(name, "received")) read_received(buffer, parameter.value, via);
      break;
    default:
      break;
  }
}

bool read_via(Bytes buffer, Range value, Via& via, Error& error) {
  const std::uint32_t end = value.end();
  std::uint32_t at = value.offset;
  via.whole = value;
  if (value.length == 0) return read::stop(error, Problem::empty_value, at);
  if (!read_protocol(buffer, at, end, via, error)) return false;
  if (!read::host_port(buffer, at, end, true, via, error)) return false;
  at = skip_lws(buffer, at, end);
  if (at == end) return true;
  if (buffer[at] != ';') return read::stop(error, Problem::trailing_octets, at);
  via.parameters = span_of(at, end);
  while (at < end) read_parameter(buffer, read::parameter<';'>(buffer, at + 1, end, at), via);
  return true;
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
  Error error{Problem::empty_value, 0};
  if (!value.present() || !read_via(buffer, value, *result, error)) result = std::unexpected(error);
  return result;
}

Result<Via> top_via(const Message& message) {
  const Header* const header = message.find(HeaderId::via);
  if (header == nullptr) return base::fail(Problem::missing_header, message.header_section().end());
  return parse_via(message.bytes(), first_value(message.bytes(), header->value()));
}

}  // namespace viaduct::sip
