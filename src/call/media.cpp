// SPDX-License-Identifier: GPL-2.0-or-later
#include "call/media.hpp"

#include "base/text.hpp"
#include "sdp/attribute.hpp"
#include "sdp/line.hpp"
#include "sdp/session.hpp"
#include "sdp/value.hpp"
#include "sip/body.hpp"

#include <algorithm>

namespace viaduct::call {

namespace {

constexpr std::array<Bytes, 7> kKinds = {"audio", "video", "image", "application", "text", "message", "other"};

/// Payload types that need no a=rtpmap (RFC 3551 6, tables 4 and 5).
struct Assigned {
  Bytes encoding;
  std::uint32_t clock_rate;
  std::uint8_t payload_type;
  std::uint8_t channels;
};
constexpr Assigned kAssigned[] = {
    {"PCMU", 8000, 0, 1},   {"GSM", 8000, 3, 1},    {"G723", 8000, 4, 1},   {"DVI4", 8000, 5, 1},
    {"DVI4", 16000, 6, 1},  {"LPC", 8000, 7, 1},    {"PCMA", 8000, 8, 1},   {"G722", 8000, 9, 1},
    {"L16", 44100, 10, 2},  {"L16", 44100, 11, 1},  {"QCELP", 8000, 12, 1}, {"CN", 8000, 13, 1},
    {"MPA", 90000, 14, 1},  {"G728", 8000, 15, 1},  {"DVI4", 11025, 16, 1}, {"DVI4", 22050, 17, 1},
    {"G729", 8000, 18, 1},  {"CelB", 90000, 25, 1}, {"JPEG", 90000, 26, 1}, {"nv", 90000, 28, 1},
    {"H261", 90000, 31, 1}, {"MPV", 90000, 32, 1},  {"MP2T", 90000, 33, 1}, {"H263", 90000, 34, 1},
};

void name_codec(Codec& codec, Bytes encoding, std::uint32_t clock_rate, std::uint8_t channels) {
  codec.encoding = {};
  std::copy_n(encoding.begin(), std::min(encoding.size(), codec.encoding.size() - 1), codec.encoding.begin());
  codec.clock_rate = clock_rate;
  codec.channels = channels;
}

void read_formats(const sdp::Session& session, const sdp::Media& media, MediaLine& line) {
  sdp::Words words(session.buffer, media.formats);
  for (base::Range word = words.next(); word.present() && line.codecs.size() < MediaLine::kMaxCodecs;
       word = words.next()) {
    const std::optional<std::uint8_t> payload_type = base::parse_decimal<std::uint8_t>(session.text(word));
    if (!payload_type || *payload_type > 127) continue;
    Codec& codec = line.codecs.emplace_back();
    codec.payload_type = *payload_type;
    for (const Assigned& assigned : kAssigned)
      if (assigned.payload_type == *payload_type)
        name_codec(codec, assigned.encoding, assigned.clock_rate, assigned.channels);
  }
}

void read_rtpmap(const sdp::Session& session, base::Range value, MediaLine& line) {
  const sdp::Result<sdp::RtpMap> map = sdp::parse_rtpmap(session.buffer, value);
  if (!map) return;
  for (Codec& codec : line.codecs)
    if (codec.payload_type == map->payload_type) {
      const auto channels = base::parse_decimal<std::uint8_t>(session.text(map->parameters));
      name_codec(codec, session.text(map->encoding), map->clock_rate, channels.value_or(1));
    }
}

void read_candidate(const sdp::Session& session, base::Range value, MediaLine& line) {
  if (line.candidates.size() >= MediaLine::kMaxCandidates) return;
  const sdp::Result<sdp::Candidate> candidate = sdp::parse_candidate(session.buffer, value);
  if (!candidate || candidate->transport != sdp::CandidateTransport::udp || !candidate->literal.present()) return;
  line.candidates.push_back({.endpoint = {candidate->literal, candidate->port},
                             .component = static_cast<std::uint8_t>(std::min<int>(candidate->component, 255)),
                             .type = candidate->type});
}

void read_attributes(const sdp::Session& session, const sdp::Media& media, MediaLine& line) {
  sdp::Attributes all(session, media);
  while (const std::optional<sdp::Attribute> attribute = all.next()) switch (attribute->id) {
      case sdp::AttributeId::rtpmap:
        read_rtpmap(session, attribute->value, line);
        break;
      case sdp::AttributeId::ptime:
        line.ptime_us = sdp::parse_ptime(session.buffer, attribute->value).value_or(0);
        break;
      case sdp::AttributeId::maxptime:
        line.maxptime_us = sdp::parse_ptime(session.buffer, attribute->value).value_or(0);
        break;
      case sdp::AttributeId::candidate:
        read_candidate(session, attribute->value, line);
        break;
      default:
        break;
    }
}

Encryption encryption_of(const sdp::Session& session, const sdp::Media& media) {
  const sdp::Traits traits = session.traits_of(media);
  if (traits.has(sdp::Trait::crypto)) return Encryption::sdes;
  const Bytes protocol = session.text(media.protocol);
  const bool secure = protocol.find("SAVP") != Bytes::npos;
  if (traits.has(sdp::Trait::fingerprint) && (secure || protocol.find("TLS") != Bytes::npos)) return Encryption::dtls;
  return secure ? Encryption::profile : Encryption::none;
}

MediaKind kind_of(Bytes type) {
  const auto* const found =
      std::find_if(kKinds.begin(), kKinds.end() - 1, [type](Bytes kind) { return base::iequals(kind, type); });
  return static_cast<MediaKind>(found - kKinds.begin());
}

MediaLine read_line(const sdp::Session& session, const sdp::Media& media) {
  MediaLine line;
  const sdp::Connection& connection = session.connection_of(media);
  line.rtp = {connection.where.literal, media.port};
  line.rtcp_mux = session.traits_of(media).has(sdp::Trait::rtcp_mux);
  line.rtcp_named = media.rtcp.present();
  if (media.port != 0 && sdp::carrier_of(session.text(media.protocol)) == sdp::Carrier::rtp)
    line.rtcp = {session.rtcp_address_of(media).literal, media.rtcp_port()};
  line.kind = kind_of(session.text(media.type));
  line.carrier = sdp::carrier_of(session.text(media.protocol));
  line.direction = media.direction;
  line.encryption = encryption_of(session, media);
  line.ice = sdp::ice_default(session, media);
  line.zero_address = connection.is_unspecified() && line.ice != sdp::IceDefault::trickle;
  if (line.carrier == sdp::Carrier::rtp) read_formats(session, media, line);
  read_attributes(session, media, line);
  line.codecs.shrink_to_fit();
  line.candidates.shrink_to_fit();
  return line;
}

}  // namespace

Bytes name(MediaKind kind) {
  return kKinds[static_cast<std::size_t>(kind)];
}

Bytes name(Encryption encryption) {
  constexpr std::array<Bytes, 4> kNames = {"none", "sdes", "dtls", "profile"};
  return kNames[static_cast<std::size_t>(encryption)];
}

const Codec* MediaLine::codec(std::uint8_t payload_type) const {
  const auto found = std::find_if(codecs.begin(), codecs.end(),
                                  [payload_type](const Codec& codec) { return codec.payload_type == payload_type; });
  return found == codecs.end() ? nullptr : &*found;
}

std::size_t MediaLine::footprint() const {
  return codecs.capacity() * sizeof(Codec) + candidates.capacity() * sizeof(IceCandidate);
}

std::optional<MediaDescription> read_media(const sip::Message& message) {
  const std::optional<sip::BodyPart> part = sip::find_sdp(message);
  // What is cut might lack m= lines, what is coded or encrypted is no SDP.
  if (!part || (part->bar != sip::BodyBar::none && part->bar != sip::BodyBar::smime_signed)) return std::nullopt;
  const sdp::Result<sdp::Session> session = sdp::parse(message.bytes(), part->content);
  if (!session) return std::nullopt;
  MediaDescription description;
  description.origin = session->origin.where.literal;
  description.version = session->origin_version().value_or(0);
  description.lines.reserve(session->media().size());
  for (const sdp::Media& media : session->media()) description.lines.push_back(read_line(*session, media));
  return description;
}

}  // namespace viaduct::call
