// SPDX-License-Identifier: GPL-2.0-or-later
#include "analyze/outer_side.hpp"

#include "call/hash.hpp"
#include "capture/content.hpp"
#include "diagnose/call_record.hpp"
#include "sip/fields.hpp"

#include <algorithm>
#include <utility>
#include <vector>

namespace viaduct::app::analyze {
namespace {

using finding::Finding;
using finding::Severity;
using finding::Verdict;

/// Something was wrong, or may have been.
[[nodiscard]] bool is_bad(const Finding& found) {
  return found.verdict == Verdict::fail || (found.verdict == Verdict::inconclusive &&
                                            (found.cause != finding::Cause::none || found.severity != Severity::note));
}

[[nodiscard]] bool names(const Finding& found, std::optional<std::uint32_t> call) {
  return call ? std::find(found.calls.begin(), found.calls.end(), *call) != found.calls.end() : found.calls.empty();
}

[[nodiscard]] bool share_frame(const Finding& a, const Finding& b) {
  return std::any_of(a.evidence.begin(), a.evidence.end(), [&](const finding::Evidence& one) {
    return one.frame != 0 && std::any_of(b.evidence.begin(), b.evidence.end(), [&](const finding::Evidence& other) {
             return one.input == other.input && one.frame == other.frame;
           });
  });
}

class Joiner {
 public:
  Joiner(finding::Result& outer, const Partners& partners, const OuterReading& reading, finding::Result& result,
         std::deque<std::uint32_t>& call_of)
      : outer_(outer),
        partners_(partners),
        reading_(reading),
        result_(result),
        call_of_(call_of),
        told_(result.findings.size()) {}

  void run() {
    match_calls();
    match_streams();
    for (const Finding& found : outer_.findings) explain(found);
    for (Finding& found : outer_.findings)
      if (is_bad(found)) take(std::move(found));
  }

 private:
  void match_calls() {
    call_of_outer_.resize(outer_.streams.size(), diagnose::kNoCall);
    std::unordered_map<std::uint64_t, std::uint32_t> inside;
    for (std::uint32_t i = 0; i < result_.calls.size(); ++i) inside.emplace(call::hash_of(result_.calls[i].call_id), i);
    for (finding::CallSummary& call : outer_.calls) {
      const std::uint64_t id = call::hash_of(call.call_id);
      const auto partner = partners_.find(id);
      const auto known = inside.find(partner == partners_.end() ? id : partner->second);
      alone_.push_back(known == inside.end());
      judged_.push_back(alone_.back() || reading_.others == Others::told ||
                        (reading_.only && reading_.only->calls.contains(id)) ||
                        std::ranges::any_of(call.streams, [this](std::uint32_t stream) { return is_apart(stream); }));
      calls_.push_back(known == inside.end() ? static_cast<std::uint32_t>(result_.calls.size()) : known->second);
      for (const std::uint32_t stream : call.streams)
        call_of_outer_[stream] = static_cast<std::uint32_t>(calls_.size() - 1);
      if (alone_.back()) take(std::move(call));
    }
  }

  void take(finding::CallSummary&& call) {
    call.site = reading_.side;
    call.findings.clear();
    call.streams.clear();
    if (call.timeline) call.timeline->lanes.clear();
    result_.calls.push_back(std::move(call));
  }

  void match_streams() {
    std::unordered_set<std::uint32_t> inside;
    for (std::size_t i = 0; i < result_.streams.size(); ++i) {
      inside.insert(result_.streams[i].ssrc);
      if (call_of_[i] != diagnose::kNoCall) inside_.emplace(result_.streams[i].ssrc, call_of_[i]);
    }
    for (std::uint32_t i = 0; i < outer_.streams.size(); ++i) {
      const std::uint32_t call = call_of_outer_[i];
      const bool alone = call != diagnose::kNoCall && alone_[call];
      if (call == diagnose::kNoCall ? reading_.others == Others::left_out && !is_apart(i) : !judged_[call]) continue;
      if (!alone && !is_apart(i) && inside.contains(outer_.streams[i].ssrc)) continue;
      streams_.emplace(i, static_cast<std::uint32_t>(result_.streams.size()));
      result_.streams.push_back(outer_.streams[i]);
      call_of_.push_back(call == diagnose::kNoCall ? call_inside(i) : calls_[call]);
    }
  }

  /// Whether an outer stream is not compared with that inside.
  [[nodiscard]] bool is_apart(std::uint32_t stream) const {
    return reading_.only && reading_.only->streams.contains(outer_.streams[stream].ssrc);
  }

