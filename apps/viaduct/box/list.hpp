// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include "faults/catalogue.hpp"

#include <string>

namespace viaduct::app::box {

/// All behaviours with their parameters, all families, and what cannot be reproduced, for people.
[[nodiscard]] std::string list_text();
/// The same by docs/schema/faults-list.json.
[[nodiscard]] std::string list_json();

/// One behaviour: what it does, how it shows, how it is found.
[[nodiscard]] std::string explain_text(const faults::CatalogueEntry& entry);
/// The same by docs/schema/explain.json.
[[nodiscard]] std::string explain_json(const faults::CatalogueEntry& entry);

}  // namespace viaduct::app::box
