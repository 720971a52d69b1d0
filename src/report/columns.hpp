// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include "base/bytes.hpp"

#include <cstddef>
#include <string>
#include <vector>

namespace viaduct::report {

/// `escaped` shortened to so many columns of a terminal, with "..." where it was cut.
[[nodiscard]] std::string fitted(base::Bytes escaped, std::size_t width);

/// Words of `escaped` in lines of at most `width` columns, each behind `indent`; longer words stay whole.
[[nodiscard]] std::string wrapped(base::Bytes escaped, std::size_t width, base::Bytes indent);

/// Rows of text in aligned columns that fit a terminal: the widest columns give way. Cells may hold anything.
class Columns {
 public:
  /// A heading that begins with '>' is of a column of figures, which stand to the right; with '<' of one whose text
  /// is ours and short. Neither gives way.
  explicit Columns(const std::vector<std::string>& heading);
  void add(const std::vector<std::string>& cells);
  [[nodiscard]] std::string to_text(std::size_t width, base::Bytes indent) const;

 private:
  [[nodiscard]] std::vector<std::size_t> widths(std::size_t room) const;
  [[nodiscard]] std::string line(const std::vector<std::string>& cells, const std::vector<std::size_t>& widths) const;

  std::vector<bool> figures_;
  std::vector<bool> fixed_;
  std::vector<std::vector<std::string>> rows_;  ///< the heading first
};

}  // namespace viaduct::report
