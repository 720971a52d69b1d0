// SPDX-License-Identifier: GPL-2.0-or-later
#include "stat/congestion.hpp"

#include "base/check.hpp"
#include "stat/trend.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <vector>

namespace viaduct::stat {
namespace {

constexpr double kBefore = 0.5;
constexpr double kLeastRise = 0.02;
constexpr double kSpreads = 3;
constexpr std::size_t kFewestBefore = 3;
constexpr std::size_t kFewestJudged = 6;
constexpr std::size_t kManyJudged = 30;
constexpr std::size_t kManyGroups = 7;
/// The trend test is quadratic, and no medium sends a thousand packets a second.
constexpr std::size_t kMostBefore = 512;
constexpr std::size_t kShortRun = 10;

/// The transit times of the packets in the half second up to and with `at`, of the last kMostBefore of them.
std::span<const double> before(std::span<const Transit> packets, std::span<const double> relative, double at) {
  const auto from = std::ranges::upper_bound(packets, at - kBefore, {}, &Transit::arrival) - packets.begin();
  const auto to = std::ranges::upper_bound(packets, at, {}, &Transit::arrival) - packets.begin();
  const auto count = static_cast<std::size_t>(to - from);
  return relative.subspan(static_cast<std::size_t>(from), count).last(std::min(count, kMostBefore));
}

void judge_rises(std::span<const Transit> packets, std::span<const double> relative, std::span<const LossRun> losses,
                 Congestion& result) {
  MannKendall trend;
  std::vector<double> window;
  double last = -std::numeric_limits<double>::infinity();
  for (const LossRun& loss : losses) {
    const std::span<const double> values = before(packets, relative, loss.at);
    // Within a group of losses the queue is full and its delay flat, and windows that overlap are not independent.
    if (values.size() >= kFewestBefore && loss.at - last > kBefore) trend.add(values);
    if (loss.at - last > kBefore) ++result.groups;
    last = loss.at;
    if (values.size() < kFewestBefore) continue;
    ++result.judged;
    window.assign(values.begin(), values.end());
    if (median(window) - result.baseline.median > result.threshold) ++result.risen;
  }
  result.p_trend = trend.p_rising();
}

void count_spikes(std::span<const Transit> packets, std::span<const double> relative, std::span<const LossRun> losses,
                  Congestion& result) {
  const auto [least, most] = std::ranges::minmax(relative);
  const double range = most - least;
  bool inside = false;
  std::size_t i = 0;
  for (const LossRun& loss : losses) {
    for (; i < packets.size() && packets[i].arrival <= loss.at; ++i) {
      if (relative[i] > least + range / 2) inside = true;
      if (relative[i] < least + range / 3) inside = false;
    }
    (inside && range > kLeastRise ? result.in_spikes : result.outside) += loss.packets;
  }
}

}  // namespace

RunLengths run_lengths(std::span<const LossRun> losses) {
  RunLengths result{.runs = losses.size()};
  if (losses.empty()) return result;
  std::size_t lost = 0;
  std::size_t brief = 0;
  for (const LossRun& loss : losses) {
    lost += loss.packets;
    result.longest = std::max(result.longest, loss.packets);
    if (loss.packets < kShortRun) ++brief;
  }
  const auto runs = static_cast<double>(result.runs);
  result.mean = static_cast<double>(lost) / runs;
  result.short_share = static_cast<double>(brief) / runs;
  if (result.longest > 1) {
    // A geometric run reaches length L with probability q^(L - 1); one of `runs` does.
    const double reach = std::pow(1 - 1 / result.mean, static_cast<double>(result.longest - 1));
    result.p_longest = -std::expm1(runs * std::log1p(-reach));
  }
  return result;
}

bool Congestion::present() const {
  if (judged == 0) return false;
  if (2 * risen >= judged && p_trend < 0.01 && runs.short_share >= 0.95) return true;
  const double spikes =
      static_cast<double>(in_spikes) / static_cast<double>(std::max<std::size_t>(1, in_spikes + outside));
  const bool stood = 5 * risen >= 4 * judged && spikes >= 0.8;
  const bool shot_up = p_trend < 1e-6 && spikes >= 0.6;
  // The threshold lies above the median, so that without a queue less than half of the groups would be risen.
  const bool always = 5 * risen >= 4 * judged && judged >= kManyJudged && groups >= kManyGroups;
  if (always && runs.short_share >= 0.95) return true;
  return (stood || shot_up) && judged >= kFewestJudged && runs.short_share >= 0.85;
}

Congestion congestion(std::span<const Transit> packets, std::span<const double> relative, std::span<const double> usual,
                      std::span<const LossRun> losses) {
  VIADUCT_CHECK(packets.size() == relative.size());
  Congestion result;
  result.runs = run_lengths(losses);
  if (packets.empty() || usual.empty()) return result;
  std::vector<double> copy(usual.begin(), usual.end());
  result.baseline = median_spread(copy);
  result.threshold = std::max(kLeastRise, kSpreads * result.baseline.mad);
  judge_rises(packets, relative, losses, result);
  count_spikes(packets, relative, losses, result);
  return result;
}

}  // namespace viaduct::stat
