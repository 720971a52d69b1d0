// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include "alg/reason.hpp"
#include "net/address.hpp"

#include <cstdint>

namespace viaduct::alg {

/// What one place of a message must say when it goes out: the outer values of a mapping, or in what comes in the inner
/// ones. Taken from the mapping, never from the text of an edit, so that a wrong edit does not prove itself.
struct Intent {
  Field field = Field::message;
  /// Which of several: the n-th Contact from 0; in SDP 0 for the session level, n for the n-th m= section from 1.
  std::uint16_t place = 0;
  net::Endpoint value;  ///< without address or with port 0: that half is as it was received
};

/// A SIP port that is not written is 5060.
[[nodiscard]] constexpr net::Endpoint with_default_port(const net::Endpoint& endpoint) {
  return {endpoint.address, endpoint.port == 0 ? std::uint16_t{5060} : endpoint.port};
}

}  // namespace viaduct::alg
