// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include "base/bytes.hpp"
#include "net/address.hpp"
#include "sdp/address_field.hpp"
#include "sdp/line.hpp"
#include "sdp/problem.hpp"
#include "sdp/session.hpp"

#include <cstdint>
#include <optional>

namespace viaduct::sdp {

enum class CandidateTransport : std::uint8_t { udp, tcp, other };
enum class CandidateType : std::uint8_t { host, srflx, prflx, relay, other };

/// a=candidate:<foundation> <component> <transport> <priority> <address> <port> typ <type>
///   [raddr <address>] [rport <port>] *(<name> <value>)      (RFC 8839 section 5.1, RFC 6544 for tcptype)
struct Candidate {
  base::Range foundation;
  base::Range transport_text;
  base::Range address;
  base::Range port_text;
  base::Range type_text;
  base::Range raddr;       ///< absent if not given
  base::Range rport_text;  ///< absent if not given
  base::Range tcptype;     ///< active, passive or so; absent if not given
  net::Address literal;    ///< of `address`, for kind ipv4 and ipv6
  net::Address raddr_literal;
  std::uint32_t priority = 0;
  std::uint16_t component = 0;  ///< 1 RTP, 2 RTCP
  std::uint16_t port = 0;
  std::uint16_t rport = 0;
  AddressKind kind = AddressKind::absent;  ///< a host name is legal here: mDNS `<uuid>.local`
  CandidateTransport transport = CandidateTransport::other;
  CandidateType type = CandidateType::other;
};

/// Reads the value of an a=candidate. Error offsets count from the start of `buffer`.
[[nodiscard]] Result<Candidate> parse_candidate(base::Bytes buffer, base::Range value);

/// One triple of a=remote-candidates:1 192.0.2.1 5000 2 192.0.2.1 5001 (RFC 8839 section 5.2).
struct RemoteCandidate {
  base::Range address;
  base::Range port_text;
  net::Address literal;
  std::uint16_t component = 0;
  std::uint16_t port = 0;
  AddressKind kind = AddressKind::absent;
};

/// Walks the triples.
class RemoteCandidates {
 public:
  RemoteCandidates(base::Bytes buffer, base::Range value) : words_(buffer, value), buffer_(buffer) {}
  /// The next triple, nullopt at the end and at the first one that cannot be read (then bad() is true).
  [[nodiscard]] std::optional<RemoteCandidate> next();
  [[nodiscard]] bool bad() const { return bad_; }

 private:
  Words words_;
  base::Bytes buffer_;
  bool bad_ = false;
};

/// How the default destination (c=, m= port, a=rtcp) relates to the candidates of a section
/// (RFC 8839 sections 4.2.1.2 and 5.4: if no candidate equals it, the peer must answer with ice-mismatch).
enum class IceDefault : std::uint8_t {
  no_ice,    ///< the section offers no candidates
  matches,   ///< for each component in use a candidate equals the default destination
  trickle,   ///< c= is unspecified with port 9: legal while candidates trickle in (RFC 8840 section 4.1.1)
  closed,    ///< port 0: there is no default destination
  mismatch,  ///< no candidate equals it
};
[[nodiscard]] IceDefault ice_default(const Session& session, const Media& media);

}  // namespace viaduct::sdp
