// SPDX-License-Identifier: GPL-2.0-or-later
#include "audit/products/linux_nft_edit.hpp"

#include "audit/mask.hpp"
#include "base/text.hpp"

#include <algorithm>

namespace viaduct::audit::products {
namespace {

constexpr Bytes kFromBackup = "{ echo flush ruleset; cat ruleset-before-viaduct.nft; } | nft -f -";

[[nodiscard]] Edit by_hand(const std::string& why) {
  return {.by_hand =
              why +
              ": nft -a list ruleset shows it with its handle, nft replace rule or nft delete rule changes it by that"};
}

/// Words that stand for themselves in nft, in a shell and in an expression of sed.
[[nodiscard]] bool plain(const std::string& words) {
  return std::ranges::all_of(words,
                             [](char c) { return base::kAlphanum.contains(c) || c == '-' || c == '_' || c == ' '; });
}

[[nodiscard]] bool closes_what_it_opens(Bytes line) {
  int depth = 0;
  for (const char c : line) {
    depth += c == '{' ? 1 : c == '}' ? -1 : 0;
    if (depth < 0) return false;
  }
  return depth == 0;
}

/// The handle of the rule at `position` in what `nft -a list chain` prints; the first handle there is that of the
/// chain.
[[nodiscard]] std::string handle_at(const std::string& chain, std::size_t position) {
  return "$(nft -a list chain " + chain + " | sed -n 's/.* # handle \\([0-9]*\\)/\\1/p' | sed -n " +
         std::to_string(position + 2) + "p)";
}

[[nodiscard]] std::string chain_of(const Use& use) {
  const std::size_t blank = use.table.find(' ');
  return shell_word(use.table.substr(0, blank)) + " " +
         shell_word(blank == std::string::npos ? Bytes() : Bytes(use.table).substr(blank + 1)) + " " +
         shell_word(use.chain);
}

/// At `position`, whatever stands there.
[[nodiscard]] std::string put_back(const std::string& chain, std::size_t position, const std::string& rule) {
  return "nft " +
         (position == 0 ? "insert rule " + chain : "add rule " + chain + " index " + std::to_string(position - 1)) +
         " " + shell_word(rule);
}

}  // namespace

NftEdits::NftEdits(const Ruleset& rules, const Text& text) : rules_(rules), text_(text), listing_(text) {
  for (const Use& use : rules.uses)
    if (!is_sip(use)) {
      others_.insert(key_of(use));
      mixed_.insert(joined(use.table, use.chain));
    }
  for (const Use& use : rules.uses) {
    const auto [alike, fresh] = alike_.try_emplace(likeness_of(use), Alike{.rule = key_of(use)});
    alike->second.several |= alike->second.rule != key_of(use);
    alike->second.whole &= whole(use);
  }
}

std::uint32_t NftEdits::line_of(const Use& use) const {
  const NftListing::Place* const place = listing_.find(use.table, use.handle);
  return place == nullptr ? use.line : place->line;
}

bool NftEdits::is_sip(const Use& use) const {
  const auto helper = rules_.helpers.find(joined(use.table, use.helper));
  return helper != rules_.helpers.end() && helper->second.type == "sip";
}

Name NftEdits::key_of(const Use& use) {
  return joined(joined(use.table, use.chain), std::to_string(use.position));
}

Name NftEdits::likeness_of(const Use& use) {
  return joined(joined(use.table, use.chain), use.helper) + (use.mapped ? " by a map" : "");
}

bool NftEdits::whole(const Use& use) const {
  return use.alone && !others_.contains(key_of(use));
}

Edit NftEdits::edit(const Use& use, const Helper& helper, bool kept) {
  // A map may set several objects by one rule, which is changed once.
  const auto [known, fresh] = edited_.try_emplace(key_of(use));
  if (fresh) known->second = of_rule(use);
  // nft (1.0.6) takes no `delete ct helper` in a table of this name; without a rule the object does nothing.
  kept |= use.table.ends_with(" helpers");
  if (kept || !known->second.by_hand.empty() || use.handle.empty() || helper.handle.empty()) return known->second;
  Edit edit = fresh ? known->second : Edit();
  const std::size_t blank = use.table.find(' ');
  const std::string name = shell_word(use.table.substr(0, blank)) + " " +
                           shell_word(Bytes(use.table).substr(blank + 1)) + " " + shell_word(use.helper);
  edit.fix.push_back("nft delete ct helper " + name);
  std::string body = "{ type \"sip\" protocol " + std::string(helper.protocol) + "; ";
  if (!helper.l3.empty()) body += "l3proto " + std::string(helper.l3) + "; ";
  edit.undo.insert(edit.undo.begin(), "nft add ct helper " + name + " " + shell_word(body + "}"));
  if (fresh) known->second = edit;
  return edit;
}

Edit NftEdits::of_rule(const Use& use) {
  const std::string text = text_of(use);
  Edit edit = use.handle.empty() ? without_handle(use) : with_handle(use, text);
  if (!edit.undo.empty() && masked(text) != text) edit.undo = {std::string(kFromBackup)};
  return edit;
}

Edit NftEdits::with_handle(const Use& use, const std::string& text) {
  if (!std::ranges::all_of(use.handle, [](char c) { return base::kDigits.contains(c); }))
    return by_hand("the handle of this rule is no number");
  const std::string rest = without_sip(use, text);
  const std::string chain = chain_of(use);
  const std::string place = joined(use.table, use.chain);
  const std::size_t position = use.position - deleted_[place];
  if (!rest.empty()) {
    // What replaces a rule has a handle of its own.
    return {.fix = {"nft replace rule " + chain + " handle " + use.handle + " " + shell_word(rest)},
            .undo = {"nft replace rule " + chain + " handle " + handle_at(chain, position) + " " + shell_word(text)}};
  }
  if (!whole(use)) return by_hand("the rule with handle " + use.handle + " does more than set this helper");
  ++deleted_[place];
  Edit edit{.fix = {"nft delete rule " + chain + " handle " + use.handle}};
  if (text.empty())
    edit.undo = {std::string(kFromBackup)};
  else if (mixed_.contains(place))  // `before` leaves out rules that set other helpers
    edit.undo = {put_back(chain, position, text)};
  else
    edit.undo = {"nft " +
                 (use.before.empty() ? "insert rule " + chain : "add rule " + chain + " handle " + use.before) + " " +
                 shell_word(text)};
  return edit;
}

/// A file for nft has no handles: they are asked for when the rule is deleted.
Edit NftEdits::without_handle(const Use& use) {
  const std::string chain = use.table + " " + std::string(use.chain);
  if (!plain(chain + std::string(use.helper))) return by_hand("the names in this rule are more than words");
  const bool all = whole(use);
  if (use.mapped && text_.line(use.line).find('@') != Bytes::npos)
    return by_hand("the map that this rule takes the helper from has a name and stands elsewhere");
  // What finds this rule finds those that are like it.
  if (const Alike& alike = alike_.at(likeness_of(use)); alike.several && !alike.whole)
    return by_hand("several rules of this chain set this helper, and some of them do more");
  const std::string text = text_of(use);
  const std::string rest = all ? std::string() : without_sip(use, text);
  if (!all && (rest.empty() || rest.find_first_of("/\\&'\n") != std::string::npos))
    return by_hand("the rule does more than set this helper");
  const std::string set = use.mapped ? "ct helper set [a-z]* dport map {[^}]*\"" + std::string(use.helper) + "\"[^}]*}"
                                     : "ct helper set \"" + std::string(use.helper) + "\"";
  const std::string change =
      all ? "delete rule " + chain + " handle \\1" : "replace rule " + chain + " handle \\1 " + rest;
  const std::size_t position = use.position - deleted_[joined(use.table, use.chain)];
  if (all) ++deleted_[joined(use.table, use.chain)];
  Edit edit{.fix = {"nft -a list chain " + chain + " | sed -n 's/.*" + set + ".* # handle \\([0-9]*\\)/" + change +
                    "/p' | nft -f -"}};
  if (text.empty())
    edit.undo = {std::string(kFromBackup)};
  else if (all)
    edit.undo = {put_back(chain, position, text)};
  else
    edit.undo = {"nft replace rule " + chain + " handle " + handle_at(chain, position) + " " + shell_word(text)};
  return edit;
}

std::string NftEdits::text_of(const Use& use) const {
  if (const NftListing::Place* const place = listing_.find(use.table, use.handle); place != nullptr) return place->rule;
  if (!use.handle.empty()) return {};
  Bytes line = base::trim(text_.line(use.line));
  if (line.starts_with("nft ")) line.remove_prefix(4);
  const std::string added = "add rule " + use.table + " " + std::string(use.chain) + " ";
  if (line.starts_with(added)) line.remove_prefix(added.size());
  const Bytes first = line.substr(0, line.find(' '));
  // Variables are known to the file alone, and what stands with others on a line is not told from them.
  const bool whole = line.find("ct helper set ") != Bytes::npos && line.find_first_of(";#\\$") == Bytes::npos &&
                     closes_what_it_opens(line) && first != "add" && first != "insert" && first != "chain" &&
                     first != "table";
  return whole ? std::string(line) : std::string();
}

std::string NftEdits::without_sip(const Use& use, const std::string& rule) const {
  constexpr Bytes kSet = "ct helper set ";
  const std::size_t set = rule.find(kSet);
  if (set == std::string::npos) return {};
  if (!use.mapped) {
    const std::size_t end = std::min(rule.find(' ', set + kSet.size()), rule.size());
    const Bytes before = base::trim(Bytes(rule).substr(0, set));
    const Bytes behind = base::trim(Bytes(rule).substr(end));
    if (use.alone) return {};
    return std::string(before) + (before.empty() || behind.empty() ? "" : " ") + std::string(behind);
  }
  const std::size_t open = rule.find('{', set);
  const std::size_t close = rule.find('}', set);
  if (open == std::string::npos || close == std::string::npos || close < open) return {};
  std::string rest;
  Bytes elements = Bytes(rule).substr(open + 1, close - open - 1);
  while (!elements.empty()) {
    const std::size_t end = std::min(elements.find(','), elements.size());
    const Bytes element = base::trim(elements.substr(0, end));
    elements.remove_prefix(std::min(end + 1, elements.size()));
    const std::size_t colon = element.rfind(':');
    if (colon == Bytes::npos) return {};
    Bytes helper = base::trim(element.substr(colon + 1));
    if (helper.size() > 1 && helper.starts_with('"') && helper.ends_with('"'))
      helper = helper.substr(1, helper.size() - 2);
    const auto known = rules_.helpers.find(joined(use.table, helper));
    if (known == rules_.helpers.end()) return {};
    if (known->second.type != "sip") rest += (rest.empty() ? " " : ", ") + std::string(element);
  }
  return rest.empty() ? std::string() : rule.substr(0, open + 1) + rest + " " + rule.substr(close);
}

}  // namespace viaduct::audit::products
