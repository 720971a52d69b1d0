// SPDX-License-Identifier: GPL-2.0-or-later
// Any octets as captured text: the places that tell who somebody is lie in it, in order, and masks keep marks where
// they belong.
#include "finding/anonymise.hpp"

#include "finding/sensitive.hpp"
#include "net/mask.hpp"
#include "target.hpp"

#include <cstddef>
#include <cstdint>

namespace {

using namespace viaduct;

constexpr base::HashKey kKey{1, 2};

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const base::Bytes text(reinterpret_cast<const char*>(data), size);
  std::size_t end = 0;
  for (const finding::Sensitive& place : finding::sensitive_places(text)) {
    VIADUCT_CHECK(place.range.offset >= end && place.range.length > 0 && place.range.end() <= size);
    end = place.range.end();
  }
  finding::Anonymiser anonymiser(kKey, [](base::Bytes address) { return net::masked_text(address, kKey); });
  anonymiser.learn(text);
  base::Range whole = base::between(0, size);
  base::Range middle = base::between(size / 3, size - size / 3);
  base::Range* const ranges[] = {&whole, &middle};
  const std::string masked = anonymiser.masked(text, ranges);
  VIADUCT_CHECK(whole == base::between(0, masked.size()));
  VIADUCT_CHECK(middle.end() <= masked.size());
  VIADUCT_CHECK(anonymiser.word(text).size() == size);
  return 0;
}
