// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include "finding/result.hpp"

#include <cstdint>
#include <map>
#include <set>
#include <vector>

namespace viaduct::app::analyze {

/// Inputs that have packets more than once: before and after a translation, or as a bridge and its ports show them.
class Repeats {
 public:
  /// How the inputs were read.
  enum class Reading : std::uint8_t {
    alone,       ///< as one site, with nothing beside
    other_side,  ///< compared with a capture of the other side
    sites,       ///< as several sites
  };

  /// A stream of the result.
  void add(const finding::StreamSummary& stream);
  /// Says so with the inputs, and what to do about both sides of a router. `apart`: addresses tell the sides apart.
  void tell_sides(Reading reading, bool apart, std::vector<finding::InputSummary>& inputs) const;
  void tell_copies(std::vector<finding::InputSummary>& inputs) const;

 private:
  std::set<std::uint32_t> both_sides_;
  std::map<std::uint32_t, std::uint64_t> copied_;  ///< streams, by input
};

}  // namespace viaduct::app::analyze
