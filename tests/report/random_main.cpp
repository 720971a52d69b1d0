// SPDX-License-Identifier: GPL-2.0-or-later
// Writes the JSON reports of random results, a record separator before each (RFC 7464).
#include "report/json.hpp"
#include "report/random_result.hpp"

#include <cstdio>
#include <cstdlib>
#include <string>

int main(int argc, char** argv) {
  if (argc != 2) {
    std::fprintf(stderr, "usage: report_random COUNT\n");
    return 2;
  }
  const unsigned long count = std::strtoul(argv[1], nullptr, 10);
  for (unsigned long seed = 1; seed <= count; ++seed) {
    viaduct::finding::Result result = viaduct::report::random_result(seed);
    viaduct::finding::limit(result);
    const std::string text = "\x1e" + viaduct::report::to_json(result);
    if (std::fwrite(text.data(), 1, text.size(), stdout) != text.size()) return 3;
  }
}
