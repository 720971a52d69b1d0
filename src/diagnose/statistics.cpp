// SPDX-License-Identifier: GPL-2.0-or-later
#include "diagnose/statistics.hpp"

#include "diagnose/words.hpp"
#include "stat/rayleigh.hpp"

#include <algorithm>
#include <utility>

namespace viaduct::diagnose {
namespace {

[[nodiscard]] finding::Evidence told(std::string text) {
  finding::Evidence evidence;
  evidence.text = std::move(text);
  return evidence;
}

[[nodiscard]] std::string chance(double p) {
  return ": by chance " + chance_text(p);
}

[[nodiscard]] std::string scan_text(double z, double period) {
  return "Z " + number_text(z) + " at " + seconds_text(period);
}

[[nodiscard]] std::string text_of(const stat::PooledScan& scan) {
  return "Rayleigh scan over " + std::to_string(scan.calls) + " calls with " + std::to_string(scan.onsets) +
         " onsets, each with its own phase: " + scan_text(scan.z, scan.period) + chance(scan.p) + " (" +
         std::to_string(scan.trials) + " trials)";
}

/// The call that says most.
[[nodiscard]] std::string text_of(const CallRhythm& call, std::size_t calls) {
  const stat::Regularity& intervals = call.period.intervals;
  const stat::Scan& scan = call.period.scan;
  std::string text = call_text(*call.call) + " alone, " + std::to_string(call.onsets.size()) +
                     " onsets: intervals vary by " + number_text(100 * intervals.cv) + " %" + chance(intervals.p) +
                     "; Rayleigh scan " + scan_text(scan.z, scan.period) + chance(scan.p);
  if (calls > 1) text += "; among " + std::to_string(calls) + " calls q = " + chance_text(call.q);
  return text;
}

[[nodiscard]] std::string text_of(const Follows& follows) {
  const stat::Coupling& found = follows.found;
  return std::to_string(found.inside) + " of " + std::to_string(found.onsets) + " onsets within " +
         seconds_text(kFollow) + " after " + std::string(call::name(follows.kind)) + ", which cover " +
         number_text(100 * found.covered) + " % of the time: by chance " + chance_text(found.p) +
         ", and with onsets shifted at random " + chance_text(found.p_shifted);
}

[[nodiscard]] std::string text_of(const PhaseTest& test) {
  if (test.clock == PhaseClock::line)
    return "clock: one line alone has them in " + counted(test.calls, "call", "calls") + ", and is " +
           number_text(100 * test.arc) + " % of the time" + chance(test.p);
  return "clock: counted from " + std::string(name(test.clock)) + " the phases of " + std::to_string(test.calls) +
         " calls lie within " + seconds_text(test.arc) + chance(test.p);
}

/// Of the onset nearest to a time that has been a floating-point number.
[[nodiscard]] Duration length_at(const CallRecord& call, Time at) {
  const Onset* nearest = nullptr;
  for (const Onset& onset : call.onsets)
    if (nearest == nullptr || std::chrono::abs(onset.at - at) < std::chrono::abs(nearest->at - at)) nearest = &onset;
  return nearest == nullptr ? Duration{} : nearest->length;
}

}  // namespace

finding::Evidence statistic(const Concurrence& lines, const char* what) {
  const stat::Coincidence& found = lines.found;
  return told(std::to_string(found.pairs) + " pairs of onsets of " + std::to_string(found.lines) + " " + what +
              " within " + seconds_text(kInstant) + ", where " + number_text(found.expected) + " are expected" +
              chance(found.p) + (found.at_random ? " (Poisson)" : " (lines shifted at random)"));
}

std::vector<finding::Evidence> statistics(const Rhythm& rhythm, const std::vector<KnownTimer>& timers) {
  std::vector<finding::Evidence> all;
  if (rhythm.pool.scan.calls >= stat::kPooledCalls) all.push_back(told(text_of(rhythm.pool.scan)));
  const auto judged =
      static_cast<std::size_t>(std::count_if(rhythm.calls.begin(), rhythm.calls.end(), [](const CallRhythm& call) {
        return call.period.intervals.intervals >= stat::kFewestIntervals;
      }));
  const auto best = std::min_element(rhythm.calls.begin(), rhythm.calls.end(),
                                     [](const CallRhythm& a, const CallRhythm& b) { return a.q < b.q; });
  if (judged > 0) all.push_back(told(text_of(*best, judged)));
  if (rhythm.calls.size() > 1 && rhythm.regular_p < 1)
    all.push_back(told("intervals within the calls, all together" + chance(rhythm.regular_p)));
  for (const Follows& follows : rhythm.coupled) all.push_back(told(text_of(follows)));
  if (rhythm.lines.found.lines > 1) all.push_back(statistic(rhythm.lines, "lines"));
  for (const PhaseTest& test : rhythm.clocks) all.push_back(told(text_of(test)));
  if (const stat::PeriodEstimate* const period = rhythm.period()) {
    if (rhythm.clocks.empty()) all.push_back(told("clock: not to be told from one call, which keeps to all of them"));
    if (std::string fits = fitting(*period, timers); !fits.empty()) all.push_back(told(std::move(fits)));
  }
  if (rhythm.groups > 1)
    all.push_back(told(counted(rhythm.tests, "test", "tests") + " of this customer, " + std::to_string(rhythm.groups) +
                       " customers: q = " + chance_text(rhythm.q)));
  return all;
}

finding::Timeline raster(const Rhythm& rhythm) {
  finding::Timeline timeline;
  timeline.title = "Drop-outs, each call from its own begin";
  const stat::PeriodEstimate* const period = rhythm.period();
  if (period != nullptr) timeline.period = rtp::from_seconds(period->period);
  for (const CallRhythm& call : rhythm.calls) {
    if (timeline.lanes.size() == finding::Timeline::kMaxLanes) {
      ++timeline.left_out;
      continue;
    }
    finding::Lane lane;
    lane.name = call_text(*call.call);
    if (period != nullptr && !call.onsets.empty())
      lane.phase = rtp::from_seconds(stat::rayleigh(call.onsets, 0, period->period).phase);
    lane.begin = call.call->begin;
    for (const double onset : call.onsets) {
      const Time at = call.call->begin + rtp::from_seconds(onset);
      lane.intervals.push_back(
          {at, length_at(*call.call, at), finding::Tone::bad, seconds_text(onset) + " into the call"});
    }
    if (timeline.lanes.empty()) timeline.begin = call.call->begin;
    timeline.length = std::max(timeline.length, rtp::from_seconds(call.call->observed()));
    timeline.lanes.push_back(std::move(lane));
  }
  return timeline;
}

void show_rhythm(finding::Finding& finding, const CaseFacts& facts, const Tally& tally, const Group& group) {
  if (!tally.any_enough()) return;
  const Rhythm rhythm = rhythm_of(tally, group);
  const std::vector<finding::Evidence> tests = statistics(rhythm, known_timers(facts, group));
  finding.evidence.insert(finding.evidence.begin(), tests.begin(), tests.end());
  if (rhythm.proven()) finding.exhibits.push_back(raster(rhythm));
}

}  // namespace viaduct::diagnose
