// SPDX-License-Identifier: GPL-2.0-or-later
#include "audit/catalogue.hpp"
#include "audit/read_device.hpp"
#include "audit/recognition.hpp"

#include <gmock/gmock.h>
#include <toml++/toml.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <string>
#include <vector>

namespace viaduct::audit {
namespace {

namespace fs = std::filesystem;
using testing::Contains;
using testing::HasSubstr;
using testing::IsEmpty;

constexpr std::string_view kLabel = ".expect.toml";

[[nodiscard]] fs::path folder() {
  return fs::path(VIADUCT_SOURCE_DIR) / "tests/audit/cases/hostile";
}

/// Texts that are cut, sealed, no text at all or full of what does not belong there: what must be told of them, and
/// what must not be believed. A reader may tell more features than the label has: those before a cut.
class Hostile : public testing::TestWithParam<std::string> {};

[[nodiscard]] std::vector<std::string> cases() {
  std::vector<std::string> names;
  for (const fs::directory_entry& entry : fs::directory_iterator(folder())) {
    const std::string name = entry.path().filename().string();
    if (name.ends_with(kLabel)) names.push_back(name.substr(0, name.size() - kLabel.size()));
  }
  std::ranges::sort(names);
  return names;
}

[[nodiscard]] Device read(const std::string& stem) {
  static const Catalogue catalogue = Catalogue::built_in();
  static const Recogniser recogniser(catalogue);
  for (const fs::directory_entry& entry : fs::directory_iterator(folder())) {
    const std::string name = entry.path().filename().string();
    if (name.ends_with(kLabel) || !name.starts_with(stem + ".")) continue;
    std::ifstream file(entry.path(), std::ios::binary);
    return read_device(Text::read(name, {std::istreambuf_iterator<char>(file), {}}), catalogue, recogniser);
  }
  ADD_FAILURE() << "no file beside the label of " << stem;
  return {};
}

[[nodiscard]] std::string line_of(Bytes name, Bytes scope, Bytes state, std::int64_t line) {
  return std::string(name) + " [" + std::string(scope) + "] " + std::string(state) + ", line " + std::to_string(line);
}

TEST_P(Hostile, IsToldAndNotBelieved) {
  const toml::table label = toml::parse_file((folder() / (GetParam() + std::string(kLabel))).string());
  const auto text = [](const toml::table& table, const char* key) { return table[key].value_or(std::string()); };
  const Device device = read(GetParam());
  EXPECT_EQ(device.product, text(label, "product"));
  EXPECT_EQ(device.version, text(label, "version"));
  EXPECT_EQ(device.hostname, text(label, "hostname"));
  EXPECT_EQ(std::string(name(device.sip)), text(label, "sip"));
  EXPECT_EQ(std::string(name(device.rtp_priority)), text(label, "rtp_priority"));
  if (const std::string error = text(label, "error"); error.empty())
    EXPECT_THAT(device.problems, IsEmpty());
  else
    EXPECT_THAT(device.problems, Contains(HasSubstr(error)));
  std::vector<std::string> features(device.features.size());
  std::ranges::transform(device.features, features.begin(), [](const Feature& feature) {
    return line_of(feature.name, feature.scope, name(feature.state), feature.origin.line);
  });
  if (const toml::array* const list = label["feature"].as_array())
    for (const toml::node& node : *list) {
      const toml::table& entry = *node.as_table();
      EXPECT_THAT(features, Contains(line_of(text(entry, "name"), text(entry, "scope"), text(entry, "state"),
                                             entry["line"].value_or(-1))));
    }
}

std::string test_name(const testing::TestParamInfo<std::string>& info) {
  std::string name = info.param;
  for (char& c : name)
    if (!std::isalnum(static_cast<unsigned char>(c))) c = '_';
  return name;
}

INSTANTIATE_TEST_SUITE_P(Cases, Hostile, testing::ValuesIn(cases()), test_name);

}  // namespace
}  // namespace viaduct::audit
