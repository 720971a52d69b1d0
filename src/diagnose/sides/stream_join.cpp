// SPDX-License-Identifier: GPL-2.0-or-later
#include "diagnose/sides/stream_join.hpp"

#include "diagnose/sides/alignment.hpp"

#include <algorithm>
#include <cstdlib>
#include <map>
#include <utility>

namespace viaduct::diagnose::sides {
namespace {

constexpr std::size_t kMostPerSsrc = 32;
constexpr std::uint64_t kFewestRenamed = 10;  ///< packets of a stream that is looked for under another SSRC

struct Group {
  std::vector<std::uint32_t> first;
  std::vector<std::uint32_t> second;
};

[[nodiscard]] std::map<std::uint32_t, Group> by_ssrc(const SideLog& first, const SideLog& second) {
  std::map<std::uint32_t, Group> groups;
  const auto take = [&groups](const SideLog& log, std::vector<std::uint32_t> Group::*side) {
    for (std::uint32_t i = 0; i < log.packets.runs().size(); ++i) {
      std::vector<std::uint32_t>& list = groups[log.packets.runs()[i].ssrc].*side;
      if (list.size() < kMostPerSsrc) list.push_back(i);
    }
  };
  take(first, &Group::first);
  take(second, &Group::second);
  return groups;
}

[[nodiscard]] Ends ends_of(const PacketRun& a, const PacketRun& b) {
  return shared_ends(a.source, a.destination, b.source, b.destination);
}

/// Positions of `b` plus this are those of `a`: a multiple of 65536, that one with which the times fit best. nullopt
/// where no number is on both sides at about the same time, `far` at most.
[[nodiscard]] std::optional<std::int64_t> shift(const PacketRun& a, const PacketRun& b, const Clocks& clocks,
                                                Duration far = std::chrono::seconds(5)) {
  constexpr std::int64_t kCycle = 65536;
  std::optional<std::int64_t> best;
  Duration nearest = far;
  const std::int64_t lowest = (a.begin() - b.end()) / kCycle - 1;
  const std::int64_t highest = (a.end() - b.begin()) / kCycle + 1;
  for (std::int64_t k = lowest; k <= highest; ++k) {
    const std::int64_t position = std::max(a.begin(), b.begin() + k * kCycle);
    if (position >= std::min(a.end(), b.end() + k * kCycle)) continue;
    const Duration apart = clocks.to_first(b.time_at(position - k * kCycle)) - a.time_at(position);
    const Duration distance = apart < Duration{} ? -apart : apart;
    if (distance < nearest) {
      nearest = distance;
      best = k * kCycle;
    }
  }
  return best;
}

/// Whether a packet that one side saw at `time` would have been captured on the other one.
struct Cover {
  Cover(const SideLog& there, const Clocks& clocks, Side side) {
    const Duration margin = std::chrono::milliseconds(300) + clocks.error();
    if (there.first > there.last) return;
    begin = (side == Side::second ? clocks.to_first(there.first) : there.first) + margin;
    end = (side == Side::second ? clocks.to_first(there.last) : there.last) - margin;
  }
  [[nodiscard]] bool holds(Time time) const { return begin <= time && time <= end; }
  Time begin = Time::max();
  Time end = Time::min();
};

class Joiner {
 public:
  Joiner(const SideLog& first, const SideLog& second, const Clocks& clocks, std::optional<Side> inner, const Home& home)
      : logs_{&first, &second},
        clocks_(clocks),
        inner_(inner),
        home_(home),
        covers_{Cover(first, clocks, Side::first), Cover(second, clocks, Side::second)} {}

