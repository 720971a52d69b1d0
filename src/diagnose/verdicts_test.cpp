// SPDX-License-Identifier: GPL-2.0-or-later
// Every rule has a golden case for each verdict that it can give. Held when the program runs all of its tests: the
// entry diagnose_verdicts of ctest.
#include "diagnose/finding_text_test.hpp"
#include "diagnose/rule_code.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <filesystem>
#include <fstream>

namespace viaduct::diagnose {
namespace {

using finding::Verdict;

constexpr std::array kVerdicts{Verdict::fail, Verdict::pass, Verdict::not_applicable, Verdict::inconclusive};

/// A verdict that a rule never gives, and why.
struct Never {
  base::Bytes rule;
  Verdict verdict;
  base::Bytes why;
};
constexpr std::array kNever{
    Never{"queue-overflow", Verdict::inconclusive, "fewer than six losses are no statement about queues"},
    Never{"dscp-bleached", Verdict::inconclusive, "one direction alone is not applicable"},
    Never{"capture-holes", Verdict::fail, "what the capture may have missed is nobody's fault, and all that is known"},
    Never{"delay-swings", Verdict::fail, "what a phone's buffer made of it is not captured"},
    Never{"one-way-audio", Verdict::inconclusive, "audio that came and ceased is audio-ends's"},
    Never{"late-media", Verdict::inconclusive, "without an ACK or media there is nothing to time"},
    Never{"rejected-calls", Verdict::inconclusive, "a status says what it says"},
    Never{"ice-mismatch", Verdict::inconclusive, "candidates are there, and fit c= and m= or do not"},
    Never{"content-length-wrong", Verdict::inconclusive, "a length is right or it is not"},
    Never{"same-period", Verdict::inconclusive, "what chance may have made is not told"},
    Never{"capture-incomplete", Verdict::inconclusive, "a capture says what it lost, or it does not"},
    Never{"signalling-unread", Verdict::fail, "what cannot be read is no fault of a call"},
    Never{"alg-edits-relayed-media", Verdict::inconclusive, "who relays shows in packets, or no relay does"},
    Never{"dscp-changed", Verdict::inconclusive, "a stream has its mark on both sides, or is on one"},
};

[[nodiscard]] bool is_never(base::Bytes rule, Verdict verdict) {
  return std::ranges::any_of(kNever, [&](const Never& one) { return one.rule == rule && one.verdict == verdict; });
}

/// Lines "= RULE VERDICT..." of tests/fingerprint/cases, which another program runs.
void add_fingerprint_cases() {
  for (const auto& entry : std::filesystem::directory_iterator(VIADUCT_SOURCE_DIR "/tests/fingerprint/cases")) {
    std::ifstream file(entry.path());
    for (std::string line; std::getline(file, line);)
      for (const CaseRule& rule : case_rules())
        for (const Verdict verdict : kVerdicts) {
          const std::string begin = "= " + std::string(rule.rule.id) + " " + std::string(finding::name(verdict));
          if (line.starts_with(begin)) test::seen_verdicts().emplace(rule.rule.id, verdict);
        }
  }
}

void hold(const finding::Rule& rule) {
  for (const Verdict verdict : kVerdicts) {
    const bool seen = test::seen_verdicts().contains({std::string(rule.id), verdict});
    EXPECT_NE(seen, is_never(rule.id, verdict))
        << rule.id << " " << finding::name(verdict) << (seen ? " is given after all" : " has no golden case");
  }
}

class EveryVerdict : public testing::Environment {
  void TearDown() override {
    if (GTEST_FLAG_GET(filter) != "*") return;
    add_fingerprint_cases();
    for (const MediaRule& rule : media_rules()) hold(rule.rule);
    for (const CallRule& rule : call_rules()) hold(rule.rule);
    for (const CaseRule& rule : case_rules()) hold(rule.rule);
  }
};

const testing::Environment* const kEveryVerdict = testing::AddGlobalTestEnvironment(new EveryVerdict);

}  // namespace
}  // namespace viaduct::diagnose
