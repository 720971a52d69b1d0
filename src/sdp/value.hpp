// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include "base/bytes.hpp"
#include "net/address.hpp"
#include "sdp/address_field.hpp"
#include "sdp/line.hpp"
#include "sdp/media.hpp"
#include "sdp/problem.hpp"

#include <cstdint>

namespace viaduct::sdp {

/// token = 1*(token-char) (RFC 8866 section 9).
[[nodiscard]] bool is_token(base::Bytes text);

// Typed readers for attribute values. Each takes the whole buffer and the value range of an Attribute; error
// offsets count from the start of the buffer. Nothing is read before it is asked for.

/// a=rtcp: a port, and optionally an address (RFC 3605). `line` stays absent.
[[nodiscard]] Result<Rtcp> parse_rtcp(base::Bytes buffer, base::Range value);

/// a=crypto:<tag> <suite> <key-params> [<session-params>] (RFC 4568 section 9.1).
struct Crypto {
  base::Range suite;
  base::Range key_params;      ///< secret: never log it
  base::Range session_params;  ///< absent if none
  std::uint32_t tag = 0;
};
[[nodiscard]] Result<Crypto> parse_crypto(base::Bytes buffer, base::Range value);

/// a=fingerprint:<hash> <hex pairs with colons> (RFC 8122 section 5).
struct Fingerprint {
  base::Range hash;
  base::Range digest;
};
[[nodiscard]] Result<Fingerprint> parse_fingerprint(base::Bytes buffer, base::Range value);

/// a=group:<semantics> *(<mid>) (RFC 5888). Walk `mids` with Words.
struct Group {
  base::Range semantics;  ///< BUNDLE, LS, FID ...
  base::Range mids;       ///< absent if there is none
};
[[nodiscard]] Result<Group> parse_group(base::Bytes buffer, base::Range value);

/// a=rtpmap:<payload type> <encoding>/<clock rate>[/<parameters>] (RFC 8866 section 6.6).
struct RtpMap {
  base::Range encoding;
  base::Range parameters;        ///< for audio the number of channels; absent if not given
  std::uint32_t clock_rate = 0;  ///< Hz
  std::uint8_t payload_type = 0;
};
[[nodiscard]] Result<RtpMap> parse_rtpmap(base::Bytes buffer, base::Range value);

/// a=ptime and a=maxptime in microseconds; RFC 8866 section 6.4 allows fractions of a millisecond.
[[nodiscard]] Result<std::uint32_t> parse_ptime(base::Bytes buffer, base::Range value);

/// b=<type>:<bandwidth> (RFC 8866 section 5.8); kbit/s for AS and CT, bit/s for TIAS, RS and RR.
struct Bandwidth {
  base::Range type;
  base::Range number;
  std::uint64_t value = 0;
};
[[nodiscard]] Result<Bandwidth> parse_bandwidth(base::Bytes buffer, base::Range value);

/// a=setup (RFC 4145); unknown roles give `other`.
[[nodiscard]] Setup parse_setup(base::Bytes value);

/// One MSRP URI of a=path (RFC 4975 section 6): msrp://192.0.2.1:2855/iau39;tcp
struct MsrpUri {
  base::Range whole;
  base::Range scheme;  ///< msrp or msrps
  base::Range host;    ///< without user info; IPv6 with its brackets
  base::Range port_text;
  net::Address literal;
  std::uint16_t port = 0;
  AddressKind kind = AddressKind::absent;
};
[[nodiscard]] Result<MsrpUri> parse_msrp_uri(base::Bytes buffer, base::Range uri);

}  // namespace viaduct::sdp
