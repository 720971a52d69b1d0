// SPDX-License-Identifier: GPL-2.0-or-later
// Each file of tests/call/cases: SIP messages, and all that is understood of them. After a change that is meant, run
// tools/regold and read the difference.
#include "call_case.hpp"
#include "support/case_files.hpp"

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

INSTANTIATE_TEST_SUITE_P(All, CallCases, testing::ValuesIn(find_stems(kFolder)),
                         [](const auto& stem) { return stem.param; });

}  // namespace
}  // namespace viaduct::cases
