// SPDX-License-Identifier: GPL-2.0-or-later
// Stands in for libFuzzer where it is not there: runs a target over files, each whole and cut off at every octet, so
// that the plain test run proves the corpora too.
#include "target.hpp"

#include <cstdio>
#include <exception>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <vector>

namespace {

constexpr std::size_t kMostPrefixes = 4096;

std::size_t replay(const std::filesystem::path& path) {
  std::ifstream file(path, std::ios::binary);
  if (!file)
    throw std::filesystem::filesystem_error("cannot open", path,
                                            std::make_error_code(std::errc::no_such_file_or_directory));
  const std::vector<std::uint8_t> whole((std::istreambuf_iterator<char>(file)), std::istreambuf_iterator<char>());
  LLVMFuzzerTestOneInput(whole.data(), whole.size());
  const std::size_t prefixes = whole.size() < kMostPrefixes ? whole.size() : kMostPrefixes;
  for (std::size_t size = 0; size < prefixes; ++size) {
    // A copy of exactly this size, so that sanitizers see a read behind it.
    const std::vector<std::uint8_t> prefix(whole.begin(), whole.begin() + static_cast<std::ptrdiff_t>(size));
    LLVMFuzzerTestOneInput(prefix.data(), prefix.size());
  }
  return prefixes + 1;
}

int run(int count, char** arguments) {
  std::size_t files = 0;
  std::size_t runs = 0;
  for (int i = 1; i < count; ++i) {
    const std::filesystem::path path = arguments[i];
    if (!std::filesystem::is_directory(path)) {
      runs += replay(path);
      ++files;
      continue;
    }
    for (const std::filesystem::directory_entry& entry : std::filesystem::recursive_directory_iterator(path)) {
      if (!entry.is_regular_file()) continue;
      runs += replay(entry.path());
      ++files;
    }
  }
  std::printf("%zu inputs, %zu runs\n", files, runs);
  if (files == 0) std::fprintf(stderr, "replay: no input: name files or folders\n");
  return files == 0 ? 1 : 0;
}

}  // namespace

int main(int count, char** arguments) {
  try {
    return run(count, arguments);
  } catch (const std::exception& error) {
    std::fprintf(stderr, "replay: %s\n", error.what());
    return 1;
  }
}
