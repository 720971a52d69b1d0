// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include "diagnose/sides/clocks.hpp"
#include "diagnose/sides/side_log.hpp"

#include <cstdint>
#include <vector>

namespace viaduct::diagnose::sides {

/// The same datagram on both sides: indices into DatagramLog::all().
struct DatagramPair {
  std::uint32_t first = 0;
  std::uint32_t second = 0;
};

/// A datagram in whose octets the box replaced the address that it translates in the header.
struct EditedDatagram {
  DatagramPair pair;
  Side from = Side::first;  ///< where it came from
  base::Range before{};     ///< the first place that was replaced, and what stands there
  base::Range after{};
};

/// Keep-alives of a flow on which SIP passed, none of which arrived.
struct LostKeepAlives {
  Side side = Side::first;  ///< that has them
  std::uint32_t index = 0;  ///< the first
  std::uint32_t count = 0;  ///< while the other capture was running
};

/// What both sides have of traffic that is neither SIP nor media.
struct Datagrams {
  std::vector<DatagramPair> joined{};  ///< octet by octet the same
  std::vector<EditedDatagram> edited{};
  std::vector<LostKeepAlives> lost{};
};

/// Joins datagrams that have the same octets and share an end. Where no message told the clocks, `clocks` are set from
/// datagrams that either side has once.
[[nodiscard]] Datagrams join_datagrams(const SideLog& first, const SideLog& second, Clocks& clocks);

}  // namespace viaduct::diagnose::sides
