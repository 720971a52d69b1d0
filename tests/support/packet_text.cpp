// SPDX-License-Identifier: GPL-2.0-or-later
#include "support/packet_text.hpp"

#include "support/ipv4.hpp"

#include <algorithm>
#include <charconv>

namespace viaduct::cases {
namespace {

std::string escaped(base::Bytes octets) {
  constexpr char kHex[] = "0123456789abcdef";
  std::string text;
  for (std::size_t i = 0; i < octets.size(); ++i) {
    const auto octet = static_cast<std::uint8_t>(octets[i]);
    // A blank at the end of a line would not be seen.
    const bool hidden = octet == ' ' && i + 1 == octets.size();
    if (octet == '\\')
      text += "\\\\";
    else if (octet < 0x20 || octet > 0x7e || hidden)
      text += std::string("\\x") + kHex[octet >> 4] + kHex[octet & 15];
    else
      text += static_cast<char>(octet);
  }
  return text;
}

}  // namespace

std::vector<std::string> lines_of(base::Bytes octets) {
  std::vector<std::string> lines;
  while (!octets.empty()) {
    const std::size_t end = octets.find('\n');
    const base::Bytes line = octets.substr(0, end == base::Bytes::npos ? octets.size() : end + 1);
    octets.remove_prefix(line.size());
    if (line.ends_with("\r\n"))
      lines.push_back(escaped(line.substr(0, line.size() - 2)));
    else
      lines.push_back(escaped(line) + "\\");
  }
  return lines;
}

bool decode_line(base::Bytes line, std::string& octets) {
  while (!line.empty()) {
    if (line == "\\") return true;
    if (line.starts_with("\\\\")) {
      octets += '\\';
      line.remove_prefix(2);
    } else if (line.starts_with("\\x")) {
      unsigned value = 0;
      const base::Bytes digits = line.substr(2, 2);
      if (digits.size() != 2 ||
          std::from_chars(digits.data(), digits.data() + 2, value, 16).ptr != digits.data() + digits.size())
        return false;
      octets += static_cast<char>(value);
      line.remove_prefix(4);
    } else if (line[0] == '\\') {
      return false;
    } else {
      octets += line[0];
      line.remove_prefix(1);
    }
  }
  octets += "\r\n";
  return true;
}

std::string difference(base::Bytes before, base::Bytes after) {
  const std::vector<std::string> a = lines_of(before);
  const std::vector<std::string> b = lines_of(after);
  // Length of the longest common subsequence of what follows a[i] and b[j].
  std::vector<std::vector<std::size_t>> common(a.size() + 1, std::vector<std::size_t>(b.size() + 1));
  for (std::size_t i = a.size(); i-- > 0;)
    for (std::size_t j = b.size(); j-- > 0;)
      common[i][j] = a[i] == b[j] ? common[i + 1][j + 1] + 1 : std::max(common[i + 1][j], common[i][j + 1]);
  std::string text;
  const auto put = [&text](base::Bytes mark, const std::string& line) {
    // No blanks at the end of an empty line.
    text += std::string(line.empty() ? mark.substr(0, mark.find(' ')) : mark) + line + "\n";
  };
  std::size_t i = 0;
  std::size_t j = 0;
  while (i < a.size() || j < b.size()) {
    if (i < a.size() && j < b.size() && a[i] == b[j]) {
      put("  ", a[i++]);
      ++j;
    } else if (i < a.size() && (j == b.size() || common[i + 1][j] >= common[i][j + 1])) {
      put("- ", a[i++]);
    } else {
      put("+ ", b[j++]);
    }
  }
  return text;
}

std::string rtp_packet(std::uint16_t number) {
  return std::string("\x80\0", 2) + support::be16(number) + support::be32(number * 160U) + support::be32(0x5eed) +
         std::string(160, '\xff');
}

std::string rtp_name(base::Bytes payload) {
  if (payload.size() < 4) return {};
  const auto number = static_cast<std::uint16_t>(support::get16(payload, 2));
  return payload == rtp_packet(number) ? "rtp " + std::to_string(number) : std::string();
}

}  // namespace viaduct::cases
