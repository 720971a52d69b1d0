// SPDX-License-Identifier: GPL-2.0-or-later
#include "call/capture_clock.hpp"

#include <algorithm>
#include <utility>

namespace viaduct::call {
namespace {

/// Times may stand at both ends of all time: their distance then is no Duration.
[[nodiscard]] bool near(Time a, Time b) {
  const auto [low, high] = std::minmax(a, b);
  return high < Time::min() + CaptureClock::kStep || high - CaptureClock::kStep <= low;
}

/// A copy of the same frame does not.
[[nodiscard]] bool confirms(Time time, Time doubted) {
  if (!near(time, doubted)) return time > doubted;
  return std::chrono::abs(time - doubted) >= kMirrorTime;
}

}  // namespace

void CaptureClock::believe(Time time) {
  if (near(time, now_))
    passed_ += std::max(Duration::zero(), time - now_);
  else if (time > now_)
    passed_ += kStep;
  else
    now_ = time;
  now_ = std::max(now_, time);
}

void CaptureClock::see(Time time) {
  if (now_ == Time::min()) now_ = time;
  // Time that goes on from what was doubted confirms it, also after another silence; time that goes on from before
  // tells that it was wrong.
  if (doubted_ && !near(time, now_) && confirms(time, *doubted_)) believe(*std::exchange(doubted_, std::nullopt));
  if (near(time, now_)) {
    doubted_.reset();
    believe(time);
  } else if (!doubted_ || !near(time, *doubted_)) {
    doubted_ = time;
  }
}

void CaptureClock::end() {
  if (doubted_) believe(*std::exchange(doubted_, std::nullopt));
}

}  // namespace viaduct::call
