// SPDX-License-Identifier: GPL-2.0-or-later
#include "diagnose/sides/tell.hpp"

#include "diagnose/words.hpp"

#include <algorithm>
#include <map>

namespace viaduct::diagnose::sides {
namespace {

/// What may be shown of captured octets in a cell.
[[nodiscard]] std::string shown(Bytes octets) {
  constexpr std::size_t kMost = 80;
  std::string text;
  for (const char c : octets.substr(0, kMost)) {
    if (c == '\r')
      text += "\\r";
    else if (c == '\n')
      text += "\\n";
    else
      text += c >= ' ' && c <= '~' ? c : '?';
  }
  if (octets.size() > kMost) text += " ...";
  return text.empty() ? "(nothing)" : text;
}

struct Row {
  std::size_t messages = 0;
  std::uint64_t octets = 0;
  std::string before;
  std::string after;
};

/// Of whatever was seen with its frame, time and octets.
template <class Seen>
[[nodiscard]] finding::Evidence quoted(const Seen& seen, std::string text, Range marked) {
  finding::Evidence evidence;
  evidence.input = seen.frame.file;
  evidence.frame = seen.frame.number;
  evidence.time = seen.time;
  evidence.text = std::move(text);
  finding::quote(evidence, seen.octets, marked);
  return evidence;
}

}  // namespace

finding::Evidence evidence_of(const SeenMessage& seen, std::string text, Range marked) {
  return quoted(seen, std::move(text), marked);
}

finding::Evidence evidence_of(const SeenDatagram& seen, std::string text, Range marked) {
  return quoted(seen, std::move(text), marked);
}

finding::Evidence evidence_of(const BrokenStream& stream, std::string text) {
  finding::Evidence evidence;
  evidence.input = stream.frame.file;
  evidence.frame = stream.frame.number;
  evidence.text = std::move(text);
  finding::quote(evidence, stream.octets, {});
  return evidence;
}

finding::Evidence evidence_of(const PacketRun& run, Time time, std::string text) {
  finding::Evidence evidence;
  evidence.input = run.frame.file;
  evidence.frame = run.frame.number;
  evidence.time = time;
  evidence.text = std::move(text);
  return evidence;
}

finding::Evidence evidence_in(const PacketRun& run, Time time, std::string text) {
  finding::Evidence evidence = evidence_of(run, time, std::move(text));
  evidence.frame = 0;
  return evidence;
}

void add_behaviour(finding::Finding& found, Bytes behaviour) {
  if (behaviour.empty()) return;
  if (std::find(found.behaviours.begin(), found.behaviours.end(), behaviour) == found.behaviours.end())
    found.behaviours.emplace_back(behaviour);
}

void add_call(finding::Finding& found, const CaseFacts& facts, const SeenMessage& seen) {
  for (const CallRecord& call : facts.calls) {
    if (call.index == kNoCall || call.call_id != seen.call_id) continue;
    if (std::find(found.calls.begin(), found.calls.end(), call.index) == found.calls.end())
      found.calls.push_back(call.index);
  }
}

void show(finding::Finding& found, const CaseFacts& facts, std::span<const ChangedMessage* const> which) {
  const Comparison& comparison = *facts.other_side;
  found.evidence.clear();
  for (const ChangedMessage* const message : which) {
    const MessagePair& pair = comparison.alignment.pairs[message->pair];
    add_call(found, facts, comparison.first(pair));
    for (const JudgedChange& one : message->changes) add_behaviour(found, one.behaviour);
    if (message->changes.empty() || found.evidence.size() + 2 > finding::Finding::kMaxEvidence) {
      found.evidence_left_out += 2;
      continue;
    }
    const SeenMessage& before = comparison.before(pair);
    const FieldChange& change = message->changes.front().change;
    found.evidence.push_back(evidence_of(before, before.name() + " as it came to the box", change.before));
    found.evidence.push_back(
        evidence_of(comparison.after(pair), before.name() + " as it left the box: " + text(change), change.after));
    if (found.exhibits.size() < finding::Finding::kMaxExhibits)
      found.exhibits.push_back(comparison.byte_diff(*message));
  }
}

finding::Table change_table(const Comparison& comparison) {
  std::map<std::vector<std::string>, Row> rows;
  for (const ChangedMessage& message : comparison.changed) {
    const MessagePair& pair = comparison.alignment.pairs[message.pair];
    for (const JudgedChange& one : message.changes) {
      Row& row = rows[{text(one.change), way_text(comparison, comparison.outbound(pair)), std::string(one.behaviour)}];
      if (row.messages++ == 0) {
        row.before = shown(one.change.before.of(comparison.before(pair).octets));
        row.after = shown(one.change.after.of(comparison.after(pair).octets));
      }
      row.octets += std::max(one.change.before.length, one.change.after.length);
    }
  }
  finding::Table table;
  table.title = "All that was changed";
  table.heading = {"field", "way", "behaviour", "times", "octets", "before", "after"};
  for (const auto& [name, row] : rows)
    table.rows.push_back(
        {name[0], name[1], name[2], std::to_string(row.messages), std::to_string(row.octets), row.before, row.after});
  std::stable_sort(table.rows.begin(), table.rows.end(),
                   [](const auto& a, const auto& b) { return std::stoull(a[3]) > std::stoull(b[3]); });
  return table;
}

finding::Table mapping_table(const Comparison& comparison) {
  finding::Table table;
  table.title = "Address translation, as headers of packets show it";
  table.heading = {"inside", "outside", "carries"};
  for (const Mapping& mapping : comparison.mappings.all()) {
    if (table.rows.size() == finding::Table::kMaxRows) {
      ++table.left_out;
      continue;
    }
    table.rows.push_back({mapping.inner.to_text(), mapping.outer.to_text(), mapping.signalling ? "SIP" : "RTP"});
  }
  return table;
}

std::string way_text(const Comparison& comparison, bool outbound) {
  if (!comparison.inner_known) return outbound ? "to the other side" : "from the other side";
  return outbound ? "outbound" : "inbound";
}

std::string extent_text(const Comparison& comparison) {
  return counted(comparison.compared, "message", "messages") + " and " +
         counted(comparison.streams.compared, "RTP packet", "RTP packets");
}

std::string obstacle(const Comparison& comparison) {
  if (comparison.compared > 0) return {};
  if (!comparison.proxied.empty())
    return "A SIP proxy or B2BUA stands between the two captures: it is an end of both hops and says so with a Via of "
           "its own. What it changes is its task.";
  if (comparison.log(Side::first).messages.all().empty()) return "This side has no SIP.";
  if (comparison.log(Side::second).messages.all().empty()) return "The other side has no SIP.";
  return "No message of one side was found on the other one: the captures are of other calls or other times, or "
         "everything that identifies a message was rewritten.";
}

}  // namespace viaduct::diagnose::sides
