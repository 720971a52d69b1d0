// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include "diagnose/call_record.hpp"
#include "finding/finding.hpp"

#include <cstdint>
#include <span>
#include <string>

/// How rules say what they found.
namespace viaduct::diagnose {

/// "1 gap", "3 gaps".
[[nodiscard]] std::string counted(std::size_t count, const char* one, const char* many);
/// "2.04 s".
[[nodiscard]] std::string seconds_text(double seconds);
[[nodiscard]] std::string seconds_text(Duration duration);
/// How long there was nothing to play: "2.00 s", "0.60 s of 1.60 s" where media was heard between its holes.
[[nodiscard]] std::string silence_text(Duration length, Duration heard);
/// "4.7", "23".
[[nodiscard]] std::string number_text(double value);
/// "0.0004", or "under 0.000001".
[[nodiscard]] std::string chance_text(double p);

/// "14:03:27" of the day, UTC.
[[nodiscard]] std::string clock_text(Time time);

/// "14:03:27.020".
[[nodiscard]] std::string instant_text(Time time);

/// "call at 14:03:27", "media at 14:03:27" where no SIP tells of it.
[[nodiscard]] std::string call_text(const CallRecord& call);

/// Who receives or sends a stream, "the caller"; where no SIP tells, the endpoint.
[[nodiscard]] std::string receiver_text(const StreamFacts& stream);
[[nodiscard]] std::string sender_text(const StreamFacts& stream);
/// The same at the beginning of a sentence.
[[nodiscard]] std::string capital(std::string text);

/// Evidence at a frame packed by call::pack; `time` is that frame's own.
[[nodiscard]] finding::Evidence evidence_at(std::uint64_t frame, Time time, std::string text);
/// "media towards the callee stops for 2.04 s from 14:03:27.020 on", at the last frame before it.
[[nodiscard]] finding::Evidence evidence_of(const Onset& onset);
/// Adds the streams of one call's onsets, each once.
void add_streams(finding::Finding& finding, std::span<const Onset* const> onsets);

}  // namespace viaduct::diagnose
