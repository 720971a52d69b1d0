// SPDX-License-Identifier: GPL-2.0-or-later
#include "base/nearest.hpp"

#include <gtest/gtest.h>

#include <string>
#include <vector>

namespace viaduct::base {
namespace {

TEST(Nearest, CountsWhatAFingerDoesWrong) {
  EXPECT_EQ(edit_distance("", ""), 0U);
  EXPECT_EQ(edit_distance("", "abc"), 3U);
  EXPECT_EQ(edit_distance("abc", "abd"), 1U);
  EXPECT_EQ(edit_distance("abc", "ac"), 1U);
  EXPECT_EQ(edit_distance("abc", "acb"), 1U);
  EXPECT_EQ(edit_distance("kitten", "sitting"), 3U);
}

TEST(Nearest, FindsTypingErrorsAndNothingElse) {
  const std::vector<Bytes> words = {"mode", "ports", "udp_timeout", "rate", "force", "-h", "--json", "ef"};
  EXPECT_EQ(nearest("udp_timout", words), "udp_timeout");
  EXPECT_EQ(nearest("mdoe", words), "mode");
  EXPECT_EQ(nearest("Ports", words), "ports");
  EXPECT_EQ(nearest("--jsno", words), "--json");
  EXPECT_EQ(nearest("eff", words), "ef");
  EXPECT_EQ(nearest("frobnicate", words), "");
  EXPECT_EQ(nearest("x", words), "");
  EXPECT_EQ(nearest("-x", words), "") << "half of it would be wrong";
  EXPECT_EQ(nearest("", words), "");
  EXPECT_EQ(nearest(std::string(100000, 'a'), words), "") << "no typing error, and not worth the time";
}

}  // namespace
}  // namespace viaduct::base
