// SPDX-License-Identifier: GPL-2.0-or-later
#include "diagnose/fingerprint/alg_sign.hpp"

namespace viaduct::diagnose::fingerprint {

std::vector<AlgSign> alg_signs_of(std::span<const SourceEvidence> sources) {
  std::vector<AlgSign> signs;
  for (const SourceEvidence& source : sources) {
    if (source.verdict != Verdict::alg || source.items.empty()) continue;
    AlgSign sign{.point = source.point, .address = source.address, .log_likelihood = source.log_likelihood};
    sign.family = name(source.family.best);
    // Items are sorted by weight; what compares phones or ports has no message of its own.
    for (const ItemEvidence& item : source.items) {
      if (item.weight == 0 || item.proof.frame == 0) continue;
      sign.proof = item.proof;
      break;
    }
    signs.push_back(std::move(sign));
  }
  return signs;
}

}  // namespace viaduct::diagnose::fingerprint
