// SPDX-License-Identifier: GPL-2.0-or-later
// Rewrites the outputs of the cases in a folder to what the box does now.
#include "fault_case.hpp"
#include "support/case_files.hpp"

int main(int argc, char** argv) {
  const auto rewritten = [](const std::string& text) -> std::expected<std::string, std::string> {
    const auto done = viaduct::cases::run_case(text);
    if (!done) return std::unexpected(done.error());
    return done->rewritten;
  };
  return viaduct::cases::rewrite_cases(argc, argv, rewritten);
}
