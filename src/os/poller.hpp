// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include "base/clock.hpp"
#include "os/fd.hpp"
#include "os/problem.hpp"

#include <cstdint>
#include <initializer_list>
#include <optional>
#include <span>

namespace viaduct::os {

/// What a descriptor is ready for. `token` is the number given to add().
struct Ready {
  std::uint64_t token = 0;
  bool readable = false;
  bool writable = false;
  bool hung_up = false;  ///< error or hang-up; read to learn more
};

/// epoll, level-triggered. Descriptors are borrowed: remove() before closing one.
class Poller {
 public:
  static constexpr std::size_t kMaxReady = 64;

  [[nodiscard]] static Result<Poller> open();
  [[nodiscard]] Result<void> add(int fd, std::uint64_t token, bool also_writable = false);
  [[nodiscard]] Result<void> change(int fd, std::uint64_t token, bool also_writable);
  void remove(int fd);
  /// Waits up to `limit` (nullopt: for ever; zero: not at all) and fills `out` (at most kMaxReady).
  /// An interrupting signal gives 0, like the end of the time.
  [[nodiscard]] Result<std::size_t> wait(std::span<Ready> out, std::optional<base::Duration> limit);

 private:
  explicit Poller(Fd fd) : fd_(std::move(fd)) {}
  Fd fd_;
};

/// A timerfd on CLOCK_MONOTONIC.
class Timer {
 public:
  [[nodiscard]] static Result<Timer> open();
  [[nodiscard]] int fd() const { return fd_.get(); }
  /// Fires once at `at`; a moment that has passed fires at once.
  [[nodiscard]] Result<void> arm(base::Instant at);
  /// Fires every `period`, first after one period.
  [[nodiscard]] Result<void> repeat(base::Duration period);
  void disarm();
  /// How often it fired since the last call; makes the descriptor unreadable again.
  [[nodiscard]] std::uint64_t expirations();

 private:
  explicit Timer(Fd fd) : fd_(std::move(fd)) {}
  Fd fd_;
};

/// Signals as a descriptor. They stay blocked in the process afterwards; open it before starting threads.
class Signals {
 public:
  [[nodiscard]] static Result<Signals> open(std::initializer_list<int> numbers);
  [[nodiscard]] int fd() const { return fd_.get(); }
  /// The next pending signal, nullopt when there is none.
  [[nodiscard]] std::optional<int> next();

 private:
  explicit Signals(Fd fd) : fd_(std::move(fd)) {}
  Fd fd_;
};

}  // namespace viaduct::os
