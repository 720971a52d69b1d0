// SPDX-License-Identifier: GPL-2.0-or-later
// Rewrites the items and verdicts of the cases in a folder to what is found now.
#include "fault_case.hpp"
#include "fingerprint_case.hpp"

#include <cstdio>
#include <fstream>

int main(int argc, char** argv) {
  if (argc != 2) {
    std::fprintf(stderr, "usage: fingerprint_regold FOLDER\n");
    return 2;
  }
  int changed = 0;
  for (const std::filesystem::path& path : viaduct::cases::find_cases(argv[1])) {
    const std::string text = viaduct::cases::read_file(path);
    const auto done = viaduct::cases::run_fingerprint_case(text);
    if (!done) {
      std::fprintf(stderr, "fingerprint_regold: %s: %s\n", path.c_str(), done.error().c_str());
      return 1;
    }
    if (*done == text) continue;
    std::ofstream(path, std::ios::binary) << *done;
    std::printf("rewrote %s\n", path.c_str());
    ++changed;
  }
  std::printf("%d rewritten\n", changed);
}
