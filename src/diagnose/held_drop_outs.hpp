// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include "diagnose/held_finding.hpp"
#include "diagnose/rule_code.hpp"
#include "diagnose/sides/passed_on.hpp"

#include <cstdint>
#include <span>
#include <vector>

namespace viaduct::diagnose {

/// Drop-outs of calls, held back until the capture of the other side tells which of them only the capture had.
class HeldDropOuts {
 public:
  /// Keeps what `rule` judges of these streams; false if they have no outage.
  bool hold(const MediaRule& rule, std::span<const StreamFacts> streams, std::uint32_t call,
            std::uint32_t first_stream);
  /// One for each call. Where nothing is known of the other side all were real.
  [[nodiscard]] std::vector<HeldFinding> judged(const sides::PassedOn& passed_on) &&;

 private:
  struct Held {
    finding::Finding (*judge)(std::span<const StreamFacts> streams);
    std::vector<StreamFacts> streams;
    std::uint32_t call = 0;
    std::uint32_t first_stream = 0;
  };

  std::vector<Held> held_;
};

}  // namespace viaduct::diagnose
