// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include "audit/device.hpp"
#include "audit/product.hpp"
#include "audit/text.hpp"

#include <string>
#include <vector>

namespace viaduct::audit {

/// Why `text` may be less, or more, than the whole configuration of one device of this product, sentences: its end is missing, it has lost
/// its blanks, it holds two names. Of such a text nobody can say that it does not say something.
[[nodiscard]] std::vector<std::string> doubts_of(const Text& text, const Product& product);

/// The texts of the devices that follow one another in `text`, where their bounds are sure: whole configurations that close with a mark of
/// this product, or begin with its head. One, the text itself, otherwise. Lines keep their numbers.
[[nodiscard]] std::vector<Text> devices_in(const Text& text, const Product& product);

/// What is off by a text that leaves doubts is not known. What is on stays so.
void doubt(Device& device);

}  // namespace viaduct::audit
