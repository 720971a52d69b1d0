// SPDX-License-Identifier: GPL-2.0-or-later
// Rewrites the reports of the cases in a folder to what is understood now.
#include "call_case.hpp"
#include "support/case_files.hpp"

int main(int argc, char** argv) {
  return viaduct::cases::rewrite_cases(argc, argv, viaduct::cases::run_call_case);
}
