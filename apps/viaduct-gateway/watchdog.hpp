// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include "os/problem.hpp"

#include <sys/types.h>

#include <atomic>
#include <chrono>
#include <cstdint>

namespace viaduct::gateway {

/// A child process that takes SIP off the queue when the daemon stops answering (SIGSTOP, an endless loop, a
/// frozen disk): after kPatience without a sign of life it empties the queue chain, and packets pass untouched. A
/// daemon that is dead needs nothing: the queue rule bypasses when nobody reads.
class Watchdog {
 public:
  static constexpr std::chrono::milliseconds kPatience{1500};

  /// Forks. Call it before any thread exists, in the network namespace of the table.
  [[nodiscard]] static os::Result<Watchdog> start();
  Watchdog(Watchdog&& other) noexcept;
  Watchdog& operator=(Watchdog&&) = delete;
  ~Watchdog();

  /// A sign of life.
  void beat() { shared_->beats.fetch_add(1, std::memory_order_relaxed); }
  /// True once after the child has taken SIP off the queue: put it back.
  [[nodiscard]] bool tripped() { return shared_->tripped.exchange(false); }

 private:
  struct Shared {
    std::atomic<std::uint64_t> beats{0};
    std::atomic<bool> tripped{false};
  };
  Watchdog(Shared* shared, pid_t child) : shared_(shared), child_(child) {}
  [[noreturn]] static void watch(Shared& shared, pid_t parent);

  Shared* shared_;  ///< one page that both processes see
  pid_t child_;
};

}  // namespace viaduct::gateway
