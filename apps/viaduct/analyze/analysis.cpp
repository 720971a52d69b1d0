// SPDX-License-Identifier: GPL-2.0-or-later
#include "analyze/analysis.hpp"

#include "analyze/call_summary.hpp"
#include "analyze/stream_summaries.hpp"
#include "capture/content.hpp"

#include <algorithm>
#include <cstring>
#include <iterator>
#include <map>
#include <numeric>
#include <tuple>

namespace viaduct::app::analyze {
namespace {

[[nodiscard]] std::string counted(std::uint64_t count, const std::string& one, const std::string& many) {
  return std::to_string(count) + " " + (count == 1 ? one : many);
}

void tell(finding::InputSummary& input, std::uint64_t count, const std::string& one, const std::string& many) {
  if (count > 0) input.problems.push_back(counted(count, one, many));
}

/// Frames that were lost before they came into the file: no proof of loss on the wire.
[[nodiscard]] std::uint64_t dropped(const capture::CaptureReader& reader) {
  std::uint64_t sum = 0;
  for (const capture::Interface& interface : reader.interfaces())
    sum += std::max(interface.dropped_beside_frames, interface.dropped.value_or(0));
  return sum;
}

void add_lane(finding::Timeline& timeline, const finding::StreamSummary& stream, std::uint32_t index) {
  const finding::Time end = std::max(timeline.begin + timeline.length, stream.last);
  timeline.begin = std::min(timeline.begin, stream.first);
  timeline.length = end - timeline.begin;
  timeline.lanes.push_back(finding::lane_of(stream));
  timeline.lanes.back().stream = index;
}

/// Where no SIP names a flow, the lower endpoint of the two counts as the caller.
[[nodiscard]] diagnose::FlowPlace place_of(const MediaFlow& flow) {
  if (flow.key) return {flow.key->leg, flow.key->line, flow.key->receiver};
  const EndpointPair& pair = flow.pairs.front();
  return {.receiver = pair.destination < pair.source ? call::Party::caller : call::Party::callee};
}

/// For each element its place in the order of its key.
template <class T, class Key>
[[nodiscard]] std::vector<std::uint32_t> order_of(const std::vector<T>& all, Key key) {
  std::vector<std::uint32_t> sorted(all.size());
  std::iota(sorted.begin(), sorted.end(), 0U);
  std::sort(sorted.begin(), sorted.end(), [&](std::uint32_t a, std::uint32_t b) { return key(all[a]) < key(all[b]); });
  std::vector<std::uint32_t> places(all.size());
  for (std::uint32_t i = 0; i < sorted.size(); ++i) places[sorted[i]] = i;
  return places;
}

/// Indices that follow what they point to, ascending and each once.
void move_to(std::vector<std::uint32_t>& indices, const std::vector<std::uint32_t>& places) {
  for (std::uint32_t& index : indices) index = places[index];
  std::sort(indices.begin(), indices.end());
  indices.erase(std::unique(indices.begin(), indices.end()), indices.end());
}

}  // namespace

Analysis::Analysis(AnalysisSettings settings, std::string version)
    : settings_(std::move(settings)), signalling_(*this), media_(signalling_) {
  signalling_.show_to(this);
  result_.tool = "viaduct analyze";
  result_.version = std::move(version);
}

std::optional<std::string> Analysis::read(const std::string& path) {
  finding::InputSummary& input = result_.inputs.emplace_back();
  input.path = path == "-" ? "stdin" : path;
  std::expected<capture::CaptureReader, int> reader =
      path == "-" ? capture::CaptureReader(capture::inflow_of_descriptor(0, false))
                  : capture::CaptureReader::open(path);
  std::optional<std::string> error;
  if (!reader) {
    error = std::strerror(reader.error());
  } else {
    read_frames(*reader, input);
    if (reader->cut() && input.frames == 0) error = capture::text(reader->cut()->reason);
  }
  if (error) input.problems.insert(input.problems.begin(), "cannot be read: " + *error);
  return error;
}

void Analysis::read_frames(capture::CaptureReader& reader, finding::InputSummary& input) {
  troubles_ = {.not_followed = media_.not_followed()};
  capture::Unwrapper unwrapper(*this);
  for (capture::Record record; reader.next(record);) {
    ++input.frames;
    if (record.timed) {
      input.first = std::min(input.first.value_or(record.time), record.time);
      input.last = std::max(input.last.value_or(record.time), record.time);
    }
    unwrapper.add(record);
  }
  unwrapper.finish();
  input.octets = reader.offset();
  captures_.push_back({.input = static_cast<std::uint32_t>(result_.inputs.size() - 1),
                       .frames = input.frames,
                       .dropped = dropped(reader),
                       .cut = unwrapper.counts().cut,
                       .incomplete = troubles_.incomplete,
                       .broken = reader.cut().has_value()});
  tell_problems(reader, unwrapper, input);
}

void Analysis::tell_problems(const capture::CaptureReader& reader, const capture::Unwrapper& unwrapper,
                             finding::InputSummary& input) const {
  if (reader.cut() && input.frames > 0)
    input.problems.push_back("read up to octet " + std::to_string(reader.cut()->offset) + ": " +
                             std::string(capture::text(reader.cut()->reason)));
  const capture::Unwrapper::Counts& counts = unwrapper.counts();
  tell(input, dropped(reader), "frame was lost by what captured", "frames were lost by what captured");
  tell(input, counts.cut, "packet was captured in part", "packets were captured in part");
  tell(input, counts.malformed, "frame has headers that contradict themselves",
       "frames have headers that contradict themselves");
  tell(input, counts.unknown_link, "frame is of a link type that is not understood",
       "frames are of link types that are not understood");
  tell(input, troubles_.incomplete, "packet misses fragments", "packets miss fragments");
  tell(input, troubles_.stream_pieces, "piece of a TCP stream could not be put together",
       "pieces of TCP streams could not be put together");
  tell(input, media_.not_followed() - troubles_.not_followed, "packet of a stream that there was no room to follow",
       "packets of streams that there was no room to follow");
}

void Analysis::arrived(const capture::Arrival& arrival) {
  call::FrameRef frame;
  frame.number = arrival.frames.empty() ? 0 : arrival.frames.front() & 0xffffffffffffU;
  frame.file = (result_.inputs.size() - 1) & 0xffffU;
  const capture::Content content = capture::classify(arrival.octets);
  if (content == capture::Content::rtp && !arrival.stream)
    media_.add(arrival, frame);
  else if (content == capture::Content::rtcp && !arrival.stream && !arrival.cut())
    rtcp_.add(arrival.octets, arrival.source, arrival.destination, arrival.time);
  else if (content == capture::Content::sip || content == capture::Content::keep_alive ||
           (arrival.cut() && capture::looks_like_sip(arrival.octets, true)))
    signal(arrival, frame);
  else if (content == capture::Content::stun)
    fingerprints_.saw_stun(0, arrival.source, arrival.destination);
}

void Analysis::signal(const capture::Arrival& arrival, call::FrameRef frame) {
  call::Sighting seen;
  seen.octets = arrival.octets;
  seen.length = arrival.length;
  seen.time = arrival.time;
  seen.source = arrival.source;
  seen.destination = arrival.destination;
  seen.transport = arrival.stream ? sip::Transport::tcp : sip::Transport::udp;
  seen.frame = frame;
  signalling_.add(seen);
}

void Analysis::other(const capture::Record& /*record*/, base::Bytes /*frame*/, const capture::Packet& /*packet*/) {}

void Analysis::incomplete(const capture::FragmentTable::Incomplete& /*packet*/) {
  ++troubles_.incomplete;
}

void Analysis::stream_lost(const capture::StreamEnds& /*ends*/, std::optional<sip::FrameProblem> /*problem*/,
                           base::Bytes /*octets*/, std::uint64_t /*number*/) {
  ++troubles_.stream_pieces;
}

void Analysis::finished(call::Call&& call) {
  const auto index = static_cast<std::uint32_t>(calls_.size());
  const auto first_stream = static_cast<std::uint32_t>(streams_.size());
  const diagnose::CallFacts facts{.call = call, .streams = keep(media_.take(call.number), &call)};
  for (std::size_t i = first_stream; i < streams_.size(); ++i) streams_[i].call = index;
  diagnosis_.add(facts, index, first_stream);
  KeptCall kept{summary_of(call), call.number};
  const bool followed = !settings_.follow.empty() && kept.summary.call_id == settings_.follow;
  if (followed || settings_.timelines) kept.summary.ladder = ladder_of(call);
  if (settings_.timelines) kept.summary.timeline = timeline_of(call);
  calls_.push_back(std::move(kept));
}

/// The streams of flows that belong together, for the result and for the rules, in the same order.
std::vector<diagnose::StreamFacts> Analysis::keep(const std::vector<std::unique_ptr<MediaFlow>>& flows,
                                                  const call::Call* call) {
  std::vector<diagnose::StreamFacts> all;
  std::vector<const MediaFlow*> origins;
  for (const std::unique_ptr<MediaFlow>& flow : flows) {
    std::vector<diagnose::StreamFacts> facts =
        diagnose::stream_facts(flow->flow, place_of(*flow), call, media_.holes());
    // Without SDP two packets in sequence are the least that tells RTP from what has its form by chance.
    if (!flow->key) std::erase_if(facts, [](const diagnose::StreamFacts& stream) { return stream.report.probation; });
    std::move(facts.begin(), facts.end(), std::back_inserter(all));
    origins.resize(all.size(), flow.get());
  }
  diagnose::add_quiet(all);
  diagnose::mark_capture_holes(all);
  for (std::size_t i = 0; i < all.size(); ++i) {
    finding::StreamSummary summary = summary_of(all[i], *origins[i], call, rtcp_);
    if (!settings_.timelines) summary.series.reset();
    streams_.push_back({std::move(summary), std::nullopt});
  }
  return all;
}

finding::Result Analysis::finish() {
  signalling_.finish();
  keep_rest();
  std::vector<const call::Registration*> registrations;
  for (const auto& [key, registration] : signalling_.registrations()) registrations.push_back(&registration);
  diagnosis_.finish({.registrations = registrations, .captures = captures_});
  const std::vector<finding::Attribution> attributions = diagnosis_.attributions(calls_.size());
  for (std::size_t i = 0; i < calls_.size(); ++i) calls_[i].summary.attribution = attributions[i];
  result_.findings = std::move(diagnosis_).findings();
  attach();
  diagnose::conclude(result_);
  finding::limit(result_);
  return std::move(result_);
}

/// Media that no SIP names: the flows between two endpoints are the two directions of one conversation.
void Analysis::keep_rest() {
  using Ends = std::pair<net::Endpoint, net::Endpoint>;
  std::map<Ends, std::vector<std::unique_ptr<MediaFlow>>> conversations;
  for (std::unique_ptr<MediaFlow>& flow : media_.take_rest()) {
    const EndpointPair& pair = flow->pairs.front();
    const Ends ends = std::minmax(pair.source, pair.destination);
    conversations[ends].push_back(std::move(flow));
  }
  for (const auto& [ends, flows] : conversations) {
    const auto first_stream = static_cast<std::uint32_t>(streams_.size());
    const std::vector<diagnose::StreamFacts> facts = keep(flows, nullptr);
    if (!facts.empty()) diagnosis_.add_media(facts, 0, 0, first_stream);
  }
}

/// Calls and streams go into the result by their begin, and what the findings say of them follows.
void Analysis::attach() {
  const std::vector<std::uint32_t> calls =
      order_of(calls_, [](const KeptCall& call) { return std::tuple(call.summary.start, call.number); });
  const std::vector<std::uint32_t> streams = order_of(streams_, [](const KeptStream& stream) {
    const finding::StreamSummary& s = stream.summary;
    return std::tuple(s.first, s.input, s.first_frame, s.ssrc);
  });
  result_.calls.resize(calls_.size());
  for (std::size_t i = 0; i < calls_.size(); ++i) result_.calls[calls[i]] = std::move(calls_[i].summary);
  result_.streams.resize(streams_.size());
  for (std::size_t i = 0; i < streams_.size(); ++i) result_.streams[streams[i]] = std::move(streams_[i].summary);
  for (std::size_t i = 0; i < streams_.size(); ++i)
    if (streams_[i].call) result_.calls[calls[*streams_[i].call]].streams.push_back(streams[i]);
  for (finding::CallSummary& call : result_.calls) {
    std::sort(call.streams.begin(), call.streams.end());
    if (call.timeline)
      for (const std::uint32_t stream : call.streams) add_lane(*call.timeline, result_.streams[stream], stream);
  }
  for (std::uint32_t i = 0; i < result_.findings.size(); ++i) {
    finding::Finding& found = result_.findings[i];
    move_to(found.calls, calls);
    move_to(found.streams, streams);
    for (const std::uint32_t call : found.calls) result_.calls[call].findings.push_back(i);
  }
}

}  // namespace viaduct::app::analyze
