// SPDX-License-Identifier: GPL-2.0-or-later
#include "audit/products/products.hpp"

#include <algorithm>
#include <array>
#include <string>

namespace viaduct::audit::products {
namespace {

struct Entry {
  Bytes name;
  Reader read = nullptr;
};

constexpr Entry kReaders[] = {
#define VIADUCT_READER(name) {#name, read_##name},
#include "audit/products/table.def"
#undef VIADUCT_READER
};

}  // namespace

Reader reader_of(Bytes name) {
  std::string function(name);
  std::ranges::replace(function, '-', '_');
  const auto* const at = std::ranges::find(kReaders, Bytes(function), &Entry::name);
  return at == std::end(kReaders) ? nullptr : at->read;
}

}  // namespace viaduct::audit::products
