// SPDX-License-Identifier: GPL-2.0-or-later
#include "audit/sections.hpp"

#include "base/text.hpp"

#include <optional>

namespace viaduct::audit {
namespace {

/// What stands between `begin` and `end` on a line of nothing else.
[[nodiscard]] std::optional<Bytes> between(Bytes line, Bytes begin, Bytes end) {
  if (line.size() < begin.size() + end.size() || !line.starts_with(begin) || !line.ends_with(end)) return std::nullopt;
  return base::trim(line.substr(begin.size(), line.size() - begin.size() - end.size()));
}

/// `root@gw:~# COMMAND`
[[nodiscard]] std::optional<Section> prompt(Bytes line) {
  const std::size_t at = line.find('@');
  const std::size_t colon = line.find(':');
  const std::size_t sign = line.find_first_of("#$");
  if (at == Bytes::npos || at == 0 || colon == Bytes::npos || sign == Bytes::npos || at > colon || colon > sign)
    return std::nullopt;
  if (line.substr(0, sign).find_first_of(" \t'\"=<>") != Bytes::npos || sign + 1 >= line.size() ||
      line[sign + 1] != ' ')
    return std::nullopt;
  return Section{.title = base::trim(line.substr(sign + 1)), .host = line.substr(at + 1, colon - at - 1)};
}

[[nodiscard]] std::optional<Section> head_of(Bytes line) {
  if (const std::optional<Bytes> file = between(line, "==> ", " <=="); file) return Section{.title = *file};
  if (const std::optional<Bytes> file = between(line, "==== ", " ===="); file) return Section{.title = *file};
  for (const Bytes begin : {Bytes("# #### File:"), Bytes("# #### Info:")})
    if (const std::optional<Bytes> file = between(line, begin, "#####"); file) return Section{.title = *file};
  for (const Bytes begin : {Bytes("console> "), Bytes("> ")})
    if (line.starts_with(begin)) return Section{.title = base::trim(line.substr(begin.size()))};
  return prompt(line);
}

/// Whether a text begins with what root typed where the prompt is `#` alone: else such lines are comments.
[[nodiscard]] bool bare_prompts(const Text& text) {
  for (const Bytes command : {Bytes("# cat /etc/"), Bytes("# uci "), Bytes("# opkg "), Bytes("# ubus ")})
    if (text.line(1).starts_with(command)) return true;
  return false;
}

}  // namespace

std::vector<Section> sections_of(const Text& text) {
  const bool bare = bare_prompts(text);
  std::vector<Section> sections(1);
  for (std::uint32_t number = 1; number <= text.lines(); ++number) {
    std::optional<Section> section = head_of(text.line(number));
    if (bare && !section && text.line(number).starts_with("# ")) section = Section{.title = base::trim(text.line(number).substr(2))};
    if (section) {
      section->head = number;
      section->first = number + 1;
      section->last = number;
      sections.push_back(*section);
    } else {
      sections.back().last = number;
    }
  }
  return sections;
}

}  // namespace viaduct::audit
