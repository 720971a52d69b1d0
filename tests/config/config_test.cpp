// SPDX-License-Identifier: GPL-2.0-or-later
// Whole file in, whole answer out: cases/NAME.toml gives cases/NAME.expected, which is either the effective
// configuration or everything that is said about the problems. Where a file that is kept in the tree must change,
// the test writes the new one beside its binary and says which command takes it over.
#include "viaduct-gateway/config.hpp"

#include "support/golden.hpp"
#include "viaduct-gateway/config_diagnostics.hpp"
#include "viaduct-gateway/config_keys.hpp"

#include <gtest/gtest.h>

#include <unistd.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <regex>
#include <sstream>
#include <string>

namespace viaduct::gateway {
namespace {

namespace fs = std::filesystem;
const fs::path kTree = VIADUCT_SOURCE_DIR;
const fs::path kCases = kTree / "tests/config/cases";

using test::read_whole;

void expect_file(const fs::path& path, const std::string& found) {
  test::expect_file(path, found, VIADUCT_BINARY_DIR);
}

std::string answer(const std::string& text, const std::string& name) {
  std::expected<GatewayConfig, ConfigFailure> config = parse_config(text, name);
  return config ? to_toml(*config) : config.error().text;
}

class ConfigCase : public testing::TestWithParam<std::string> {};

TEST_P(ConfigCase, GivesTheWholeExpectedAnswer) {
  std::string name = GetParam();
  expect_file(kCases / (name + ".expected"), answer(read_whole(kCases / (name + ".toml")), name + ".toml"));
}

std::vector<std::string> case_names() {
  std::vector<std::string> names;
  for (const fs::directory_entry& entry : fs::directory_iterator(kCases))
    if (entry.path().extension() == ".toml") names.push_back(entry.path().stem());
  std::sort(names.begin(), names.end());
  return names;
}

INSTANTIATE_TEST_SUITE_P(Files, ConfigCase, testing::ValuesIn(case_names()),
                         [](const testing::TestParamInfo<std::string>& test) {
                           return std::regex_replace(test.param, std::regex("[^A-Za-z0-9]"), "_");
                         });

TEST(ConfigFile, EveryCaseHasBothHalves) {
  std::size_t inputs = 0, outputs = 0;
  for (const fs::directory_entry& entry : fs::directory_iterator(kCases))
    ++(entry.path().extension() == ".toml" ? inputs : outputs);
  EXPECT_EQ(inputs, outputs);
  EXPECT_GE(inputs, 10U);
}

TEST(ConfigFile, AnEmptyFileMeansTheDefaults) {
  EXPECT_EQ(answer("", "empty.toml"), to_toml(GatewayConfig{}));
}

TEST(ConfigFile, EffectiveConfigurationReadsBackAsItself) {
  for (const std::string& name : case_names()) {
    std::expected<GatewayConfig, ConfigFailure> config = parse_config(read_whole(kCases / (name + ".toml")), name);
    if (!config) continue;
    std::string effective = to_toml(*config);
    EXPECT_EQ(answer(effective, "effective.toml"), effective) << name;
  }
}

/// The example with the comment sign taken from every key and section, but not from prose.
std::string uncommented(const std::string& example) {
  return std::regex_replace(example, std::regex("(^|\n)#([a-z\\[])"), "$1$2");
}

TEST(ConfigExample, IsMadeFromTheTableOfKeys) {
  expect_file(kTree / "packaging/gateway.toml", example_config());
}

TEST(ConfigExample, ChangesNothingAsItIsShipped) {
  EXPECT_EQ(answer(read_whole(kTree / "packaging/gateway.toml"), "gateway.toml"), to_toml(GatewayConfig{}));
}

TEST(ConfigExample, IsValidWithEveryKeyInUse) {
  // Address and domain of a platform exclude each other.
  std::string all = std::regex_replace(uncommented(example_config()), std::regex("\ndomain = [^\n]*"), "");
  for (const ConfigKey& key : config_keys()) {
    if (key.name == "domain") continue;
    EXPECT_NE(all.find("\n" + std::string(key.name) + " = "), std::string::npos) << key.name;
  }
  std::expected<GatewayConfig, ConfigFailure> config = parse_config(all, "all.toml");
  ASSERT_TRUE(config) << config.error().text;
  EXPECT_EQ(config->policy.platforms.size(), 1U);
  EXPECT_EQ(config->qos.rate, 20000000U);
}

TEST(ConfigManual, HasTheKeysOfTheTable) {
  fs::path page = kTree / "docs/man/viaduct-gateway.toml.5";
  std::string text = read_whole(page);
  const std::string begin = ".\\\" Keys: made from apps/viaduct-gateway/config_keys.cpp, see tests/config.\n";
  const std::string end = ".\\\" End of keys.\n";
  std::size_t from = text.find(begin), to = text.find(end);
  ASSERT_NE(from, std::string::npos);
  ASSERT_NE(to, std::string::npos);
  expect_file(page, text.substr(0, from + begin.size()) + manual_keys() + text.substr(to));
}

TEST(ConfigKeys, AreWhole) {
  for (const ConfigKey& key : config_keys()) {
    std::string name = std::string(key.section) + "." + std::string(key.name);
    EXPECT_NE(key.read, nullptr) << name;
    EXPECT_TRUE(key.meaning.ends_with(".")) << name;
    EXPECT_FALSE(values_of(key).empty()) << name;
    EXPECT_TRUE(key.required || !standard_of(key).empty()) << name << " has no default to show";
    std::span<const ConfigSection> sections = config_sections();
    const auto home = std::find_if(sections.begin(), sections.end(),
                                   [&key](const ConfigSection& s) { return s.name == key.section; });
    ASSERT_NE(home, sections.end()) << name;
    EXPECT_EQ(home->repeated, key.write == nullptr) << name;
  }
}

TEST(ConfigKeys, ThatNeedARestartAreNamed) {
  GatewayConfig running, wanted;
  wanted.policy.mode = alg::Mode::assist;
  wanted.udp_timeout = std::chrono::seconds(600);
  EXPECT_EQ(keys_needing_restart(running, wanted), std::vector<std::string>{});
  wanted.queue.number = 7;
  wanted.paths.socket = "/run/other.sock";
  EXPECT_EQ(keys_needing_restart(running, wanted), (std::vector<std::string>{"queue.number", "paths.socket"}));
}

TEST(CheckConfig, TellsItsOutcomeByExitCode) {
  fs::path folder = fs::path(VIADUCT_BINARY_DIR) / ("check-" + std::to_string(::getpid()));
  fs::create_directories(folder);
  fs::path file = folder / "gateway.toml";
  std::ostringstream out, err;
  std::ofstream(file) << "mode = \"pinhole\"\n";
  EXPECT_EQ(check_config(file, out, err), 0);
  EXPECT_EQ(out.str(), file.string() + ": valid\n");
  EXPECT_EQ(err.str(), "");
  std::ofstream(file) << "mode = \"pinhole\nport = 1\n";
  EXPECT_EQ(check_config(file, out, err), 1);
  EXPECT_TRUE(err.str().starts_with(file.string() + ":1:")) << err.str();
  err.str("");
  fs::remove(file);
  EXPECT_EQ(check_config(file, out, err), 3);
  EXPECT_NE(err.str().find(file.string()), std::string::npos) << err.str();
  err.str("");
  EXPECT_EQ(check_config(folder, out, err), 3) << "a folder is no file";
  fs::remove_all(folder);
}

TEST(Diagnostics, SurviveEveryTruncationAndEveryOctet) {
  std::string all = uncommented(example_config());
  for (std::size_t length = 0; length < all.size(); length += 7) (void)answer(all.substr(0, length), "cut.toml");
  for (int octet = 0; octet < 256; ++octet) {
    std::string text = "mode = \"off\"\n[qos]\nrate = \"x" + std::string(1, static_cast<char>(octet)) + "\"\n";
    std::string said = answer(text, "octet.toml");
    for (char c : said) EXPECT_TRUE(c == '\n' || static_cast<unsigned char>(c) >= 0x20) << octet;
  }
}

}  // namespace
}  // namespace viaduct::gateway