  StreamJoins run() {
    for (const auto& [ssrc, group] : by_ssrc(*logs_[0], *logs_[1])) join(ssrc, group);
    join_renamed();
    for (StreamJoin& join : joins_.joins)
      if (join.way_known) look_back(join);
    for (const Side side : {Side::first, Side::second}) find_holes(side);
    for (const auto& [side, index] : alone_) lone(side, index);
    for (StreamJoin& join : joins_.joins) {
      measure(join);
      joins_.compared += join.compared;
      joins_.missing += join.missing;
      joins_.behind += join.behind;
    }
    return std::move(joins_);
  }

 private:
  [[nodiscard]] const PacketRun& run_of(Side side, std::uint32_t index) const {
    return logs_[static_cast<std::size_t>(side)]->packets.runs()[index];
  }
  [[nodiscard]] Time time_of(Side side, const PacketRun& run, std::int64_t position) const {
    const Time time = run.time_at(position);
    return side == Side::second ? clocks_.to_first(time) : time;
  }

  /// All runs that share ends belong to one stream, one way.
  void join(std::uint32_t ssrc, const Group& group) {
    std::vector<bool> done(group.first.size());
    std::vector<bool> joined(group.second.size());
    for (std::size_t i = 0; i < group.first.size(); ++i) {
      if (done[i]) continue;
      StreamJoin one;
      one.ssrc = ssrc;
      Ends ends = Ends::none;
      for (std::size_t j = 0; j < group.second.size(); ++j) {
        if (joined[j] || !fits(group.first[i], group.second[j], ends)) continue;
        one.second.push_back(group.second[j]);
        joined[j] = true;
      }
      if (one.second.empty()) continue;
      done[i] = true;
      one.first.push_back(group.first[i]);
      for (std::size_t k = i + 1; k < group.first.size(); ++k) {
        if (done[k] || !fits(group.first[k], one.second.front(), ends)) continue;
        one.first.push_back(group.first[k]);
        done[k] = true;
      }
      set_way(one, ends);
      joins_.joins.push_back(std::move(one));
    }
    rest(group, done, joined);
  }

  [[nodiscard]] bool fits(std::uint32_t first, std::uint32_t second, Ends& ends) const {
    const PacketRun& a = run_of(Side::first, first);
    const PacketRun& b = run_of(Side::second, second);
    const Ends these = ends_of(a, b);
    if (these == Ends::none || (ends != Ends::none && these != ends) || !shift(a, b, clocks_)) return false;
    ends = these;
    return true;
  }

  /// What one side alone has under its SSRC may be on the other one under another: boxes that end SRTP write it anew.
  void join_renamed() {
    std::multimap<net::Endpoint, std::size_t> ends;  // places in alone_ of the second side
    std::vector<bool> taken(alone_.size());
    for (std::size_t i = 0; i < alone_.size(); ++i)
      if (alone_[i].first == Side::second && run_of(Side::second, alone_[i].second).packets >= kFewestRenamed) {
        ends.emplace(run_of(Side::second, alone_[i].second).source, i);
        ends.emplace(run_of(Side::second, alone_[i].second).destination, i);
      }
    for (std::size_t i = 0; i < alone_.size(); ++i) {
      if (alone_[i].first != Side::first) continue;
      const PacketRun& run = run_of(Side::first, alone_[i].second);
      if (run.packets < kFewestRenamed) continue;
      for (const net::Endpoint& end : {run.source, run.destination})
        if (!taken[i]) taken[i] = join_renamed(alone_[i].second, ends.equal_range(end), taken);
    }
    std::size_t kept = 0;
    for (std::size_t i = 0; i < alone_.size(); ++i)
      if (!taken[i]) alone_[kept++] = alone_[i];
    alone_.resize(kept);
  }

