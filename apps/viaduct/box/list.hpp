// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <string>

namespace viaduct::app::box {

/// All behaviours with their parameters, all families, and what cannot be reproduced, for people.
[[nodiscard]] std::string list_text();
/// The same by docs/schema/faults-list.json.
[[nodiscard]] std::string list_json();

}  // namespace viaduct::app::box
