// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include "analyze/call_filter.hpp"
#include "call/signalling.hpp"
#include "finding/result.hpp"

#include <string>
#include <vector>

namespace viaduct::app::analyze {

/// Puts what was seen at `site` and passes `filter` into the tables of `result`; finish_registrations() orders them.
/// The registrations that passed, which live as long as `signalling`.
std::vector<const call::Registration*> add_registrations(const call::Signalling& signalling, const CallFilter& filter,
                                                         const std::string& site, finding::Result& result);

/// Puts the tables in their order, and says with the last input how many registrations and subscriptions there was no
/// room for.
void finish_registrations(finding::Result& result);

}  // namespace viaduct::app::analyze
