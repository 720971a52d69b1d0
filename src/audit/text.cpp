// SPDX-License-Identifier: GPL-2.0-or-later
#include "audit/text.hpp"

#include "audit/terminal.hpp"
#include "base/text.hpp"

#include <algorithm>
#include <array>

namespace viaduct::audit {
namespace {

struct Seal {
  Bytes begins;
  Bytes product;
  Bytes maker;
};

/// How files begin that only their device can open.
constexpr std::array kSeals{
    Seal{"#FGBK|", "fortinet-fortios", "an encrypted FortiOS backup; export it again without a password"},
    Seal{"Salted__", "", "encrypted with OpenSSL and a password"},
    Seal{"\x88\xac\xa1\xb1", "mikrotik-routeros", "a RouterOS backup, which is binary; `/export` writes text"},
    Seal{"\xef\xa8\x91\x72", "mikrotik-routeros", "an encrypted RouterOS backup; `/export` writes text"},
    Seal{"---- BEGIN config.xml ----\nVersion: OPNsense", "opnsense",
         "an encrypted OPNsense backup; export it again without encryption"},
    Seal{"---- BEGIN config.xml ----", "pfsense", "an encrypted pfSense backup; export it again without encryption"},
    Seal{"-----BEGIN PGP MESSAGE-----", "", "an encrypted message (PGP), not a configuration"},
};
/// What is a line of base64 with two ampersands behind it.
constexpr Seal kSonicWall{"", "sonicwall-sonicos", "a SonicWall settings export in base64"};

constexpr std::size_t kLongLine = 65536;

[[nodiscard]] bool sonicwall(Bytes octets) {
  while (octets.ends_with('\n') || octets.ends_with('\r')) octets.remove_suffix(1);
  constexpr std::size_t kLeast = 64;
  if (octets.size() < kLeast || !octets.ends_with("&&")) return false;
  octets.remove_suffix(2);
  return std::ranges::all_of(octets,
                             [](char c) { return base::kAlphanum.contains(c) || c == '+' || c == '/' || c == '='; });
}

[[nodiscard]] const Seal* seal_of(Bytes octets) {
  const auto* const seal =
      std::ranges::find_if(kSeals, [&](const Seal& each) { return octets.starts_with(each.begins); });
  if (seal != kSeals.end()) return seal;
  return sonicwall(octets) ? &kSonicWall : nullptr;
}

/// Up to the first empty line: plain text even in what is encrypted behind it.
[[nodiscard]] std::string head_of(const std::string& octets) {
  const std::size_t end = octets.find("\n\n");
  return octets.starts_with("----") && end != std::string::npos ? octets.substr(0, end + 1) : std::string();
}

void append_utf8(std::string& to, char32_t c) {
  if (c < 0x80) {
    to += static_cast<char>(c);
  } else if (c < 0x800) {
    to += static_cast<char>(0xc0 | (c >> 6));
    to += static_cast<char>(0x80 | (c & 0x3f));
  } else if (c < 0x10000) {
    to += static_cast<char>(0xe0 | (c >> 12));
    to += static_cast<char>(0x80 | ((c >> 6) & 0x3f));
    to += static_cast<char>(0x80 | (c & 0x3f));
  } else {
    to += static_cast<char>(0xf0 | (c >> 18));
    to += static_cast<char>(0x80 | ((c >> 12) & 0x3f));
    to += static_cast<char>(0x80 | ((c >> 6) & 0x3f));
    to += static_cast<char>(0x80 | (c & 0x3f));
  }
}

[[nodiscard]] std::string from_utf16(Bytes octets, bool big) {
  const auto unit = [&](std::size_t at) -> char32_t {
    const auto high = static_cast<unsigned char>(octets[at + (big ? 0 : 1)]);
    const auto low = static_cast<unsigned char>(octets[at + (big ? 1 : 0)]);
    return static_cast<char32_t>(high << 8 | low);
  };
  std::string text;
  for (std::size_t at = 2; at + 1 < octets.size(); at += 2) {
    char32_t c = unit(at);
    if (c >= 0xd800 && c < 0xdc00 && at + 3 < octets.size() && unit(at + 2) >= 0xdc00 && unit(at + 2) < 0xe000) {
      c = 0x10000 + ((c - 0xd800) << 10) + (unit(at + 2) - 0xdc00);
      at += 2;
    } else if (c >= 0xd800 && c < 0xe000) {
      c = 0xfffd;
    }
    append_utf8(text, c);
  }
  return text;
}

/// One character in ten that no text has is too many. Octets above 127 are any language's letters.
[[nodiscard]] bool binary(Bytes octets) {
  const Bytes head = octets.substr(0, 65536);
  const auto odd = std::ranges::count_if(head, [](char c) {
    const auto octet = static_cast<unsigned char>(c);
    return octet < 9 || (octet > 13 && octet < 32 && octet != 27) || octet == 127;
  });
  return static_cast<std::size_t>(odd) * 10 > head.size();
}

/// Octets that no text has become blanks, in place. Whether there were any such.
bool blank_out(std::string& octets) {
  bool odd = false;
  for (char& c : octets) {
    if (c != '\0' && c != '\xfe' && c != '\xff') continue;
    c = ' ';
    odd = true;
  }
  return odd;
}

}  // namespace

Text Text::read(std::string name, std::string octets) {
  Text text;
  text.name_ = std::move(name);
  if (const Seal* const seal = seal_of(octets); seal != nullptr) {
    text.kind_ = Kind::sealed;
    text.maker_ = seal->maker;
    text.product_ = seal->product;
    text.octets_ = head_of(octets);
    text.count_lines();
    return text;
  }
  if (octets.starts_with("\xff\xfe") || octets.starts_with("\xfe\xff"))
    octets = from_utf16(octets, octets[0] == '\xfe');
  else if (octets.starts_with("\xef\xbb\xbf"))
    octets.erase(0, 3);
  if (binary(octets)) {
    text.kind_ = Kind::binary;
    return text;
  }
  if (blank_out(octets)) text.notes_.emplace_back("the file holds octets that are not text; they were skipped");
  Screen screen = played(octets);
  text.octets_ = std::move(screen.text);
  if (!screen.guessed.empty())
    text.doubts_.push_back(
        "line " + std::to_string(screen.guessed.front()) +
        ": a terminal's prompt to page (More) stood here, and how far the line stood in is lost; record the session "
        "without paging");
  if (text.octets_.find_first_not_of(" \t\n\f\v") == std::string::npos) text.kind_ = Kind::empty;
  text.count_lines();
  text.look_at_lines();
  return text;
}

void Text::count_lines() {
  for (std::size_t start = 0; start < octets_.size();) {
    starts_.push_back(static_cast<std::uint32_t>(start));
    const std::size_t end = octets_.find('\n', start);
    if (end == std::string::npos) break;
    start = end + 1;
  }
}

void Text::look_at_lines() {
  const bool control = std::ranges::any_of(octets_, [](char c) {
    const auto octet = static_cast<unsigned char>(c);
    return octet < 9 || (octet > 13 && octet < 32) || octet == 127;
  });
  if (control) notes_.emplace_back("the text holds control characters; they are not printed");
  std::size_t longest = 0;
  for (const std::uint32_t number : numbers()) longest = std::max(longest, line(number).size());
  if (longest > kLongLine)
    notes_.push_back("a line of " + std::to_string(longest) + " octets was cut short in what is shown");
}

Bytes Text::line(std::uint32_t number) const {
  if (number < first() || number > last()) return {};
  const std::size_t index = number - first();
  const std::size_t start = starts_[index];
  const std::size_t end = number < last() ? starts_[index + 1] - 1U : octets_.size();
  Bytes line = Bytes(octets_).substr(start, end - start);
  if (line.ends_with('\n')) line.remove_suffix(1);
  return line;
}

Text Text::only(const std::vector<bool>& kept) const {
  Text part;
  part.name_ = name_;
  part.doubts_ = doubts_;
  part.before_ = before_;
  for (const std::uint32_t number : numbers()) {
    part.starts_.push_back(static_cast<std::uint32_t>(part.octets_.size()));
    if (number < kept.size() && kept[number]) part.octets_ += line(number);
    part.octets_ += '\n';
  }
  return part;
}

Text Text::between(std::uint32_t first, std::uint32_t behind) const {
  Text part;
  part.name_ = name_;
  part.doubts_ = doubts_;
  part.before_ = first - 1;
  const std::size_t begin = starts_[first - this->first()];
  const std::size_t end = behind <= last() ? starts_[behind - this->first()] : octets_.size();
  part.octets_ = octets_.substr(begin, end - begin);
  part.count_lines();
  return part;
}

std::uint32_t Text::line_of(std::size_t offset) const {
  const auto after = std::ranges::upper_bound(starts_, static_cast<std::uint32_t>(offset));
  return before_ + static_cast<std::uint32_t>(after - starts_.begin());
}

}  // namespace viaduct::audit
