// SPDX-License-Identifier: GPL-2.0-or-later
#include "rtp/clock_guess.hpp"

#include <array>
#include <cmath>

namespace viaduct::rtp {

void ClockGuess::add(Time time, std::uint32_t timestamp) {
  constexpr std::uint32_t kTry = 50;
  constexpr std::uint32_t kGiveUp = 1000;
  constexpr double kTolerance = 0.03;
  constexpr std::array<std::uint32_t, 7> kUsual{8000, 12000, 16000, 24000, 44100, 48000, 90000};
  if (rate_ != 0 || packets_ > kGiveUp) return;
  if (packets_++ % kTry != 0) return;
  const double passed = seconds(time - from_);
  const double ticks = std::uint32_t{timestamp - timestamp_};
  if (packets_ > 1 && passed >= 1) {
    for (const std::uint32_t usual : kUsual)
      if (std::abs(ticks / passed - usual) <= kTolerance * usual) rate_ = usual;
  }
  // Also where it did not fit: a time stamp that jumped is behind us then.
  from_ = time;
  timestamp_ = timestamp;
}

}  // namespace viaduct::rtp
