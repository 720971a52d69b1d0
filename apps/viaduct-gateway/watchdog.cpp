// SPDX-License-Identifier: GPL-2.0-or-later
#include "viaduct-gateway/watchdog.hpp"

#include "os/nft_rules.hpp"
#include "viaduct-gateway/ruleset.hpp"

#include <signal.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>
#include <new>
#include <thread>
#include <utility>

namespace viaduct::gateway {

os::Result<Watchdog> Watchdog::start() {
  void* page = mmap(nullptr, sizeof(Shared), PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
  if (page == MAP_FAILED) return os::fail_errno("map memory for the watchdog", errno);
  Shared* shared = new (page) Shared;
  const pid_t parent = getpid();
  const pid_t child = fork();
  if (child < 0) {
    const int error = errno;
    munmap(page, sizeof(Shared));
    return os::fail_errno("start the watchdog", error);
  }
  if (child == 0) watch(*shared, parent);
  return Watchdog(shared, child);
}

Watchdog::Watchdog(Watchdog&& other) noexcept
    : shared_(std::exchange(other.shared_, nullptr)), child_(std::exchange(other.child_, 0)) {}

Watchdog::~Watchdog() {
  if (child_ > 0) {
    kill(child_, SIGKILL);
    waitpid(child_, nullptr, 0);
  }
  if (shared_ != nullptr) munmap(shared_, sizeof(Shared));
}

void Watchdog::watch(Shared& shared, pid_t parent) {
  // Its own group, so that a signal to the daemon's group does not stop both; its end is the parent's end.
  setpgid(0, 0);
  prctl(PR_SET_PDEATHSIG, SIGKILL);
  prctl(PR_SET_NAME, "viaduct-watch");
  if (getppid() != parent) _exit(0);
  std::uint64_t seen = shared.beats.load();
  std::chrono::milliseconds silent{0};
  constexpr std::chrono::milliseconds step{250};
  for (;;) {
    std::this_thread::sleep_for(step);
    const std::uint64_t now = shared.beats.load();
    // Counting begins with the first sign of life: a start may take longer than the patience.
    silent = now == seen && now != 0 ? silent + step : std::chrono::milliseconds{0};
    seen = now;
    if (silent < kPatience || shared.tripped.load()) continue;
    if (os::flush_chain(names::kQueueChain)) shared.tripped.store(true);
  }
}

}  // namespace viaduct::gateway