  /// Whether the run of the first side is one of those of the second, which is `taken` then: the numbers are the same
  /// at the same time; or they begin together, and numbers were written anew, too, so that packets cannot be compared.
  bool join_renamed(std::uint32_t first, auto candidates, std::vector<bool>& taken) {
    const PacketRun& a = run_of(Side::first, first);
    const Duration near = std::chrono::milliseconds(200) + clocks_.error();
    const auto find = [&](auto is_it) {
      std::size_t tries = 0;
      for (auto one = candidates.first; one != candidates.second && ++tries <= kMostPerSsrc; ++one) {
        const PacketRun& b = run_of(Side::second, alone_[one->second].second);
        const Ends ends = ends_of(a, b);
        if (!taken[one->second] && a.ssrc != b.ssrc && ends != Ends::none && is_it(b)) return one;
      }
      return candidates.second;
    };
    auto found = find([&](const PacketRun& b) { return shift(a, b, clocks_, near).has_value(); });
    if (found != candidates.second) {
      StreamJoin one;
      one.ssrc = a.ssrc;
      one.first = {first};
      one.second = {alone_[found->second].second};
      set_way(one, ends_of(a, run_of(Side::second, one.second.front())));
      joins_.joins.push_back(std::move(one));
    } else {
      found = find([&](const PacketRun& b) { return std::chrono::abs(clocks_.to_first(b.first) - a.first) <= near; });
      if (found == candidates.second) return false;
      joins_.relayed.push_back(run_of(Side::second, alone_[found->second].second).ssrc);
    }
    taken[found->second] = true;
    return true;
  }

  void set_way(StreamJoin& join, Ends ends) const {
    const PacketRun& a = run_of(Side::first, join.first.front());
    const PacketRun& b = run_of(Side::second, join.second.front());
    std::optional<Side> from;
    if (ends != Ends::both && inner_) from = ends == Ends::destination ? *inner_ : other(*inner_);
    if (!from && a.ttl != 0 && b.ttl != 0 && a.ttl != b.ttl) from = a.ttl > b.ttl ? Side::first : Side::second;
    if (!from) from = home_(a.source.address);
    join.way_known = from.has_value();
    join.from = from.value_or(Side::first);
  }

  /// Calls `take` with the time of each packet of a stream that passed while `side` was capturing, as the other side
  /// shows, and whether this one has it, too.
  void for_each_passed(const StreamJoin& join, Side side, auto take) const {
    const Side there = other(side);
    for (const std::uint32_t index : join.on(there)) {
      const PacketRun& run = run_of(there, index);
      const std::vector<Counterpart> here = counterparts(there, run, join.on(side));
      for (std::int64_t position = run.begin(); position < run.end(); ++position) {
        if (!run.has(position)) continue;
        const Time time = time_of(there, run, position);
        if (covers_[static_cast<std::size_t>(side)].holds(time)) take(time, is_in(here, position));
      }
    }
  }

  /// What arrived and is not where it came from: nothing but its capture can have missed that.
  void look_back(StreamJoin& join) {
    Unseen& unseen = joins_.unseen[static_cast<std::size_t>(join.from)];
    std::uint64_t row = 0;
    Span hole;
    for_each_passed(join, join.from, [&](Time time, bool here) {
      if (time < hole.begin) row = 0;  // another run of the stream, which may overlap
      count(join.passed, row, here);
      if (here) return;
      if (row == 1) hole.begin = time;
      hole.end = time;
      if (row == Unseen::kHole) join.hidden.push_back(hole);
      if (row > Unseen::kHole) join.hidden.back().end = time;
    });
    unseen.all.packets += join.passed.packets;
    unseen.all.unseen += join.passed.unseen;
    unseen.all.longest = std::max(unseen.all.longest, join.passed.longest);
  }
  static void count(PassedCount& passed, std::uint64_t& row, bool here) {
    ++passed.packets;
    row = here ? 0 : row + 1;
    passed.unseen += here ? 0 : 1;
    passed.longest = std::max(passed.longest, row);
  }

