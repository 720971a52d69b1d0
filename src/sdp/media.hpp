// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include "base/bytes.hpp"
#include "sdp/address_field.hpp"

#include <cstdint>

namespace viaduct::sdp {

/// Attributes whose mere presence decides something. Gathered in the one pass of `parse`.
enum class Trait : std::uint8_t {
  rtcp,               ///< a=rtcp (RFC 3605)
  rtcp_mux,           ///< a=rtcp-mux (RFC 5761)
  rtcp_mux_only,      ///< a=rtcp-mux-only (RFC 8858)
  candidate,          ///< at least one a=candidate (RFC 8839)
  end_of_candidates,  ///< a=end-of-candidates (RFC 8840)
  remote_candidates,  ///< a=remote-candidates
  ice_ufrag,
  ice_pwd,
  ice_lite,
  ice_options,
  ice_mismatch,
  trickle,      ///< `trickle` among the ice-options (RFC 8840)
  setup,        ///< a=setup (RFC 4145)
  crypto,       ///< a=crypto (RFC 4568)
  fingerprint,  ///< a=fingerprint (RFC 8122)
  mid,          ///< a=mid (RFC 5888)
  group,        ///< a=group
  bundle_only,  ///< a=bundle-only (RFC 9143)
  path,         ///< a=path (RFC 4975, MSRP)
};

/// A set of traits, one machine word.
class Traits {
 public:
  [[nodiscard]] constexpr bool has(Trait trait) const { return (bits_ >> static_cast<unsigned>(trait) & 1U) != 0; }
  constexpr void add(Trait trait) { bits_ |= 1U << static_cast<unsigned>(trait); }
  [[nodiscard]] constexpr bool empty() const { return bits_ == 0; }
  [[nodiscard]] constexpr Traits operator|(Traits other) const {
    Traits both;
    both.bits_ = bits_ | other.bits_;
    return both;
  }
  /// ICE is spoken: ufrag and pwd, or any candidate. Then c= and m= belong to the default candidate.
  [[nodiscard]] constexpr bool ice() const {
    return has(Trait::candidate) || (has(Trait::ice_ufrag) && has(Trait::ice_pwd));
  }
  friend constexpr bool operator==(Traits, Traits) = default;

 private:
  std::uint32_t bits_ = 0;
};

/// a=sendrecv and its siblings (RFC 8866 section 6.7); sendrecv if nothing is said.
enum class Direction : std::uint8_t { sendrecv, sendonly, recvonly, inactive };

/// a=setup (RFC 4145 section 4, RFC 8842).
enum class Setup : std::uint8_t { absent, active, passive, actpass, holdconn, other };

/// What carries the media, from the proto field; decides which pinholes make sense.
enum class Carrier : std::uint8_t {
  rtp,    ///< RTP over UDP in any profile, also below DTLS: `RTP/AVP`, `UDP/TLS/RTP/SAVPF`
  udptl,  ///< T.38: `udptl`, `UDP/TLS/UDPTL`
  udp,    ///< something else over UDP: `udp`, `UDP/BFCP`, `UDP/DTLS/SCTP`
  tcp,    ///< any TCP stream: `TCP/MSRP`, `TCP/TLS/BFCP`, `TCP/RTP/AVP`
  other,
};
/// ABNF proto = token *("/" token); compared without regard to case, as phones spell udptl both ways.
[[nodiscard]] Carrier carrier_of(base::Bytes protocol);

/// a=rtcp:53020 IN IP4 192.0.2.1 (RFC 3605); the address is optional.
struct Rtcp {
  base::Range line;  ///< absent if there is no a=rtcp
  base::Range port_text;
  AddressField where;  ///< kind absent if only a port is given
  std::uint16_t port = 0;

  [[nodiscard]] constexpr bool present() const { return line.present(); }
};

/// What the session level and each media description have in common.
struct Section {
  base::Range section;  ///< from its first octet to behind the line end of its last line
  base::Range title;    ///< value of the first i= line
  /// First to last a= line, without the last line end; other lines may stand between. Absent if there is no a= line.
  base::Range attributes;
  base::Range fingerprint;                    ///< value of the first a=fingerprint of this level, not inherited
  Connection connection;                      ///< the first c= of this level; see Session::connection_of
  Traits traits;                              ///< of this level alone; see Session::traits_of
  std::uint16_t connection_count = 0;         ///< c= lines of this level
  Direction direction = Direction::sendrecv;  ///< own, else the session's
  Setup setup = Setup::absent;                ///< own, else the session's
};

/// One media description: an m= line and what follows it (RFC 8866 section 5.14). Ranges are offsets into
/// the whole message buffer.
///
///   m=audio 49170/2 RTP/AVP 0 8
///     type  port /n protocol formats
struct Media : Section {
  base::Range line;       ///< the m= line without line end
  base::Range type;       ///< audio, video, image, message, application, text ...
  base::Range port_text;  ///< the digits before the slash
  base::Range protocol;
  base::Range formats;  ///< everything behind the protocol, without outer blanks; absent if there is nothing
  base::Range mid;      ///< value of a=mid
  base::Range path;     ///< value of a=path
  base::Range crypto;   ///< value of the first a=crypto
  Rtcp rtcp;            ///< the first a=rtcp
  std::uint16_t port = 0;
  std::uint16_t port_count = 1;  ///< ports from `port` on (RFC 8866: for RTP, pairs of ports); they end at 65535

  /// Port 0 means rejected or closed (RFC 3264 sections 6 and 8.2), unless it is bundled (RFC 9143).
  [[nodiscard]] constexpr bool closed() const { return port == 0 && !traits.has(Trait::bundle_only); }
  /// Where RTCP is expected: a=rtcp, else with rtcp-mux the RTP port, else the next port up (RFC 3550); 0 if none.
  [[nodiscard]] constexpr std::uint16_t rtcp_port() const {
    if (rtcp.present()) return rtcp.port;
    return traits.has(Trait::rtcp_mux) || port == 0 ? port : static_cast<std::uint16_t>(port + 1);
  }
};

}  // namespace viaduct::sdp
