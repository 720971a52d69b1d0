// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include "diagnose/rule_code.hpp"

/// One function for each file of this folder: its rule.
namespace viaduct::diagnose::rules {

[[nodiscard]] MediaRule drop_outs();
[[nodiscard]] MediaRule packet_loss();
[[nodiscard]] MediaRule queue_overflow();

[[nodiscard]] CaseRule alg_drop_outs();
[[nodiscard]] CaseRule alg_fingerprint();
[[nodiscard]] CaseRule ice_mismatch();
[[nodiscard]] CaseRule content_length_wrong();
[[nodiscard]] CaseRule nat_timeout();
[[nodiscard]] CaseRule hold_release();
[[nodiscard]] CaseRule sender_stall();

}  // namespace viaduct::diagnose::rules
