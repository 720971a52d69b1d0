// SPDX-License-Identifier: GPL-2.0-or-later
// Rewrites the expected reports in a folder to what the program says now.
#include "report/sample.hpp"

#include <cstdio>
#include <filesystem>
#include <fstream>

int main(int argc, char** argv) {
  if (argc != 2) {
    std::fprintf(stderr, "usage: report_regold FOLDER\n");
    return 2;
  }
  for (const viaduct::report::NamedReport& report : viaduct::report::all_reports())
    std::ofstream(std::filesystem::path(argv[1]) / report.file, std::ios::binary) << report.text;
}
