// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <iterator>
#include <string>

namespace viaduct::test {

inline std::string read_whole(const std::filesystem::path& path) {
  std::ifstream file(path, std::ios::binary);
  EXPECT_TRUE(file.good()) << "cannot read " << path;
  return {std::istreambuf_iterator<char>(file), {}};
}

/// Compares with a file of the tree. On a difference the text found is left in `beside` for the developer to look
/// at and, if it is right, to copy: a test never writes what it expects.
inline void expect_file(const std::filesystem::path& path, const std::string& found,
                        const std::filesystem::path& beside) {
  std::string expected = std::filesystem::exists(path) ? read_whole(path) : "";
  if (expected == found) return;
  std::filesystem::path fresh = beside / path.filename();
  std::ofstream(fresh, std::ios::binary) << found;
  ADD_FAILURE() << path << " differs.\nlook: diff " << path.string() << " " << fresh.string() << "\ntake over: cp "
                << fresh.string() << " " << path.string();
}

}  // namespace viaduct::test
