// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include "diagnose/rule_code.hpp"
#include "diagnose/sides/comparison.hpp"

#include <vector>

namespace viaduct::diagnose::rules {

/// Sets evidence and exhibits of a finding to changed messages of `facts.other_side`, and adds their calls and
/// behaviours. They come in the order given, but for one of each kind first: what the same fields of the same message
/// suffered in a call that works must not hide what they suffered in one that does not.
void show_each_kind(finding::Finding& found, const CaseFacts& facts, std::vector<const sides::ChangedMessage*> which);

}  // namespace viaduct::diagnose::rules
