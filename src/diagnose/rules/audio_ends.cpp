// SPDX-License-Identifier: GPL-2.0-or-later
#include "diagnose/group.hpp"
#include "diagnose/rules/rules.hpp"
#include "diagnose/words.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <iterator>
#include <map>
#include <set>

namespace viaduct::diagnose::rules {
namespace {

constexpr finding::Rule kRule{
    .id = "audio-ends",
    .title = "Audio stops and never comes back",
    .cause = finding::Cause::not_proven,
    .needs =
        "An answered call that goes on for 10 s after its audio stopped, with SDP of both parties that lets it flow; "
        "from 3 s on it is left open, unless RTCP of its sender counts on.",
    .why =
        "The call stays up, and from one moment on nobody is heard until somebody hangs up. A pinhole or a mapping "
        "that ends for good does this, a timer that ends at the same age in each call, media that moved without both "
        "sides knowing, or a party that stopped sending.",
    .remedy =
        "Capture at the same time on both sides of the router and compare them with --other-side: that shows whether "
        "audio still arrives at the router. Look for a timer of this age, and for what SIP said right before.",
};

constexpr std::size_t kFewestAlike = 3;
constexpr double kProof = 0.001;
constexpr double kFinest = 0.1;  ///< seconds; a smaller spread says no more
constexpr double kWidest = 2;    ///< seconds between ends of one timer

/// An end with its call.
struct Ended {
  const CallOutcome* call = nullptr;
  const AudioEnd* end = nullptr;
};
using Ends = std::vector<Ended>;

[[nodiscard]] std::string party(call::Party party) {
  return "the " + std::string(call::name(party));
}

[[nodiscard]] double age(const Ended& one) {
  return rtp::seconds(one.end->age);
}

/// It had ceased where it need not flow, before a hold or the answer, and was missed later.
[[nodiscard]] bool due_later(const AudioEnd& end) {
  return end.at - end.last > std::chrono::seconds(1);
}

[[nodiscard]] finding::Evidence evidence_of(const AudioEnd& end) {
  const std::string last = "last packet towards " + party(end.receiver);
  if (due_later(end))
    return evidence_at(end.frame, end.last,
                       last + "; due again after " + seconds_text(end.at - end.last) + ", and none for another " +
                           seconds_text(end.length));
  return evidence_at(
      end.frame, end.last,
      last + ", " + seconds_text(end.age) + " after the answer; none for another " + seconds_text(end.length));
}

[[nodiscard]] std::string statement_of(const AudioEnd& end) {
  const std::string who = end.both ? "Audio of both directions" : "Audio towards " + party(end.receiver);
  std::string text = who + (due_later(end) ? " was due again at " : " ended at ") + clock_text(end.at) + ", " +
                     seconds_text(end.age) + " after the answer, and did not come back while the call went on for " +
                     seconds_text(end.length);
  if (!end.both && end.receiver_sent >= AudioEnd::kShortest)
    text += "; " + party(end.receiver) + " itself was heard for another " + seconds_text(end.receiver_sent);
  return text;
}

void note(finding::Finding& finding, const Ended& one) {
  finding.calls.push_back(one.call->index);
  finding.streams.push_back(one.end->stream);
}

/// A router may have left the media to its hardware.
[[nodiscard]] bool early(const AudioEnd& end) {
  return end.both && end.heard < AudioEnd::kTakenOver;
}

/// Other media of the same point came later, and were seen at the age at which these had gone: what captured them still
/// worked, and nothing takes them out of its sight.
[[nodiscard]] bool media_after(const CaseFacts& facts, const Ended& one) {
  const Duration seen = std::max(one.end->heard, AudioEnd::kTakenOver);
  return std::any_of(facts.calls.begin(), facts.calls.end(), [&](const CallRecord& call) {
    return call.point == one.call->point && call.end != call::kNever && call.begin != call::kNever &&
           call.end > one.end->at + AudioEnd::kShortest && (!early(*one.end) || call.end - call.begin > seen);
  });
}

/// Too short to tell lost audio from a call whose parties had done.
[[nodiscard]] bool soon_over(const AudioEnd& end) {
  return end.length < AudioEnd::kShortest;
}

[[nodiscard]] std::string doubt_of(const AudioEnd& end) {
  if (soon_over(end))
    return ". Who hears nothing hangs up soon; in so short a time nothing tells that from a call that was simply over.";
  if (!end.both) return ". Its sender may have been muted, or audio may have been lost: nothing here tells.";
  if (end.pausing)
    return ". Both parties leave silence out: it may have been one more pause, or audio may have been lost.";
  if (early(end))
    return ". It had hardly begun: the capture may have lost sight of media, as on a router that leaves it to its "
           "hardware from the first packets on.";
  return ". The capture may have lost sight of media: it shows none of any call afterwards.";
}

[[nodiscard]] std::string since_text(call::EventKind change) {
  return change == call::EventKind::resumed ? ". The call had been on hold and was resumed then."
                                            : ": since SDP changed where it goes.";
}

[[nodiscard]] finding::Finding judge_one(const CaseFacts& facts, const Ended& one) {
  const AudioEnd& end = *one.end;
  const std::string what = statement_of(end);
  if (end.beside) {
    finding::Finding found = finding::Finding::fail(
        kRule, finding::Severity::critical, 0.9,
        what + ". On the other side of a router it went on: it arrived there and was not passed on.", evidence_of(end));
    note(found, one);
    found.streams.push_back(*end.beside);
    return found;
  }
  if (end.unheard > 0 && !end.both) {
    finding::Finding found =
        finding::Finding::fail(kRule, finding::Severity::critical, 0.9,
                               what + ". Its sender went on: it counts at least " +
                                   counted(end.unheard, "packet", "packets") + " more that did not come here (RTCP).",
                               evidence_of(end));
    found.evidence.push_back(evidence_at(end.counted.frame, end.counted.at,
                                         "sender report: " + std::to_string(end.counted.packets) + " packets sent"));
    note(found, one);
    return found;
  }
  if (end.change && !soon_over(end)) {
    finding::Finding found = finding::Finding::fail(kRule, finding::Severity::critical, 0.7,
                                                    what + since_text(end.change->kind), evidence_of(end));
    found.evidence.push_back(
        evidence_at(call::pack(end.change->frame), end.change->time, std::string(call::name(end.change->kind))));
    if (end.change->kind == call::EventKind::media_moved) found.behaviours = {"B21"};
    note(found, one);
    return found;
  }
  if (end.both && !end.pausing && !soon_over(end) && media_after(facts, one)) {
    finding::Finding found = finding::Finding::fail(
        kRule, finding::Severity::critical, 0.8, what + ". Media of other calls was captured later.", evidence_of(end));
    note(found, one);
    return found;
  }
  finding::Finding open = finding::Finding::inconclusive(kRule, what + doubt_of(end));
  open.cause = finding::Cause::not_proven;
  open.severity = finding::Severity::major;
  open.evidence.push_back(evidence_of(end));
  note(open, one);
  return open;
}

/// What sends: media of private addresses come from one phone each, those of a public network from one platform.
[[nodiscard]] net::Prefix sender_of(const Ended& one) {
  constexpr std::uint8_t kIpv4 = 24;
  constexpr std::uint8_t kIpv6 = 48;
  net::Address address = one.call->media[static_cast<std::size_t>(call::other(one.end->receiver))];
  const auto bits = static_cast<std::uint8_t>(8 * address.size());
  if (!address.present() || !address.is_global()) return {address, bits};
  const std::uint8_t length = address.family == net::Family::ipv4 ? kIpv4 : kIpv6;
  std::fill(address.octets.begin() + length / 8, address.octets.end(), std::uint8_t{0});
  return {address, length};
}

/// It may be the end of an announcement, which is as long for each caller: what one sender ends, and no more proves it.
[[nodiscard]] bool announced(const AudioEnd& end) {
  return !end.both && !end.beside && end.unheard == 0;
}

/// How many of some ends count against chance: all announcements of one sender are one.
class Counted {
 public:
  void add(const Ended& one) {
    if (!announced(*one.end) || senders_.insert(sender_of(one)).second) ++count_;
  }
  [[nodiscard]] std::size_t count() const { return count_; }

