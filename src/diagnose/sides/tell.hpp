// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include "diagnose/case_facts.hpp"
#include "diagnose/sides/comparison.hpp"
#include "finding/finding.hpp"

#include <span>
#include <string>
#include <vector>

/// How rules say what they found between two captures.
namespace viaduct::diagnose::sides {

/// A message where one side saw it. `marked` is of its octets, or absent.
[[nodiscard]] finding::Evidence evidence_of(const SeenMessage& seen, std::string text, Range marked = {});
[[nodiscard]] finding::Evidence evidence_of(const SeenDatagram& seen, std::string text, Range marked = {});
[[nodiscard]] finding::Evidence evidence_of(const BrokenStream& stream, std::string text);
/// A stream's first packet; `time` by the clock of the first side.
[[nodiscard]] finding::Evidence evidence_of(const PacketRun& run, Time time, std::string text);
/// A moment of a stream, by the clock of the first side. Which frame that was is not known.
[[nodiscard]] finding::Evidence evidence_in(const PacketRun& run, Time time, std::string text);

/// Puts the two copies of changed messages beside each other: the first kMaxExhibits of `which` as exhibits, evidence
/// of as many as fit, and the calls that they belong to.
void show(finding::Finding& found, const CaseFacts& facts, std::span<const ChangedMessage* const> which);
/// Adds the call of a message, if there is one.
void add_call(finding::Finding& found, const CaseFacts& facts, const SeenMessage& seen);
void add_behaviour(finding::Finding& found, Bytes behaviour);

/// Field, way, behaviour, in how many messages, and the first example: every change is in one of the rows.
[[nodiscard]] finding::Table change_table(const Comparison& comparison);
/// Inner endpoint, outer endpoint, what it carries.
[[nodiscard]] finding::Table mapping_table(const Comparison& comparison);

/// "outbound", "inbound"; where nothing is translated "to the other side".
[[nodiscard]] std::string way_text(const Comparison& comparison, bool outbound);
/// "34 messages and 902 RTP packets".
[[nodiscard]] std::string extent_text(const Comparison& comparison);
/// Why nothing can be said, if messages could not be aligned: empty if they could.
[[nodiscard]] std::string obstacle(const Comparison& comparison);

/// What all rules on two sides say without a second one.
inline constexpr const char* kOneSide = "There is no capture from the other side (--other-side).";

}  // namespace viaduct::diagnose::sides
