// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include "base/bytes.hpp"

#include <array>
#include <cstdint>

namespace viaduct::diagnose::fingerprint {

/// Makes of SIP ALG that change different fields.
enum class Family : std::uint8_t { linux_kernel, broadcom, quicksec, fortinet, proxy_type, last };
inline constexpr std::size_t kFamilies = static_cast<std::size_t>(Family::last);
/// As the catalogue of behaviours spells it: "linux".
[[nodiscard]] base::Bytes name(Family family);
/// What to switch off, by the names that routers of this family have for it.
[[nodiscard]] base::Bytes remedy(Family family);

/// What was seen of a field in the messages of one address.
enum class Change : std::uint8_t {
  call_id_own,    ///< Call-ID names the outside address
  call_id_inner,  ///< Call-ID names the inside
  from_own,
  from_inner,
  second_contact_own,
  second_contact_inner,
  contact_inner,  ///< while the top Via or c= is public
  origin_own,     ///< o= and c= both public
  origin_inner,   ///< o= private, c= public
  traced,         ///< i= with the original o=
  untraced,       ///< c= public, and no such line
  contact_port,   ///< Contact has a port of its own, that of Via is the NAT's
  box_via,        ///< a Via of the box above the phone's
  respelled,
  route_own,  ///< a Route that names the outside address
  route_inner,
  stream,              ///< SDP was changed over TCP
  answer_turned_back,  ///< received of an answer names the inside
  last
};
/// Bits by Change.
using Changes = std::uint32_t;
[[nodiscard]] constexpr Changes bit(Change change) {
  return 1U << static_cast<unsigned>(change);
}

/// Families by how well they explain what changed. `best` is last if nothing tells them apart.
struct FamilyGuess {
  Family best = Family::last;
  Family runner_up = Family::last;
  int lead = 0;  ///< points between the two
  friend bool operator==(const FamilyGuess&, const FamilyGuess&) = default;
};
[[nodiscard]] FamilyGuess guess_family(Changes changes);

}  // namespace viaduct::diagnose::fingerprint