 private:
  std::set<net::Prefix> senders_;
  std::size_t count_ = 0;
};

/// Of ends in ascending order those of the calls that ended at the least different ages, and what chance has them so:
/// audio that ended at any time of `shortest` seconds would have k of n ends within s with C(n, k) k (s/T)^(k-1) at
/// most.
struct Alike {
  Ends ends{};
  double p = 1;
};
[[nodiscard]] Alike alike_of(const Ends& ends, double shortest) {
  Alike best;
  const auto n = static_cast<double>(ends.size());
  for (std::size_t first = 0; first < ends.size(); ++first) {
    Counted counted;
    for (std::size_t last = first; last < ends.size(); ++last) {
      const double spread = std::max(kFinest, age(ends[last]) - age(ends[first]));
      if (spread > kWidest) break;
      counted.add(ends[last]);
      if (counted.count() < kFewestAlike) continue;
      const auto k = static_cast<double>(counted.count());
      const double ways = std::lgamma(n + 1) - std::lgamma(k + 1) - std::lgamma(n - k + 1);
      const double p = std::exp(ways + std::log(k) + (k - 1) * std::log(std::min(1.0, spread / shortest)));
      if (p >= best.p) continue;
      best.p = p;
      best.ends.assign(ends.begin() + static_cast<std::ptrdiff_t>(first),
                       ends.begin() + static_cast<std::ptrdiff_t>(last) + 1);
    }
  }
  return best;
}

[[nodiscard]] finding::Finding judge_alike(const Alike& alike) {
  const std::string ages =
      seconds_text(age(alike.ends.front())) + " to " + seconds_text(age(alike.ends.back())) + " after the answer";
  finding::Finding found =
      finding::Finding::fail(kRule, finding::Severity::critical, 0.8,
                             "A timer ends the audio: in " + counted(alike.ends.size(), "call", "calls") +
                                 " it stopped " + ages + " and did not come back while the call went on; by chance " +
                                 chance_text(alike.p) + ". Whose timer it is, a capture from one side does not tell.",
                             evidence_of(*alike.ends.front().end));
  found.evidence.clear();
  for (const Ended& one : alike.ends) {
    found.evidence.push_back(evidence_of(*one.end));
    note(found, one);
  }
  return found;
}

/// The ends of a customer's calls in one direction, by age.
void judge_direction(const CaseFacts& facts, Ends& ends, std::vector<finding::Finding>& findings) {
  std::stable_sort(ends.begin(), ends.end(), [](const Ended& a, const Ended& b) { return a.end->age < b.end->age; });
  Ends timed;  // no mapping or pinhole ends sooner
  std::ranges::copy_if(ends, std::back_inserter(timed), [](const Ended& one) {
    return one.end->age >= kIdle && !soon_over(*one.end) && !one.end->noise;
  });
  double shortest = 1e9;
  for (const Ended& one : ends)
    if (!soon_over(*one.end)) shortest = std::min(shortest, age(one) + rtp::seconds(one.end->length));
  const Alike alike = alike_of(timed, std::max(kFinest, shortest - rtp::seconds(AudioEnd::kShortest)));
  const bool proven = alike.p < kProof;
  if (proven) findings.push_back(judge_alike(alike));
  for (const Ended& one : ends) {
    const bool told = proven && std::any_of(alike.ends.begin(), alike.ends.end(),
                                            [&](const Ended& other) { return other.end == one.end; });
    if (!told) findings.push_back(judge_one(facts, one));
  }
}

std::vector<finding::Finding> judge(const CaseFacts& facts) {
  std::map<std::uint32_t, const CallOutcome*> outcomes;
  bool due = false;
  for (const CallOutcome& call : facts.outcomes) {
    due = due || (call.media_seen && call.due >= AudioEnd::kShortest);
    if (!call.ends.empty()) outcomes[call.index] = &call;
  }
  std::vector<finding::Finding> findings;
  for (const Group& group : groups_of(facts)) {
    std::array<Ends, 2> ends;
    for (const CallRecord* const call : group.calls) {
      const auto found = outcomes.find(call->index);
      if (found == outcomes.end()) continue;
      bool both = false;
      for (const AudioEnd& end : found->second->ends) {
        if (both && end.both) continue;  // one end of the call, not two
        both = both || end.both;
        ends[customer_of(*call, group) == end.receiver ? 0 : 1].push_back({found->second, &end});
      }
    }
    for (Ends& of : ends)
      if (!of.empty()) judge_direction(facts, of, findings);
  }
  if (!findings.empty()) return findings;
  if (!due) return {finding::Finding::not_applicable(kRule, "No answered call let audio flow for 10 s.")};
  return {finding::Finding::pass(kRule, 0.9, "Audio went on for as long as it was due.")};
}

}  // namespace

CaseRule audio_ends() {
  return {kRule, judge, About::gaps};
}

}  // namespace viaduct::diagnose::rules
