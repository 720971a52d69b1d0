// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include "finding/rule.hpp"

#include <span>
#include <string>

namespace viaduct::app::explain {

/// The rules of `viaduct analyze` and `viaduct audit`, in the order of the list.
using Rules = std::span<const finding::Rule* const>;

/// Everything that can be explained, with its title: behaviours of the failure catalogue, then rules.
[[nodiscard]] std::string list_text(Rules rules);
/// The same by docs/schema/explain-list.json.
[[nodiscard]] std::string list_json(Rules rules);

/// What is known of a behaviour ("b21" is B21) or rule; empty if there is none with this id.
[[nodiscard]] std::string text_of(const std::string& id, Rules rules);
/// The same by docs/schema/explain.json.
[[nodiscard]] std::string json_of(const std::string& id, Rules rules);

/// The id that was probably meant; empty if none is near.
[[nodiscard]] std::string meant_by(const std::string& id, Rules rules);

}  // namespace viaduct::app::explain
