// SPDX-License-Identifier: GPL-2.0-or-later
#include "os/fd.hpp"

#include <unistd.h>

namespace viaduct::os {

Fd& Fd::operator=(Fd&& other) noexcept {
  if (this != &other) {
    reset();
    number_ = std::exchange(other.number_, -1);
  }
  return *this;
}

void Fd::reset() {
  // EINTR is not retried: Linux has closed the descriptor by then.
  if (number_ >= 0) ::close(number_);
  number_ = -1;
}

}  // namespace viaduct::os
