// SPDX-License-Identifier: GPL-2.0-or-later
#include "os/process.hpp"

#include "base/bytes.hpp"
#include "os/clock.hpp"
#include "os/fd.hpp"

#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstring>
#include <optional>
#include <spawn.h>

namespace viaduct::os {
namespace {

struct Pipe {
  Fd read;
  Fd write;
};

Result<Pipe> make_pipe() {
  int ends[2];
  if (::pipe2(ends, O_CLOEXEC) != 0) return fail_errno("make a pipe", errno);
  return Pipe{Fd(ends[0]), Fd(ends[1])};
}

void never_block(const Fd& fd) {
  ::fcntl(fd.get(), F_SETFL, O_NONBLOCK);
}

std::vector<char*> argument_vector(const std::vector<std::string>& arguments) {
  std::vector<char*> pointers;
  pointers.reserve(arguments.size() + 1);
  for (const std::string& argument : arguments) pointers.push_back(const_cast<char*>(argument.c_str()));
  pointers.push_back(nullptr);
  return pointers;
}

// Programs are asked for text that we read, so their language must not depend on ours.
std::vector<char*> environment_in_c_locale() {
  static char locale[] = "LC_ALL=C";
  std::vector<char*> pointers{locale};
  for (char** entry = environ; *entry != nullptr; ++entry)
    if (std::strncmp(*entry, "LC_ALL=", 7) != 0) pointers.push_back(*entry);
  pointers.push_back(nullptr);
  return pointers;
}

Result<pid_t> spawn(const std::vector<std::string>& arguments, const Pipe& in, const Pipe& out, const Pipe& err) {
  posix_spawn_file_actions_t actions;
  posix_spawnattr_t attributes;
  posix_spawn_file_actions_init(&actions);
  posix_spawnattr_init(&attributes);
  posix_spawn_file_actions_adddup2(&actions, in.read.get(), 0);
  posix_spawn_file_actions_adddup2(&actions, out.write.get(), 1);
  posix_spawn_file_actions_adddup2(&actions, err.write.get(), 2);
  posix_spawn_file_actions_addclosefrom_np(&actions, 3);  // libraries open descriptors without O_CLOEXEC
  sigset_t none;
  sigset_t defaults;
  sigemptyset(&none);
  sigemptyset(&defaults);
  for (const int number : {SIGINT, SIGTERM, SIGHUP, SIGPIPE, SIGCHLD}) sigaddset(&defaults, number);
  posix_spawnattr_setsigmask(&attributes, &none);
  posix_spawnattr_setsigdefault(&attributes, &defaults);
  posix_spawnattr_setpgroup(&attributes, 0);
  posix_spawnattr_setflags(&attributes, POSIX_SPAWN_SETPGROUP | POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF);
  pid_t pid = -1;
  const int error = ::posix_spawnp(&pid, arguments[0].c_str(), &actions, &attributes, argument_vector(arguments).data(),
                                   environment_in_c_locale().data());
  posix_spawn_file_actions_destroy(&actions);
  posix_spawnattr_destroy(&attributes);
  if (error != 0) return fail_errno("run " + arguments[0], error, error == ENOENT ? "Is it installed?" : "");
  return pid;
}

// False at the end of the stream.
bool read_into(const Fd& fd, std::string& text) {
  char piece[16384];
  const ssize_t n = ::read(fd.get(), piece, sizeof piece);
  if (n > 0) text.append(piece, static_cast<std::size_t>(n));
  return n > 0 || (n < 0 && (errno == EAGAIN || errno == EINTR));
}

struct Streams {
  Fd input;
  Fd output;
  Fd errors;
};

// write() without SIGPIPE, whatever our process does about that signal. A pipe has no MSG_NOSIGNAL.
ssize_t write_quietly(const Fd& fd, base::Bytes data) {
  sigset_t pipe_only;
  sigset_t before;
  sigset_t pending;
  sigemptyset(&pipe_only);
  sigaddset(&pipe_only, SIGPIPE);
  ::sigpending(&pending);
  ::pthread_sigmask(SIG_BLOCK, &pipe_only, &before);
  const ssize_t n = ::write(fd.get(), data.data(), data.size());
  const int error = errno;
  const timespec at_once{};
  if (n < 0 && error == EPIPE && sigismember(&pending, SIGPIPE) == 0) ::sigtimedwait(&pipe_only, nullptr, &at_once);
  ::pthread_sigmask(SIG_SETMASK, &before, nullptr);
  errno = error;
  return n;
}

void feed(Streams& streams, base::Bytes& input) {
  const ssize_t n = input.empty() ? 0 : write_quietly(streams.input, input);
  if (n > 0) input.remove_prefix(static_cast<std::size_t>(n));
  // A program that does not read its input is no failure of ours.
  if (input.empty() || (n < 0 && errno != EAGAIN && errno != EINTR)) streams.input.reset();
}

// Moves octets until both output streams have ended or a limit is reached.
std::optional<Problem> converse(Streams& streams, const ProcessOptions& options, base::Instant end,
                                ProcessOutcome& outcome) {
  base::Bytes input = options.input;
  if (input.empty()) streams.input.reset();
  while (streams.output.valid() || streams.errors.valid()) {
    const base::Duration left = end - monotonic_now();
    if (left <= base::Duration(0)) return Problem::timed_out;
    std::array<pollfd, 3> polled{
        {{streams.input.get(), POLLOUT, 0}, {streams.output.get(), POLLIN, 0}, {streams.errors.get(), POLLIN, 0}}};
    const std::int64_t milliseconds = std::chrono::ceil<std::chrono::milliseconds>(left).count();
    if (::poll(polled.data(), polled.size(), static_cast<int>(std::min<std::int64_t>(milliseconds, 60'000))) < 0)
      continue;
    if (polled[0].revents != 0) feed(streams, input);
    if (polled[1].revents != 0 && !read_into(streams.output, outcome.output)) streams.output.reset();
    if (polled[2].revents != 0 && !read_into(streams.errors, outcome.errors)) streams.errors.reset();
    if (std::max(outcome.output.size(), outcome.errors.size()) > options.most_output) return Problem::too_big;
  }
  return std::nullopt;
}

enum class End : std::uint8_t { by_itself, killed, lost };

// A program may close its streams and stay: it has until `end`. Killing takes the whole group, so that
// children which a dead leader left behind go too; the leader's number is ours until it is reaped.
End reap(pid_t pid, base::Instant end, int& status) {
  for (;;) {
    const bool over = monotonic_now() >= end;
    if (over) ::kill(-pid, SIGKILL);
    pid_t reaped;
    do reaped = ::waitpid(pid, &status, over ? 0 : WNOHANG);
    while (reaped < 0 && errno == EINTR);
    if (reaped < 0) return End::lost;
    if (reaped == pid) return over ? End::killed : End::by_itself;
    ::poll(nullptr, 0, 1);
  }
}

}  // namespace

Result<ProcessOutcome> run(const std::vector<std::string>& arguments, const ProcessOptions& options) {
  if (arguments.empty()) return fail(Problem::invalid, "run a program without a name");
  const base::Instant end = monotonic_now() + options.limit;
  Result<Pipe> in = make_pipe();
  Result<Pipe> out = make_pipe();
  Result<Pipe> err = make_pipe();
  for (const Result<Pipe>* pipe : {&in, &out, &err})
    if (!*pipe) return std::unexpected(pipe->error());
  const Result<pid_t> pid = spawn(arguments, *in, *out, *err);
  if (!pid) return std::unexpected(pid.error());
  Streams streams{std::move(in->write), std::move(out->read), std::move(err->read)};
  in->read.reset();
  out->write.reset();
  err->write.reset();
  for (const Fd* fd : {&streams.input, &streams.output, &streams.errors}) never_block(*fd);

  ProcessOutcome outcome;
  const std::optional<Problem> limit = converse(streams, options, end, outcome);
  int status = 0;
  const End how = reap(*pid, limit ? base::Instant{} : end, status);
  if (how == End::lost) return fail_errno("wait for " + arguments[0], errno);
  if (how == End::killed) return fail(limit.value_or(Problem::timed_out), "run " + arguments[0], "It was killed.");
  outcome.exit_code = WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
  return outcome;
}

}  // namespace viaduct::os
