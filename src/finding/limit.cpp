// SPDX-License-Identifier: GPL-2.0-or-later
#include "finding/result.hpp"

#include <algorithm>
#include <type_traits>

namespace viaduct::finding {
namespace {

constexpr std::size_t kMaxName = 256;
constexpr std::size_t kMaxSentence = 2048;

void clip(std::string& text, std::size_t most = kMaxName) {
  if (text.size() <= most) return;
  while (most > 0 && (static_cast<unsigned char>(text[most]) & 0xc0U) == 0x80) --most;
  text.resize(most);
  text += "...";
}

/// Drops what is beyond `most` and adds its number to `left_out`.
template <class List, class Count>
void clip(List& list, std::size_t most, Count& left_out) {
  if (list.size() <= most) return;
  left_out += static_cast<Count>(list.size() - most);
  list.erase(list.begin() + static_cast<std::ptrdiff_t>(most), list.end());
}

void clip_indices(std::vector<std::uint32_t>& list, std::size_t size) {
  std::erase_if(list, [size](std::uint32_t index) { return index >= size; });
  std::sort(list.begin(), list.end());
  list.erase(std::unique(list.begin(), list.end()), list.end());
}

void clip_share(double& share) {
  share = share >= 0 ? std::min(share, 1.0) : 0;  // not a number becomes 0, too
}

/// Whether it can be a MOS, a share or milliseconds: what is not, is not known.
[[nodiscard]] bool sane(double figure) {
  return figure >= 0 && figure < 1e9;
}

void clip_figure(std::optional<double>& figure) {
  if (figure && !sane(*figure)) figure.reset();
}

void clip_length(Time begin, Duration& length) {
  const Duration room = begin.time_since_epoch() > Duration::zero() ? Time::max() - begin : Duration::max();
  length = std::clamp(length, Duration::zero(), room);
}

/// So that a Duration can hold what lies between them.
void clip_last(Time first, Time& last) {
  if (first.time_since_epoch() < Duration::zero()) last = std::min(last, first + Duration::max());
}

void clip_range(base::Range& range, std::size_t size) {
  if (!range.present()) return;
  if (range.offset > size)
    range = {};
  else
    range.length = static_cast<std::uint32_t>(std::min<std::size_t>(range.length, size - range.offset));
}

void limit(Attribution& attribution) {
  clip_share(attribution.confidence);
  clip_share(attribution.runner_up_confidence);
}

void limit(Evidence& evidence) {
  clip(evidence.text, Evidence::kMaxText);
  if (evidence.octets.size() > Evidence::kMaxOctets) evidence.octets.resize(Evidence::kMaxOctets);
  clip_range(evidence.marked, evidence.octets.size());
}

void limit(Ladder& ladder) {
  clip(ladder.title);
  std::uint32_t nobody = 0;
  clip(ladder.participants, Ladder::kMaxParticipants, nobody);
  for (std::string& participant : ladder.participants) clip(participant);
  const std::size_t size = ladder.participants.size();
  std::erase_if(ladder.arrows, [size](const Arrow& arrow) { return arrow.from >= size || arrow.to >= size; });
  if (ladder.arrows.size() > Ladder::kMaxArrows) {
    const std::ptrdiff_t half = Ladder::kMaxArrows / 2;
    ladder.left_out += static_cast<std::uint32_t>(ladder.arrows.size() - Ladder::kMaxArrows);
    ladder.arrows.erase(ladder.arrows.begin() + half, ladder.arrows.end() - half);
  }
  for (Arrow& arrow : ladder.arrows) clip(arrow.text);
}

void limit(Table& table) {
  clip(table.title);
  std::uint32_t columns = 0;
  clip(table.heading, Table::kMaxColumns, columns);
  clip(table.rows, Table::kMaxRows, table.left_out);
  for (std::string& head : table.heading) clip(head);
  for (std::vector<std::string>& row : table.rows) {
    row.resize(table.heading.size());
    for (std::string& cell : row) clip(cell);
  }
}

void limit(ByteDiff& diff) {
  clip(diff.title);
  for (std::string* text : {&diff.before, &diff.after})
    if (text->size() > ByteDiff::kMaxOctets) text->resize(ByteDiff::kMaxOctets);
  limit(diff.before_at);
  limit(diff.after_at);
  clip(diff.changes, ByteDiff::kMaxChanges, diff.left_out);
  for (Change& change : diff.changes) {
    clip(change.field);
    clip(change.behaviour);
    clip_range(change.before, diff.before.size());
    clip_range(change.after, diff.after.size());
  }
}

void limit(Timeline& timeline) {
  clip(timeline.title);
  clip_length(timeline.begin, timeline.length);
  timeline.period = std::max(timeline.period, Duration::zero());
  clip(timeline.lanes, Timeline::kMaxLanes, timeline.left_out);
  for (Lane& lane : timeline.lanes) {
    clip(lane.name);
    clip(lane.intervals, Lane::kMaxIntervals, lane.left_out);
    lane.phase = timeline.period > Duration::zero() ? std::max(lane.phase, Duration::zero()) % timeline.period
                                                    : Duration::zero();
    for (Interval& interval : lane.intervals) {
      clip(interval.text);
      clip_length(interval.begin, interval.length);
    }
  }
}

void clip_streams(Timeline& timeline, std::size_t size) {
  for (Lane& lane : timeline.lanes)
    if (lane.stream && *lane.stream >= size) lane.stream.reset();
}

void limit(Finding& finding, const Result& result) {
  clip_share(finding.confidence);
  clip(finding.statement, kMaxSentence);
  clip(finding.remedy, kMaxSentence);
  clip(finding.family);
  std::uint32_t no_more = 0;
  clip(finding.behaviours, Finding::kMaxBehaviours, no_more);
  for (std::string& behaviour : finding.behaviours) clip(behaviour);
  clip(finding.evidence, Finding::kMaxEvidence, finding.evidence_left_out);
  for (Evidence& evidence : finding.evidence) limit(evidence);
  clip(finding.exhibits, Finding::kMaxExhibits, no_more);
  for (Exhibit& exhibit : finding.exhibits)
    std::visit(
        [&result](auto& shown) {
          limit(shown);
          if constexpr (std::is_same_v<decltype(shown), Timeline&>) clip_streams(shown, result.streams.size());
        },
        exhibit);
  clip_indices(finding.calls, result.calls.size());
  clip_indices(finding.streams, result.streams.size());
}

void limit(CallSummary& call, const Result& result) {
  for (std::string* text : {&call.call_id, &call.from, &call.to, &call.site, &call.ending}) clip(*text);
  clip_length(call.start, call.duration);
  limit(call.attribution);
  std::uint32_t no_more = 0;
  clip(call.legs, CallSummary::kMaxLegs, no_more);
  for (LegSummary& leg : call.legs)
    for (std::string* text : {&leg.caller.address, &leg.callee.address, &leg.transport}) clip(*text);
  clip_indices(call.findings, result.findings.size());
  clip_indices(call.streams, result.streams.size());
  if (call.ladder) limit(*call.ladder);
  if (call.timeline) {
    limit(*call.timeline);
    clip_streams(*call.timeline, result.streams.size());
  }
}

void limit(Series& series) {
  if (series.points.size() > Series::kMaxPoints) series.points.resize(Series::kMaxPoints);
  const std::int64_t points = static_cast<std::int64_t>(std::max<std::size_t>(series.points.size(), 1));
  Duration whole = Duration::max();
  clip_length(series.begin, whole);
  series.step = std::clamp(series.step, Duration::zero(), whole / points);
  for (SeriesPoint& point : series.points)
    if (point.delay && !(sane(point.delay->low) && sane(point.delay->high))) point.delay.reset();
}

void limit(VoipSummary& voip) {
  for (double* share : {&voip.loss, &voip.discard, &voip.burst_density, &voip.gap_density}) clip_share(*share);
  for (double* figure : {&voip.burst_ms, &voip.gap_ms, &voip.end_system_delay_ms, &voip.buffer_ms})
    if (!sane(*figure)) *figure = 0;
  for (std::optional<double>* figure : {&voip.round_trip_ms, &voip.rating, &voip.mos_listening, &voip.mos_conversing})
    clip_figure(*figure);
}

void limit(RtcpSummary& rtcp) {
  clip_share(rtcp.fraction_lost_mean);
  clip_share(rtcp.fraction_lost_highest);
  if (rtcp.jitter && !(sane(rtcp.jitter->mean) && sane(rtcp.jitter->highest))) rtcp.jitter.reset();
  if (rtcp.round_trip) {
    const RtcpSummary::RoundTrip& trip = *rtcp.round_trip;
    if (!(sane(trip.least) && sane(trip.mean) && sane(trip.highest))) rtcp.round_trip.reset();
  }
  if (rtcp.voip) limit(*rtcp.voip);
}

void limit(StreamSummary& stream) {
  for (std::string* text : {&stream.source.address, &stream.destination.address, &stream.codec}) clip(*text);
  clip_last(stream.first, stream.last);
  if (stream.seen_again)
    for (std::string* text : {&stream.seen_again->source.address, &stream.seen_again->destination.address}) clip(*text);
  if (stream.jitter && !(sane(stream.jitter->mean) && sane(stream.jitter->highest))) stream.jitter.reset();
  if (stream.delay) {
    const DelayVariation& delay = *stream.delay;
    if (!(sane(delay.median) && sane(delay.p95) && sane(delay.p99) && sane(delay.p999))) stream.delay.reset();
  }
  for (std::optional<double>* figure : {&stream.ptime, &stream.silent_share, &stream.mos}) clip_figure(*figure);
  if (stream.silent_share) clip_share(*stream.silent_share);
  std::uint32_t no_more = 0;
  clip(stream.dscp, StreamSummary::kMaxDscp, no_more);
  clip(stream.gaps, StreamSummary::kMaxGaps, stream.gaps_left_out);
  for (GapSummary& gap : stream.gaps) {
    clip_length(gap.onset, gap.length);
    if (gap.receiver_quiet) gap.receiver_quiet = std::max(*gap.receiver_quiet, Duration::zero());
    if (*meaning(gap.letter) == 0) gap.letter = '-';
    clip(gap.nearby, GapSummary::kMaxNearby, no_more);
    for (Nearby& nearby : gap.nearby) clip(nearby.what);
  }
  if (stream.series) limit(*stream.series);
  if (stream.rtcp) limit(*stream.rtcp);
}

void limit(RegistrationSummary& registration) {
  for (std::string* text : {&registration.site, &registration.aor, &registration.contact, &registration.product,
                            &registration.client.address, &registration.registrar.address, &registration.state})
    clip(*text);
  if (registration.seen_as) clip(registration.seen_as->address);
  registration.refreshed_every = std::max(registration.refreshed_every, Duration::zero());
}

void limit(SubscriptionSummary& subscription) {
  for (std::string* text :
       {&subscription.site, &subscription.call_id, &subscription.package, &subscription.subscriber.address,
        &subscription.notifier.address, &subscription.state, &subscription.reason})
    clip(*text);
}

void limit(DeviceSummary& device) {
  for (std::string* text :
       {&device.product, &device.title, &device.version, &device.hostname, &device.explains.sentence})
    clip(*text);
  clip_share(device.sure);
  clip(device.features, DeviceSummary::kMaxEntries, device.left_out);
  clip(device.timers, DeviceSummary::kMaxEntries, device.left_out);
  clip(device.nat, DeviceSummary::kMaxEntries, device.left_out);
  for (DeviceSummary::Feature& feature : device.features)
    for (std::string* text : {&feature.name, &feature.scope, &feature.file, &feature.standard}) clip(*text);
  for (DeviceSummary::Timer& timer : device.timers)
    for (std::string* text : {&timer.name, &timer.scope, &timer.file, &timer.standard}) clip(*text);
  for (DeviceSummary::NatTrait& trait : device.nat)
    for (std::string* text : {&trait.name, &trait.scope, &trait.value, &trait.file}) clip(*text);
}

}  // namespace

void limit(Result& result) {
  clip(result.tool);
  clip(result.version);
  clip(result.sentence, kMaxSentence);
  limit(result.attribution);
  std::uint32_t no_more = 0;
  clip(result.inputs, Result::kMaxInputs, no_more);
  clip(result.findings, Result::kMaxFindings, result.findings_left_out);
  clip(result.calls, Result::kMaxCalls, result.calls_left_out);
  clip(result.streams, Result::kMaxStreams, result.streams_left_out);
  for (InputSummary& input : result.inputs) {
    clip(input.path, 4096);
    clip(input.site);
    clip(input.problems, InputSummary::kMaxProblems, input.problems_left_out);
    for (std::string& problem : input.problems) clip(problem, Evidence::kMaxText);
  }
  for (Finding& finding : result.findings) limit(finding, result);
  for (CallSummary& call : result.calls) limit(call, result);
  for (StreamSummary& stream : result.streams) limit(stream);
  clip(result.registrations, Result::kMaxRegistrations, result.registrations_left_out);
  for (RegistrationSummary& registration : result.registrations) limit(registration);
  clip(result.subscriptions, Result::kMaxSubscriptions, result.subscriptions_left_out);
  for (SubscriptionSummary& subscription : result.subscriptions) limit(subscription);
  clip(result.devices, Result::kMaxDevices, result.devices_left_out);
  for (DeviceSummary& device : result.devices) limit(device);
}

}  // namespace viaduct::finding
