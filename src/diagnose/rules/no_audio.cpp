// SPDX-License-Identifier: GPL-2.0-or-later
#include "diagnose/rules/rules.hpp"
#include "diagnose/words.hpp"

#include <algorithm>
#include <set>
#include <tuple>

namespace viaduct::diagnose::rules {
namespace {

constexpr finding::Rule kRule{
    .id = "no-audio",
    .title = "Nobody hears anything",
    .cause = finding::Cause::not_proven,
    .needs =
        "An answered call whose SDP lets audio flow, and a capture that has media of other calls of the same hosts.",
    .why = "The call is up and SDP lets audio flow, but no RTP came from either party.",
    .remedy =
        "Capture at the phone and on both sides of the router and compare them with --other-side: that shows where "
        "media ends, and where SDP was changed.",
};

constexpr Duration kLeast = std::chrono::seconds(5);

[[nodiscard]] bool silent(const CallOutcome& call) {
  return call.due >= kLeast && !call.media_seen;
}

/// Hosts of which media was captured: that of another call of theirs would have been, too.
class Heard {
 public:
  explicit Heard(const CaseFacts& facts) {
    for (const CallOutcome& call : facts.outcomes)
      if (call.media_seen)
        for (const net::Address& host : call.media) hosts_.emplace(call.site, call.point, host);
  }
  [[nodiscard]] bool any_of(const CallOutcome& call) const {
    return std::any_of(call.media.begin(), call.media.end(), [&](const net::Address& host) {
      return hosts_.contains({call.site, call.point, host});
    });
  }

 private:
  std::set<std::tuple<Site, call::Point, net::Address>> hosts_;
};

[[nodiscard]] finding::Finding fail(const CallOutcome& call) {
  finding::Finding found = finding::Finding::fail(
      kRule, finding::Severity::critical, 0.8,
      "No RTP of an answered call was seen for " + seconds_text(call.due) +
          ", while media of other calls of its hosts was.",
      evidence_at(call::pack(call.answer_frame), call.answered, "answered, with SDP that lets audio flow both ways"));
  if (call.unreachable) {
    found.cause = finding::Cause::configuration;
    found.statement += " Both parties name private addresses in SDP, where the other one cannot send.";
  }
  found.calls = {call.index};
  return found;
}

std::vector<finding::Finding> judge(const CaseFacts& facts) {
  std::vector<finding::Finding> findings;
  std::vector<std::uint32_t> open;
  const Heard heard(facts);
  bool media = false;
  for (const CallOutcome& call : facts.outcomes) {
    media = media || call.media_seen;
    if (!silent(call)) continue;
    if (heard.any_of(call))
      findings.push_back(fail(call));
    else
      open.push_back(call.index);
  }
  if (!findings.empty()) return findings;
  if (!open.empty()) {
    findings.push_back(finding::Finding::inconclusive(
        kRule, counted(open.size(), "answered call has", "answered calls have") +
                   " no RTP here. Nothing tells whether there was none or it took another way than this capture."));
    findings.back().calls = std::move(open);
    return findings;
  }
  if (!media) return {finding::Finding::not_applicable(kRule, "No answered call let audio flow for 5 s.")};
  return {finding::Finding::pass(kRule, 1, "Each answered call of 5 s and more had media.")};
}

}  // namespace

CaseRule no_audio() {
  return {kRule, judge};
}

}  // namespace viaduct::diagnose::rules
