// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include "base/clock.hpp"
#include "faults/nat_settings.hpp"
#include "faults/packet.hpp"
#include "faults/port_set.hpp"
#include "net/address.hpp"

#include <cstdint>
#include <optional>
#include <random>
#include <set>
#include <unordered_map>
#include <vector>

namespace viaduct::faults {

/// One inner endpoint and the outer one that stands for it.
struct NatMapping {
  Protocol protocol = Protocol::udp;
  net::Endpoint inner;
  net::Endpoint outer;
  FlowKind kind = FlowKind::other;
  base::Instant last_refresh;
  base::Instant last_inbound;
  bool replied = false;
  bool reserved = false;                 ///< made for a message, open to everybody: see Nat::reserve
  std::vector<net::Endpoint> contacted;  ///< remote endpoints the inside has sent to, the latest last
};

/// A NAT for UDP, TCP and ICMP echo by RFC 4787, 5382 and 5508: which outer endpoint stands for an inner one, and who
/// may send to it. Pure: it knows no packet beyond its endpoints, and time is what the caller says it is.
class Nat {
 public:
  explicit Nat(NatSettings settings);
  [[nodiscard]] const NatSettings& settings() const VIADUCT_LIFETIME_BOUND { return settings_; }

  /// A packet from `inner` to `remote`: the mapping it uses, made if there is none, and refreshed (REQ-6). nullptr:
  /// no port is free, or kMaxMappings exist. The pointer lives until the next call that is not const.
  [[nodiscard]] NatMapping* outbound(Protocol protocol, const net::Endpoint& inner, const net::Endpoint& remote,
                                     FlowKind kind, base::Instant now) VIADUCT_LIFETIME_BOUND;
  /// A packet from `remote` to `outer`: the mapping if there is one and its filter lets the packet in, else nullptr.
  [[nodiscard]] NatMapping* inbound(Protocol protocol, const net::Endpoint& outer, const net::Endpoint& remote,
                                    base::Instant now) VIADUCT_LIFETIME_BOUND;
  /// The mapping behind an outer endpoint whatever its filter says, alive or not; for ICMP errors and for tests.
  [[nodiscard]] NatMapping* find_outer(Protocol protocol, const net::Endpoint& outer) VIADUCT_LIFETIME_BOUND;
  /// The mapping of an inner endpoint, nullptr if there is none alive.
  [[nodiscard]] NatMapping* find_inner(Protocol protocol, const net::Endpoint& inner,
                                       base::Instant now) VIADUCT_LIFETIME_BOUND;
  /// The mapping of an inner endpoint towards `remote`, nullptr if there is none alive.
  [[nodiscard]] NatMapping* find_towards(Protocol protocol, const net::Endpoint& inner, const net::Endpoint& remote,
                                         base::Instant now) VIADUCT_LIFETIME_BOUND;
  /// The outer endpoint that a message may name for `inner`: the mapping it has, or one made now. A `port` that is
  /// not 0 is tried first. It expires like an idle mapping of its kind.
  [[nodiscard]] NatMapping* reserve(Protocol protocol, const net::Endpoint& inner, std::uint16_t port, FlowKind kind,
                                    base::Instant now) VIADUCT_LIFETIME_BOUND;
  /// Forgets one mapping, as boxes do that move media in mid-call.
  void forget(Protocol protocol, const net::Endpoint& outer);
  /// All of them: a reboot.
  void forget_all();
  /// Removes what has expired; call it now and then.
  void expire(base::Instant now);

  /// How long a mapping without packets lives.
  [[nodiscard]] base::Duration lifetime(const NatMapping& mapping) const;
  [[nodiscard]] std::size_t size() const { return by_outer_.size(); }
  /// How many contacted endpoints were forgotten for want of room.
  [[nodiscard]] std::uint64_t forgotten_contacts() const { return forgotten_contacts_; }
  [[nodiscard]] bool is_outer(const net::Address& address) const;

  static constexpr std::size_t kMaxMappings = 65536;
  // What was contacted: so many per mapping, of which so many take nothing from what all mappings share. Where there is
  // no more room, a mapping forgets the one that it has not sent to for longest, which then is filtered.
  static constexpr std::size_t kMaxContacted = 256;
  static constexpr std::size_t kOwnContacted = 4;
  static constexpr std::size_t kMaxSharedContacted = 4 * kMaxMappings;
  static constexpr std::size_t kMaxPaired = 2 * kMaxMappings;  ///< inner addresses with an outer one of their own

 private:
  /// What tells two mappings of one inner endpoint apart: the parts of `remote` that the mapping kind looks at.
  struct Key {
    Protocol protocol;
    net::Endpoint inner;
    net::Endpoint remote;
    friend bool operator==(const Key&, const Key&) = default;
  };
  struct KeyHash {
    [[nodiscard]] std::size_t operator()(const Key& key) const;
  };
  struct OuterKey {
    Protocol protocol;
    net::Endpoint outer;
    friend bool operator==(const OuterKey&, const OuterKey&) = default;
  };
  struct OuterHash {
    [[nodiscard]] std::size_t operator()(const OuterKey& key) const;
  };
  using ByOuter = std::unordered_map<OuterKey, std::pair<NatMapping, Key>, OuterHash>;

  [[nodiscard]] Key key_of(Protocol protocol, const net::Endpoint& inner, const net::Endpoint& remote) const;
  [[nodiscard]] NatMapping* find_inner_exact(const Key& key, base::Instant now);
  [[nodiscard]] bool alive(const NatMapping& mapping, base::Instant now) const;
  [[nodiscard]] bool lets_in(const NatMapping& mapping, const net::Endpoint& remote) const;
  [[nodiscard]] NatMapping* make(const Key& key, std::uint16_t wanted, FlowKind kind, base::Instant now);
  [[nodiscard]] std::optional<net::Endpoint> choose_outer(Protocol protocol, const net::Endpoint& inner,
                                                          std::uint16_t wanted, base::Instant now);
  [[nodiscard]] std::optional<std::uint16_t> free_port(Protocol protocol, const net::Address& outer,
                                                       std::uint16_t first, std::uint16_t inner, base::Instant now);
  [[nodiscard]] std::optional<std::uint16_t> free_port_from(Protocol protocol, const net::Address& outer,
                                                            std::uint16_t first, std::uint16_t inner);
  void free_if_expired(Protocol protocol, const net::Endpoint& outer, base::Instant now);
  [[nodiscard]] net::Address outer_address(const net::Address& inner);
  void remember(NatMapping& mapping, const net::Endpoint& remote);
  void forget_pairs_without_mapping();
  void erase(ByOuter::iterator at);
  /// As expire(), but not again within a second: many flows that find no room must not look at every mapping each.
  void make_room(base::Instant now);

  NatSettings settings_;
  std::unordered_map<Key, net::Endpoint, KeyHash> by_inner_;
  ByOuter by_outer_;
  /// The outer endpoints of each inner one, which has several where mappings depend on the remote side.
  std::unordered_map<OuterKey, std::set<net::Endpoint>, OuterHash> of_inner_;
  /// By an outer address without port.
  std::unordered_map<OuterKey, PortSet, OuterHash> taken_;
  std::unordered_map<net::Address, net::Address, net::AddressHash> paired_;
  std::mt19937_64 random_;
  std::uint16_t next_port_;
  std::size_t next_address_ = 0;
  std::size_t shared_contacted_ = 0;  ///< of all mappings, beyond kOwnContacted of each
  std::uint64_t forgotten_contacts_ = 0;
  base::Instant next_room_;
};

}  // namespace viaduct::faults
