// SPDX-License-Identifier: GPL-2.0-or-later
#include "stat/coincidence.hpp"

#include "stat/random.hpp"
#include "stat/tails.hpp"

#include <algorithm>
#include <cstdint>
#include <utility>

namespace viaduct::stat {
namespace {

/// When, and on which line.
using Onset = std::pair<double, std::uint32_t>;

struct Common {
  double start = 0;
  double end = 0;
  std::vector<Onset> onsets;

  [[nodiscard]] double length() const { return end - start; }
};

Common common_time(std::span<const Train> lines) {
  Common common{.start = lines.front().start, .end = lines.front().end, .onsets = {}};
  for (const Train& line : lines) {
    common.start = std::max(common.start, line.start);
    common.end = std::min(common.end, line.end);
  }
  for (std::size_t i = 0; i < lines.size(); ++i) {
    for (const double onset : lines[i].onsets) {
      if (onset >= common.start && onset <= common.end)
        common.onsets.emplace_back(onset, static_cast<std::uint32_t>(i));
    }
  }
  return common;
}

/// Pairs of different lines within the window; `onsets` come out sorted.
std::size_t count_pairs(std::vector<Onset>& onsets, double window) {
  std::ranges::sort(onsets);
  std::size_t pairs = 0;
  for (std::size_t late = 1, first = 0; late < onsets.size(); ++late) {
    while (onsets[late].first - onsets[first].first > window) ++first;
    for (std::size_t early = first; early < late; ++early) pairs += onsets[early].second == onsets[late].second ? 0 : 1;
  }
  return pairs;
}

/// How often the lines, each moved round by its own time, make as many pairs.
double shifted_p(const Common& common, std::size_t lines, std::size_t pairs, double window, Shifts shifts) {
  Random random(shifts.seed);
  std::vector<double> by(lines);
  std::vector<Onset> moved;
  std::size_t reached = 0;
  for (std::size_t shift = 0; shift < shifts.count; ++shift) {
    // Only how the lines lie to each other counts, so the first stays.
    for (std::size_t line = 1; line < lines; ++line) by[line] = common.length() * random.uniform();
    moved = common.onsets;
    for (auto& [at, line] : moved) {
      at += by[line];
      if (at > common.end) at -= common.length();
    }
    if (count_pairs(moved, window) >= pairs) ++reached;
  }
  return static_cast<double>(reached + 1) / static_cast<double>(shifts.count + 1);
}

/// Neither too regular nor too clustered for a Poisson process, as far as the intervals tell.
bool looks_random(const Common& common, std::uint32_t line, IntervalNull& null) {
  std::vector<double> own;
  for (const auto& [at, whose] : common.onsets) {
    if (whose == line) own.push_back(at);
  }
  const Regularity intervals = regularity(own, 0, null);
  // Fewer intervals than that cannot tell a cluster from chance.
  return intervals.intervals >= 3 && intervals.p > 0.025 && intervals.p < 0.975;
}

}  // namespace

Coincidence same_instant(std::span<const Train> lines, double window, IntervalNull& null, Shifts shifts) {
  Coincidence result;
  if (lines.empty()) return result;
  Common common = common_time(lines);
  result.common = std::max(0.0, common.length());
  std::vector<std::size_t> counts(lines.size());
  for (const auto& [at, line] : common.onsets) ++counts[line];
  double products = 0;  // of the onset numbers of each two lines
  double before = 0;
  for (const std::size_t n : counts) {
    products += before * static_cast<double>(n);
    before += static_cast<double>(n);
    if (n > 0) ++result.lines;
  }
  if (result.lines < 2 || result.common <= 0) return result;
  for (std::uint32_t line = 0; line < lines.size(); ++line) {
    result.at_random = result.at_random && looks_random(common, line, null);
  }
  result.at_random = result.at_random && result.lines == 2;
  result.expected = 2 * window * products / result.common;
  result.pairs = count_pairs(common.onsets, window);
  result.p_poisson = poisson_upper(result.pairs, result.expected);
  result.p_shifted = shifted_p(common, lines.size(), result.pairs, window, shifts);
  result.p = result.at_random ? result.p_poisson : result.p_shifted;
  return result;
}

std::vector<double> merge_onsets(std::span<const Train> lines, double distance) {
  std::vector<double> merged;
  for (const Train& line : lines) merged.insert(merged.end(), line.onsets.begin(), line.onsets.end());
  std::ranges::sort(merged);
  std::size_t kept = 0;
  for (const double onset : merged) {
    if (kept == 0 || onset - merged[kept - 1] >= distance) merged[kept++] = onset;
  }
  merged.resize(kept);
  return merged;
}

}  // namespace viaduct::stat