  /// What one stream lacks while another one is seen is no hole of the capture, which was running.
  void find_holes(Side side) {
    std::vector<Span>& holes = joins_.unseen[static_cast<std::size_t>(side)].holes;
    std::vector<Span> hidden;
    for (const StreamJoin& join : joins_.joins)
      if (join.way_known && join.from == side) hidden.insert(hidden.end(), join.hidden.begin(), join.hidden.end());
    if (!hidden.empty()) {
      std::vector<Span> running;
      for (const StreamJoin& join : joins_.joins)
        if (join.way_known) add_running(join, side, running);
      holes = widened(without(merged(std::move(hidden)), merged(std::move(running))));
    }
    for (StreamJoin& join : joins_.joins) {
      if (!join.way_known || join.from != side) continue;
      join.hidden = widened(std::move(join.hidden));
      if (holes.empty()) {
        join.scattered = join.passed;
        continue;
      }
      std::uint64_t row = 0;
      for_each_passed(join, side, [&](Time time, bool here) {
        if (!holds(holes, time)) count(join.scattered, row, here);
      });
    }
  }

  /// The times in which the capture of a side has a stream, but for single packets.
  void add_running(const StreamJoin& join, Side side, std::vector<Span>& running) const {
    constexpr Duration kPause = std::chrono::milliseconds(200);
    Span open;
    std::uint64_t seen = 0;
    std::uint64_t row = 0;
    const auto close = [&] {
      if (seen >= Unseen::kHole) running.push_back(open);
      seen = 0;
    };
    for_each_passed(join, side, [&](Time time, bool here) {
      row = here ? 0 : row + 1;
      if (row >= Unseen::kHole || (seen > 0 && (time < open.begin || time - open.end > kPause))) close();
      if (!here) return;
      if (++seen == 1) open = {time, time};
      open.end = std::max(open.end, time);
    });
    close();
  }

  [[nodiscard]] std::vector<Span> widened(std::vector<Span>&& holes) const {
    const Duration margin = std::chrono::milliseconds(60) + clocks_.error();
    for (Span& hole : holes) hole = {hole.begin - margin, hole.end + margin};
    return merged(std::move(holes));
  }

  /// A run of the other side, and by how much its positions are less than those of the run at hand.
  struct Counterpart {
    const PacketRun* run;
    std::int64_t shift;
  };
  [[nodiscard]] std::vector<Counterpart> counterparts(Side side, const PacketRun& run,
                                                      const std::vector<std::uint32_t>& others) const {
    std::vector<Counterpart> all;
    for (const std::uint32_t index : others) {
      const PacketRun& there = run_of(other(side), index);
      const std::optional<std::int64_t> by = side == Side::first ? shift(run, there, clocks_) : back(there, run);
      if (by) all.push_back({&there, *by});
    }
    return all;
  }
  [[nodiscard]] static bool is_in(const std::vector<Counterpart>& runs, std::int64_t position) {
    return std::any_of(runs.begin(), runs.end(),
                       [position](const Counterpart& one) { return one.run->has(position - one.shift); });
  }
  /// Whether a packet that passed a side at `time` would be in its capture.
  [[nodiscard]] bool captured(Side side, Time time) const {
    const auto at = static_cast<std::size_t>(side);
    return covers_[at].holds(time) && !sides::holds(joins_.unseen[at].holes, time);
  }

  void measure(StreamJoin& join) const {
    const Side to = other(join.from);
    const std::vector<std::uint32_t>& sent = join.on(join.from);
    const std::vector<std::uint32_t>& come = join.on(to);
    std::array<std::uint64_t, 64> marks_sent{};
    std::array<std::uint64_t, 64> marks_come{};
    for (const std::uint32_t index : come) count(run_of(to, index), marks_come);
    for (const std::uint32_t index : sent) {
      const PacketRun& run = run_of(join.from, index);
      count(run, marks_sent);
      measure(join, index, come);
    }
    std::sort(join.runs.begin(), join.runs.end(),
              [](const MissingRun& a, const MissingRun& b) { return a.begin < b.begin; });
    const auto before = std::max_element(marks_sent.begin(), marks_sent.end());
    const auto after = std::max_element(marks_come.begin(), marks_come.end());
    if (before - marks_sent.begin() != after - marks_come.begin())
      join.dscp = {static_cast<std::uint8_t>(before - marks_sent.begin()),
                   static_cast<std::uint8_t>(after - marks_come.begin()), *after};
  }

