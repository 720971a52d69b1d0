// SPDX-License-Identifier: GPL-2.0-or-later
#include "diagnose/group.hpp"

#include <algorithm>
#include <map>
#include <set>
#include <tuple>

namespace viaduct::diagnose {
namespace {

using Place = std::pair<Site, call::Point>;

/// How much of a platform an address is: one that phones register with, then one that many calls share, then one that
/// several sites see.
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
    for (const auto& [seen, count] : calls_) ++places_[seen.second];
  }

  struct Customer {
    call::Party party = call::Party::caller;
    bool told = false;  ///< by more than the order of the addresses
  };
  [[nodiscard]] Customer customer_of(const CallRecord& call) const {
    const net::Address& caller = call.sides[0];
    const net::Address& callee = call.sides[1];
    const auto likeness = [&](const net::Address& address) {
      return std::tuple(registrars_.contains({call.point, address}), calls_.at({{call.site, call.point}, address}),
                        places_.at(address), !is_private(address));
    };
    const auto of_caller = std::tuple(likeness(caller), caller);
    const auto of_callee = std::tuple(likeness(callee), callee);
    return {of_caller <= of_callee ? call::Party::caller : call::Party::callee,
            std::get<0>(of_caller) != std::get<0>(of_callee)};
  }
  [[nodiscard]] static bool is_private(const net::Address& address) {
    return address.present() && !address.is_global();
  }

 private:
  std::set<std::pair<call::Point, net::Address>> registrars_;
  std::map<std::pair<Place, net::Address>, std::size_t> calls_;
  std::map<net::Address, std::size_t> places_;
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

[[nodiscard]] bool enough_of(const std::vector<Tally::OfCall>& calls) {
  const auto full = std::count_if(calls.begin(), calls.end(),
                                  [](const Tally::OfCall& call) { return call.events() >= Tally::kPooledOnsets; });
  return static_cast<std::size_t>(full) >= Tally::kPooledCalls;
}

/// Calls of which an onset is as good as at the same instant.
constexpr std::size_t kCommon = 3;
constexpr Duration kInstant = std::chrono::milliseconds(50);

/// How many calls drop out at an instant. `all`: sorted.
[[nodiscard]] std::size_t struck_at(const std::vector<std::pair<Time, const Tally::OfCall*>>& all, Time at) {
  std::set<const Tally::OfCall*> calls;
  auto onset = std::lower_bound(all.begin(), all.end(), at - kInstant,
                                [](const auto& one, Time time) { return one.first < time; });
  for (; onset != all.end() && onset->first <= at + kInstant && calls.size() < kCommon; ++onset)
    calls.insert(onset->second);
  return calls.size();
}

}  // namespace

bool Group::holds(const net::Address& candidate) const {
  return network.address.present() ? network.contains(candidate) : Platforms::is_private(candidate);
}

std::string Group::name() const {
  return network.address.present() ? network.to_text() : "the private addresses of site " + std::to_string(site + 1);
}

std::optional<call::Party> customer_of(const CallRecord& call, const Group& group) {
  // Both ascend: the calls are places of one array.
  const auto found = std::lower_bound(group.calls.begin(), group.calls.end(), &call, std::less<>());
  return found == group.calls.end() || *found != &call
             ? std::nullopt
             : group.customers[static_cast<std::size_t>(found - group.calls.begin())];
}

std::vector<Group> groups_of(const CaseFacts& facts) {
  const Platforms platforms(facts);
  std::map<std::tuple<Site, call::Point, net::Prefix>, Group> sorted;
  for (const CallRecord& call : facts.calls) {
    const Platforms::Customer customer = platforms.customer_of(call);
    const net::Prefix network = network_of(call.sides[static_cast<std::size_t>(customer.party)]);
    Group& group = sorted[{call.site, call.point, network}];
    group.calls.push_back(&call);
    group.customers.push_back(customer.told ? std::optional(customer.party) : std::nullopt);
  }
  std::vector<Group> groups;
  for (auto& [key, group] : sorted) {
    std::tie(group.site, group.point, group.network) = key;
    groups.push_back(std::move(group));
  }
  return groups;
}

std::size_t Tally::OfCall::events() const {
  constexpr Duration kNear = std::chrono::seconds(1);
  constexpr Duration kLongest = std::chrono::seconds(5);
  std::size_t count = 0;
  Time first{};
  Time last{};
  for (const Onset* const onset : onsets) {
    if (count == 0 || onset->at - last > kNear || onset->at - first > kLongest) {
      ++count;
      first = onset->at;
    }
    last = onset->at;
  }
  return count;
}

bool Tally::any_enough() const {
  return std::any_of(calls.begin(), calls.end(), [this](const OfCall& call) { return enough(call); });
}

Tally tally(const Group& group, const std::function<bool(const Onset&)>& counts) {
  return tally_of_calls(group, [&](const CallRecord& /*call*/, const Onset& onset) { return counts(onset); });
}

Tally tally_of_calls(const Group& group, const std::function<bool(const CallRecord&, const Onset&)>& counts) {
  Tally tally;
  for (const CallRecord* const call : group.calls) {
    Tally::OfCall of_call{.call = call};
    for (const Onset& onset : call->onsets)
      if (counts(*call, onset)) of_call.onsets.push_back(&onset);
    if (!of_call.onsets.empty()) tally.calls.push_back(std::move(of_call));
  }
  tally.pooled = enough_of(tally.calls);
  return tally;
}

Tally without_common(Tally tally) {
  std::vector<std::pair<Time, const Tally::OfCall*>> all;
  for (const Tally::OfCall& call : tally.calls)
    for (const Onset* const onset : call.onsets) all.emplace_back(onset->at, &call);
  std::sort(all.begin(), all.end());
  std::set<const Onset*> common;
  for (const Tally::OfCall& call : tally.calls)
    for (const Onset* const onset : call.onsets)
      if (struck_at(all, onset->at) >= kCommon) common.insert(onset);
  for (Tally::OfCall& call : tally.calls) {
    const auto is_common = [&](const Onset* onset) { return common.contains(onset); };
    const auto count = std::count_if(call.onsets.begin(), call.onsets.end(), is_common);
    if (2 * static_cast<std::size_t>(count) < call.onsets.size()) std::erase_if(call.onsets, is_common);
  }
  tally.pooled = enough_of(tally.calls);
  return tally;
}

}  // namespace viaduct::diagnose