  /// The call inside of an outer stream that is not compared; kNoCall: it cannot be told.
  [[nodiscard]] std::uint32_t call_inside(std::uint32_t stream) const {
    const auto known = inside_.find(outer_.streams[stream].ssrc);
    return is_apart(stream) && known != inside_.end() ? known->second : diagnose::kNoCall;
  }

  /// Those of all streams that a finding is about.
  [[nodiscard]] std::vector<std::uint32_t> calls_inside(const Finding& found) const {
    std::vector<std::uint32_t> calls;
    for (const std::uint32_t stream : found.streams)
      if (const std::uint32_t call = call_inside(stream); call != diagnose::kNoCall) calls.push_back(call);
    std::ranges::sort(calls);
    const auto again = std::ranges::unique(calls);
    calls.erase(again.begin(), again.end());
    return calls;
  }

  /// Whether the inner side or both together say as much: of a call of the outer side, or kNoCall, and as it is in the
  /// result, or nullopt.
  [[nodiscard]] bool is_told(const Finding& found, std::uint32_t call, std::optional<std::uint32_t> inside) const {
    const auto end = result_.findings.begin() + static_cast<std::ptrdiff_t>(told_);
    return std::any_of(result_.findings.begin(), end, [&](const Finding& one) {
      return one.rule.id == found.rule.id && names(one, inside) && is_bad(one) &&
             (one.verdict == Verdict::fail || found.verdict == Verdict::inconclusive) && has_streams(one, found, call);
    });
  }
  /// Whether `told` is about all streams that `found` is about in a call.
  [[nodiscard]] bool has_streams(const Finding& told, const Finding& found, std::uint32_t call) const {
    return std::all_of(found.streams.begin(), found.streams.end(), [&](std::uint32_t stream) {
      return call_of_outer_[stream] != call ||
             std::any_of(told.streams.begin(), told.streams.end(),
                         [&](std::uint32_t one) { return result_.streams[one].ssrc == outer_.streams[stream].ssrc; });
    });
  }
  /// What an ALG does both sides together prove better than what comes out of it.
  [[nodiscard]] bool is_proven_alg(const Finding& found) const {
    return found.cause == finding::Cause::alg &&
           std::any_of(result_.findings.begin(), result_.findings.end(), [](const Finding& one) {
             return one.verdict == Verdict::fail && one.cause == finding::Cause::alg;
           });
  }

  /// What both sides prove of a frame is the cause of a call outside alone that it is evidence against.
  void explain(const Finding& found) {
    if (!is_bad(found)) return;
    for (std::size_t i = 0; i < told_; ++i) {
      Finding& one = result_.findings[i];
      if (one.verdict != Verdict::fail || !finding::proven(one.cause) || !share_frame(one, found)) continue;
      for (const std::uint32_t call : found.calls) {
        finding::Attribution& attribution = result_.calls[calls_[call]].attribution;
        if (!alone_[call] || finding::proven(attribution.cause)) continue;
        attribution = {.cause = one.cause, .confidence = one.confidence};
        one.calls.push_back(calls_[call]);
      }
    }
  }

  void take(Finding&& found) {
    if (is_proven_alg(found)) return;
    std::vector<std::uint32_t> calls = found.calls.empty() ? calls_inside(found) : std::vector<std::uint32_t>{};
    bool shared = !calls.empty();
    std::erase_if(calls, [&](std::uint32_t call) { return is_told(found, diagnose::kNoCall, call); });
    if (found.calls.empty() && calls.empty() &&
        (shared || reading_.others == Others::left_out || is_told(found, diagnose::kNoCall, std::nullopt)))
      return;
    for (const std::uint32_t call : found.calls) {
      if (is_told(found, call, calls_[call]) || !judged_[call]) continue;
      calls.push_back(calls_[call]);
      shared = shared || !alone_[call];
    }
    if (calls.empty() && !found.calls.empty()) return;
    // Of a call that was compared with the other side, notes of one side alone say nothing more.
    if (shared && found.severity == Severity::note) return;
    found.calls = std::move(calls);
    move_streams(found);
    if (shared && finding::proven(found.cause)) found.cause = finding::Cause::not_proven;
    found.statement.insert(0, std::string("On the ") + reading_.side + ": ");
    blame(found);
    result_.findings.push_back(std::move(found));
  }

  void move_streams(Finding& found) const {
    std::vector<std::uint32_t> streams;
    for (const std::uint32_t stream : found.streams)
      if (const auto taken = streams_.find(stream); taken != streams_.end()) streams.push_back(taken->second);
    found.streams = std::move(streams);
  }

