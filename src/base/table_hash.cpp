// SPDX-License-Identifier: GPL-2.0-or-later
#include "base/table_hash.hpp"

#include <algorithm>
#include <cstring>
#include <random>

namespace viaduct::base {

const HashKey& table_key() {
  static const HashKey key = [] {
    std::random_device random;
    HashKey fresh{};
    for (std::uint64_t& word : fresh) word = std::uint64_t{random()} << 32U | random();
    return fresh;
  }();
  return key;
}

std::uint64_t table_hash(Bytes octets) {
  KeyedHash hash(table_key());
  hash.add(octets.size());  // the last word is filled up with zeros
  for (; !octets.empty(); octets.remove_prefix(std::min(octets.size(), sizeof(std::uint64_t)))) {
    std::uint64_t word = 0;
    std::memcpy(&word, octets.data(), std::min(octets.size(), sizeof word));
    hash.add(word);
  }
  return hash.value();
}

}  // namespace viaduct::base
