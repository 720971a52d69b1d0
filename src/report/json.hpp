// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include "finding/result.hpp"

#include <string>

namespace viaduct::report {

/// One document by docs/result-schema.json, valid UTF-8 whatever was captured; findings, calls and streams stand in a
/// line each, in the order of the result. `result` went through finding::limit().
[[nodiscard]] std::string to_json(const finding::Result& result);

}  // namespace viaduct::report
