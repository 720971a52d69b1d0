// SPDX-License-Identifier: GPL-2.0-or-later
#include "base/escape.hpp"

#include <algorithm>
#include <array>
#include <cstdio>

namespace viaduct::base {
namespace {

struct Span {
  char32_t first;
  char32_t last;
};

template <std::size_t Size>
[[nodiscard]] bool within(const std::array<Span, Size>& spans, char32_t c) {
  return std::any_of(spans.begin(), spans.end(), [c](Span s) { return c >= s.first && c <= s.last; });
}

// Code points that change how the rest of the line looks, or cannot be seen at all: hostile in a log.
constexpr std::array<Span, 11> kUnsafe{{{0x80, 0x9f},
                                        {0xad, 0xad},
                                        {0x61c, 0x61c},
                                        {0x180b, 0x180e},
                                        {0x200b, 0x200f},
                                        {0x2028, 0x202e},
                                        {0x2060, 0x206f},
                                        {0xfe00, 0xfe0f},
                                        {0xfeff, 0xfeff},
                                        {0xfff9, 0xfffb},
                                        {0xe0000, 0x10ffff}}};

constexpr std::array<Span, 10> kWide{{{0x1100, 0x115f},
                                      {0x2e80, 0xa4cf},
                                      {0xac00, 0xd7a3},
                                      {0xf900, 0xfaff},
                                      {0xfe30, 0xfe6f},
                                      {0xff00, 0xff60},
                                      {0xffe0, 0xffe6},
                                      {0x1f300, 0x1f64f},
                                      {0x1f900, 0x1f9ff},
                                      {0x20000, 0x3fffd}}};

constexpr std::array<Span, 3> kCombining{{{0x300, 0x36f}, {0x1ab0, 0x1aff}, {0x20d0, 0x20ff}}};

[[nodiscard]] std::string formatted(const char* format, unsigned value) {
  std::array<char, 16> text;
  const int size = std::snprintf(text.data(), text.size(), format, value);
  return {text.data(), static_cast<std::size_t>(size)};
}

[[nodiscard]] std::string escape_octet(unsigned char octet) {
  switch (octet) {
    case '\r':
      return "\\r";
    case '\n':
      return "\\n";
    case '\t':
      return "\\t";
    default:
      return formatted("\\x%02x", octet);
  }
}

}  // namespace

CodePoint front_code_point(Bytes text) {
  if (text.empty()) return {};
  const unsigned char lead = static_cast<unsigned char>(text[0]);
  if (lead < 0x80) return {lead, 1};
  const std::size_t length = lead >= 0xf0 ? 4 : lead >= 0xe0 ? 3 : 2;
  if (lead < 0xc2 || lead > 0xf4 || text.size() < length) return {};
  char32_t value = lead & (0x7fU >> length);
  for (std::size_t i = 1; i < length; ++i) {
    const unsigned char next = static_cast<unsigned char>(text[i]);
    if ((next & 0xc0U) != 0x80) return {};
    value = value << 6 | (next & 0x3fU);
  }
  constexpr std::array<char32_t, 5> least{0, 0, 0x80, 0x800, 0x10000};
  const bool surrogate = value >= 0xd800 && value <= 0xdfff;
  if (value < least[length] || surrogate || value > 0x10ffff) return {};
  return {value, length};
}

std::string escape(Bytes octets) {
  std::string out;
  out.reserve(octets.size());
  while (!octets.empty()) {
    const CodePoint c = front_code_point(octets);
    const std::size_t length = std::max<std::size_t>(c.length, 1);
    if (c.length == 0 || c.value < 0x20 || c.value == 0x7f)
      out += escape_octet(static_cast<unsigned char>(octets[0]));
    else if (within(kUnsafe, c.value))
      out += formatted("\\u{%x}", static_cast<unsigned>(c.value));
    else
      out += octets.substr(0, length);
    octets.remove_prefix(length);
  }
  return out;
}

std::string show_trailing_blanks(std::string escaped) {
  const std::size_t last = escaped.find_last_not_of(' ');
  const std::size_t keep = last == std::string::npos ? 0 : last + 1;
  const std::size_t blanks = escaped.size() - keep;
  escaped.resize(keep);
  for (std::size_t i = 0; i < blanks; ++i) escaped += "\\x20";
  return escaped;
}

std::size_t columns(Bytes escaped) {
  std::size_t count = 0;
  while (!escaped.empty()) {
    const CodePoint c = front_code_point(escaped);
    count += within(kWide, c.value) ? 2 : within(kCombining, c.value) ? 0 : 1;
    escaped.remove_prefix(std::max<std::size_t>(c.length, 1));
  }
  return count;
}

std::string to_utf8(Bytes octets) {
  std::string out;
  out.reserve(octets.size());
  while (!octets.empty()) {
    const CodePoint c = front_code_point(octets);
    if (c.length == 0)
      out += "\xef\xbf\xbd";
    else
      out += octets.substr(0, c.length);
    octets.remove_prefix(std::max<std::size_t>(c.length, 1));
  }
  return out;
}

}  // namespace viaduct::base
