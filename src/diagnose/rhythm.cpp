// SPDX-License-Identifier: GPL-2.0-or-later
#include "diagnose/rhythm.hpp"

#include "diagnose/words.hpp"
#include "stat/false_discovery.hpp"
#include "stat/tails.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <map>

namespace viaduct::diagnose {
namespace {

constexpr double kProof = 0.001;
constexpr double kLikely = 0.01;
constexpr double kFalseShare = 0.05;  ///< of what is said of many calls or groups, at most
constexpr double kOwnPhase = 0.05;
constexpr std::size_t kFewestPooled = 3;  ///< intervals
constexpr std::size_t kFewestAlone = 5;
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

/// Who phones, as far as the group tells which side that is.
[[nodiscard]] std::pair<std::uint64_t, net::Address> line_of(const CallRecord& call, const Group& group) {
  const auto side = static_cast<std::size_t>(customer_of(call, group).value_or(call::Party::caller));
  return {call.users[side], call.sides[side]};
}

/// The calls with the most onsets: a pool of some hundred has all the power that is needed, and one of thousands would
/// cost minutes.
[[nodiscard]] std::vector<const CallRhythm*> pooled(const std::vector<CallRhythm>& calls) {
  std::vector<const CallRhythm*> all;
  all.reserve(calls.size());
  for (const CallRhythm& call : calls) all.push_back(&call);
  std::stable_sort(all.begin(), all.end(),
                   [](const CallRhythm* a, const CallRhythm* b) { return a->onsets.size() > b->onsets.size(); });
  if (all.size() > kMostPooled) all.resize(kMostPooled);
  std::sort(all.begin(), all.end());
  return all;
}

[[nodiscard]] std::optional<Follows> follows(const std::vector<const CallRhythm*>& calls, call::EventKind kind) {
  std::vector<std::vector<double>> events(calls.size());
  std::vector<stat::CoupledTrain> trains;
  for (std::size_t i = 0; i < calls.size(); ++i) {
    for (const Refresh& refresh : calls[i]->call->refreshes)
      if (refresh.kind == kind) events[i].push_back(since(calls[i]->call->begin, refresh.at));
    if (!events[i].empty()) trains.push_back({calls[i]->train(), events[i]});
  }
  if (trains.empty()) return std::nullopt;
  return Follows{kind, stat::coupling(trains, kFollow, {.count = kShifts})};
}

/// A keep-alive every few seconds covers all the time, and tells nothing; stat::coupling sees to that.
void couple(Rhythm& rhythm, const std::vector<const CallRhythm*>& calls) {
  for (const call::EventKind kind : kKinds)
    if (const std::optional<Follows> found = follows(calls, kind)) rhythm.coupled.push_back(*found);
  for (const Follows& found : rhythm.coupled)
    if (found.proven() && (!rhythm.follows || found.p() < rhythm.follows->p())) rhythm.follows = found;
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

/// The better of a call's two tests, both counted; nothing if it has too few onsets for either.
[[nodiscard]] std::optional<double> p_of(const CallRhythm& call) {
  double p = 1;
  const bool intervals = call.period.intervals.intervals >= stat::kFewestIntervals;
  const bool scan = call.period.scan.onsets >= stat::kFewestOnsets;
  if (!intervals && !scan) return std::nullopt;
  if (intervals) p = std::min(p, call.period.intervals.p);
  if (scan) p = std::min(p, call.period.scan.p);
  return std::min(1.0, (intervals && scan ? 2 : 1) * p);
}

/// Among many calls one is periodic by chance. Gives the smallest q; 1 if none could be judged.
double correct_calls(std::vector<CallRhythm>& calls) {
  std::vector<double> p;
  std::vector<CallRhythm*> judged;
  for (CallRhythm& call : calls)
    if (const std::optional<double> one = p_of(call)) {
      p.push_back(*one);
      judged.push_back(&call);
    }
  const std::vector<double> q = stat::benjamini_hochberg(p);
  for (std::size_t i = 0; i < q.size(); ++i) judged[i]->q = q[i];
  return q.empty() ? 1 : *std::min_element(q.begin(), q.end());
}

/// The smallest p-value of the group, with all that were asked for it.
void add_up(Rhythm& rhythm, double best_call) {
  const auto tested = [&](double p) {
    ++rhythm.tests;
    rhythm.p = std::min(rhythm.p, p);
  };
  if (rhythm.pool.scan.calls >= stat::kPooledCalls) tested(rhythm.pool.scan.p);
  for (const Follows& found : rhythm.coupled) tested(found.p());
  tested(best_call);
  rhythm.q = rhythm.p = std::min(1.0, rhythm.p * static_cast<double>(rhythm.tests));
}

/// The calls that have the period, if one line alone has them: that line's part of all that was observed.
[[nodiscard]] std::optional<PhaseTest> of_one_line(const Rhythm& rhythm, const Group& group) {
  std::map<std::pair<std::uint64_t, net::Address>, double> observed;
  double all = 0;
  for (const CallRecord* const call : group.calls) {
    observed[line_of(*call, group)] += call->observed();
    all += call->observed();
  }
  if (observed.size() < 2 || all <= 0) return std::nullopt;
  return line_test(rhythm.calls, observed[rhythm.calls.front().line] / all);
}

void ask_clocks(Rhythm& rhythm, const Group& group) {
  if (rhythm.calls.empty()) return;
  if (const stat::PeriodEstimate* const period = rhythm.period())
    rhythm.clocks = phase_tests(rhythm.calls, period->period);
  if (const std::optional<PhaseTest> line = of_one_line(rhythm, group); line && line->p < 1)
    rhythm.clocks.push_back(*line);
  const bool one_phase = std::any_of(rhythm.clocks.begin(), rhythm.clocks.end(), [](const PhaseTest& test) {
    return test.clock == PhaseClock::wall && test.locked();
  });
  rhythm.together = !rhythm.follows && (one_phase || rhythm.lines.proven());
}

[[nodiscard]] std::string period_text(const stat::PeriodEstimate& period, double p) {
  return "every " + seconds_text(period.period) + " (" + seconds_text(period.low) + " to " + seconds_text(period.high) +
         ", by chance " + chance_text(p) + ")";
}

}  // namespace

bool CallRhythm::proven() const {
  return period.statement == stat::Periodicity::periodic && q <= kFalseShare;
}

double Follows::p() const {
  return std::max(found.p, found.p_shifted);
}

bool Follows::proven() const {
  return 2 * found.inside >= found.onsets && p() < kProof;
}

bool Rhythm::likely() const {
  return pool.statement != stat::Periodicity::no_statement || regular_p < kLikely;
}

bool Rhythm::proven() const {
  const bool any = follows.has_value() || pool.statement == stat::Periodicity::periodic ||
                   std::any_of(calls.begin(), calls.end(), [](const CallRhythm& call) { return call.proven(); });
  return any && q <= kFalseShare;
}

const stat::PeriodEstimate* Rhythm::period() const {
  if (pool.statement != stat::Periodicity::no_statement && pool.period) return &*pool.period;
  for (const CallRhythm& call : calls)
    if (call.proven() && call.period.period) return &*call.period.period;
  return nullptr;
}

std::string Rhythm::to_text() const {
  if (follows)
    return "within " + seconds_text(kFollow) + " after " + std::string(call::name(follows->kind)) + " in " +
           std::to_string(follows->found.inside) + " of " + std::to_string(follows->found.onsets) +
           " cases (by chance " + chance_text(follows->p()) + ")";
  if (pool.statement != stat::Periodicity::no_statement && pool.period) return period_text(*pool.period, pool.scan.p);
  for (const CallRhythm& call : calls)
    if (call.proven() && call.period.period)
      return period_text(*call.period.period, std::min(call.period.scan.p, call.period.intervals.p));
  if (likely()) return "at intervals more even than chance makes them (" + chance_text(regular_p) + ")";
  return "without a rhythm";
}

std::string Rhythm::clock_text() const {
  std::string locked;
  for (const PhaseTest& test : clocks)
    if (test.locked())
      locked += (locked.empty() ? ", locked to " : " and to ") + std::string(name(test.clock)) + " (by chance " +
                chance_text(test.p) + ")";
  if (!locked.empty()) return locked;
  const bool own = std::any_of(clocks.begin(), clocks.end(), [](const PhaseTest& test) {
    return test.clock == PhaseClock::wall && test.calls >= Tally::kPooledCalls && test.p > kOwnPhase;
  });
  return own ? ", each call with a phase of its own" : "";
}

Rhythm rhythm_of(const Tally& tally, const Group& group) {
  Rhythm rhythm;
  stat::IntervalNull null;
  for (const Tally::OfCall& of_call : tally.calls)
    rhythm.calls.push_back({.call = of_call.call, .line = line_of(*of_call.call, group), .onsets = onsets_of(of_call)});
  for (CallRhythm& call : rhythm.calls) call.period = stat::judge_call(call.train(), kDeadTime, null);
  const std::vector<const CallRhythm*> pool = pooled(rhythm.calls);
  std::vector<stat::Train> trains;
  trains.reserve(pool.size());
  for (const CallRhythm* const call : pool) trains.push_back(call->train());
  rhythm.pool = stat::judge_pool(trains, {.rotations = 2e7});
  rhythm.regular_p = regular_p(rhythm.calls);
  couple(rhythm, pool);
  add_up(rhythm, correct_calls(rhythm.calls));
  rhythm.lines = lines_at_once(tally);
  ask_clocks(rhythm, group);
  return rhythm;
}

void correct(std::span<Rhythm* const> rhythms) {
  std::vector<double> p;
  p.reserve(rhythms.size());
  for (const Rhythm* const rhythm : rhythms) p.push_back(rhythm->p);
  const std::vector<double> q = stat::benjamini_hochberg(p);
  for (std::size_t i = 0; i < q.size(); ++i) {
    rhythms[i]->q = q[i];
    rhythms[i]->groups = q.size();
  }
}

}  // namespace viaduct::diagnose
