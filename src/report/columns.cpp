// SPDX-License-Identifier: GPL-2.0-or-later
#include "report/columns.hpp"

#include "base/escape.hpp"

#include <algorithm>
#include <numeric>
#include <utility>

namespace viaduct::report {
namespace {

constexpr std::size_t kLeast = 8;  // a column that gives way keeps so much
constexpr std::size_t kBetween = 2;

}  // namespace

std::string fitted(base::Bytes escaped, std::size_t width) {
  if (base::columns(escaped) <= width) return std::string(escaped);
  constexpr base::Bytes kCut = "...";
  const std::size_t room = width > kCut.size() ? width - kCut.size() : 0;
  std::size_t taken = 0;
  std::size_t used = 0;
  while (taken < escaped.size()) {
    const std::size_t length = std::max<std::size_t>(base::front_code_point(escaped.substr(taken)).length, 1);
    const std::size_t columns = base::columns(escaped.substr(taken, length));
    if (used + columns > room) break;
    used += columns;
    taken += length;
  }
  return std::string(escaped.substr(0, taken)) + std::string(kCut.substr(0, width));
}

std::string wrapped(base::Bytes escaped, std::size_t width, base::Bytes indent) {
  std::string out;
  std::string line(indent);
  bool empty = true;
  while (!escaped.empty()) {
    const std::size_t end = std::min(escaped.find(' '), escaped.size());
    const base::Bytes word = escaped.substr(0, end);
    escaped.remove_prefix(std::min(end + 1, escaped.size()));
    if (word.empty()) continue;
    if (!empty && base::columns(line) + 1 + base::columns(word) > width) {
      out += line + "\n";
      line = indent;
      empty = true;
    }
    if (!empty) line += ' ';
    line += word;
    empty = false;
  }
  return empty ? out : out + line + "\n";
}

Columns::Columns(const std::vector<std::string>& heading) {
  std::vector<std::string> heads;
  for (const std::string& head : heading) {
    const bool figures = head.starts_with('>');
    figures_.push_back(figures);
    fixed_.push_back(figures || head.starts_with('<'));
    heads.push_back(fixed_.back() ? head.substr(1) : head);
  }
  add(heads);
}

void Columns::add(const std::vector<std::string>& cells) {
  std::vector<std::string> row;
  row.reserve(figures_.size());
  for (std::size_t i = 0; i < figures_.size(); ++i) row.push_back(i < cells.size() ? base::escape(cells[i]) : "");
  rows_.push_back(std::move(row));
}

std::vector<std::size_t> Columns::widths(std::size_t room) const {
  std::vector<std::size_t> widths(figures_.size());
  for (const std::vector<std::string>& row : rows_)
    for (std::size_t i = 0; i < row.size(); ++i) widths[i] = std::max(widths[i], base::columns(row[i]));
  std::size_t sum = std::accumulate(widths.begin(), widths.end(), kBetween * (widths.empty() ? 0 : widths.size() - 1));
  while (sum > room) {
    std::size_t widest = widths.size();
    for (std::size_t i = 0; i < widths.size(); ++i)
      if (!fixed_[i] && widths[i] > kLeast && (widest == widths.size() || widths[i] > widths[widest])) widest = i;
    if (widest == widths.size()) break;
    --widths[widest];
    --sum;
  }
  return widths;
}

std::string Columns::line(const std::vector<std::string>& cells, const std::vector<std::size_t>& widths) const {
  std::string out;
  for (std::size_t i = 0; i < cells.size(); ++i) {
    const std::string cell = fitted(cells[i], widths[i]);
    const std::string blanks(widths[i] - std::min(base::columns(cell), widths[i]), ' ');
    if (i > 0) out.append(kBetween, ' ');
    out += figures_[i] ? blanks + cell : cell + blanks;
  }
  out.erase(out.find_last_not_of(' ') + 1);
  return out + "\n";
}

std::string Columns::to_text(std::size_t width, base::Bytes indent) const {
  const std::vector<std::size_t> fit = widths(width > indent.size() ? width - indent.size() : 0);
  std::string out;
  for (const std::vector<std::string>& row : rows_) out += std::string(indent) + line(row, fit);
  return out;
}

}  // namespace viaduct::report
