// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include "base/bytes.hpp"

#include <string>
#include <vector>

namespace viaduct::client {

/// Colours and emphasis for a terminal; all empty where the output is none.
struct Style {
  const char* strong = "";
  const char* dim = "";
  const char* good = "";
  const char* bad = "";
  const char* plain = "";

  [[nodiscard]] static Style terminal() { return {"\x1b[1m", "\x1b[2m", "\x1b[32m", "\x1b[33m", "\x1b[0m"}; }
};

/// Rows of text in aligned columns. Cells may hold anything: they are escaped.
class Table {
 public:
  explicit Table(std::vector<std::string> heading) : heading_(std::move(heading)) {}
  void add(std::vector<std::string> cells);
  [[nodiscard]] bool empty() const { return rows_.empty(); }
  /// With the heading, each line behind `indent`; no blanks at line ends.
  [[nodiscard]] std::string to_text(const Style& style, base::Bytes indent = "") const;

 private:
  std::vector<std::string> heading_;
  std::vector<std::vector<std::string>> rows_;
};

/// "3 h 12 min", "45 s", "2 d 4 h": the two largest units.
[[nodiscard]] std::string duration_text(double seconds);
/// "12.4 MB".
[[nodiscard]] std::string size_text(double octets);

}  // namespace viaduct::client
