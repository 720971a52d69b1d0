// SPDX-License-Identifier: GPL-2.0-or-later
// Rewrites the expected blocks of the cases below a folder to what the program prints now.
#include "case_file.hpp"

#include <cstdio>
#include <fstream>

int main(int argc, char** argv) {
  if (argc != 2) {
    std::fprintf(stderr, "usage: message_regold FOLDER\n");
    return 2;
  }
  int changed = 0;
  for (const std::filesystem::path& path : viaduct::cases::find_cases(argv[1])) {
    const viaduct::cases::CaseFile file = viaduct::cases::load(path);
    if (!file.error.empty()) {
      std::fprintf(stderr, "message_regold: %s: %s\n", path.c_str(), file.error.c_str());
      return 1;
    }
    const std::string text = rewritten(file);
    if (text == file.text) continue;
    std::ofstream(path, std::ios::binary) << text;
    std::printf("rewrote %s\n", path.c_str());
    ++changed;
  }
  std::printf("%d rewritten\n", changed);
}
