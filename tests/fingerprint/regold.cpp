// SPDX-License-Identifier: GPL-2.0-or-later
// Rewrites the items and verdicts of the cases in a folder to what is found now.
#include "fingerprint_case.hpp"
#include "support/case_files.hpp"

int main(int argc, char** argv) {
  return viaduct::cases::rewrite_cases(argc, argv, viaduct::cases::run_fingerprint_case);
}
