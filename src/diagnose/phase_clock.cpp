// SPDX-License-Identifier: GPL-2.0-or-later
#include "diagnose/phase_clock.hpp"

#include "stat/shared_period.hpp"

#include <algorithm>
#include <array>
#include <cmath>

namespace viaduct::diagnose {
namespace {

constexpr double kOnePhase = 0.001;
constexpr std::size_t kTicks = 3;

/// Trains on a common clock, with the numbers they refer to.
struct Trains {
  std::vector<std::vector<double>> onsets;
  std::vector<stat::Train> trains;

  explicit Trains(std::size_t calls) { onsets.reserve(calls); }
  void add(std::vector<double> own, double start, double end) {
    trains.push_back({onsets.emplace_back(std::move(own)), start, end});
  }
};

[[nodiscard]] PhaseTest test(PhaseClock clock, const Trains& trains, double period) {
  const stat::PhaseSpread spread = stat::phase_spread(trains.trains, period);
  return {clock, spread.lines, spread.arc, spread.p};
}

[[nodiscard]] Trains on_the_wall(std::span<const CallRhythm> calls) {
  Trains trains(calls.size());
  const auto longest = std::max_element(calls.begin(), calls.end(), [](const CallRhythm& a, const CallRhythm& b) {
    return a.call->observed() < b.call->observed();
  });
  const Time origin = longest->call->begin;
  const Time middle = origin + (longest->call->end - origin) / 2;
  for (const CallRhythm& call : calls) {
    if (call.onsets.size() < kTicks || call.call->begin > middle || call.call->end < middle) continue;
    const double begin = rtp::seconds(call.call->begin - origin);
    std::vector<double> moved = call.onsets;
    for (double& onset : moved) onset += begin;
    trains.add(std::move(moved), begin, begin + call.call->observed());
  }
  return trains;
}

[[nodiscard]] Trains from_the_start(std::span<const CallRhythm> calls) {
  Trains trains(calls.size());
  for (const CallRhythm& call : calls)
    if (call.onsets.size() >= kTicks) trains.add(call.onsets, 0, call.call->observed());
  return trains;
}

/// The onsets after that of these requests which most of them follow, from it.
[[nodiscard]] std::vector<double> after_sip(const CallRhythm& call, std::span<const call::EventKind> kinds) {
  std::vector<double> best;
  std::vector<double> stretch;
  auto onset = call.onsets.begin();
  std::optional<double> since;
  const auto until = [&](double time) {
    stretch.clear();
    for (; onset != call.onsets.end() && *onset < time; ++onset)
      if (since) stretch.push_back(*onset - *since);
    if (stretch.size() > best.size()) best = stretch;
    since = time;
  };
  for (const Refresh& refresh : call.call->refreshes)
    if (std::find(kinds.begin(), kinds.end(), refresh.kind) != kinds.end())
      until(rtp::seconds(refresh.at - call.call->begin));
  until(HUGE_VAL);
  return best;
}

[[nodiscard]] Trains from_sip(std::span<const CallRhythm> calls, std::span<const call::EventKind> kinds) {
  Trains trains(calls.size());
  for (const CallRhythm& call : calls)
    if (std::vector<double> after = after_sip(call, kinds); !after.empty())
      trains.add(std::move(after), 0, call.call->observed());
  return trains;
}

}  // namespace

base::Bytes name(PhaseClock clock) {
  constexpr std::array<base::Bytes, static_cast<std::size_t>(PhaseClock::last)> kNames = {
      "the wall clock", "the start of the call", "the last re-INVITE or UPDATE", "the last REGISTER or OPTIONS",
      "one line",
  };
  return kNames[static_cast<std::size_t>(clock)];
}

bool PhaseTest::locked() const {
  return p < kOnePhase;
}

std::vector<PhaseTest> phase_tests(std::span<const CallRhythm> calls, double period) {
  if (calls.empty() || period <= 0) return {};
  std::vector<PhaseTest> tests;
  constexpr std::array kDialog{call::EventKind::re_invite, call::EventKind::update};
  constexpr std::array kRegistration{call::EventKind::register_, call::EventKind::options};
  for (const PhaseTest& made :
       {test(PhaseClock::wall, on_the_wall(calls), period), test(PhaseClock::call_start, from_the_start(calls), period),
        test(PhaseClock::dialog, from_sip(calls, kDialog), period),
        test(PhaseClock::registration, from_sip(calls, kRegistration), period)})
    if (made.calls >= 2) tests.push_back(made);
  return tests;
}

PhaseTest line_test(std::span<const CallRhythm> calls, double share) {
  const bool one =
      std::all_of(calls.begin(), calls.end(), [&](const CallRhythm& call) { return call.line == calls.front().line; });
  return {PhaseClock::line, calls.size(), share, one ? std::pow(share, static_cast<double>(calls.size())) : 1};
}

}  // namespace viaduct::diagnose
