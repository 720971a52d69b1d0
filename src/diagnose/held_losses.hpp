// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include "diagnose/rule_code.hpp"
#include "diagnose/sides/passed_on.hpp"

#include <cstdint>
#include <span>
#include <vector>

namespace viaduct::diagnose {

/// What was found of media that came here, where the capture itself misses as much of what left here: no verdict.
[[nodiscard]] finding::Finding misses_as_much(finding::Finding&& found);

/// Losses of single streams, held back until the capture of the other side tells whether the path had them or the
/// capture that they are missing from.
class HeldLosses {
 public:
  struct Loss {
    finding::Finding finding;        ///< Finding::streams as the rule gives them
    std::uint32_t call = 0;          ///< as Diagnosis::add() got it
    std::uint32_t first_stream = 0;  ///< the same
    std::uint32_t ssrc = 0;
    net::Endpoint source;
    net::Endpoint destination;
    std::uint64_t lost = 0;
    std::uint64_t expected = 0;
  };

  /// Holds what `rule` says against each of these streams; false if that is nothing.
  bool hold(const MediaRule& rule, std::span<const StreamFacts> streams, std::uint32_t call,
            std::uint32_t first_stream);
  /// One for each call: the worst loss that the path had; else that it cannot be told, or that the capture alone had
  /// them. Where nothing is known of the other side all were the path's.
  [[nodiscard]] std::vector<Loss> judged(const sides::PassedOn& passed_on) &&;

 private:
  std::vector<Loss> losses_;  ///< those of a call one behind the other
};

}  // namespace viaduct::diagnose
