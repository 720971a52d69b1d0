// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include "base/bytes.hpp"
#include "capture/inflow.hpp"

#include <cstddef>
#include <cstdint>
#include <memory>

namespace viaduct::capture {

/// A piece of an inflow in one block of memory, which slides forward; compressed inflows are unpacked on the way.
///
/// Files are read in chunks that stay in the cache and are not mapped: that is faster over a whole file, takes the
/// same small memory for any of them, and a file that shrinks while it is read does not end the process.
class Window {
 public:
  explicit Window(std::unique_ptr<Inflow> inflow);

  /// Makes `size` octets from here on visible; false if the inflow ends before.
  [[nodiscard]] bool has(std::size_t size) { return left() >= size || fill(size); }
  /// What is visible from here on; until the next has() or skip().
  [[nodiscard]] const char* data() const VIADUCT_LIFETIME_BOUND { return buffer_.get() + at_; }
  [[nodiscard]] std::size_t left() const { return end_ - at_; }
  /// Moves on by `size` visible octets; those behind them come into the cache meanwhile.
  void take(std::size_t size) {
    at_ += size;
    for (std::size_t ahead = 0; ahead < kAhead; ahead += kCacheLine) __builtin_prefetch(data() + ahead);
  }
  /// Moves on by octets that need not be visible; false if the inflow ends before.
  [[nodiscard]] bool skip(std::uint64_t size);
  /// Octets from the beginning (of what the file unpacks to) to here.
  [[nodiscard]] std::uint64_t offset() const { return before_ + at_; }
  [[nodiscard]] Compression compression() const { return compression_; }
  /// Meaningful once has() or skip() was false.
  [[nodiscard]] InflowEnd end() const { return inflow_->end(); }

 private:
  static constexpr std::size_t kCacheLine = 64;
  static constexpr std::size_t kAhead = 4 * kCacheLine;  ///< the buffer goes on so far behind `room_`

  bool fill(std::size_t size);

  std::unique_ptr<Inflow> inflow_;
  std::unique_ptr<char[]> buffer_;
  std::size_t room_ = 0;
  std::size_t at_ = 0;
  std::size_t end_ = 0;
  std::uint64_t before_ = 0;  ///< octets that have left the buffer
  Compression compression_ = Compression::none;
};

}  // namespace viaduct::capture