  static void count(const PacketRun& run, std::array<std::uint64_t, 64>& marks) {
    for (std::size_t i = 0; i < marks.size(); ++i) marks[i] += run.dscp[i];
  }

  /// Which packets of a run are in none of `come`.
  void measure(StreamJoin& join, std::uint32_t sent, const std::vector<std::uint32_t>& come) const {
    const Side to = other(join.from);
    const PacketRun& run = run_of(join.from, sent);
    const std::vector<Counterpart> arrived = counterparts(join.from, run, come);
    std::optional<MissingRun> open;
    ArrivalTeller arrivals(join.arrivals);
    std::int64_t last = 0;
    for (std::int64_t position = run.begin(); position < run.end(); ++position) {
      if (!run.has(position)) continue;
      const Time time = time_of(join.from, run, position);
      if (time > covers_[static_cast<std::size_t>(to)].end) ++join.behind;
      if (!captured(to, time)) continue;
      ++join.compared;
      const bool here = is_in(arrived, position);
      arrivals.take(time, run.notes(position), here);
      if (here) {
        close(join, open, time);
        continue;
      }
      ++join.missing;
      if (!open) open = MissingRun{time, {}, 0, sent, position};
      ++open->packets;
      last = position;
    }
    const Time end = time_of(join.from, run, last);
    close(join, open, end);
    arrivals.finish(end);
  }

  /// shift() for a run of the second side that is compared with one of the first.
  [[nodiscard]] std::optional<std::int64_t> back(const PacketRun& first, const PacketRun& second) const {
    const std::optional<std::int64_t> by = shift(first, second, clocks_);
    return by ? std::optional(-*by) : std::nullopt;
  }

  static void close(StreamJoin& join, std::optional<MissingRun>& open, Time end) {
    if (!open) return;
    open->length = std::max(end - open->begin, Duration{});
    const auto longer = [](const MissingRun& a, const MissingRun& b) { return a.packets > b.packets; };
    join.runs.push_back(*open);
    std::ranges::push_heap(join.runs, longer);
    if (join.runs.size() > StreamJoin::kMostRuns) {
      std::ranges::pop_heap(join.runs, longer);
      join.runs.pop_back();
    }
    open.reset();
  }

  void rest(const Group& group, const std::vector<bool>& done, const std::vector<bool>& joined) {
    const bool none = std::none_of(done.begin(), done.end(), [](bool one) { return one; });
    if (none && !group.first.empty() && !group.second.empty()) {
      joins_.relayed.push_back(run_of(Side::second, group.second.front()).ssrc);
      return;
    }
    for (std::size_t i = 0; i < group.first.size(); ++i)
      if (!done[i]) alone_.emplace_back(Side::first, group.first[i]);
    for (std::size_t j = 0; j < group.second.size(); ++j)
      if (!joined[j]) alone_.emplace_back(Side::second, group.second[j]);
  }

  void lone(Side side, std::uint32_t index) {
    const PacketRun& run = run_of(side, index);
    LoneStream one{side, index, 0};
    for (std::int64_t position = run.begin(); position < run.end(); ++position)
      if (run.has(position) && captured(other(side), time_of(side, run, position))) ++one.packets;
    if (one.packets > 0) joins_.lone.push_back(one);
  }

