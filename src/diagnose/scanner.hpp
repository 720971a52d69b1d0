// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include "base/bytes.hpp"
#include "call/call.hpp"
#include "finding/finding.hpp"

namespace viaduct::diagnose {

/// Whether a User-Agent is what a scanner calls itself; who is out to hide says something else.
[[nodiscard]] bool is_scanner(base::Bytes product);

/// Makes what is said of a scanner a note that says so: it is no phone, and to get nothing is all it should.
void note_scanner(finding::Finding& finding, base::Bytes product);
/// The same, if it was one that called.
void note_if_scanner(const call::Call& call, finding::Finding& finding);

}  // namespace viaduct::diagnose
