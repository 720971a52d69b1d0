// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include "diagnose/rule_code.hpp"

namespace viaduct::diagnose::rules {

/// A field that one message shows to be wrong, whoever made it so.
struct WrongField {
  const finding::Rule& rule;
  fingerprint::Item item{};
  bool fingerprint::SourceEvidence::*fits;  ///< it was right in some message of the address
  base::Bytes wrong;                        ///< "Content-Length is wrong in messages"
  base::Bytes right;                        ///< what a pass says
  base::Bytes missing;                      ///< why there may be nothing to judge
};
/// One failure for each address; its cause is the ALG where the address has one that explains it.
[[nodiscard]] std::vector<finding::Finding> judge_field(const WrongField& field, const CaseFacts& facts);

}  // namespace viaduct::diagnose::rules
