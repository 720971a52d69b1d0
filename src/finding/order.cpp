// SPDX-License-Identifier: GPL-2.0-or-later
// The order in which a person should look at findings and calls.
#include "finding/result.hpp"

#include <algorithm>
#include <numeric>
#include <tuple>

namespace viaduct::finding {
namespace {

[[nodiscard]] std::vector<std::uint32_t> indices(std::size_t size) {
  std::vector<std::uint32_t> all(size);
  std::iota(all.begin(), all.end(), 0U);
  return all;
}

/// Less comes first.
[[nodiscard]] int rank(Verdict verdict) {
  switch (verdict) {
    case Verdict::fail:
      return 0;
    case Verdict::inconclusive:
      return 1;
    case Verdict::pass:
      return 2;
    default:
      return 3;
  }
}

struct Badness {
  int severity = -1;  ///< of the worst failure; -1: none failed
  double confidence = 0;
  Duration in_gaps{};
};

[[nodiscard]] Badness badness(const Result& result, const CallSummary& call) {
  Badness worst;
  for (std::uint32_t index : call.findings) {
    if (index >= result.findings.size()) continue;
    const Finding& finding = result.findings[index];
    if (finding.verdict != Verdict::fail) continue;
    const std::tuple found(static_cast<int>(finding.severity), finding.confidence);
    if (found > std::tuple(worst.severity, worst.confidence)) std::tie(worst.severity, worst.confidence) = found;
  }
  for (std::uint32_t index : call.streams)
    if (index < result.streams.size()) worst.in_gaps = std::max(worst.in_gaps, result.streams[index].time_in_gaps());
  return worst;
}

}  // namespace

std::vector<std::uint32_t> worst_findings(const Result& result) {
  std::vector<std::uint32_t> order = indices(result.findings.size());
  // What names the cause goes before what it did, however bad that was.
  const auto names_cause = [cause = result.attribution.cause](const Finding& found) {
    return found.verdict == Verdict::fail && found.cause == cause && proven(cause);
  };
  std::sort(order.begin(), order.end(), [&](std::uint32_t a, std::uint32_t b) {
    const Finding& x = result.findings[a];
    const Finding& y = result.findings[b];
    if (names_cause(x) != names_cause(y)) return names_cause(x);
    return std::tuple(rank(x.verdict), y.severity, y.confidence, a) <
           std::tuple(rank(y.verdict), x.severity, x.confidence, b);
  });
  return order;
}

std::vector<std::uint32_t> worst_calls(const Result& result) {
  std::vector<Badness> all;
  all.reserve(result.calls.size());
  for (const CallSummary& call : result.calls) all.push_back(badness(result, call));
  std::vector<std::uint32_t> order = indices(result.calls.size());
  std::sort(order.begin(), order.end(), [&](std::uint32_t a, std::uint32_t b) {
    return std::tuple(all[b].severity, all[b].confidence, all[b].in_gaps, result.calls[a].start, a) <
           std::tuple(all[a].severity, all[a].confidence, all[a].in_gaps, result.calls[b].start, b);
  });
  return order;
}

}  // namespace viaduct::finding
