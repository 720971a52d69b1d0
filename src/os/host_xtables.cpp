// SPDX-License-Identifier: GPL-2.0-or-later
#include "os/host_xtables.hpp"

#include <algorithm>
#include <set>

namespace viaduct::os {
namespace {

struct Variant {
  const char* program;       ///< changes rules
  const char* save;          ///< lists rules
  const char* plain;         ///< the same under its unversioned name
  const char* plain_save;    ///<
  const char* kernel_names;  ///< legacy: the file that lists existing tables
  bool ipv6;
};

constexpr Variant kNft[] = {
    {"iptables-nft", "iptables-nft-save", "iptables", "iptables-save", nullptr, false},
    {"ip6tables-nft", "ip6tables-nft-save", "ip6tables", "ip6tables-save", nullptr, true},
};
constexpr Variant kLegacy[] = {
    {"iptables-legacy", "iptables-legacy-save", "iptables", "iptables-save", "/proc/net/ip_tables_names", false},
    {"ip6tables-legacy", "ip6tables-legacy-save", "ip6tables", "ip6tables-save", "/proc/net/ip6_tables_names", true},
};

bool drops(const XtablesRule& rule) {
  std::string target = rule.value_of("-j");
  return target == "DROP" || target == "REJECT";
}

/// Asks one variant. The unversioned program is used only where the versioned one is missing, and only when its
/// output says that it is of the same kind.
void read_variant(Host& host, const Variant& variant, bool legacy, XtablesSet& into) {
  bool versioned = host.has_program(variant.save);
  std::string save = versioned ? variant.save : variant.plain_save;
  if (!versioned && !host.has_program(save)) {
    into.unreadable.push_back(variant.save);
    return;
  }
  Result<ProcessOutcome> outcome = host.run({save});
  if (!outcome || !outcome->ok()) {
    into.unreadable.push_back(save);
    return;
  }
  bool says_nft = outcome->output.find("(nf_tables)") != std::string::npos;
  if (!versioned && says_nft == legacy) {
    into.unreadable.push_back(variant.save);
    return;
  }
  Xtables found;
  found.program = versioned ? variant.program : variant.plain;
  found.ipv6 = variant.ipv6;
  found.legacy = legacy;
  parse_xtables(outcome->output, found);
  into.sets.push_back(std::move(found));
}

}  // namespace

std::string XtablesRule::value_of(std::string_view option) const {
  for (std::size_t i = 0; i + 1 < arguments.size(); ++i)
    if (arguments[i] == option) return arguments[i + 1];
  return {};
}

const XtablesChain* Xtables::chain(std::string_view table, std::string_view name) const {
  for (const XtablesChain& entry : chains)
    if (entry.table == table && entry.name == name) return &entry;
  return nullptr;
}

bool Xtables::can_drop(std::string_view table, std::string_view name) const {
  const XtablesChain* first = chain(table, name);
  if (first == nullptr) return false;
  if (first->policy == "DROP") return true;
  std::set<std::string> seen = {first->name};
  std::vector<std::string> open = {first->name};
  while (!open.empty()) {
    std::string next = open.back();
    open.pop_back();
    for (const XtablesRule& rule : rules) {
      if (rule.table != table || rule.chain != next) continue;
      if (drops(rule)) return true;
      for (const char* option : {"-j", "-g"}) {
        std::string target = rule.value_of(option);
        if (chain(table, target) != nullptr && seen.insert(target).second) open.push_back(target);
      }
    }
  }
  return false;
}

std::vector<std::string> split_words(std::string_view line) {
  std::vector<std::string> words;
  std::string word;
  bool quoted = false;
  bool inside = false;
  for (std::size_t i = 0; i < line.size(); ++i) {
    char c = line[i];
    if (c == '\\' && i + 1 < line.size()) {
      word += line[++i];
      inside = true;
    } else if (c == '"') {
      quoted = !quoted;
      inside = true;
    } else if (!quoted && (c == ' ' || c == '\t' || c == '\r')) {
      if (inside) words.push_back(std::move(word));
      word.clear();
      inside = false;
    } else {
      word += c;
      inside = true;
    }
  }
  if (inside) words.push_back(std::move(word));
  return words;
}

void parse_xtables(std::string_view text, Xtables& into) {
  std::string table;
  while (!text.empty()) {
    std::size_t end = std::min(text.find('\n'), text.size());
    std::string_view line = text.substr(0, end);
    text.remove_prefix(std::min(end + 1, text.size()));
    if (line.starts_with('*')) {
      table = line.substr(1);
    } else if (line.starts_with(':')) {
      std::vector<std::string> words = split_words(line.substr(1));
      if (words.size() >= 2) into.chains.push_back({table, words[0], words[1]});
    } else if (line.starts_with("-A ")) {
      std::vector<std::string> words = split_words(line);
      if (words.size() < 2) continue;
      into.rules.push_back({table, words[1], {words.begin() + 2, words.end()}, std::string(line)});
    }
  }
}

XtablesSet read_xtables(Host& host, bool nft_compat) {
  XtablesSet found;
  if (nft_compat)
    for (const Variant& variant : kNft) read_variant(host, variant, false, found);
  for (const Variant& variant : kLegacy) {
    Result<std::string> names = host.read(variant.kernel_names);
    if (names && !names->empty()) read_variant(host, variant, true, found);
  }
  return found;
}

}  // namespace viaduct::os
