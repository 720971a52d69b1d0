// SPDX-License-Identifier: GPL-2.0-or-later
#include "diagnose/known_timer.hpp"

#include "diagnose/words.hpp"

#include <algorithm>

namespace viaduct::diagnose {
namespace {

void add(std::vector<KnownTimer>& timers, double seconds, std::string name) {
  const auto same = [&](const KnownTimer& timer) { return timer.seconds == seconds && timer.name == name; };
  if (seconds > 0 && std::none_of(timers.begin(), timers.end(), same)) timers.push_back({seconds, std::move(name)});
}

}  // namespace

std::vector<KnownTimer> known_timers(const CaseFacts& facts, const Group& group) {
  std::vector<KnownTimer> timers{{30, "the UDP timeout of many routers"},
                                 {32, "64*T1 of SIP"},
                                 {40, "a usual length of timers"},
                                 {60, "the UDP timeout of some routers"}};
  for (const call::Registration* const registration : facts.registrations) {
    if (registration->point != group.point || !group.holds(registration->client.address)) continue;
    const double expires = registration->expires_given.value_or(0);
    add(timers, expires / 2, "half of the registration's " + seconds_text(expires));
    add(timers, rtp::seconds(registration->refresh_interval()), "how often a phone registers");
  }
  for (const CallRecord* const call : group.calls)
    add(timers, call->session / 2.0, "half of the session timer's " + seconds_text(double(call->session)));
  return timers;
}

std::string fitting(const stat::PeriodEstimate& period, const std::vector<KnownTimer>& timers) {
  std::string text;
  for (const KnownTimer& timer : timers)
    if (const double one = timer.seconds; stat::match_timer(period, {&one, 1}))
      text += (text.empty() ? "" : "; ") + seconds_text(one) + ", " + timer.name;
  return text.empty() ? text : seconds_text(period.period) + " fits " + text;
}

}  // namespace viaduct::diagnose
