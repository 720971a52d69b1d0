// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include "finding/time.hpp"

#include <cstdint>
#include <string>
#include <vector>

namespace viaduct::finding {

/// What kind of thing an arrow is, so that a page can draw it apart.
enum class ArrowKind : std::uint8_t { request, provisional, success, failure, media, note };

/// One message between two participants, or a remark at one of them (`from` == `to`).
struct Arrow {
  Time time{};
  std::uint32_t from = 0;  ///< index into Ladder::participants
  std::uint32_t to = 0;
  ArrowKind kind = ArrowKind::request;
  std::string text;  ///< "INVITE (SDP)", "INVITE (SDP: T.38)", "200 INVITE"
  bool retransmission = false;
  std::uint32_t input = 0;  ///< index into Result::inputs
  std::uint64_t frame = 0;  ///< 0: none

  friend bool operator==(const Arrow&, const Arrow&) = default;
};

/// The messages of a call between its participants, top down in time.
struct Ladder {
  std::string title;
  std::vector<std::string> participants;
  std::vector<Arrow> arrows;
  std::uint32_t left_out = 0;  ///< arrows beyond the limit, from the middle

  static constexpr std::size_t kMaxParticipants = 16;
  static constexpr std::size_t kMaxArrows = 512;
  friend bool operator==(const Ladder&, const Ladder&) = default;
};

}  // namespace viaduct::finding
