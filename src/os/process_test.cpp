// SPDX-License-Identifier: GPL-2.0-or-later
#include "os/process.hpp"

#include <gtest/gtest.h>

#include <fcntl.h>
#include <signal.h>
#include <unistd.h>

namespace viaduct::os {
namespace {

TEST(Process, GivesOutputErrorsAndExitCode) {
  const Result<ProcessOutcome> outcome = run({"sh", "-c", "echo out; echo err >&2; exit 3"});
  ASSERT_TRUE(outcome) << outcome.error().to_text();
  EXPECT_EQ(outcome->output, "out\n");
  EXPECT_EQ(outcome->errors, "err\n");
  EXPECT_EQ(outcome->exit_code, 3);
  EXPECT_FALSE(outcome->ok());
  EXPECT_EQ(run({"sh", "-c", "kill -9 $$"})->exit_code, 128 + 9);
}

TEST(Process, ArgumentsAreNotInterpreted) {
  EXPECT_EQ(run({"printf", "%s|", "a b", "$HOME", "; ls", ""})->output, "a b|$HOME|; ls||");
}

TEST(Process, PipesMoreThanAPipeHolds) {
  ProcessOptions options;
  options.input = std::string(1'000'000, 'x');
  EXPECT_EQ(run({"cat"}, options)->output, options.input);
  // Reads none of it, and a broken pipe must not end us.
  ASSERT_NE(::signal(SIGPIPE, SIG_DFL), SIG_ERR);
  for (int i = 0; i < 20; ++i) EXPECT_EQ(run({"true"}, options)->exit_code, 0);
}

TEST(Process, MissingProgram) {
  const Result<ProcessOutcome> outcome = run({"viaduct-no-such-program"});
  ASSERT_FALSE(outcome);
  EXPECT_EQ(outcome.error().to_text(), "run viaduct-no-such-program: No such file or directory. Is it installed?");
  EXPECT_EQ(run({}).error().code, Problem::invalid);
}

TEST(Process, TimeLimitKills) {
  ProcessOptions options;
  options.limit = std::chrono::milliseconds(200);
  const Result<ProcessOutcome> outcome = run({"sh", "-c", "sleep 60 & sleep 60"}, options);
  ASSERT_FALSE(outcome);
  EXPECT_EQ(outcome.error().code, Problem::timed_out);
  // Also when it has closed its output.
  EXPECT_EQ(run({"sh", "-c", "exec >&- 2>&-; sleep 60"}, options).error().code, Problem::timed_out);
}

TEST(Process, OutputLimit) {
  ProcessOptions options;
  options.most_output = 100'000;
  EXPECT_EQ(run({"yes"}, options).error().code, Problem::too_big);
}

// A daemon that the program started and left behind holds the output open.
TEST(Process, TimeLimitKillsWhatADeadLeaderLeft) {
  int ends[2];
  ASSERT_EQ(::pipe2(ends, 0), 0);  // not close-on-exec: it must be closed all the same
  ProcessOptions options;
  options.limit = std::chrono::milliseconds(200);
  EXPECT_EQ(run({"sh", "-c", "sleep 60 & exit 0"}, options).error().code, Problem::timed_out);
  ::close(ends[1]);
  char octet = 0;
  EXPECT_EQ(::read(ends[0], &octet, 1), 0);  // nobody has the other end
  ::close(ends[0]);
}

TEST(Process, InheritsNoDescriptorsAndNoBlockedSignals) {
  sigset_t all;
  sigset_t before;
  sigfillset(&all);
  ASSERT_EQ(::pthread_sigmask(SIG_SETMASK, &all, &before), 0);
  const Result<ProcessOutcome> mask = run({"grep", "^SigBlk", "/proc/self/status"});
  ASSERT_EQ(::pthread_sigmask(SIG_SETMASK, &before, nullptr), 0);
  EXPECT_EQ(mask->output, "SigBlk:\t0000000000000000\n");
  EXPECT_EQ(run({"sh", "-c", "echo $LC_ALL"})->output, "C\n");
}

}  // namespace
}  // namespace viaduct::os
