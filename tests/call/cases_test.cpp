// SPDX-License-Identifier: GPL-2.0-or-later
// Each file of tests/call/cases: SIP messages, and all that is understood of them. After a change that is meant, run
// tools/regold and read the difference.
#include "call_case.hpp"
#include "fault_case.hpp"

#include <gtest/gtest.h>

namespace viaduct::cases {
namespace {

const std::filesystem::path kFolder = std::filesystem::path(VIADUCT_SOURCE_DIR) / "tests/call/cases";

/// The parameter is the stem of a file in kFolder: it becomes part of the test's name.
class CallCases : public testing::TestWithParam<std::string> {};

TEST_P(CallCases, AreUnderstoodAsExpected) {
  const std::string text = read_file(kFolder / (GetParam() + ".case"));
  const auto done = run_call_case(text);
  ASSERT_TRUE(done.has_value()) << done.error();
  EXPECT_EQ(text, *done);
}

std::vector<std::string> stems() {
  std::vector<std::string> names;
  for (const std::filesystem::path& path : find_cases(kFolder)) names.push_back(path.stem().string());
  return names;
}

std::string stem_of(const testing::TestParamInfo<std::string>& info) {
  return info.param;
}

INSTANTIATE_TEST_SUITE_P(All, CallCases, testing::ValuesIn(stems()), stem_of);

}  // namespace
}  // namespace viaduct::cases
