// SPDX-License-Identifier: GPL-2.0-or-later
#include "diagnose/audio_due.hpp"
#include "diagnose/rules/rules.hpp"
#include "diagnose/words.hpp"

#include <algorithm>
#include <optional>

namespace viaduct::diagnose::rules {
namespace {

constexpr finding::Rule kRule{
    .id = "late-media",
    .title = "Audio begins long after the answer",
    .cause = finding::Cause::not_proven,
    .needs = "The answer of a call, its ACK, and RTP after it.",
    .why = "The first words are lost, and people hang up or say hello twice.",
    .remedy =
        "If media comes right after the first packet of its receiver, the sender or a router waits for that: let "
        "phones send from the answer on, also while muted. If not, look at the sender.",
};

constexpr Duration kLate = std::chrono::seconds(1);
constexpr Duration kMajor = std::chrono::seconds(3);
constexpr Duration kPrompt = std::chrono::milliseconds(300);

/// The first stream of a direction.
[[nodiscard]] const StreamFacts* first_of(const CallFacts& facts, const std::vector<std::uint32_t>& streams) {
  const StreamFacts* first = nullptr;
  for (const std::uint32_t index : streams)
    if (first == nullptr || facts.streams[index].report.first < first->report.first) first = &facts.streams[index];
  return first;
}

[[nodiscard]] Time acknowledged(const call::Call& call) {
  Time time = call::kNever;
  for (const call::Dialog& dialog : call.dialogs) time = std::min(time, dialog.acknowledged);
  return time;
}

struct Late {
  std::uint32_t stream = 0;
  Duration by{};
  bool waited = false;  ///< it came right after the first packet of its receiver, which was late itself
};

[[nodiscard]] std::optional<Late> late(const CallFacts& facts, const AudioPath& path, call::Party receiver,
                                       Time ready) {
  const StreamFacts* const first = first_of(facts, path.streams_to(receiver));
  if (first == nullptr || path.due_to(receiver).empty()) return std::nullopt;
  const AudioDue& due = path.due_to(receiver).front();
  const Time from = std::max(due.from, ready);
  if (first->report.first < from + kLate || first->report.first > due.until) return std::nullopt;
  Late found{.stream = static_cast<std::uint32_t>(first - facts.streams.data()), .by = first->report.first - from};
  if (const StreamFacts* const other = first_of(facts, path.streams_to(call::other(receiver))))
    found.waited = other->report.first >= from + kLate && first->report.first >= other->report.first &&
                   first->report.first - other->report.first <= kPrompt;
  return found;
}

[[nodiscard]] finding::Finding fail(const CallFacts& facts, const Late& late) {
  const StreamFacts& stream = facts.streams[late.stream];
  finding::Finding found = finding::Finding::fail(
      kRule, late.by >= kMajor ? finding::Severity::major : finding::Severity::minor, 0.9,
      "Audio towards the " + std::string(call::name(stream.receiver)) + " began " + seconds_text(late.by) +
          " after the answer" +
          (late.waited
               ? ", right after the first packet that the " + std::string(call::name(stream.receiver)) + " sent."
               : "."),
      evidence_at(stream.report.first_frame, stream.report.first, "its first packet"));
  found.streams = {late.stream};
  return found;
}

/// No router delays what both parties send: where audio of both directions came late at one place and was on time at
/// another one, what captured it there began later, or has another clock.
[[nodiscard]] bool is_only_here(const CallFacts& facts, const AudioPath& here, const std::vector<AudioPath>& paths,
                                Time ready) {
  for (const call::Party receiver : {call::Party::caller, call::Party::callee})
    if (first_of(facts, here.streams_to(receiver)) == nullptr) return false;
  const auto on_time = [&](const AudioPath& path, call::Party receiver) {
    return first_of(facts, path.streams_to(receiver)) != nullptr && !late(facts, path, receiver, ready);
  };
  if (on_time(here, call::Party::caller) || on_time(here, call::Party::callee)) return false;
  return std::any_of(paths.begin(), paths.end(), [&](const AudioPath& path) {
    return path.is_beside(here) && (on_time(path, call::Party::caller) || on_time(path, call::Party::callee));
  });
}

finding::Finding judge(const CallFacts& facts) {
  const Time ready = acknowledged(facts.call);
  if (facts.call.answered == call::kNever || ready == call::kNever)
    return finding::Finding::not_applicable(kRule, "The call was not answered, or its answer not acknowledged.");
  std::optional<Late> worst;
  bool media = false;
  const std::vector<AudioPath> paths = audio_paths(facts);
  for (const AudioPath& path : paths)
    for (const call::Party receiver : {call::Party::caller, call::Party::callee}) {
      media = media || !path.streams_to(receiver).empty();
      const std::optional<Late> found = late(facts, path, receiver, ready);
      if (!found || (worst && worst->by >= found->by) || is_only_here(facts, path, paths, ready)) continue;
      worst = found;
    }
  if (worst) return fail(facts, *worst);
  if (!media) return finding::Finding::not_applicable(kRule, "No RTP of the call was captured.");
  return finding::Finding::pass(kRule, 1, "Audio began within a second after the answer.");
}

}  // namespace

CallRule late_media() {
  return {kRule, judge};
}

}  // namespace viaduct::diagnose::rules
