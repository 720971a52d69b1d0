// SPDX-License-Identifier: GPL-2.0-or-later
// Each case of tests/audit/cases: what the readers say is what its label says, line for line. Those of
// tests/audit/held_out, which others wrote after the readers: product, version, host, state and timers, without
// features and places, whose words were not agreed on.
#include "audit/read_device.hpp"

#include <gmock/gmock.h>
#include <toml++/toml.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <iterator>

namespace viaduct::audit {
namespace {

namespace fs = std::filesystem;

constexpr Bytes kLabel = ".expect.toml";

[[nodiscard]] std::string file_of(const fs::path& path) {
  std::ifstream file(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(file), {}};
}

/// What a device is, one statement a line, features and timers in the order of the alphabet.
struct Statement {
  std::string head;
  std::vector<std::string> features, timers, nat;

  [[nodiscard]] std::string text() const {
    std::vector<std::string> sorted = features;
    std::ranges::sort(sorted);
    std::string whole = head;
    for (const std::string& feature : sorted) whole += feature;
    sorted = timers;
    std::ranges::sort(sorted);
    for (const std::string& timer : sorted) whole += timer;
    sorted = nat;
    std::ranges::sort(sorted);
    for (const std::string& trait : sorted) whole += trait;
    return whole;
  }
};

std::string head_of(const std::string& product, const std::string& version, const std::string& hostname, Bytes sip,
                    Bytes rtp) {
  return "product " + product + "\nversion " + version + "\nhostname " + hostname + "\nsip " + std::string(sip) +
         "\nrtp priority " + std::string(rtp) + "\n";
}

std::string feature_line(const std::string& name, const std::string& scope, Bytes state, std::int64_t line) {
  return "feature " + name + " [" + scope + "] " + std::string(state) + ", line " + std::to_string(line) + "\n";
}

std::string timer_line(const std::string& name, const std::string& scope, Bytes applies, std::int64_t seconds,
                       std::int64_t line) {
  return "timer " + name + " [" + scope + "] " + std::string(applies) + " " + std::to_string(seconds) + " s, line " +
         std::to_string(line) + "\n";
}

std::string nat_line(const std::string& name, const std::string& scope, const std::string& value, std::int64_t line) {
  return "nat " + name + " [" + scope + "] " + value + ", line " + std::to_string(line) + "\n";
}

std::string said(const toml::table& label) {
  const auto text = [](const toml::table& table, const char* key) { return table[key].value_or(std::string()); };
  const auto number = [](const toml::table& table, const char* key) { return table[key].value_or(std::int64_t{-2}); };
  Statement statement{.head = head_of(text(label, "product"), text(label, "version"), text(label, "hostname"),
                                      text(label, "sip"), text(label, "rtp_priority")),
                      .features = {},
                      .timers = {},
                      .nat = {}};
  if (const toml::array* const list = label["feature"].as_array())
    for (const toml::node& node : *list) {
      const toml::table& entry = *node.as_table();
      statement.features.push_back(
          feature_line(text(entry, "name"), text(entry, "scope"), text(entry, "state"), number(entry, "line")));
    }
  if (const toml::array* const list = label["timer"].as_array())
    for (const toml::node& node : *list) {
      const toml::table& entry = *node.as_table();
      statement.timers.push_back(timer_line(text(entry, "name"), text(entry, "scope"), text(entry, "applies"),
                                            number(entry, "seconds"), number(entry, "line")));
    }
  if (const toml::array* const list = label["nat"].as_array())
    for (const toml::node& node : *list) {
      const toml::table& entry = *node.as_table();
      statement.nat.push_back(
          nat_line(text(entry, "name"), text(entry, "scope"), text(entry, "value"), number(entry, "line")));
    }
  return statement.text();
}

std::string read(const Device& device) {
  Statement statement{
      .head = head_of(device.product, device.version, device.hostname, name(device.sip), name(device.rtp_priority)),
      .features = {},
      .timers = {},
      .nat = {}};
  for (const Feature& feature : device.features)
    statement.features.push_back(feature_line(feature.name, feature.scope, name(feature.state), feature.origin.line));
  for (const Timer& timer : device.timers)
    statement.timers.push_back(
        timer_line(timer.name, timer.scope, name(timer.applies), timer.seconds, timer.origin.line));
  for (const NatTrait& trait : device.nat)
    statement.nat.push_back(nat_line(trait.name, trait.scope, trait.value, trait.origin.line));
  return statement.text();
}

/// The head of a device and what its timers are worth.
std::string in_short(const toml::table& label) {
  const auto text = [](const toml::table& table, const char* key) { return table[key].value_or(std::string()); };
  Statement statement{
      .head = head_of(text(label, "product"), text(label, "version"), text(label, "hostname"), text(label, "sip"), {}),
      .features = {},
      .timers = {},
      .nat = {}};
  if (const toml::array* const list = label["timer"].as_array())
    for (const toml::node& node : *list) {
      const toml::table& entry = *node.as_table();
      statement.timers.push_back(text(entry, "applies") + " " +
                                 std::to_string(entry["seconds"].value_or(std::int64_t{-2})) + " s\n");
    }
  return statement.text();
}

std::string in_short(const Device& device) {
  Statement statement{.head = head_of(device.product, device.version, device.hostname, name(device.sip), {}),
                      .features = {},
                      .timers = {},
                      .nat = {}};
  for (const Timer& timer : device.timers)
    statement.timers.push_back(std::string(name(timer.applies)) + " " + std::to_string(timer.seconds) + " s\n");
  return statement.text();
}

/// What must be told of hostile texts is in hostile_test.cpp.
[[nodiscard]] std::vector<std::string> cases(const char* folder) {
  std::vector<std::string> names;
  const fs::path root = fs::path(VIADUCT_SOURCE_DIR) / "tests/audit" / folder;
  for (const fs::directory_entry& entry : fs::recursive_directory_iterator(root)) {
    const std::string path = fs::relative(entry.path(), root).string();
    if (path.ends_with(kLabel) && !path.starts_with("hostile/"))
      names.push_back(path.substr(0, path.size() - kLabel.size()));
  }
  std::ranges::sort(names);
  return names;
}

/// The configuration beside a label.
[[nodiscard]] fs::path configuration_of(const fs::path& label, const std::string& stem) {
  for (const fs::directory_entry& entry : fs::directory_iterator(label.parent_path())) {
    const std::string name = entry.path().filename().string();
    if (!name.ends_with(kLabel) && name.starts_with(stem + ".")) return entry.path();
  }
  return {};
}

class Labels : public testing::TestWithParam<std::string> {
 protected:
  void look(const char* folder) {
    static const Catalogue catalogue = Catalogue::built_in();
    static const Recogniser recogniser(catalogue);
    const fs::path path = fs::path(VIADUCT_SOURCE_DIR) / "tests/audit" / folder / (GetParam() + std::string(kLabel));
    const fs::path configuration = configuration_of(path, fs::path(GetParam()).filename().string());
    ASSERT_FALSE(configuration.empty()) << "no configuration beside " << path;
    text_ = Text::read(configuration.filename().string(), file_of(configuration));
    device_ = read_device(text_, catalogue, recogniser);
    label_ = toml::parse_file(path.string());
  }

  Text text_;
  Device device_;
  toml::table label_;
};

TEST_P(Labels, AreWhatTheReaderSays) {
  ASSERT_NO_FATAL_FAILURE(look("cases"));
  EXPECT_EQ(read(device_), said(label_));
}

class HeldOut : public Labels {};

TEST_P(HeldOut, IsWhatTheReaderSays) {
  ASSERT_NO_FATAL_FAILURE(look("held_out"));
  EXPECT_EQ(in_short(device_), in_short(label_));
}

std::string test_name(const testing::TestParamInfo<std::string>& info) {
  std::string name = info.param;
  for (char& c : name)
    if (!std::isalnum(static_cast<unsigned char>(c))) c = '_';
  return name;
}

INSTANTIATE_TEST_SUITE_P(Cases, Labels, testing::ValuesIn(cases("cases")), test_name);
INSTANTIATE_TEST_SUITE_P(Cases, HeldOut, testing::ValuesIn(cases("held_out")), test_name);

}  // namespace
}  // namespace viaduct::audit
