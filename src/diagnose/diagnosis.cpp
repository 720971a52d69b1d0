// SPDX-License-Identifier: GPL-2.0-or-later
#include "diagnose/diagnosis.hpp"

#include "diagnose/scanner.hpp"

#include <algorithm>
#include <iterator>
#include <tuple>
#include <utility>

namespace viaduct::diagnose {
namespace {

/// Evidence of one call among that of others, so that no call fills the list.
constexpr std::size_t kMostOfOne = 4;

[[nodiscard]] bool same_kind(const finding::Finding& a, const finding::Finding& b) {
  return a.rule.id == b.rule.id && a.verdict == b.verdict && a.cause == b.cause && a.family == b.family;
}

[[nodiscard]] bool worse(const finding::Finding& a, const finding::Finding& b) {
  return std::pair(a.severity, a.confidence) > std::pair(b.severity, b.confidence);
}

template <class T>
void append(std::vector<T>& to, std::vector<T>&& from, std::size_t most) {
  const std::size_t room = to.size() < most ? most - to.size() : 0;
  from.erase(from.begin() + static_cast<std::ptrdiff_t>(std::min(room, from.size())), from.end());
  std::move(from.begin(), from.end(), std::back_inserter(to));
}

/// The worse of two keeps its words; calls, streams and evidence are those of both.
void merge(finding::Finding& into, finding::Finding&& more) {
  if (worse(more, into)) std::swap(into, more);
  into.calls.insert(into.calls.end(), more.calls.begin(), more.calls.end());
  into.streams.insert(into.streams.end(), more.streams.begin(), more.streams.end());
  const std::size_t all = into.evidence.size() + more.evidence.size();
  append(into.evidence, std::move(more.evidence), finding::Finding::kMaxEvidence);
  into.evidence_left_out += more.evidence_left_out + static_cast<std::uint32_t>(all - into.evidence.size());
  append(into.exhibits, std::move(more.exhibits), finding::Finding::kMaxExhibits);
  for (std::string& behaviour : more.behaviours)
    if (std::find(into.behaviours.begin(), into.behaviours.end(), behaviour) == into.behaviours.end())
      into.behaviours.push_back(std::move(behaviour));
}

[[nodiscard]] bool about_calls(finding::Verdict verdict) {
  return verdict == finding::Verdict::fail || verdict == finding::Verdict::inconclusive;
}

}  // namespace

void Diagnosis::add(const CallFacts& facts, std::uint32_t call, std::uint32_t first_stream) {
  records_.push_back(record_of(facts, call, first_stream));
  outcomes_.push_back(outcome_of(facts, call, first_stream));
  note(facts.streams, call, first_stream);
  judge_media(facts.streams, call, first_stream);
  for (const CallRule& rule : call_rules()) {
    finding::Finding found = rule.judge(facts);
    if (about_calls(found.verdict)) note_if_scanner(facts.call, found);
    take_one(std::move(found), About::call, call, first_stream);
  }
}

void Diagnosis::add_media(std::span<const StreamFacts> streams, Site site, call::Point point,
                          std::uint32_t first_stream) {
  records_.push_back(record_of(streams, site, point, first_stream));
  note(streams, kNoCall, first_stream);
  judge_media(streams, kNoCall, first_stream);
}

void Diagnosis::judge_media(std::span<const StreamFacts> streams, std::uint32_t call, std::uint32_t first_stream) {
  for (const MediaRule& rule : media_rules()) {
    const bool held =
        two_sides_ && ((rule.waits == Waits::for_losses && losses_.hold(rule, streams, call, first_stream)) ||
                       (rule.waits == Waits::for_gaps && drop_outs_.hold(rule, streams, call, first_stream)));
    if (!held) take_one(rule.judge(streams), About::gaps, call, first_stream);
  }
}

void Diagnosis::note(std::span<const StreamFacts> streams, std::uint32_t call, std::uint32_t first_stream) {
  if (!two_sides_ || streams.empty()) return;
  streams_.resize(std::max(streams_.size(), first_stream + streams.size()));
  for (std::size_t i = 0; i < streams.size(); ++i)
    streams_[first_stream + i] = sides::SeenStream::of(streams[i].report, call);
}

void Diagnosis::take_one(finding::Finding&& finding, About about, std::uint32_t call, std::uint32_t first_stream) {
  for (std::uint32_t& stream : finding.streams) stream += first_stream;
  if (about_calls(finding.verdict)) finding.calls = {call};
  if (told_ && finding.verdict == finding::Verdict::fail) told_(finding, call);
  if (finding.evidence.size() > kMostOfOne) {
    finding.evidence_left_out += static_cast<std::uint32_t>(finding.evidence.size() - kMostOfOne);
    finding.evidence.erase(finding.evidence.begin() + kMostOfOne, finding.evidence.end());
  }
  take(std::move(finding), about);
}

void Diagnosis::judge_losses(const sides::Comparison* comparison, sides::Side here) {
  if (comparison != nullptr) passed_on_ = sides::PassedOn(*comparison, here);
  std::vector<HeldFinding> held = std::move(losses_).judged(passed_on_);
  std::ranges::move(std::move(drop_outs_).judged(passed_on_), std::back_inserter(held));
  for (HeldFinding& one : held) take_one(std::move(one.finding), About::gaps, one.call, one.first_stream);
  for (CallRecord& record : records_)
    std::erase_if(record.onsets, [this](const Onset& onset) {
      return onset.missing > 0 && onset.stream < streams_.size() &&
             passed_on_.capture_missed(streams_[onset.stream], onset.at, onset.length);
    });
}

void Diagnosis::finish(CaseFacts facts) {
  std::sort(records_.begin(), records_.end(),
            [](const CallRecord& a, const CallRecord& b) { return a.index < b.index; });
  std::sort(outcomes_.begin(), outcomes_.end(),
            [](const CallOutcome& a, const CallOutcome& b) { return a.index < b.index; });
  facts.calls = records_;
  facts.outcomes = outcomes_;
  facts.streams = streams_;
  facts.passed_on = &passed_on_;
  find_passed_on();
  for (const CaseRule& rule : case_rules())
    for (finding::Finding& finding : rule.judge(facts)) take(std::move(finding), rule.about);
}

void Diagnosis::find_passed_on() {
  elsewhere_.clear();
  for (const sides::SeenStream& stream : streams_) elsewhere_.push_back(passed_on_.all_of(stream));
  for (const CallRecord& record : records_)
    for (const Onset& onset : record.onsets)
      if (onset.stream < streams_.size() && elsewhere_[onset.stream] && !passed_on_.lacked_before(onset, streams_))
        elsewhere_[onset.stream] = false;
}

void Diagnosis::take(finding::Finding&& finding, About about) {
  std::erase(finding.calls, kNoCall);
  claim(finding, about);
  const auto same = std::find_if(merged_.begin(), merged_.end(),
                                 [&](const Merged& merged) { return same_kind(merged.finding, finding); });
  if (same == merged_.end()) {
    merged_.push_back({std::move(finding), 1});
    return;
  }
  ++same->calls;
  same->alike = same->alike && same->finding.statement == finding.statement;
  if (about_calls(finding.verdict)) merge(same->finding, std::move(finding));
}

void Diagnosis::claim(const finding::Finding& finding, About about) {
  if (!about_calls(finding.verdict) || finding.cause == finding::Cause::none) return;
  // What is worth knowing made no call bad.
  if (finding.verdict == finding::Verdict::fail && finding.severity == finding::Severity::note) return;
  const bool proven = finding.verdict == finding::Verdict::fail && finding.cause != finding::Cause::not_proven;
  for (const std::uint32_t call : finding.calls) {
    Claim& claim = claims_.emplace_back(Claim{.call = call,
                                              .cause = finding.cause,
                                              .proven = proven,
                                              .about = about,
                                              .severity = finding.severity,
                                              .confidence = static_cast<float>(finding.confidence)});
    if (about != About::gaps) continue;
    for (const std::uint32_t stream : finding.streams)
      if (stream < streams_.size() && streams_[stream].call == call) claim.streams.push_back(stream);
  }
}

/// The box between the captures had no part in it.
bool Diagnosis::elsewhere(const Claim& claim) const {
  return !claim.streams.empty() &&
         std::ranges::all_of(claim.streams, [this](std::uint32_t stream) { return elsewhere_[stream]; });
}

/// Without edits that have nothing to do with what was bad of their call.
std::vector<Diagnosis::Claim> Diagnosis::claims_that_count(std::size_t calls) const {
  enum class Bad : std::uint8_t { not_at_all, by_edits, elsewhere, here };
  std::vector<Bad> bad(calls);
  for (const Claim& claim : claims_) {
    if (claim.call >= calls) continue;
    const bool edits = claim.about == About::edits && claim.proven;
    const Bad by = edits ? (claim.severity == finding::Severity::critical ? Bad::by_edits : Bad::not_at_all)
                         : (elsewhere(claim) ? Bad::elsewhere : Bad::here);
    bad[claim.call] = std::max(bad[claim.call], by);
  }
  std::vector<Claim> count;
  std::ranges::copy_if(claims_, std::back_inserter(count), [&](const Claim& claim) {
    if (claim.call >= calls) return false;
    const Bad of_call = bad[claim.call];
    return claim.about != About::edits || !claim.proven || of_call == Bad::by_edits || of_call == Bad::here;
  });
  return count;
}

std::vector<finding::Finding> Diagnosis::findings() && {
  std::vector<finding::Finding> all;
  all.reserve(merged_.size());
  for (Merged& merged : merged_) {
    // Where some calls failed or could not be judged, that others did not have what it takes says nothing.
    const bool said = std::any_of(merged_.begin(), merged_.end(), [&](const Merged& other) {
      return other.finding.rule.id == merged.finding.rule.id && other.finding.verdict != merged.finding.verdict &&
             (about_calls(other.finding.verdict) || other.finding.verdict == finding::Verdict::pass);
    });
    if (merged.finding.verdict == finding::Verdict::not_applicable && said) continue;
    if (merged.calls > 1)
      merged.finding.statement +=
          about_calls(merged.finding.verdict)
              ? (merged.alike ? " The same in " : " The like in ") + std::to_string(merged.calls - 1) + " more."
              : " So in " + std::to_string(merged.calls) + " calls.";
    all.push_back(std::move(merged.finding));
  }
  return all;
}

std::vector<finding::Attribution> Diagnosis::attributions(std::size_t calls) const {
  std::vector<finding::Attribution> all(calls);
  std::vector<Claim> claims = claims_that_count(calls);
  const auto incidental = [](const Claim& claim) {
    return claim.about == About::edits && claim.severity == finding::Severity::minor;
  };
  std::stable_sort(claims.begin(), claims.end(), [&](const Claim& a, const Claim& b) {
    return std::tuple(b.proven, incidental(a), b.confidence) < std::tuple(a.proven, incidental(b), a.confidence);
  });
  for (const Claim& claim : claims) {
    finding::Attribution& call = all[claim.call];
    if (call.cause == finding::Cause::none) {
      call.cause = claim.proven ? claim.cause : finding::Cause::not_proven;
      call.confidence = claim.proven ? claim.confidence : 0;
    }
    if (claim.cause == call.cause || claim.cause == finding::Cause::not_proven) continue;
    if (call.runner_up != finding::Cause::none) continue;
    call.runner_up = claim.cause;
    call.runner_up_confidence = claim.confidence;
  }
  return all;
}

}  // namespace viaduct::diagnose
