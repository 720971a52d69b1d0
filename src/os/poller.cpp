// SPDX-License-Identifier: GPL-2.0-or-later
#include "os/poller.hpp"

#include <signal.h>
#include <sys/epoll.h>
#include <sys/signalfd.h>
#include <sys/timerfd.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <ctime>

namespace viaduct::os {
namespace {

timespec to_timespec(base::Duration d) {
  const std::chrono::seconds whole = std::chrono::floor<std::chrono::seconds>(d);
  return {static_cast<time_t>(whole.count()), static_cast<long>((d - whole).count())};
}

epoll_event event_for(std::uint64_t token, bool also_writable) {
  epoll_event event{};
  event.events = EPOLLIN | (also_writable ? static_cast<std::uint32_t>(EPOLLOUT) : 0U);
  event.data.u64 = token;
  return event;
}

}  // namespace

Result<Poller> Poller::open() {
  Fd fd(::epoll_create1(EPOLL_CLOEXEC));
  if (!fd.valid()) return fail_errno("make an epoll set", errno);
  return Poller(std::move(fd));
}

Result<void> Poller::add(int fd, std::uint64_t token, bool also_writable) {
  epoll_event event = event_for(token, also_writable);
  if (::epoll_ctl(fd_.get(), EPOLL_CTL_ADD, fd, &event) != 0) return fail_errno("watch a descriptor", errno);
  return {};
}

Result<void> Poller::change(int fd, std::uint64_t token, bool also_writable) {
  epoll_event event = event_for(token, also_writable);
  if (::epoll_ctl(fd_.get(), EPOLL_CTL_MOD, fd, &event) != 0) return fail_errno("watch a descriptor anew", errno);
  return {};
}

void Poller::remove(int fd) {
  ::epoll_ctl(fd_.get(), EPOLL_CTL_DEL, fd, nullptr);
}

Result<std::size_t> Poller::wait(std::span<Ready> out, std::optional<base::Duration> limit) {
  std::array<epoll_event, kMaxReady> events;
  // Rounded up: a timer that is due in 100 us must not make us spin until then.
  const int milliseconds = limit ? static_cast<int>(std::clamp<std::int64_t>(
                                       std::chrono::ceil<std::chrono::milliseconds>(*limit).count(), 0, 1'000'000'000))
                                 : -1;
  const int most = static_cast<int>(std::min(out.size(), kMaxReady));
  const int n = ::epoll_wait(fd_.get(), events.data(), most, milliseconds);
  if (n < 0 && errno == EINTR) return std::size_t{0};
  if (n < 0) return fail_errno("wait for descriptors", errno);
  for (std::size_t i = 0; i < static_cast<std::size_t>(n); ++i) {
    const std::uint32_t what = events[i].events;
    out[i] = {events[i].data.u64, (what & EPOLLIN) != 0, (what & EPOLLOUT) != 0, (what & (EPOLLHUP | EPOLLERR)) != 0};
  }
  return static_cast<std::size_t>(n);
}

Result<Timer> Timer::open() {
  Fd fd(::timerfd_create(CLOCK_MONOTONIC, TFD_CLOEXEC | TFD_NONBLOCK));
  if (!fd.valid()) return fail_errno("make a timer", errno);
  return Timer(std::move(fd));
}

Result<void> Timer::arm(base::Instant at) {
  // Zero would disarm it.
  const itimerspec setting{{}, to_timespec(std::max(at.since_boot, base::Duration(1)))};
  if (::timerfd_settime(fd_.get(), TFD_TIMER_ABSTIME, &setting, nullptr) != 0) return fail_errno("set a timer", errno);
  return {};
}

Result<void> Timer::repeat(base::Duration period) {
  const timespec each = to_timespec(period);
  const itimerspec setting{each, each};
  if (::timerfd_settime(fd_.get(), 0, &setting, nullptr) != 0) return fail_errno("set a timer", errno);
  return {};
}

void Timer::disarm() {
  const itimerspec off{};
  ::timerfd_settime(fd_.get(), 0, &off, nullptr);
}

std::uint64_t Timer::expirations() {
  std::uint64_t count = 0;
  return ::read(fd_.get(), &count, sizeof count) == static_cast<ssize_t>(sizeof count) ? count : 0;
}

Result<Signals> Signals::open(std::initializer_list<int> numbers) {
  sigset_t set;
  sigemptyset(&set);
  for (const int number : numbers) sigaddset(&set, number);
  if (::sigprocmask(SIG_BLOCK, &set, nullptr) != 0) return fail_errno("block signals", errno);
  Fd fd(::signalfd(-1, &set, SFD_CLOEXEC | SFD_NONBLOCK));
  if (!fd.valid()) return fail_errno("make a signal descriptor", errno);
  return Signals(std::move(fd));
}

std::optional<int> Signals::next() {
  signalfd_siginfo info{};
  if (::read(fd_.get(), &info, sizeof info) != static_cast<ssize_t>(sizeof info)) return std::nullopt;
  return static_cast<int>(info.ssi_signo);
}

}  // namespace viaduct::os
