// SPDX-License-Identifier: GPL-2.0-or-later
#include "box_host.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <filesystem>
#include <set>
#include <stdlib.h>

namespace viaduct::hosttest {

BoxHost::BoxHost() {
  std::string pattern = ::testing::TempDir() + "viaduct-host-XXXXXX";
  EXPECT_NE(::mkdtemp(pattern.data()), nullptr);
  root_ = pattern;
}

BoxHost::~BoxHost() {
  std::error_code ignored;
  std::filesystem::remove_all(root_, ignored);
}

std::string BoxHost::moved(const std::string& path) const {
  return path.starts_with("/etc/") ? root_ + path : path;
}

os::Result<os::ProcessOutcome> BoxHost::run(const std::vector<std::string>& arguments, const std::string& input) {
  std::vector<std::string> words(arguments.size());
  std::ranges::transform(arguments, words.begin(), [this](const std::string& word) { return moved(word); });
  return system_.run(words, input);
}
bool BoxHost::has_program(const std::string& name) {
  return system_.has_program(name);
}
os::Result<std::string> BoxHost::read(const std::string& path) {
  return system_.read(moved(path));
}
os::Result<void> BoxHost::write(const std::string& path, const std::string& content, unsigned mode) {
  return system_.write(moved(path), content, mode);
}
os::Result<void> BoxHost::set(const std::string& path, const std::string& value) {
  return system_.set(path, value);
}
os::Result<void> BoxHost::remove(const std::string& path) {
  return system_.remove(moved(path));
}
std::vector<std::string> BoxHost::list(const std::string& folder) {
  return system_.list(moved(folder));
}
os::Result<std::string> BoxHost::ruleset_json() {
  return system_.ruleset_json();
}

os::Result<os::ProcessOutcome> RecordedHost::run(const std::vector<std::string>& arguments, const std::string& input) {
  std::string line = os::Step{arguments, input}.to_text();
  std::map<std::string, std::string>::const_iterator known = outputs.find(line);
  if (known != outputs.end()) return os::ProcessOutcome{0, known->second, {}};
  if (line.starts_with("nft -a list chain") || line.find("--query-rule") != std::string::npos)
    return os::ProcessOutcome{1, {}, "no\n"};
  changes.push_back(line);
  return os::ProcessOutcome{};
}

bool RecordedHost::has_program(const std::string& name) {
  return std::any_of(outputs.begin(), outputs.end(), [&name](const std::pair<const std::string, std::string>& entry) {
    return entry.first == name || entry.first.starts_with(name + " ");
  });
}

os::Result<std::string> RecordedHost::read(const std::string& path) {
  std::map<std::string, std::string>::const_iterator found = files.find(path);
  if (found == files.end()) return os::fail(os::Problem::not_found, "read " + path);
  return found->second;
}

os::Result<void> RecordedHost::write(const std::string& path, const std::string& content, unsigned) {
  files[path] = content;
  return {};
}

os::Result<void> RecordedHost::set(const std::string& path, const std::string& value) {
  files[path] = value;
  changes.push_back("set " + path + " " + value);
  return {};
}

os::Result<void> RecordedHost::remove(const std::string& path) {
  files.erase(path);
  return {};
}

std::vector<std::string> RecordedHost::list(const std::string& folder) {
  std::set<std::string> names;
  for (const auto& [path, content] : files)
    if (path.starts_with(folder + "/")) {
      std::string rest = path.substr(folder.size() + 1);
      names.insert(rest.substr(0, rest.find('/')));
    }
  return {names.begin(), names.end()};
}

os::Result<std::string> RecordedHost::ruleset_json() {
  return ruleset;
}

}  // namespace viaduct::hosttest