  /// A call that was good inside was not outside.
  void blame(const Finding& found) {
    if (found.cause == finding::Cause::none || (found.verdict == Verdict::fail && found.severity == Severity::note))
      return;
    for (const std::uint32_t call : found.calls) {
      finding::Attribution& attribution = result_.calls[call].attribution;
      if (attribution.cause == finding::Cause::none) attribution.cause = finding::Cause::not_proven;
    }
  }

  finding::Result& outer_;
  const Partners& partners_;
  const OuterReading& reading_;
  finding::Result& result_;
  std::deque<std::uint32_t>& call_of_;
  std::size_t told_;                                          ///< findings that are not of the outer side alone
  std::vector<std::uint32_t> calls_;                          ///< of each outer call: where it is in the result
  std::vector<bool> alone_;                                   ///< of each outer call: without a partner
  std::vector<bool> judged_;                                  ///< of each outer call: what is wrong there is told
  std::vector<std::uint32_t> call_of_outer_;                  ///< of each outer stream
  std::unordered_map<std::uint32_t, std::uint32_t> inside_;   ///< calls by the SSRCs of their streams inside
  std::unordered_map<std::uint32_t, std::uint32_t> streams_;  ///< of outer streams that were taken
};

[[nodiscard]] OuterEnds outer_ends(const diagnose::sides::Comparison& comparison) {
  OuterEnds ends;
  if (!comparison.inner_known || comparison.inner != diagnose::sides::Side::first) return ends;
  for (const diagnose::sides::Mapping& mapping : comparison.mappings.all()) {
    if (mapping.inner.address == mapping.outer.address) continue;
    ends.endpoints.insert(mapping.outer);
    ends.addresses.insert(mapping.outer.address);
  }
  return ends;
}

/// A proxy between shares no end with both sides, and where nothing is translated these share both.
[[nodiscard]] std::unordered_set<std::uint64_t> compared_in_part(const diagnose::sides::Comparison& comparison) {
  using diagnose::sides::Ends;
  std::unordered_set<std::uint64_t> calls;
  for (const diagnose::sides::MessagePair& pair : comparison.alignment.pairs) {
    const diagnose::sides::SeenMessage& first = comparison.first(pair);
    const diagnose::sides::SeenMessage& second = comparison.second(pair);
    const Ends ends = diagnose::sides::shared_ends(first.source, first.destination, second.source, second.destination);
    if (ends == Ends::none || ends == Ends::both) calls.insert(second.call_id);
  }
  return calls;
}

}  // namespace

Partners partners_of(const diagnose::sides::Comparison& comparison) {
  Partners partners;
  for (const diagnose::sides::MessagePair& pair : comparison.alignment.pairs)
    partners.emplace(comparison.second(pair).call_id, comparison.first(pair).call_id);
  return partners;
}

std::optional<OuterReading> outer_reading(const diagnose::sides::Comparison& comparison) {
  if (!comparison.matches()) return OuterReading{.side = finding::kOtherSide};
  OuterEnds ends = outer_ends(comparison);
  const bool translated = !ends.endpoints.empty();
  ends.calls = compared_in_part(comparison);
  ends.streams.insert(comparison.streams.relayed.begin(), comparison.streams.relayed.end());
  if (!translated && ends.calls.empty() && ends.streams.empty()) return std::nullopt;
  return OuterReading{.only = std::move(ends),
                      .others = Others::left_out,
                      .side = translated ? finding::kOuterSide : finding::kOtherSide};
}

bool OuterEnds::crosses(const capture::Arrival& arrival) const {
  if (!capture::looks_like_sip(arrival.octets, arrival.cut()))
    return !calls.empty() || !streams.empty() || addresses.contains(arrival.source.address) ||
           addresses.contains(arrival.destination.address);
  if (endpoints.contains(arrival.source) || endpoints.contains(arrival.destination)) return true;
  if (calls.empty()) return false;
  const sip::Result<sip::Message> message = sip::parse(arrival.octets);
  if (!message) return false;
  const sip::Result<sip::Range> id = sip::call_id(*message);
  return id && calls.contains(call::hash_of(message->text(*id)));
}

void add_outer_side(finding::Result&& outer, const Partners& partners, const OuterReading& reading,
                    finding::Result& result, std::deque<std::uint32_t>& call_of) {
  Joiner(outer, partners, reading, result, call_of).run();
}

}  // namespace viaduct::app::analyze
