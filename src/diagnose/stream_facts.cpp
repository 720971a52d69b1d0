// SPDX-License-Identifier: GPL-2.0-or-later
#include "diagnose/stream_facts.hpp"

#include "diagnose/marks.hpp"
#include "diagnose/siblings.hpp"

#include <algorithm>

namespace viaduct::diagnose {
namespace {

using std::chrono::milliseconds;

constexpr Duration kNearSdp = std::chrono::seconds(2);
constexpr Duration kTransfer = std::chrono::seconds(3);
constexpr std::size_t kTransfers = 2;

/// An unanswered question of the statistics costs nothing where nothing was lost.
[[nodiscard]] stat::Congestion congestion_of(const rtp::Stream& stream, const rtp::Report& report) {
  if (report.lost == 0) return {};
  const rtp::TransitRecord record = stream.transits();
  return stat::congestion(record.packets, record.relative, record.even, record.losses);
}

[[nodiscard]] GapFacts gap_facts(const rtp::Gap& gap, std::span<const rtp::Mark> marks) {
  const bool whole = mark_near(gap, marks, rtp::MarkKind::capture_whole, {}) != nullptr;
  const rtp::GapClass kind = classify(gap, marks);
  const bool stopped = kind == rtp::GapClass::sender_pause &&
                       (rtp::stopped(gap, marks) || mark_near(gap, marks, rtp::MarkKind::inactive, {}) != nullptr);
  return {.gap = gap, .kind = kind, .stopped = stopped, .whole = whole};
}

/// When SDP had media go to another host than where the stream goes: what captures here need not see that.
void add_elsewhere(const call::Call& call, const FlowPlace& place, Time first, std::vector<rtp::Mark>& marks) {
  if (place.leg >= call.legs.size()) return;
  const call::Negotiation& negotiation = call.legs[place.leg].negotiation;
  const call::MediaSpan* const here = negotiation.at(place.receiver, place.line, first);
  if (here == nullptr) return;
  for (const call::MediaSpan& span : negotiation.spans()) {
    if (span.receiver != place.receiver || span.line != place.line || span.from <= first) continue;
    if (negotiation.at(place.receiver, place.line, span.from) != &span) continue;  // it was refused
    if (!span.media.rtp.address.present() || span.media.rtp.address == here->media.rtp.address) continue;
    marks.push_back({rtp::MarkKind::inactive, span.from, std::min(span.until, call.last) - span.from});
  }
}

[[nodiscard]] StreamFacts facts_of(const rtp::Stream& stream, const FlowPlace& place, const call::Call* call,
                                   std::vector<rtp::Mark> marks) {
  if (call != nullptr) add_elsewhere(*call, place, stream.first_edge().time, marks);
  StreamFacts facts{.named = place.named,
                    .leg = place.leg,
                    .line = place.line,
                    .receiver = place.receiver,
                    .report = stream.report()};
  for (const rtp::Gap& gap : facts.report.gaps) facts.gaps.push_back(gap_facts(gap, marks));
  facts.report.gaps.clear();
  facts.congestion = congestion_of(stream, facts.report);
  return facts;
}

[[nodiscard]] bool opposite(const StreamFacts& a, const StreamFacts& b) {
  return a.leg == b.leg && a.line == b.line && a.receiver != b.receiver && a.place == b.place;
}

/// The gaps of a stream, by onset, to be asked for those at a time without looking at all of them.
class GapLookup {
 public:
  explicit GapLookup(const StreamFacts& stream) : stream_(&stream), latest_end_(stream.gaps.size()) {
    Time latest = Time::min();
    for (std::size_t i = 0; i < latest_end_.size(); ++i)
      latest_end_[i] = latest = std::max(latest, stream.gaps[i].gap.end());
  }

  [[nodiscard]] const StreamFacts& stream() const { return *stream_; }
  /// The first gap that ends after `time`, and all behind it.
  [[nodiscard]] std::span<const GapFacts> from(Time time) const {
    const auto first = std::upper_bound(latest_end_.begin(), latest_end_.end(), time) - latest_end_.begin();
    return std::span(stream_->gaps).subspan(static_cast<std::size_t>(first));
  }

