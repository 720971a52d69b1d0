// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <cmath>
#include <cstdint>

namespace viaduct::stat {

/// A seeded generator for simulated null distributions: the same seed gives the same numbers on every machine, so a
/// p-value never changes between two runs. SplitMix64 (Steele, Lea, Flood 2014); not for secrets.
class Random {
 public:
  explicit constexpr Random(std::uint64_t seed) : state_(seed) {}

  constexpr std::uint64_t next() {
    state_ += 0x9e3779b97f4a7c15ULL;
    std::uint64_t mixed = state_;
    mixed = (mixed ^ (mixed >> 30U)) * 0xbf58476d1ce4e5b9ULL;
    mixed = (mixed ^ (mixed >> 27U)) * 0x94d049bb133111ebULL;
    return mixed ^ (mixed >> 31U);
  }
  /// In [0, 1).
  constexpr double uniform() { return static_cast<double>(next() >> 11U) * 0x1p-53; }
  /// Mean 1.
  double exponential() { return -std::log1p(-uniform()); }
  /// Mean 0, standard deviation 1.
  double normal() { return std::sqrt(2 * exponential()) * std::cos(6.283185307179586 * uniform()); }

 private:
  std::uint64_t state_;
};

}  // namespace viaduct::stat
