// SPDX-License-Identifier: GPL-2.0-or-later
#include "diagnose/rhythm.hpp"

#include "diagnose/words.hpp"
#include "stat/coupling.hpp"
#include "stat/shared_period.hpp"
#include "stat/tails.hpp"

#include <algorithm>
#include <array>
#include <cmath>

namespace viaduct::diagnose {
namespace {

/// Onsets nearer than this are one (rtp::GapFinder merges within a stream, here it is over both directions).
constexpr double kDeadTime = 1;
constexpr double kProof = 0.001;
constexpr double kLikely = 0.01;
constexpr std::size_t kFewestPooled = 3;  ///< intervals
constexpr std::size_t kFewestAlone = 5;
constexpr double kOnePhase = 0.001;
constexpr std::size_t kTicks = 3;
constexpr std::size_t kShifts = 1999;
constexpr std::array kKinds{call::EventKind::re_invite, call::EventKind::update, call::EventKind::register_,
                            call::EventKind::options, call::EventKind::keep_alive};

[[nodiscard]] double since(Time begin, Time time) {
  return rtp::seconds(time - begin);
}

[[nodiscard]] std::vector<double> onsets_of(const Tally::OfCall& of_call) {
  std::vector<double> onsets;
  for (const Onset* const onset : of_call.onsets) {
    const double at = since(of_call.call->begin, onset->at);
    if (onsets.empty() || at - onsets.back() >= kDeadTime) onsets.push_back(at);
  }
  return onsets;
}

[[nodiscard]] stat::Train train_of(const CallRhythm& call) {
  return {call.onsets, 0, call.call->observed()};
}

[[nodiscard]] std::optional<Follows> follows(const std::vector<CallRhythm>& calls, call::EventKind kind) {
  std::vector<std::vector<double>> events(calls.size());
  std::vector<stat::CoupledTrain> trains;
  for (std::size_t i = 0; i < calls.size(); ++i) {
    for (const Refresh& refresh : calls[i].call->refreshes)
      if (refresh.kind == kind) events[i].push_back(since(calls[i].call->begin, refresh.at));
    if (!events[i].empty()) trains.push_back({train_of(calls[i]), events[i]});
  }
  if (trains.empty()) return std::nullopt;
  const stat::Coupling found = stat::coupling(trains, kFollow, {.count = kShifts});
  return Follows{kind, found.onsets, found.inside, std::max(found.p, found.p_shifted)};
}

/// A keep-alive every few seconds covers all the time, and tells nothing; stat::coupling sees to that.
[[nodiscard]] std::optional<Follows> best_follows(const std::vector<CallRhythm>& calls) {
  std::optional<Follows> best;
  for (const call::EventKind kind : kKinds) {
    const std::optional<Follows> found = follows(calls, kind);
    // Half of the onsets at least, or the others have another cause.
    if (found && 2 * found->inside >= found->onsets && found->p < kProof && (!best || found->p < best->p)) best = found;
  }
  return best;
}

/// Lines that tick with one period and one phase. Lines of the same period meet by chance as often as their windows
/// overlap, so the phases are asked, not the pairs; of lines at the same time only, else the period's error adds up.
[[nodiscard]] bool together(const std::vector<CallRhythm>& calls, double period) {
  const auto longest = std::max_element(calls.begin(), calls.end(), [](const CallRhythm& a, const CallRhythm& b) {
    return a.call->observed() < b.call->observed();
  });
  const Time middle = longest->call->begin + (longest->call->end - longest->call->begin) / 2;
  const Time origin = longest->call->begin;
  std::vector<std::vector<double>> onsets;
  std::vector<stat::Train> lines;
  onsets.reserve(calls.size());
  for (const CallRhythm& call : calls) {
    if (call.onsets.size() < kTicks || call.call->begin > middle || call.call->end < middle) continue;
    const double begin = rtp::seconds(call.call->begin - origin);
    std::vector<double>& moved = onsets.emplace_back(call.onsets);
    for (double& onset : moved) onset += begin;
    lines.push_back({moved, begin, begin + call.call->observed()});
  }
  return lines.size() >= 2 && stat::phase_spread(lines, period).p < kOnePhase;
}

/// The regularity of the intervals of all calls together (Fisher 1925): a timer that starts anew after each drop-out
/// has no phase that a scan could find.
[[nodiscard]] double regular_p(const std::vector<CallRhythm>& calls) {
  double sum = 0;
  std::size_t judged = 0;
  // What no call may say alone, three may say together.
  const std::size_t least = calls.size() >= Tally::kPooledCalls ? kFewestPooled : kFewestAlone;
  for (const CallRhythm& call : calls) {
    if (call.period.intervals.intervals < least) continue;
    sum -= 2 * std::log(std::max(call.period.intervals.p, 1e-12));
    ++judged;
  }
  return judged == 0 ? 1 : stat::chi_squared_upper(sum, 2 * static_cast<double>(judged));
}

[[nodiscard]] std::string period_text(const stat::PeriodEstimate& period, double p) {
  return "every " + seconds_text(period.period) + " (" + seconds_text(period.low) + " to " + seconds_text(period.high) +
         ", by chance " + chance_text(p) + ")";
}

}  // namespace

bool Rhythm::proven(const CallRhythm& call) {
  return call.period.statement == stat::Periodicity::periodic;
}

bool Rhythm::likely() const {
  return pool.statement != stat::Periodicity::no_statement || regular_p < kLikely;
}

bool Rhythm::proven() const {
  return follows.has_value() || pool.statement == stat::Periodicity::periodic ||
         std::any_of(calls.begin(), calls.end(), [](const CallRhythm& call) { return proven(call); });
}

std::string Rhythm::to_text() const {
  if (follows)
    return "within " + seconds_text(kFollow) + " after " + std::string(call::name(follows->kind)) + " in " +
           std::to_string(follows->inside) + " of " + std::to_string(follows->onsets) + " cases (by chance " +
           chance_text(follows->p) + ")";
  if (pool.statement != stat::Periodicity::no_statement && pool.period) return period_text(*pool.period, pool.scan.p);
  for (const CallRhythm& call : calls)
    if (proven(call) && call.period.period)
      return period_text(*call.period.period, std::min(call.period.scan.p, call.period.intervals.p));
  if (likely()) return "at intervals more even than chance makes them (" + chance_text(regular_p) + ")";
  return "without a rhythm";
}

Rhythm rhythm_of(const Tally& tally) {
  Rhythm rhythm;
  stat::IntervalNull null;
  for (const Tally::OfCall& of_call : tally.calls)
    rhythm.calls.push_back({.call = of_call.call, .onsets = onsets_of(of_call)});
  std::vector<stat::Train> trains;
  for (CallRhythm& call : rhythm.calls) {
    call.period = stat::judge_call(train_of(call), kDeadTime, null);
    trains.push_back(train_of(call));
  }
  rhythm.pool = stat::judge_pool(trains, {.rotations = 2e7});
  rhythm.regular_p = regular_p(rhythm.calls);
  rhythm.follows = best_follows(rhythm.calls);
  if (!rhythm.follows && rhythm.pool.period) rhythm.together = together(rhythm.calls, rhythm.pool.period->period);
  return rhythm;
}

}  // namespace viaduct::diagnose
