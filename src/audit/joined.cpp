// SPDX-License-Identifier: GPL-2.0-or-later
#include "audit/joined.hpp"

#include <algorithm>

namespace viaduct::audit {

std::string Joined::head(std::string_view file) {
  constexpr std::string_view kSettings = "/etc/config/";
  std::string head = "==> ";
  head.append(file).append(" <==\n");
  if (file.starts_with(kSettings)) head.append("package ").append(file.substr(kSettings.size())).append("\n");
  return head;
}

Joined::Joined(const Text& text, const std::vector<std::string>& files) {
  std::uint32_t number = text.first();
  for (const std::string& file : files) {
    const std::string whole = head(file);
    const Bytes first = Bytes(whole).substr(0, whole.find('\n'));
    while (number <= text.last() && text.line(number) != first) ++number;
    const auto more = static_cast<std::uint32_t>(std::ranges::count(whole, '\n') - 1);
    parts_.push_back({.file = file, .before = number + more});
  }
}

Place Joined::of(std::uint32_t line) const {
  const auto behind = std::ranges::upper_bound(parts_, line, std::ranges::less_equal(), &Part::before);
  if (line == 0 || behind == parts_.begin()) return {.line = line};
  return {.file = (behind - 1)->file, .line = line - (behind - 1)->before};
}

}  // namespace viaduct::audit
