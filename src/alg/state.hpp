// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include "alg/association.hpp"
#include "alg/change.hpp"
#include "alg/mapping.hpp"
#include "alg/memory.hpp"

#include <cstdint>
#include <functional>
#include <string>
#include <unordered_map>
#include <vector>

namespace viaduct::alg {

/// A WAN as the decisions see it.
struct Wan {
  std::string interface;   ///< its name, by which the journal knows it
  bool exists = true;      ///< false: only the journal knows it; its mappings are kept but not put up
  net::Address address;    ///< IPv4; absent while the interface has none
  std::size_t mtu = 1500;  ///< octets of an IP packet
  /// Outer UDP ports in use, each with the inner endpoint whose flow it is. The owner is absent where
  /// nobody inside may have the port: a local socket, another NAT rule, flows of several owners.
  std::unordered_map<std::uint16_t, net::Endpoint> busy;
};

/// How much of what is limited is in use: by one source, or by all.
struct Usage {
  std::uint32_t dialogs = 0;  ///< calls and subscriptions
  std::uint32_t registrations = 0;
  std::uint32_t transactions = 0;
  std::uint32_t dialogs_outside = 0;  ///< of them, opened from outside
  std::uint32_t transactions_outside = 0;
  friend bool operator==(const Usage&, const Usage&) = default;
};

/// All that the gateway remembers. One thread owns it. Read by decide(), changed by apply() alone.
class State {
 public:
  /// `seed` makes the hash of Call-IDs unpredictable to those who choose them.
  explicit State(std::uint64_t seed = 0) : seed_(seed) {}

  /// Carries out one change and appends what the kernel must learn of it. Changes for associations
  /// that no longer exist do nothing.
  void apply(const Change& change, std::vector<Effect>& effects);

  [[nodiscard]] const Association* find(const AssociationKey& key) const;
  [[nodiscard]] const Association* find(AssociationId id) const;
  [[nodiscard]] AssociationId next_id() const { return next_id_; }
  [[nodiscard]] const MappingTable& mappings() const { return mappings_; }
  [[nodiscard]] const Memory& memory() const { return memory_; }
  [[nodiscard]] const std::vector<Wan>& wans() const { return wans_; }
  [[nodiscard]] std::vector<Wan>& wans() { return wans_; }
  [[nodiscard]] std::size_t size() const { return associations_.size(); }
  [[nodiscard]] const Usage& usage() const { return usage_; }
  /// Of what `source` opened.
  [[nodiscard]] Usage usage_of(const net::Address& source) const;
  /// Registrations of the inside that this platform has granted.
  [[nodiscard]] std::uint32_t registrations_at(const net::Address& platform) const;

  void record(AssociationId id, const Event& event);

  /// Associations whose time is over. Calls that did not end are closed only when `has_traffic` says no for all
  /// their mappings, else they get a little more time: no call is ended by us (promise 3).
  [[nodiscard]] std::vector<Change> expire(base::Instant now,
                                           const std::function<bool(const MappingKey&)>& has_traffic) const;
  /// Whether expire() will ask about traffic; that answer costs a walk through the kernel's table.
  [[nodiscard]] bool needs_traffic(base::Instant now) const;
  /// Everything as changes, to write a fresh journal.
  [[nodiscard]] std::vector<Change> snapshot() const;
  /// Whether the mapping can be put up: its WAN is there and, where it translates, has an address.
  [[nodiscard]] bool is_usable(const Mapping& mapping) const;
  /// The effects that bring an empty kernel table to this state.
  [[nodiscard]] std::vector<Effect> kernel_view() const;

  template <class Visitor>
  void for_each(Visitor visit) const {
    for (const auto& [id, association] : associations_) visit(association);
  }

 private:
  void carry_out(const OpenAssociation& change, std::vector<Effect>& effects);
  void carry_out(const Renew& change, std::vector<Effect>& effects);
  void carry_out(const AddTag& change, std::vector<Effect>& effects);
  void carry_out(const DropTag& change, std::vector<Effect>& effects);
  void carry_out(const UseMapping& change, std::vector<Effect>& effects);
  void carry_out(const EnterLedger& change, std::vector<Effect>& effects);
  void carry_out(const AdmitSource& change, std::vector<Effect>& effects);
  void carry_out(const SetPeerMedia& change, std::vector<Effect>& effects);
  void carry_out(const SetAnswered& change, std::vector<Effect>& effects);
  void carry_out(const LearnParty& change, std::vector<Effect>& effects);
  void carry_out(const ForgetParty& change, std::vector<Effect>& effects);
  void carry_out(const CloseAssociation& change, std::vector<Effect>& effects);
  void carry_out(const MoveWan& change, std::vector<Effect>& effects);

  [[nodiscard]] Association* get(AssociationId id);
  [[nodiscard]] std::uint64_t hash(const AssociationKey& key) const;
  void refresh_filter(Mapping& mapping, std::vector<Effect>& effects);
  void refresh_filters(const Association& association, std::vector<Effect>& effects);
  void count(const Association& association, int step);
  void count_grant(const Association& association, int step);
  [[nodiscard]] bool is_used(WanId wan) const;
  void tell(const Mapping& mapping, std::vector<Effect>& effects) const;
  void forget(const Mapping& mapping, std::vector<Effect>& effects) const;

  std::uint64_t seed_;
  AssociationId next_id_ = 1;
  std::unordered_map<AssociationId, Association> associations_;
  Usage usage_;
  std::unordered_multimap<std::uint64_t, AssociationId> by_key_;
  std::unordered_map<net::Address, Usage, net::AddressHash> usage_of_;
  std::unordered_map<net::Address, std::uint32_t, net::AddressHash> granted_;  ///< registrations, by platform
  MappingTable mappings_;
  Memory memory_;
  std::vector<Wan> wans_;
};

/// The key of an association that exists.
[[nodiscard]] AssociationKey key_of(const Association& association);

}  // namespace viaduct::alg
