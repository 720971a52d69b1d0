// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include "alg/change.hpp"
#include "alg/state.hpp"
#include "base/bytes.hpp"

#include <cstdint>
#include <functional>
#include <optional>

namespace viaduct::alg {

/// What the kernel knows of media between an inner endpoint and where the peer said that it receives.
enum class MediaSeen : std::uint8_t {
  no_flow,     ///< nothing was sent
  unanswered,  ///< the phone sent, nothing came back
  answered,
};

/// What the media of a call at its BYE prove of its platform: one that was followed from its first message, named one
/// plain address and was not edited. Nothing if it proves nothing, or nothing new. `seen` is asked for each mapping
/// that may carry media.
[[nodiscard]] std::optional<LearnParty> media_evidence(const Association& call, const State& state, base::Instant now,
                                                       const std::function<MediaSeen(const MappingKey&)>& seen);

/// The hash of a Call-ID or of a peer in a Witness.
[[nodiscard]] std::uint32_t witness_hash(base::Bytes text);

}  // namespace viaduct::alg
