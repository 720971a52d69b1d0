// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include "base/bytes.hpp"

#include <bitset>
#include <cstdint>
#include <string>

namespace viaduct::app::analyze {

/// A datagram between media endpoints without what was said, shown or dialled, of the same length.
///
///   RTP   the header stays; header extensions and payload become zeros; of G.711 that is silent, silence. Of
///         telephone-event (payload types `keys`) the key becomes 0, its duration and end stay
///   RTCP  sender and receiver reports, feedback and extended reports stay; texts of SDES and BYE become x, APP zeros
///   STUN  its header stays, attributes become zeros
///   else  zeros
///
/// `length`: octets on the wire, at least those of `payload`.
[[nodiscard]] std::string masked_media(base::Bytes payload, std::uint32_t length, const std::bitset<128>& keys);

}  // namespace viaduct::app::analyze
