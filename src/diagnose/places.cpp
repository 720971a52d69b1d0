// SPDX-License-Identifier: GPL-2.0-or-later
#include "diagnose/stream_facts.hpp"

#include <algorithm>
#include <numeric>

namespace viaduct::diagnose {
namespace {

/// Streams that were captured at one place, by the number of the first of them.
class Groups {
 public:
  explicit Groups(std::size_t size) : first_(size) { std::iota(first_.begin(), first_.end(), std::size_t{0}); }

  [[nodiscard]] std::size_t of(std::size_t stream) const {
    while (first_[stream] != stream) stream = first_[stream];
    return stream;
  }
  void join(std::size_t a, std::size_t b) {
    const std::size_t one = of(a);
    const std::size_t two = of(b);
    first_[std::max(one, two)] = std::min(one, two);
  }

 private:
  std::vector<std::size_t> first_;
};

[[nodiscard]] bool same_flow(const StreamFacts& a, const StreamFacts& b) {
  return a.leg == b.leg && a.line == b.line && a.receiver == b.receiver;
}

[[nodiscard]] bool between_same_hosts(const StreamFacts& a, const StreamFacts& b) {
  return a.report.source.address == b.report.destination.address &&
         a.report.destination.address == b.report.source.address;
}

[[nodiscard]] bool same_outage(const rtp::Gap& a, const rtp::Gap& b) {
  const Duration both = std::min(a.end(), b.end()) - std::max(a.onset, b.onset);
  return 2 * both >= std::max(a.length, b.length);
}

/// Whether one of `gaps`, which are in the order of their onsets, is the same as `gap`.
[[nodiscard]] bool holds(const std::vector<GapFacts>& gaps, const rtp::Gap& gap) {
  constexpr std::ptrdiff_t kMostBack = 4;  // a change of port may lie within another gap
  const auto end =
      std::partition_point(gaps.begin(), gaps.end(), [&](const GapFacts& one) { return one.gap.onset < gap.end(); });
  return std::any_of(end - std::min(kMostBack, end - gaps.begin()), end,
                     [&](const GapFacts& one) { return one.outage() && same_outage(gap, one.gap); });
}

/// What was missing already at a place before is missing behind it, too.
void mark_again(std::vector<StreamFacts>& streams) {
  for (StreamFacts& stream : streams)
    for (const StreamFacts& before : streams) {
      if (!same_flow(stream, before) || stream.report.ssrc != before.report.ssrc || before.place >= stream.place)
        continue;
      for (GapFacts& gap : stream.gaps) gap.again = gap.again || holds(before.gaps, gap.gap);
    }
}

}  // namespace

void join_places(std::vector<StreamFacts>& streams) {
  if (std::none_of(streams.begin(), streams.end(), [](const StreamFacts& one) { return one.seen_again.has_value(); }))
    return;
  mark_again(streams);
  Groups groups(streams.size());
  for (std::size_t i = 0; i < streams.size(); ++i)
    for (std::size_t j = 0; j < i; ++j) {
      const bool same = same_flow(streams[i], streams[j]) ? streams[i].place == streams[j].place
                                                          : between_same_hosts(streams[i], streams[j]);
      if (same) groups.join(i, j);
    }
  for (std::size_t i = 0; i < streams.size(); ++i) streams[i].place = groups.of(i);
}

}  // namespace viaduct::diagnose
