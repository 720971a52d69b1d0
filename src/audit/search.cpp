// SPDX-License-Identifier: GPL-2.0-or-later
#include "audit/catalogue.hpp"
#include "base/nearest.hpp"
#include "base/text.hpp"

#include <algorithm>

namespace viaduct::audit {
namespace {

/// Letters and digits in lower case, all else a blank: "FRITZ!Box 7590" is "fritz box 7590".
[[nodiscard]] std::string plain(Bytes text) {
  std::string words;
  for (const char c : text) {
    if (base::kAlphanum.contains(c))
      words += base::to_lower(c);
    else if (!words.empty() && words.back() != ' ')
      words += ' ';
  }
  while (words.ends_with(' ')) words.pop_back();
  return words;
}

[[nodiscard]] std::string joined(std::string words) {
  std::erase(words, ' ');
  return words;
}

[[nodiscard]] std::vector<std::string> words_of(const std::string& plain) {
  std::vector<std::string> words;
  for (std::size_t at = 0; at < plain.size();) {
    const std::size_t end = std::min(plain.find(' ', at), plain.size());
    words.push_back(plain.substr(at, end - at));
    at = end + 1;
  }
  return words;
}

/// Names under which a product is known.
[[nodiscard]] std::vector<std::string> names_of(const Product& product) {
  std::vector<std::string> names{plain(product.id), plain(product.vendor), plain(product.family)};
  for (const std::string& alias : product.aliases) names.push_back(plain(alias));
  return names;
}

/// "fritz box 7590", "fritzbox7590" and "speedportsmart" begin with a name; "digitalisierungsbox" does not with "digi":
/// what is as short may be the begin of any word.
[[nodiscard]] bool begins_with_name(const std::string& typed, const std::string& known) {
  constexpr std::size_t kShort = 4;
  std::size_t at = 0;
  for (const char c : known) {
    if (at < typed.size() && typed[at] == ' ') ++at;
    if (at == typed.size() || typed[at] != c) return false;
    ++at;
  }
  const bool word_ends = at == typed.size() || !base::kAlpha.contains(typed[at]);
  return known.size() > kShort || word_ends;
}

/// 0: nothing in common. What is typed as a whole counts most, then its words, then what is spelt nearly so.
[[nodiscard]] int score(const Product& product, const std::string& typed, const std::vector<std::string>& words) {
  int best = 0;
  const std::string whole = joined(typed);
  std::string all;
  for (const std::string& name : names_of(product)) {
    const std::string known = joined(name);
    if (known == whole)
      best = std::max(best, 100);
    else if (known.size() >= 3 && begins_with_name(typed, known))
      best = std::max(best, 60 + static_cast<int>(std::min<std::size_t>(known.size(), 30)));
    else if (whole.size() >= 3 && known.find(whole) != std::string::npos)
      best = std::max(best, 50);
    else if (whole.size() >= 5 && base::edit_distance(whole, known) <= whole.size() / 5)
      best = std::max(best, 40);
    all += " " + name + " ";
  }
  const auto found = std::ranges::count_if(words, [&](const std::string& word) {
    return word.size() >= 2 && all.find(" " + word + " ") != std::string::npos;
  });
  if (found > 0) best = std::max(best, 30 + static_cast<int>(20 * static_cast<std::size_t>(found) / words.size()));
  return best;
}

}  // namespace

std::vector<const Product*> Catalogue::search(Bytes words) const {
  struct Hit {
    const Product* product = nullptr;
    int score = 0;
  };
  const std::string typed = plain(words);
  const std::vector<std::string> parts = words_of(typed);
  std::vector<Hit> hits;
  for (const Product& product : products_) {
    const int points = typed.empty() ? 1 : score(product, typed, parts);
    if (points > 0) hits.push_back({.product = &product, .score = points});
  }
  std::ranges::stable_sort(hits, std::ranges::greater(), &Hit::score);
  std::vector<const Product*> found(hits.size());
  std::ranges::transform(hits, found.begin(), &Hit::product);
  return found;
}

}  // namespace viaduct::audit
