// SPDX-License-Identifier: GPL-2.0-or-later
#include "os/synthetic.hpp"

#include <fcntl.h>
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <spawn.h>
#include <string>

namespace viaduct::os {
namespace {

/// Reads to the end of the pipe, which comes when the last writer, this process, is gone.
constexpr const char* kScript = "trap '' INT TERM HUP QUIT; cat >/dev/null; exec nft delete table $0 2>/dev/null";

struct SpawnSettings {
  SpawnSettings() {
    ::posix_spawn_file_actions_init(&actions);
    ::posix_spawnattr_init(&attributes);
  }
  SpawnSettings(const SpawnSettings&) = delete;
  SpawnSettings& operator=(const SpawnSettings&) = delete;
  ~SpawnSettings() {
    ::posix_spawn_file_actions_destroy(&actions);
    ::posix_spawnattr_destroy(&attributes);
  }
  posix_spawn_file_actions_t actions{};
  posix_spawnattr_t attributes{};
};

}  // namespace

Result<TableGuard> TableGuard::watch(const std::string& table) {
  std::array<int, 2> ends{};
  if (::pipe2(ends.data(), O_CLOEXEC) != 0) return fail_errno("make a pipe", errno);
  Fd reader(ends[0]);
  TableGuard guard;
  guard.pipe_ = Fd(ends[1]);
  SpawnSettings settings;
  // A session of its own: the terminal's Ctrl-C is not for it.
  ::posix_spawnattr_setflags(&settings.attributes, POSIX_SPAWN_SETSID);
  ::posix_spawn_file_actions_adddup2(&settings.actions, reader.get(), 0);
  for (int number : {1, 2}) ::posix_spawn_file_actions_addopen(&settings.actions, number, "/dev/null", O_WRONLY, 0);
  std::string script = kScript;
  // `table` is "inet NAME": two words for nft, so $0 stands unquoted.
  std::string name = table;
  std::array<char*, 5> arguments = {const_cast<char*>("sh"), const_cast<char*>("-c"), script.data(), name.data(),
                                    nullptr};
  pid_t child = -1;
  int error = ::posix_spawnp(&child, "sh", &settings.actions, &settings.attributes, arguments.data(), environ);
  if (error != 0) return fail_errno("start sh", error);
  guard.child_ = child;
  return guard;
}

TableGuard& TableGuard::operator=(TableGuard&& other) noexcept {
  if (this != &other) {
    release();
    pipe_ = std::move(other.pipe_);
    child_ = std::exchange(other.child_, -1);
  }
  return *this;
}

void TableGuard::release() {
  pipe_.reset();
  if (child_ < 0) return;
  while (::waitpid(child_, nullptr, 0) < 0 && errno == EINTR) {
  }
  child_ = -1;
}

}  // namespace viaduct::os
