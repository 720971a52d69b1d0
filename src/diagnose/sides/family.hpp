// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include "base/bytes.hpp"

#include <array>
#include <cstdint>

namespace viaduct::diagnose::sides {

/// What ALG implementations differ in: each names the inside, and is changed or left alone.
enum class Trait : std::uint8_t {
  via,  ///< top Via's sent-by of requests
  contact,
  request_uri,  ///< of inbound requests: the outside is turned back
  from,
  to,
  call_id,       ///< its host
  routes,        ///< Route and Record-Route
  echo,          ///< `received` and `rport` of inbound responses: turned back
  connection,    ///< c=
  origin,        ///< o= that names what c= names
  other_origin,  ///< o= that names something else: overwritten all the same
  trace,         ///< an i= line with the inner address comes in
  own_via,       ///< a Via comes in
  hops,          ///< Max-Forwards
  media_port,    ///< m= gets another port along with the address
  tcp,           ///< any of these over TCP
  last
};

/// How often each trait could have shown, and did.
class TraitCount {
 public:
  void saw(Trait trait, bool changed) {
    Count& count = counts_[static_cast<std::size_t>(trait)];
    ++count.chances;
    if (changed) ++count.changed;
  }
  [[nodiscard]] std::uint64_t chances(Trait trait) const { return counts_[static_cast<std::size_t>(trait)].chances; }
  [[nodiscard]] std::uint64_t changed(Trait trait) const { return counts_[static_cast<std::size_t>(trait)].changed; }

 private:
  struct Count {
    std::uint64_t chances = 0;
    std::uint64_t changed = 0;
  };
  std::array<Count, static_cast<std::size_t>(Trait::last)> counts_{};
};

/// The implementation that the traits point to.
struct FamilyGuess {
  base::Bytes name;  ///< "linux", "broadcom", "quicksec", "fortinet", "proxy-type"; empty: not decided
  double share = 0;  ///< of the likelihood of all, each as likely before
  base::Bytes best;  ///< also where it is not decided
  base::Bytes runner_up;
  double runner_up_share = 0;
};

/// Decided where the best is ten times as likely as the next, and nothing that was seen is foreign to it. Where nothing
/// was changed nothing is decided.
[[nodiscard]] FamilyGuess family_of(const TraitCount& traits);

/// The names under which products of a family let their ALG be switched off.
[[nodiscard]] base::Bytes switch_of(base::Bytes family);

}  // namespace viaduct::diagnose::sides
