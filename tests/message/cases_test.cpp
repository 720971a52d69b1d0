// SPDX-License-Identifier: GPL-2.0-or-later
// Each file of tests/cases/sip: whole message in, whole report out. After a change that is meant, run
// tools/regold and read the difference.
#include "case_file.hpp"

#include <gtest/gtest.h>

#include <cctype>
#include <fstream>
#include <map>
#include <sstream>
#include <string>

namespace viaduct::cases {
namespace {

const std::filesystem::path kFolder = std::filesystem::path(VIADUCT_SOURCE_DIR) / "tests/cases/sip";

[[nodiscard]] std::string relative_name(const std::filesystem::path& path) {
  return path.lexically_relative(kFolder).string();
}

/// The parameter is a file name relative to kFolder: it becomes part of the test's name.
class SipCase : public testing::TestWithParam<std::string> {};

TEST_P(SipCase, ReportIsAsExpected) {
  const CaseFile file = load(kFolder / GetParam());
  ASSERT_EQ(file.error, "") << file.path;
  EXPECT_EQ(actual_text(file), file.expected) << file.path;
  if (!file.json.empty()) {
    EXPECT_EQ(actual_json(file), file.json) << file.path;
  }
}

[[nodiscard]] std::vector<std::string> all_cases() {
  std::vector<std::string> names;
  for (const std::filesystem::path& path : find_cases(kFolder)) names.push_back(relative_name(path));
  return names;
}

[[nodiscard]] std::string test_name(const testing::TestParamInfo<std::string>& info) {
  std::string name = info.param;
  name.resize(name.size() - 3);
  for (char& c : name)
    if (std::isalnum(static_cast<unsigned char>(c)) == 0) c = '_';
  return name;
}

INSTANTIATE_TEST_SUITE_P(All, SipCase, testing::ValuesIn(all_cases()), test_name);

/// The table of README.md: `| section | [case](file) | what the RFC asks for | valid or invalid |`.
struct Row {
  std::string asked;
  std::string outcome;
};
[[nodiscard]] std::map<std::string, Row> read_table() {
  std::ifstream stream(kFolder / "README.md");
  std::map<std::string, Row> rows;
  for (std::string line; std::getline(stream, line);) {
    std::vector<std::string> cells;
    std::istringstream cut(line);
    for (std::string cell; std::getline(cut, cell, '|');) cells.push_back(cell);
    if (cells.size() != 5 || cells[2].find("](") == std::string::npos) continue;
    const std::size_t open = cells[2].find("](") + 2;
    const std::string file = cells[2].substr(open, cells[2].find(')') - open);
    rows[file] = {std::string(base::Bytes(cells[3])), cells[4].substr(1, cells[4].size() - 2)};
  }
  return rows;
}

TEST(SipCases, TableNamesEveryCaseWithItsOutcome) {
  std::map<std::string, Row> rows = read_table();
  for (const std::filesystem::path& path : find_cases(kFolder)) {
    const std::string name = relative_name(path);
    ASSERT_TRUE(rows.contains(name)) << name << " is missing in tests/cases/sip/README.md";
    const CaseFile file = load(path);
    const std::string first_line = file.expected.substr(0, file.expected.find('\n'));
    const bool valid = first_line.find(": valid ") != std::string::npos;
    EXPECT_EQ(rows[name].outcome, valid ? "valid" : "invalid") << name;
    if (rows[name].asked == " accept ") {
      EXPECT_TRUE(valid) << name;
    }
    if (rows[name].asked == " refuse ") {
      EXPECT_FALSE(valid) << name;
    }
    rows.erase(name);
  }
  for (const auto& [name, row] : rows) ADD_FAILURE() << "README.md names " << name << ", which does not exist";
}

TEST(SipCases, EverySectionOfTheTortureTestsHasACase) {
  std::map<std::string, int> per_folder;
  for (const std::filesystem::path& path : find_cases(kFolder)) ++per_folder[path.parent_path().filename().string()];
  EXPECT_EQ(per_folder["rfc4475"], 49);
  EXPECT_EQ(per_folder["rfc5118"], 12) << "sections 4.1 to 4.10; 4.5 and 4.10 have two messages each";
}

}  // namespace
}  // namespace viaduct::cases
