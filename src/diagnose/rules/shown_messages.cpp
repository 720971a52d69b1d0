// SPDX-License-Identifier: GPL-2.0-or-later
#include "diagnose/rules/shown_messages.hpp"

#include "diagnose/sides/tell.hpp"

#include <algorithm>
#include <set>
#include <string>
#include <variant>

namespace viaduct::diagnose::rules {
namespace {

using sides::ChangedMessage;
using sides::Comparison;

/// What a message shows that others may show as well: its name, way and changed fields, with their harm.
[[nodiscard]] std::string kind_of(const Comparison& comparison, const ChangedMessage& message) {
  const sides::MessagePair& pair = comparison.alignment.pairs[message.pair];
  std::string kind = comparison.before(pair).name() + sides::way_text(comparison, comparison.outbound(pair));
  for (const sides::JudgedChange& one : message.changes)
    kind += sides::text(one.change) + std::string(one.behaviour) + (is_false(one) ? "!" : "");
  return kind;
}

/// The message diffs of a finding are in the order of the messages, as far as there are any.
void mark_false(finding::Finding& found, const std::vector<const ChangedMessage*>& which) {
  auto message = which.begin();
  for (finding::Exhibit& exhibit : found.exhibits) {
    finding::ByteDiff* const diff = std::get_if<finding::ByteDiff>(&exhibit);
    if (diff == nullptr || message == which.end()) continue;
    const std::vector<sides::JudgedChange>& changes = (*message++)->changes;
    for (std::size_t i = 0; i < std::min(changes.size(), diff->changes.size()); ++i)
      diff->changes[i].astray = is_false(changes[i]);
  }
}

}  // namespace

bool is_false(const sides::JudgedChange& change) {
  return change.truth == sides::Truth::port || change.truth == sides::Truth::address;
}

void show_each_kind(finding::Finding& found, const CaseFacts& facts, std::vector<const ChangedMessage*> which) {
  std::set<std::string> kinds;
  std::stable_partition(which.begin(), which.end(), [&](const ChangedMessage* message) {
    return kinds.insert(kind_of(*facts.other_side, *message)).second;
  });
  sides::show(found, facts, which);
  mark_false(found, which);
}

}  // namespace viaduct::diagnose::rules
