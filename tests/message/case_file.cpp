// SPDX-License-Identifier: GPL-2.0-or-later
#include "case_file.hpp"

#include "base/text.hpp"
#include "message/reading.hpp"
#include "message/report.hpp"

#include <nlohmann/json.hpp>

#include <algorithm>
#include <fstream>
#include <optional>
#include <sstream>

namespace viaduct::cases {
namespace {

[[nodiscard]] std::optional<unsigned> hex_digit(char c) {
  const base::Bytes digits = "0123456789abcdef";
  const std::size_t value = digits.find(base::to_lower(c));
  return value == base::Bytes::npos ? std::nullopt : std::optional<unsigned>(static_cast<unsigned>(value));
}

/// {0d 0a}: octets in hexadecimal.
[[nodiscard]] bool decode_hex(base::Bytes escape, std::string& octets) {
  while (true) {
    if (escape.size() < 2) return false;
    const std::optional<unsigned> high = hex_digit(escape[0]);
    const std::optional<unsigned> low = hex_digit(escape[1]);
    if (!high || !low) return false;
    octets += static_cast<char>(*high << 4 | *low);
    escape.remove_prefix(2);
    if (escape.empty()) return true;
    if (escape[0] != ' ') return false;
    escape.remove_prefix(1);
  }
}

/// {*20 text}: the text behind the blank, twenty times.
[[nodiscard]] bool decode_repeat(base::Bytes escape, std::string& octets) {
  const std::size_t blank = escape.find(' ');
  if (blank == base::Bytes::npos) return false;
  const std::optional<std::uint32_t> times = base::parse_decimal(escape.substr(1, blank - 1));
  if (!times) return false;
  for (std::uint32_t i = 0; i < *times; ++i) octets += escape.substr(blank + 1);
  return true;
}

/// The lines between "~~~ name" and "~~~"; nullopt if there is no such block.
struct Block {
  std::size_t begin;
  std::size_t end;
};
[[nodiscard]] std::optional<Block> find_block(base::Bytes text, const std::string& name) {
  const std::string head = "\n~~~ " + name + "\n";
  const std::size_t at = text.find(head);
  if (at == base::Bytes::npos) return std::nullopt;
  const std::size_t begin = at + head.size();
  // An empty block closes at once; else the closing line follows a line end.
  const std::size_t end = text.find("\n~~~\n", begin - 1);
  if (end == base::Bytes::npos) return std::nullopt;
  return Block{begin, end + 1};
}

[[nodiscard]] message::Reading read(const CaseFile& file) {
  return message::read(file.path.stem().string(), file.octets);
}

void replace_block(std::string& text, const std::string& name, const std::string& content) {
  if (const std::optional<Block> block = find_block(text, name))
    text.replace(block->begin, block->end - block->begin, content);
}

}  // namespace

bool decode_line(base::Bytes line, std::string& octets) {
  bool line_end = true;
  while (!line.empty()) {
    const std::size_t brace = std::min(line.find('{'), line.size());
    octets += line.substr(0, brace);
    line.remove_prefix(brace);
    if (line.empty()) break;
    if (line.starts_with("{{")) {
      octets += '{';
      line.remove_prefix(2);
      continue;
    }
    const std::size_t close = line.find('}');
    if (close == base::Bytes::npos) return false;
    const base::Bytes escape = line.substr(1, close - 1);
    line.remove_prefix(close + 1);
    if (escape == "-") {
      line_end = false;
      if (!line.empty()) return false;
    } else if (escape.starts_with("*")) {
      if (!decode_repeat(escape, octets)) return false;
    } else if (!decode_hex(escape, octets)) {
      return false;
    }
  }
  if (line_end) octets += "\r\n";
  return true;
}

CaseFile load(const std::filesystem::path& path) {
  CaseFile file;
  file.path = path;
  std::ifstream stream(path, std::ios::binary);
  std::ostringstream all;
  all << stream.rdbuf();
  file.text = all.str();
  const std::optional<Block> sip = find_block(file.text, "sip");
  const std::optional<Block> expected = find_block(file.text, "expected");
  if (!sip || !expected) {
    file.error = "needs a block '~~~ sip' and a block '~~~ expected'";
    return file;
  }
  base::Bytes lines = base::Bytes(file.text).substr(sip->begin, sip->end - sip->begin);
  for (std::size_t number = 1; !lines.empty(); ++number) {
    const std::size_t end = lines.find('\n');
    if (!decode_line(lines.substr(0, end), file.octets))
      file.error = "line " + std::to_string(number) + " of the sip block has an escape that cannot be read";
    lines.remove_prefix(end + 1);
  }
  file.expected = file.text.substr(expected->begin, expected->end - expected->begin);
  if (const std::optional<Block> json = find_block(file.text, "json"))
    file.json = file.text.substr(json->begin, json->end - json->begin);
  return file;
}

std::vector<std::filesystem::path> find_cases(const std::filesystem::path& folder) {
  std::vector<std::filesystem::path> found;
  for (const std::filesystem::directory_entry& entry : std::filesystem::recursive_directory_iterator(folder))
    if (entry.path().extension() == ".md" && entry.path().filename() != "README.md") found.push_back(entry.path());
  std::sort(found.begin(), found.end());
  return found;
}

std::string actual_text(const CaseFile& file) {
  return message::to_text(read(file), false);
}

std::string actual_json(const CaseFile& file) {
  return message::to_json(read(file)).dump(2) + "\n";
}

std::string rewritten(const CaseFile& file) {
  std::string text = file.text;
  replace_block(text, "expected", actual_text(file));
  replace_block(text, "json", actual_json(file));
  return text;
}

}  // namespace viaduct::cases
