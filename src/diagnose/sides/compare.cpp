// SPDX-License-Identifier: GPL-2.0-or-later
#include "diagnose/sides/comparison.hpp"
#include "diagnose/sides/judge.hpp"

#include <algorithm>
#include <map>
#include <set>

namespace viaduct::diagnose::sides {
namespace {

[[nodiscard]] const SeenMessage& seen(const Comparison& comparison, Side side, std::uint32_t index) {
  return comparison.log(side).messages.all()[index];
}

[[nodiscard]] Ends ends_of(const Comparison& comparison, const MessagePair& pair) {
  const SeenMessage& a = comparison.first(pair);
  const SeenMessage& b = comparison.second(pair);
  return shared_ends(a.source, a.destination, b.source, b.destination);
}

void find_inner(Comparison& comparison, const CompareSettings& settings) {
  InnerVotes votes;
  for (const MessagePair& pair : comparison.alignment.pairs) {
    const SeenMessage& a = comparison.first(pair);
    const SeenMessage& b = comparison.second(pair);
    votes.add(a.source, a.destination, a.carriage.ttl, b.source, b.destination, b.carriage.ttl);
  }
  if (votes.first == 0 && votes.second == 0)
    add_stream_votes(comparison.log(Side::first), comparison.log(Side::second), votes);
  if (votes.first == 0 && votes.second == 0) {
    for (const DatagramPair& pair : comparison.datagrams.joined) {
      const SeenDatagram& a = comparison.log(Side::first).datagrams.all()[pair.first];
      const SeenDatagram& b = comparison.log(Side::second).datagrams.all()[pair.second];
      votes.add(a.source, a.destination, a.ttl, b.source, b.destination, b.ttl);
    }
  }
  comparison.inner = settings.inner.value_or(votes.second > votes.first ? Side::second : Side::first);
  comparison.inner_known = settings.inner || votes.first != votes.second;
}

/// What NAT changed says where a message came from; then the TTL; then where its sender is known to live.
void find_ways(Comparison& comparison) {
  std::map<net::Address, Side> homes;
  for (MessagePair& pair : comparison.alignment.pairs) {
    const Ends ends = ends_of(comparison, pair);
    if (comparison.inner_known && (ends == Ends::destination || ends == Ends::source)) {
      pair.from = ends == Ends::destination ? comparison.inner : other(comparison.inner);
      pair.way_known = true;
    }
    if (pair.way_known) homes.emplace(comparison.before(pair).source.address, pair.from);
  }
  for (MessagePair& pair : comparison.alignment.pairs) {
    if (pair.way_known) continue;
    const auto home = homes.find(comparison.first(pair).source.address);
    if (home != homes.end()) pair.from = home->second;
    pair.way_known = home != homes.end();
  }
}

void find_mappings(Comparison& comparison) {
  for (const MessagePair& pair : comparison.alignment.pairs) {
    const Ends ends = ends_of(comparison, pair);
    if (ends != Ends::destination && ends != Ends::source) continue;
    const SeenMessage& within = comparison.inner == Side::first ? comparison.first(pair) : comparison.second(pair);
    const SeenMessage& without = comparison.inner == Side::first ? comparison.second(pair) : comparison.first(pair);
    const bool source = ends == Ends::destination;
    comparison.mappings.add(source ? within.source : within.destination, source ? without.source : without.destination,
                            comparison.first(pair).time, true);
  }
}

/// Where no message passed other traffic shows what the router translates.
void find_mappings_of_others(Comparison& comparison) {
  if (!comparison.alignment.pairs.empty() || !comparison.inner_known) return;
  const bool first = comparison.inner == Side::first;
  for (const DatagramPair& pair : comparison.datagrams.joined) {
    const SeenDatagram& a = comparison.log(Side::first).datagrams.all()[pair.first];
    const SeenDatagram& b = comparison.log(Side::second).datagrams.all()[pair.second];
    const Ends ends = shared_ends(a.source, a.destination, b.source, b.destination);
    if (ends != Ends::destination && ends != Ends::source) continue;
    const SeenDatagram& within = first ? a : b;
    const SeenDatagram& without = first ? b : a;
    const bool source = ends == Ends::destination;
    comparison.mappings.add(source ? within.source : within.destination, source ? without.source : without.destination,
                            a.time, false);
  }
}

void join_media(Comparison& comparison) {
  std::map<net::Address, Side> homes;
  for (const MessagePair& pair : comparison.alignment.pairs)
    if (pair.way_known) homes.emplace(comparison.before(pair).source.address, pair.from);
  const Home home = [&homes](const net::Address& address) -> std::optional<Side> {
    const auto known = homes.find(address);
    return known == homes.end() ? std::nullopt : std::optional(known->second);
  };
  const SideLog& first = comparison.log(Side::first);
  const SideLog& second = comparison.log(Side::second);
  const std::optional<Side> inner = comparison.inner_known ? std::optional(comparison.inner) : std::nullopt;
  comparison.streams = join_streams(first, second, comparison.alignment.clocks, inner, home);
  if (comparison.inner_known)
    add_stream_mappings(first, second, comparison.streams, comparison.inner, comparison.alignment.clocks,
                        comparison.mappings);
}

/// What of its media a capture has: one at a proxy has SIP, and the media of its calls goes elsewhere.
class MediaSeen {
 public:
  explicit MediaSeen(const SideLog& log) {
    constexpr std::uint64_t kFewest = 10;  // fewer packets may have the form of RTP by chance
    for (const PacketRun& run : log.packets.runs())
      if (run.packets >= kFewest) hosts_.insert(std::minmax(run.source.address, run.destination.address));
    for (const SeenDatagram& seen : log.datagrams.all()) others_.insert({seen.source, seen.destination});
  }
  /// Media between two hosts, or what else goes to the media port of one of them.
  [[nodiscard]] bool between(const net::Address& host, const net::Endpoint& far) const {
    return hosts_.contains(std::minmax(host, far.address)) || others_.contains(far);
  }

