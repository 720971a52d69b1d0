// SPDX-License-Identifier: GPL-2.0-or-later
// A configuration in braces whose end is missing never says the contrary of the whole one to its reader alone, neither
// on nor off. Of all products: tests/audit/damage_test.cpp.
#include "audit/catalogue.hpp"
#include "audit/products/products.hpp"

#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <iterator>

namespace viaduct::audit::products {
namespace {

namespace fs = std::filesystem;

[[nodiscard]] std::string file_of(const fs::path& path) {
  std::ifstream file(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(file), {}};
}

[[nodiscard]] State state_of(std::string octets, const Product& product) {
  const Text text = Text::read("a", std::move(octets));
  Device device;
  reader_of(product.reader)(text, product, device);
  return device.sip;
}

class Cut : public testing::TestWithParam<const char*> {};

[[nodiscard]] bool contrary(State cut, State whole) {
  return cut != State::unknown && whole != State::unknown && (cut == State::off) != (whole == State::off);
}

TEST_P(Cut, IsNotTheContrary) {
  static const Catalogue catalogue = Catalogue::built_in();
  const Product* const product = catalogue.find(GetParam());
  ASSERT_NE(product, nullptr);
  int files = 0;
  for (const fs::directory_entry& entry :
       fs::directory_iterator(fs::path(VIADUCT_SOURCE_DIR) / "tests/audit/cases" / GetParam())) {
    // Of lines of `set` nobody can tell that one is missing.
    if (entry.path().extension() == ".toml" || entry.path().extension() == ".set") continue;
    ++files;
    const std::string whole = file_of(entry.path());
    const State state = state_of(whole, *product);
    const std::size_t last = whole.rfind('}');
    for (std::size_t end = whole.find('\n'); end < last; end = whole.find('\n', end + 1))
      EXPECT_FALSE(contrary(state_of(whole.substr(0, end), *product), state))
          << entry.path() << " cut at octet " << end;
  }
  EXPECT_GT(files, 0);
}

INSTANTIATE_TEST_SUITE_P(Products, Cut,
                         testing::Values("juniper-srx", "ubiquiti-edgeos", "ubiquiti-usg", "vyos-1.3", "vyos-1.4"));

}  // namespace
}  // namespace viaduct::audit::products
