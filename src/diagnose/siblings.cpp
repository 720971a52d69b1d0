// SPDX-License-Identifier: GPL-2.0-or-later
#include "diagnose/siblings.hpp"

#include <algorithm>
#include <cmath>
#include <span>
#include <utility>

namespace viaduct::diagnose {
namespace {

/// A time in which a stream had packets.
struct Stretch {
  Time begin{};
  Time end{};  ///< when the next packet was due
  std::size_t stream = 0;
  std::uint64_t first_frame = 0;
  std::uint64_t last_frame = 0;
};

[[nodiscard]] std::vector<std::size_t> siblings_of(const std::vector<StreamFacts>& streams, std::size_t first) {
  std::vector<std::size_t> same;
  for (std::size_t i = first; i < streams.size(); ++i)
    if (streams[i].report.ssrc == streams[first].report.ssrc && streams[i].place == streams[first].place)
      same.push_back(i);
  return same;
}

[[nodiscard]] bool changes_end(const rtp::Gap& gap) {
  return gap.kind == rtp::Break::new_source || gap.kind == rtp::Break::new_destination;
}

/// By their begin.
[[nodiscard]] std::vector<Stretch> stretches_of(const std::vector<StreamFacts>& streams,
                                                const std::vector<std::size_t>& siblings) {
  std::vector<Stretch> all;
  for (const std::size_t index : siblings) {
    const StreamFacts& stream = streams[index];
    Time begin = stream.report.first;
    std::uint64_t frame = stream.report.first_frame;
    for (const GapFacts& gap : stream.gaps) {
      if (changes_end(gap.gap)) continue;
      all.push_back({begin, gap.gap.onset, index, frame, gap.gap.frame_before});
      begin = gap.gap.end();
      frame = gap.gap.frame_after;
    }
    all.push_back({begin, stream.report.last + stream.report.ptime().value_or(Duration::zero()), index, frame,
                   stream.report.last_frame});
  }
  std::sort(all.begin(), all.end(), [](const Stretch& a, const Stretch& b) { return a.begin < b.begin; });
  return all;
}

/// Stretches by their begin, to be asked what lies in a gap without looking at all of them.
class Stretches {
 public:
  explicit Stretches(std::span<const Stretch> stretches) : stretches_(stretches), latest_end_(stretches.size()) {
    Time latest = Time::min();
    for (std::size_t i = 0; i < stretches.size(); ++i) latest_end_[i] = latest = std::max(latest, stretches[i].end);
  }

  /// Whether a sibling's packets lie in a gap of `stream`.
  [[nodiscard]] bool fill(const rtp::Gap& gap, std::size_t stream) const {
    const Time from = gap.onset + rtp::Flow::kOverlap;
    const auto first = std::upper_bound(latest_end_.begin(), latest_end_.end(), from);
    for (auto i = static_cast<std::size_t>(first - latest_end_.begin()); i < stretches_.size(); ++i) {
      if (stretches_[i].begin >= gap.end() - rtp::Flow::kOverlap) return false;
      if (stretches_[i].stream != stream && stretches_[i].end > from) return true;
    }
    return false;
  }

 private:
  std::span<const Stretch> stretches_;
  std::vector<Time> latest_end_;  ///< of the stretches up to each
};

/// What stream_facts() knows of the change where the first packets of one stream follow the last ones of another: how
/// many are missing, too.
[[nodiscard]] const GapFacts* known(const Stretch& from, const Stretch& to, const StreamFacts& stream) {
  const auto found = std::find_if(stream.gaps.begin(), stream.gaps.end(), [&](const GapFacts& gap) {
    return changes_end(gap.gap) && gap.gap.frame_before == from.last_frame && gap.gap.frame_after == to.first_frame;
  });
  return found == stream.gaps.end() ? nullptr : &*found;
}

[[nodiscard]] GapFacts change(const Stretch& from, const Stretch& to, const std::vector<StreamFacts>& streams) {
  if (const GapFacts* const same = known(from, to, streams[from.stream])) return *same;
  GapFacts gap;
  gap.gap.onset = from.end;
  gap.gap.length = gap.gap.silent = to.begin - from.end;
  gap.gap.ptime = streams[from.stream].report.ptime().value_or(Duration::zero());
  gap.gap.arrival_gap = gap.gap.length + gap.gap.ptime;
  gap.source_after = streams[to.stream].report.source;
  gap.gap.frame_before = from.last_frame;
  gap.gap.frame_after = to.first_frame;
  const bool moved = streams[from.stream].report.source != gap.source_after;
  gap.gap.kind = moved ? rtp::Break::new_source : rtp::Break::new_destination;
  gap.kind = rtp::classify(gap.gap, {});
  return gap;
}

/// The changes from one to another for which nothing came for as long as an outage, by the stream that ends.
[[nodiscard]] std::vector<std::pair<std::size_t, GapFacts>> changes(const std::vector<Stretch>& stretches,
                                                                    const std::vector<StreamFacts>& streams) {
  std::vector<std::pair<std::size_t, GapFacts>> found;
  Stretch last = stretches.front();
  for (const Stretch& next : stretches) {
    if (next.stream != last.stream && next.begin - last.end >= rtp::GapFinder::kOutage)
      found.emplace_back(last.stream, change(last, next, streams));
    if (next.end >= last.end) last = next;
  }
  return found;
}

/// What is known of a step of a stream's series, in its time.
struct Step {
  Time begin{};
  Time end{};
  double count = 0;

