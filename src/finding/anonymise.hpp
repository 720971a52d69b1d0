// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include "base/keyed_hash.hpp"
#include "finding/result.hpp"

#include <functional>
#include <optional>
#include <set>
#include <span>
#include <string>

namespace viaduct::finding {

/// Masks what tells who somebody is: numbers, names, hosts and addresses, passwords and keys. The same input has the
/// same mask wherever it stands and in whatever order it comes; another key gives other masks. Letters become letters
/// and digits digits, one for one and as many, so that a mask has the look of what it stands for.
class Anonymiser {
 public:
  /// The masked text of an address, nullopt if it is none: net::masked_text with the same key.
  using MaskAddress = std::function<std::optional<std::string>(Bytes text)>;

  Anonymiser(const base::HashKey& key, MaskAddress mask_address);

  /// A name, number or host: every letter and digit of it. Upper and lower case have the same mask but for their case.
  [[nodiscard]] std::string word(Bytes text) const;
  /// A host as SIP and SDP have it, which may be an address.
  [[nodiscard]] std::string host(Bytes text) const;

  /// User-Agent or Server: words that hold a serial number (eight digits, or twelve hexadecimal ones as a MAC address
  /// has) are masked, and what masked() knows.
  [[nodiscard]] std::string product(Bytes text) const;

  /// A Call-ID: phones put extensions, serial numbers and MAC addresses into it.
  [[nodiscard]] std::string call_id(Bytes text) const;

  /// Remembers a Call-ID, so that masked() finds it elsewhere.
  void learn_call_id(Bytes text);
  /// Remembers the names in a text (users and hosts of URIs, display names), so that masked() finds them elsewhere.
  void learn(Bytes text);
  /// Text with all addresses, URIs, display names, quoted strings behind a header's name or parameter, SDP user and
  /// session names, keys, and the names that were learnt. `ranges` of `text` move with what they mark.
  [[nodiscard]] std::string masked(Bytes text, std::span<base::Range* const> ranges = {}) const;

 private:
  base::HashKey key_;
  MaskAddress mask_address_;
  std::set<std::string, std::less<>> names_;  ///< in lower case, numbers without the plus
};

/// Learns all names in a result: for what else gets masks with it, so that both mask the same words.
void learn_names(Result& result, Anonymiser& anonymiser);

/// Masks a whole result, with the names in it and those that were learnt before, before any report is made of it.
/// Paths of inputs are replaced by "input-1", "input-2" ... with the suffix of the file. What rules and tools say
/// themselves stays.
void anonymise(Result& result, Anonymiser& anonymiser);
void anonymise(Result& result, const base::HashKey& key, Anonymiser::MaskAddress mask_address);

}  // namespace viaduct::finding
