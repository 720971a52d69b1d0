// SPDX-License-Identifier: GPL-2.0-or-later
#include "diagnose/group.hpp"

#include <algorithm>
#include <map>
#include <set>
#include <tuple>

namespace viaduct::diagnose {
namespace {

using Place = std::pair<Site, call::Point>;

/// How much of a platform an address is: one that phones register with, then one that many calls share.
class Platforms {
 public:
  explicit Platforms(const CaseFacts& facts) {
    for (const call::Registration* const registration : facts.registrations)
      registrars_.insert({registration->point, registration->registrar.address});
    for (const CallRecord& call : facts.calls) {
      const Place place{call.site, call.point};
      ++calls_[{place, call.sides[0]}];
      if (call.sides[1] != call.sides[0]) ++calls_[{place, call.sides[1]}];
    }
  }

  [[nodiscard]] call::Party customer_of(const CallRecord& call) const {
    const net::Address& caller = call.sides[0];
    const net::Address& callee = call.sides[1];
    const auto likeness = [&](const net::Address& address) {
      return std::tuple(registrars_.contains({call.point, address}), calls_.at({{call.site, call.point}, address}),
                        !is_private(address), address);
    };
    return likeness(caller) <= likeness(callee) ? call::Party::caller : call::Party::callee;
  }
  [[nodiscard]] static bool is_private(const net::Address& address) {
    return address.present() && !address.is_global();
  }

 private:
  std::set<std::pair<call::Point, net::Address>> registrars_;
  std::map<std::pair<Place, net::Address>, std::size_t> calls_;
};

/// What a provider gives one customer: up to 16 public addresses, or an IPv6 network. Not present for private ones.
[[nodiscard]] net::Prefix network_of(const net::Address& address) {
  if (!address.present() || Platforms::is_private(address)) return {};
  constexpr std::uint8_t kIpv4 = 28;
  constexpr std::uint8_t kIpv6 = 56;
  net::Prefix network{address, address.family == net::Family::ipv4 ? kIpv4 : kIpv6};
  for (std::size_t bit = network.length; bit < 8 * address.size(); ++bit)
    network.address.octets[bit / 8] &= static_cast<std::uint8_t>(~(0x80U >> bit % 8));
  return network;
}

}  // namespace

bool Group::holds(const net::Address& candidate) const {
  return network.address.present() ? network.contains(candidate) : Platforms::is_private(candidate);
}

call::Party customer_of(const CallRecord& call, const Group& group) {
  return group.holds(call.sides[0]) ? call::Party::caller : call::Party::callee;
}

std::vector<Group> groups_of(const CaseFacts& facts) {
  const Platforms platforms(facts);
  std::map<std::tuple<Site, call::Point, net::Prefix>, std::vector<const CallRecord*>> sorted;
  for (const CallRecord& call : facts.calls) {
    const net::Address& address = call.sides[static_cast<std::size_t>(platforms.customer_of(call))];
    sorted[{call.site, call.point, network_of(address)}].push_back(&call);
  }
  std::vector<Group> groups;
  for (auto& [key, members] : sorted)
    groups.push_back({std::get<0>(key), std::get<1>(key), std::get<2>(key), std::move(members)});
  return groups;
}

std::size_t Tally::OfCall::events() const {
  std::size_t count = 0;
  Time last = Time::min();
  for (const Onset* const onset : onsets) {
    if (last == Time::min() || onset->at - last > std::chrono::seconds(1)) ++count;
    last = onset->at;
  }
  return count;
}

Tally tally(const Group& group, const std::function<bool(const Onset&)>& counts) {
  Tally tally;
  std::size_t full = 0;
  for (const CallRecord* const call : group.calls) {
    Tally::OfCall of_call{.call = call};
    for (const Onset& onset : call->onsets)
      if (counts(onset)) of_call.onsets.push_back(&onset);
    if (of_call.onsets.empty()) continue;
    if (of_call.events() >= Tally::kPooledOnsets) ++full;
    tally.calls.push_back(std::move(of_call));
  }
  tally.pooled = full >= Tally::kPooledCalls;
  return tally;
}

}  // namespace viaduct::diagnose
