// SPDX-License-Identifier: GPL-2.0-or-later
#include "audit/syntax/syntax.hpp"

#include <algorithm>
#include <array>

namespace viaduct::audit::syntax {
namespace {

constexpr Bytes kBlanks = " \t\r\f\v";

[[nodiscard]] Bytes trimmed(Bytes line) {
  const std::size_t begin = line.find_first_not_of(kBlanks);
  return begin == Bytes::npos ? Bytes() : line.substr(begin, line.find_last_not_of(kBlanks) - begin + 1);
}

[[nodiscard]] bool is_command(Bytes line) {
  constexpr std::array<Bytes, 4> kVerbs{"set ", "delete ", "activate ", "deactivate "};
  // A route map of VyOS has a block of this name.
  return !line.ends_with('{') && std::ranges::any_of(kVerbs, [&](Bytes verb) { return line.starts_with(verb); });
}

/// "{primary:node0}" is how Junos greets.
[[nodiscard]] bool begins_json(Bytes line) {
  if (!line.starts_with('{')) return false;
  const Bytes rest = trimmed(line.substr(1));
  return rest.empty() || rest.front() == '"';
}

}  // namespace

void hierarchy(const Text& text, Tree& tree) {
  for (const std::uint32_t number : text.numbers()) {
    const Bytes line = trimmed(text.line(number));
    // Comments may hold what looks like either form, and prompts may stand before both.
    if (line.starts_with('#') || line.starts_with("//") || line.starts_with("/*")) continue;
    if (begins_json(line)) return json(text, tree);
    if (is_command(line)) return set_lines(text, tree);
    if (line.ends_with('{')) break;
  }
  braces(text, tree);
}

}  // namespace viaduct::audit::syntax
