// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include "diagnose/sides/comparison.hpp"

#include <map>
#include <vector>

namespace viaduct::diagnose::sides {

/// What SIP said of the media of one call, as the inner side saw it. Times are by the clock of the first side.
struct MediaSession {
  std::uint32_t pair = 0;            ///< its first message with SDP: index into Alignment::pairs
  std::vector<net::Endpoint> inner;  ///< where the inside wants media: its c= with m=
  std::vector<net::Endpoint> outer;  ///< where the outside wants it
  bool edited = false;               ///< the box changed SDP that the inside sent
  std::vector<Time> invites{};
  std::vector<Time> cancels{};
  std::optional<Time> answered{};  ///< the first 200 to INVITE
  std::optional<Time> ended{};     ///< BYE
};

/// By the hash of the Call-ID inside.
using MediaSessions = std::map<std::uint64_t, MediaSession>;
[[nodiscard]] MediaSessions media_sessions(const Comparison& comparison);

}  // namespace viaduct::diagnose::sides
