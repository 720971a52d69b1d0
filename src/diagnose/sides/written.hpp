// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include "diagnose/sides/field.hpp"
#include "net/address.hpp"

#include <cstdint>
#include <vector>

namespace viaduct::diagnose::sides {

/// An address that stands in a message, with the port that belongs to it.
struct Written {
  Field field;                ///< of the address; of an m= line that of its port
  net::Endpoint endpoint;     ///< the port 0 where none is said
  Range address;              ///< absent for an m= line: c= has it
  Range port;                 ///< absent where none is said
  std::uint16_t ordinal = 0;  ///< of those with the same field, in the same part of the SDP

  /// Where SIP or RTP is to be sent; SIP without a port means 5060.
  [[nodiscard]] net::Endpoint meant() const {
    return {endpoint.address, endpoint.port == 0 && field.place != Place::sdp ? std::uint16_t{5060} : endpoint.port};
  }
};

/// All literal addresses in fields that name where something is to be sent or came from: Request-URI, Via (sent-by;
/// `received` with `rport`), name-addr headers, Call-ID's host, o=, c=, m= (with the c= that governs it), a=rtcp,
/// a=candidate. In the order of the message, at most kMostWritten.
[[nodiscard]] std::vector<Written> written_in(Bytes message);
inline constexpr std::size_t kMostWritten = 512;

}  // namespace viaduct::diagnose::sides
