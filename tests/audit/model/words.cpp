// SPDX-License-Identifier: GPL-2.0-or-later
#include "model.hpp"

#include <algorithm>

namespace viaduct::audit::model {

std::string_view trimmed(std::string_view line) {
  const std::size_t begin = line.find_first_not_of(" \t\r");
  return begin == std::string_view::npos ? std::string_view()
                                         : line.substr(begin, line.find_last_not_of(" \t\r") - begin + 1);
}

Lines words_of(std::string_view line) {
  Lines words;
  char quote = 0;
  bool open = false;
  for (const char c : line) {
    if (quote == 0 && (c == ' ' || c == '\t' || c == '\r')) {
      open = false;
      continue;
    }
    if (!open) words.emplace_back();
    open = true;
    if (quote == 0 && (c == '\'' || c == '"'))
      quote = c;
    else if (c == quote)
      quote = 0;
    else
      words.back() += c;
  }
  return words;
}

std::string joined(const Lines& words) {
  std::string line;
  for (const std::string& word : words) line += (line.empty() ? "" : " ") + word;
  return line;
}

bool same_timer(const Lines& a, const Lines& b, const Lines& above) {
  const auto time = [](const std::string& word) {
    return !word.empty() && word.find_first_not_of("0123456789:") == std::string::npos;
  };
  const auto named = [](const std::string& word) {
    return word.find("timeout") != std::string::npos || word == "idle-time";
  };
  if (a.size() < 2 || a.size() != b.size() || !time(a.back()) || !time(b.back())) return false;
  return std::equal(a.begin(), a.end() - 1, b.begin()) &&
         (std::any_of(a.begin(), a.end(), named) || std::any_of(above.begin(), above.end(), named));
}

}  // namespace viaduct::audit::model
