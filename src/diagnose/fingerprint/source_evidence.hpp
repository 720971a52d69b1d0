// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include "call/sighting.hpp"
#include "diagnose/fingerprint/family.hpp"
#include "diagnose/fingerprint/item.hpp"
#include "finding/evidence.hpp"

#include <array>
#include <optional>
#include <span>
#include <string>
#include <vector>

namespace viaduct::diagnose::fingerprint {

enum class Verdict : std::uint8_t {
  alg,        ///< a SIP ALG changed what the phones wrote
  clean,      ///< what the phones wrote arrived, or something benign was found that changed it
  undecided,  ///< nothing seen that tells one from the other
};
[[nodiscard]] Bytes name(Verdict verdict);

/// An item with what it weighs here.
struct ItemEvidence {
  Item item{};
  std::uint32_t count = 0;
  double weight = 0;                  ///< 0: something benign may explain it
  std::optional<Benign> explained{};  ///< what may, where it does not weigh in full
  finding::Evidence proof{};          ///< its first sighting
};

/// A phone or PBX behind the address.
struct DeviceEvidence {
  std::string product{};  ///< User-Agent, captured
  std::string user{};     ///< of From, captured
  Verdict verdict = Verdict::undecided;
  double log_likelihood = 0;
  std::optional<Benign> benign{};
};

/// What signalling shows of the path of one customer's address, as one point sees it.
struct SourceEvidence {
  call::Point point = 0;
  net::Address address;
  Verdict verdict = Verdict::undecided;
  bool inside = false;        ///< a private address seen before its router: only what comes in can show an ALG
  bool nat_proven = false;    ///< private addresses stand in its messages, which the packets do not have
  bool conclusive = false;    ///< one item is enough
  double log_likelihood = 0;  ///< sum over items, with a cap for each group
  std::uint8_t groups = 0;    ///< of the items that weigh
  FamilyGuess family{};
  std::optional<Benign> benign{};     ///< found, where clean; not to be excluded, where undecided
  std::vector<ItemEvidence> items{};  ///< those that weigh most first
  std::vector<DeviceEvidence> devices{};
  std::array<bool, 3> channels{};  ///< by Channel: where something weighs
  bool candidates_fit = false;     ///< some SDP offered ICE, with c= among the candidates
  bool lengths_fit = false;        ///< some body was as long as Content-Length says
  call::Time first{};
  call::Time last{};

  /// The item among the others, nullptr if it was not seen.
  [[nodiscard]] const ItemEvidence* find(Item item) const VIADUCT_LIFETIME_BOUND;
  /// 0 to 1, of the verdict alg.
  [[nodiscard]] double confidence() const;
};

/// The evidence of an address, nullptr if it said nothing. `sources` as Fingerprints::judge() gives them.
[[nodiscard]] const SourceEvidence* evidence_of(std::span<const SourceEvidence> sources, call::Point point,
                                                const net::Address& address);

}  // namespace viaduct::diagnose::fingerprint
