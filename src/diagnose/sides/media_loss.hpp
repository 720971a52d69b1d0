// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include "diagnose/sides/side_log.hpp"
#include "finding/cause.hpp"

#include <cstdint>
#include <optional>
#include <string>

namespace viaduct::diagnose::sides {

/// Media that one side alone has, and what the circumstances make of it.
struct MediaLoss {
  base::Bytes behaviour;                ///< of the failure catalogue; empty: none that is proven
  Side side = Side::first;              ///< where the packets were
  std::uint32_t run = 0;                ///< index into PacketLog::runs() of that side
  Time begin{};                         ///< by the clock of the first side
  std::string why{};                    ///< a sentence
  std::optional<std::uint32_t> pair{};  ///< a message of its call: index into Alignment::pairs
  /// not_proven: several may do so. alg: it follows from what SIP said, so the box reads it. nat_timeout: the flow had
  /// been silent for longer than mappings are kept.
  finding::Cause cause = finding::Cause::not_proven;
};

}  // namespace viaduct::diagnose::sides
