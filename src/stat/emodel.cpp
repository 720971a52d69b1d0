// SPDX-License-Identifier: GPL-2.0-or-later
#include "stat/emodel.hpp"

#include <algorithm>

namespace viaduct::stat {

double transmission_rating(CodecImpairment codec, StreamLoss loss, double delay) {
  const double percent = 100 * loss.share;
  // Random loss of this share has runs of 1 / (1 - share) on average. Shorter runs are no bonus.
  const double burst = std::max(1.0, loss.mean_run * (1 - loss.share));
  const double equipment = codec.ie + (95 - codec.ie) * percent / (percent / burst + codec.bpl);
  const double milliseconds = 1000 * delay;
  const double late = 0.024 * milliseconds + 0.11 * std::max(0.0, milliseconds - 177.3);
  return 93.2 - late - equipment;
}

double mean_opinion_score(double rating) {
  if (rating <= 0) return 1;
  if (rating >= 100) return 4.5;
  // The cubic dips under 1 for the lowest ratings.
  return std::max(1.0, 1 + 0.035 * rating + 7e-6 * rating * (rating - 60) * (100 - rating));
}

}  // namespace viaduct::stat
