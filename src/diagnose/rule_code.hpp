// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include "diagnose/call_facts.hpp"
#include "diagnose/case_facts.hpp"
#include "finding/finding.hpp"

#include <cstdint>
#include <span>
#include <vector>

namespace viaduct::diagnose {

/// What a rule says that a capture of the other side may take back.
enum class Waits : std::uint8_t {
  not_at_all,
  for_losses,  ///< of single streams: HeldLosses
  for_gaps,    ///< each by itself: HeldDropOuts
};

/// A rule that judges the media of one call, or that of two endpoints which no SIP names. Pure. Finding::streams are
/// indices of `streams`, Finding::calls stays empty.
struct MediaRule {
  const finding::Rule& rule;
  finding::Finding (*judge)(std::span<const StreamFacts> streams);
  Waits waits = Waits::not_at_all;
};

/// A rule that judges calls one by one. Pure. Finding::streams are indices of CallFacts::streams, Finding::calls stays
/// empty; evidence frames are plain numbers (call::FrameRef::number), inputs their files.
struct CallRule {
  const finding::Rule& rule;
  finding::Finding (*judge)(const CallFacts& facts);
};

/// What a failure of a rule shows of a call.
enum class About : std::uint8_t {
  call,   ///< that it went wrong, or why
  gaps,   ///< that media of it is missing or late, in the streams that it names: where, both sides of a router tell
  edits,  ///< that its messages were changed: what that does the others tell
};

/// A rule that judges all calls together, or what belongs to no call. Pure. Finding::calls are CallRecord::index.
struct CaseRule {
  const finding::Rule& rule;
  std::vector<finding::Finding> (*judge)(const CaseFacts& facts);
  About about = About::call;
};

/// All rules, in the order in which reports list equals.
[[nodiscard]] std::span<const MediaRule> media_rules();
[[nodiscard]] std::span<const CallRule> call_rules();
[[nodiscard]] std::span<const CaseRule> case_rules();

}  // namespace viaduct::diagnose
