// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include "message/reading.hpp"

#include <nlohmann/json_fwd.hpp>

#include <string>

namespace viaduct::message {

/// The report for a person. Every received octet in it went through base::escape().
[[nodiscard]] std::string to_text(const Reading& reading, bool colours);

/// The same as one JSON object; docs/schema/message.json describes it. Offsets count octets of the file.
[[nodiscard]] nlohmann::ordered_json to_json(const Reading& reading);

}  // namespace viaduct::message
