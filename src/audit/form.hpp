// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include "audit/device.hpp"
#include "audit/product.hpp"
#include "audit/text.hpp"

#include <cstdint>
#include <vector>

namespace viaduct::audit {

/// Tells in `device` why the text it was read from may be less, or more, than the whole configuration of one device:
/// its end is missing, it has lost its blanks, it holds two names, or `others` say it, products that it is of besides.
/// Of such a text nobody can say that it does not say something: what is off by it, or where a reader could not read
/// all of it, becomes unknown. What is on stays so.
void doubt(const Text& text, const Product& product, const std::vector<const Product*>& others, Device& device);

/// The first lines of the devices that follow one another in `text`, where their bounds are sure: whole configurations
/// that close with a mark of this product, or begin with its head. One where it is one device, or where they cannot be
/// told apart.
[[nodiscard]] std::vector<std::uint32_t> devices_in(const Text& text, const Product& product);

}  // namespace viaduct::audit
