// SPDX-License-Identifier: GPL-2.0-or-later
#include "diagnose/fingerprint/alg_sign.hpp"

namespace viaduct::diagnose::fingerprint {

std::vector<AlgSign> alg_signs_of(std::span<const SourceEvidence> sources) {
  std::vector<AlgSign> signs;
  for (const SourceEvidence& source : sources) {
    const bool proven = source.verdict == Verdict::alg;
    const bool open = source.verdict == Verdict::undecided && source.benign == Benign::phone_translates;
    if ((!proven && !open) || source.items.empty()) continue;
    AlgSign sign{
        .point = source.point, .address = source.address, .proven = proven, .log_likelihood = source.log_likelihood};
    if (proven) sign.family = name(source.family.best);
    // Items are sorted by weight; what compares phones or ports has no message of its own.
    for (const ItemEvidence& item : source.items) {
      if ((proven && item.weight == 0) || item.proof.frame == 0) continue;
      sign.proof = item.proof;
      break;
    }
    signs.push_back(std::move(sign));
  }
  return signs;
}

}  // namespace viaduct::diagnose::fingerprint
