// SPDX-License-Identifier: GPL-2.0-or-later
#include "stat/transit.hpp"

#include "base/check.hpp"

#include <algorithm>
#include <cstddef>
#include <vector>

namespace viaduct::stat {
namespace {

constexpr double kLargestSkew = 5e-4;

struct Point {
  double x = 0;
  double y = 0;
};

/// Whether b lies on or above the line from a to c.
bool above(const Point& a, const Point& b, const Point& c) {
  return (b.y - a.y) * (c.x - a.x) >= (c.y - a.y) * (b.x - a.x);
}

/// Slope of the edge of the lower hull over the mean of all x: of all lines under the points it is the highest there,
/// and so the nearest on average.
double lower_slope(std::span<const Transit> packets) {
  const Transit origin = packets.front();
  std::vector<Point> hull;
  double mean = 0;
  for (const Transit& packet : packets) {
    const double x = packet.arrival - origin.arrival;
    const Point point{x, x - (packet.media - origin.media)};
    mean += x / static_cast<double>(packets.size());
    if (!hull.empty() && hull.back().x >= x) {
      if (hull.back().y <= point.y) continue;
      hull.pop_back();
    }
    while (hull.size() > 1 && above(hull[hull.size() - 2], hull.back(), point)) hull.pop_back();
    hull.push_back(point);
  }
  for (std::size_t i = 1; i < hull.size(); ++i) {
    if (hull[i].x >= mean) return (hull[i].y - hull[i - 1].y) / (hull[i].x - hull[i - 1].x);
  }
  return 0;
}

}  // namespace

double relative_transit(std::span<const Transit> packets, std::span<double> relative) {
  VIADUCT_CHECK(packets.size() == relative.size());
  if (packets.empty()) return 0;
  const double skew = std::clamp(lower_slope(packets), -kLargestSkew, kLargestSkew);
  const Transit origin = packets.front();
  for (std::size_t i = 0; i < packets.size(); ++i) {
    const double x = packets[i].arrival - origin.arrival;
    relative[i] = x - (packets[i].media - origin.media) - skew * x;
  }
  const double least = *std::ranges::min_element(relative);
  for (double& value : relative) value -= least;
  return skew;
}

}  // namespace viaduct::stat
