// SPDX-License-Identifier: GPL-2.0-or-later
#include "diagnose/rules/rules.hpp"
#include "diagnose/words.hpp"

#include <algorithm>

namespace viaduct::diagnose::rules {
namespace {

constexpr finding::Rule kRule{
    .id = "retransmission-storm",
    .title = "SIP is repeated although it was answered",
    .cause = finding::Cause::signalling,
    .needs = "SIP requests over UDP, and their responses, on a path that does not lose media as well.",
    .why =
        "Who repeats a request did not get its response: that went to another port, or was dropped on the way back. "
        "Calls "
        "take seconds to set up, or fail with 408.",
    .remedy =
        "Let the phone use rport (RFC 3581), and the server answer to where a request came from. Switch off SIP ALG, "
        "which removes or fills in rport, and keep UDP mappings of SIP alive.",
};

constexpr std::uint16_t kFewest = 3;  ///< repetitions; fewer may be lost packets
constexpr std::uint16_t kMajor = 6;
/// Of a stream: a path that loses as much, in bursts, loses six answers in a row, too.
constexpr double kLossy = 0.01;
constexpr std::size_t kBursts = 3;

/// Since when a request should not have been repeated any more (RFC 3261 17.1): a provisional response stops an INVITE.
[[nodiscard]] Time stopped(const call::Transaction& t) {
  return t.invite() ? std::min({t.trying, t.provisional, t.answered}) : t.answered;
}

/// The response was on its way when the request was sent again.
[[nodiscard]] bool deaf_requester(const call::Transaction& t) {
  const Time since = stopped(t);
  return since != call::kNever && t.request.count >= kFewest && t.request.last > since + 2 * call::kT1;
}

/// A failure that nobody acknowledges is repeated, too; a 2xx is the matter of another rule.
[[nodiscard]] bool deaf_responder(const call::Transaction& t) {
  return t.invite() && t.status >= 300 && t.acknowledged == call::kNever && t.response.count >= kFewest;
}

[[nodiscard]] finding::Finding requests(const call::Transaction& t) {
  const std::string method(sip::name(t.method));
  finding::Finding found = finding::Finding::fail(
      kRule, t.request.count >= kMajor ? finding::Severity::major : finding::Severity::minor, 0.9,
      method + " was repeated " + std::to_string(t.request.count) +
          " times, although it was answered: the answer does not "
          "reach " +
          t.requester.to_text() + ".",
      evidence_at(call::pack(t.request_frame), t.requested, method + " from " + t.requester.to_text()));
  // A network that loses many packets loses some responses, too.
  if (t.request.count < kMajor) found.cause = finding::Cause::not_proven;
  if (t.status != 0)
    found.evidence.push_back(evidence_at(call::pack(t.response_frame), t.answered,
                                         std::to_string(t.status) + " to " + t.answered_to.to_text()));
  if (t.status != 0 && t.answered_to.address == t.requester.address && t.answered_to.port != t.requester.port) {
    found.statement += " It goes to port " + std::to_string(t.answered_to.port) + " instead.";
    found.behaviours = {"A04"};
    found.cause = kRule.cause;
  }
  return found;
}

[[nodiscard]] finding::Finding responses(const call::Transaction& t) {
  finding::Finding found = finding::Finding::fail(
      kRule, t.response.count >= kMajor ? finding::Severity::major : finding::Severity::minor, 0.8,
      std::to_string(t.status) + " was repeated " + std::to_string(t.response.count) +
          " times, and its ACK was not seen.",
      evidence_at(call::pack(t.response_frame), t.answered,
                  std::to_string(t.status) + " from " + t.responder.to_text() + " to " + t.answered_to.to_text()));
  // Three repetitions are over within 3.5 s (timer G, RFC 3261 17.2.1): any outage of the network does that. Six take
  // 15 s.
  if (t.response.count < kMajor) found.cause = finding::Cause::not_proven;
  return found;
}

/// A network that loses media for half of a time, or in bursts all along, loses what was said of SIP as well: which
/// stream shows it.
[[nodiscard]] const StreamFacts* lossy_stream(const CallFacts& facts, Time begin, Time end) {
  for (const StreamFacts& stream : facts.streams) {
    Duration gone{};
    std::size_t bursts = 0;
    for (const GapFacts& gap : stream.gaps) {
      if (!gap.outage() || gap.gap.missing == 0) continue;
      gone += std::max(Duration{}, std::min(end, gap.gap.end()) - std::max(begin, gap.gap.onset));
      ++bursts;
    }
    if (gone > Duration{} && 2 * gone >= end - begin) return &stream;
    if (bursts >= kBursts && stream.loss_share() >= kLossy) return &stream;
  }
  return nullptr;
}

/// Not so where the answer went to another port: no loss does that.
[[nodiscard]] finding::Finding unless_the_path_loses(finding::Finding found, const CallFacts& facts,
                                                     const call::Transaction& t) {
  if (!found.behaviours.empty()) return found;
  const bool requests = deaf_requester(t);
  const StreamFacts* const lossy =
      requests ? lossy_stream(facts, t.requested, t.request.last) : lossy_stream(facts, t.answered, t.response.last);
  if (lossy == nullptr) return found;
  const std::string what = requests ? std::string(sip::name(t.method)) : std::to_string(t.status);
  const std::uint16_t count = requests ? t.request.count : t.response.count;
  finding::Finding open = finding::Finding::inconclusive(
      kRule, what + " was repeated " + std::to_string(count) +
                 " times, but the path loses packets: " + std::to_string(lossy->lost()) + " of " +
                 std::to_string(lossy->report.expected) + " packets of media towards " + receiver_text(*lossy) +
                 " are missing. What was repeated may have been lost with them.");
  open.evidence = std::move(found.evidence);
  return open;
}

finding::Finding judge(const CallFacts& facts) {
  const call::Transaction* worst = nullptr;
  bool over_udp = false;
  const auto repeats = [](const call::Transaction& t) { return std::max(t.request.count, t.response.count); };
  for (const call::Leg& leg : facts.call.legs)
    for (const call::Transaction& t : leg.transactions.items()) {
      over_udp = over_udp || leg.transport == sip::Transport::udp;
      if ((deaf_requester(t) || deaf_responder(t)) && (worst == nullptr || repeats(t) > repeats(*worst))) worst = &t;
    }
  if (worst != nullptr)
    return unless_the_path_loses(deaf_requester(*worst) ? requests(*worst) : responses(*worst), facts, *worst);
  if (!over_udp) return finding::Finding::not_applicable(kRule, "No SIP of the call went over UDP.");
  return finding::Finding::pass(kRule, 1, "What was answered was not repeated.");
}

}  // namespace

CallRule retransmission_storm() {
  return {kRule, judge};
}

}  // namespace viaduct::diagnose::rules
