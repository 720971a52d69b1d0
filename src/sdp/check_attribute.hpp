// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include "base/bytes.hpp"
#include "sdp/check.hpp"

namespace viaduct::sdp {

/// Checks one a= line; part of check().
void check_attribute(base::Bytes buffer, base::Range line, Sink sink);

}  // namespace viaduct::sdp
