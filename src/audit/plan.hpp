// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

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
      clear,    ///< ends sessions that keep the old state: interrupts calls
      restart,  ///< what it interrupts is everything
      verify,   ///< shows the state after
      undo,
      last
    };
    Kind kind = Kind::check;
    std::string command;
    bool verified = true;  ///< a document backs it, and nothing is left open in angles
    bool by_hand = false;  ///< words for a person, which no command line takes
    bool backed = true;    ///< a document backs it and those that belong to it
    bool open = false;     ///< something in it is left open in angles
  };
  std::vector<Step> steps;
  std::string where;           ///< the way by the web interface, empty if there is none
  bool where_verified = true;  ///< a document backs it
  std::vector<std::string> notes;
};
/// check, backup, change, timer, clear, restart, verify, undo.
[[nodiscard]] Bytes name(Plan::Step::Kind kind);

/// The catalogue's commands; what the device alone knows stays open in angles. `features` and `timers` say what is to
/// be changed. Commands that change something belong together: where one of them is not verified, none is.
[[nodiscard]] Plan plan_of(const Product& product, bool features, bool timers);

/// The same for one device: the exact edits that its reader gave for what is on, unknown or too short. The catalogue's
/// commands stand in for those for which it gave none; beside edits they are marked as not verified.
[[nodiscard]] Plan plan_of(const Product& product, const Device& device, bool features, bool timers);

}  // namespace viaduct::audit
