// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include "base/keyed_hash.hpp"
#include "finding/anonymise.hpp"
#include "net/mask.hpp"

namespace viaduct::app::analyze {

/// The masks of one run: the same in all that it writes.
struct Masks {
  explicit Masks(const base::HashKey& with)
      : key(with), names(with, [with](base::Bytes text) { return net::masked_text(text, with); }) {}

  base::HashKey key;          ///< for net::masked()
  finding::Anonymiser names;  ///< with the same key
};

}  // namespace viaduct::app::analyze
