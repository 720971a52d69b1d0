// SPDX-License-Identifier: GPL-2.0-or-later
#include "analyze/stream_summaries.hpp"

#include "rtp/gap.hpp"
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

/// What signalling says about the times of one direction.
class Signals {
 public:
  Signals(const call::Call* call, call::Party receiver) : call_(call), receiver_(receiver) {
    if (call == nullptr) return;
    capture::Time held = call::kNever;
    for (const call::Event& event : call->events) {
      if (!call::is_media(event.kind) || event.from != receiver) continue;
      marks_.push_back({rtp::MarkKind::sdp_change, event.time, {}});
      const bool stops = event.kind == call::EventKind::held || event.kind == call::EventKind::media_closed;
      if (stops && held == call::kNever) held = event.time;
      if (stops || held == call::kNever) continue;
      marks_.push_back({rtp::MarkKind::inactive, held, event.time - held});
      held = call::kNever;
    }
    if (held != call::kNever) marks_.push_back({rtp::MarkKind::inactive, held, call->last - held});
  }

  [[nodiscard]] const std::vector<rtp::Mark>& marks() const { return marks_; }

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
    if (call::is_media(event.kind) || event.kind == call::EventKind::keep_alive)
      return std::string(call::name(event.kind));
    return std::string(sip::name(event.method));
  }

  const call::Call* call_;
  call::Party receiver_;
  std::vector<rtp::Mark> marks_;
};

[[nodiscard]] finding::GapSummary summary_of(const rtp::Gap& gap, const Signals& signals, std::uint32_t input) {
  // Where a stream goes through several inputs, a frame of another one than the stream's would mislead.
  const auto frame = [input](std::uint64_t packed) -> std::uint64_t {
    const call::FrameRef ref = unpack(packed);
    return ref.file == input ? std::uint64_t{ref.number} : 0;
  };
  finding::GapSummary summary;
  summary.onset = gap.onset;
  summary.length = gap.length;
  summary.letter = static_cast<char>(rtp::classify(gap, signals.marks()));
  summary.missing = gap.missing;
  summary.frame_before = frame(gap.frame_before);
  summary.frame_after = frame(gap.frame_after);
  summary.nearby = signals.near(gap.onset);
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
  if (report.jitter) summary.jitter = {milliseconds(report.jitter->mean), milliseconds(report.jitter->highest)};
  if (report.delay)
    summary.delay = {milliseconds(report.delay->median), milliseconds(report.delay->p95),
                     milliseconds(report.delay->p99), milliseconds(report.delay->p999)};
  for (const rtp::DscpUse& use : report.dscp) summary.dscp.push_back({use.dscp, use.packets});
  if (!report.ptimes.empty()) summary.ptime = milliseconds(rtp::seconds(report.ptimes.front().ptime));
  if (report.silence && report.silence->judged > 0)
    summary.silent_share = static_cast<double>(report.silence->silent) / report.silence->judged;
}

[[nodiscard]] finding::StreamSummary summary_of(const rtp::Report& report, const MediaFlow& flow,
                                                const Signals& signals) {
  finding::StreamSummary summary;
  const call::FrameRef first = unpack(report.first_frame);
  summary.input = static_cast<std::uint32_t>(first.file);
  summary.first_frame = first.number;
  summary.ssrc = report.ssrc;
  summary.source = endpoint_of(report.source);
  summary.destination = endpoint_of(report.destination);
  summary.codec = codec_text(report, flow.formats);
  if (flow.key)
    summary.direction = flow.key->receiver == call::Party::callee ? "caller to callee" : "callee to caller";
  put_counts(report, summary);
  summary.mos = mos_of(report, flow.formats);
  for (const rtp::Gap& gap : report.gaps) summary.gaps.push_back(summary_of(gap, signals, summary.input));
  summary.gaps_left_out = report.gaps_left_out;
  return summary;
}

[[nodiscard]] std::string change_of(const rtp::Stream& from, const rtp::Stream& to, rtp::Break kind) {
  switch (kind) {
    case rtp::Break::new_source:
      return "source " + from.source().to_text() + " -> " + to.source().to_text();
    case rtp::Break::new_destination:
      return "destination " + from.destination().to_text() + " -> " + to.destination().to_text();
    case rtp::Break::new_ssrc:
      return "another SSRC follows";
    default:
      return "sequence numbers begin anew";
  }
}

}  // namespace

finding::Endpoint endpoint_of(const net::Endpoint& endpoint) {
  return {endpoint.address.present() ? endpoint.address.to_text() : "", endpoint.port};
}

std::vector<finding::StreamSummary> summaries_of(const MediaFlow& flow, const call::Call* call) {
  const Signals signals(call, flow.key ? flow.key->receiver : call::Party::caller);
  const auto& streams = flow.flow.streams();
  std::vector<finding::StreamSummary> all;
  all.reserve(streams.size());
  for (const rtp::Stream& stream : streams) all.push_back(summary_of(stream.report(), flow, signals));
  for (const rtp::Succession& next : flow.flow.successions()) {
    if (next.gap.length < rtp::GapFinder::kOutage || streams[next.to].probation()) continue;
    finding::GapSummary gap = summary_of(next.gap, signals, all[next.from].input);
    gap.nearby.insert(gap.nearby.begin(), {change_of(streams[next.from], streams[next.to], next.kind), {}});
    all[next.from].gaps.push_back(std::move(gap));
  }
  std::vector<finding::StreamSummary> told;
  for (std::size_t i = 0; i < all.size(); ++i)
    if (flow.key || !streams[i].probation()) told.push_back(std::move(all[i]));
  return told;
}

}  // namespace viaduct::app::analyze
