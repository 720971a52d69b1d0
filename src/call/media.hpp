// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include "call/sighting.hpp"
#include "net/address.hpp"
#include "sdp/candidate.hpp"
#include "sdp/media.hpp"
#include "sip/message.hpp"

#include <algorithm>
#include <array>
#include <cstdint>
#include <optional>
#include <vector>

namespace viaduct::call {

enum class MediaKind : std::uint8_t { audio, video, image, application, text, message, other };
[[nodiscard]] Bytes name(MediaKind kind);

/// How media is encrypted by what SDP says.
enum class Encryption : std::uint8_t {
  none,
  sdes,    ///< a=crypto (RFC 4568)
  dtls,    ///< a=fingerprint (RFC 5763)
  profile  ///< SAVP without a key in SDP: ZRTP, MIKEY, or lost on the way
};
[[nodiscard]] Bytes name(Encryption encryption);

/// A payload type of a format list with what a=rtpmap says of it, else what RFC 3551 assigns.
struct Codec {
  std::array<char, 16> encoding{};  ///< cut, zero at the end; empty: neither says
  std::uint8_t payload_type = 0;
  std::uint8_t channels = 1;
  std::uint32_t clock_rate = 0;  ///< Hz; 0: not known

  [[nodiscard]] Bytes encoding_name() const VIADUCT_LIFETIME_BOUND { return {encoding.data()}; }
  friend bool operator==(const Codec&, const Codec&) = default;
};

struct IceCandidate {
  net::Endpoint endpoint;
  std::uint8_t component = 0;  ///< 1 RTP, 2 RTCP
  sdp::CandidateType type = sdp::CandidateType::other;

  friend bool operator==(const IceCandidate&, const IceCandidate&) = default;
};

/// What one m= line says, as far as it is kept. All facts; nothing is judged.
struct MediaLine {
  static constexpr std::size_t kMaxCodecs = 24;
  static constexpr std::size_t kMaxCandidates = 16;

  net::Endpoint rtp;           ///< where its author receives; port 0: closed; address not present: a host name or none
  net::Endpoint rtcp;          ///< the same for RTCP, if it is RTP; equals `rtp` with rtcp-mux
  std::uint32_t ptime_us = 0;  ///< a=ptime; 0: not said
  std::uint32_t maxptime_us = 0;
  MediaKind kind = MediaKind::other;
  sdp::Carrier carrier = sdp::Carrier::other;  ///< udptl is T.38
  sdp::Direction direction = sdp::Direction::sendrecv;
  Encryption encryption = Encryption::none;
  sdp::IceDefault ice = sdp::IceDefault::no_ice;
  bool rtcp_mux = false;
  bool rtcp_named = false;               ///< a=rtcp says it
  bool zero_address = false;             ///< c= of zeros: hold of RFC 2543
  std::vector<Codec> codecs;             ///< in the order of the format list
  std::vector<IceCandidate> candidates;  ///< those over UDP with a literal address

  [[nodiscard]] bool closed() const { return rtp.port == 0; }
  /// Fax as ITU-T T.38 sends it over UDP; with RTP or TCP it is rare, and an image as any other.
  [[nodiscard]] bool t38() const { return kind == MediaKind::image && carrier == sdp::Carrier::udptl; }
  /// Its author does not want to receive.
  [[nodiscard]] bool held() const {
    return zero_address || direction == sdp::Direction::sendonly || direction == sdp::Direction::inactive;
  }
  /// nullptr if the payload type is not in the list.
  [[nodiscard]] const Codec* codec(std::uint8_t payload_type) const VIADUCT_LIFETIME_BOUND;
  [[nodiscard]] std::size_t footprint() const;
  friend bool operator==(const MediaLine&, const MediaLine&) = default;
};

/// One session description of a message.
struct MediaDescription {
  std::vector<MediaLine> lines;
  net::Address origin;        ///< of o=, if it is a literal
  std::uint64_t version = 0;  ///< sess-version; 0: not a number

  [[nodiscard]] bool opens_t38() const {
    return std::ranges::any_of(lines, [](const MediaLine& line) { return line.t38() && !line.closed(); });
  }
  [[nodiscard]] bool opens(MediaKind kind) const {
    return std::ranges::any_of(lines, [kind](const MediaLine& line) { return line.kind == kind && !line.closed(); });
  }
};
/// The SDP of a message; nullopt without one, or where none can be read.
[[nodiscard]] std::optional<MediaDescription> read_media(const sip::Message& message);

}  // namespace viaduct::call
