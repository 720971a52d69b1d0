// SPDX-License-Identifier: GPL-2.0-or-later
#include "diagnose/rules/rules.hpp"
#include "diagnose/words.hpp"

#include <algorithm>

namespace viaduct::diagnose::rules {
namespace {

constexpr finding::Rule kRule{
    .id = "nothing-answers",
    .title = "SIP requests are not answered",
    .cause = finding::Cause::not_proven,
    .needs = "A request that is repeated for 10 s, or an INVITE that was watched for 32 s.",
    .why =
        "A call cannot be made, or one party does not learn that it is over. The request was dropped on the way, its "
        "destination is not there, or all answers are dropped on the way back.",
    .remedy =
        "Capture on both sides of the router. If the request is larger than a packet, check whether fragments pass, or "
        "use TCP and fewer codecs. Switch off SIP ALG, which drops what it cannot read.",
};

constexpr Duration kLong = std::chrono::seconds(10);
constexpr std::uint32_t kMtu = 1472;  ///< of a SIP message over UDP, IPv4 and Ethernet

/// Nobody answers while it is repeated.
[[nodiscard]] bool unanswered(const call::Transaction& t) {
  return t.requested != call::kNever && !t.finished() && t.trying == call::kNever && t.provisional == call::kNever &&
         t.request.count > 0 && t.request.last - t.requested >= kLong;
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
  const std::string method(sip::name(t.method));
  finding::Finding found =
      finding::Finding::fail(kRule, makes_the_call ? finding::Severity::critical : finding::Severity::major, 0.9,
                             method + " from " + t.requester.to_text() + " to " + t.asked.to_text() + " was sent " +
                                 std::to_string(t.request.count + 1) + " times within " +
                                 seconds_text(t.request.last - t.requested) + ", and nothing came back.",
                             evidence_at(call::pack(t.request_frame), t.requested,
                                         method + " of " + counted(t.request_length, "octet", "octets")));
  if (refused != nullptr) {
    found.confidence = 0.95;
    found.statement += " ICMP says that nobody listens at " + t.asked.to_text() + ".";
    found.evidence.push_back(evidence_at(call::pack(refused->frame), refused->time, "ICMP: port unreachable"));
  } else if (t.request_length > kMtu) {
    found.statement += " It is larger than a packet: its fragments may be dropped.";
    found.behaviours = {"D01"};
  } else if (t.requester.address.is_global() && t.asked.address.present() && !t.asked.address.is_global()) {
    found.cause = finding::Cause::configuration;
    found.confidence = 0.8;
    found.statement += " It goes to a private address, where nobody outside of that network can send.";
  } else if (t.method == sip::Method::bye) {
    found.behaviours = {"C08"};
  }
  return found;
}

finding::Finding judge(const CallFacts& facts) {
  const call::Transaction* worst = nullptr;
  bool waits = false;
  bool any = false;
  for (const call::Leg& leg : facts.call.legs)
    for (const call::Transaction& t : leg.transactions.items()) {
      any = any || t.requested != call::kNever;
      const bool silent = t.requested != call::kNever && !t.finished() && t.trying == call::kNever &&
                          t.provisional == call::kNever && t.request.count > 0;
      waits = waits || silent;
      const bool more = worst == nullptr || (t.invite() && !worst->invite());
      if (unanswered(t) && more) worst = &t;
    }
  if (worst != nullptr)
    return fail(*worst, worst->invite() && !facts.call.established(), refusal_of(facts.call, *worst));
  if (waits)
    return finding::Finding::inconclusive(kRule, "A request was repeated and not answered, but for less than 10 s.");
  if (!any) return finding::Finding::not_applicable(kRule, "No request of the call was captured.");
  return finding::Finding::pass(kRule, 1, "Each request was answered.");
}

}  // namespace

CallRule nothing_answers() {
  return {kRule, judge};
}

}  // namespace viaduct::diagnose::rules
