// SPDX-License-Identifier: GPL-2.0-or-later
#include "analyze/call_summary.hpp"

#include "analyze/stream_summaries.hpp"
#include "call/ending.hpp"

#include <algorithm>
#include <string>
#include <vector>

namespace viaduct::app::analyze {
namespace {

[[nodiscard]] std::string ending_text(const call::Ending& ending) {
  std::string text(call::name(ending.kind));
  switch (ending.kind) {
    case call::EndKind::open:
      return "no BYE captured";
    case call::EndKind::bye:
      text = "BYE";
      break;
    case call::EndKind::rejected:
    case call::EndKind::redirected:
    case call::EndKind::timed_out:
      return ending.status == 0 ? text : text + ", " + std::to_string(ending.status);
    default:
      break;
  }
  if (ending.by) text += " of the " + std::string(call::name(*ending.by));
  return text;
}

[[nodiscard]] const char* transport_name(sip::Transport transport) {
  return transport == sip::Transport::tcp ? "tcp" : "udp";
}

/// Of media only what is not audio has a name: a call is audio where nothing is said.
[[nodiscard]] std::string sdp_text(const call::Event& event) {
  if (event.t38) return event.video ? " (SDP: T.38, video)" : " (SDP: T.38)";
  return event.video ? " (SDP: video)" : " (SDP)";
}

/// An answer of SDP opened it, too: what only one party wants does not flow. Who offers in a 2xx is taken for one who
/// answers.
[[nodiscard]] bool answers_offer(const call::Event& event) {
  return event.status / 100 == 2 || event.kind == call::EventKind::ack;
}

/// A call that was to go over to T.38 has a fax in it, also where the other one refuses.
[[nodiscard]] std::vector<std::string> not_judged(const call::Call& call) {
  bool t38 = false;
  bool video = false;
  for (const call::Event& event : call.events) {
    t38 = t38 || (event.t38 && (answers_offer(event) || event.kind == call::EventKind::re_invite));
    video = video || (event.video && answers_offer(event));
  }
  std::vector<std::string> kinds;
  if (t38) kinds.emplace_back("T.38 fax");
  if (video) kinds.emplace_back("video");
  return kinds;
}

[[nodiscard]] std::string label_of(const call::Event& event) {
  if (call::is_media(event.kind))
    return std::string(call::name(event.kind)) + " at the " + std::string(call::name(event.from));
  const bool named = event.kind == call::EventKind::keep_alive || event.kind == call::EventKind::unreachable;
  std::string label(named ? call::name(event.kind) : sip::name(event.method));
  if (event.status != 0) label = std::to_string(event.status) + " " + label;
  return event.sdp ? label + sdp_text(event) : label;
}

[[nodiscard]] finding::ArrowKind kind_of(const call::Event& event) {
  if (call::is_media(event.kind)) return finding::ArrowKind::media;
  if (event.kind == call::EventKind::unreachable) return finding::ArrowKind::failure;
  if (event.status == 0) return finding::ArrowKind::request;
  if (event.status < 200) return finding::ArrowKind::provisional;
  return event.status < 300 ? finding::ArrowKind::success : finding::ArrowKind::failure;
}

/// Where an arrow of `event` begins and ends; false if it was between endpoints that are not kept.
[[nodiscard]] bool place(const call::Event& event, std::size_t participants, finding::Arrow& arrow) {
  arrow.from = event.source;
  arrow.to = call::is_media(event.kind) ? event.source : event.destination;
  return arrow.from < participants && arrow.to < participants;
}

}  // namespace

finding::CallSummary summary_of(const diagnose::CallFacts& facts) {
  const call::Call& call = facts.call;
  finding::CallSummary summary;
  if (!call.events.empty()) summary.input = static_cast<std::uint32_t>(call.events.front().frame.file);
  summary.call_id = call.call_id.view();
  summary.from = call.parties[static_cast<std::size_t>(call::Party::caller)].uri.view();
  summary.to = call.parties[static_cast<std::size_t>(call::Party::callee)].uri.view();
  summary.start = call.first;
  summary.answered = call.answered != call::kNever;
  if (summary.answered) summary.duration = std::max(facts.ended(), call.answered) - call.answered;
  summary.ending = ending_text(call.ending);
  summary.ending.shrink_to_fit();
  summary.not_judged = not_judged(call);
  for (const call::Leg& leg : call.legs)
    summary.legs.push_back({endpoint_of(leg.caller), endpoint_of(leg.callee), transport_name(leg.transport)});
  return summary;
}

finding::Ladder ladder_of(const call::Call& call) {
  finding::Ladder ladder;
  ladder.title = "Messages of call " + std::string(call.call_id.view());
  const std::size_t columns = std::min(call.endpoints.size(), finding::Ladder::kMaxParticipants);
  for (std::size_t i = 0; i < columns; ++i) ladder.participants.push_back(call.endpoints[i].to_text());
  ladder.left_out = call.dropped_events;
  for (const call::Event& event : call.events) {
    finding::Arrow arrow;
    if (!place(event, columns, arrow)) {
      ++ladder.left_out;
      continue;
    }
    arrow.time = event.time;
    arrow.kind = kind_of(event);
    arrow.text = label_of(event);
    arrow.retransmission = event.again == call::Again::retransmitted;
    arrow.input = static_cast<std::uint32_t>(event.frame.file);
    arrow.frame = event.frame.number;
    ladder.arrows.push_back(std::move(arrow));
  }
  return ladder;
}

finding::Timeline timeline_of(const call::Call& call) {
  finding::Timeline timeline;
  timeline.title = "Timeline of call " + std::string(call.call_id.view());
  timeline.begin = call.first;
  timeline.length = call.last - call.first;
  finding::Lane lane;
  lane.name = "SIP";
  for (const call::Event& event : call.events)
    if (event.again == call::Again::first)
      lane.intervals.push_back({event.time, {}, finding::Tone::signalling, label_of(event)});
  lane.left_out = call.dropped_events;
  timeline.lanes.push_back(std::move(lane));
  return timeline;
}

}  // namespace viaduct::app::analyze
