// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include "finding/exhibit.hpp"

#include <cstddef>
#include <set>
#include <string>
#include <tuple>

namespace viaduct::report {

/// Exhibits for a terminal, each line behind two blanks. A change of a field that one message showed is not shown again
/// with the next one, nor with the next finding: a box does the same to all of them. What does another harm to the
/// field is another change.
class ExhibitText {
 public:
  explicit ExhibitText(std::size_t width) : width_(width) {}

  [[nodiscard]] std::string to_text(const finding::Exhibit& exhibit);
  /// How much was not shown since it was asked last, of a finding about so many calls; empty if nothing.
  [[nodiscard]] std::string left_out(std::size_t calls);

 private:
  [[nodiscard]] std::string shown(const finding::Ladder& ladder) const;
  [[nodiscard]] std::string shown(const finding::Table& table) const;
  [[nodiscard]] std::string shown(const finding::Timeline& timeline) const;
  [[nodiscard]] std::string shown(const finding::ByteDiff& diff);

  std::size_t width_;
  std::set<std::tuple<std::string, std::string, bool>> changes_shown_;  ///< field, behaviour, astray
  std::size_t changes_ = 0;                                             ///< that were not, in so many messages
  std::size_t messages_ = 0;
};

}  // namespace viaduct::report
