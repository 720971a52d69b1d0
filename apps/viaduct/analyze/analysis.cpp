// SPDX-License-Identifier: GPL-2.0-or-later
#include "analyze/analysis.hpp"

#include "analyze/call_summary.hpp"
#include "analyze/stream_summaries.hpp"
#include "capture/content.hpp"

#include <algorithm>
#include <cstring>
#include <tuple>
#include <unordered_map>

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

[[nodiscard]] finding::Lane lane_of(const finding::StreamSummary& stream) {
  finding::Lane lane;
  lane.name = stream.direction + ", " + stream.source.to_text();
  lane.intervals.push_back({stream.first, stream.last - stream.first, finding::Tone::good, "media"});
  for (const finding::GapSummary& gap : stream.gaps) {
    const bool pause = gap.letter == static_cast<char>(rtp::GapClass::sender_pause);
    lane.intervals.push_back({gap.onset, gap.length, pause ? finding::Tone::silence : finding::Tone::bad,
                              std::string(1, gap.letter) + " " + finding::meaning(gap.letter)});
  }
  return lane;
}

void add_lane(finding::Timeline& timeline, const finding::StreamSummary& stream) {
  const finding::Time end = std::max(timeline.begin + timeline.length, stream.last);
  timeline.begin = std::min(timeline.begin, stream.first);
  timeline.length = end - timeline.begin;
  timeline.lanes.push_back(lane_of(stream));
}

}  // namespace

Analysis::Analysis(AnalysisSettings settings, std::string version)
    : settings_(std::move(settings)), signalling_(*this), media_(signalling_) {
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
  else if (content == capture::Content::sip || content == capture::Content::keep_alive ||
           (arrival.cut() && capture::looks_like_sip(arrival.octets, true)))
    signal(arrival, frame);
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
  for (const std::unique_ptr<MediaFlow>& flow : media_.take(call.number)) keep(*flow, &call);
  KeptCall kept{summary_of(call), call.number};
  if (!settings_.follow.empty() && kept.summary.call_id == settings_.follow) kept.summary.ladder = ladder_of(call);
  if (settings_.timelines) kept.summary.timeline = timeline_of(call);
  calls_.push_back(std::move(kept));
}

void Analysis::keep(const MediaFlow& flow, const call::Call* call) {
  for (finding::StreamSummary& summary : summaries_of(flow, call))
    streams_.push_back({std::move(summary), flow.key ? std::optional(flow.key->call) : std::nullopt});
}

finding::Result Analysis::finish() {
  signalling_.finish();
  for (const std::unique_ptr<MediaFlow>& flow : media_.take_rest()) keep(*flow, nullptr);
  std::sort(calls_.begin(), calls_.end(), [](const KeptCall& a, const KeptCall& b) {
    return std::tie(a.summary.start, a.number) < std::tie(b.summary.start, b.number);
  });
  const auto order = [](const KeptStream& stream) {
    const finding::StreamSummary& s = stream.summary;
    return std::tuple(s.first, s.input, s.first_frame, s.ssrc);
  };
  std::sort(streams_.begin(), streams_.end(),
            [order](const KeptStream& a, const KeptStream& b) { return order(a) < order(b); });
  attach(std::move(streams_));
  conclude();
  finding::limit(result_);
  return std::move(result_);
}

void Analysis::attach(std::vector<KeptStream>&& streams) {
  std::unordered_map<call::CallNumber, std::size_t> places;
  for (KeptCall& call : calls_) {
    places.emplace(call.number, result_.calls.size());
    result_.calls.push_back(std::move(call.summary));
  }
  for (KeptStream& stream : streams) {
    const auto place = stream.call ? places.find(*stream.call) : places.end();
    if (place != places.end()) {
      finding::CallSummary& call = result_.calls[place->second];
      call.streams.push_back(static_cast<std::uint32_t>(result_.streams.size()));
      if (call.timeline) add_lane(*call.timeline, stream.summary);
    }
    result_.streams.push_back(std::move(stream.summary));
  }
}

/// No rule exists yet, so nothing is called clean and no cause is named.
void Analysis::conclude() {
  std::size_t gaps = 0;
  for (const finding::StreamSummary& stream : result_.streams) gaps += stream.gaps.size() + stream.gaps_left_out;
  result_.verdict = finding::Overall::inconclusive;
  result_.attribution.cause = finding::Cause::not_proven;
  result_.sentence = counted(result_.calls.size(), "call", "calls") + ", " +
                     counted(result_.streams.size(), "stream", "streams") + " and " + counted(gaps, "gap", "gaps") +
                     " were found. This version reads calls, streams and gaps and judges no cause yet.";
}

}  // namespace viaduct::app::analyze
