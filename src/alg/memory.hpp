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
  media_stayed_away,  ///< the phone sent media, and none came back: contradicts media_came_back, never kept itself
};

[[nodiscard]] base::Bytes text(Aspect aspect);
[[nodiscard]] base::Bytes text(Learnt how);

/// Which call proved something, as hashes: two calls prove more than one only if neither half is the same.
struct Witness {
  std::uint32_t call = 0;  ///< of the Call-ID
  std::uint32_t peer = 0;  ///< of who was at the other end, with its port
};

struct MemoryEntry {
  bool handles = false;
  Learnt how = Learnt::operator_said;
  base::Instant at;
  bool provisional = false;  ///< seen in one call only: shown, but does not act
  Witness witness{};
};

/// The one table "handles NAT itself", per platform or endpoint address. Learnt in observe and pinhole
/// only: under `assist` everything looks as if it worked by itself. It takes two calls with different peers, since one
/// may have come through by chance, and a later call that shows the contrary takes it back. What the operator said
/// is never overwritten.
class Memory {
 public:
  static constexpr std::size_t kMaxParties = 10000;

  /// What decisions may rely on: nothing that is provisional.
  [[nodiscard]] std::optional<bool> handles(const net::Address& party, Aspect aspect) const;
  [[nodiscard]] const MemoryEntry* find(const net::Address& party, Aspect aspect) const;
  /// Whether learn() would change anything: not if it is known already, said by the operator, from a call or peer that
  /// counted before, or if the table is full.
  [[nodiscard]] bool is_news(const net::Address& party, Aspect aspect, const MemoryEntry& entry) const;
  /// Takes over what is_news(). A second, different provisional entry settles the first; one that does not handle
  /// NAT takes the first back.
  void learn(const net::Address& party, Aspect aspect, const MemoryEntry& entry);
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
