// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include "base/bytes.hpp"
#include "base/clock.hpp"
#include "net/address.hpp"

#include <cstdint>
#include <optional>
#include <unordered_map>

namespace viaduct::alg {

/// Which half of NAT traversal a party takes care of by itself.
enum class Aspect : std::uint8_t { contact, sdp };

/// How we know.
enum class Learnt : std::uint8_t {
  request_came_back,  ///< an inbound request reached a private Contact that we had left alone
  media_came_back,    ///< media reached a private SDP address that we had left alone
  operator_said,      ///< set with `viaduct gateway memory`
};

[[nodiscard]] base::Bytes text(Aspect aspect);
[[nodiscard]] base::Bytes text(Learnt how);

struct MemoryEntry {
  bool handles = false;
  Learnt how = Learnt::operator_said;
  base::Instant at;
};

/// The one table "handles NAT itself", per platform or endpoint address. Learnt in observe and pinhole
/// only: under `assist` everything looks as if it worked by itself. What the operator said is never overwritten.
class Memory {
 public:
  static constexpr std::size_t kMaxParties = 10000;

  [[nodiscard]] std::optional<bool> handles(const net::Address& party, Aspect aspect) const;
  /// False when nothing changed: known already, said by the operator, or the table is full.
  bool learn(const net::Address& party, Aspect aspect, MemoryEntry entry);
  void forget(const net::Address& party);

  template <class Visitor>
  void for_each(Visitor visit) const {
    for (const auto& [party, aspects] : table_)
      for (std::size_t i = 0; i < 2; ++i)
        if (aspects.entry[i]) visit(party, static_cast<Aspect>(i), *aspects.entry[i]);
  }

 private:
  struct Aspects {
    std::optional<MemoryEntry> entry[2];
  };
  std::unordered_map<net::Address, Aspects, net::AddressHash> table_;
};

}  // namespace viaduct::alg
