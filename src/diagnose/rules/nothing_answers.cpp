// SPDX-License-Identifier: GPL-2.0-or-later
#include "diagnose/rules/rules.hpp"
#include "diagnose/words.hpp"

#include <algorithm>
#include <utility>

namespace viaduct::diagnose::rules {
namespace {

constexpr finding::Rule kRule{
    .id = "nothing-answers",
    .title = "SIP requests are not answered",
    .cause = finding::Cause::not_proven,
    .needs = "A request that is repeated for 10 s, or an INVITE that was watched for 32 s (64*T1, RFC 3261 17.1.1.2).",
    .why =
        "A call cannot be made, or one party does not learn that it is over. The request was dropped on the way, its "
        "destination is not there, or all answers are dropped on the way back.",
    .remedy =
        "Capture on both sides of the router. If the request is larger than a packet, check whether fragments pass, or "
        "use TCP and fewer codecs. Switch off SIP ALG, which drops what it cannot read.",
};

constexpr Duration kLong = std::chrono::seconds(10);
constexpr std::uint16_t kFewest = 2;  ///< repetitions that tell of more than a lost packet
constexpr std::uint32_t kMtu = 1472;  ///< of a SIP message over UDP, IPv4 and Ethernet

/// Nothing came back.
[[nodiscard]] bool silent(const call::Transaction& t) {
  return t.requested != call::kNever && !t.finished() && t.trying == call::kNever && t.provisional == call::kNever;
}

/// Who gets no answer over UDP repeats its request: one that is sent once had an answer that was not captured, or its
/// sender went away.
[[nodiscard]] bool repeated(const call::Transaction& t) {
  return t.request.count > 0;
}

[[nodiscard]] bool given_up(const CallFacts& facts, const call::Transaction& t) {
  return t.invite() && facts.call.ending.kind == call::EndKind::unanswered;
}

/// Long enough to say so: it was repeated for long, or watched for as long as its sender may wait.
[[nodiscard]] bool unanswered(const CallFacts& facts, const call::Leg& leg, const call::Transaction& t) {
  if (!silent(t)) return false;
  const bool again = repeated(t) || leg.transport == sip::Transport::tcp;
  return again && (given_up(facts, t) || t.request.last - t.requested >= kLong);
}

[[nodiscard]] std::string said_of(const call::Transaction& t) {
  std::string text =
      std::string(sip::name(t.method)) + " from " + t.requester.to_text() + " to " + t.asked.to_text() + " was sent ";
  if (!repeated(t)) return text + "once";
  return text + std::to_string(t.request.count + 1) + " times within " + seconds_text(t.request.last - t.requested);
}

[[nodiscard]] finding::Evidence evidence_of(const call::Transaction& t) {
  return evidence_at(call::pack(t.request_frame), t.requested,
                     std::string(sip::name(t.method)) + " of " + counted(t.request_length, "octet", "octets"));
}

/// What ICMP said of where a request went.
[[nodiscard]] const call::Event* refusal_of(const call::Call& call, const call::Transaction& t) {
  const auto at = [&call](std::uint8_t index, const net::Endpoint& endpoint) {
    return index < call.endpoints.size() && call.endpoints[index] == endpoint;
  };
  const auto found = std::find_if(call.events.begin(), call.events.end(), [&](const call::Event& event) {
    return event.kind == call::EventKind::unreachable && event.time >= t.requested &&
           event.time <= t.request.last + std::chrono::seconds(1) && at(event.source, t.asked) &&
           at(event.destination, t.requester);
  });
  return found == call.events.end() ? nullptr : &*found;
}

[[nodiscard]] finding::Finding fail(const call::Transaction& t, bool makes_the_call, const call::Event* refused) {
  finding::Finding found =
      finding::Finding::fail(kRule, makes_the_call ? finding::Severity::critical : finding::Severity::major, 0.9,
                             said_of(t) + ", and nothing came back.", evidence_of(t));
  if (refused != nullptr) {
    found.confidence = 0.95;
    found.statement += " ICMP says that nobody listens at " + t.asked.to_text() + ".";
    found.evidence.push_back(evidence_at(call::pack(refused->frame), refused->time, "ICMP: port unreachable"));
  } else if (t.request_length > kMtu) {
    found.statement += " It is larger than a packet: its fragments may be dropped.";
    found.behaviours = {"D01"};
  } else if (t.requester.address.is_global() && t.asked.address.present() && !t.asked.address.is_global()) {
    found.statement += " It goes to a private address: unless a VPN leads there, nobody outside can send there.";
  } else if (t.method == sip::Method::bye) {
    found.behaviours = {"C08"};
  }
  return found;
}

/// Nothing came back in what was captured, which proves less.
[[nodiscard]] finding::Finding open(const CallFacts& facts, const call::Transaction& t) {
  const bool late = given_up(facts, t);
  std::string why = ", and nothing came back as long as it was watched.";
  if (late && !repeated(t))
    why =
        " and nothing came back within 32 s. Its sender did not repeat it: it gave up, or had an answer that took "
        "another way than this capture.";
  finding::Finding found = finding::Finding::inconclusive(kRule, said_of(t) + why);
  found.evidence.push_back(evidence_of(t));
  // A request that has only just been sent is none that is not answered.
  if (!late && t.request.count < kFewest) return found;
  found.cause = finding::Cause::not_proven;
  found.severity = finding::Severity::major;
  return found;
}

/// A server took the INVITE, and for long nobody behind it said anything: until the caller had enough.
[[nodiscard]] bool only_tried(const CallFacts& facts, const call::Transaction& t) {
  const bool went = t.invite() && t.requested != call::kNever && t.trying != call::kNever;
  return went && t.provisional == call::kNever && t.cancelled != call::kNever && t.cancelled - t.requested >= kLong &&
         !facts.call.established();
}

[[nodiscard]] finding::Finding tried(const call::Transaction& t) {
  finding::Finding found = finding::Finding::inconclusive(
      kRule, said_of(t) + ", and nothing but 100 came back until it was cancelled " +
                 seconds_text(t.cancelled - t.requested) + " later: the server took it, and nobody was reached.");
  found.cause = finding::Cause::not_proven;
  found.severity = finding::Severity::major;
  found.evidence.push_back(evidence_of(t));
  return found;
}

finding::Finding judge(const CallFacts& facts) {
  const call::Transaction* worst = nullptr;
  const call::Transaction* tried_only = nullptr;
  const call::Transaction* waiting = nullptr;
  bool any = false;
  for (const call::Leg& leg : facts.call.legs)
    for (const call::Transaction& t : leg.transactions.items()) {
      any = any || t.requested != call::kNever;
      if (only_tried(facts, t)) tried_only = &t;
      if (!silent(t)) continue;
      const call::Transaction*& known = unanswered(facts, leg, t) ? worst : waiting;
      const bool more =
          known == nullptr || std::pair(t.invite(), t.request.count) > std::pair(known->invite(), known->request.count);
      if (more) known = &t;
    }
  if (worst != nullptr)
    return fail(*worst, worst->invite() && !facts.call.established(), refusal_of(facts.call, *worst));
  if (waiting != nullptr) return open(facts, *waiting);
  if (tried_only != nullptr) return tried(*tried_only);
  if (!any) return finding::Finding::not_applicable(kRule, "No request of the call was captured.");
  return finding::Finding::pass(kRule, 1, "Each request was answered.");
}

}  // namespace

CallRule nothing_answers() {
  return {kRule, judge};
}

}  // namespace viaduct::diagnose::rules
