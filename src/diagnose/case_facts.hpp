// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include "call/registration.hpp"
#include "diagnose/call_record.hpp"

#include <span>

namespace viaduct::diagnose {

/// What all inputs together say.
struct CaseFacts {
  std::span<const CallRecord> calls;                       ///< CallRecord::index is the place
  std::span<const call::Registration* const> registrations;
};

}  // namespace viaduct::diagnose
