// SPDX-License-Identifier: GPL-2.0-or-later
#include "stat/jitter.hpp"

#include <algorithm>
#include <cmath>

namespace viaduct::stat {

void InterarrivalJitter::add(double arrival, std::uint32_t timestamp) {
  if (started_) {
    // Through a signed difference, so that a wrap and a packet out of order are both small steps.
    const double media = static_cast<std::int32_t>(timestamp - timestamp_) / clock_rate_;
    jitter_ += (std::abs((arrival - arrival_) - media) - jitter_) / 16;
    highest_ = std::max(highest_, jitter_);
    sum_ += jitter_;
    ++differences_;
  }
  started_ = true;
  arrival_ = arrival;
  timestamp_ = timestamp;
}

}  // namespace viaduct::stat
