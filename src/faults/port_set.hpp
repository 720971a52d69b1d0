// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <array>
#include <cstdint>
#include <optional>

namespace viaduct::faults {

/// The ports of one outer address that are taken. A search looks at 64 ports at once, so that a full range costs a new
/// flow no more than an empty one.
class PortSet {
 public:
  enum class Parity : std::uint8_t { any, even, odd };

  void insert(std::uint16_t port) { word_of(port) |= bit_of(port); }
  void erase(std::uint16_t port) { word_of(port) &= ~bit_of(port); }
  /// The lowest port from `first` to `last` that is not taken.
  [[nodiscard]] std::optional<std::uint16_t> lowest_free(std::uint16_t first, std::uint16_t last, Parity parity) const;

 private:
  static constexpr std::size_t kBits = 64;
  [[nodiscard]] static std::uint64_t bit_of(std::uint16_t port) { return std::uint64_t{1} << port % kBits; }
  [[nodiscard]] std::uint64_t& word_of(std::uint16_t port) { return taken_[port / kBits]; }

  std::array<std::uint64_t, 65536 / kBits> taken_{};
};

}  // namespace viaduct::faults
