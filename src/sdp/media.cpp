// SPDX-License-Identifier: GPL-2.0-or-later
#include "sdp/media.hpp"

#include "base/text.hpp"

namespace viaduct::sdp {
namespace {

/// Cuts the next token off a proto field.
base::Bytes next_token(base::Bytes& protocol) {
  const std::size_t slash = protocol.find('/');
  const base::Bytes token = protocol.substr(0, slash);
  protocol = slash == base::Bytes::npos ? base::Bytes() : protocol.substr(slash + 1);
  return token;
}

}  // namespace

Carrier carrier_of(base::Bytes protocol) {
  base::Bytes token = next_token(protocol);
  if (base::iequals(token, "RTP")) return Carrier::rtp;
  if (base::iequals(token, "udptl")) return Carrier::udptl;
  if (base::iequals(token, "TCP")) return Carrier::tcp;
  // DTLS/SCTP is what WebRTC wrote before RFC 8841 made it UDP/DTLS/SCTP.
  if (!base::iequals(token, "UDP") && !base::iequals(token, "DTLS")) return Carrier::other;
  while (!protocol.empty()) {
    token = next_token(protocol);
    if (base::iequals(token, "RTP")) return Carrier::rtp;
    if (base::iequals(token, "udptl")) return Carrier::udptl;
  }
  return Carrier::udp;
}

}  // namespace viaduct::sdp
