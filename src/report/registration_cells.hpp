// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include "finding/result.hpp"

#include <string>
#include <vector>

namespace viaduct::report {

/// A registration as a row: who, from where, as what the registrar saw it, its state, how often. Hostile: not escaped.
/// Headings of figures begin with '>', as of Columns and HtmlTable.
[[nodiscard]] std::vector<std::string> registration_cells(const finding::RegistrationSummary& registration);
[[nodiscard]] std::vector<std::string> registration_heading();

/// A subscription as a row.
[[nodiscard]] std::vector<std::string> subscription_cells(const finding::SubscriptionSummary& subscription);
[[nodiscard]] std::vector<std::string> subscription_heading();

}  // namespace viaduct::report
