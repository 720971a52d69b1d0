// SPDX-License-Identifier: GPL-2.0-or-later
// Each file of tests/faults/cases: packets in, and all that leaves the box. After a change that is meant, run
// tools/regold and read the difference.
#include "fault_case.hpp"
#include "faults/behaviour.hpp"
#include "faults/family.hpp"
#include "support/case_files.hpp"

#include <gtest/gtest.h>

#include <algorithm>

namespace viaduct::cases {
namespace {

const std::filesystem::path kFolder = std::filesystem::path(VIADUCT_SOURCE_DIR) / "tests/faults/cases";
const std::filesystem::path kFamilies = std::filesystem::path(VIADUCT_SOURCE_DIR) / "tests/faults/families";

/// The parameter is the stem of a file in kFolder: it becomes part of the test's name.
class FaultCases : public testing::TestWithParam<std::string> {};

TEST_P(FaultCases, BoxDoesAsExpected) {
  const std::string text = read_file(kFolder / (GetParam() + ".case"));
  const auto done = run_case(text);
  ASSERT_TRUE(done.has_value()) << done.error();
  EXPECT_EQ(text, done->rewritten);
}

TEST_P(FaultCases, SetsEveryParameterAndEveryWordOfAChoice) {
  const faults::BehaviourEntry* const entry = faults::find_behaviour(GetParam());
  ASSERT_NE(entry, nullptr) << GetParam() << ".case is about no behaviour";
  const auto done = run_case(read_file(kFolder / (GetParam() + ".case")));
  ASSERT_TRUE(done.has_value()) << done.error();
  EXPECT_TRUE(done->switched.contains(GetParam()));
  for (const faults::Parameter& parameter : entry->parameters) {
    const std::string name = GetParam() + "." + std::string(parameter.name) + "=";
    std::size_t values = 0;
    for (const std::string& setting : done->settings) values += setting.starts_with(name) ? 1 : 0;
    const auto words = std::count(parameter.words.begin(), parameter.words.end(), '|') + 1;
    EXPECT_GE(values, std::max<std::size_t>(2, static_cast<std::size_t>(words))) << name;
  }
}

INSTANTIATE_TEST_SUITE_P(All, FaultCases, testing::ValuesIn(find_stems(kFolder)),
                         [](const auto& stem) { return stem.param; });

TEST(FaultCaseFiles, EveryBehaviourHasOne) {
  for (const faults::BehaviourEntry& entry : faults::behaviours())
    EXPECT_TRUE(std::filesystem::exists(kFolder / (std::string(entry.id) + ".case"))) << entry.id;
}

/// One file for each family: its change vector over the same messages.
class FamilyCases : public testing::TestWithParam<std::string> {};

TEST_P(FamilyCases, ChangesWhatItIsKnownFor) {
  const std::string text = read_file(kFamilies / (GetParam() + ".case"));
  const auto done = run_case(text);
  ASSERT_TRUE(done.has_value()) << done.error();
  EXPECT_EQ(text, done->rewritten);
}

std::vector<std::string> family_names() {
  std::vector<std::string> names;
  for (const faults::Family& family : faults::families()) names.emplace_back(family.name);
  return names;
}

std::string word_of(const testing::TestParamInfo<std::string>& info) {
  std::string name = info.param;
  std::ranges::replace(name, '-', '_');
  return name;
}

INSTANTIATE_TEST_SUITE_P(All, FamilyCases, testing::ValuesIn(family_names()), word_of);

}  // namespace
}  // namespace viaduct::cases
