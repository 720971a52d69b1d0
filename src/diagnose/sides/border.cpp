// SPDX-License-Identifier: GPL-2.0-or-later
#include "diagnose/sides/border.hpp"

#include "call/hash.hpp"
#include "diagnose/sides/message_store.hpp"

#include <algorithm>
#include <cmath>
#include <iterator>
#include <tuple>

namespace viaduct::diagnose::sides {
namespace {

/// How far inside an address is by itself.
[[nodiscard]] int depth(const net::Address& address) {
  switch (address.scope()) {
    case net::Scope::private_use:
      return 2;
    case net::Scope::global:
      return 0;
    default:
      return 1;
  }
}

}  // namespace

Border::Place Border::place_of(const net::Address& source, const net::Address& destination) const {
  const auto is_of = [&](const std::set<net::Address>& addresses) {
    return addresses.contains(source) || addresses.contains(destination);
  };
  const bool inside = is_of(inner);
  const bool outside = is_of(outer);
  if (inside && outside) {
    // A phone that calls its own router's outer address is still inside; an address that is on both lists is not.
    const auto both = [&](const net::Address& one) { return inner.contains(one) && outer.contains(one); };
    return both(source) || both(destination) ? Place::between : Place::inner;
  }
  return inside ? Place::inner : outside ? Place::outer : Place::elsewhere;
}

Border::Place Border::place_of(const net::Address& source, const net::Address& destination, std::uint8_t ttl) const {
  const Place place = place_of(source, destination);
  const auto hop = place == Place::elsewhere ? hops.find({source, destination}) : hops.end();
  if (hop == hops.end()) return place;
  return hop->second.is_inside(ttl) ? Place::inner : hop->second.is_outside(ttl) ? Place::outer : place;
}

void Border::Span::add(const Span& other) {
  first = std::min(first, other.first);
  last = std::max(last, other.last);
}

Duration Border::Span::away(Time time) const {
  return time < first ? first - time : last < time ? time - last : Duration::zero();
}

bool Border::is_without(Time time) const {
  const bool known = apart > Duration::zero() && within.first <= within.last && without.first <= without.last;
  return known && without.away(time) < within.away(time);
}

void BorderFinder::hear(const call::Reading& reading) {
  const call::Sighting& seen = reading.sighting;
  const Heard heard{.key = message_key(reading),
                    .call_id = call::hash_of(reading.call_id),
                    .branch = reading.transaction_key,
                    .users = users_of(reading),
                    .time = seen.time,
                    .ends = {seen.source, seen.destination}};
  for (const net::Address& end : {seen.source.address, seen.destination.address})
    if (spans_.size() < kMostPairs || spans_.contains(end)) spans_[end].add({seen.time, seen.time});
  for (const Heard& one : recent_)
    if (one.key == heard.key && may_be_same(one, heard) && std::chrono::abs(heard.time - one.time) <= kNear)
      add(one.ends, heard.ends, reading.is_request());
  const auto earliest = earliest_.find(heard.key);
  if (earliest == earliest_.end()) {
    if (earliest_.size() < kEarliest) earliest_.emplace(heard.key, heard);
  } else if (const Duration later = heard.time - earliest->second.time;
             std::chrono::abs(later) > kNear && may_be_same(earliest->second, heard)) {
    add(earliest->second.ends, heard.ends, reading.is_request(), later);
  }
  recent_[next_] = heard;
  next_ = (next_ + 1) % kRecent;
}

void BorderFinder::add(const Ends& first, const Ends& second, bool tells, std::optional<Duration> later) {
  const sides::Ends shared = shared_ends(first.source, first.destination, second.source, second.destination);
  if (shared != sides::Ends::source && shared != sides::Ends::destination) return;
  const bool sent = shared == sides::Ends::destination;
  // What is sent from the inside is seen there first, what comes from the outside last.
  const net::Address& within = sent ? first.source.address : second.destination.address;
  const net::Address& without = sent ? second.source.address : first.destination.address;
  if (within == without || (sent && !tells)) return;
  const std::pair<net::Address, net::Address> key = std::minmax(within, without);
  if (twins_.size() >= kMostPairs && !twins_.contains(key)) return;
  Twins& twins = twins_[key];
  if (later) {
    const double seconds = std::chrono::duration<double>(*later).count();
    const net::Address& seen_first = sent ? within : without;
    if (twins.far.size() < Twins::kMostFar) twins.far.push_back({seen_first == key.first ? seconds : -seconds, sent});
    return;
  }
  ++(sent ? twins.sent : twins.given);
  twins.lower += key.first == within ? 1 : -1;
}

std::optional<Duration> BorderFinder::Twins::apart() const {
  constexpr std::ptrdiff_t kFewest = 4;
  constexpr double kSame = 0.5;  // what ways and drift make of it
  if (far.empty()) return std::nullopt;
  std::vector<double> sorted;
  sorted.reserve(far.size());
  for (const Apart& one : far) sorted.push_back(one.seconds);
  const auto middle = sorted.begin() + static_cast<std::ptrdiff_t>(sorted.size() / 2);
  std::nth_element(sorted.begin(), middle, sorted.end());
  const auto agreeing = [&](bool sent_only) {
    return std::count_if(far.begin(), far.end(), [&](const Apart& one) {
      return std::abs(one.seconds - *middle) <= kSame && (one.sent || !sent_only);
    });
  };
  const std::ptrdiff_t all = agreeing(false);
  const std::ptrdiff_t ours = agreeing(true);
  if (all < kFewest || ours == 0 || ours == all || 2 * all <= std::ssize(far)) return std::nullopt;
  return std::chrono::duration_cast<Duration>(std::chrono::duration<double>(std::abs(*middle)));
}

std::optional<Border> BorderFinder::border() const {
  constexpr std::uint32_t kFewest = 3;
  Border border;
  for (const auto& [pair, twins] : twins_) {
    const bool near = twins.sent > 0 && twins.given > 0 && twins.sent + twins.given >= kFewest;
    const std::optional<Duration> apart = near ? std::nullopt : twins.apart();
    if (!near && !apart) continue;
    border.apart = std::max(border.apart, apart.value_or(Duration::zero()));
    const int deeper = depth(pair.first) - depth(pair.second);
    const bool lower = deeper != 0 ? deeper > 0 : twins.lower >= 0;
    border.inner.insert(lower ? pair.first : pair.second);
    border.outer.insert(lower ? pair.second : pair.first);
  }
  if (border.inner.empty()) {
    border.hops = hops_.hops();
    return border.hops.empty() ? std::nullopt : std::optional(std::move(border));
  }
  // Of an address that is known to be an outer one a phone that was seen twice but briefly is another inner one.
  for (const auto& [pair, twins] : twins_) {
    if (twins.sent == 0 || twins.given == 0) continue;
    for (const auto& [one, other] : {std::pair(pair.first, pair.second), std::pair(pair.second, pair.first)})
      if (border.outer.contains(other) && !border.outer.contains(one) && depth(one) >= depth(other))
        border.inner.insert(one);
  }
  for (const auto& [address, span] : spans_) {
    if (border.inner.contains(address)) border.within.add(span);
    if (border.outer.contains(address)) border.without.add(span);
  }
  return border;
}

}  // namespace viaduct::diagnose::sides
