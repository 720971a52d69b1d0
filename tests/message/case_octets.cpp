// SPDX-License-Identifier: GPL-2.0-or-later
// Writes the octets of one case to the standard output: to send them, to look at them, to feed another program.
#include "case_file.hpp"

#include <cstdio>

int main(int argc, char** argv) {
  if (argc != 2) {
    std::fprintf(stderr, "usage: message_case_octets CASE.md\n");
    return 2;
  }
  const viaduct::cases::CaseFile file = viaduct::cases::load(argv[1]);
  if (!file.error.empty()) {
    std::fprintf(stderr, "message_case_octets: %s: %s\n", argv[1], file.error.c_str());
    return 1;
  }
  return std::fwrite(file.octets.data(), 1, file.octets.size(), stdout) == file.octets.size() ? 0 : 3;
}
