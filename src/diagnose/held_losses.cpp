// SPDX-License-Identifier: GPL-2.0-or-later
#include "diagnose/held_losses.hpp"

#include "diagnose/words.hpp"

#include <algorithm>
#include <tuple>
#include <utility>

namespace viaduct::diagnose {
namespace {

enum class LostBy : std::uint8_t { capture, unclear, path };

[[nodiscard]] LostBy lost_by(const HeldLosses::Loss& loss, const sides::PassedOn& passed_on) {
  const sides::StreamJoin* const join =
      passed_on.join_of({.ssrc = loss.ssrc, .source = loss.source, .destination = loss.destination});
  if (join == nullptr) return LostBy::path;
  // What came in may have been lost by both: it counts as the path's where the capture is not known to miss as much.
  if (join->from != passed_on.here()) return passed_on.capture_misses_as_much() ? LostBy::unclear : LostBy::path;
  const bool seen_behind = few_lost(loss.lost - std::min(loss.lost, join->unseen), loss.expected);
  return seen_behind ? LostBy::capture : LostBy::path;
}

[[nodiscard]] finding::Finding said(finding::Finding&& found, LostBy by) {
  if (by == LostBy::path) return std::move(found);
  if (by == LostBy::capture)
    return finding::Finding::pass(found.rule, 0.9,
                                  "What is missing from the capture is on the other side of the router: the capture "
                                  "missed it, not the path.");
  return misses_as_much(std::move(found));
}

}  // namespace

finding::Finding misses_as_much(finding::Finding&& found) {
  finding::Finding open = finding::Finding::inconclusive(
      found.rule,
      std::move(found.statement) +
          " But this capture misses as many of the packets that left here and are on the other side of the router: its "
          "own losses and those of the path cannot be told apart.");
  open.streams = std::move(found.streams);
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
    losses_.push_back({std::move(found), call, first_stream, report.ssrc, report.source, report.destination,
                       report.lost, report.expected});
    any = true;
  }
  return any;
}

std::vector<HeldLosses::Loss> HeldLosses::judged(const sides::PassedOn& passed_on) && {
  std::vector<Loss> worst;
  LostBy worst_by = LostBy::capture;
  for (Loss& loss : losses_) {
    const LostBy by = lost_by(loss, passed_on);
    loss.finding = said(std::move(loss.finding), by);
    const bool fresh =
        worst.empty() || worst.back().call != loss.call || worst.back().first_stream != loss.first_stream;
    const auto rank = [](const Loss& one, LostBy of) { return std::tuple(of, one.lost * 1000 / one.expected); };
    if (fresh)
      worst.push_back(std::move(loss));
    else if (rank(loss, by) > rank(worst.back(), worst_by))
      worst.back() = std::move(loss);
    else
      continue;
    worst_by = by;
  }
  return worst;
}

}  // namespace viaduct::diagnose
