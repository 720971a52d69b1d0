// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include "capture/inflow.hpp"
#include "os/fd.hpp"

#include <cstdint>
#include <memory>
#include <string>

namespace viaduct::app::analyze {

/// What comes only once, through the standard input or a pipe, kept to be read once more: in a file of TMPDIR that has
/// no name and that nobody else can open. Beyond kMost octets, or where there is no room, nothing is kept.
class Spool {
 public:
  static constexpr std::uint64_t kMost = 512U << 20U;

  /// `kept` false: that it is not read again is known before.
  explicit Spool(bool kept) : kept_(kept) {}

  /// The first time what comes from `path` ("-": the standard input), from then on the copy. nullptr: it cannot be
  /// opened, or not again. The inflow must not outlive this.
  [[nodiscard]] std::unique_ptr<capture::Inflow> open(const std::string& path);
  /// Whether all that was read can be read again.
  [[nodiscard]] bool is_kept() const { return copy_.valid(); }

 private:
  class Tee;

  void keep(base::Bytes octets);

  bool kept_;
  bool opened_ = false;
  os::Fd copy_;
  std::uint64_t size_ = 0;
};

}  // namespace viaduct::app::analyze
