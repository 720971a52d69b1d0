// SPDX-License-Identifier: GPL-2.0-or-later
#include "diagnose/group.hpp"

#include <algorithm>
#include <map>
#include <tuple>

namespace viaduct::diagnose {
namespace {

using Place = std::pair<Site, call::Point>;
using Counts = std::map<std::pair<Place, net::Address>, std::size_t>;

[[nodiscard]] Counts count(std::span<const CallRecord> calls) {
  Counts counts;
  for (const CallRecord& call : calls) {
    const Place place{call.site, call.point};
    ++counts[{place, call.sides[0].address}];
    if (call.sides[1].address != call.sides[0].address) ++counts[{place, call.sides[1].address}];
  }
  return counts;
}

[[nodiscard]] bool private_(const net::Address& address) {
  return address.present() && !address.is_global();
}

[[nodiscard]] call::Party customer_of(const CallRecord& call, const Counts& counts) {
  const Place place{call.site, call.point};
  const std::size_t caller = counts.at({place, call.sides[0].address});
  const std::size_t callee = counts.at({place, call.sides[1].address});
  if (caller != callee) return caller < callee ? call::Party::caller : call::Party::callee;
  const bool inside = private_(call.sides[1].address) && !private_(call.sides[0].address);
  return inside ? call::Party::callee : call::Party::caller;
}

}  // namespace

call::Party customer_of(const CallRecord& call, const Group& group) {
  const net::Address& caller = call.sides[0].address;
  const bool is_caller = group.address.present() ? caller == group.address : private_(caller);
  return is_caller ? call::Party::caller : call::Party::callee;
}

std::vector<Group> groups_of(std::span<const CallRecord> calls) {
  const Counts counts = count(calls);
  std::map<std::tuple<Site, call::Point, net::Address>, std::vector<const CallRecord*>> sorted;
  for (const CallRecord& call : calls) {
    net::Address address = call.sides[static_cast<std::size_t>(customer_of(call, counts))].address;
    if (private_(address)) address = {};
    sorted[{call.site, call.point, address}].push_back(&call);
  }
  std::vector<Group> groups;
  for (auto& [key, members] : sorted)
    groups.push_back({std::get<0>(key), std::get<1>(key), std::get<2>(key), std::move(members)});
  return groups;
}

Tally tally(const Group& group, const std::function<bool(const Onset&)>& counts) {
  Tally tally;
  std::size_t full = 0;
  for (const CallRecord* const call : group.calls) {
    Tally::OfCall of_call{.call = call};
    for (const Onset& onset : call->onsets)
      if (counts(onset)) of_call.onsets.push_back(&onset);
    if (of_call.onsets.empty()) continue;
    if (of_call.onsets.size() >= Tally::kPooledOnsets) ++full;
    tally.calls.push_back(std::move(of_call));
  }
  tally.pooled = full >= Tally::kPooledCalls;
  return tally;
}

}  // namespace viaduct::diagnose
