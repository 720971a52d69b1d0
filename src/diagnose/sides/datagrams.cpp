// SPDX-License-Identifier: GPL-2.0-or-later
#include "diagnose/sides/datagrams.hpp"

#include "diagnose/sides/alignment.hpp"
#include "diagnose/sides/comparison.hpp"
#include "diagnose/sides/judge.hpp"

#include <algorithm>
#include <map>
#include <set>
#include <string_view>

namespace viaduct::diagnose::sides {
namespace {

struct Group {
  std::vector<std::uint32_t> first;
  std::vector<std::uint32_t> second;
};
using Groups = std::map<std::string_view, Group>;

constexpr std::size_t kMostAlike = 256;

[[nodiscard]] Ends ends_of(const SeenDatagram& a, const SeenDatagram& b) {
  return shared_ends(a.source, a.destination, b.source, b.destination);
}

[[nodiscard]] Groups grouped(const SideLog& first, const SideLog& second) {
  Groups groups;
  const auto take = [&groups](const SideLog& log, std::vector<std::uint32_t> Group::*side) {
    const std::vector<SeenDatagram>& all = log.datagrams.all();
    for (std::uint32_t i = 0; i < all.size(); ++i) {
      std::vector<std::uint32_t>& list = groups[all[i].octets].*side;
      if (list.size() < kMostAlike) list.push_back(i);
    }
  };
  take(first, &Group::first);
  take(second, &Group::second);
  return groups;
}

[[nodiscard]] Clocks clocks_of(const Groups& groups, const SideLog& first, const SideLog& second) {
  std::vector<TimePair> times;
  for (const auto& [octets, group] : groups) {
    if (octets.size() < 8 || group.first.size() != 1 || group.second.size() != 1) continue;
    const SeenDatagram& a = first.datagrams.all()[group.first[0]];
    const SeenDatagram& b = second.datagrams.all()[group.second[0]];
    if (ends_of(a, b) != Ends::none) times.push_back({a.time, b.time, a.ttl >= b.ttl});
  }
  std::sort(times.begin(), times.end(), [](const TimePair& a, const TimePair& b) { return a.first < b.first; });
  return Clocks::of(times);
}

[[nodiscard]] bool is_near(const SeenDatagram& a, const SeenDatagram& b, const Clocks& clocks) {
  const Duration apart = clocks.to_first(b.time) - a.time;
  const Duration most = std::chrono::seconds(1) + clocks.error();
  return apart <= most && apart >= -most;
}

[[nodiscard]] std::string replaced(std::string text, const std::string& what, const std::string& with) {
  for (std::size_t at = text.find(what); at != std::string::npos; at = text.find(what, at + with.size()))
    text.replace(at, what.size(), with);
  return text;
}

/// Both as they were seen on the side where they came from, and on the other one.
[[nodiscard]] bool is_edited(const SeenDatagram& before, const SeenDatagram& after, EditedDatagram& edited) {
  const Ends ends = ends_of(before, after);
  if (ends != Ends::source && ends != Ends::destination) return false;
  const bool source = ends == Ends::destination;
  const std::string old = (source ? before.source : before.destination).address.to_text();
  const std::string fresh = (source ? after.source : after.destination).address.to_text();
  const std::size_t at = before.octets.find(old);
  if (at == std::string::npos || old == fresh || replaced(before.octets, old, fresh) != after.octets) return false;
  edited.before = base::between(at, at + old.size());
  edited.after = base::between(at, at + fresh.size());
  return true;
}

class Joiner {
 public:
  Joiner(const SideLog& first, const SideLog& second, const Clocks& clocks)
      : first_(first.datagrams.all()),
        second_(second.datagrams.all()),
        clocks_(clocks),
        used_first_(first_.size()),
        used_second_(second_.size()) {}

