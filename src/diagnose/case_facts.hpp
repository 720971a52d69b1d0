// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include "call/registration.hpp"
#include "diagnose/call_outcome.hpp"
#include "diagnose/call_record.hpp"
#include "diagnose/fingerprint/source_evidence.hpp"
#include "finding/evidence.hpp"

#include <cstdint>
#include <span>
#include <string>

namespace viaduct::diagnose {

namespace sides {
struct Comparison;
struct SeenStream;
class PassedOn;
}  // namespace sides

/// What SIP says of an ALG between a customer and the platform.
struct AlgSign {
  call::Point point = 0;
  net::Address address{};     ///< the customer's, as Group has it
  bool proven = false;        ///< else the phone itself may have written the outside address (STUN)
  double log_likelihood = 0;  ///< natural logarithm, an ALG against none
  std::string family{};       ///< empty: not known
  finding::Evidence proof{};  ///< the strongest
};

/// How whole one input is.
struct CaptureFacts {
  std::uint32_t input = 0;  ///< index of Result::inputs
  std::uint64_t frames = 0;
  std::uint64_t dropped = 0;     ///< lost before they came into the file, as it says itself
  std::uint64_t cut = 0;         ///< packets of which less was captured than was on the wire
  std::uint64_t incomplete = 0;  ///< packets of which fragments are missing
  std::uint64_t strays = 0;      ///< frames whose time is far from those around them
  std::uint64_t clock_set = 0;   ///< how often the clock of the capture was set while it ran
  bool broken = false;           ///< the file ends in the middle of something
};

/// How much SIP there was, and what there was without it.
struct SignallingFacts {
  std::uint64_t messages = 0;                ///< that were read
  std::uint64_t registrations = 0;           ///< that were tried, well or not
  std::uint64_t registrations_left_out = 0;  ///< of these without room: unless refused, nothing is known of them
  std::uint64_t unreadable = 0;              ///< have its form, and could not be read, or not up to Call-ID and CSeq
  std::uint64_t cut = 0;                     ///< of which the capture has a part only
  std::uint64_t encrypted = 0;               ///< TCP segments with TLS of the port of SIP over TLS
  std::uint64_t parts = 0;                   ///< streams without a call that go on with another one
};

/// What all inputs together say.
struct CaseFacts {
  std::span<const CallRecord> calls{};  ///< in the order of CallRecord::index, kNoCall behind
  std::span<const call::Registration* const> registrations{};
  std::span<const AlgSign> alg_signs{};  ///< of addresses before which there is an ALG, or may be
  /// What SIP shows of each customer's address, as fingerprint::Fingerprints::judge() gives it.
  std::span<const fingerprint::SourceEvidence> sources{};
  std::span<const CallOutcome> outcomes{};  ///< as `calls`
  std::span<const CaptureFacts> captures{};
  SignallingFacts signalling{};
  /// Indices of CallRecord: of these a capture of both sides of a router that was judged in one pass has audio on one
  /// side alone, for a time at least.
  std::span<const std::uint32_t> half_seen{};
  const sides::Comparison* other_side = nullptr;  ///< nullptr without captures from the other side
  /// By Result::streams, and what the box between two captures did with them; empty and nullptr without another side.
  std::span<const sides::SeenStream> streams{};
  const sides::PassedOn* passed_on = nullptr;
};

}  // namespace viaduct::diagnose
