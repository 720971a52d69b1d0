// SPDX-License-Identifier: GPL-2.0-or-later
#include "diagnose/held_losses.hpp"

#include "diagnose/words.hpp"

#include <algorithm>
#include <tuple>
#include <utility>

namespace viaduct::diagnose {

finding::Finding misses_as_much(finding::Finding&& found) {
  finding::Finding open = finding::Finding::inconclusive(
      found.rule,
      std::move(found.statement) +
          " But this capture misses as many of the packets that left here and are on the other side of the router: its "
          "own losses and those of the path cannot be told apart.");
  open.streams = std::move(found.streams);
  open.evidence = std::move(found.evidence);
  open.evidence_left_out = found.evidence_left_out;
  return open;
}

bool HeldLosses::hold(const MediaRule& rule, std::span<const StreamFacts> streams, std::uint32_t call,
                      std::uint32_t first_stream) {
  bool any = false;
  for (std::uint32_t i = 0; i < streams.size(); ++i) {
    finding::Finding found = rule.judge(streams.subspan(i, 1));
    if (found.verdict != finding::Verdict::fail) continue;
    const rtp::Report& report = streams[i].report;
    found.streams = {i};
    losses_.push_back(
        {{std::move(found), call, first_stream}, sides::SeenStream::of(report), report.lost, report.expected});
    any = true;
  }
  return any;
}

HeldLosses::By HeldLosses::lost_by(const Loss& loss, const sides::PassedOn& passed_on) {
  const sides::StreamJoin* const join = passed_on.join_of(loss.stream);
  if (join == nullptr) return By::path;
  // What came in may have been lost by both: it counts as the path's where the capture is not known to miss as much.
  if (join->from != passed_on.here()) return passed_on.misses_as_much_of(loss.stream) ? By::unclear : By::path;
  const bool seen_behind = few_lost(loss.lost - std::min(loss.lost, join->passed.unseen), loss.expected);
  return seen_behind ? By::capture : By::path;
}

finding::Finding HeldLosses::said(finding::Finding&& found, By by) {
  if (by == By::path) return std::move(found);
  if (by == By::capture)
    return finding::Finding::pass(found.rule, 0.9,
                                  "What is missing from the capture is on the other side of the router: the capture "
                                  "missed it, not the path.");
  return misses_as_much(std::move(found));
}

std::vector<HeldFinding> HeldLosses::judged(const sides::PassedOn& passed_on) && {
  std::vector<HeldFinding> all;
  std::tuple<By, std::uint64_t> worst;
  for (Loss& loss : losses_) {
    const By by = lost_by(loss, passed_on);
    const std::tuple<By, std::uint64_t> rank(by, loss.lost * 1000 / loss.expected);
    const bool fresh =
        all.empty() || all.back().call != loss.held.call || all.back().first_stream != loss.held.first_stream;
    if (!fresh && rank <= worst) continue;
    worst = rank;
    loss.held.finding = said(std::move(loss.held.finding), by);
    if (fresh)
      all.push_back(std::move(loss.held));
    else
      all.back() = std::move(loss.held);
  }
  return all;
}

}  // namespace viaduct::diagnose
