// SPDX-License-Identifier: GPL-2.0-or-later
#include "viaduct-gateway/config_diagnostics.hpp"

#include <algorithm>

namespace viaduct::gateway {
namespace {

constexpr std::size_t kWindow = 100;  // characters of a line that are shown

bool starts_character(char c) {
  return (static_cast<unsigned char>(c) & 0xc0) != 0x80;  // not a UTF-8 continuation octet
}

/// Octet offset of character `index` (from 0); the size of the line when it is shorter.
std::size_t offset_of(base::Bytes line, std::size_t index) {
  std::size_t at = 0;
  for (; at < line.size(); ++at)
    if (starts_character(line[at]) && index-- == 0) break;
  return at;
}

base::Bytes line_at(base::Bytes text, std::uint32_t number) {
  for (; number > 1; --number) {
    std::size_t end = text.find('\n');
    if (end == base::Bytes::npos) return {};
    text.remove_prefix(end + 1);
  }
  base::Bytes line = text.substr(0, text.find('\n'));
  if (line.ends_with('\r')) line.remove_suffix(1);
  return line;
}

/// Control characters of a hostile or binary file must not reach a terminal; each becomes one other character.
std::string printable(base::Bytes text) {
  std::string out;
  for (std::size_t i = 0; i < text.size(); ++i) {
    unsigned char c = static_cast<unsigned char>(text[i]);
    unsigned char next = i + 1 < text.size() ? static_cast<unsigned char>(text[i + 1]) : 0;
    if (c == 0xc2 && next >= 0x80 && next < 0xa0) {  // C1 controls, among them CSI
      out += ' ';
      ++i;
    } else {
      out += c < 0x20 || c == 0x7f ? ' ' : text[i];
    }
  }
  return out;
}

}  // namespace

void Diagnostics::add(Place place, std::string message, std::string hint) {
  problems_.push_back({place, std::move(message), std::move(hint)});
}

std::string Diagnostics::excerpt(const Place& place) const {
  base::Bytes line = line_at(text_, place.line);
  std::size_t column = place.column - 1;
  std::size_t skipped = column > kWindow - 20 ? column - 20 : 0;
  line.remove_prefix(offset_of(line, skipped));
  bool cut = offset_of(line, kWindow) < line.size();
  line = line.substr(0, offset_of(line, kWindow));
  std::size_t shown = static_cast<std::size_t>(std::count_if(line.begin(), line.end(), starts_character));
  std::size_t before = column - skipped;
  std::size_t width = std::max<std::size_t>(1, std::min<std::size_t>(place.width, shown > before ? shown - before : 1));
  std::string lead = skipped > 0 ? "..." : "";
  return "    " + lead + printable(line) + (cut ? "..." : "") + "\n    " + std::string(lead.size() + before, ' ') +
         "^" + std::string(width - 1, '~') + "\n";
}

std::string Diagnostics::to_text() const {
  std::vector<const Problem*> sorted;
  sorted.reserve(problems_.size());
  for (const Problem& problem : problems_) sorted.push_back(&problem);
  std::stable_sort(sorted.begin(), sorted.end(), [](const Problem* a, const Problem* b) {
    return a->place.line != b->place.line ? a->place.line < b->place.line : a->place.column < b->place.column;
  });
  std::string out;
  for (const Problem* problem : sorted) {
    out += name_ + ":" + std::to_string(problem->place.line) + ":" + std::to_string(problem->place.column) + ": " +
           printable(problem->message) + "\n" + excerpt(problem->place);
    if (!problem->hint.empty()) out += "    " + printable(problem->hint) + "\n";
  }
  return out;
}

}  // namespace viaduct::gateway
