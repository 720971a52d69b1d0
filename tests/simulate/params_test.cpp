// SPDX-License-Identifier: GPL-2.0-or-later
#include "simulate/params.hpp"

#include <gtest/gtest.h>

namespace viaduct::simulate {
namespace {

std::string error_of(std::string_view text) {
  const auto params = parse_params(text);
  return params ? "none" : params.error();
}

TEST(Params, TakeFromTheScenarioThenFromCommonThenFromTheTable) {
  const auto params =
      parse_params("[common]\nlines = 4\nhole = [1, 2]\n[[scenario]]\nname = \"good\"\nhole = [3, 4]\n");
  ASSERT_TRUE(params.has_value()) << params.error();
  const ScenarioParams& good = params->scenarios.front();
  EXPECT_EQ(good.range("hole").low, 3);
  EXPECT_EQ(good.range("lines").high, 4);
  EXPECT_EQ(good.range("both").low, 0.6);
}

TEST(Params, SayWhatIsWrong) {
  EXPECT_EQ(error_of(""), "no [[scenario]]");
  EXPECT_EQ(error_of("[[scenario]]\nname = \"god\"\n"), "no scenario has the name 'god'");
  EXPECT_EQ(error_of("[[scenario]]\nname = \"good\"\nhols = 3\n"), "good: unknown key 'hols'");
  EXPECT_EQ(error_of("[[scenario]]\nname = \"good\"\nhole = [3]\n"), "good: 'hole' is to be a number or [low, high]");
  EXPECT_EQ(error_of("[[scenario]]\nname = \"good\"\nhole = [3, 2]\n"),
            "good: 'hole' is to be a number or [low, high]");
  EXPECT_EQ(error_of("[[scenario]]\nname = \"good\"\nfamily = \"linus\"\n"), "no family has the name 'linus'");
  EXPECT_EQ(error_of("[[scenario]]\nname = \"good\"\nalike = \"stunt\"\n"), "nothing looks alike as 'stunt'");
  EXPECT_EQ(error_of("[[scenario]]\nname = \"good\"\n[[scenario]]\nname = \"good\"\n"),
            "good is there twice: give one a 'variant'");
  EXPECT_EQ(error_of("[[scenario]\n").substr(0, 7), "line 1:");
}

}  // namespace
}  // namespace viaduct::simulate
