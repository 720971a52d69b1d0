// SPDX-License-Identifier: GPL-2.0-or-later
#include "diagnose/diagnosis.hpp"

#include <algorithm>
#include <array>
#include <string>

namespace viaduct::diagnose {
namespace {

constexpr std::size_t kCauses = static_cast<std::size_t>(finding::Cause::last);

/// Calls by what made them bad.
struct Tally {
  std::array<std::size_t, kCauses> calls{};
  std::array<double, kCauses> confidence{};  ///< the highest

  [[nodiscard]] std::size_t of(finding::Cause cause) const { return calls[static_cast<std::size_t>(cause)]; }
};

[[nodiscard]] Tally tally(const finding::Result& result) {
  Tally tally;
  for (const finding::CallSummary& call : result.calls) {
    const auto cause = static_cast<std::size_t>(call.attribution.cause);
    ++tally.calls[cause];
    tally.confidence[cause] = std::max(tally.confidence[cause], call.attribution.confidence);
  }
  return tally;
}

/// The cause of most calls, then the next.
[[nodiscard]] finding::Attribution attribution_of(const Tally& tally) {
  finding::Attribution all;
  std::size_t most = 0;
  std::size_t next = 0;
  for (std::size_t i = 0; i < kCauses; ++i) {
    const auto cause = static_cast<finding::Cause>(i);
    if (cause == finding::Cause::none || cause == finding::Cause::not_proven || tally.calls[i] == 0) continue;
    if (tally.calls[i] > most) {
      next = most;
      all.runner_up = all.cause;
      all.runner_up_confidence = all.confidence;
      most = tally.calls[i];
      all.cause = cause;
      all.confidence = tally.confidence[i];
    } else if (tally.calls[i] > next) {
      next = tally.calls[i];
      all.runner_up = cause;
      all.runner_up_confidence = tally.confidence[i];
    }
  }
  if (all.cause == finding::Cause::none && tally.of(finding::Cause::not_proven) > 0)
    all.cause = finding::Cause::not_proven;
  return all;
}

[[nodiscard]] std::string calls_text(std::size_t count) {
  return std::to_string(count) + (count == 1 ? " call" : " calls");
}

[[nodiscard]] std::string sentence_of(const finding::Result& result, const Tally& tally) {
  if (result.calls.empty() && result.streams.empty()) return "Nothing was found that is SIP or RTP.";
  std::string text;
  for (std::size_t i = 0; i < kCauses; ++i) {
    const auto cause = static_cast<finding::Cause>(i);
    if (cause == finding::Cause::none || cause == finding::Cause::not_proven || tally.calls[i] == 0) continue;
    text += (text.empty() ? "" : "; ") + calls_text(tally.calls[i]) + ": " + std::string(spoken(cause));
  }
  if (const std::size_t open = tally.of(finding::Cause::not_proven); open > 0)
    text += (text.empty() ? "" : "; ") + calls_text(open) + ": something was wrong, the cause is not proven";
  const std::string of_all = calls_text(result.calls.size()) + " looked at. ";
  if (text.empty()) return of_all + "Nothing was wrong with them.";
  return of_all + text + ".";
}

}  // namespace

void conclude(finding::Result& result) {
  const Tally counted = tally(result);
  result.attribution = attribution_of(counted);
  result.sentence = sentence_of(result, counted);
  result.verdict = finding::Overall::clean;
  if (result.calls.empty() && result.streams.empty()) result.verdict = finding::Overall::inconclusive;
  for (const finding::Finding& found : result.findings) {
    if (found.verdict == finding::Verdict::fail && found.severity != finding::Severity::note)
      result.verdict = finding::Overall::findings;
    if (found.verdict == finding::Verdict::inconclusive && found.cause != finding::Cause::none &&
        result.verdict == finding::Overall::clean)
      result.verdict = finding::Overall::inconclusive;
  }
  const bool streams_only = result.calls.empty() && !result.streams.empty();
  if (streams_only && result.verdict == finding::Overall::clean) result.sentence = "No call was found, only media.";
}

}  // namespace viaduct::diagnose
