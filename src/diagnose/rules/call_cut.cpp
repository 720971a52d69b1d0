// SPDX-License-Identifier: GPL-2.0-or-later
#include "diagnose/rules/rules.hpp"
#include "diagnose/words.hpp"

#include <algorithm>
#include <optional>

namespace viaduct::diagnose::rules {
namespace {

constexpr finding::Rule kRule{
    .id = "call-cut",
    .title = "A timer ends the call",
    .cause = finding::Cause::signalling,
    .needs = "The answer and the end of a call.",
    .why =
        "Nobody hung up. A call that is cut after 32 s lost the ACK of its answer (64*T1, RFC 3261 13.3.1.4); one that "
        "is "
        "cut after 15 or 30 minutes lost the refresh of its session (RFC 4028); one that is cut without audio ran into "
        "an RTP timeout.",
    .remedy =
        "Follow the message that is missing here: to where does the Contact or Record-Route of the answer lead, and "
        "does it arrive there? Switch off SIP ALG, keep UDP mappings of SIP for longer than its refresh.",
};

constexpr std::uint16_t kFewest = 3;  ///< repetitions; one or two may be lost packets
constexpr Duration kAfterAck = std::chrono::seconds(2);
/// The last repetition comes half a second before 64*T1 are over.
constexpr Duration kGivesUp = call::kTimerB - std::chrono::seconds(1);

[[nodiscard]] std::string party(call::Party party) {
  return "the " + std::string(call::name(party));
}

/// Who ended the call, at the beginning of a sentence or in it.
[[nodiscard]] std::string by(const call::Ending& ending, bool begins = false) {
  if (!ending.by) return begins ? "A party" : "a party";
  return (begins ? "The " : "the ") + std::string(call::name(*ending.by));
}

[[nodiscard]] const call::Transaction* repeated_answer(const call::Call& call) {
  const call::Transaction* most = nullptr;
  for (const call::Leg& leg : call.legs)
    for (const call::Transaction& t : leg.transactions.items()) {
      const bool success = t.invite() && t.status >= 200 && t.status < 300;
      if (success && t.response.count > 0 && (most == nullptr || t.response.count > most->response.count)) most = &t;
    }
  return most;
}

/// The address in a SIP URI; not present for a name.
[[nodiscard]] base::Range host_of(base::Bytes uri) {
  std::size_t begin = uri.find("sip");
  begin = begin == base::Bytes::npos ? base::Bytes::npos : uri.find(':', begin);
  if (begin == base::Bytes::npos) return {};
  const std::size_t user = uri.find('@', begin);
  const std::size_t close = uri.find('>', begin);
  begin = user != base::Bytes::npos && user < close ? user + 1 : begin + 1;
  const bool bracket = begin < uri.size() && uri[begin] == '[';
  const std::size_t end = std::min(bracket ? uri.find(']', begin) + 1 : uri.find_first_of(":;>,?", begin), uri.size());
  if (end < begin) return {};
  return base::between(begin, end);
}

/// Where the ACK has to go first: the first hop of Record-Route, or the Contact of the answer (RFC
/// 3261 12.1.2, 12.2.1.1).
[[nodiscard]] finding::Evidence way_of_ack(const call::Dialog& dialog, const call::Transaction& answer) {
  const bool routed = dialog.routes > 0;
  // The caller's route set is Record-Route in reverse order; of several only the last is its first hop.
  const base::Bytes uri =
      routed ? dialog.route_set.view() : dialog.targets[static_cast<std::size_t>(call::Party::callee)].uri.view();
  finding::Evidence evidence = evidence_at(call::pack(answer.response_frame), answer.answered,
                                           routed ? "Record-Route of the answer: the ACK has to go there"
                                                  : "Contact of the answer: the ACK has to go there");
  finding::quote(evidence, uri, host_of(uri));
  return evidence;
}

/// Whether that way leads into a private network that the answer itself did not come from.
[[nodiscard]] bool leads_astray(const call::Dialog& dialog, const call::Transaction& answer) {
  if (dialog.routes > 1 || !answer.responder.address.is_global()) return false;
  const base::Bytes uri = dialog.routes == 1 ? dialog.route_set.view()
                                             : dialog.targets[static_cast<std::size_t>(call::Party::callee)].uri.view();
  const std::optional<net::Address> host = net::parse_address(host_of(uri).of(uri));
  return host && !host->is_global();
}

[[nodiscard]] const call::Dialog* answered_dialog(const call::Call& call) {
  const auto found = std::find_if(call.dialogs.begin(), call.dialogs.end(),
                                  [](const call::Dialog& dialog) { return dialog.confirmed != call::kNever; });
  return found == call.dialogs.end() ? nullptr : &*found;
}

/// What tells on which side of here the ACK was lost.
[[nodiscard]] std::string lost_where(const CallFacts& facts, const call::Transaction& answer) {
  if (answer.acknowledged != call::kNever)
    return " The ACK was seen here, on its way to " + answer.acknowledged_to.to_text() +
           ": it was lost behind here, or that is not where the answer came from.";
  if (answer.request.last != call::kNever && answer.request.last > answer.answered + call::kT1)
    return " The caller repeats its INVITE: the answer did not reach it.";
  for (const StreamFacts& stream : facts.streams)
    if (stream.receiver == call::Party::callee && stream.report.last > answer.answered + call::kT1)
      return " The caller sends media, so it had the answer: its ACK was lost between it and here, or took another "
             "way.";
  return " Nothing tells whether the answer did not reach the caller, or its ACK was lost.";
}

/// A BYE was captured.
[[nodiscard]] bool hung_up(const call::Ending& ending, const call::Transaction& answer) {
  return ending.kind != call::EndKind::open && ending.time != call::kNever && ending.frame != answer.response_frame;
}

[[nodiscard]] bool repeated_to_the_end(const call::Transaction& answer) {
  return answer.response.last - answer.answered >= kGivesUp;
}

[[nodiscard]] finding::Finding not_for_long(const call::Transaction& answer) {
  finding::Finding open =
      finding::Finding::inconclusive(kRule, "The answer was repeated and its ACK not seen, but not for long enough.");
  if (answer.response.count < kFewest) return open;
  open.severity = finding::Severity::minor;
  open.statement = "The answer came " + std::to_string(answer.response.count) +
                   " times again, as no ACK arrived, but neither that the callee gave up nor that the call was ended "
                   "was captured.";
  open.evidence.push_back(evidence_at(call::pack(answer.response_frame), answer.answered,
                                      "repeated for " + seconds_text(answer.response.last - answer.answered)));
  return open;
}

[[nodiscard]] finding::Finding unacknowledged(const CallFacts& facts, const call::Transaction& answer) {
  const call::Ending& ending = facts.call.ending;
  std::string end = ".";
  if (ending.by && hung_up(ending, answer) && ending.after_answer > Duration{})
    end = "; " + party(*ending.by) + " sent BYE after " + seconds_text(ending.after_answer) + ".";
  else if (repeated_to_the_end(answer))
    end = " for as long as the callee waits for it, which is " + seconds_text(call::kTimerB) + ".";
  finding::Finding found =
      finding::Finding::fail(kRule, finding::Severity::critical, 0.95,
                             "The answer came " + std::to_string(answer.response.count) +
                                 " times again, because its ACK did not arrive" + end + lost_where(facts, answer),
                             evidence_at(call::pack(answer.response_frame), answer.answered,
                                         std::to_string(answer.status) + " from " + answer.responder.to_text() +
                                             " to " + answer.answered_to.to_text() + ", repeated for " +
                                             seconds_text(answer.response.last - answer.answered)));
  if (answer.acknowledged != call::kNever)
    found.evidence.push_back(
        evidence_at(call::pack(answer.ack_frame), answer.acknowledged, "ACK to " + answer.acknowledged_to.to_text()));
  const call::Dialog* const dialog = answered_dialog(facts.call);
  if (dialog != nullptr && leads_astray(*dialog, answer)) {
    found.statement += " The answer names a private address as its way back, although it comes from a public one.";
    found.evidence.push_back(way_of_ack(*dialog, answer));
  }
  found.behaviours = {"C07"};
  if (ending.frame != answer.response_frame && ending.time != call::kNever)
    found.evidence.push_back(evidence_at(call::pack(ending.frame), ending.time, "the end of the call"));
  return found;
}

/// A re-INVITE or UPDATE of the one whose duty the refresh is, without an answer.
[[nodiscard]] const call::Transaction* lost_refresh(const call::Call& call, const call::SessionTimer& timer) {
  for (const call::Leg& leg : call.legs)
    for (const call::Transaction& t : leg.transactions.items()) {
      const bool refreshes = t.invite() || t.method == sip::Method::update;
      if (refreshes && !t.finished() && t.requested != call::kNever && t.requested > timer.refreshed) return &t;
    }
  return nullptr;
}

[[nodiscard]] finding::Finding expired(const CallFacts& facts) {
  const call::Ending& ending = facts.call.ending;
  const call::SessionTimer* timer = nullptr;
  for (const call::Dialog& dialog : facts.call.dialogs)
    if (dialog.bye_frame == ending.frame) timer = &dialog.timer;
  const std::string length = timer == nullptr ? "" : " of " + std::to_string(timer->seconds) + " s";
  finding::Finding found = finding::Finding::fail(
      kRule, finding::Severity::critical, 0.8,
      "The session timer" + length + " ended the call " + seconds_text(ending.after_answer) + " after its answer",
      evidence_at(call::pack(ending.frame), ending.time, "BYE of " + by(ending)));
  if (timer == nullptr) {
    found.statement += ".";
    return found;
  }
  found.statement += ": ";
  const call::Transaction* const lost = lost_refresh(facts.call, *timer);
  if (ending.status != 0) {
    found.statement += "its refresh was refused with " + std::to_string(ending.status) + ".";
    found.confidence = 0.95;
    found.evidence.insert(found.evidence.begin(), evidence_at(call::pack(timer->failure_frame), timer->failed,
                                                              std::to_string(ending.status) + " to the refresh"));
  } else if (lost != nullptr) {
    found.statement += "its refresh was sent and never answered.";
    found.confidence = 0.95;
    found.evidence.insert(found.evidence.begin(),
                          evidence_at(call::pack(lost->request_frame), lost->requested,
                                      std::string(sip::name(lost->method)) + " without an answer"));
  } else {
    found.statement += timer->refresher_named ? party(timer->refresher) + ", whose duty it is, sent no refresh here."
                                              : "nobody sent a refresh here.";
  }
  return found;
}

[[nodiscard]] finding::Finding without_media(const CallFacts& facts) {
  const call::Ending& ending = facts.call.ending;
  finding::Evidence bye = evidence_at(call::pack(ending.frame), ending.time, "Reason of the BYE");
  finding::quote(bye, ending.reason.view(), {});
  finding::Finding found =
      finding::Finding::fail(kRule, finding::Severity::critical, 0.95,
                             by(ending, true) + " ended the call " + seconds_text(ending.after_answer) +
                                 " after its answer because it got no media.",
                             std::move(bye));
  found.cause = finding::Cause::not_proven;
  return found;
}

finding::Finding judge(const CallFacts& facts) {
  const call::Call& call = facts.call;
  if (!call.established()) return finding::Finding::not_applicable(kRule, "The call was not answered.");
  const call::Transaction* const answer = repeated_answer(call);
  if (answer != nullptr) {
    const bool still =
        answer->acknowledged == call::kNever || answer->response.last >= answer->acknowledged + kAfterAck;
    const bool ended = hung_up(call.ending, *answer) || repeated_to_the_end(*answer);
    if (still && ended && answer->response.count >= kFewest) return unacknowledged(facts, *answer);
    if (answer->acknowledged == call::kNever || (still && !ended && answer->response.count >= kFewest))
      return not_for_long(*answer);
  }
  switch (call.ending.kind) {
    case call::EndKind::session_timer:
      return expired(facts);
    case call::EndKind::media_timeout:
      return without_media(facts);
    case call::EndKind::open:
      return finding::Finding::not_applicable(kRule, "The end of the call was not captured.");
    default:
      return finding::Finding::pass(kRule, 0.9, "A party hung up, and no timer was due.");
  }
}

}  // namespace

CallRule call_cut() {
  return {kRule, judge};
}

}  // namespace viaduct::diagnose::rules
