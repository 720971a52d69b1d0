// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include "diagnose/held_finding.hpp"
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
  /// Holds what `rule` says against each of these streams; false if that is nothing.
  bool hold(const MediaRule& rule, std::span<const StreamFacts> streams, std::uint32_t call,
            std::uint32_t first_stream);
  /// One for each call: the worst loss that the path had; else that it cannot be told, or that the capture alone had
  /// them. Where nothing is known of the other side all were the path's.
  [[nodiscard]] std::vector<HeldFinding> judged(const sides::PassedOn& passed_on) &&;

 private:
  struct Loss {
    HeldFinding held;
    sides::SeenStream stream;
    std::uint64_t lost = 0;
    std::uint64_t expected = 0;
  };
  enum class By : std::uint8_t { capture, unclear, path };

  [[nodiscard]] static By lost_by(const Loss& loss, const sides::PassedOn& passed_on);
  [[nodiscard]] static finding::Finding said(finding::Finding&& found, By by);

  std::vector<Loss> losses_;  ///< those of a call one behind the other
};

}  // namespace viaduct::diagnose
