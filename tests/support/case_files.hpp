// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <algorithm>
#include <cstdio>
#include <expected>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <string>
#include <vector>

/// Folders of goldens: *.case files whose second half is what the program makes of the first.
namespace viaduct::cases {

[[nodiscard]] inline std::string read_file(const std::filesystem::path& path) {
  std::ifstream stream(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(stream), {}};
}

/// In the order of their names.
[[nodiscard]] inline std::vector<std::filesystem::path> find_cases(const std::filesystem::path& folder) {
  std::vector<std::filesystem::path> paths;
  for (const auto& entry : std::filesystem::directory_iterator(folder))
    if (entry.path().extension() == ".case") paths.push_back(entry.path());
  std::ranges::sort(paths);
  return paths;
}

/// Names without suffix, which become parts of the names of tests.
[[nodiscard]] inline std::vector<std::string> find_stems(const std::filesystem::path& folder) {
  std::vector<std::string> names;
  for (const std::filesystem::path& path : find_cases(folder)) names.push_back(path.stem().string());
  return names;
}

/// The main() of a program that writes `rewritten` of each file over it: of its text the new text, or a sentence why
/// there is none, as std::expected.
template <class Rewritten>
[[nodiscard]] int rewrite_cases(int argc, char** argv, Rewritten rewritten) {
  if (argc != 2) {
    std::fprintf(stderr, "usage: %s FOLDER\n", argv[0]);
    return 2;
  }
  int changed = 0;
  for (const std::filesystem::path& path : find_cases(argv[1])) {
    const std::string text = read_file(path);
    const std::expected<std::string, std::string> done = rewritten(text);
    if (!done) {
      std::fprintf(stderr, "%s: %s: %s\n", argv[0], path.c_str(), done.error().c_str());
      return 1;
    }
    if (*done == text) continue;
    std::ofstream(path, std::ios::binary) << *done;
    std::printf("rewrote %s\n", path.c_str());
    ++changed;
  }
  std::printf("%d rewritten\n", changed);
  return 0;
}

}  // namespace viaduct::cases
