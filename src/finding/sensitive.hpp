// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include "base/bytes.hpp"

#include <cstdint>
#include <vector>

namespace viaduct::finding {

enum class SensitiveKind : std::uint8_t {
  address,  ///< looks like an IPv4 or IPv6 address; whether it is one is for others to say
  name,     ///< user of a URI, display name: learnt
  host,     ///< of a URI or behind an @: learnt
  secret,   ///< password, key, digest: masked, not learnt
};
struct Sensitive {
  SensitiveKind kind{};
  base::Range range{};
};

/// The places in SIP, SDP or a sentence that tell who somebody is, by their syntax alone; in order, not overlapping.
[[nodiscard]] std::vector<Sensitive> sensitive_places(base::Bytes text);

}  // namespace viaduct::finding
