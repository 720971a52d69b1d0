// SPDX-License-Identifier: GPL-2.0-or-later
#include "analyze/stream_summaries.hpp"

#include "rtp/report.hpp"
#include "stat/emodel.hpp"

#include <algorithm>
#include <chrono>
#include <cmath>
#include <string>

namespace viaduct::app::analyze {
namespace {

constexpr base::Duration kNear = std::chrono::seconds(2);
/// One capture cannot know it; up to 0.177 s it changes R by 4 at most.
constexpr double kAssumedDelay = 0.1;

/// No capture's clock is better than a microsecond: further digits would be noise of the arithmetic.
[[nodiscard]] double milliseconds(double seconds) {
  return std::round(seconds * 1e6) / 1e3;
}

/// What of a call's signalling may stand near a gap of one direction.
class Signals {
 public:
  Signals(const call::Call* call, call::Party receiver) : call_(call), receiver_(receiver) {}

  [[nodiscard]] std::vector<finding::Nearby> near(capture::Time onset) const {
    std::vector<finding::Nearby> found;
    if (call_ == nullptr) return found;
    for (const call::Event& event : call_->events) {
      const base::Duration after = onset - event.time;
      if (tells(event) && std::chrono::abs(after) <= kNear) found.push_back({text_of(event), after});
    }
    std::stable_sort(found.begin(), found.end(), [](const finding::Nearby& a, const finding::Nearby& b) {
      return std::chrono::abs(a.after) < std::chrono::abs(b.after);
    });
    return found;
  }

 private:
  [[nodiscard]] bool tells(const call::Event& event) const {
    if (call::is_media(event.kind)) return event.from == receiver_;
    return event.again == call::Again::first && event.status == 0 && event.kind != call::EventKind::ack;
  }
  [[nodiscard]] static std::string text_of(const call::Event& event) {
    if (event.kind == call::EventKind::re_invite) return "re-INVITE";
    if (call::is_media(event.kind) || event.kind == call::EventKind::keep_alive ||
        event.kind == call::EventKind::unreachable)
      return std::string(call::name(event.kind));
    return std::string(sip::name(event.method));
  }

