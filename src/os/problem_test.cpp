// SPDX-License-Identifier: GPL-2.0-or-later
#include "os/problem.hpp"

#include <gtest/gtest.h>

#include <cerrno>

namespace viaduct::os {
namespace {

TEST(Problem, EveryCodeHasItsOwnText) {
  for (int a = 0; a <= static_cast<int>(Problem::failed); ++a) {
    EXPECT_FALSE(text_of(static_cast<Problem>(a)).empty()) << a;
    for (int b = 0; b < a; ++b) EXPECT_NE(text_of(static_cast<Problem>(a)), text_of(static_cast<Problem>(b)));
  }
}

TEST(Problem, FailureSaysWhatWhereAndWhatToDo) {
  EXPECT_EQ(fail_errno("open /dev/net/tun", EACCES).error().to_text(),
            "open /dev/net/tun: Permission denied. Run as root or give CAP_NET_ADMIN.");
  EXPECT_EQ(fail_errno("bind queue 5", EBUSY, "Process 7 reads it.", 3).error().to_text(),
            "bind queue 5: Device or resource busy. Process 7 reads it.");
  EXPECT_EQ(fail_errno("bind queue 5", EBUSY, "", 3).error().offset, 3U);
  EXPECT_EQ(fail(Problem::too_big, "read a line").error().to_text(), "read a line: over a limit");
  EXPECT_EQ(fail(Problem::busy, "", "Another one reads it. Stop it.").error().to_text(),
            "Another one reads it. Stop it.");
}

TEST(Problem, ErrnoMapping) {
  EXPECT_EQ(problem_of(EPERM), Problem::not_permitted);
  EXPECT_EQ(problem_of(ENOENT), Problem::not_found);
  EXPECT_EQ(problem_of(EEXIST), Problem::already_exists);
  EXPECT_EQ(problem_of(ENOSPC), Problem::out_of_resources);
  EXPECT_EQ(problem_of(EADDRINUSE), Problem::busy);
  EXPECT_EQ(problem_of(EAGAIN), Problem::would_block);
  EXPECT_EQ(problem_of(0), Problem::failed);
  EXPECT_EQ(problem_of(99999), Problem::failed);
}

}  // namespace
}  // namespace viaduct::os
