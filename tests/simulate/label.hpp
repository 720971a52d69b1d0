// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include "simulate/site.hpp"

#include <string>
#include <string_view>

namespace viaduct::simulate {

/// The truth about the calls of a site, one JSON object a line (README.md tells the members).
[[nodiscard]] std::string call_labels(const SiteSetup& setup, const SiteRun& run);
/// The truth about the site as one line.
[[nodiscard]] std::string site_label(const SiteSetup& setup, const SiteRun& run);

}  // namespace viaduct::simulate
