// SPDX-License-Identifier: GPL-2.0-or-later
#include "diagnose/sides/alignment.hpp"

#include <algorithm>
#include <map>
#include <tuple>

namespace viaduct::diagnose::sides {
namespace {

struct Group {
  std::vector<std::uint32_t> first;
  std::vector<std::uint32_t> second;
};
using Groups = std::map<std::uint64_t, Group>;

[[nodiscard]] Ends ends_of(const SeenMessage& a, const SeenMessage& b) {
  return shared_ends(a.source, a.destination, b.source, b.destination);
}

[[nodiscard]] Groups grouped(const SideLog& first, const SideLog& second) {
  Groups groups;
  for (std::uint32_t i = 0; i < first.messages.all().size(); ++i)
    groups[first.messages.all()[i].key].first.push_back(i);
  for (std::uint32_t i = 0; i < second.messages.all().size(); ++i)
    if (const auto group = groups.find(second.messages.all()[i].key); group != groups.end())
      group->second.second.push_back(i);
  return groups;
}

/// Where a message came from: whatever NAT changed is the inner end, and a hop takes one from the TTL.
[[nodiscard]] std::optional<Side> way_by_ttl(const SeenMessage& a, const SeenMessage& b) {
  if (a.carriage.ttl == 0 || b.carriage.ttl == 0 || a.carriage.ttl == b.carriage.ttl) return std::nullopt;
  return a.carriage.ttl > b.carriage.ttl ? Side::first : Side::second;
}

class Aligner {
 public:
  Aligner(const SideLog& first, const SideLog& second, const AlignmentLimits& limits)
      : first_(first.messages.all()),
        second_(second.messages.all()),
        limits_(limits),
        groups_(grouped(first, second)) {}

  Alignment run() {
    alignment_.clocks = rough();
    std::vector<bool> used_first(first_.size());
    std::vector<bool> used_second(second_.size());
    for (const auto& [key, group] : groups_) join(group, used_first, used_second);
    std::sort(alignment_.pairs.begin(), alignment_.pairs.end(), [this](const MessagePair& a, const MessagePair& b) {
      return std::tie(first_[a.first].time, a.first) < std::tie(first_[b.first].time, b.first);
    });
    for (std::uint32_t i = 0; i < first_.size(); ++i)
      if (!used_first[i]) alignment_.only_first.push_back(i);
    for (std::uint32_t i = 0; i < second_.size(); ++i)
      if (!used_second[i]) alignment_.only_second.push_back(i);
    alignment_.clocks = fine();
    return std::move(alignment_);
  }

 private:
  /// From messages that were seen once on either side.
  [[nodiscard]] Clocks rough() const {
    std::vector<TimePair> times;
    for (const auto& [key, group] : groups_) {
      if (group.first.size() != 1 || group.second.size() != 1) continue;
      const SeenMessage& a = first_[group.first[0]];
      const SeenMessage& b = second_[group.second[0]];
      if (!may_be_same(a, b)) continue;
      times.push_back({a.time, b.time, way_by_ttl(a, b).value_or(Side::first) == Side::first});
    }
    std::sort(times.begin(), times.end(), [](const TimePair& a, const TimePair& b) { return a.first < b.first; });
    // All were retransmitted: the first copy on one side is that on the other, more often than not.
    for (auto group = groups_.begin(); times.empty() && group != groups_.end(); ++group)
      if (!group->second.first.empty() && !group->second.second.empty())
        times.push_back({first_[group->second.first[0]].time, second_[group->second.second[0]].time, true});
    return Clocks::of(times);
  }

  [[nodiscard]] Clocks fine() const {
    std::vector<TimePair> times;
    times.reserve(alignment_.pairs.size());
    for (const MessagePair& pair : alignment_.pairs)
      times.push_back({first_[pair.first].time, second_[pair.second].time, pair.from == Side::first});
    return Clocks::of(times);
  }

  struct Candidate {
    double cost = 0;
    std::uint32_t first = 0;
    std::uint32_t second = 0;
  };

  /// How little two sightings look like one message, in seconds. Nothing that may be rewritten excludes; it orders.
  [[nodiscard]] double cost(const SeenMessage& a, const SeenMessage& b, Duration apart) const {
    double sum = std::abs(std::chrono::duration<double>(apart).count());
    if (ends_of(a, b) == Ends::none) sum += 1000;
    if (a.branch != b.branch) sum += 0.4;
    if (a.call_id != b.call_id) sum += 0.2;
    if (a.body != b.body) sum += 0.02;
    return sum;
  }

  /// Whether two sightings may be of one message by their times. A queue that stands still lets copies go together,
  /// each of them later than another one was sent: those are still told from foreign ones by their branch.
  [[nodiscard]] bool may_be_one(const SeenMessage& a, const SeenMessage& b, Duration apart) const {
    if (!may_be_same(a, b)) return false;
    const Duration most = a.branch == b.branch ? limits_.held : limits_.window;
    return apart <= most && apart >= -most;
  }

  void join(const Group& group, std::vector<bool>& used_first, std::vector<bool>& used_second) {
    if (group.second.empty() || group.first.size() > limits_.group || group.second.size() > limits_.group) return;
    std::vector<Candidate> candidates;
    for (const std::uint32_t i : group.first) {
      for (const std::uint32_t j : group.second) {
        const Duration apart = alignment_.clocks.to_first(second_[j].time) - first_[i].time;
        if (!may_be_one(first_[i], second_[j], apart)) continue;
        candidates.push_back({cost(first_[i], second_[j], apart), i, j});
      }
    }
    std::sort(candidates.begin(), candidates.end(), [](const Candidate& a, const Candidate& b) {
      return std::tie(a.cost, a.first, a.second) < std::tie(b.cost, b.first, b.second);
    });
    bool near = false;  // a hop that shares an end was found: others of this message are other hops
    for (const Candidate& one : candidates) {
      if (used_first[one.first] || used_second[one.second]) continue;
      const bool apart = ends_of(first_[one.first], second_[one.second]) == Ends::none;
      if (apart && near) continue;
      near = near || !apart;
      used_first[one.first] = used_second[one.second] = true;
      const std::optional<Side> way = way_by_ttl(first_[one.first], second_[one.second]);
      alignment_.pairs.push_back({one.first, one.second, way.value_or(Side::first), way.has_value()});
    }
  }

  const std::vector<SeenMessage>& first_;
  const std::vector<SeenMessage>& second_;
  AlignmentLimits limits_;
  Groups groups_;
  Alignment alignment_;
};

}  // namespace

Ends shared_ends(const net::Endpoint& source_a, const net::Endpoint& destination_a, const net::Endpoint& source_b,
                 const net::Endpoint& destination_b) {
  const bool source = source_a == source_b;
  const bool destination = destination_a == destination_b;
  return source && destination ? Ends::both : destination ? Ends::destination : source ? Ends::source : Ends::none;
}

Alignment align(const SideLog& first, const SideLog& second, const AlignmentLimits& limits) {
  return Aligner(first, second, limits).run();
}

}  // namespace viaduct::diagnose::sides
