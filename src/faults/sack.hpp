// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include "faults/packet.hpp"

#include <cstdint>
#include <functional>

namespace viaduct::faults {

/// Edges of a block of selectively acknowledged octets (RFC 2018 section 3): `end` is the octet behind it.
struct SackBlock {
  std::uint32_t begin;
  std::uint32_t end;
};

/// Gives each block of a TCP segment the edges that `renumber` makes of it; one that is left without an octet goes,
/// and NOPs take its place, so that the segment keeps its length. A segment with damaged options stays as it is from
/// the damage on.
void renumber_sack(Packet& segment, const std::function<SackBlock(const SackBlock&)>& renumber);

}  // namespace viaduct::faults
