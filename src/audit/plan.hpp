// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include "audit/device.hpp"
#include "audit/product.hpp"

#include <string>
#include <vector>

namespace viaduct::audit {

/// What to type on a device, step by step, to check, fix and undo. Nothing here acts on a device.
struct Plan {
  struct Step {
    enum class Kind : std::uint8_t {
      check,    ///< shows the state before
      backup,   ///< keeps the configuration as it is
      change,   ///< switches the features off
      timer,    ///< sets the UDP timers
      queue,    ///< gives RTP priority: an example that wants thought
      clear,    ///< ends sessions that keep the old state: interrupts calls
      restart,  ///< what it interrupts is everything
      verify,   ///< shows the state after
      undo,
      last
    };
    Kind kind = Kind::check;
    std::string command;
    bool verified = true;  ///< a document backs it, and nothing is left open in angles
  };
  std::vector<Step> steps;
  std::string where;  ///< the way by the web interface, empty if there is none
  std::vector<std::string> notes;

  [[nodiscard]] std::vector<std::string> of(Step::Kind kind) const;
};
/// check, backup, change, timer, queue, clear, restart, verify, undo.
[[nodiscard]] Bytes name(Plan::Step::Kind kind);

/// For this device; without one (a how-to) blanks stay open. `features` and `timers` say what is to be changed.
[[nodiscard]] Plan plan_of(const Product& product, const Device* device, bool features, bool timers);

}  // namespace viaduct::audit
