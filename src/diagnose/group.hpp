// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include "diagnose/case_facts.hpp"

#include <functional>
#include <optional>
#include <span>
#include <string>
#include <vector>

namespace viaduct::diagnose {

/// Calls of one customer: of one site, and there of one small public network (a NAT's address, or phones with public
/// ones beside each other), or all that come from private addresses. What is between the customer and the platform is
/// the same for all of them.
struct Group {
  Site site = 0;
  call::Point point = 0;
  net::Prefix network{};  ///< the customer's; its address not present: private ones
  std::vector<const CallRecord*> calls{};
  /// Of each of `calls` the party that is the customer; nullopt: nothing but the order of the addresses tells.
  std::vector<std::optional<call::Party>> customers{};

  [[nodiscard]] bool holds(const net::Address& address) const;
  /// "192.0.2.16/28", "the private addresses of site 2".
  [[nodiscard]] std::string name() const;
};

/// The platform is who registrations go to, else the address that most calls of a site have in common, else the one
/// that more sites see; the other side is the customer. Where nothing tells them apart, a private address is the
/// customer's, else the lower one.
[[nodiscard]] std::vector<Group> groups_of(const CaseFacts& facts);

/// The party of a call of the group that is the customer; nullopt where nothing tells: both are private, and neither
/// takes registrations or has more calls.
[[nodiscard]] std::optional<call::Party> customer_of(const CallRecord& call, const Group& group);

/// Onsets of one kind in the calls of a group, and whether they are enough to name a cause: six in one call, or four
/// in each of three calls.
struct Tally {
  struct OfCall {
    const CallRecord* call = nullptr;
    std::vector<const Onset*> onsets{};

    /// Onsets of both directions within a second are one event, and what goes on like that for 5 s.
    [[nodiscard]] std::size_t events() const;
  };
  static constexpr std::size_t kOnsetsOfCall = 6;
  static constexpr std::size_t kPooledOnsets = 4;
  static constexpr std::size_t kPooledCalls = 3;

  std::vector<OfCall> calls{};  ///< those with such onsets
  bool pooled = false;

  /// Whether a call's onsets prove anything, alone or beside those of the others.
  [[nodiscard]] bool enough(const OfCall& call) const {
    return call.events() >= kOnsetsOfCall || (pooled && call.events() >= kPooledOnsets);
  }
  [[nodiscard]] bool any_enough() const;
};
[[nodiscard]] Tally tally(const Group& group, const std::function<bool(const Onset&)>& counts);
[[nodiscard]] Tally tally_of_calls(const Group& group,
                                   const std::function<bool(const CallRecord&, const Onset&)>& counts);
/// Leaves out the onsets that hit three calls or more at one instant, of calls that mostly drop out by themselves: what
/// strikes all lines now and then is no timer of theirs.
[[nodiscard]] Tally without_common(Tally tally);

}  // namespace viaduct::diagnose
