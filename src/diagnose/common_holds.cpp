// SPDX-License-Identifier: GPL-2.0-or-later
#include "diagnose/common_holds.hpp"

#include <algorithm>
#include <array>
#include <map>
#include <optional>

namespace viaduct::diagnose {
namespace {

/// What was held comes row by row as it is released, and what was held first may have come up to a packet before.
constexpr Duration kRelease = std::chrono::milliseconds(10);
constexpr Duration kBegin = std::chrono::milliseconds(60);
/// More that end together are not looked at one by one.
constexpr std::size_t kNeighbours = 64;

/// A hold of a call.
struct Hold {
  const Onset* onset = nullptr;
  const CallRecord* call = nullptr;
  std::optional<call::Party> customer{};
  Time end{};

  [[nodiscard]] const net::Address& source() const { return side(call::other(onset->receiver)); }
  [[nodiscard]] const net::Address& destination() const { return side(onset->receiver); }
  [[nodiscard]] const net::Address& side(call::Party party) const {
    return call->sides[static_cast<std::size_t>(party)];
  }
};

[[nodiscard]] std::vector<Hold> holds_of(std::span<const Group> groups) {
  std::vector<Hold> holds;
  for (const Group& group : groups)
    for (std::size_t i = 0; i < group.calls.size(); ++i)
      for (const Onset& onset : group.calls[i]->onsets)
        if (onset.kind == rtp::GapClass::hold_and_release)
          holds.push_back({&onset, group.calls[i], group.customers[i], onset.at + onset.length});
  std::stable_sort(holds.begin(), holds.end(), [](const Hold& a, const Hold& b) { return a.end < b.end; });
  return holds;
}

/// Behind one public address there may be several phones: their users tell them apart.
[[nodiscard]] bool same_phone(const Hold& a, const Hold& b) {
  if (!a.customer || !b.customer) return true;
  if (a.side(*a.customer) != b.side(*b.customer)) return false;
  const auto user = [](const Hold& hold) { return hold.call->users[static_cast<std::size_t>(*hold.customer)]; };
  return !a.side(*a.customer).is_global() || user(a) == user(b);
}

/// What one phone, or the way to one host or from it, cannot have held both where it was captured: the two directions
/// of a call, of which one was captured before the radio; flows of four hosts, or those in opposite directions of two
/// phones.
[[nodiscard]] bool unlike(const Hold& a, const Hold& b) {
  if (a.call == b.call) return a.onset->receiver != b.onset->receiver;
  if (a.source() == b.source() || a.destination() == b.destination()) return false;
  const bool opposite = a.source() == b.destination() || a.destination() == b.source();
  return !opposite || !same_phone(a, b);
}

[[nodiscard]] bool at_once(const Hold& a, const Hold& b) {
  return a.onset->at - b.onset->at <= kBegin && b.onset->at - a.onset->at <= kBegin;
}

/// One call of these was held both ways, or the other way of none was captured.
[[nodiscard]] bool both_ways(std::span<const Hold> holds) {
  std::map<const CallRecord*, std::array<bool, 2>> held;
  for (const Hold& hold : holds) held[hold.call][static_cast<std::size_t>(hold.onset->receiver)] = true;
  return std::ranges::any_of(held, [](const auto& one) { return one.second[0] && one.second[1]; }) ||
         std::ranges::none_of(holds, [](const Hold& hold) { return hold.onset->known; });
}

/// Those that end with the first one.
[[nodiscard]] std::span<const Hold> together(std::span<const Hold> holds) {
  const auto last =
      std::ranges::find_if(holds, [&](const Hold& hold) { return hold.end - holds.front().end > kRelease; });
  return holds.first(static_cast<std::size_t>(last - holds.begin()));
}

[[nodiscard]] bool has_unlike(std::span<const Hold> holds, std::size_t index) {
  const std::size_t first = index - std::min(index, kNeighbours);
  return std::ranges::any_of(
      holds.subspan(first, std::min(holds.size() - first, 2 * kNeighbours)),
      [&](const Hold& other) { return at_once(holds[index], other) && unlike(holds[index], other); });
}

}  // namespace

CommonHolds::CommonHolds(std::span<const Group> groups) {
  const std::vector<Hold> holds = holds_of(groups);
  for (std::span<const Hold> rest = holds; !rest.empty();) {
    const std::span<const Hold> now = together(rest);
    rest = rest.subspan(now.size());
    if (now.size() < 2 || !both_ways(now)) continue;
    for (std::size_t i = 0; i < now.size(); ++i)
      if (has_unlike(now, i)) common_.insert(now[i].onset);
  }
}

bool CommonHolds::most_of(const Tally::OfCall& call) const {
  const auto count = std::ranges::count_if(call.onsets, [this](const Onset* onset) { return contains(*onset); });
  return count > 1 && 2 * static_cast<std::size_t>(count) >= call.onsets.size();
}

}  // namespace viaduct::diagnose
