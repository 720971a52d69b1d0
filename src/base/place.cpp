// SPDX-License-Identifier: GPL-2.0-or-later
#include "base/place.hpp"

#include "base/escape.hpp"

#include <algorithm>
#include <utility>

namespace viaduct::base {
namespace {

constexpr std::size_t kBefore = 60;  // octets shown before the place
constexpr std::size_t kAfter = 50;

/// Not inside a UTF-8 sequence: goes on to the next octet that can begin one.
[[nodiscard]] std::size_t at_character(Bytes text, std::size_t at) {
  while (at < text.size() && (static_cast<unsigned char>(text[at]) & 0xc0U) == 0x80) ++at;
  return at;
}

}  // namespace

Place place_of(Bytes octets, std::uint32_t offset) {
  const std::size_t target = std::min<std::size_t>(offset, octets.size());
  std::size_t begin = 0;
  std::uint32_t line = 1;
  for (std::size_t i = 0; i < target; ++i) {
    const bool pair = octets[i] == '\r' && i + 1 < octets.size() && octets[i + 1] == '\n';
    if (octets[i] != '\n' && (octets[i] != '\r' || pair)) continue;
    begin = i + 1;
    ++line;
  }
  const std::size_t end = std::min(octets.find_first_of("\r\n", begin), octets.size());
  return {line, static_cast<std::uint32_t>(target - begin + 1), between(begin, std::max(begin, end))};
}

Excerpt excerpt_of(Bytes octets, Range where) {
  const Place place = place_of(octets, where.offset);
  const Bytes line = place.text.of(octets);
  // A place on the line end itself is shown behind the last octet.
  const std::size_t at = std::min<std::size_t>(place.column - 1, line.size());
  const std::size_t begin = at > kBefore ? at_character(line, at - kBefore) : 0;
  const std::size_t end = line.size() - at > kAfter ? at_character(line, at + kAfter) : line.size();
  const std::size_t marked_end = std::clamp<std::size_t>(at + where.length, at, end);

  const std::string cut_before = begin > 0 ? "..." : "";
  const std::string cut_behind = end < line.size() ? "..." : "";
  std::string before = cut_before + escape(line.substr(begin, at - begin));
  std::string behind = escape(line.substr(at, end - at)) + cut_behind;
  std::string& last = behind.empty() ? before : behind;
  last = show_trailing_blanks(std::move(last));
  const std::size_t marked = columns(escape(line.substr(at, marked_end - at)));
  std::string marker(columns(before), ' ');
  marker += '^';
  if (marked > 1) marker.append(marked - 1, '~');
  return {before + behind, marker};
}

}  // namespace viaduct::base
