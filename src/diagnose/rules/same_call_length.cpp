// SPDX-License-Identifier: GPL-2.0-or-later
#include "diagnose/rules/rules.hpp"
#include "diagnose/words.hpp"
#include "stat/tails.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <map>

namespace viaduct::diagnose::rules {
namespace {

constexpr finding::Rule kRule{
    .id = "same-call-length",
    .title = "No call lasts longer than a certain time",
    .cause = finding::Cause::not_proven,
    .needs = "Three answered calls of one site or more that end at one age; for a verdict, two shorter ones, too.",
    .why =
        "Calls that people end have all kinds of lengths. Where several end at the same age and none lasts longer, a "
        "timer ends them: of a firewall, of the platform, of a session that nobody refreshes.",
    .remedy =
        "Look for a timer of this length: 60 s of firewalls for calls that they think are not set up, 120, 180 and 300 "
        "s "
        "of media, 900 and 1800 s of sessions (RFC 4028), 3600 s of SIP mappings. Capture both sides of the router "
        "at that time.",
};

constexpr std::size_t kFewestCut = 3;
constexpr std::size_t kFewestOthers = 2;
constexpr double kWindow = 2;   ///< seconds between calls that one timer ends
constexpr double kShorter = 5;  ///< seconds by which others are shorter
constexpr double kLeast = 20;   ///< seconds; very short calls are alike by themselves
constexpr double kProof = 0.001;

/// Ages at which calls are known to be cut, and by what.
struct Timer {
  double seconds;
  const char* what;
};
constexpr std::array kTimers{
    Timer{30, "30 s, after which many switches end a call without RTP"},
    Timer{32, "32 s, 64*T1 of SIP: an ACK that did not arrive (RFC 3261 13.3.1.4)"},
    Timer{60, "60 s, the limit of RTP inactivity and of half-open sessions in many devices"},
    Timer{90, "90 s, the least session timer (RFC 4028)"},
    Timer{120, "120 s, a usual timer of media"},
    Timer{180, "180 s, a usual timer of early and UDP sessions"},
    Timer{300, "300 s, a usual timer of media"},
    Timer{600, "600 s, a usual session timer"},
    Timer{900, "900 s, half of the usual session timer: its first refresh (RFC 4028)"},
    Timer{1800, "1800 s, the usual session timer (RFC 4028)"},
    Timer{3600, "3600 s, a usual limit of sessions and of mappings of SIP"},
};

/// The one that ends calls of this age; a little later, as a BYE waits for what notices.
[[nodiscard]] const Timer* timer_of(double age) {
  constexpr double kEarly = 0.5;
  constexpr double kLate = 2;
  const Timer* found = nullptr;
  for (const Timer& timer : kTimers)  // the longest that fits: 32 s fit 30 s, too
    if (age >= timer.seconds - kEarly && age < timer.seconds + kLate) found = &timer;
  return found;
}

using Calls = std::vector<const CallOutcome*>;

/// The calls at the top, of those in ascending order, and what chance has so many there.
struct Top {
  Calls cut{};
  Calls others{};  ///< clearly shorter ones
  double p = 1;
};

[[nodiscard]] double seconds(const CallOutcome& call) {
  return rtp::seconds(call.length);
}

/// If lengths were exponential with the mean they have (of all distributions of that mean the least special one), how
/// likely is it that all these but one fall into the window of that one?
[[nodiscard]] Top top_of(const Calls& calls) {
  Top top;
  const double longest = seconds(*calls.back());
  double sum = 0;
  for (const CallOutcome* const call : calls) {
    sum += seconds(*call);
    if (seconds(*call) >= longest - kWindow) top.cut.push_back(call);
    if (seconds(*call) < longest - kShorter) top.others.push_back(call);
  }
  const double mean = sum / static_cast<double>(calls.size());
  const double inside = std::exp(-(longest - kWindow) / mean) - std::exp(-longest / mean);
  top.p = stat::binomial_upper(top.cut.size() - 1, calls.size() - 1, inside);
  return top;
}

/// Whether all those that are cut are ended by one side.
[[nodiscard]] bool one_side_ends(const Top& top) {
  const net::Address& by = top.cut.front()->ended_by;
  return by.present() &&
         std::all_of(top.cut.begin(), top.cut.end(), [&](const CallOutcome* call) { return call->ended_by == by; });
}

/// And it did not end most of the others: else it may just be the one that hangs up, or a machine that makes calls.
[[nodiscard]] bool one_side_cuts(const Top& top) {
  if (top.others.size() < kFewestOthers || !one_side_ends(top)) return false;
  const auto same = std::count_if(top.others.begin(), top.others.end(),
                                  [&](const CallOutcome* call) { return call->ended_by == top.cut.front()->ended_by; });
  return 2 * static_cast<std::size_t>(same) <= top.others.size();
}

[[nodiscard]] std::vector<finding::Evidence> ends(const Calls& calls) {
  std::vector<finding::Evidence> evidence;
  for (const CallOutcome* const call : calls)
    if (evidence.size() < finding::Finding::kMaxEvidence)
      evidence.push_back(
          evidence_at(call::pack(call->end_frame), call->ended,
                      "BYE " + seconds_text(call->length) + " after the answer, from " + call->ended_by.to_text()));
  return evidence;
}

[[nodiscard]] std::string what_of(const Top& top, const Timer* timer) {
  std::string what = counted(top.cut.size(), "call", "calls") + " ended " + seconds_text(seconds(*top.cut.front())) +
                     " to " + seconds_text(seconds(*top.cut.back())) + " after the answer";
  if (one_side_ends(top)) what += ", all by BYE of " + top.cut.front()->ended_by.to_text();
  what += ", and none lasted longer: by chance " + chance_text(top.p);
  return timer == nullptr ? what : what + "; there is a timer of " + timer->what;
}

/// Calls of one length may also be the work of a machine: announcements, tests. That is told, and counts as a fault
/// only where one side ends them at an age at which timers do.
[[nodiscard]] finding::Finding open(const Top& top, const Timer* timer) {
  finding::Finding found = finding::Finding::inconclusive(
      kRule, what_of(top, timer) + ". Machines that play announcements or make calls do that, too.");
  if (timer == nullptr || !one_side_ends(top)) return found;
  found.cause = finding::Cause::not_proven;
  found.severity = finding::Severity::major;
  return found;
}

[[nodiscard]] finding::Finding say(const Top& top) {
  const Timer* const timer = timer_of(seconds(*top.cut.front()));
  finding::Finding found = one_side_cuts(top)
                               ? finding::Finding::fail(kRule, finding::Severity::major, 0.8, what_of(top, timer) + ".",
                                                        ends({top.cut.front()}).front())
                               : open(top, timer);
  found.evidence = ends(top.cut);
  for (const CallOutcome* const call : top.cut) found.calls.push_back(call->index);
  return found;
}

std::vector<finding::Finding> judge(const CaseFacts& facts) {
  std::map<std::pair<Site, call::Point>, Calls> groups;
  for (const CallOutcome& call : facts.outcomes)
    if (call.end == call::EndKind::bye && call.length > Duration{}) groups[{call.site, call.point}].push_back(&call);
  std::vector<finding::Finding> findings;
  bool judged = false;
  for (auto& [place, calls] : groups) {
    if (calls.size() < kFewestCut) continue;
    judged = true;
    std::stable_sort(calls.begin(), calls.end(),
                     [](const CallOutcome* a, const CallOutcome* b) { return a->length < b->length; });
    const Top top = top_of(calls);
    if (seconds(*calls.back()) >= kLeast && top.cut.size() >= kFewestCut && top.p < kProof)
      findings.push_back(say(top));
  }
  if (!findings.empty()) return findings;
  if (!judged) return {finding::Finding::not_applicable(kRule, "Fewer than three calls were answered and hung up.")};
  return {finding::Finding::pass(kRule, 0.8, "The longest calls end at different ages.")};
}

}  // namespace

CaseRule same_call_length() {
  return {kRule, judge};
}

}  // namespace viaduct::diagnose::rules
