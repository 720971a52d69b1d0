// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <cmath>
#include <cstdint>
#include <numbers>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace viaduct::simulate {

/// What a parameter is drawn from, evenly.
struct Range {
  double low = 0, high = 0;
};

/// A PCG-XSH-RR generator (O'Neill 2014) with the draws of this simulation. It uses no distribution of the standard
/// library, as these differ between libraries: the same seed gives the same captures everywhere.
class Random {
 public:
  explicit Random(std::uint64_t seed) {
    next();
    state_ += mix(seed);
    next();
  }

  /// The generator of a part of the world that has a name: what it draws does not change with what its neighbours do.
  [[nodiscard]] static Random of(std::uint64_t seed, std::string_view name) {
    std::uint64_t hash = mix(seed + 0x632be59bd9b4e019);
    for (const char c : name) hash = mix(hash ^ (static_cast<unsigned char>(c) + 0x9e37U));
    return Random(hash);
  }
  /// Another generator, seeded by this one.
  [[nodiscard]] Random fork() {
    const std::uint64_t high = next();
    return Random(high << 32 | next());
  }

  std::uint32_t next() {
    const std::uint64_t old = state_;
    state_ = old * 6364136223846793005ULL + 1442695040888963407ULL;
    const auto shifted = static_cast<std::uint32_t>(((old >> 18) ^ old) >> 27);
    const auto turn = static_cast<std::uint32_t>(old >> 59);
    return shifted >> turn | shifted << (-turn & 31);
  }
  /// In [0, 1).
  double unit() { return next() * 0x1p-32; }
  double in(Range range) { return range.low + (range.high - range.low) * unit(); }
  double in(double low, double high) { return in(Range{low, high}); }
  /// A whole number in [low, high].
  int whole(int low, int high) {
    return low + static_cast<int>(std::uint64_t{next()} * static_cast<std::uint64_t>(high - low + 1) >> 32);
  }
  int whole(Range range) { return whole(static_cast<int>(range.low), static_cast<int>(range.high)); }
  bool chance(double probability) { return unit() < probability; }
  double exponential(double mean) { return -mean * std::log1p(-unit()); }
  /// Box and Muller, one of the two.
  double normal(double deviation) {
    const double radius = std::sqrt(-2 * std::log1p(-unit()));
    return deviation * radius * std::cos(2 * std::numbers::pi * unit());
  }
  template <class T>
  const T& pick(std::span<const T> choices) {
    return choices[static_cast<std::size_t>(whole(0, static_cast<int>(choices.size()) - 1))];
  }
  template <class T>
  const T& pick(const std::vector<T>& choices) {
    return pick(std::span<const T>(choices));
  }
  std::string text(std::size_t length, std::string_view alphabet = "0123456789abcdef") {
    std::string drawn(length, ' ');
    for (char& c : drawn) c = alphabet[static_cast<std::size_t>(whole(0, static_cast<int>(alphabet.size()) - 1))];
    return drawn;
  }

 private:
  static std::uint64_t mix(std::uint64_t value) {
    value = (value ^ (value >> 31)) * 0x7fb5d329728ea185;
    value = (value ^ (value >> 27)) * 0x81dadef4bc2dd44d;
    return value ^ (value >> 33);
  }

  std::uint64_t state_ = 0x853c49e6748fea9b;
};

}  // namespace viaduct::simulate
