// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include "alg/policy.hpp"
#include "net/address.hpp"

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <unordered_map>
#include <vector>

namespace viaduct::alg {

/// Position in State::wans(). Good for one run only: what lasts is the name of the interface (alg/restore.hpp).
using WanId = std::uint8_t;
/// Names an Association; never 0, never reused while the gateway runs.
using AssociationId = std::uint32_t;

enum class MappingKind : std::uint8_t {
  signalling,  ///< where requests and responses reach an inner SIP endpoint
  media,       ///< RTP, RTCP or both
  held,        ///< media whose outer port the phone found out itself (STUN): kept, not chosen by us
  watched,     ///< media that is only marked (QoS, timers): no translation, no permission
};

struct MappingKey {
  net::Endpoint inner;
  WanId wan = 0;
  friend constexpr auto operator<=>(const MappingKey&, const MappingKey&) = default;
};

/// Inner address:port to outer address:port on one WAN, for the life of every association that uses
/// it. For IPv6 inner and outer are the same: a permission without translation.
struct Mapping {
  MappingKey key;
  net::Endpoint outer;  ///< port 0 for MappingKind::watched
  MappingKind kind = MappingKind::media;
  std::string spelling;               ///< how the endpoint last spelled host:port in Contact; signalling only
  std::vector<AssociationId> users;   ///< the mapping goes with the last one
  std::vector<net::Address> sources;  ///< who may send to it; used only while `guarded`
  bool guarded = false;
};

/// All mappings, found from either side. Iteration order is not defined.
class MappingTable {
 public:
  [[nodiscard]] const Mapping* find(const MappingKey& key) const;
  [[nodiscard]] Mapping* find(const MappingKey& key);
  /// The mapping of this WAN behind `outer`. An address can be on two WANs for the time of a change.
  [[nodiscard]] const Mapping* find_outer(const net::Endpoint& outer, WanId wan) const;
  /// Adds a mapping whose key is new, and whose outer endpoint is new on its WAN; false (and no change) otherwise.
  bool add(Mapping mapping);
  void remove(const MappingKey& key);
  /// Moves all mappings of one WAN to another outer address, keeping the ports. One whose place is taken there (its WAN
  /// had two addresses) stays where it is.
  void rebase(WanId wan, const net::Address& outer);
  [[nodiscard]] std::size_t size() const { return by_inner_.size(); }
  [[nodiscard]] std::size_t count_of(const net::Address& inner) const;

  template <class Visitor>
  void for_each(Visitor visit) const {
    for (const auto& [key, mapping] : by_inner_) visit(mapping);
  }

 private:
  struct KeyHash {
    std::size_t operator()(const MappingKey& key) const { return net::EndpointHash{}(key.inner) ^ key.wan; }
  };
  std::unordered_map<MappingKey, Mapping, KeyHash> by_inner_;
  std::unordered_map<MappingKey, net::Endpoint, KeyHash> by_outer_;  ///< outer endpoint and WAN to inner endpoint
  std::unordered_map<net::Address, std::uint32_t, net::AddressHash> per_host_;
};

/// What a new mapping needs on the outside.
struct PortWish {
  std::uint16_t inner = 0;  ///< first inner port: wished outside as well
  std::uint16_t run = 1;    ///< how many consecutive ports (2: RTP with implicit RTCP)
  bool parity = false;      ///< even stays even, odd stays odd (RFC 4787 REQ-4)
  bool only_same = false;   ///< pinhole mode: the same port or none
};

/// The first outer port of a free run: the inner port itself if free, else the first free one from a
/// place in `range` that depends on the inner port alone, so that restarts choose alike
/// (docs/adr/0004). Nothing when the range is used up.
[[nodiscard]] std::optional<std::uint16_t> choose_port(const PortWish& wish, const PortRange& range,
                                                       const std::function<bool(std::uint16_t)>& is_free);

}  // namespace viaduct::alg
