// SPDX-License-Identifier: GPL-2.0-or-later
// Prints what captures of one point show of SIP ALGs, for looking into sets of captures by hand.
#include "captured.hpp"
#include "evidence_text.hpp"

#include <cstdio>

int main(int argc, char** argv) {
  if (argc < 2) {
    std::fprintf(stderr, "usage: fingerprints CAPTURE...\n");
    return 2;
  }
  const auto sources = viaduct::cases::judge_captures({argv + 1, argv + argc});
  if (!sources) {
    std::fprintf(stderr, "fingerprints: a capture cannot be read\n");
    return 3;
  }
  std::fputs(viaduct::cases::text_of(*sources).c_str(), stdout);
  return 0;
}