 private:
  std::set<std::pair<net::Address, net::Address>> hosts_;  ///< the lower address first
  std::set<net::Endpoint> others_;
};

/// Whether a stream came from there, or was sent to an outer address.
[[nodiscard]] bool crosses(const Comparison& comparison, const LoneStream& stream, const PacketRun& run) {
  const MappingTable& mappings = comparison.mappings;
  if (stream.side != comparison.inner)
    return mappings.is_outer(run.destination.address) && !mappings.is_outer(run.source.address);
  return mappings.is_inner(run.source.address) && !mappings.is_inner(run.destination.address) &&
         !mappings.is_outer(run.destination.address) && run.destination.address.scope() == net::Scope::global;
}

/// A stream that one side alone has was lost only if it was on its way across, and the other capture has media of its
/// two hosts, or would have had it.
void keep_lost_streams(Comparison& comparison) {
  const std::array<MediaSeen, 2> seen{MediaSeen(comparison.log(Side::first)), MediaSeen(comparison.log(Side::second))};
  const std::vector<Mapping> mappings = comparison.mappings.all();
  std::erase_if(comparison.streams.lone, [&](const LoneStream& stream) {
    const PacketRun& run = comparison.log(stream.side).packets.runs()[stream.run];
    if (!crosses(comparison, stream, run)) return true;
    if (comparison.log(other(stream.side)).whole) return false;
    const bool outbound = stream.side == comparison.inner;
    const net::Address& near = outbound ? run.source.address : run.destination.address;
    const net::Endpoint& far = outbound ? run.destination : run.source;
    return std::none_of(mappings.begin(), mappings.end(), [&](const Mapping& mapping) {
      const net::Address& here = (outbound ? mapping.inner : mapping.outer).address;
      const net::Address& there = (outbound ? mapping.outer : mapping.inner).address;
      return here == near && seen[static_cast<std::size_t>(other(stream.side))].between(there, far);
    });
  });
}

void compare_messages(Comparison& comparison) {
  for (std::uint32_t i = 0; i < comparison.alignment.pairs.size(); ++i) {
    const MessagePair& pair = comparison.alignment.pairs[i];
    if (comparison.first(pair).cut() || comparison.second(pair).cut()) {
      ++comparison.cut;
      continue;
    }
    if (is_proxied(comparison, pair)) {
      comparison.proxied.push_back(i);
      continue;
    }
    ++comparison.compared;
    if (std::optional<ChangedMessage> changed = judge(comparison, i)) comparison.changed.push_back(std::move(*changed));
  }
}

/// The origin of a session may not change (RFC 3264 8): an o= that is written as it was in the dialog before is none of
/// its own, even where c= has moved with the box.
void keep_origins(Comparison& comparison) {
  std::map<std::pair<std::uint64_t, net::Address>, net::Address> origins;
  for (ChangedMessage& message : comparison.changed) {
    const std::uint64_t dialog = comparison.before(comparison.alignment.pairs[message.pair]).call_id;
    for (JudgedChange& one : message.changes) {
      if (!one.change.field.is_sdp('o') || !one.after.address.present()) continue;
      const auto [known, fresh] = origins.emplace(std::pair(dialog, one.before.address), one.after.address);
      if (!fresh && known->second == one.after.address && one.behaviour == "B03") one.behaviour = {};
    }
  }
}

/// What comes to an outer endpoint that requests left from has to go where these came from.
void find_astray(Comparison& comparison) {
  if (!comparison.inner_known) return;
  std::map<net::Endpoint, std::set<net::Endpoint>> senders;
  for (const MessagePair& pair : comparison.alignment.pairs)
    if (comparison.outbound(pair)) senders[comparison.after(pair).source].insert(comparison.before(pair).source);
  for (std::uint32_t i = 0; i < comparison.alignment.pairs.size(); ++i) {
    const MessagePair& pair = comparison.alignment.pairs[i];
    if (comparison.outbound(pair) || comparison.before(pair).is_request()) continue;
    const auto known = senders.find(comparison.before(pair).destination);
    if (known != senders.end() && !known->second.contains(comparison.after(pair).destination))
      comparison.astray.push_back(i);
  }
}

/// Messages of one dialog that were given another Call-ID than those before them.
void find_torn(Comparison& comparison) {
  std::map<std::uint64_t, std::uint64_t> written;
  for (std::uint32_t i = 0; i < comparison.alignment.pairs.size(); ++i) {
    const MessagePair& pair = comparison.alignment.pairs[i];
    if (!comparison.outbound(pair)) continue;
    const auto [known, fresh] = written.emplace(comparison.before(pair).call_id, comparison.after(pair).call_id);
    if (!fresh && known->second != comparison.after(pair).call_id) comparison.torn.push_back(i);
  }
}

/// The side that the octets left for must show what the side that they came from does not.
void find_out_of_step(Comparison& comparison) {
  const auto has = [](const SideLog& log, const SeenMessage& seen) {
    const auto at = std::find_if(log.streams.begin(), log.streams.end(), [&](const BrokenStream& stream) {
      return stream.source == seen.source && stream.destination == seen.destination;
    });
    return at == log.streams.end() ? std::nullopt : std::optional(static_cast<std::uint32_t>(at - log.streams.begin()));
  };
  std::set<std::uint32_t> told;
  for (const ChangedMessage& message : comparison.changed) {
    const MessagePair& pair = comparison.alignment.pairs[message.pair];
    const SeenMessage& before = comparison.before(pair);
    const SeenMessage& after = comparison.after(pair);
    if (before.transport != sip::Transport::tcp || before.length == after.length) continue;
    const std::optional<std::uint32_t> broken = has(comparison.log(other(pair.from)), after);
    if (!broken || has(comparison.log(pair.from), before)) continue;
    if (comparison.log(other(pair.from)).streams[*broken].frame.number < after.frame.number) continue;
    if (told.insert(*broken).second) comparison.out_of_step.push_back({message.pair, *broken});
  }
}

}  // namespace

const SeenMessage& Comparison::first(const MessagePair& pair) const {
  return seen(*this, Side::first, pair.first);
}
const SeenMessage& Comparison::second(const MessagePair& pair) const {
  return seen(*this, Side::second, pair.second);
}
const SeenMessage& Comparison::before(const MessagePair& pair) const {
  return pair.from == Side::first ? first(pair) : second(pair);
}
const SeenMessage& Comparison::after(const MessagePair& pair) const {
  return pair.from == Side::first ? second(pair) : first(pair);
}
const SeenMessage& Comparison::message(const LoneMessage& one) const {
  return seen(*this, one.side, one.index);
}
Time Comparison::time_of(Side side, Time time) const {
  return side == Side::second ? alignment.clocks.to_first(time) : time;
}

bool Comparison::is_covered(Side side, Time time) const {
  const SideLog& there = log(other(side));
  const Duration margin = std::chrono::seconds(1) + alignment.clocks.error();
  const Time here = time_of(side, time);
  return there.first <= there.last && here >= time_of(other(side), there.first) &&
         here <= time_of(other(side), there.last) - margin &&
         !holds(streams.unseen[static_cast<std::size_t>(other(side))].holes, here);
}

finding::ByteDiff Comparison::byte_diff(const ChangedMessage& message) const {
  const MessagePair& pair = alignment.pairs[message.pair];
  const SeenMessage& from = before(pair);
  const SeenMessage& to = after(pair);
  finding::ByteDiff diff;
  diff.title = from.name() + (!inner_known ? "" : outbound(pair) ? ", outbound" : ", inbound");
  diff.before = from.octets;
  diff.after = to.octets;
  const auto place = [](const SeenMessage& seen, const char* text) {
    finding::Evidence evidence;
    evidence.input = seen.frame.file;
    evidence.frame = seen.frame.number;
    evidence.time = seen.time;
    evidence.text = text;
    return evidence;
  };
  diff.before_at = place(from, "as it came to the box");
  diff.after_at = place(to, "as it left the box");
  for (const JudgedChange& one : message.changes)
    diff.changes.push_back(
        {text(one.change), one.change.before, one.change.after, std::string(one.behaviour), is_false(one.truth)});
  return diff;
}

Comparison compare(const SideLog& first, const SideLog& second, const CompareSettings& settings) {
  Comparison comparison;
  comparison.logs = {&first, &second};
  comparison.alignment = align(first, second);
  comparison.datagrams = join_datagrams(first, second, comparison.alignment.clocks);
  find_inner(comparison, settings);
  find_ways(comparison);
  find_mappings(comparison);
  find_mappings_of_others(comparison);
  join_media(comparison);
  keep_lost_streams(comparison);
  compare_messages(comparison);
  keep_origins(comparison);
  comparison.family = family_of(comparison.traits);
  find_lone(comparison);
  find_remaps(comparison);
  find_astray(comparison);
  find_torn(comparison);
  find_lost_keep_alives(comparison);
  find_out_of_step(comparison);
  find_media_losses(comparison);
  return comparison;
}

}  // namespace viaduct::diagnose::sides
