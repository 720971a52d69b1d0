// SPDX-License-Identifier: GPL-2.0-or-later
// Each file of tests/fingerprint/cases: messages of one point, the items that each shows, and the verdict on each
// address. After a change that is meant, run tools/regold and read the difference.
#include "diagnose/fingerprint/item.hpp"
#include "fingerprint_case.hpp"
#include "support/case_files.hpp"

#include <gtest/gtest.h>

namespace viaduct::cases {
namespace {

const std::filesystem::path kFolder = std::filesystem::path(VIADUCT_SOURCE_DIR) / "tests/fingerprint/cases";

/// The parameter is the stem of a file in kFolder: it becomes part of the test's name.
class FingerprintCases : public testing::TestWithParam<std::string> {};

TEST_P(FingerprintCases, AreJudgedAsExpected) {
  const std::string text = read_file(kFolder / (GetParam() + ".case"));
  const auto done = run_fingerprint_case(text);
  ASSERT_TRUE(done.has_value()) << done.error();
  EXPECT_EQ(text, *done);
}

INSTANTIATE_TEST_SUITE_P(All, FingerprintCases, testing::ValuesIn(find_stems(kFolder)),
                         [](const auto& stem) { return stem.param; });

TEST(FingerprintItems, EachStandsInTheVerdictOfSomeCase) {
  std::string all;
  for (const std::filesystem::path& path : find_cases(kFolder)) all += read_file(path);
  for (const diagnose::fingerprint::ItemEntry& entry : diagnose::fingerprint::items())
    EXPECT_NE(all.find(" " + std::string(entry.id)), std::string::npos) << entry.id;
}

}  // namespace
}  // namespace viaduct::cases
