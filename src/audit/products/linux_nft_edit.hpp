// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include "audit/products/linux_edit.hpp"
#include "audit/products/linux_ruleset.hpp"
#include "audit/text.hpp"

#include <cstdint>
#include <map>
#include <set>
#include <string>

namespace viaduct::audit::products {

/// What takes the assignments of a ruleset away, and brings them back. It borrows from both.
class NftEdits {
 public:
  NftEdits(const Ruleset& rules, const Text& text);

  /// The line of the listing that people read, if there is one.
  [[nodiscard]] std::uint32_t line_of(const Use& use) const;
  [[nodiscard]] bool is_sip(const Use& use) const;
  /// To be asked of uses in the order of the text: what is deleted by one moves the rules behind it. `kept`: something
  /// else still needs the object.
  [[nodiscard]] Edit edit(const Use& use, const Helper& helper, bool kept);

 private:
  /// One rule, whatever it sets.
  [[nodiscard]] static Name key_of(const Use& use);
  /// What a rule has in common with others that the same search finds.
  [[nodiscard]] static Name likeness_of(const Use& use);
  /// It sets SIP's helper and does nothing else.
  [[nodiscard]] bool whole(const Use& use) const;
  [[nodiscard]] Edit of_rule(const Use& use);
  [[nodiscard]] Edit with_handle(const Use& use, const std::string& text);
  [[nodiscard]] Edit without_handle(const Use& use);
  /// The rule as nft takes it again; empty: the line is more than one, or less.
  [[nodiscard]] std::string text_of(const Use& use) const;
  /// The map of the rule without what is SIP; empty: nothing is left of it, or it is of another form.
  [[nodiscard]] std::string without_sip(const Use& use, const std::string& rule) const;

  struct Alike {
    Name rule;             ///< the first of them
    bool several = false;  ///< rules
    bool whole = true;     ///< each of them is
  };

  const Ruleset& rules_;
  const Text& text_;
  NftListing listing_;
  std::set<Name> others_;                ///< rules that set another helper, too
  std::set<Name> mixed_;                 ///< chains with rules that set another helper
  std::map<Name, Alike> alike_;          ///< by likeness
  std::map<Name, Edit> edited_;          ///< by rule
  std::map<Name, std::size_t> deleted_;  ///< by chain
};

}  // namespace viaduct::audit::products
