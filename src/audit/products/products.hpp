// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include "audit/device.hpp"
#include "audit/product.hpp"
#include "audit/text.hpp"
#include "audit/tree.hpp"

namespace viaduct::audit::products {

/// What the text of one product says of SIP, into `device`, whose product, version and certainty are set as far as they
/// were recognised; a reader may say them better. Defaults that no line shows are the product's, each with its words.
using Reader = void (*)(const Text& text, const Product& product, Device& device);

/// The reader that a product of the catalogue names (`reader`), or none.
[[nodiscard]] Reader reader_of(Bytes name);

/// A timer whose seconds stand in `value`; what is no number is not known.
[[nodiscard]] Timer timer_of(std::string name, std::string scope, Timer::Applies applies, Node value);

/// The words from the root to `node` as they are typed, with blanks between them; those that are no plain words stand
/// in `quote`. One with that quote, a backslash or an end of line in it has no safe form: it is left as a blank in
/// angles.
[[nodiscard]] std::string path_of(Node node, char quote = '"');
/// A word of it.
[[nodiscard]] std::string word_of(Bytes word, char quote = '"');

// One function and one file (or two) each.
#define VIADUCT_READER(name) void read_##name(const Text& text, const Product& product, Device& device);
#include "audit/products/table.def"
#undef VIADUCT_READER

}  // namespace viaduct::audit::products
