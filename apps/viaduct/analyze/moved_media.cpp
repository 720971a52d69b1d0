// SPDX-License-Identifier: GPL-2.0-or-later
#include "analyze/moved_media.hpp"

#include <algorithm>
#include <chrono>
#include <map>
#include <numeric>
#include <set>
#include <tuple>
#include <utility>

namespace viaduct::app::analyze {
namespace {

/// Streams of one SSRC that a stream is compared with: whoever gives all of theirs the same one pays for no more.
constexpr std::ptrdiff_t kMostCompared = 64;

/// A pause this short is followed without more; behind a longer one the other direction has to show that the call was
/// still up.
constexpr base::Duration kShortPause = std::chrono::seconds(3);

/// A stream and where it belongs.
struct Part {
  const rtp::Stream* stream = nullptr;
  std::size_t flow = 0;
  bool asked = false;  ///< for its gaps
  std::vector<rtp::Gap> gaps{};

  [[nodiscard]] const std::vector<rtp::Gap>& pauses() {
    if (!std::exchange(asked, true)) gaps = stream->report().gaps;
    return gaps;
  }
};

/// From when to when something went from one endpoint to another.
class Talks {
 public:
  explicit Talks(std::span<const MediaFlow* const> flows) {
    for (const MediaFlow* const flow : flows)
      for (const rtp::Stream& stream : flow->flow.streams()) {
        const auto [known, fresh] = times_.try_emplace({stream.source(), stream.destination()},
                                                       stream.first_edge().time, stream.last_edge().time);
        if (fresh) continue;
        known->second.first = std::min(known->second.first, stream.first_edge().time);
        known->second.second = std::max(known->second.second, stream.last_edge().time);
      }
  }
  /// Whether the other end of a stream went on to send to it; it may stop when it hears of another port.
  [[nodiscard]] bool answered(const rtp::Stream& stream, rtp::Time from, rtp::Time to) const {
    constexpr base::Duration kMargin = std::chrono::milliseconds(500);
    const auto back = times_.find({stream.destination(), stream.source()});
    return back != times_.end() && back->second.first <= from + kMargin && back->second.second + kMargin >= to;
  }

