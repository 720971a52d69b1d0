// SPDX-License-Identifier: GPL-2.0-or-later
#include "analyze/half_seen.hpp"

#include "diagnose/call_record.hpp"

#include <algorithm>
#include <set>
#include <unordered_map>

namespace viaduct::app::analyze {
namespace {

using diagnose::sides::Border;

constexpr base::Duration kLeast = std::chrono::seconds(5);

/// A stream as one side saw it.
struct Seen {
  Border::Place place = Border::Place::elsewhere;  ///< for what does not cross the router
  bool outbound = false;
  net::Address remote{};
  finding::Time first{};
  finding::Time last{};
  std::uint32_t call = diagnose::kNoCall;
};

/// Streams and calls by the side that saw them.
class Sides {
 public:
  Sides(const Border& border, const finding::Result& result, const std::deque<std::uint32_t>& call_of)
      : border_(border), seen_inside_(result.calls.size()), seen_outside_(result.calls.size()) {
    for (std::size_t i = 0; i < result.calls.size(); ++i)
      for (const finding::LegSummary& leg : result.calls[i].legs) note(i, place_of(leg.caller, leg.callee));
    for (std::size_t i = 0; i < result.streams.size(); ++i) add(result.streams[i], call_of[i]);
  }

  [[nodiscard]] std::vector<std::uint32_t> half_seen() const {
    std::set<std::uint32_t> calls;
    for (const auto& [ssrc, of_ssrc] : by_ssrc_)
      for (const Seen& one : of_ssrc)
        for (const Place side : {Place::inner, Place::outer})
          if (is_due(one) && !is_at(side, one, of_ssrc)) calls.insert(one.call);
    return {calls.begin(), calls.end()};
  }

 private:
  using Place = Border::Place;

  [[nodiscard]] static net::Address address_of(const finding::Endpoint& endpoint) {
    return net::parse_address(endpoint.address).value_or(net::Address{});
  }
  [[nodiscard]] bool is_ours(const net::Address& one) const {
    return border_.inner.contains(one) || border_.outer.contains(one);
  }
  /// Elsewhere, too, for what goes from one of ours to another.
  [[nodiscard]] Place place_of(const finding::Endpoint& source, const finding::Endpoint& destination) const {
    const net::Address from = address_of(source);
    const net::Address to = address_of(destination);
    return is_ours(from) == is_ours(to) ? Place::elsewhere : border_.place_of(from, to);
  }

  void note(std::size_t call, Place place) {
    if (place == Place::inner) seen_inside_[call] = true;
    if (place == Place::outer) seen_outside_[call] = true;
  }

  void add(const finding::StreamSummary& stream, std::uint32_t call) {
    Seen seen{.place = place_of(stream.source, stream.destination),
              .outbound = is_ours(address_of(stream.source)),
              .first = stream.first,
              .last = stream.last,
              .call = call};
    // An outer address that few messages showed is none that the border knows, and its media tells.
    if (seen.place == Place::elsewhere && stream.seen_again &&
        place_of(stream.seen_again->source, stream.seen_again->destination) == Place::inner) {
      seen.place = Place::outer;
      seen.outbound = is_ours(address_of(stream.seen_again->source));
    }
    if (seen.place == Place::elsewhere) return;
    seen.remote = address_of(seen.outbound ? stream.destination : stream.source);
    if (seen.place == Place::outer) remotes_outside_.insert(seen.remote);
    if (call != diagnose::kNoCall) note(call, seen.place);
    by_ssrc_[stream.ssrc].push_back(seen);
  }

  /// Whether both sides should have it: a private address that the outer side never saw is a neighbour inside.
  [[nodiscard]] bool is_due(const Seen& one) const {
    if (one.call == diagnose::kNoCall || one.last - one.first < kLeast) return false;
    if (!seen_inside_[one.call] || !seen_outside_[one.call]) return false;
    return one.remote.scope() != net::Scope::private_use || remotes_outside_.contains(one.remote);
  }

  /// Whether `side` saw, from begin to end, the stream that is `one` elsewhere.
  [[nodiscard]] static bool is_at(Place side, const Seen& one, const std::vector<Seen>& of_ssrc) {
    finding::Time first = finding::Time::max();
    finding::Time last = finding::Time::min();
    for (const Seen& other : of_ssrc) {
      if (other.place != side || other.outbound != one.outbound) continue;
      if (other.last < one.first || one.last < other.first) continue;
      first = std::min(first, other.first);
      last = std::max(last, other.last);
    }
    return first < one.first + kLeast && one.last < last + kLeast;
  }

  const Border& border_;
  std::vector<bool> seen_inside_;  ///< of each call
  std::vector<bool> seen_outside_;
  std::set<net::Address> remotes_outside_;
  std::unordered_map<std::uint32_t, std::vector<Seen>> by_ssrc_;
};

/// Where only the TTL tells the sides apart, packets of the other one are duplicates: calls of which some of a stream
/// came twice, and for a time not.
[[nodiscard]] std::vector<std::uint32_t> half_copied(const finding::Result& result,
                                                     const std::deque<std::uint32_t>& call_of) {
  constexpr std::uint64_t kFewest = 50;
  constexpr std::uint64_t kOften = 250;  // five seconds of 20 ms
  std::set<std::uint32_t> calls;
  for (std::size_t i = 0; i < result.streams.size(); ++i) {
    const finding::StreamSummary& stream = result.streams[i];
    const std::uint64_t once = stream.packets - stream.duplicates;
    if (call_of[i] != diagnose::kNoCall && stream.duplicates >= kFewest && once >= stream.duplicates + kOften)
      calls.insert(call_of[i]);
  }
  return {calls.begin(), calls.end()};
}

}  // namespace

std::vector<std::uint32_t> half_seen(const Border& border, const finding::Result& result,
                                     const std::deque<std::uint32_t>& call_of) {
  return border.inner.empty() ? half_copied(result, call_of) : Sides(border, result, call_of).half_seen();
}

}  // namespace viaduct::app::analyze
