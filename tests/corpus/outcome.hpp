// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include "corpus.hpp"

#include <string>
#include <vector>

namespace viaduct::corpus {

/// What this project makes of a sample.
struct Outcome {
  bool readable = false;  ///< the structure could be read
  bool valid = false;
  std::vector<std::string> invalid;    ///< codes in order of offset, each once
  std::vector<std::string> tolerated;  ///< the same for those that do not decide
};
[[nodiscard]] Outcome outcome_of(const Sample& message);
[[nodiscard]] Outcome outcome_of_sdp(const Sample& body);

/// The outcome contradicts what its source asks for, or real traffic is judged invalid: needs an explanation.
[[nodiscard]] bool differs(const Sample& sample, const Outcome& outcome);

/// Lines of explanations.tsv: a file name pattern with *, a code ("accepted" where the source asks to refuse),
/// and one sentence. The first line that fits explains.
class Explanations {
 public:
  Explanations();
  /// The explanation of a difference; empty if there is none.
  [[nodiscard]] std::string find(const Sample& sample, const Outcome& outcome);
  /// Lines that explained nothing so far.
  [[nodiscard]] std::vector<std::string> unused() const;

 private:
  struct Line {
    std::string pattern;
    std::string code;
    std::string text;
    bool used = false;
  };
  std::vector<Line> lines_;
};

/// docs/corpus-outcomes.md.
[[nodiscard]] std::string outcomes_page();

}  // namespace viaduct::corpus
