// SPDX-License-Identifier: GPL-2.0-or-later
#include "audit/plan.hpp"
#include "audit/rules/rules.hpp"

namespace viaduct::audit::rules {
namespace {

std::optional<finding::Finding> judge(const finding::Rule& rule, const Case& about) {
  if (about.device.rtp_priority == Priority::unknown) return std::nullopt;
  if (about.device.rtp_priority == Priority::yes)
    return finding::Finding::pass(rule, confidence_of(about), "RTP leaves by a priority queue.");
  finding::Finding found = finding::Finding::fail(
      rule, finding::Severity::note, confidence_of(about), "No queue of this configuration gives RTP priority.",
      evidence_of(about, about.device.rtp_origin, "no line gives RTP (DSCP EF) priority on the way out"));
  if (about.product != nullptr) {
    finding::Table table{.title = "How RTP is given priority here", .heading = {"command"}, .rows = {}};
    for (const std::string& command : about.product->qos_commands) table.rows.push_back({command});
    if (!table.rows.empty()) found.exhibits.emplace_back(std::move(table));
    if (!about.product->qos_notes.empty()) found.remedy = about.product->qos_notes + ".";
  }
  return found;
}

}  // namespace

const Rule kRtpNotPrioritised{
    .rule =
        {.id = "rtp-not-prioritised",
         .title = "Nothing gives RTP priority",
         .cause = finding::Cause::bandwidth,
         .needs = "A configuration whose queues can be read.",
         .why = "An upload fills the line, and audio waits behind it. On a line that is never full it does not matter.",
         .remedy = "Put DSCP EF into a priority queue on the way out, below a shaper at the rate of the line."},
    .judge = judge};

}  // namespace viaduct::audit::rules
