// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include "audit/catalogue.hpp"

#include <cstddef>
#include <string>
#include <vector>

namespace viaduct::app::audit {

/// `viaduct vendors`: a line a product.
[[nodiscard]] std::string vendors_text(const std::vector<const viaduct::audit::Product*>& products, std::size_t width);
[[nodiscard]] std::string vendors_json(const std::vector<const viaduct::audit::Product*>& products);

/// `viaduct how-to`: everything that is known of one product, for a person at its keyboard or web interface.
[[nodiscard]] std::string how_to_text(const viaduct::audit::Product& product, std::size_t width);
[[nodiscard]] std::string how_to_json(const viaduct::audit::Product& product);

}  // namespace viaduct::app::audit
