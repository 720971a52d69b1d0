// SPDX-License-Identifier: GPL-2.0-or-later
#include "diagnose/diagnosis.hpp"
#include "diagnose/words.hpp"

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
  return counted(count, "call", "calls");
}

[[nodiscard]] bool failed(const finding::Finding& found) {
  return found.verdict == finding::Verdict::fail && found.severity != finding::Severity::note;
}
[[nodiscard]] bool is_note(const finding::Finding& found) {
  return found.verdict == finding::Verdict::fail && found.severity == finding::Severity::note;
}
[[nodiscard]] bool left_open(const finding::Finding& found) {
  return found.verdict == finding::Verdict::inconclusive &&
         (found.cause != finding::Cause::none || found.severity != finding::Severity::note);
}

/// It could not be judged, and nothing says that something was wrong.
[[nodiscard]] bool not_told(const finding::Finding& found) {
  return left_open(found) && found.cause == finding::Cause::none;
}

/// Edits of an ALG that harm nothing by themselves.
[[nodiscard]] bool incidental(const finding::Finding& found) {
  return failed(found) && found.cause == finding::Cause::alg && found.severity == finding::Severity::minor;
}

/// What failed without a call, of which there may be none at all: its cause where it names one.
[[nodiscard]] finding::Attribution attribution_of(const std::vector<finding::Finding>& findings) {
  finding::Attribution all;
  for (const finding::Finding& found : findings) {
    if (!found.calls.empty() || found.cause == finding::Cause::none) continue;
    if ((!failed(found) && !left_open(found)) || incidental(found)) continue;
    if (!failed(found) || !proven(found.cause)) {
      if (all.cause == finding::Cause::none) all.cause = finding::Cause::not_proven;
    } else if (!proven(all.cause) || found.confidence > all.confidence) {
      all.cause = found.cause;
      all.confidence = found.confidence;
    }
  }
  return all;
}

/// Answered, and no RTP of it was captured: nothing can be said of how it sounded.
[[nodiscard]] bool unheard(const finding::CallSummary& call) {
  return call.answered && call.streams.empty();
}

/// Neither a call nor media: nothing that can be good or bad, but for registrations.
[[nodiscard]] bool nothing_in(const finding::Result& result) {
  return result.calls.empty() && result.streams.empty();
}

[[nodiscard]] std::string seen_text(const finding::Result& result, const SignallingFacts& sip) {
  if (!result.calls.empty()) return calls_text(result.calls.size());
  if (!result.streams.empty()) {
    const std::string streams = counted(result.streams.size(), "stream", "streams");
    const std::string talkers =
        sip.parts == 0 ? "" : " of " + counted(result.streams.size() - sip.parts, "talker", "talkers");
    return streams + talkers + (sip.messages == 0 ? " without SIP" : " without a call");
  }
  const std::string messages = counted(sip.messages, "SIP message", "SIP messages");
  if (sip.registrations == 0) return messages + ", none of a call, and no RTP";
  return messages + " of " + counted(sip.registrations, "registration", "registrations") + ", no call and no RTP";
}

[[nodiscard]] std::string sentence_of(const finding::Result& result, const Tally& tally, const SignallingFacts& sip) {
  std::string text;
  for (std::size_t i = 0; i < kCauses; ++i) {
    const auto cause = static_cast<finding::Cause>(i);
    if (cause == finding::Cause::none || cause == finding::Cause::not_proven || tally.calls[i] == 0) continue;
    text += (text.empty() ? "" : "; ") + calls_text(tally.calls[i]) + ": " + std::string(spoken(cause));
  }
  if (const std::size_t open = tally.of(finding::Cause::not_proven); open > 0)
    text += (text.empty() ? "" : "; ") + calls_text(open) + ": something was wrong, the cause is not proven";
  const bool unread = std::any_of(result.findings.begin(), result.findings.end(), not_told);
  if (nothing_in(result) && sip.messages == 0)
    return unread ? "SIP could not be read, see the findings." : "Nothing was found that is SIP or RTP.";
  const std::string seen = seen_text(result, sip);
  if (!text.empty()) return seen + ". " + text + ".";
  if (proven(result.attribution.cause))
    return seen + (result.calls.empty() ? ". The cause is " : ". No call was bad; what was wrong besides: ") +
           std::string(spoken(result.attribution.cause)) + ".";
  if (result.attribution.cause == finding::Cause::not_proven)
    return seen + ". Something was wrong, see the findings; no cause is proven.";
  if (std::any_of(result.findings.begin(), result.findings.end(), failed))
    return seen + (unread
                       ? ". Not all can be judged, and something was found that can make calls bad, see the findings."
                       : ". No call was bad, but something was found that can make them so, see the findings.");
  if (unread) return seen + ". Nothing can be said of the calls, see the findings.";
  if (nothing_in(result) && sip.registrations == 0) return seen + ": nothing to judge.";
  const auto silent = static_cast<std::size_t>(std::count_if(result.calls.begin(), result.calls.end(), unheard));
  if (silent > 0)
    return seen + ". Nothing was wrong with what was captured, but of " + calls_text(silent) +
           " no RTP was: nothing is said of the audio.";
  if (std::any_of(result.findings.begin(), result.findings.end(), is_note))
    return seen + ". Nothing was wrong that did harm; the findings note what else was seen.";
  return seen + ". Nothing was wrong.";
}

}  // namespace

void conclude(finding::Result& result, const SignallingFacts& sip) {
  const Tally sums = tally(result);
  const std::vector<finding::Finding>& all = result.findings;
  result.attribution = attribution_of(sums);
  if (result.attribution.cause == finding::Cause::none) result.attribution = attribution_of(all);
  result.sentence = sentence_of(result, sums, sip);
  const bool nothing = nothing_in(result) && sip.registrations == 0;
  if (std::any_of(all.begin(), all.end(), failed))
    result.verdict = finding::Overall::findings;
  else if (nothing || std::any_of(all.begin(), all.end(), left_open) ||
           std::any_of(result.calls.begin(), result.calls.end(), unheard))
    result.verdict = finding::Overall::inconclusive;
  else
    result.verdict = finding::Overall::clean;
}

}  // namespace viaduct::diagnose
