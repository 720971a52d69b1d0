// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include "base/clock.hpp"

#include <cstdint>
#include <string>

namespace viaduct::app::analyze {

/// A line on the standard error output that says how far the reading is: only on a terminal, only past a second, and
/// gone at the end.
class Progress {
 public:
  Progress();
  Progress(const Progress&) = delete;
  Progress& operator=(const Progress&) = delete;
  ~Progress() { clear(); }

  /// A new file; `size` 0 where it is not known how much there is to read.
  void begin(const std::string& name, std::uint64_t size);
  /// Every few thousand frames. `octets` as `size` counts them.
  void at(std::uint64_t octets, std::uint64_t frames);
  /// The same of a tool that reads many files: how many are done, with how many octets.
  void files(std::uint64_t octets, std::uint64_t count);
  /// Takes the line away, for what is written there next.
  void clear();

 private:
  /// Whether a line is to be written now.
  [[nodiscard]] bool due();

  bool wanted_ = false;
  bool shown_ = false;
  std::string name_;
  std::uint64_t size_ = 0;
  base::Instant next_;
};

}  // namespace viaduct::app::analyze
