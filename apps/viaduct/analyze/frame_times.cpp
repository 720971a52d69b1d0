// SPDX-License-Identifier: GPL-2.0-or-later
#include "analyze/frame_times.hpp"

#include <algorithm>
#include <utility>

namespace viaduct::app::analyze {
namespace {

/// Times may stand at both ends of all time: their distance then is no Duration.
[[nodiscard]] bool near(capture::Time a, capture::Time b) {
  const capture::Time low = std::min(a, b);
  return low > capture::Time::max() - FrameTimes::kStep || std::max(a, b) <= low + FrameTimes::kStep;
}

}  // namespace

void FrameTimes::add(const capture::Record& record) {
  if (!record.timed) {
    flush();
    take_(record);
    return;
  }
  if (held_) {
    const bool stray = near(record.time, *last_) && !near(record.time, held_->time);
    strays_ += stray ? 1 : 0;
    release(stray ? *last_ : held_->time);
  }
  if (!last_ || near(record.time, *last_)) {
    last_ = record.time;
    take_(record);
    return;
  }
  held_ = record;
  octets_ = record.frame;
  comment_ = record.comment;
}

void FrameTimes::flush() {
  if (held_) release(held_->time);
}

void FrameTimes::release(capture::Time time) {
  capture::Record record = *std::exchange(held_, std::nullopt);
  record.time = time;
  record.frame = octets_;
  record.comment = comment_;
  set_back_ += time < *last_ ? 1 : 0;
  last_ = time;
  take_(record);
}

}  // namespace viaduct::app::analyze
