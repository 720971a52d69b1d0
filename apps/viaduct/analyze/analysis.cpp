// SPDX-License-Identifier: GPL-2.0-or-later
#include "analyze/analysis.hpp"

#include "analyze/call_summary.hpp"
#include "analyze/half_seen.hpp"
#include "analyze/moved_media.hpp"
#include "analyze/registration_summaries.hpp"
#include "analyze/stream_summaries.hpp"
#include "call/hash.hpp"
#include "capture/content.hpp"
#include "capture/unreachable.hpp"
#include "diagnose/audio_end.hpp"
#include "diagnose/fingerprint/alg_sign.hpp"
#include "diagnose/words.hpp"

#include <algorithm>
#include <cstring>
#include <iterator>
#include <map>
#include <numeric>
#include <tuple>

namespace viaduct::app::analyze {
namespace {

constexpr std::pair kAlways(capture::Time::min(), capture::Time::max());

void tell(finding::InputSummary& input, std::uint64_t count, const char* one, const char* many) {
  if (count > 0) input.problems.push_back(diagnose::counted(count, one, many));
}

[[nodiscard]] std::string apart_text(base::Duration clocks) {
  if (clocks == base::Duration::zero()) return "";
  return "; their clocks are " + diagnose::seconds_text(clocks) + " apart";
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

[[nodiscard]] finding::OtherPlace place_of(const rtp::Report& stream) {
  return {endpoint_of(stream.source), endpoint_of(stream.destination)};
}

/// Where no SIP names a flow, the lower endpoint of the two counts as the caller.
[[nodiscard]] diagnose::FlowPlace place_of(const MediaFlow& flow) {
  if (flow.key) return {flow.key->leg, flow.key->line, flow.key->receiver};
  return {.receiver = flow.ends.destination < flow.ends.source ? call::Party::caller : call::Party::callee,
          .named = false};
}

/// What others say of the times in which the streams of a conversation miss packets.
[[nodiscard]] std::vector<rtp::Mark> holes_of(const std::vector<std::unique_ptr<MediaFlow>>& flows,
                                              const CaptureWitness& witness) {
  std::vector<const rtp::Stream*> own;
  for (const std::unique_ptr<MediaFlow>& flow : flows)
    for (const rtp::Stream& stream : flow->flow.streams())
      if (!stream.probation()) own.push_back(&stream);
  return witness.marks(own);
}

void drop_probation(std::vector<diagnose::StreamFacts>& streams) {
  std::vector<std::uint32_t> places;
  places.reserve(streams.size());
  std::uint32_t kept = 0;
  for (const diagnose::StreamFacts& stream : streams) places.push_back(stream.report.probation ? kept : kept++);
  for (diagnose::StreamFacts& stream : streams)
    if (stream.seen_again) *stream.seen_again = places[*stream.seen_again];
  std::erase_if(streams, [](const diagnose::StreamFacts& stream) { return stream.report.probation; });
}

/// For each element its place in the order of its key.
template <class Key>
[[nodiscard]] std::vector<std::uint32_t> order_of(std::size_t size, Key key) {
  std::vector<std::uint32_t> sorted(size);
  std::iota(sorted.begin(), sorted.end(), 0U);
  std::sort(sorted.begin(), sorted.end(), [&](std::uint32_t a, std::uint32_t b) { return key(a) < key(b); });
  std::vector<std::uint32_t> places(size);
  for (std::uint32_t i = 0; i < sorted.size(); ++i) places[sorted[i]] = i;
  return places;
}

/// Moves each element to its place, without a second list.
template <class T>
void arrange(std::deque<T>& all, std::vector<std::uint32_t> places) {
  for (std::uint32_t i = 0; i < all.size(); ++i)
    while (places[i] != i) {
      const std::uint32_t to = places[i];
      std::swap(all[i], all[to]);
      std::swap(places[i], places[to]);
    }
}

/// Indices that follow what they point to, ascending and each once.
void move_to(std::vector<std::uint32_t>& indices, const std::vector<std::uint32_t>& places) {
  for (std::uint32_t& index : indices) index = places[index];
  std::sort(indices.begin(), indices.end());
  indices.erase(std::unique(indices.begin(), indices.end()), indices.end());
}

}  // namespace

Analysis::Analysis(AnalysisSettings settings, std::string version) : settings_(std::move(settings)) {
  result_.tool = "viaduct analyze";
  result_.version = std::move(version);
  if (settings_.two_sides || settings_.border) sides_.emplace();
  diagnosis_ = diagnose::Diagnosis(teller(), sides_ || settings_.is_outer_side);
  if (!settings_.border) return;
  AnalysisSettings outer{
      .follow = settings_.follow, .timelines = settings_.timelines, .is_outer_side = true, .filter = settings_.filter};
  outer_ = std::make_unique<Analysis>(std::move(outer), result_.version);
}

/// The call of a failure has been put into the result before it is judged.
diagnose::Diagnosis::Told Analysis::teller() {
  if (!settings_.found) return {};
  return [this](const finding::Finding& found, std::uint32_t call) {
    settings_.found(found, call < result_.calls.size() ? &result_.calls[call] : nullptr);
  };
}

std::optional<std::string> Analysis::read(const Input& input, Progress* progress) {
  std::expected<capture::CaptureReader, int> reader =
      input.path == "-" ? capture::CaptureReader(capture::inflow_of_descriptor(0, false))
                        : capture::CaptureReader::open(input.path);
  if (reader) return read(input, *reader, progress);
  begin(input);
  end();
  std::string error = std::strerror(reader.error());
  result_.inputs.back().problems.push_back("cannot be read: " + error);
  return error;
}

std::optional<std::string> Analysis::read(const Input& input, capture::CaptureReader& reader, Progress* progress) {
  constexpr std::uint64_t kBetween = 8192;  // frames
  begin(input);
  for (capture::Record record; reader.next(record);) {
    add(record);
    if (progress != nullptr && record.number % kBetween == 0) progress->at(reader.offset(), record.number);
  }
  end(dropped(reader));
  finding::InputSummary& told = result_.inputs.back();
  told.octets = reader.offset();
  if (!reader.cut()) return std::nullopt;
  captures_.back().broken = true;
  std::string reason(capture::text(reader.cut()->reason));
  if (told.frames > 0) {
    told.problems.insert(told.problems.begin(),
                         "read up to octet " + std::to_string(reader.cut()->offset) + ": " + reason);
    return std::nullopt;
  }
  told.problems.insert(told.problems.begin(), "cannot be read: " + reason);
  return reason;
}

void Analysis::begin(const Input& input) {
  finding::InputSummary& told = result_.inputs.emplace_back();
  told.path = input.path == "-" ? "stdin" : input.path;
  told.site = input.site;
  if (vantage_ != nullptr && vantage_->point != input.point) close(*vantage_);
  const auto known = std::find_if(vantages_.begin(), vantages_.end(),
                                  [&](const Vantage& vantage) { return vantage.point == input.point; });
  call::CallReceiver& calls = *this;
  call::MessageObserver& messages = *this;
  vantage_ = known == vantages_.end() ? &vantages_.emplace_back(input, calls, messages) : &*known;
  troubles_ = {.not_followed = vantage_->media.not_followed()};
  capture::Receiver& receiver = *this;
  unwrapper_.emplace(receiver);
  times_.emplace([this](const capture::Record& record) { take(record); });
  if (outer_) outer_->begin(input);
}

void Analysis::add(const capture::Record& record) {
  times_->add(record);
}

void Analysis::take(const capture::Record& record) {
  finding::InputSummary& input = result_.inputs.back();
  ++input.frames;
  if (record.timed) {
    if (!in_window(record.time)) {
      ++troubles_.outside;
      return;
    }
    input.first = std::min(input.first.value_or(record.time), record.time);
    input.last = std::max(input.last.value_or(record.time), record.time);
    if (sides_) saw(record);
  }
  unwrapper_->add(record);
}

bool Analysis::in_window(capture::Time time) {
  if (!window_) {
    const TimeWindow& asked = settings_.window;
    window_.emplace(asked.from ? asked.from->in(time) : capture::Time::min(),
                    asked.to ? asked.to->in(time) : capture::Time::max());
  }
  return window_->first <= time && (time < window_->second || window_->second == capture::Time::max());
}

void Analysis::advance(capture::Time now) {
  constexpr base::Duration kIdle = std::chrono::minutes(5);
  constexpr base::Duration kSweep = std::chrono::minutes(1);
  times_->flush();
  vantage_->signalling.advance(now);
  if (swept_ != capture::Time::min() && now - swept_ < kSweep) return;
  swept_ = now;
  keep_media(vantage_->media.take_idle(now - kIdle), *vantage_);
}

void Analysis::end(std::uint64_t frames_dropped) {
  times_->flush();
  unwrapper_->finish();
  captures_.push_back({.input = static_cast<std::uint32_t>(result_.inputs.size() - 1),
                       .frames = result_.inputs.back().frames,
                       .dropped = frames_dropped,
                       .cut = unwrapper_->counts().cut,
                       .incomplete = troubles_.incomplete,
                       .strays = times_->strays(),
                       .clock_set = times_->clock_set()});
  encrypted_ += unwrapper_->counts().sip_over_tls;
  if (sides_) sides_->lost(TwoSides::Side::first, frames_dropped);
  if (settings_.border) sides_->lost(TwoSides::Side::second, frames_dropped);
  tell(result_.inputs.back(), frames_dropped, "frame was lost by what captured", "frames were lost by what captured");
  tell_troubles();
  unwrapper_.reset();
  times_.reset();
  if (outer_) outer_->end(frames_dropped);
}

void Analysis::tell_troubles() {
  finding::InputSummary& input = result_.inputs.back();
  const capture::Unwrapper::Counts& counts = unwrapper_->counts();
  if (troubles_.beyond > 0)
    input.problems.push_back(
        "both sides of a router are in this capture: calls and streams are those of the inner side, compared with the "
        "outer one" +
        apart_text(settings_.border->apart));
  tell(input, counts.cut, "packet was captured in part", "packets were captured in part");
  tell(input, counts.malformed, "frame has headers that contradict themselves",
       "frames have headers that contradict themselves");
  tell(input, counts.unknown_link, "frame is of a link type that is not understood",
       "frames are of link types that are not understood");
  tell(input, times_->strays(), "frame has a time far from those around it, and counts as captured with the one before",
       "frames have times far from those around them, and count as captured with the ones before");
  tell(input, times_->clock_set(), "time the clock of the capture was set", "times the clock of the capture was set");
  tell(input, troubles_.incomplete, "packet misses fragments", "packets miss fragments");
  tell(input, troubles_.stream_pieces, "piece of a TCP stream could not be put together",
       "pieces of TCP streams could not be put together");
  tell(input, vantage_->media.not_followed() - troubles_.not_followed,
       "packet of a stream that there was no room to follow", "packets of streams that there was no room to follow");
  tell(input, troubles_.outside, "frame is from another time than was asked for",
       "frames are from another time than was asked for");
}

Analysis::Vantage& Analysis::vantage(call::Point point) {
  return *std::find_if(vantages_.begin(), vantages_.end(),
                       [point](const Vantage& vantage) { return vantage.point == point; });
}

/// All calls of a vantage are handed out, and what media it has besides.
void Analysis::close(Vantage& vantage) {
  vantage.signalling.finish();
  keep_media(vantage.media.take_rest(), vantage);
}

void Analysis::arrived(const capture::Arrival& arrival) {
  call::FrameRef frame;
  frame.number = arrival.frames.empty() ? 0 : arrival.frames.front() & 0xffffffffffffU;
  frame.file = (result_.inputs.size() - 1) & 0xffffU;
  if (settings_.only && !settings_.only->crosses(arrival)) return;
  if (sides_ && compared_only(arrival, frame)) return;
  const capture::Content content = capture::classify(arrival.octets);
  if (!sides_ && !settings_.is_outer_side && !arrival.stream &&
      (content == capture::Content::rtp || content == capture::Content::sip))
    border_.see(arrival.octets, arrival.source, arrival.destination, ttl_of(arrival), arrival.time);
  if (content == capture::Content::rtp && !arrival.stream)
    vantage_->media.add(arrival, frame);
  else if (content == capture::Content::rtcp && !arrival.stream && !arrival.cut())
    vantage_->rtcp.add(arrival.octets, arrival.source, arrival.destination, arrival.time, call::pack(frame));
  else if (content == capture::Content::sip || content == capture::Content::keep_alive ||
           (arrival.cut() && capture::looks_like_sip(arrival.octets, true)))
    vantage_->signalling.add(call::sighting_of(arrival, frame, vantage_->point));
  else if (content == capture::Content::stun)
    fingerprints_.saw_stun(vantage_->point, arrival.source, arrival.destination);
}

/// What ICMP says of media stands with its stream, of anything else with the signalling between the two.
void Analysis::other(const capture::Record& record, base::Bytes frame, const capture::Packet& packet) {
  if (packet.protocol != capture::Protocol::icmp) return;
  if (outer_) outer_->other(record, frame, packet);
  const std::optional<capture::Unreachable> found = capture::read_unreachable(frame, packet);
  if (!found || !found->port) return;
  call::FrameRef at;
  at.number = record.number & 0xffffffffffffU;
  at.file = (result_.inputs.size() - 1) & 0xffffU;
  if (!vantage_->media.refuse({found->source, found->destination}, record.time, at))
    vantage_->signalling.unreachable(vantage_->point, found->source, found->destination, record.time, at);
}

void Analysis::incomplete(const capture::FragmentTable::Incomplete& /*packet*/) {
  ++troubles_.incomplete;
}

void Analysis::stream_lost(const capture::StreamEnds& ends, std::optional<sip::FrameProblem> problem,
                           base::Bytes octets, std::uint64_t number) {
  ++troubles_.stream_pieces;
  const call::FrameRef frame{.number = number & 0xffffffffffffU,
                             .file = static_cast<std::uint16_t>(result_.inputs.size() - 1)};
  if (!sides_ || !problem) return;
  const bool outer = side_of(ends.source.address, ends.destination.address) == diagnose::sides::Border::Place::outer;
  sides_->add_broken(outer ? TwoSides::Side::second : TwoSides::Side::first, ends, octets, frame);
}

void Analysis::heard(const call::Reading& reading) {
  border_.hear(reading);
  const std::uint64_t call = call::hash_of(reading.call_id);
  if (!heard_calls_.contains(call)) {
    if (!settings_.filter.passes(reading.message, reading.sighting.source, reading.sighting.destination)) return;
    // What a call's other messages show counts as well, even if they go elsewhere.
    if (!settings_.filter.all() && reading.method == sip::Method::invite) heard_calls_.insert(call);
  }
  fingerprints_.add(reading);
}

/// Where media came from, beside where its sender said that it receives: behind a NAT the same endpoint.
void Analysis::hear_media(const call::Call& call, const std::vector<std::unique_ptr<MediaFlow>>& flows) {
  for (const std::unique_ptr<MediaFlow>& flow : flows) {
    if (!flow->key || flow->key->leg >= call.legs.size()) continue;
    const call::Negotiation& negotiation = call.legs[flow->key->leg].negotiation;
    for (const rtp::Stream& stream : flow->flow.streams()) {
      const call::MediaSpan* const span =
          negotiation.at(call::other(flow->key->receiver), flow->key->line, stream.first_edge().time);
      if (span != nullptr && !stream.probation())
        fingerprints_.add_media(call.point, stream.source().address, span->media.rtp, stream.source());
    }
  }
}

void Analysis::finished(call::Call&& call) {
  heard_calls_.erase(call.id_hash);
  Vantage& seen_at = vantage(call.point);
  const std::vector<std::unique_ptr<MediaFlow>> flows = seen_at.media.take(call.number);
  if (!settings_.extract.empty() && call.id_hash == call::hash_of(settings_.extract))
    traffic_.push_back(traffic_of(call, flows));
  if (!settings_.filter.passes(call)) return;
  hear_media(call, flows);
  if (full()) return judge_only(call, seen_at, streams_of(flows, &call, seen_at));
  const auto index = static_cast<std::uint32_t>(result_.calls.size());
  const auto first_stream = static_cast<std::uint32_t>(result_.streams.size());
  Streams streams = streams_of(flows, &call, seen_at);
  keep(streams, &call);
  std::fill(call_of_.begin() + first_stream, call_of_.end(), index);
  const diagnose::CallFacts facts{.call = call, .site = call.point, .streams = std::move(streams.facts)};
  finding::CallSummary& kept = result_.calls.emplace_back(summary_of(facts));
  kept.site = seen_at.site;
  if (settings_.ended) settings_.ended(kept);
  diagnosis_.add(facts, index, first_stream);
  const bool followed = !settings_.follow.empty() && kept.call_id == settings_.follow;
  if (followed || settings_.timelines) kept.ladder = ladder_of(call);
  if (settings_.timelines) {
    kept.timeline = timeline_of(call);
    if (!followed) pictures_.add(result_, index, first_stream);
  }
  numbers_.push_back(call.number);
}

/// A call for which there is no room in the result: what is found of it is told, if anybody is.
void Analysis::judge_only(const call::Call& call, const Vantage& seen_at, Streams&& streams) {
  ++not_kept_;
  if (!settings_.ended && !settings_.found) return;
  const diagnose::CallFacts facts{.call = call, .site = call.point, .streams = std::move(streams.facts)};
  finding::CallSummary summary = summary_of(facts);
  summary.site = seen_at.site;
  if (settings_.ended) settings_.ended(summary);
  if (!settings_.found) return;
  diagnose::Diagnosis once([&](const finding::Finding& found, std::uint32_t) { settings_.found(found, &summary); });
  once.add(facts, 0, 0);
}

Analysis::Streams Analysis::streams_of(const std::vector<std::unique_ptr<MediaFlow>>& flows, const call::Call* call,
                                       Vantage& seen_at) {
  Streams all;
  const std::vector<rtp::Mark> holes = holes_of(flows, seen_at.media.witness());
  for (const std::unique_ptr<MediaFlow>& flow : flows) {
    std::vector<diagnose::StreamFacts> facts = diagnose::stream_facts(flow->flow, place_of(*flow), call, holes);
    // Without SDP two packets in sequence are the least that tells RTP from what has its form by chance.
    if (!flow->key) drop_probation(facts);
    for (diagnose::StreamFacts& stream : facts) {
      stream.rtcp = seen_at.rtcp.take(stream.report.ssrc, stream.report.source, stream.report.destination);
      stream.refused = flow->refusals_of(stream.report.source, stream.report.destination);
      if (stream.seen_again) *stream.seen_again += static_cast<std::uint32_t>(all.facts.size());
    }
    std::move(facts.begin(), facts.end(), std::back_inserter(all.facts));
    all.origins.resize(all.facts.size(), flow.get());
  }
  diagnose::join_places(all.facts);
  diagnose::add_quiet(all.facts);
  diagnose::leave_open(all.facts);
  if (call != nullptr) {
    diagnose::CallFacts facts{.call = *call, .streams = std::move(all.facts)};
    diagnose::add_ends(facts);
    all.facts = std::move(facts.streams);
  }
  return all;
}

void Analysis::learn_border(const std::vector<diagnose::StreamFacts>& streams) {
  for (std::size_t i = 0; i < streams.size(); ++i) {
    if (!streams[i].seen_again || *streams[i].seen_again >= i) continue;
    const rtp::Report& first = streams[*streams[i].seen_again].report;
    const rtp::Report& second = streams[i].report;
    border_.add_stream({first.source, first.destination}, {second.source, second.destination});
  }
}

void Analysis::keep(const Streams& streams, const call::Call* call) {
  learn_border(streams.facts);
  for (std::size_t i = 0; i < streams.facts.size(); ++i) {
    finding::StreamSummary summary = summary_of(streams.facts[i], *streams.origins[i], call);
    if (const std::optional<std::uint32_t> again = streams.facts[i].seen_again)
      summary.seen_again = place_of(streams.facts[*again].report);
    repeats_.add(summary);
    if (!settings_.timelines) summary.series = std::nullopt;
    result_.streams.push_back(std::move(summary));
  }
  call_of_.resize(result_.streams.size(), diagnose::kNoCall);
}

void Analysis::tell_repeats() {
  using Reading = Repeats::Reading;
  const Reading reading = vantages_.size() > 1 ? Reading::sites : sides_ ? Reading::other_side : Reading::alone;
  if (!settings_.border) repeats_.tell_sides(reading, border_.border().has_value(), result_.inputs);
  repeats_.tell_copies(result_.inputs);
}

finding::Result Analysis::finish(const diagnose::sides::Comparison* both) {
  std::vector<const call::Registration*> registrations;
  for (Vantage& vantage : vantages_) {
    close(vantage);
    std::ranges::copy(add_registrations(vantage.signalling, settings_.filter, vantage.site, result_),
                      std::back_inserter(registrations));
  }
  tell_repeats();
  finish_registrations(result_);
  if (not_kept_ > 0 && !result_.inputs.empty())
    tell(result_.inputs.back(), not_kept_, "call or conversation came when the report was full, and is not in it",
         "calls or conversations came when the report was full, and are not in it");
  const std::vector<diagnose::fingerprint::SourceEvidence> sources = fingerprints_.judge();
  const std::vector<diagnose::AlgSign> signs = diagnose::fingerprint::alg_signs_of(sources);
  const std::optional<diagnose::sides::Comparison> sides =
      sides_ ? std::optional(sides_->compare(settings_.filter, window_.value_or(kAlways))) : std::nullopt;
  const diagnose::SignallingFacts sip = signalling_facts();
  const std::optional<diagnose::sides::Border> between = border();
  const std::vector<std::uint32_t> half =
      between ? half_seen(*between, result_, call_of_) : std::vector<std::uint32_t>{};
  if (settings_.is_outer_side)
    diagnosis_.judge_losses(both, diagnose::sides::Side::second);
  else
    diagnosis_.judge_losses(sides ? &*sides : nullptr);
  diagnosis_.finish({.registrations = registrations,
                     .alg_signs = signs,
                     .sources = sources,
                     .captures = captures_,
                     .signalling = sip,
                     .half_seen = half,
                     .other_side = sides ? &*sides : nullptr});
  {
    const std::vector<finding::Attribution> attributions = diagnosis_.attributions(result_.calls.size());
    for (std::size_t i = 0; i < attributions.size(); ++i) result_.calls[i].attribution = attributions[i];
  }
  result_.findings = std::move(diagnosis_).findings();
  diagnosis_ = {};  // its records of calls make room for what attach() needs
  if (sides && !outer_) read_outer_side(*sides);
  if (outer_) judge_outer_side(*sides);
  attach();
  diagnose::conclude(result_, sip);
  return std::move(result_);
}

diagnose::SignallingFacts Analysis::signalling_facts() const {
  diagnose::SignallingFacts facts{.encrypted = encrypted_, .parts = parts_};
  for (const Vantage& vantage : vantages_) {
    const call::Signalling::Counts& counts = vantage.signalling.counts();
    facts.messages += counts.messages - counts.unassigned;
    facts.registrations += vantage.signalling.registrations().size() + counts.dropped_registrations;
    facts.registrations_left_out += counts.dropped_registrations;
    facts.unreadable += counts.unreadable + counts.unassigned;
    facts.cut += counts.cut;
  }
  return facts;
}

/// Media that no SIP names: the flows between two endpoints, and what they went on with from others, are the two
/// directions of one conversation.
void Analysis::keep_media(std::vector<std::unique_ptr<MediaFlow>>&& flows, Vantage& vantage) {
  using Ends = std::pair<net::Endpoint, net::Endpoint>;
  join_moved(flows);
  std::map<Ends, std::vector<std::unique_ptr<MediaFlow>>> conversations;
  for (std::unique_ptr<MediaFlow>& flow : flows) {
    const bool passes = std::ranges::any_of(flow->flow.streams(), [this](const rtp::Stream& stream) {
      return settings_.filter.passes(stream.source(), stream.destination());
    });
    if (!passes) continue;
    const Ends ends = std::minmax(flow->ends.source, flow->ends.destination);
    conversations[ends].push_back(std::move(flow));
  }
  for (const auto& [ends, both] : conversations) {
    const Streams streams = streams_of(both, nullptr, vantage);
    if (streams.facts.empty()) continue;
    if (full()) {
      ++not_kept_;
      diagnose::Diagnosis(teller()).add_media(streams.facts, vantage.point, vantage.point, 0);
      continue;
    }
    const auto first_stream = static_cast<std::uint32_t>(result_.streams.size());
    ++conversations_;
    parts_ += parts_of_others(streams.facts);
    keep(streams, nullptr);
    diagnosis_.add_media(streams.facts, vantage.point, vantage.point, first_stream);
    if (settings_.timelines) pictures_.add(result_, std::nullopt, first_stream);
  }
}

/// Calls and streams go into the result by their begin, and what the findings say of them follows.
void Analysis::attach() {
  const std::vector<std::uint32_t> calls = order_of(result_.calls.size(), [this](std::uint32_t i) {
    return std::tuple(result_.calls[i].start, result_.calls[i].input, numbers_[i]);
  });
  const std::vector<std::uint32_t> streams = order_of(result_.streams.size(), [this](std::uint32_t i) {
    const finding::StreamSummary& s = result_.streams[i];
    return std::tuple(s.first, s.input, s.first_frame, s.ssrc);
  });
  for (std::uint32_t i = 0; i < call_of_.size(); ++i)
    if (call_of_[i] != diagnose::kNoCall) result_.calls[call_of_[i]].streams.push_back(streams[i]);
  arrange(result_.calls, calls);
  arrange(result_.streams, streams);
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
