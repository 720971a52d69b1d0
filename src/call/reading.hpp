// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include "call/sighting.hpp"
#include "sip/fields.hpp"
#include "sip/message.hpp"

#include <cstdint>

namespace viaduct::call {

/// A sighting with what every table asks of its message, read once. Views into the sighting's octets.
struct Reading {
  const Sighting& sighting;
  const sip::Message& message;
  Bytes call_id;
  Bytes from_tag;                     ///< empty without one (RFC 2543)
  Bytes to_tag;                       ///< empty without one
  sip::Method method{};               ///< of the request; of a response that of its CSeq
  std::uint32_t cseq = 0;             ///< number
  std::uint16_t status = 0;           ///< 0: a request
  std::uint64_t transaction_key = 0;  ///< see transaction_key()

  [[nodiscard]] bool is_request() const { return status == 0; }
  [[nodiscard]] bool is_final() const { return status >= 200; }
  [[nodiscard]] bool is_success() const { return status >= 200 && status < 300; }
};

/// Without Call-ID and CSeq a message belongs to nothing: then the Problem of what is missing.
[[nodiscard]] sip::Result<Reading> read(const Sighting& sighting, const sip::Message& message);

/// What a request and its responses share at one hop: a hash of the top Via's branch (RFC 3261 17.1.3); without its
/// magic cookie one of sent-by, branch, From tag and CSeq number (RFC 3261 17.2.3, for RFC 2543). Sent-by is left out
/// of the former: an ALG that does not turn it back in responses must not tear transactions apart. An ACK
/// of a failure has that of its INVITE, a CANCEL too; an ACK of a 2xx has its own.
[[nodiscard]] std::uint64_t transaction_key(const sip::Message& message, Bytes from_tag, std::uint32_t cseq);

}  // namespace viaduct::call
