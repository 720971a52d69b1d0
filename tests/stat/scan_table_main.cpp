// SPDX-License-Identifier: GPL-2.0-or-later
// Simulates the limits of src/stat/scan_table.cpp and writes that file to standard output.
#include "stat/scan_simulation.hpp"

#include <cstdio>

namespace {

void print_limits(const viaduct::stat::ScanLimits& limits) {
  std::printf("      {");
  for (std::size_t level = 0; level < limits.size(); ++level) {
    std::printf("%s%.4fF", level == 0 ? "" : ", ", static_cast<double>(limits[level]));
  }
  std::printf("},\n");
}

}  // namespace

int main() {
  using namespace viaduct::stat;
  std::printf("// SPDX-License-Identifier: GPL-2.0-or-later\n");
  std::printf("// Written by stat_scan_table. One block per observed time, one line per number of onsets.\n");
  std::printf("#include \"stat/scan_table.hpp\"\n\nnamespace viaduct::stat {\n\n// clang-format off\n");
  std::printf("const ScanTable kScanTable{{\n");
  for (const double observed : kTableObserved) {
    std::printf("    {{  // %.0f s\n", observed);
    for (const std::size_t n : kTableOnsets) print_limits(simulate_limits(n, observed, 1, 2e9));
    std::printf("    }},\n");
    std::fflush(stdout);
  }
  std::printf("}};\n// clang-format on\n\n}  // namespace viaduct::stat\n");
}
