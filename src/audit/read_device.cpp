// SPDX-License-Identifier: GPL-2.0-or-later
#include "audit/read_device.hpp"

#include "audit/pattern_reader.hpp"
#include "audit/products/products.hpp"

namespace viaduct::audit {
namespace {

[[nodiscard]] std::string unreadable(const Text& text) {
  switch (text.kind()) {
    case Text::Kind::empty: return "the file is empty";
    case Text::Kind::binary: return "this is no text: export the configuration as text";
    case Text::Kind::sealed: return "encrypted or packed, and cannot be read here: " + std::string(text.maker());
    default: return "not recognised: no product of the catalogue writes configurations like this one";
  }
}

}  // namespace

Device read_device(const Text& text, const Catalogue&, const Recogniser& recogniser) {
  Device device;
  const std::vector<Recogniser::Guess> guesses =
      text.kind() == Text::Kind::text ? recogniser.guess(text) : std::vector<Recogniser::Guess>();
  if (guesses.empty()) {
    device.problems.push_back(unreadable(text));
    return device;
  }
  const Product& product = *guesses.front().product;
  device.product = product.id;
  device.sure = guesses.front().sure;
  if (const products::Reader read = products::reader_of(product.reader); read != nullptr) {
    device.deep = true;
    read(text, product, device);
  } else {
    read_by_patterns(text, product, device);
  }
  return device;
}

}  // namespace viaduct::audit
