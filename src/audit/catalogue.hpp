// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include "audit/product.hpp"

#include <expected>
#include <span>
#include <string>
#include <vector>

namespace viaduct::audit {

/// All products that are known.
class Catalogue {
 public:
  /// The one in the binary (data/vendors).
  static Catalogue built_in();

  /// Adds the products of one TOML document (docs/catalogue.md); one whose id is there takes its place. The error is a
  /// sentence with file and line, and leaves the catalogue as it was.
  std::expected<void, std::string> add(Bytes toml, Bytes file);

  [[nodiscard]] std::span<const Product> products() const VIADUCT_LIFETIME_BOUND { return products_; }
  /// With this id, or none.
  [[nodiscard]] const Product* find(Bytes id) const VIADUCT_LIFETIME_BOUND;
  /// What people may mean by `words` ("fortigate 60f", "fritz box"), best first; all products for no words.
  [[nodiscard]] std::vector<const Product*> search(Bytes words) const VIADUCT_LIFETIME_BOUND;

 private:
  std::vector<Product> products_;
};

}  // namespace viaduct::audit
