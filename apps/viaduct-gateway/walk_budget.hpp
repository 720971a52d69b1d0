// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include "base/clock.hpp"

#include <algorithm>

namespace viaduct::gateway {

/// When the kernel's whole table may be walked through again: packets wait meanwhile, so at most a hundredth of all
/// time goes there, and what anybody can ask for happens once in `every` at most.
class WalkBudget {
 public:
  explicit WalkBudget(base::Duration every) : every_(every) {}
  [[nodiscard]] bool allows(base::Instant now) const { return now >= due_; }
  void spend(base::Instant begin, base::Instant end) { due_ = end + std::max(every_, (end - begin) * 100); }

 private:
  base::Duration every_;
  base::Instant due_;
};

}  // namespace viaduct::gateway