  const call::Call* call_;
  call::Party receiver_;
};

/// What goes on behind a Break, in words.
[[nodiscard]] std::string change_of(const rtp::Report& report, const diagnose::GapFacts& facts) {
  switch (facts.gap.kind) {
    case rtp::Break::new_source:
      return "source " + report.source.to_text() + " -> " + facts.source_after.to_text();
    case rtp::Break::new_destination:
      return "another destination follows " + report.destination.to_text();
    case rtp::Break::new_ssrc:
      return "another SSRC follows";
    default:
      return "sequence numbers begin anew";
  }
}

[[nodiscard]] finding::GapSummary summary_of(const diagnose::GapFacts& facts, const rtp::Report& report,
                                             const Signals& signals, std::uint32_t input) {
  // Where a stream goes through several inputs, a frame of another one than the stream's would mislead.
  const auto frame = [input](std::uint64_t packed) -> std::uint64_t {
    const call::FrameRef ref = call::unpack(packed);
    return ref.file == input ? std::uint64_t{ref.number} : 0;
  };
  finding::GapSummary summary;
  summary.onset = facts.gap.onset;
  summary.length = facts.gap.length;
  summary.heard = facts.gap.heard();
  summary.receiver_quiet = facts.quiet;
  summary.letter = static_cast<char>(facts.kind);
  summary.missing = facts.gap.missing;
  summary.frame_before = frame(facts.gap.frame_before);
  summary.frame_after = frame(facts.gap.frame_after);
  summary.nearby = signals.near(facts.gap.onset);
  if (facts.source_after.address.present())
    summary.nearby.insert(summary.nearby.begin(), {change_of(report, facts), {}});
  if (facts.last) summary.nearby.insert(summary.nearby.begin(), {"last packet of the stream", facts.gap.ptime});
  return summary;
}

[[nodiscard]] std::string codec_text(const rtp::Report& report, const rtp::Formats& formats) {
  std::string text;
  for (const rtp::PayloadUse& use : report.payload_types) {
    const rtp::Format& format = formats.of(use.payload_type);
    if (!text.empty()) text += ", ";
    text += format.name.empty() ? "payload type " + std::to_string(use.payload_type)
                                : format.name + "/" + std::to_string(format.clock_rate);
  }
  return text;
}

[[nodiscard]] std::optional<double> mos_of(const rtp::Report& report, const rtp::Formats& formats) {
  const auto most = std::max_element(report.payload_types.begin(), report.payload_types.end(),
                                     [](const auto& a, const auto& b) { return a.packets < b.packets; });
  if (most == report.payload_types.end() || report.probation) return std::nullopt;
  const rtp::Format& format = formats.of(most->payload_type);
  const bool g711 = format.content == rtp::Content::pcmu || format.content == rtp::Content::pcma;
  if (!g711 && format.name != "G729") return std::nullopt;
  const stat::CodecImpairment codec = g711 ? stat::kG711Concealed : stat::kG729a;
  const double mos = stat::mean_opinion_score(stat::transmission_rating(codec, report.loss(), kAssumedDelay));
  return std::round(mos * 100) / 100;
}

void put_counts(const rtp::Report& report, finding::StreamSummary& summary) {
  summary.first = report.first;
  summary.last = report.last;
  summary.expected = report.expected;
  summary.packets = report.packets;
  summary.lost = report.lost;
  summary.duplicates = report.duplicates;
  summary.reordered = report.reordered;
  summary.resets = report.resets;
  summary.dscp_changes = report.dscp_changes;
  summary.clock_guessed = report.clock_guessed;
  if (report.jitter) summary.jitter = {milliseconds(report.jitter->mean), milliseconds(report.jitter->highest)};
  if (report.delay)
    summary.delay = {milliseconds(report.delay->median), milliseconds(report.delay->p95),
                     milliseconds(report.delay->p99), milliseconds(report.delay->p999)};
  for (const rtp::DscpUse& use : report.dscp) summary.dscp.push_back({use.dscp, use.packets});
  if (!report.ptimes.empty()) summary.ptime = milliseconds(rtp::seconds(report.ptimes.front().ptime));
  if (report.silence && report.silence->judged > 0)
    summary.silent_share = static_cast<double>(report.silence->silent) / report.silence->judged;
}

[[nodiscard]] finding::VoipSummary voip_of(const rtp::VoipMetrics& metrics) {
  finding::VoipSummary voip;
  voip.loss = metrics.loss_rate;
  voip.discard = metrics.discard_rate;
  voip.burst_density = metrics.burst_density;
  voip.gap_density = metrics.gap_density;
  voip.burst_ms = milliseconds(metrics.burst_duration);
  voip.gap_ms = milliseconds(metrics.gap_duration);
  if (metrics.round_trip > 0) voip.round_trip_ms = milliseconds(metrics.round_trip);
  voip.end_system_delay_ms = milliseconds(metrics.end_system_delay);
  voip.buffer_ms = milliseconds(metrics.buffer_nominal);
  if (metrics.rating) voip.rating = *metrics.rating;
  voip.mos_listening = metrics.listening_score;
  voip.mos_conversing = metrics.conversing_score;
  return voip;
}

[[nodiscard]] finding::RtcpSummary rtcp_of(const rtp::ReceiverReport& told, std::uint32_t clock_rate) {
  finding::RtcpSummary rtcp;
  rtcp.reports = told.reports;
  rtcp.fraction_lost_mean = told.fraction_lost_mean;
  rtcp.fraction_lost_highest = told.fraction_lost_highest;
  rtcp.lost = told.lost;
  if (told.reports > 0 && clock_rate != 0)
    rtcp.jitter = {milliseconds(told.jitter_mean / clock_rate),
                   milliseconds(static_cast<double>(told.jitter_highest) / clock_rate)};
  if (told.round_trip)
    rtcp.round_trip = {milliseconds(told.round_trip->least), milliseconds(told.round_trip->mean),
                       milliseconds(told.round_trip->highest)};
  rtcp.sender_reports = told.sender_reports;
  if (told.sent) rtcp.sent = told.sent->packets;
  if (told.voip) rtcp.voip = voip_of(*told.voip);
  return rtcp;
}

[[nodiscard]] finding::Series series_of(const rtp::Report& report) {
  finding::Series series{report.first, report.series.step, {}};
  for (const rtp::SeriesPoint& point : report.series.points) {
    finding::SeriesPoint& told = series.points.emplace_back();
    told.packets = point.packets;
    told.lost = point.lost;
    if (point.delay) told.delay = {milliseconds(point.delay->low), milliseconds(point.delay->high)};
  }
  return series;
}

}  // namespace

finding::Endpoint endpoint_of(const net::Endpoint& endpoint) {
  return {endpoint.address.present() ? endpoint.address.to_text() : "", endpoint.port};
}

finding::StreamSummary summary_of(const diagnose::StreamFacts& facts, const MediaFlow& flow, const call::Call* call) {
  const rtp::Report& report = facts.report;
  const Signals signals(call, facts.receiver);
  finding::StreamSummary summary;
  const call::FrameRef first = call::unpack(report.first_frame);
  summary.input = static_cast<std::uint32_t>(first.file);
  summary.first_frame = first.number;
  summary.ssrc = report.ssrc;
  summary.source = endpoint_of(report.source);
  summary.destination = endpoint_of(report.destination);
  summary.codec = codec_text(report, flow.formats);
  // A new string has the room that it needs; one that is assigned to, twice that.
  if (flow.key) summary.direction = facts.receiver == call::Party::callee ? "caller to callee" : "callee to caller";
  put_counts(report, summary);
  summary.ssrc_changes = facts.ssrc_changes;
  summary.port_changes = facts.port_changes;
  summary.mos = mos_of(report, flow.formats);
  for (const diagnose::GapFacts& gap : facts.gaps)
    if (!gap.again) summary.gaps.push_back(summary_of(gap, report, signals, summary.input));
  summary.unreachable = facts.refused.count;
  summary.gaps_left_out = report.gaps_left_out;
  summary.outages_left_out = report.breaks_left_out;
  summary.series = series_of(report);
  if (facts.rtcp) summary.rtcp = rtcp_of(*facts.rtcp, report.clock_rate);
  return summary;
}

}  // namespace viaduct::app::analyze
