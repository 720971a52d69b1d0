// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include "diagnose/sides/comparison.hpp"

/// The steps of compare(). For the sources of this folder only.
namespace viaduct::diagnose::sides {

/// Diffs a pair and holds what was written against the mappings; counts traits and relays on the way. nullopt if both
/// have the same octets.
[[nodiscard]] std::optional<ChangedMessage> judge(Comparison& comparison, std::uint32_t pair);

/// Whether a SIP proxy or B2BUA stands between: it is an end of both hops, and says so with a Via of its own.
[[nodiscard]] bool is_proxied(const Comparison& comparison, const MessagePair& pair);

/// Fills Comparison::lone.
void find_lone(Comparison& comparison);

/// Fills Comparison::losses: which entry of the catalogue lost media looks like, where both captures tell it from
/// others.
void find_media_losses(Comparison& comparison);

/// Fills Datagrams::lost.
void find_lost_keep_alives(Comparison& comparison);

/// Fills Comparison::remaps from what messages wrote for inner media endpoints, and finds the gaps behind them.
void find_remaps(Comparison& comparison);

}  // namespace viaduct::diagnose::sides