  /// How much of it lies in another one, taken as even.
  [[nodiscard]] double within(const Step& other) const {
    if (end <= begin || end <= other.begin || other.end <= begin) return 0;
    const Duration both = std::min(end, other.end) - std::max(begin, other.begin);
    return count * static_cast<double>(both.count()) / static_cast<double>((end - begin).count());
  }
};

template <class Count>
void add_steps(const rtp::Report& report, Count count, std::vector<Step>& steps) {
  Time begin = report.first;
  for (const rtp::SeriesPoint& point : report.series.points) {
    if (begin > Time::max() - report.series.step) return;
    const Time end = begin + report.series.step;
    if (count(point) > 0) steps.push_back({begin, end, static_cast<double>(count(point))});
    begin = end;
  }
}

[[nodiscard]] double found_within(const Step& step, const std::vector<Step>& others) {
  double found = 0;
  for (const Step& other : others) found += other.within(step);
  return std::min(found, step.count);
}

/// A number that one of them never had is not lost if it came on another, nor lost again if another one misses it, too.
/// `elsewhere` is what gaps tell for certain by stream, the series add what was too short for a gap.
void share_losses(std::vector<StreamFacts>& streams, const std::vector<std::size_t>& siblings,
                  const std::vector<std::uint64_t>& elsewhere) {
  std::vector<Step> missed;
  std::uint64_t packets = 0;
  for (const std::size_t index : siblings) packets += streams[index].report.packets;
  std::uint64_t lost = 0;  ///< of those that were shared already
  for (const std::size_t index : siblings) {
    rtp::Report& report = streams[index].report;
    if (report.lost == 0) continue;
    std::vector<Step> others = missed;
    for (const std::size_t other : siblings)
      if (other != index)
        add_steps(
            streams[other].report, [](const rtp::SeriesPoint& point) { return point.packets; }, others);
    std::vector<Step> losses;
    add_steps(
        report, [](const rtp::SeriesPoint& point) { return point.lost; }, losses);
    double accounted = 0;
    for (const Step& loss : losses) {
      const double found = found_within(loss, others);
      accounted += found;
      missed.push_back({loss.begin, loss.end, loss.count - found});
    }
    const auto found = std::max(elsewhere[index], static_cast<std::uint64_t>(std::llround(accounted)));
    // Two that each take the other one for where its numbers are would lose what neither has.
    const std::uint64_t most = packets - report.packets + lost;
    report.lost -= std::min({report.lost, found, most});
    lost += report.lost;
  }
}

/// Takes gaps of many holes out that the other sources filled: a mapping that flips every few packets. Gives how many
/// numbers they missed, by stream.
std::vector<std::uint64_t> drop_interleaved(std::vector<StreamFacts>& streams,
                                            const std::vector<std::size_t>& siblings) {
  constexpr std::uint32_t kMany = 4;
  std::vector<std::uint64_t> elsewhere(streams.size());
  for (const std::size_t index : siblings) {
    std::vector<Step> others;
    for (const std::size_t other : siblings)
      if (other != index)
        add_steps(
            streams[other].report, [](const rtp::SeriesPoint& point) { return point.packets; }, others);
    std::erase_if(streams[index].gaps, [&](const GapFacts& facts) {
      const rtp::Gap& gap = facts.gap;
      const Step missed{gap.onset, gap.end(), static_cast<double>(gap.missing)};
      if (gap.runs < kMany || found_within(missed, others) < 0.9 * missed.count) return false;
      elsewhere[index] += gap.missing;
      return true;
    });
  }
  return elsewhere;
}

void join(std::vector<StreamFacts>& streams, const std::vector<std::size_t>& siblings) {
  std::vector<std::uint64_t> elsewhere = drop_interleaved(streams, siblings);
  const std::vector<Stretch> stretches = stretches_of(streams, siblings);
  const Stretches lookup(stretches);
  std::vector<std::pair<std::size_t, GapFacts>> moves = changes(stretches, streams);
  for (const std::size_t index : siblings) {
    StreamFacts& stream = streams[index];
    std::erase_if(stream.gaps, [&](const GapFacts& gap) {
      const bool own = !changes_end(gap.gap);
      if (own && !lookup.fill(gap.gap, index)) return false;
      if (own) elsewhere[index] += gap.gap.missing;
      return true;
    });
  }
  share_losses(streams, siblings, elsewhere);
  for (const auto& [index, gap] : moves) streams[index].gaps.push_back(gap);
  for (const std::size_t index : siblings)
    std::sort(streams[index].gaps.begin(), streams[index].gaps.end(),
              [](const GapFacts& a, const GapFacts& b) { return a.gap.onset < b.gap.onset; });
}

}  // namespace

void join_siblings(std::vector<StreamFacts>& streams) {
  std::vector<bool> done(streams.size());
  for (std::size_t i = 0; i < streams.size(); ++i) {
    if (done[i]) continue;
    const std::vector<std::size_t> siblings = siblings_of(streams, i);
    for (const std::size_t index : siblings) done[index] = true;
    if (siblings.size() > 1) join(streams, siblings);
  }
}

}  // namespace viaduct::diagnose