 private:
  std::map<std::pair<net::Endpoint, net::Endpoint>, std::pair<rtp::Time, rtp::Time>> times_;
};

[[nodiscard]] int shared_hosts(const rtp::Stream& a, const rtp::Stream& b) {
  return (a.source().address == b.source().address ? 1 : 0) +
         (a.destination().address == b.destination().address ? 1 : 0);
}

/// Two groups that one announcement goes to are no two ports of one listener.
[[nodiscard]] bool share_an_end(const rtp::Stream& a, const rtp::Stream& b) {
  if (a.destination() != b.destination() && b.destination().address.scope() == net::Scope::multicast) return false;
  return a.source() == b.source() || a.destination() == b.destination() || shared_hosts(a, b) == 2;
}

[[nodiscard]] bool in_step(base::Duration media, base::Duration passed) {
  const base::Duration tolerance = std::max<base::Duration>(std::chrono::seconds(1), passed / 10);
  return std::chrono::abs(media - passed) <= tolerance;
}

[[nodiscard]] bool clock_goes_on(const rtp::Edge& from, const rtp::Edge& to) {
  return from.ticks() && to.ticks() && from.clock_rate == to.clock_rate &&
         in_step(rtp::media_step(from, to), to.time - from.time);
}

/// The numbers go on behind the end of a stream, and as far as the time that passed.
[[nodiscard]] bool follows(const rtp::Stream& from, const rtp::Stream& to, const Talks& talks) {
  const rtp::Edge& end = from.last_edge();
  const rtp::Edge& begin = to.first_edge();
  if (end.time > begin.time + rtp::Flow::kOverlap) return false;
  if (begin.time - end.time > kShortPause && !talks.answered(from, end.time, begin.time)) return false;
  const auto step = static_cast<std::uint16_t>(begin.sequence - end.sequence);
  if (step == 0 || step >= rtp::Sequence::kMaxDropout) return false;
  if (end.ticks() && begin.ticks()) return clock_goes_on(end, begin);
  return in_step(step * from.ptime(), begin.time - end.time);
}

/// A NAT may give the old port again: then the stream from the new one begins where that from the old one pauses, and
/// has stopped where that goes on. Copies of one stream run side by side.
[[nodiscard]] bool fills(Part& from, Part& to) {
  if (!clock_goes_on(from.stream->first_edge(), to.stream->first_edge())) return false;
  const rtp::Time begin = to.stream->first_edge().time;
  const auto stopped = [&](rtp::Time at) {
    return to.stream->last_edge().time <= at + rtp::Flow::kOverlap ||
           std::ranges::any_of(to.pauses(), [&](const rtp::Gap& gap) {
             return gap.onset <= at + rtp::Flow::kOverlap && at + rtp::Flow::kOverlap < gap.end();
           });
  };
  return std::ranges::any_of(from.pauses(), [&](const rtp::Gap& gap) {
    return gap.onset <= begin + rtp::Flow::kOverlap && begin + rtp::Flow::kOverlap < gap.end() && stopped(gap.end());
  });
}

[[nodiscard]] bool goes_on(Part& from, Part& to, const Talks& talks) {
  return share_an_end(*from.stream, *to.stream) && (follows(*from.stream, *to.stream, talks) || fills(from, to));
}

/// By SSRC and begin.
[[nodiscard]] std::vector<Part> parts_of(std::span<const MediaFlow* const> flows) {
  std::vector<Part> parts;
  for (std::size_t i = 0; i < flows.size(); ++i) {
    if (flows[i]->key) continue;
    for (const rtp::Stream& stream : flows[i]->flow.streams())
      if (!stream.probation()) parts.push_back({.stream = &stream, .flow = i});
  }
  std::ranges::sort(parts, {}, [](const Part& part) {
    return std::tuple(part.stream->ssrc(), part.stream->first_edge().time, part.flow);
  });
  return parts;
}

/// Which of those that began before it a stream goes on with: where two places were captured, at its own; nullptr: it
/// begins by itself.
[[nodiscard]] Part* before(std::vector<Part>& parts, std::size_t index, const Talks& talks) {
  const rtp::Stream& to = *parts[index].stream;
  Part* best = nullptr;
  const auto rank = [&](const Part& part) {
    return std::pair(shared_hosts(*part.stream, to), part.stream->last_edge().time);
  };
  const auto last = static_cast<std::ptrdiff_t>(index);
  for (std::ptrdiff_t i = last - 1; i >= 0 && i >= last - kMostCompared; --i) {
    Part& part = parts[static_cast<std::size_t>(i)];
    if (part.stream->ssrc() != to.ssrc()) break;
    if ((best == nullptr || rank(*best) < rank(part)) && goes_on(part, parts[index], talks)) best = &part;
  }
  return best;
}

[[nodiscard]] rtp::Time begin_of(const MediaFlow& flow) {
  rtp::Time begin = rtp::Time::max();
  for (const rtp::Stream& stream : flow.flow.streams()) begin = std::min(begin, stream.first_edge().time);
  return begin;
}

void absorb(MediaFlow& into, MediaFlow& flow) {
  into.flow.absorb(flow.flow, [](const rtp::Stream&) { return true; });
  into.pairs.insert(into.pairs.end(), flow.pairs.begin(), flow.pairs.end());
  into.refused.insert(into.refused.end(), flow.refused.begin(), flow.refused.end());
}

/// What runs between endpoints that a flow before had gets the ends of that.
void share_ends(const std::vector<std::unique_ptr<MediaFlow>>& flows) {
  std::map<std::pair<net::Endpoint, net::Endpoint>, EndpointPair> known;
  for (const std::unique_ptr<MediaFlow>& flow : flows) {
    if (flow->key) continue;
    for (const rtp::Stream& stream : flow->flow.streams()) {
      const auto same = known.find({stream.source(), stream.destination()});
      const auto back = known.find({stream.destination(), stream.source()});
      if (same == known.end() && back == known.end()) continue;
      flow->ends = same != known.end() ? same->second : EndpointPair{back->second.destination, back->second.source};
      break;
    }
    for (const rtp::Stream& stream : flow->flow.streams())
      known.insert({{stream.source(), stream.destination()}, flow->ends});
  }
}

}  // namespace

std::vector<std::size_t> joined_by_numbers(std::span<const MediaFlow* const> flows) {
  std::vector<std::size_t> first(flows.size());
  std::iota(first.begin(), first.end(), std::size_t{0});
  const auto root = [&first](std::size_t flow) {
    while (first[flow] != flow) flow = first[flow] = first[first[flow]];
    return flow;
  };
  std::vector<Part> parts = parts_of(flows);
  const Talks talks(flows);
  for (std::size_t i = 1; i < parts.size(); ++i)
    if (const Part* const from = before(parts, i, talks)) first[root(parts[i].flow)] = root(from->flow);
  for (std::size_t i = 0; i < first.size(); ++i) first[i] = root(i);
  return first;
}

void join_moved(std::vector<std::unique_ptr<MediaFlow>>& flows) {
  std::ranges::stable_sort(flows, {}, [](const std::unique_ptr<MediaFlow>& flow) { return begin_of(*flow); });
  std::vector<const MediaFlow*> all(flows.size());
  std::ranges::transform(flows, all.begin(), &std::unique_ptr<MediaFlow>::get);
  const std::vector<std::size_t> joined = joined_by_numbers(all);
  std::map<std::size_t, MediaFlow*> takes;  // what comes, by joined_by_numbers()
  for (std::size_t i = 0; i < flows.size(); ++i) {
    const auto [known, begins] = takes.try_emplace(joined[i], flows[i].get());
    if (begins) continue;
    if (known->second->flow.streams().size() + flows[i]->flow.streams().size() > rtp::Flow::kMostStreams)
      known->second = flows[i].get();
    else
      absorb(*known->second, *flows[i]);
  }
  std::erase_if(flows, [](const std::unique_ptr<MediaFlow>& flow) { return flow->flow.streams().empty(); });
  share_ends(flows);
}

std::size_t parts_of_others(std::span<const diagnose::StreamFacts> streams) {
  std::set<std::tuple<std::uint32_t, std::size_t, call::Party>> talkers;
  for (const diagnose::StreamFacts& stream : streams)
    talkers.insert({stream.report.ssrc, stream.place, stream.receiver});
  return streams.size() - talkers.size();
}

}  // namespace viaduct::app::analyze
