// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include "call/registration.hpp"
#include "diagnose/call_record.hpp"
#include "diagnose/fingerprint/source_evidence.hpp"
#include "finding/evidence.hpp"

#include <span>
#include <string>

namespace viaduct::diagnose {

namespace sides {
struct Comparison;
}

/// What SIP says of an ALG between a customer and the platform.
struct AlgSign {
  call::Point point = 0;
  net::Address address{};     ///< the customer's, as Group has it
  bool proven = false;        ///< else the phone itself may have written the outside address (STUN)
  double log_likelihood = 0;  ///< natural logarithm, an ALG against none
  std::string family{};       ///< empty: not known
  finding::Evidence proof{};  ///< the strongest
};

/// What all inputs together say.
struct CaseFacts {
  std::span<const CallRecord> calls{};  ///< CallRecord::index is the place
  std::span<const call::Registration* const> registrations{};
  std::span<const AlgSign> alg_signs{};  ///< of addresses before which there is an ALG, or may be
  /// What SIP shows of each customer's address, as fingerprint::Fingerprints::judge() gives it.
  std::span<const fingerprint::SourceEvidence> sources{};
  const sides::Comparison* other_side = nullptr;  ///< nullptr without captures from the other side
};

}  // namespace viaduct::diagnose
