// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include "gateway/ask.hpp"
#include "gateway/table.hpp"

#include <string>

namespace viaduct::client {

// The gateway's documents (docs/schema/gateway-*.json) as text for people. Fields that are missing, because the
// gateway is older, are shown as "-".

[[nodiscard]] std::string render_status(const Json& document, const Style& style);
[[nodiscard]] std::string render_calls(const Json& document, const Style& style);
[[nodiscard]] std::string render_registrations(const Json& document, const Style& style);
[[nodiscard]] std::string render_why(const Json& document, const Style& style);
[[nodiscard]] std::string render_recent(const Json& document, const Style& style);
[[nodiscard]] std::string render_memory(const Json& document, const Style& style);
[[nodiscard]] std::string render_reload(const Json& document, const Style& style);
/// One line for an event or notice of `watch`.
[[nodiscard]] std::string render_event(const Json& document, const Style& style);

}  // namespace viaduct::client
