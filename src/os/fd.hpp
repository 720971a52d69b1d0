// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <utility>

namespace viaduct::os {

/// Owns one file descriptor and closes it. Move-only; a moved-from or default Fd holds -1.
class Fd {
 public:
  Fd() = default;
  /// Takes ownership; a negative number means "none".
  explicit Fd(int number) : number_(number) {}
  Fd(Fd&& other) noexcept : number_(std::exchange(other.number_, -1)) {}
  Fd& operator=(Fd&& other) noexcept;
  Fd(const Fd&) = delete;
  Fd& operator=(const Fd&) = delete;
  ~Fd() { reset(); }

  [[nodiscard]] int get() const { return number_; }
  [[nodiscard]] bool valid() const { return number_ >= 0; }
  /// Gives the descriptor away; the caller closes it.
  [[nodiscard]] int release() { return std::exchange(number_, -1); }
  void reset();

 private:
  int number_ = -1;
};

}  // namespace viaduct::os
