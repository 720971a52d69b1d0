// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include "analyze/call_filter.hpp"
#include "call/signalling.hpp"
#include "finding/result.hpp"

#include <string>

namespace viaduct::app::analyze {

/// Puts what was seen at `site` and passes `filter` into the tables of `result`, in their order.
void add_registrations(const call::Signalling& signalling, const CallFilter& filter, const std::string& site,
                       finding::Result& result);

/// Says with the last input how many registrations and subscriptions there was no room for.
void tell_left_out(finding::Result& result);

}  // namespace viaduct::app::analyze
