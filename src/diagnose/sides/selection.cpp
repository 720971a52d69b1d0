// SPDX-License-Identifier: GPL-2.0-or-later
#include "diagnose/sides/selection.hpp"

#include "diagnose/sides/written.hpp"

#include <algorithm>
#include <set>

namespace viaduct::diagnose::sides {
namespace {

constexpr std::uint32_t kGone = 0xffffffff;

class Selector {
 public:
  Selector(Comparison& comparison, const Selection& selection) : comparison_(comparison), selection_(selection) {}

  void run() {
    select_pairs();
    select_lone_messages();
    select_streams();
    select_datagrams();
    comparison_.mappings.keep([this](const Mapping& mapping) {
      return selection_.endpoint(mapping.inner) || selection_.endpoint(mapping.outer) ||
             named_.contains(mapping.inner) || named_.contains(mapping.outer);
    });
  }

 private:
  void learn(Side side, const SeenMessage& seen) {
    named_.insert({seen.source, seen.destination});
    for (const Written& one : written_in(seen.octets)) named_.insert(one.endpoint);
    const Time time = comparison_.time_of(side, seen.time);
    first_ = std::min(first_, time);
    last_ = std::max(last_, time);
  }

  void select_pairs() {
    std::vector<MessagePair>& pairs = comparison_.alignment.pairs;
    std::vector<std::uint32_t> places(pairs.size(), kGone);
    std::uint32_t kept = 0;
    for (std::uint32_t i = 0; i < pairs.size(); ++i) {
      const SeenMessage& first = comparison_.first(pairs[i]);
      const SeenMessage& second = comparison_.second(pairs[i]);
      if (!selection_.message(first) && !selection_.message(second)) {
        count_out(i, first.cut() || second.cut());
        continue;
      }
      learn(Side::first, first);
      learn(Side::second, second);
      pairs[kept] = pairs[i];
      places[i] = kept++;
    }
    pairs.resize(kept);
    for (std::vector<std::uint32_t>* const list : {&comparison_.proxied, &comparison_.astray, &comparison_.torn}) {
      for (std::uint32_t& pair : *list) pair = places[pair];
      std::erase(*list, kGone);
    }
    move(comparison_.changed, places);
    move(comparison_.remaps, places);
    move(comparison_.contacts, places);
    move(comparison_.out_of_step, places);
    for (MediaLoss& loss : comparison_.losses) {
      if (loss.pair) loss.pair = places[*loss.pair];
      if (loss.pair == kGone) loss.pair.reset();
    }
  }

  template <class T>
  static void move(std::vector<T>& all, const std::vector<std::uint32_t>& places) {
    for (T& one : all) one.pair = places[one.pair];
    std::erase_if(all, [](const T& one) { return one.pair == kGone; });
  }

  void count_out(std::uint32_t pair, bool cut) {
    if (cut)
      --comparison_.cut;
    else if (!std::binary_search(comparison_.proxied.begin(), comparison_.proxied.end(), pair))
      --comparison_.compared;
  }

  void select_lone_messages() {
    // What passed the router while the time began or ended has its other copy beyond.
    const Duration margin = std::chrono::seconds(1) + comparison_.alignment.clocks.error();
    const Time from = selection_.from == Time::min() ? Time::min() : selection_.from + margin;
    const Time until = selection_.until == Time::max() ? Time::max() : selection_.until - margin;
    std::erase_if(comparison_.lone, [&](const LoneMessage& lone) {
      const SeenMessage& seen = comparison_.message(lone);
      const Time time = comparison_.time_of(lone.side, seen.time);
      if (time < from || time > until || !selection_.message(seen)) return true;
      learn(lone.side, seen);
      return false;
    });
    const auto unselected = [&](Side side) {
      return [&comparison = comparison_, &selection = selection_, side](std::uint32_t index) {
        return !selection.message(comparison.log(side).messages.all()[index]);
      };
    };
    std::erase_if(comparison_.alignment.only_first, unselected(Side::first));
    std::erase_if(comparison_.alignment.only_second, unselected(Side::second));
  }

  /// A stream belongs to selected messages that name one of its ends, which other calls may have at other times.
  [[nodiscard]] bool selected(Side side, std::uint32_t index) const {
    constexpr Duration kAround = std::chrono::seconds(5);
    const PacketRun& run = comparison_.log(side).packets.runs()[index];
    if (selection_.endpoint(run.source) || selection_.endpoint(run.destination)) return true;
    if (!named_.contains(run.source) && !named_.contains(run.destination)) return false;
    return comparison_.time_of(side, run.first) <= last_ + kAround &&
           comparison_.time_of(side, run.last) >= first_ - kAround;
  }

  void select_streams() {
    StreamJoins& streams = comparison_.streams;
    const auto any = [this](Side side, const std::vector<std::uint32_t>& runs) {
      return std::any_of(runs.begin(), runs.end(), [&](std::uint32_t run) { return selected(side, run); });
    };
    std::erase_if(streams.joins, [&](const StreamJoin& join) {
      if (any(Side::first, join.first) || any(Side::second, join.second)) {
        for (const std::uint32_t run : join.first) learn(comparison_.log(Side::first).packets.runs()[run]);
        for (const std::uint32_t run : join.second) learn(comparison_.log(Side::second).packets.runs()[run]);
        return false;
      }
      streams.compared -= join.compared;
      streams.missing -= join.missing;
      streams.behind -= join.behind;
      return true;
    });
    std::erase_if(streams.lone, [&](const LoneStream& stream) { return !selected(stream.side, stream.run); });
    std::erase_if(comparison_.losses, [&](const MediaLoss& loss) { return !selected(loss.side, loss.run); });
  }

  /// Keep-alives and other datagrams belong to who uses the same endpoints for selected messages and media.
  void select_datagrams() {
    const auto unselected = [this](Side side, std::uint32_t index) {
      const SeenDatagram& seen = comparison_.log(side).datagrams.all()[index];
      if (selection_.endpoint(seen.source) || selection_.endpoint(seen.destination)) return false;
      return !named_.contains(seen.source) || !named_.contains(seen.destination);
    };
    const auto neither = [&](const DatagramPair& pair) {
      return unselected(Side::first, pair.first) && unselected(Side::second, pair.second);
    };
    std::erase_if(comparison_.datagrams.joined, neither);
    std::erase_if(comparison_.datagrams.edited, [&](const EditedDatagram& one) { return neither(one.pair); });
    std::erase_if(comparison_.datagrams.lost,
                  [&](const LostKeepAlives& lost) { return unselected(lost.side, lost.index); });
  }
  void learn(const PacketRun& run) { named_.insert({run.source, run.destination}); }

  Comparison& comparison_;
  const Selection& selection_;
  std::set<net::Endpoint> named_;  ///< by selected messages, and the ends of selected packets
  Time first_ = Time::max();       ///< of selected messages, by the clock of the first side
  Time last_ = Time::min();
};

}  // namespace

void select(Comparison& comparison, const Selection& selection) {
  Selector(comparison, selection).run();
}

}  // namespace viaduct::diagnose::sides
