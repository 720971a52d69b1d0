// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include "diagnose/sides/clocks.hpp"
#include "diagnose/sides/side_log.hpp"

#include <cstdint>
#include <vector>

namespace viaduct::diagnose::sides {

/// The same message on both sides: indices into MessageStore::all().
struct MessagePair {
  std::uint32_t first = 0;
  std::uint32_t second = 0;
  Side from = Side::first;  ///< where it came from
  bool way_known = false;   ///< whether that is more than a guess
};

/// Which ends of a packet are the same on both sides. A box in the path keeps at least one; a proxy is an end itself.
enum class Ends : std::uint8_t { both, destination, source, none };
[[nodiscard]] Ends shared_ends(const net::Endpoint& source_a, const net::Endpoint& destination_a,
                               const net::Endpoint& source_b, const net::Endpoint& destination_b);

/// Messages joined across a router by method, status, CSeq and tags, then by what they share besides (ends, branch,
/// Call-ID, body) and by time; each is in one pair at most.
struct Alignment {
  std::vector<MessagePair> pairs;           ///< by the time of the first side
  std::vector<std::uint32_t> only_first{};  ///< without a partner
  std::vector<std::uint32_t> only_second{};
  Clocks clocks;
};

struct AlignmentLimits {
  Duration window = std::chrono::seconds(3);  ///< how much longer than others a message may take
  /// How long a box may hold a copy back that it lets go with its branch as it came: 64*T1 (RFC 3261 17.1.1.2), behind
  /// which nobody waits for it.
  Duration held = std::chrono::seconds(32);
  std::size_t group = 256;  ///< messages of one key on one side, beyond which they are not joined
};

[[nodiscard]] Alignment align(const SideLog& first, const SideLog& second, const AlignmentLimits& limits = {});

}  // namespace viaduct::diagnose::sides
