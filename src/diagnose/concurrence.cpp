// SPDX-License-Identifier: GPL-2.0-or-later
#include "diagnose/concurrence.hpp"

#include "diagnose/call_rhythm.hpp"

#include <algorithm>
#include <cmath>

namespace viaduct::diagnose {
namespace {

constexpr std::size_t kMostLines = 16;
constexpr double kLeastCommon = 60;  ///< seconds
constexpr std::size_t kShifts = 1999;
constexpr double kSameCall = 3;  ///< seconds between the begins, and the ends, of the legs of a conversation

[[nodiscard]] double busiest_moment(const std::vector<Line>& lines) {
  std::vector<std::pair<double, int>> edges;
  for (const Line& line : lines) {
    edges.emplace_back(line.begin, 1);
    edges.emplace_back(line.end, -1);
  }
  std::sort(edges.begin(), edges.end());
  double moment = 0;
  int now = 0;
  int most = 0;
  for (const auto& [time, step] : edges) {
    now += step;
    if (now <= most) continue;
    most = now;
    moment = time;
  }
  return moment;
}

struct Common {
  double begin = -HUGE_VAL;
  double end = HUGE_VAL;
};
[[nodiscard]] Common common_of(const std::vector<Line>& lines) {
  Common common;
  for (const Line& line : lines) {
    common.begin = std::max(common.begin, line.begin);
    common.end = std::min(common.end, line.end);
  }
  return common;
}

/// Those that run at the busiest moment, without the ones that leave the others too little time in common.
void keep_concurrent(std::vector<Line>& lines) {
  const double moment = busiest_moment(lines);
  std::erase_if(lines, [&](const Line& line) { return moment < line.begin || moment >= line.end; });
  std::stable_sort(lines.begin(), lines.end(),
                   [](const Line& a, const Line& b) { return a.onsets.size() > b.onsets.size(); });
  if (lines.size() > kMostLines) lines.resize(kMostLines);
  for (Common common = common_of(lines); lines.size() > 2 && common.end - common.begin < kLeastCommon;
       common = common_of(lines)) {
    const bool late = moment - common.begin < common.end - moment;
    lines.erase(std::max_element(lines.begin(), lines.end(), [&](const Line& a, const Line& b) {
      return late ? a.begin < b.begin : a.end > b.end;
    }));
  }
}

/// The onsets of all lines but one.
[[nodiscard]] std::vector<double> others_of(const std::vector<Line>& lines, const Line& one, const Common& common) {
  std::vector<double> others;
  for (const Line& line : lines)
    if (&line != &one)
      for (const double onset : line.onsets)
        if (common.begin <= onset && onset <= common.end) others.push_back(onset);
  std::sort(others.begin(), others.end());
  return others;
}

/// Most onsets of the line meet those of others, and that is more than the others' number makes them by chance.
[[nodiscard]] bool struck(const Line& line, const std::vector<double>& others, const Common& common) {
  std::size_t onsets = 0;
  std::size_t met = 0;
  for (const double onset : line.onsets) {
    if (onset < common.begin || onset > common.end) continue;
    ++onsets;
    const auto near = std::lower_bound(others.begin(), others.end(), onset - kInstant);
    if (near != others.end() && *near <= onset + kInstant) ++met;
  }
  double covered = 0;
  double done = common.begin;
  for (const double other : others) {
    const double from = std::max(done, other - kInstant);
    const double to = std::min(common.end, other + kInstant);
    covered += std::max(0.0, to - from);
    done = std::max(done, to);
  }
  const double chance = covered / (common.end - common.begin);
  return onsets > 0 && static_cast<double>(met) >= (0.5 + 0.5 * chance) * static_cast<double>(onsets);
}

[[nodiscard]] std::vector<double> onsets_of(const Tally::OfCall& call) {
  std::vector<double> onsets(call.onsets.size());
  std::ranges::transform(call.onsets, onsets.begin(),
                         [](const Onset* onset) { return rtp::seconds(onset->at.time_since_epoch()); });
  return onsets;
}

/// More calls that begin within three seconds are not looked at.
constexpr std::size_t kNeighbours = 32;

/// A call of a customer.
struct Leg {
  const Tally::OfCall* call = nullptr;
  std::size_t of = 0;
  double begin = 0;
  double end = 0;
};

[[nodiscard]] std::vector<Leg> legs_of(std::span<const Tally> tallies) {
  std::vector<Leg> legs;
  for (std::size_t of = 0; of < tallies.size(); ++of)
    for (const Tally::OfCall& call : tallies[of].calls)
      legs.push_back({&call, of, rtp::seconds(call.call->begin.time_since_epoch()),
                      rtp::seconds(call.call->end.time_since_epoch())});
  std::stable_sort(legs.begin(), legs.end(), [](const Leg& a, const Leg& b) { return a.begin < b.begin; });
  return legs;
}

/// The leg of another customer that begins and ends with this one, if it is the only one.
[[nodiscard]] bool has_other_leg(const std::vector<Leg>& legs, std::size_t index) {
  const Leg& leg = legs[index];
  std::size_t alike = 0;
  const auto look = [&](const Leg& other) {
    if (other.of != leg.of && std::abs(other.end - leg.end) < kSameCall) ++alike;
  };
  const std::size_t first = index - std::min(index, kNeighbours);
  const std::size_t last = std::min(legs.size(), index + kNeighbours);
  for (std::size_t i = first; i < last; ++i)
    if (std::abs(legs[i].begin - leg.begin) < kSameCall) look(legs[i]);
  return alike == 1;
}

/// A customer's calls that overlap, or nearly, as one line.
[[nodiscard]] Line merged(std::size_t of, std::span<const Leg* const> legs) {
  Line line{.of = of, .begin = legs.front()->begin};
  for (const Leg* const leg : legs) line.end = std::max(line.end, leg->end);
  std::vector<std::vector<double>> own(legs.size());
  std::ranges::transform(legs, own.begin(), [](const Leg* leg) { return onsets_of(*leg->call); });
  std::vector<stat::Train> trains(own.size());
  std::ranges::transform(own, trains.begin(), [&line](const std::vector<double>& onsets) {
    return stat::Train{onsets, line.begin, line.end};
  });
  line.onsets = stat::merge_onsets(trains, kDeadTime);
  return line;
}

[[nodiscard]] std::vector<Line> stretches_of(std::size_t of, std::span<const Leg* const> legs) {
  std::vector<Line> lines;
  for (std::size_t first = 0; first < legs.size();) {
    double end = legs[first]->end;
    std::size_t next = first + 1;
    for (; next < legs.size() && legs[next]->begin <= end; ++next) end = std::max(end, legs[next]->end);
    lines.push_back(merged(of, legs.subspan(first, next - first)));
    first = next;
  }
  return lines;
}

}  // namespace

Concurrence concurrence_of(std::vector<Line> lines) {
  std::erase_if(lines, [](const Line& line) { return line.onsets.empty() || line.end <= line.begin; });
  if (lines.size() < 2) return {};
  keep_concurrent(lines);
  Concurrence result;
  const Common common = common_of(lines);
  if (lines.size() < 2 || common.end <= common.begin) return result;
  std::vector<stat::Train> trains;
  for (const Line& line : lines) {
    trains.push_back({line.onsets, line.begin, line.end});
    result.lines.push_back(line.of);
    if (struck(line, others_of(lines, line, common), common)) result.struck.push_back(line.of);
  }
  stat::IntervalNull null;
  result.found = stat::same_instant(trains, kInstant, null, {.count = kShifts});
  return result;
}

Concurrence lines_at_once(const Tally& tally) {
  std::vector<Line> lines;
  for (std::size_t i = 0; i < tally.calls.size(); ++i) {
    const Leg leg{&tally.calls[i], i, rtp::seconds(tally.calls[i].call->begin.time_since_epoch()),
                  rtp::seconds(tally.calls[i].call->end.time_since_epoch())};
    const Leg* const one = &leg;
    lines.push_back(merged(i, {&one, 1}));
  }
  return concurrence_of(std::move(lines));
}

Concurrence customers_at_once(std::span<const Tally> tallies) {
  const std::vector<Leg> legs = legs_of(tallies);
  std::vector<std::vector<const Leg*>> own(tallies.size());
  for (std::size_t i = 0; i < legs.size(); ++i)
    if (!has_other_leg(legs, i)) own[legs[i].of].push_back(&legs[i]);
  std::vector<Line> lines;
  for (std::size_t of = 0; of < own.size(); ++of)
    for (Line& line : stretches_of(of, own[of])) lines.push_back(std::move(line));
  return concurrence_of(std::move(lines));
}

}  // namespace viaduct::diagnose
