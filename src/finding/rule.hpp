// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include "finding/cause.hpp"

namespace viaduct::finding {

/// What a rule looks for, in words that stay the same whatever it finds. All texts live as long as the program:
/// a rule is a constant, and findings borrow from it.
struct Rule {
  Bytes id;                   ///< lower case and dashes: "half-translated-sdp"
  Bytes title;                ///< the fault, as a heading
  Cause cause = Cause::none;  ///< what a failure of it speaks for
  Bytes needs;                ///< what the input must have for a verdict
  Bytes why;                  ///< why it matters
  Bytes remedy;               ///< what to do about it
};

}  // namespace viaduct::finding