  Datagrams run(const Groups& groups) {
    for (const auto& [octets, group] : groups) join(group);
    std::sort(result_.joined.begin(), result_.joined.end(),
              [](const DatagramPair& a, const DatagramPair& b) { return a.first < b.first; });
    find_edited();
    return std::move(result_);
  }

 private:
  void join(const Group& group) {
    for (const std::uint32_t i : group.first) {
      const auto mine = std::find_if(group.second.begin(), group.second.end(), [&](std::uint32_t j) {
        return !used_second_[j] && ends_of(first_[i], second_[j]) != Ends::none &&
               is_near(first_[i], second_[j], clocks_);
      });
      if (mine == group.second.end()) continue;
      used_first_[i] = used_second_[*mine] = true;
      result_.joined.push_back({i, *mine});
    }
  }

  /// Those that have no partner are few: what passes is the same on both sides.
  void find_edited() {
    std::vector<std::uint32_t> left;
    for (std::uint32_t j = 0; j < second_.size() && left.size() < kMostAlike; ++j)
      if (!used_second_[j] && !second_[j].is_keep_alive()) left.push_back(j);
    std::size_t tried = 0;
    for (std::uint32_t i = 0; i < first_.size() && tried < kMostAlike; ++i) {
      if (used_first_[i] || first_[i].is_keep_alive()) continue;
      ++tried;
      for (const std::uint32_t j : left)
        if (!used_second_[j] && is_near(first_[i], second_[j], clocks_) && add_edited({i, j})) break;
    }
  }

  bool add_edited(const DatagramPair& pair) {
    EditedDatagram edited{pair};
    if (!is_edited(first_[pair.first], second_[pair.second], edited)) {
      edited.from = Side::second;
      if (!is_edited(second_[pair.second], first_[pair.first], edited)) return false;
    }
    used_second_[pair.second] = true;
    result_.edited.push_back(edited);
    return true;
  }

  const std::vector<SeenDatagram>& first_;
  const std::vector<SeenDatagram>& second_;
  const Clocks& clocks_;
  std::vector<bool> used_first_;
  std::vector<bool> used_second_;
  Datagrams result_;
};

/// Flows of keep-alives, as one side sees them: how many there were, and whether one arrived.
struct Flow {
  LostKeepAlives lost;
  bool arrived = false;
};

}  // namespace

Datagrams join_datagrams(const SideLog& first, const SideLog& second, Clocks& clocks) {
  const Groups groups = grouped(first, second);
  if (!clocks.known()) clocks = clocks_of(groups, first, second);
  if (!clocks.known()) return {};
  return Joiner(first, second, clocks).run(groups);
}

void find_lost_keep_alives(Comparison& comparison) {
  for (const Side side : {Side::first, Side::second}) {
    using FlowEnds = std::pair<net::Endpoint, net::Endpoint>;
    std::set<FlowEnds> known;  // flows that SIP passed on its way from this side
    for (const MessagePair& pair : comparison.alignment.pairs)
      if (pair.from == side) known.emplace(comparison.before(pair).source, comparison.before(pair).destination);
    std::set<std::uint32_t> joined;
    for (const DatagramPair& pair : comparison.datagrams.joined)
      joined.insert(side == Side::first ? pair.first : pair.second);
    std::map<FlowEnds, Flow> flows;
    const std::vector<SeenDatagram>& all = comparison.log(side).datagrams.all();
    for (std::uint32_t i = 0; i < all.size(); ++i) {
      const FlowEnds ends{all[i].source, all[i].destination};
      if (!all[i].is_keep_alive() || !known.contains(ends)) continue;
      Flow& flow = flows.try_emplace(ends, Flow{{side, i, 0}}).first->second;
      flow.arrived = flow.arrived || joined.contains(i);
      flow.lost.count += comparison.is_covered(side, all[i].time) ? 1U : 0U;
    }
    for (const auto& [ends, flow] : flows)
      if (!flow.arrived && flow.lost.count > 0) comparison.datagrams.lost.push_back(flow.lost);
  }
}

}  // namespace viaduct::diagnose::sides
