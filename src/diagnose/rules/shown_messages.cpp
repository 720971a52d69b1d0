// SPDX-License-Identifier: GPL-2.0-or-later
#include "diagnose/rules/shown_messages.hpp"

#include "diagnose/sides/tell.hpp"

#include <algorithm>
#include <set>
#include <string>

namespace viaduct::diagnose::rules {
namespace {

using sides::ChangedMessage;
using sides::Comparison;

/// What a message shows that others may show as well: its name, way and changed fields, with their harm.
[[nodiscard]] std::string kind_of(const Comparison& comparison, const ChangedMessage& message) {
  const sides::MessagePair& pair = comparison.alignment.pairs[message.pair];
  std::string kind = comparison.before(pair).name() + sides::way_text(comparison, comparison.outbound(pair));
  for (const sides::JudgedChange& one : message.changes)
    kind += sides::text(one.change) + std::string(one.behaviour) + (sides::is_false(one.truth) ? "!" : "");
  return kind;
}

}  // namespace

void show_each_kind(finding::Finding& found, const CaseFacts& facts, std::vector<const ChangedMessage*> which) {
  std::set<std::string> kinds;
  std::stable_partition(which.begin(), which.end(), [&](const ChangedMessage* message) {
    return kinds.insert(kind_of(*facts.other_side, *message)).second;
  });
  sides::show(found, facts, which);
}

}  // namespace viaduct::diagnose::rules
