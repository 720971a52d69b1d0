// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <array>
#include <bit>
#include <cstdint>

namespace viaduct::base {

/// The secret of a KeyedHash, random for each run.
using HashKey = std::array<std::uint64_t, 2>;

/// SipHash-2-4 (Aumasson, Bernstein 2012) over words of 64 bits: whoever has no key cannot tell what was hashed.
class KeyedHash {
 public:
  constexpr explicit KeyedHash(const HashKey& key)
      : state_{key[0] ^ 0x736f6d6570736575, key[1] ^ 0x646f72616e646f6d, key[0] ^ 0x6c7967656e657261,
               key[1] ^ 0x7465646279746573} {}

  constexpr KeyedHash& add(std::uint64_t word) {
    state_[3] ^= word;
    round();
    round();
    state_[0] ^= word;
    size_ += 8;
    return *this;
  }
  /// Of all words added so far; more may be added afterwards.
  [[nodiscard]] constexpr std::uint64_t value() const {
    KeyedHash end = *this;
    end.add(static_cast<std::uint64_t>(size_) << 56);
    end.state_[2] ^= 0xff;
    for (int i = 0; i < 4; ++i) end.round();
    return end.state_[0] ^ end.state_[1] ^ end.state_[2] ^ end.state_[3];
  }

 private:
  constexpr void round() {
    auto& [a, b, c, d] = state_;
    a += b;
    b = std::rotl(b, 13) ^ a;
    a = std::rotl(a, 32);
    c += d;
    d = std::rotl(d, 16) ^ c;
    a += d;
    d = std::rotl(d, 21) ^ a;
    c += b;
    b = std::rotl(b, 17) ^ c;
    c = std::rotl(c, 32);
  }

  std::array<std::uint64_t, 4> state_;
  std::uint8_t size_ = 0;  ///< modulo 256, as the algorithm has it
};

}  // namespace viaduct::base
