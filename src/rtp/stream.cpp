// SPDX-License-Identifier: GPL-2.0-or-later
#include "rtp/stream.hpp"

#include "rtp/telephone_event.hpp"
#include "stat/quantiles.hpp"

#include <algorithm>
#include <limits>

namespace viaduct::rtp {
namespace {

constexpr base::Duration kUsualPtime = std::chrono::milliseconds(20);
constexpr base::Duration kLongestPtime = std::chrono::seconds(1);
constexpr base::Duration kTick{1000000000 / TransitTrace::kTicksPerSecond};
/// Largest tick of TransitTrace: 2.5 days.
constexpr std::int64_t kLastTick = 0x7fffffff;

/// Counts `value` in a short list in the order of first use; what does not fit is not counted.
template <class Use, class Value>
void count_use(std::vector<Use>& uses, Value Use::*key, Value value, std::size_t most) {
  for (Use& use : uses) {
    if (use.*key != value) continue;
    ++use.packets;
    return;
  }
  if (uses.size() >= most) return;
  Use use;
  use.*key = value;
  use.packets = 1;
  uses.push_back(use);
}

bool near(base::Duration a, base::Duration b) {
  return std::chrono::abs(a - b) <= std::max<base::Duration>(std::chrono::seconds(1), b / 10);
}

/// The least transit of the stream, without skew, in seconds from the origin of TransitTrace.
[[nodiscard]] double least_transit(const TransitRecord& record) {
  const stat::Transit& origin = record.packets.front();
  return origin.arrival - origin.media - record.skew * origin.arrival - record.relative.front();
}

/// A packet of G.729 whose last frame has two octets says that silence follows (RFC 3551 4.5.6).
[[nodiscard]] Content content_of(const Packet& packet, const Format& format) {
  constexpr std::uint32_t kSpeech = 10;
  constexpr std::uint32_t kSilence = 2;
  const bool silence = format.name == "G729" && packet.payload_length % kSpeech == kSilence;
  return silence ? Content::comfort_noise : format.content;
}

/// It has a number, no media, and any time stamp (RFC 6263 4.2, 4.6): what follows it is measured from the media
/// before.
[[nodiscard]] bool keeps_alive(const Packet& packet) {
  return packet.payload_length == 0;
}

}  // namespace

Stream::Stream(std::uint32_t ssrc, const net::Endpoint& source, const net::Endpoint& destination)
    : ssrc_(ssrc), source_(source), destination_(destination) {}

void Stream::add(const Packet& packet, const Arrival& arrival, const Formats& formats) {
  const Format& format = formats.of(packet.payload_type);
  // A guess is for streams of which nothing is known; in others the unknown may well be telephone-event.
  const bool guessing = format.clock_rate == 0 && (clock_rate_ == 0 || clock_rate_ == guess_.rate());
  if (guessing) guess_.add(arrival.time, packet.timestamp);
  const Edge edge{arrival.time,     arrival.frame,
                  packet.timestamp, guessing ? guess_.rate() : format.clock_rate,
                  packet.sequence,  content_of(packet, format),
                  packet.marker};
  if (packets_ == 0) {
    first_ = edge;
    interrupted_ = {edge.time, edge.time, 0};
  }
  count(packet, arrival, edge);
  const std::uint16_t distance = sequence_.distance(packet.sequence);
  const bool goes_on = packets_ > 1 && distance >= Sequence::kMaxDropout && continuous(edge, distance);
  const Sequence::Step step = sequence_.add(packet.sequence, tick_at(edge.time), goes_on);
  if (step.kind == Sequence::Kind::stray || step.kind == Sequence::Kind::duplicate) return;
  if (keeps_alive(packet) && step.kind == Sequence::Kind::next && step.skipped == 0) {
    position_ = step.position;
    return;
  }
  if (format.ptime > base::Duration::zero()) told_ptime_ = format.ptime;
  follow(edge, step);
  if (formats.encrypted) return;
  if (edge.content == Content::telephone_event) count_event(packet, arrival);
  if ((edge.content == Content::pcmu || edge.content == Content::pcma) && arrival.octets.size() >= arrival.length)
    silence_.add(edge.content == Content::pcmu ? Law::mu : Law::a, packet.payload.of(arrival.octets), edge.time);
}

void Stream::count(const Packet& packet, const Arrival& arrival, const Edge& edge) {
  ++packets_;
  octets_ += packet.payload_length;
  count_use(payload_types_, &PayloadUse::payload_type, packet.payload_type, kMostPayloadTypes);
  count_use(dscp_, &DscpUse::dscp, arrival.dscp, kMostDscp);
  dscp_changes_ += packets_ > 1 && arrival.dscp != last_dscp_ ? 1 : 0;
  last_dscp_ = arrival.dscp;
  markers_ += packet.marker ? 1 : 0;
  comfort_noise_ += edge.content == Content::comfort_noise ? 1 : 0;
  events_ += edge.content == Content::telephone_event ? 1 : 0;
  cut_ += arrival.octets.size() < arrival.length ? 1 : 0;
}

void Stream::compare(const Stream& other, std::uint16_t sequence) {
  const auto number = static_cast<std::uint16_t>(sequence - kAgainBehind);
  const std::optional<bool> theirs = other.sequence_.has(number);
  if (!theirs || !sequence_.has(number).value_or(false)) return;
  auto known = std::ranges::find_if(compared_, [&](const Compared& one) {
    return one.source == other.source_ && one.destination == other.destination_;
  });
  if (known == compared_.end()) {
    if (compared_.size() >= kMostCompared) return;
    known = compared_.insert(compared_.end(), {other.source_, other.destination_});
  }
  ++(*theirs ? known->both : known->alone);
}

Stream::Compared Stream::compared_with(const Stream& other) const {
  const auto known = std::ranges::find_if(compared_, [&](const Compared& one) {
    return one.source == other.source_ && one.destination == other.destination_;
  });
  return known == compared_.end() ? Compared{} : *known;
}

bool Stream::same_packets(const Stream& other) const {
  constexpr std::uint32_t kFewest = 8;
  if (ssrc_ != other.ssrc_) return false;
  const Compared ours = compared_with(other);
  const Compared theirs = other.compared_with(*this);
  const std::uint32_t both = ours.both + theirs.both;
  return both >= kFewest && both > ours.alone + theirs.alone;
}

void Stream::count_event(const Packet& packet, const Arrival& arrival) {
  const std::optional<TelephoneEvent> event = parse_event(packet.payload.of(arrival.octets));
  if (!event || event->key() == 0 || keys_.size() >= kMostKeys) return;
  if (!keys_.empty() && last_event_ == packet.timestamp) return;
  last_event_ = packet.timestamp;
  keys_ += event->key();
}

/// Time since the first packet, as Sequence and TransitTrace want it: never backwards.
std::uint32_t Stream::tick_at(Time time) {
  const std::int64_t tick = std::clamp<std::int64_t>((time - first_.time) / kTick, tick_, kLastTick);
  tick_ = static_cast<std::uint32_t>(tick);
  return tick_;
}

/// Whether a jump by `distance` is borne out by the time that passed and by the media clock.
bool Stream::continuous(const Edge& edge, std::uint16_t distance) const {
  if (!edge.ticks() || !last_.ticks() || edge.clock_rate != last_.clock_rate) return false;
  const base::Duration passed = edge.time - last_.time;
  const base::Duration media = media_step(last_, edge);
  return passed > std::chrono::seconds(1) && near(media, passed) && near(distance * ptime(), passed);
}

void Stream::follow(const Edge& edge, const Sequence::Step& step) {
  const bool late = step.kind == Sequence::Kind::late;
  const base::Duration since_last = step.kind == Sequence::Kind::first ? base::Duration{} : edge.time - last_.time;
  if (late)
    gaps_.late(step.position, ptime());
  else if (step.kind != Sequence::Kind::first)
    find_gap(edge, step);
  if (step.kind == Sequence::Kind::next && step.skipped == 0) learn_ptime(edge);
  if (!late && since_last >= Interruption::kShortest) interrupted_ = {last_.time, edge.time, step.skipped};
  const std::optional<std::int32_t> transit = measure(edge, step.kind == Sequence::Kind::restart);
  gaps_.packet(edge.time, since_last, ptime(), transit);
  if (step.kind == Sequence::Kind::next && step.skipped > 0) series_.missing(last_tick_, tick_, step.skipped);
  if (late) series_.late();
  series_.packet(tick_, transit);
  if (late) return;
  const bool event = edge.content == Content::telephone_event;
  if (event && (last_.content != edge.content || last_.timestamp != edge.timestamp)) event_ = edge;
  last_ = edge;
  last_tick_ = tick_;
  position_ = step.position;
  if (edge.ticks()) last_clocked_ = edge;
}

std::optional<base::Duration> Stream::media_gap(const Edge& edge) const {
  // The first packet of an event has the time at which it began; the others repeat it (RFC 4733 2.5.1.2).
  const bool event = edge.content == Content::telephone_event;
  const bool behind_event = last_.content == Content::telephone_event;
  if (event && behind_event && edge.timestamp == last_.timestamp) return std::nullopt;
  // From event to event both are as late as each other behind the time that they tell.
  const Edge& base = behind_event && (event || last_clocked_.clock_rate == 0) ? event_ : last_clocked_;
  if (base.clock_rate == 0 || edge.clock_rate != base.clock_rate) return std::nullopt;
  return media_step(base, edge) - (last_.time - base.time);
}

void Stream::find_gap(const Edge& edge, const Sequence::Step& step) {
  // Too early to know what a usual distance is.
  constexpr std::int64_t kFewest = 16;
  if (last_clocked_.clock_rate == 0 && told_ptime_ == base::Duration::zero() && step.position < kFewest) return;
  const base::Duration passed = edge.time - last_.time;
  if (!gaps_.wants(passed, step.skipped, ptime())) return;
  Hole hole{.before = last_,
            .after = edge,
            .missing = step.skipped,
            .last_position = step.position - 1,
            .media_gap = media_gap(edge),
            .ptime = ptime()};
  if (step.kind == Sequence::Kind::restart || (hole.media_gap && other_time_base(*hole.media_gap, passed))) {
    hole.kind = Break::restart;
    hole.media_gap.reset();
  }
  gaps_.hole(hole, trace_.recent_median());
  if (step.skipped > 0) trace_.keep_recent();
}

void Stream::learn_ptime(const Edge& edge) {
  // Behind a pause the step is that of the pause.
  if (edge.marker || !edge.ticks() || !last_.ticks() || edge.clock_rate != last_.clock_rate) return;
  if (edge.content == Content::comfort_noise || last_.content == Content::comfort_noise) return;
  const base::Duration ptime = media_step(last_, edge);
  if (ptime <= base::Duration::zero() || ptime > kLongestPtime) return;
  PtimeUse* use = std::ranges::find(ptimes_, ptime, &PtimeUse::ptime);
  if (use == ptimes_.end()) use = std::ranges::find(ptimes_, 0U, &PtimeUse::packets);
  if (use == ptimes_.end()) return;
  use->ptime = ptime;
  ++use->packets;
  for (; use != ptimes_.begin() && (use - 1)->packets < use->packets; --use) std::swap(*(use - 1), *use);
}

base::Duration Stream::ptime() const {
  if (ptimes_[0].packets > 0) return ptimes_[0].ptime;
  if (told_ptime_ > base::Duration::zero()) return told_ptime_;
  if (last_clocked_.clock_rate != 0 || position_ == 0) return kUsualPtime;
  return std::max(kUsualPtime, (last_.time - first_.time) / position_);
}

/// Jitter and transit time; the latter in microseconds from any origin.
std::optional<std::int32_t> Stream::measure(const Edge& edge, bool restarted) {
  if (!edge.ticks()) return std::nullopt;
  if (!jitter_) {
    jitter_.emplace(edge.clock_rate);
    clock_rate_ = edge.clock_rate;
    measured_timestamp_ = edge.timestamp;
    measured_at_ = edge.time;
  }
  if (edge.clock_rate != clock_rate_) {
    ++clock_changes_;
    return std::nullopt;
  }
  const auto advance_of = [&] {
    return static_cast<std::int32_t>(edge.timestamp + timestamp_shift_ - measured_timestamp_);
  };
  const base::Duration passed = edge.time - measured_at_;
  const base::Duration media(advance_of() * std::int64_t{1000000000} / clock_rate_);
  if (restarted || other_time_base(media, passed)) {
    // As if the clock had gone on: what lies between two time bases is nobody's delay.
    const auto ticks = static_cast<std::int64_t>(seconds(passed) * clock_rate_);
    timestamp_shift_ = measured_timestamp_ + static_cast<std::uint32_t>(ticks) - edge.timestamp;
  }
  media_ticks_ += advance_of();
  measured_timestamp_ = edge.timestamp + timestamp_shift_;
  measured_at_ = edge.time;
  jitter_->add(seconds(edge.time - first_.time), measured_timestamp_);
  const double media_time = static_cast<double>(media_ticks_) / clock_rate_;
  const double transit = (seconds(edge.time - first_.time) - media_time) * 1e6;
  constexpr double kFarthest = std::numeric_limits<std::int32_t>::max();
  const auto micros = static_cast<std::int32_t>(std::clamp(transit, -kFarthest, kFarthest));
  trace_.add(tick_, micros);
  return micros;
}

TransitRecord Stream::transits() const {
  TransitRecord record;
  record.packets.reserve(trace_.samples().size());
  for (const TransitTrace::Sample& sample : trace_.samples()) {
    const double arrival = static_cast<double>(sample.tick()) / TransitTrace::kTicksPerSecond;
    record.packets.push_back({arrival, arrival - sample.transit * 1e-6});
  }
  record.relative.resize(record.packets.size());
  record.skew = stat::relative_transit(record.packets, record.relative);
  record.even.reserve(record.relative.size());
  for (std::size_t i = 0; i < record.relative.size(); ++i)
    if (!trace_.samples()[i].extra()) record.even.push_back(record.relative[i]);
  for (const Sequence::Loss& loss : sequence_.losses())
    record.losses.push_back({static_cast<double>(loss.tick) / TransitTrace::kTicksPerSecond, loss.packets});
  return record;
}

Report Stream::report() const {
  Report report{.ssrc = ssrc_,
                .source = source_,
                .destination = destination_,
                .first = first_.time,
                .last = last_.time,
                .first_frame = first_.frame,
                .last_frame = last_.frame,
                .packets = packets_,
                .octets = octets_};
  report_counts(report);
  const TransitRecord record = transits();
  report_delay(report, record);
  report_gaps(report, record);
  report_series(report, record);
  return report;
}

void Stream::report_counts(Report& report) const {
  const Sequence::Counts counts = sequence_.counts();
  report.expected = counts.expected;
  report.lost = counts.lost;
  report.duplicates = counts.duplicates;
  report.reordered = counts.reordered;
  report.strays = counts.strays;
  report.resets = counts.resets;
  report.probation = counts.probation;
  report.loss_runs = counts.runs;
  report.longest_run = counts.longest_run;
  report.run_lengths = counts.run_lengths;
  for (const PtimeUse& use : ptimes_)
    if (use.packets > 0) report.ptimes.push_back(use);
  report.payload_types = payload_types_;
  report.markers = markers_;
  report.comfort_noise = comfort_noise_;
  report.ends_in_noise = last_.content == Content::comfort_noise;
  report.events = events_;
  report.keys = keys_;
  report.cut = cut_;
  report.dscp = dscp_;
  report.dscp_changes = dscp_changes_;
  report.silence = silence_.report();
}

void Stream::report_delay(Report& report, const TransitRecord& record) const {
  report.clock_rate = clock_rate_;
  report.clock_guessed = clock_rate_ != 0 && clock_rate_ == guess_.rate();
  report.clock_changes = clock_changes_;
  if (!jitter_) return;
  report.jitter = JitterReport{jitter_->mean(), jitter_->highest(), jitter_->current()};
  std::vector<double> even = record.even;
  const std::vector<double> found = stat::quantiles(even, {0.5, 0.95, 0.99, 0.999});
  report.delay = DelayReport{found[0], found[1], found[2], found[3], record.skew};
}

/// Gaps with their transit times seen against those of the whole stream.
void Stream::report_gaps(Report& report, const TransitRecord& record) const {
  constexpr std::uint32_t kFewest = 3;
  report.gaps_left_out = gaps_.left_out();
  report.breaks_left_out = gaps_.breaks_left_out();
  const std::vector<GapFinder::Found> gaps = gaps_.found();
  if (gaps.empty()) return;
  std::vector<double> even = record.even;
  const stat::MedianSpread usual = stat::median_spread(even);
  const base::Duration limit = from_seconds(std::max(0.02, 3 * usual.mad));
  for (const GapFinder::Found& found : gaps) {
    Gap gap = found.gap;
    gap.rise_limit = limit;
    if (found.before && !record.packets.empty()) {
      const double x = seconds(gap.onset - first_.time);
      gap.rise = from_seconds(*found.before * 1e-6 - record.skew * x - least_transit(record) - usual.median);
      if (found.after && found.after_packets >= kFewest)
        gap.shift = from_seconds(*found.after * 1e-6 - *found.before * 1e-6 - record.skew * seconds(gap.length));
    }
    report.gaps.push_back(gap);
  }
  std::ranges::stable_sort(report.gaps, {}, &Gap::onset);
}

void Stream::report_series(Report& report, const TransitRecord& record) const {
  report.series.step = series_.step() * kTick;
  const double step = seconds(report.series.step);
  const double least = record.packets.empty() ? 0 : least_transit(record);
  double middle = step / 2;
  for (const Series::Cell& cell : series_.cells()) {
    SeriesPoint& point = report.series.points.emplace_back();
    point.packets = cell.packets;
    point.lost = cell.lost;
    const auto above = [&](std::int32_t transit) {
      return std::max(transit * 1e-6 - record.skew * middle - least, 0.0);
    };
    if (cell.timed()) point.delay = {above(cell.low), above(cell.high)};
    middle += step;
  }
}

}  // namespace viaduct::rtp
