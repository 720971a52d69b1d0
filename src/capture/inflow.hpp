// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include "base/bytes.hpp"

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>

namespace viaduct::capture {

/// How an inflow came to its end.
enum class InflowEnd : std::uint8_t {
  whole,              ///< there was no more
  read_failed,        ///< the system refused to read on
  compressed_cut,     ///< the compressed data stop in their middle
  compressed_broken,  ///< the compressed data contradict themselves, or need more memory than anybody should give
};

/// Octets in their order, from wherever they come.
class Inflow {
 public:
  virtual ~Inflow() = default;

  /// Puts between 1 and `room` octets into `into` and says how many; 0 at the end, from then on always.
  [[nodiscard]] virtual std::size_t read(char* into, std::size_t room) = 0;
  /// Meaningful once read() has returned 0.
  [[nodiscard]] virtual InflowEnd end() const { return InflowEnd::whole; }
};

/// A file, pipe or socket; closed at the end of its life if it is `owned`.
[[nodiscard]] std::unique_ptr<Inflow> inflow_of_descriptor(int descriptor, bool owned);
/// Octets that outlive the inflow.
[[nodiscard]] std::unique_ptr<Inflow> inflow_of_memory(base::Bytes octets);

/// gzip or Zstandard, told by the first octets.
enum class Compression : std::uint8_t { none, gzip, zstd };
[[nodiscard]] Compression compression_of(base::Bytes first_octets);
/// Most first octets that compression_of needs.
inline constexpr std::size_t kCompressionMagic = 4;

/// What `compressed` unpacks to, all members and frames one after another; `first_octets` were already read from it.
[[nodiscard]] std::unique_ptr<Inflow> unpacked(Compression how, std::unique_ptr<Inflow> compressed,
                                               std::string first_octets);

}  // namespace viaduct::capture
