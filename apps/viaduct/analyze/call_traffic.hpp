// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include "analyze/media_table.hpp"
#include "call/call.hpp"
#include "net/table_hash.hpp"

#include <bitset>
#include <cstdint>
#include <memory>
#include <unordered_set>
#include <vector>

namespace viaduct::app::analyze {

/// How the frames of one call are told from others.
struct CallTraffic {
  std::uint64_t id_hash = 0;  ///< of the Call-ID, as call::hash_of() has it
  call::Point point = 0;
  capture::Time from{};  ///< when its media may pass
  capture::Time until{};
  capture::Time begin{};  ///< its first message or packet of media
  capture::Time end{};    ///< its last one
  /// SSRCs of its media: what others send before and behind it is not its own.
  std::unordered_set<std::uint32_t> sources{};
  std::unordered_set<net::Endpoint, net::TableHash> media{};  ///< its packets go from one of these to another
  std::bitset<128> keys{};  ///< payload types of telephone-event: what is dialled in the call
};

/// Of a finished call and the flows of its media: endpoints that SDP names and that packets showed, and the ports above
/// them, where RTCP is.
[[nodiscard]] CallTraffic traffic_of(const call::Call& call, const std::vector<std::unique_ptr<MediaFlow>>& flows);

}  // namespace viaduct::app::analyze