 private:
  const StreamFacts* stream_;
  std::vector<Time> latest_end_;  ///< of the gaps up to each
};

[[nodiscard]] std::vector<GapLookup> lookups_of(const std::vector<StreamFacts>& streams) {
  return {streams.begin(), streams.end()};
}

/// The last packet of a stream before `time`, and the first one after it; kNever where there is none.
struct Around {
  Time before = call::kNever;
  Time after = call::kNever;
};
[[nodiscard]] Around around(const GapLookup& gaps, Time time) {
  const rtp::Report& report = gaps.stream().report;
  if (time < report.first) return {.after = report.first};
  if (time > report.last + milliseconds(200)) return {.before = report.last};
  const std::span<const GapFacts> later = gaps.from(time);
  if (!later.empty() && later.front().gap.onset <= time)
    return {.before = later.front().gap.onset, .after = later.front().gap.end()};
  return {.before = time, .after = time};
}

void set_quiet(GapFacts& gap, const StreamFacts& stream, const std::vector<GapLookup>& streams) {
  Time last = call::kNever;
  Time next = call::kNever;
  bool known = false;
  for (const GapLookup& other : streams) {
    if (!opposite(stream, other.stream())) continue;
    known = true;
    const Around sent = around(other, gap.gap.onset);
    if (sent.before != call::kNever) last = last == call::kNever ? sent.before : std::max(last, sent.before);
    if (sent.after != call::kNever) next = std::min(next, sent.after);
  }
  if (!known) return;
  // One that never sent before has been quiet since its peer began.
  gap.quiet = gap.gap.onset - (last == call::kNever ? stream.report.first : last);
  gap.receiver_first = next > gap.gap.onset && next <= gap.gap.end() + milliseconds(100) &&
                       gap.gap.end() - next < std::chrono::seconds(1);
}

/// Fewer missing packets of either direction may meet by chance.
constexpr std::uint32_t kHole = 5;

/// Pauses of the senders may move the edges.
[[nodiscard]] bool same_hole(const rtp::Gap& a, const rtp::Gap& b) {
  const Duration both = std::min(a.end(), b.end()) - std::max(a.onset, b.onset);
  return a.missing >= kHole && b.missing >= kHole && 2 * both >= std::min(a.length, b.length);
}

[[nodiscard]] bool meets_hole(const rtp::Gap& gap, const GapLookup& other) {
  for (const GapFacts& theirs : other.from(gap.onset)) {
    if (theirs.gap.onset >= gap.end()) return false;
    if (same_hole(gap, theirs.gap)) return true;
  }
  return false;
}

/// Media that begins anew where SDP said so, once or twice and not for long, is a transfer, not an outage.
void note_announced(std::vector<StreamFacts>& streams, std::span<const rtp::Mark> marks) {
  std::vector<GapFacts*> moves;
  for (StreamFacts& stream : streams)
    for (GapFacts& gap : stream.gaps) {
      gap.announced = mark_near(gap.gap, marks, rtp::MarkKind::sdp_change, kNearSdp) != nullptr;
      if (gap.announced && gap.kind == rtp::GapClass::re_anchor && gap.gap.length < kTransfer) moves.push_back(&gap);
    }
  if (moves.size() > kTransfers) return;
  for (GapFacts* const gap : moves) gap->transfer = true;
}

/// Where nobody saw SDP: a sender that goes on to another destination, once or twice, soon and with nothing lost, was
/// told to.
void note_unseen_moves(std::vector<StreamFacts>& streams) {
  std::vector<GapFacts*> moves;
  for (StreamFacts& stream : streams)
    for (GapFacts& gap : stream.gaps)
      if (gap.gap.kind == rtp::Break::new_destination && gap.gap.missing == 0 && gap.gap.length < kTransfer)
        moves.push_back(&gap);
  if (moves.size() > kTransfers) return;
  for (GapFacts* const gap : moves) gap->transfer = true;
}

/// Both directions that break off where SDP moves media, once or twice and not for long, are a transfer as well.
void note_moves(std::vector<StreamFacts>& streams) {
  std::vector<GapFacts*> moves;
  for (StreamFacts& stream : streams)
    for (GapFacts& gap : stream.gaps)
      if (gap.open && gap.announced && gap.gap.length < kTransfer) moves.push_back(&gap);
  if (moves.size() > 2 * kTransfers) return;
  for (GapFacts* const gap : moves) {
    gap->open = false;
    gap->transfer = true;
  }
}

/// What follows a stream of the same direction, without the gaps between.
void count_changes(const rtp::Stream& from, const rtp::Stream& to, StreamFacts& facts) {
  if (from.ssrc() != to.ssrc()) ++facts.ssrc_changes;
  if (from.source() != to.source() || from.destination() != to.destination()) ++facts.port_changes;
}

}  // namespace

bool GapFacts::outage() const {
  return !last && !again && !transfer && !open && kind != rtp::GapClass::sender_pause &&
         kind != rtp::GapClass::capture_loss;
}

bool GapFacts::bare_pause() const {
  return kind == rtp::GapClass::sender_pause && !last && !again && !stopped && !announced && gap.missing == 0 &&
         gap.kind == rtp::Break::none && !gap.marker && !gap.comfort_noise;
}

std::uint64_t StreamFacts::lost() const {
  std::uint64_t lost = report.lost;
  for (const GapFacts& gap : gaps)
    if (gap.open || gap.stopped || gap.kind == rtp::GapClass::capture_loss)
      lost -= std::min<std::uint64_t>(lost, gap.gap.missing);
  return lost;
}

bool few_lost(std::uint64_t lost, std::uint64_t expected) {
  return lost < 10 || lost * 500 < expected;
}

double StreamFacts::loss_share() const {
  return report.expected == 0 ? 0 : static_cast<double>(lost()) / static_cast<double>(report.expected);
}

bool StreamFacts::met_nobody() const {
  constexpr Duration kEdge = std::chrono::seconds(3);
  return refused.count >= 3 && refused.first <= report.first + kEdge && refused.last + kEdge >= report.last &&
         refused.last - refused.first >= kEdge;
}

std::vector<StreamFacts> stream_facts(const rtp::Flow& flow, const FlowPlace& place, const call::Call* call,
                                      std::span<const rtp::Mark> holes) {
  std::vector<rtp::Mark> marks(holes.begin(), holes.end());
  if (call != nullptr) {
    const std::vector<rtp::Mark> told = media_marks(*call, place.receiver);
    marks.insert(marks.end(), told.begin(), told.end());
  }
  std::vector<StreamFacts> all;
  all.reserve(flow.streams().size());
  const std::vector<std::size_t> places = flow.places();
  for (const rtp::Stream& stream : flow.streams()) {
    const std::size_t index = all.size();
    StreamFacts& facts = all.emplace_back(facts_of(stream, place, call, marks));
    facts.place = places[index];
    if (const auto again = flow.seen_again(index)) facts.seen_again = static_cast<std::uint32_t>(*again);
  }
  for (const rtp::Succession& next : flow.successions()) {
    const rtp::Stream& successor = flow.streams()[next.to];
    if (successor.probation()) continue;
    count_changes(flow.streams()[next.from], successor, all[next.from]);
    if (next.gap.length < rtp::GapFinder::kOutage) continue;
    all[next.from].gaps.push_back(gap_facts(next.gap, marks));
    all[next.from].gaps.back().source_after = successor.source();
  }
  join_siblings(all);
  for (StreamFacts& stream : all)
    std::stable_sort(stream.gaps.begin(), stream.gaps.end(),
                     [](const GapFacts& a, const GapFacts& b) { return a.gap.onset < b.gap.onset; });
  // Who begins anew may be told to by what the other one announced.
  if (call != nullptr) {
    const std::vector<rtp::Mark> theirs = media_marks(*call, call::other(place.receiver));
    marks.insert(marks.end(), theirs.begin(), theirs.end());
  }
  note_announced(all, marks);
  if (call == nullptr) note_unseen_moves(all);
  return all;
}

void add_quiet(std::vector<StreamFacts>& streams) {
  const std::vector<GapLookup> lookups = lookups_of(streams);
  for (StreamFacts& stream : streams)
    for (GapFacts& gap : stream.gaps) set_quiet(gap, stream, lookups);
}

void leave_open(std::vector<StreamFacts>& streams) {
  const std::vector<GapLookup> lookups = lookups_of(streams);
  for (StreamFacts& stream : streams)
    for (GapFacts& gap : stream.gaps) {
      if (gap.whole || !gap.outage()) continue;
      gap.open = std::ranges::any_of(lookups, [&](const GapLookup& other) {
        return opposite(stream, other.stream()) && meets_hole(gap.gap, other);
      });
    }
  note_moves(streams);
}

}  // namespace viaduct::diagnose
