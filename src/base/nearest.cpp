// SPDX-License-Identifier: GPL-2.0-or-later
#include "base/nearest.hpp"

#include "base/text.hpp"

#include <algorithm>
#include <string>
#include <vector>

namespace viaduct::base {

std::size_t edit_distance(Bytes a, Bytes b) {
  // Optimal string alignment: three rows of the Levenshtein table, and neighbours may be swapped once.
  std::vector<std::size_t> before(b.size() + 1), previous(b.size() + 1), row(b.size() + 1);
  for (std::size_t j = 0; j <= b.size(); ++j) previous[j] = j;
  for (std::size_t i = 1; i <= a.size(); ++i) {
    row[0] = i;
    for (std::size_t j = 1; j <= b.size(); ++j) {
      std::size_t replaced = previous[j - 1] + (a[i - 1] == b[j - 1] ? 0 : 1);
      row[j] = std::min({previous[j] + 1, row[j - 1] + 1, replaced});
      if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1]) row[j] = std::min(row[j], before[j - 2] + 1);
    }
    before.swap(previous);
    previous.swap(row);
  }
  return previous[b.size()];
}

Bytes nearest(Bytes word, std::span<const Bytes> candidates) {
  Bytes best;
  // A longer word than anybody would type is no typing error.
  std::size_t limit = std::min<std::size_t>(3, word.size() / 3 + 1) + 1;
  if (word.size() > 64) return best;
  std::string lower(word);
  for (char& c : lower) c = to_lower(c);
  for (Bytes candidate : candidates) {
    std::size_t distance = edit_distance(lower, candidate);
    if (distance < limit && distance * 2 < std::max(word.size(), candidate.size())) {
      limit = distance;
      best = candidate;
    }
  }
  return best;
}

}  // namespace viaduct::base
