// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <cstdint>

namespace viaduct::faults {

/// What becomes of the address in o=.
enum class OriginRule : std::uint8_t {
  keep,
  own,        ///< translated if it is the inner one
  media,      ///< overwritten with the outer address, whatever stood there
  connection  ///< overwritten with what c= has in the end: 0.0.0.0 on hold (B03)
};

/// Which outer port an SDP gets for an inner media port.
enum class MediaPortRule : std::uint8_t {
  keep,  ///< the m= line stays as it is, and no mapping is made
  same,  ///< one port for the life of the call
  fresh  ///< another one for each offer, as after flushing what was there (B21)
};

/// What Contact's port becomes.
enum class ContactPortRule : std::uint8_t {
  flow,  ///< that of the signalling flow
  keep,  ///< as it was: a port of the inside
  wrong  ///< one without any mapping
};

/// Which fields an ALG rewrites. All off: no ALG. Families and most behaviours of kinds A and B are values of
/// this. Values that name an inner address of the flow are replaced, others stay.
struct AlgProfile {
  bool via = false;                 ///< top Via's sent-by; turned back in responses
  bool contact = false;             ///< and in what echoes it inbound: Request-URI, Contacts of a 200 to REGISTER
  bool first_contact_only = false;  ///< further values stay (A16)
  ContactPortRule contact_port = ContactPortRule::flow;
  bool request_uri = false;     ///< of outbound requests that name the inner address
  bool from_to = false;         ///< From and To (A07); turned back inbound
  bool any_from_to = false;     ///< also if they name a domain
  bool call_id = false;         ///< the host of Call-ID (A10); turned back inbound
  bool routes = false;          ///< Route and Record-Route (A12)
  bool any_routes = false;      ///< also those of others: they become the box's own address
  bool connection = false;      ///< c= at both levels
  bool any_connection = false;  ///< also one that is not an inner address (B02)
  MediaPortRule media_port = MediaPortRule::keep;
  bool even_ports = false;  ///< RTP is rounded down to even, RTCP assumed behind it (B14)
  bool rtcp = false;        ///< a=rtcp; without it, it stays (B14)
  bool candidates = false;  ///< connection addresses of a=candidate of type host (B11)
  OriginRule origin = OriginRule::keep;
  bool image = true;                 ///< m=image (T.38) too (B17)
  std::uint8_t max_media = 255;      ///< m= lines behind this number stay (B16)
  bool content_length = true;        ///< follows the body; false: it stays (B05)
  bool reopen_on_hold = false;       ///< media is freed while on hold, and gets another port afterwards (B20)
  bool keep_origin_version = false;  ///< o= keeps the version of the first offer (B04)
  bool received_rport = false;       ///< received= and rport= of responses are turned back into inner values

  /// SDP as most ALGs write it: c=, m= and o= name outer endpoints; a=rtcp stays as it is.
  void translate_sdp(OriginRule rule = OriginRule::own) {
    connection = true;
    media_port = MediaPortRule::same;
    origin = rule;
  }
  /// The same, and a=rtcp with it.
  void translate_sdp_and_rtcp() {
    translate_sdp();
    rtcp = true;
  }

  [[nodiscard]] bool any_sdp() const {
    return connection || media_port != MediaPortRule::keep || origin != OriginRule::keep || candidates;
  }
  [[nodiscard]] bool any() const { return via || contact || request_uri || from_to || call_id || routes || any_sdp(); }
};

}  // namespace viaduct::faults
