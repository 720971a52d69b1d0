// SPDX-License-Identifier: GPL-2.0-or-later
#include "message/facts.hpp"
#include "message/reading.hpp"
#include "sdp/attribute.hpp"
#include "sdp/candidate.hpp"
#include "sdp/session.hpp"
#include "sdp/value.hpp"

namespace viaduct::message {
namespace {

using sdp::Attribute;
using sdp::AttributeId;

[[nodiscard]] std::string direction_name(sdp::Direction direction) {
  constexpr const char* names[] = {"sendrecv", "sendonly", "recvonly", "inactive"};
  return names[static_cast<std::size_t>(direction)];
}

[[nodiscard]] std::string ice_default_name(sdp::IceDefault verdict) {
  constexpr const char* names[] = {"", "matches", "trickle", "closed", "mismatch"};
  return names[static_cast<std::size_t>(verdict)];
}

[[nodiscard]] std::string kind_name(sdp::AddressKind kind) {
  constexpr const char* names[] = {"", "ipv4", "ipv6", "fqdn", "other"};
  return names[static_cast<std::size_t>(kind)];
}

[[nodiscard]] sdp::Result<Facts> candidate_facts(base::Bytes octets, base::Range value) {
  const sdp::Result<sdp::Candidate> c = sdp::parse_candidate(octets, value);
  if (!c) return std::unexpected(c.error());
  FactList facts(octets);
  facts.number("component", c->component).text("transport", c->transport_text).text("address", c->address);
  facts.number("port", c->port).text("type", c->type_text).text("raddr", c->raddr);
  facts.number_unless_zero("rport", c->rport).text("tcptype", c->tcptype);
  return facts.number("priority", c->priority).take();
}

[[nodiscard]] sdp::Result<Facts> remote_candidates_facts(base::Bytes octets, base::Range value) {
  sdp::RemoteCandidates all(octets, value);
  std::uint64_t count = 0;
  while (all.next()) ++count;
  if (all.bad()) return base::fail(sdp::Problem::bad_attribute_value, value.offset);
  return FactList(octets).number("candidates", count).text("value", value).take();
}

[[nodiscard]] sdp::Result<Facts> rtcp_facts(base::Bytes octets, base::Range value) {
  const sdp::Result<sdp::Rtcp> rtcp = sdp::parse_rtcp(octets, value);
  if (!rtcp) return std::unexpected(rtcp.error());
  return FactList(octets).number("port", rtcp->port).text("address", rtcp->where.address).take();
}

/// Without the key: reports are passed on.
[[nodiscard]] sdp::Result<Facts> crypto_facts(base::Bytes octets, base::Range value) {
  const sdp::Result<sdp::Crypto> crypto = sdp::parse_crypto(octets, value);
  if (!crypto) return std::unexpected(crypto.error());
  return FactList(octets).number("tag", crypto->tag).text("suite", crypto->suite).take();
}

[[nodiscard]] sdp::Result<Facts> fingerprint_facts(base::Bytes octets, base::Range value) {
  const sdp::Result<sdp::Fingerprint> fingerprint = sdp::parse_fingerprint(octets, value);
  if (!fingerprint) return std::unexpected(fingerprint.error());
  return FactList(octets).text("hash", fingerprint->hash).text("digest", fingerprint->digest).take();
}

[[nodiscard]] sdp::Result<Facts> group_facts(base::Bytes octets, base::Range value) {
  const sdp::Result<sdp::Group> group = sdp::parse_group(octets, value);
  if (!group) return std::unexpected(group.error());
  return FactList(octets).text("semantics", group->semantics).text("mids", group->mids).take();
}

[[nodiscard]] sdp::Result<Facts> rtpmap_facts(base::Bytes octets, base::Range value) {
  const sdp::Result<sdp::RtpMap> map = sdp::parse_rtpmap(octets, value);
  if (!map) return std::unexpected(map.error());
  FactList facts(octets);
  facts.number("payload_type", map->payload_type).text("encoding", map->encoding);
  return facts.number("clock_rate", map->clock_rate).text("parameters", map->parameters).take();
}

[[nodiscard]] sdp::Result<Facts> ptime_facts(base::Bytes octets, base::Range value) {
  const sdp::Result<std::uint32_t> micros = sdp::parse_ptime(octets, value);
  if (!micros) return std::unexpected(micros.error());
  return FactList(octets).number("microseconds", *micros).take();
}

/// A password: said to be there, not repeated.
[[nodiscard]] sdp::Result<Facts> secret_facts(base::Bytes octets, base::Range value) {
  return FactList(octets).flag("given", value.present()).take();
}

[[nodiscard]] sdp::Result<Facts> plain_facts(base::Bytes octets, base::Range value) {
  return FactList(octets).text("value", value).take();
}

using Reader = sdp::Result<Facts> (*)(base::Bytes, base::Range);

[[nodiscard]] Reader reader_of(AttributeId id) {
  switch (id) {
    case AttributeId::candidate:
      return candidate_facts;
    case AttributeId::remote_candidates:
      return remote_candidates_facts;
    case AttributeId::rtcp:
      return rtcp_facts;
    case AttributeId::crypto:
      return crypto_facts;
    case AttributeId::ice_pwd:
      return secret_facts;
    case AttributeId::fingerprint:
      return fingerprint_facts;
    case AttributeId::group:
      return group_facts;
    case AttributeId::rtpmap:
      return rtpmap_facts;
    case AttributeId::ptime:
    case AttributeId::maxptime:
      return ptime_facts;
    default:
      return plain_facts;
  }
}

[[nodiscard]] std::vector<AttributeReading> read_attributes(base::Bytes octets, sdp::Attributes all) {
  std::vector<AttributeReading> readings;
  while (std::optional<Attribute> attribute = all.next()) {
    if (attribute->id == AttributeId::other) continue;
    AttributeReading reading{attribute->line, sdp::attribute_name(attribute->id), {}, std::nullopt};
    sdp::Result<Facts> facts = reader_of(attribute->id)(octets, attribute->value);
    if (facts)
      reading.facts = std::move(*facts);
    else
      reading.failure = facts.error().code;
    readings.push_back(std::move(reading));
  }
  return readings;
}

[[nodiscard]] MediaReading read_media(const sdp::Session& session, const sdp::Media& media) {
  MediaReading reading;
  const sdp::Connection& connection = session.connection_of(media);
  reading.line = media.line;
  reading.type = session.text(media.type);
  reading.address = session.text(connection.where.address);
  reading.port = media.port;
  FactList facts(session.buffer);
  if (media.port_count != 1) facts.number("ports", media.port_count);
  facts.text("protocol", media.protocol).text("formats", media.formats).text("title", media.title);
  facts.word("address_kind", kind_name(connection.where.kind));
  facts.word("direction", direction_name(media.direction)).text("mid", media.mid);
  if (media.port != 0 && sdp::carrier_of(media.protocol.of(session.buffer)) == sdp::Carrier::rtp)
    facts.number("rtcp_port", media.rtcp_port());
  facts.flag("rtcp_mux", media.traits.has(sdp::Trait::rtcp_mux)).flag("closed", media.closed());
  facts.flag("ice", session.traits_of(media).ice());
  facts.word("ice_default", ice_default_name(sdp::ice_default(session, media)));
  reading.facts = facts.take();
  reading.attributes = read_attributes(session.buffer, sdp::Attributes(session, media));
  return reading;
}

}  // namespace

SdpReading read_sdp(base::Bytes octets, base::Range body) {
  SdpReading reading;
  reading.range = body;
  const sdp::Result<sdp::Session> session = sdp::parse(octets, body);
  if (!session) {
    reading.failure = session.error().code;
    return reading;
  }
  const sdp::Origin& origin = session->origin;
  reading.origin_line = origin.line;
  reading.origin = FactList(octets)
                       .text("username", origin.username)
                       .text("id", origin.id)
                       .text("version", origin.version)
                       .text("address", origin.where.address)
                       .word("address_kind", kind_name(origin.where.kind))
                       .take();
  const sdp::Connection& connection = session->connection;
  reading.connection_line = connection.line;
  reading.connection = FactList(octets)
                           .text("address", connection.where.address)
                           .word("address_kind", kind_name(connection.where.kind))
                           .text("suffix", connection.suffix)
                           .take();
  reading.attributes = read_attributes(octets, sdp::Attributes(*session));
  for (const sdp::Media& media : session->media()) reading.media.push_back(read_media(*session, media));
  return reading;
}

}  // namespace viaduct::message
