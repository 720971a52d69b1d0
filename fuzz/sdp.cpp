// SPDX-License-Identifier: GPL-2.0-or-later
// Any octets as an SDP body: every reader runs, every range lies where it belongs, and parse and check agree.
#include "sdp/attribute.hpp"
#include "sdp/candidate.hpp"
#include "sdp/check.hpp"
#include "sdp/session.hpp"
#include "sdp/value.hpp"
#include "target.hpp"

namespace {

using namespace viaduct;

void check_field(base::Range outer, const sdp::AddressField& field) {
  for (base::Range range : {field.nettype, field.addrtype, field.address}) VIADUCT_CHECK(fuzz::inside(outer, range));
  const bool literal = field.kind == sdp::AddressKind::ipv4 || field.kind == sdp::AddressKind::ipv6;
  VIADUCT_CHECK(field.is_literal() == literal);
  VIADUCT_CHECK(!literal || field.address.present());
}

void check_connection(base::Range outer, const sdp::Connection& connection) {
  VIADUCT_CHECK(fuzz::inside(outer, connection.line) && fuzz::inside(outer, connection.suffix));
  check_field(connection.line.present() ? connection.line : outer, connection.where);
}

void check_level(const sdp::Section& level) {
  for (base::Range range : {level.title, level.attributes, level.fingerprint})
    VIADUCT_CHECK(fuzz::inside(level.section, range));
  check_connection(level.section, level.connection);
  VIADUCT_CHECK(level.connection.present() == (level.connection_count > 0));
}

template <class T>
void check_error(base::Bytes buffer, const sdp::Result<T>& result) {
  if (!result) VIADUCT_CHECK(result.error().offset <= buffer.size());
}

/// Every typed reader on every value, whatever the name.
void read_values(base::Bytes buffer, base::Range value) {
  check_error(buffer, sdp::parse_rtcp(buffer, value));
  check_error(buffer, sdp::parse_crypto(buffer, value));
  check_error(buffer, sdp::parse_fingerprint(buffer, value));
  check_error(buffer, sdp::parse_group(buffer, value));
  check_error(buffer, sdp::parse_rtpmap(buffer, value));
  check_error(buffer, sdp::parse_ptime(buffer, value));
  check_error(buffer, sdp::parse_bandwidth(buffer, value));
  check_error(buffer, sdp::parse_msrp_uri(buffer, value));
  check_error(buffer, sdp::parse_candidate(buffer, value));
  for (sdp::RemoteCandidates all(buffer, value); std::optional<sdp::RemoteCandidate> c = all.next();)
    VIADUCT_CHECK(fuzz::inside(value, c->address) && fuzz::inside(value, c->port_text));
}

void check_attributes(const sdp::Session& session, base::Range level, sdp::Attributes all, const sdp::Traits& traits) {
  bool candidate = false;
  while (std::optional<sdp::Attribute> a = all.next()) {
    VIADUCT_CHECK(fuzz::inside(level, a->line) && fuzz::inside(a->line, a->name) && fuzz::inside(a->line, a->value));
    candidate = candidate || a->id == sdp::AttributeId::candidate;
    read_values(session.buffer, a->value);
  }
  VIADUCT_CHECK(traits.has(sdp::Trait::candidate) == candidate);
}

void check_session(const sdp::Session& s) {
  check_level(s);
  check_field(s.body, s.origin.where);
  check_attributes(s, s.section, sdp::Attributes(s), s.traits);
  std::uint32_t end = s.section.end();
  for (const sdp::Media& m : s.media()) {
    VIADUCT_CHECK(m.section.offset == end);
    end = m.section.end();
    check_level(m);
    for (base::Range range : {m.line, m.type, m.port_text, m.protocol, m.formats, m.mid, m.path, m.crypto, m.rtcp.line})
      VIADUCT_CHECK(fuzz::inside(m.section, range));
    VIADUCT_CHECK(m.type.length > 0 && m.port_text.length > 0 && m.protocol.length > 0 && m.port_count > 0);
    check_attributes(s, m.section, sdp::Attributes(s, m), m.traits);
    std::size_t connections = 0;
    for (sdp::Connections all(s, m); std::optional<sdp::Connection> c = all.next(); ++connections)
      check_connection(m.section, *c);
    VIADUCT_CHECK(connections == m.connection_count);
    static_cast<void>(sdp::ice_default(s, m));
    static_cast<void>(sdp::carrier_of(s.text(m.protocol)));
  }
  VIADUCT_CHECK(end == s.body.end());
}

bool ends_parse(sdp::Problem problem) {
  return problem < sdp::Problem::missing_version;
}

}  // namespace

int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  fuzz::Input input(data, size);
  const std::size_t front = input.octet() % 4;
  const std::size_t back = input.octet() % 4;
  const base::Bytes buffer = input.rest();
  if (front + back > buffer.size()) return 0;
  const base::Range body = base::between(front, buffer.size() - back);
  bool refusable = false;
  const auto note = [&](const sdp::Complaint& complaint) {
    VIADUCT_CHECK(fuzz::inside(body, complaint.where));
    refusable = refusable || ends_parse(complaint.problem);
  };
  sdp::check(buffer, body, sdp::sink_of(note));
  const sdp::Result<sdp::Session> session = sdp::parse(buffer, body);
  if (session) {
    check_session(*session);
  } else {
    VIADUCT_CHECK(ends_parse(session.error().code));
    VIADUCT_CHECK(session.error().offset >= front && session.error().offset <= body.end());
    VIADUCT_CHECK(refusable);  // the strict reader sees at least what the tolerant one stumbles over
  }
  return 0;
}
