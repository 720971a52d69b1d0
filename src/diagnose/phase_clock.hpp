// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include "base/bytes.hpp"
#include "diagnose/call_rhythm.hpp"

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <vector>

namespace viaduct::diagnose {

/// The clocks that a rhythm may keep to.
enum class PhaseClock : std::uint8_t {
  wall,          ///< all calls tick at the same instants: one box or timer for all
  call_start,    ///< each call from its own begin: a timer of the flow or of the session
  dialog,        ///< from the last re-INVITE or UPDATE of the call
  registration,  ///< from the last REGISTER or OPTIONS of the phone
  line,          ///< calls of one line alone have it: its phone, or how it is connected
  last
};
/// "the wall clock", "the start of the call" …
[[nodiscard]] base::Bytes name(PhaseClock clock);

/// How closely the calls keep to one clock.
struct PhaseTest {
  PhaseClock clock{};
  std::size_t calls = 0;
  double arc = 0;  ///< seconds of the period that hold the phases of all; of `line` its share of the time
  double p = 1;    ///< by chance, where each call has a phase of its own; of `line`: where all lines are alike

  [[nodiscard]] bool locked() const;
};

/// The clocks that can be told apart with these calls, those of a group; `period` is what they have in common. Onsets
/// of calls at the same time only are held against the wall clock, else the period's error adds up. Of each call one
/// stretch counts for the SIP clocks: where SIP comes at a multiple of the period, more of them would say the same
/// again.
[[nodiscard]] std::vector<PhaseTest> phase_tests(std::span<const CallRhythm> calls, double period);
/// Whether the rhythm is that of one line. `share`: of the time in which the group's calls were observed, what is this
/// line's. p = 1 where several lines have it.
[[nodiscard]] PhaseTest line_test(std::span<const CallRhythm> calls, double share);

}  // namespace viaduct::diagnose