  std::array<const SideLog*, 2> logs_;
  const Clocks& clocks_;
  std::optional<Side> inner_;
  const Home& home_;
  std::array<Cover, 2> covers_;
  std::vector<std::pair<Side, std::uint32_t>> alone_;  ///< runs that were joined with none
  StreamJoins joins_;
};

}  // namespace

void Misses::add(const StreamJoin& join, Side side) {
  if (join.way_known && join.from == side) {
    left.packets += join.scattered.packets;
    left.unseen += join.scattered.unseen;
    left.longest = std::max(left.longest, join.scattered.longest);
  }
  if (join.from == side) return;
  compared += join.compared;
  missing += join.missing;
  for (const MissingRun& run : join.runs) longest = std::max(longest, run.packets);
}

bool Misses::as_much() const {
  const auto share = [](std::uint64_t part, std::uint64_t all) {
    return all == 0 ? 0.0 : static_cast<double>(part) / static_cast<double>(all);
  };
  return left.unseen >= Unseen::kHole && share(missing, compared) <= 2 * share(left.unseen, left.packets) &&
         longest <= 2 * left.longest + 2;
}

bool capture_misses_as_much(const StreamJoins& streams, Side side) {
  Misses misses;
  for (const StreamJoin& join : streams.joins) misses.add(join, side);
  return misses.as_much();
}

StreamJoins join_streams(const SideLog& first, const SideLog& second, const Clocks& clocks, std::optional<Side> inner,
                         const Home& home) {
  return Joiner(first, second, clocks, inner, home).run();
}

void InnerVotes::add(const net::Endpoint& source_a, const net::Endpoint& destination_a, std::uint8_t ttl_a,
                     const net::Endpoint& source_b, const net::Endpoint& destination_b, std::uint8_t ttl_b) {
  const Ends ends = shared_ends(source_a, destination_a, source_b, destination_b);
  if (ends == Ends::none || ends == Ends::both) return;
  const bool source = ends == Ends::destination;  // the source was translated, so it came from the inner side
  if (ttl_a != 0 && ttl_b != 0 && ttl_a != ttl_b) ++((ttl_a > ttl_b) == source ? first : second);
  const net::Scope a = (source ? source_a : destination_a).address.scope();
  const net::Scope b = (source ? source_b : destination_b).address.scope();
  if (a == b) return;
  if (a == net::Scope::private_use || b == net::Scope::global)
    ++first;
  else if (b == net::Scope::private_use || a == net::Scope::global)
    ++second;
}

void add_stream_votes(const SideLog& first, const SideLog& second, InnerVotes& votes) {
  for (const auto& [ssrc, group] : by_ssrc(first, second)) {
    for (const std::uint32_t i : group.first) {
      for (const std::uint32_t j : group.second) {
        const PacketRun& a = first.packets.runs()[i];
        const PacketRun& b = second.packets.runs()[j];
        votes.add(a.source, a.destination, a.ttl, b.source, b.destination, b.ttl);
      }
    }
  }
}

void add_stream_mappings(const SideLog& first, const SideLog& second, const StreamJoins& streams, Side inner,
                         const Clocks& clocks, MappingTable& mappings) {
  const SideLog& within = inner == Side::first ? first : second;
  const SideLog& without = inner == Side::first ? second : first;
  const auto time = [&](Side side, Time seen) { return side == Side::second ? clocks.to_first(seen) : seen; };
  for (const StreamJoin& join : streams.joins) {
    for (const std::uint32_t i : join.on(inner)) {
      for (const std::uint32_t j : join.on(other(inner))) {
        const PacketRun& a = within.packets.runs()[i];
        const PacketRun& b = without.packets.runs()[j];
        const Ends ends = ends_of(a, b);
        if (ends != Ends::destination && ends != Ends::source) continue;
        const bool source = ends == Ends::destination;
        const net::Endpoint& outer = source ? b.source : b.destination;
        mappings.add(source ? a.source : a.destination, outer, time(other(inner), b.first), false);
        mappings.add(source ? a.source : a.destination, outer, time(other(inner), b.last), false);
      }
    }
  }
}

}  // namespace viaduct::diagnose::sides
