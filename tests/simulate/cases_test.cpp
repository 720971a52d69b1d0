// SPDX-License-Identifier: GPL-2.0-or-later
// Goldens: what a case of tests/simulate/cases writes, as text. To take a change over, copy the file the failure names.
#include "simulate/capture_text_test.hpp"
#include "simulate/label.hpp"
#include "simulate/scenario.hpp"
#include "support/golden.hpp"

#include <gtest/gtest.h>

namespace viaduct::simulate {
namespace {

const std::filesystem::path kCases = VIADUCT_SOURCE_DIR "/tests/simulate/cases";

std::vector<std::string> case_names() {
  std::vector<std::string> names;
  for (const auto& entry : std::filesystem::directory_iterator(kCases))
    if (entry.path().extension() == ".toml") names.push_back(entry.path().stem().string());
  std::ranges::sort(names);
  return names;
}

class Folder {
 public:
  Folder() {
    const auto* const test = ::testing::UnitTest::GetInstance()->current_test_info();
    std::string name = std::string(test->test_suite_name()) + "-" + test->name();
    std::ranges::replace(name, '/', '-');
    path_ = std::filesystem::path(::testing::TempDir()) / ("viaduct-simulate-" + name);
    std::filesystem::create_directories(path_);
  }
  ~Folder() {
    std::error_code ignored;
    std::filesystem::remove_all(path_, ignored);
  }
  Folder(const Folder&) = delete;
  Folder& operator=(const Folder&) = delete;
  [[nodiscard]] const std::filesystem::path& path() const { return path_; }

 private:
  std::filesystem::path path_;
};

/// One site with its captures, as text and as it went.
struct Made {
  SiteSetup setup;
  SiteRun run;
};

void make(const ScenarioParams& params, std::uint64_t seed, const std::filesystem::path& folder, Made& made) {
  made.setup = draw_site(params, 0, seed);
  auto run = run_site(made.setup, seed, folder);
  ASSERT_TRUE(run.has_value()) << run.error();
  made.run = std::move(*run);
}

Params params_of(const std::string& name) {
  const auto params = parse_params(test::read_whole(kCases / (name + ".toml")));
  EXPECT_TRUE(params.has_value()) << params.error();
  return params ? *params : Params{};
}

/// One member of a JSON object a line, so that a difference shows which.
std::string on_lines(std::string json) {
  for (std::size_t at = json.find(", \""); at != std::string::npos; at = json.find(", \"", at + 1)) {
    const std::size_t quote = json.find('"', at + 3);
    if (json.compare(quote, 3, "\": ") == 0) json.replace(at, 2, ",\n ");
  }
  return json;
}

class Case : public ::testing::TestWithParam<std::string> {};

TEST_P(Case, WritesWhatItsGoldenSays) {
  const Params params = params_of(GetParam());
  const Folder folder;
  Made made;
  make(params.scenarios.front(), 1, folder.path(), made);
  std::string text = on_lines(site_label(made.setup, made.run)) + on_lines(call_labels(made.setup, made.run)) + "\n" +
                     to_text(read_capture(folder.path() / capture_name(made.setup)));
  if (made.setup.vantage == Vantage::both)
    text += "\ninside:\n" + to_text(read_capture(folder.path() / inside_name(made.setup)));
  test::expect_file(kCases / (GetParam() + ".txt"), text, ::testing::TempDir());
}

TEST_P(Case, CapturesWhatItsLabelsCount) {
  const Params params = params_of(GetParam());
  for (std::uint64_t seed = 1; seed <= 3; ++seed) {
    const Folder folder;
    Made made;
    make(params.scenarios.front(), seed, folder.path(), made);
    const Capture capture = read_capture(folder.path() / capture_name(made.setup));
    EXPECT_TRUE(capture.in_order);
    if (!made.setup.capture_missed.empty()) continue;  // what the tap missed is nobody's count
    std::uint64_t captured = 0, counted = 0;
    for (const auto& [key, stream] : capture.streams) captured += static_cast<std::uint64_t>(stream.packets);
    const bool outside = made.setup.captures_outside();
    for (const auto& call : made.run.calls)
      counted += (outside ? call->up.passed : call->up.sent) + (outside ? call->down.sent : call->down.passed);
    EXPECT_EQ(captured, counted) << "seed " << seed;
  }
}

INSTANTIATE_TEST_SUITE_P(Simulated, Case, ::testing::ValuesIn(case_names()), [](const auto& each) {
  std::string name = each.param;
  std::ranges::replace(name, '-', '_');
  return name;
});

TEST(Simulation, SameSeedGivesTheSameOctets) {
  const Params params = params_of("alg-pinhole");
  std::string captures[3], labels[3];
  const std::uint64_t seeds[3] = {5, 5, 6};
  for (std::size_t i = 0; i < 3; ++i) {
    const Folder folder;
    Made made;
    make(params.scenarios.front(), seeds[i], folder.path(), made);
    captures[i] = test::read_whole(folder.path() / capture_name(made.setup));
    labels[i] = call_labels(made.setup, made.run);
  }
  EXPECT_TRUE(captures[0] == captures[1]);
  EXPECT_EQ(labels[0], labels[1]);
  EXPECT_FALSE(captures[0] == captures[2]);
}

/// There is no golden for a scenario, a family or a look-alike that somebody forgot.
TEST(Simulation, EachScenarioHasACase) {
  const std::vector<std::string> names = case_names();
  for (const std::string_view scenario : scenario_names())
    EXPECT_NE(std::ranges::find(names, scenario), names.end()) << scenario;
}

}  // namespace
}  // namespace viaduct::simulate
