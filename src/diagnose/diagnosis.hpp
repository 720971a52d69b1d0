// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include "diagnose/case_facts.hpp"
#include "diagnose/held_drop_outs.hpp"
#include "diagnose/held_losses.hpp"
#include "diagnose/rule_code.hpp"
#include "diagnose/sides/passed_on.hpp"
#include "finding/result.hpp"

#include <cstdint>
#include <functional>
#include <span>
#include <utility>
#include <vector>

namespace viaduct::diagnose {

/// Runs the rules: over each call when it is over, over all of them at the end.
///
///     diagnosis.add(facts, call_index, first_stream_index);   for each call
///     diagnosis.finish(case_facts);                           once
///     diagnosis.findings(), diagnosis.attributions()
///
/// What the same rule says with the same verdict and cause of several calls becomes one finding that names them all.
class Diagnosis {
 public:
  /// Told of each failure of a call as it is found, before findings() has put those of all calls together. `call` as
  /// add() got it, kNoCall for media that no SIP names.
  using Told = std::function<void(const finding::Finding& found, std::uint32_t call)>;

  Diagnosis() = default;
  /// `two_sides`: judge_losses() will tell losses of the path from those of the capture.
  explicit Diagnosis(Told told, bool two_sides = false) : told_(std::move(told)), two_sides_(two_sides) {}

  /// `call` and `first_stream` are the places of the call and of its first stream in the result to come.
  void add(const CallFacts& facts, std::uint32_t call, std::uint32_t first_stream);
  /// Media that no SIP names: the streams between two endpoints, of both directions.
  void add_media(std::span<const StreamFacts> streams, Site site, call::Point point, std::uint32_t first_stream);
  /// Before finish(), once, where there are two sides. `here`: the one that was added; without a comparison all losses
  /// are those of the path.
  void judge_losses(const sides::Comparison* comparison, sides::Side here = sides::Side::first);
  /// The records and outcomes of the calls are put into `facts` by this.
  void finish(CaseFacts facts);

  [[nodiscard]] const std::vector<CallRecord>& records() const VIADUCT_LIFETIME_BOUND { return records_; }
  /// After finish(): one for each rule, verdict and cause.
  [[nodiscard]] std::vector<finding::Finding> findings() &&;
  /// After finish(), for each of so many calls. A cause is that of the finding that is surest. That messages were
  /// edited is one where another finding tells something bad of the call that the box between the captures can have
  /// done (if the edit is minor, none must prove what), or where the edit is critical and nothing else was bad.
  /// Cause::not_proven where something was wrong and no finding proves why; then the runner-up is what an inconclusive
  /// finding speaks for.
  [[nodiscard]] std::vector<finding::Attribution> attributions(std::size_t calls) const;

 private:
  struct Merged {
    finding::Finding finding;
    std::uint32_t calls = 0;
    bool alike = true;  ///< all of them said the same
  };
  /// What a finding says of the cause of a call.
  struct Claim {
    std::uint32_t call = 0;
    finding::Cause cause = finding::Cause::none;
    bool proven = false;
    About about = About::call;
    finding::Severity severity = finding::Severity::note;
    float confidence = 0;
    std::vector<std::uint32_t> streams{};  ///< of the call, where it is about gaps
  };

  void judge_media(std::span<const StreamFacts> streams, std::uint32_t call, std::uint32_t first_stream);
  void note(std::span<const StreamFacts> streams, std::uint32_t call, std::uint32_t first_stream);
  void take_one(finding::Finding&& finding, About about, std::uint32_t call, std::uint32_t first_stream);
  void take(finding::Finding&& finding, About about);
  void claim(const finding::Finding& finding, About about);
  void find_passed_on();
  [[nodiscard]] bool elsewhere(const Claim& claim) const;
  [[nodiscard]] std::vector<Claim> claims_that_count(std::size_t calls) const;

  Told told_;
  bool two_sides_ = false;
  HeldLosses losses_;
  HeldDropOuts drop_outs_;
  std::vector<CallRecord> records_;
  std::vector<CallOutcome> outcomes_;
  std::vector<Merged> merged_;
  std::vector<Claim> claims_;
  std::vector<sides::SeenStream> streams_;  ///< of the result; only with two sides
  sides::PassedOn passed_on_;
  std::vector<bool> elsewhere_;  ///< of each of `streams_`: all that it lacks it lacked before the box
};

/// The verdict over all, its cause and the sentence for a person, from the findings and the calls' attributions in
/// `result`; `sip` for inputs without a call.
///
/// `findings`: a rule failed, but for a note. `inconclusive`: none did, and one that could not tell either names what
/// may be wrong (a cause, if only Cause::not_proven) or is more than a note; or there was nothing to judge.
void conclude(finding::Result& result, const SignallingFacts& sip);

}  // namespace viaduct::diagnose
