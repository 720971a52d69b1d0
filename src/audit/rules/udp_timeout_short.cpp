// SPDX-License-Identifier: GPL-2.0-or-later
#include "audit/rules/rules.hpp"

#include <limits>

namespace viaduct::audit::rules {
namespace {

[[nodiscard]] std::string text_of(const Timer& timer) {
  return timer.name + " (" + timer.scope + ", " + std::string(name(timer.applies)) + ") is " +
         std::to_string(timer.seconds) + " s";
}

std::optional<finding::Finding> judge(const finding::Rule& rule, const Case& about) {
  std::string low;
  std::string fair;
  std::vector<finding::Evidence> evidence;
  bool any = false;
  for (const Timer& timer : about.device.timers) {
    any |= ends_before(timer, std::numeric_limits<std::int64_t>::max());
    if (!ends_before(timer, Timer::kAdvised)) continue;
    std::string& list = timer.seconds < Timer::kLeast ? low : fair;
    list += (list.empty() ? "" : ", ") + text_of(timer);
    evidence.push_back(evidence_of(about, timer.origin, text_of(timer)));
  }
  if (!any) return std::nullopt;
  // What a text does not say that is not whole may be said where it was cut.
  if (evidence.empty() && !about.device.problems.empty()) return std::nullopt;
  if (evidence.empty()) return finding::Finding::pass(rule, confidence_of(about), "UDP sessions last 300 s and more.");
  const bool fixed = about.product != nullptr && about.product->udp_timeout.fixed;
  finding::Finding found = finding::Finding::fail(
      rule, low.empty() ? finding::Severity::note : finding::Severity::major, confidence_of(about),
      low.empty() ? "Enough, but 300 s are advised: " + fair + "."
                  : "Under 120 s: " + low + (fair.empty() ? "." : "; under the 300 s that are advised: " + fair + "."),
      evidence.front());
  found.evidence = std::move(evidence);
  if (!low.empty()) found.behaviours = {"C01", "C03"};
  if (fixed)
    found.remedy = "It cannot be changed on this product: let the phones send keep-alives more often than that.";
  else
    add_commands(found, about, false, true);
  return found;
}

}  // namespace

const Rule kUdpTimeoutShort{
    .rule = {.id = "udp-timeout-short",
             .title = "UDP sessions end too early",
             .cause = finding::Cause::nat_timeout,
             .needs = "A UDP timer in the configuration, or the default of that product.",
             .why =
                 "When a mapping ends while somebody only listens or a phone waits for "
                 "calls, audio stops one way and calls do not arrive. RFC 4787 REQ-5: at least 2 minutes, 5 advised.",
             .remedy = "Set UDP sessions to 300 s, where it can be set for VoIP alone, there."},
    .judge = judge};

}  // namespace viaduct::audit::rules
