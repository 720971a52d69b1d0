// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include "base/bytes.hpp"

#include <cstdint>

/// What a UDP payload is, by its content and never by port. Cheap enough for each packet; each answer but `other` means
/// "has the form of", and who knows more (SDP, the packet before) decides.
namespace viaduct::capture {

enum class Content : std::uint8_t {
  other,
  sip,
  keep_alive,    ///< only CR, LF, NUL or nothing
  rtp,           ///< also SRTP
  rtcp,          ///< also SRTCP
  stun,          ///< with the magic cookie of RFC 5389, or in the form of RFC 3489
  turn_channel,  ///< RFC 8656 12.4
  dtls,
  zrtp,
  t38,  ///< UDPTL (ITU-T T.38 9.1)
  hep,  ///< HEP2 or HEP3: look into it with parse_hep()
};

/// RFC 7983 by the first octet, then the fixed fields and lengths of what it says.
[[nodiscard]] Content classify(base::Bytes payload);

/// A start line of SIP, also behind line ends (RFC 3261 7.5). Where the first line was not captured to its end
/// (`cut`), a method and a SIP or tel URI are enough.
[[nodiscard]] bool looks_like_sip(base::Bytes payload, bool cut = false);
/// RTP version 2 whose CSRC list, extension and padding fit, and whose second octet is not one of RTCP's.
[[nodiscard]] bool looks_like_rtp(base::Bytes payload);
/// A chain of RTCP packets whose lengths fit; only the first one if the rest is encrypted.
[[nodiscard]] bool looks_like_rtcp(base::Bytes payload);
[[nodiscard]] bool looks_like_stun(base::Bytes payload);
[[nodiscard]] bool looks_like_dtls(base::Bytes payload);
/// A record of TLS 1.0 to 1.3 (RFC 8446 5.1) at the begin of a TCP segment.
[[nodiscard]] bool looks_like_tls(base::Bytes payload);
/// UDPTL has no magic number: the primary packet, the choice and all redundant packets must end where the payload does.
[[nodiscard]] bool looks_like_udptl(base::Bytes payload);

}  // namespace viaduct::capture
