// SPDX-License-Identifier: GPL-2.0-or-later
#include "faults/port_set.hpp"

#include <bit>

namespace viaduct::faults {
namespace {

std::uint64_t ports_of(PortSet::Parity parity) {
  switch (parity) {
    case PortSet::Parity::even:
      return 0x5555555555555555ULL;
    case PortSet::Parity::odd:
      return 0xaaaaaaaaaaaaaaaaULL;
    case PortSet::Parity::any:
      break;
  }
  return ~std::uint64_t{0};
}

}  // namespace

std::optional<std::uint16_t> PortSet::lowest_free(std::uint16_t first, std::uint16_t last, Parity parity) const {
  if (first > last) return std::nullopt;
  for (std::size_t at = first / kBits; at <= last / kBits; ++at) {
    std::uint64_t free = ~taken_[at] & ports_of(parity);
    if (at == first / kBits) free &= ~std::uint64_t{0} << first % kBits;
    if (at == last / kBits) free &= ~std::uint64_t{0} >> (kBits - 1 - last % kBits);
    if (free != 0) return static_cast<std::uint16_t>(at * kBits + static_cast<std::size_t>(std::countr_zero(free)));
  }
  return std::nullopt;
}

}  // namespace viaduct::faults
