// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include "audit/device.hpp"
#include "audit/product.hpp"
#include "audit/text.hpp"

namespace viaduct::audit {

/// Products without a reader: state and timer as the patterns of the catalogue find them, no surer than the catalogue
/// is.
void read_by_patterns(const Text& text, const Product& product, Device& device);

/// Seconds of a timer as it stands in a configuration; Timer::kUnknown for what is none.
[[nodiscard]] std::int64_t seconds_of(Bytes value, TimerPattern::Unit unit);

}  // namespace viaduct::audit
