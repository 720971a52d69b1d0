// SPDX-License-Identifier: GPL-2.0-or-later
#include "gateway/table.hpp"

#include "base/escape.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdint>
#include <cstdio>

namespace viaduct::client {
namespace {

std::string padded(const std::string& cell, std::size_t width, bool last) {
  std::size_t taken = base::columns(cell);
  return last || taken >= width ? cell : cell + std::string(width - taken, ' ');
}

std::string line(const std::vector<std::string>& cells, const std::vector<std::size_t>& widths) {
  std::string out;
  for (std::size_t i = 0; i < cells.size(); ++i)
    out += (i > 0 ? "  " : "") + padded(cells[i], widths[i], i + 1 == cells.size());
  out.erase(out.find_last_not_of(' ') + 1);
  return out;
}

}  // namespace

void Table::add(std::vector<std::string> cells) {
  for (std::string& cell : cells) cell = base::escape(cell);
  cells.resize(heading_.size());
  rows_.push_back(std::move(cells));
}

std::string Table::to_text(const Style& style, base::Bytes indent) const {
  std::vector<std::size_t> widths;
  widths.reserve(heading_.size());
  for (const std::string& head : heading_) widths.push_back(base::columns(head));
  for (const std::vector<std::string>& row : rows_)
    for (std::size_t i = 0; i < row.size(); ++i) widths[i] = std::max(widths[i], base::columns(row[i]));
  std::string out = std::string(indent) + style.strong + line(heading_, widths) + style.plain + "\n";
  for (const std::vector<std::string>& row : rows_) out += std::string(indent) + line(row, widths) + "\n";
  return out;
}

std::string duration_text(double seconds) {
  if (seconds < 0) seconds = 0;
  std::uint64_t left = static_cast<std::uint64_t>(seconds);
  struct Unit {
    const char* name;
    std::uint64_t length;
  };
  static constexpr std::array<Unit, 4> kUnits{{{"d", 86400}, {"h", 3600}, {"min", 60}, {"s", 1}}};
  for (std::size_t i = 0; i + 1 < kUnits.size(); ++i) {
    if (left < kUnits[i].length) continue;
    std::string text = std::to_string(left / kUnits[i].length) + " " + kUnits[i].name;
    std::uint64_t rest = left % kUnits[i].length / kUnits[i + 1].length;
    return rest == 0 ? text : text + " " + std::to_string(rest) + " " + kUnits[i + 1].name;
  }
  return std::to_string(left) + " s";
}

std::string size_text(double octets) {
  std::array<char, 32> text;
  std::snprintf(text.data(), text.size(), "%.1f MB", octets / 1e6);
  return text.data();
}

}  // namespace viaduct::client
