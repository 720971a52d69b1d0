// SPDX-License-Identifier: GPL-2.0-or-later
#include "diagnose/rules/rules.hpp"
#include "diagnose/words.hpp"
#include "rtp/payload_type.hpp"

#include <algorithm>
#include <bitset>
#include <optional>

namespace viaduct::diagnose::rules {
namespace {

constexpr finding::Rule kRule{
    .id = "payload-type-not-agreed",
    .title = "Audio comes in a coding that SDP does not name",
    .cause = finding::Cause::endpoint,
    .needs = "SDP of both parties, and RTP of some seconds.",
    .why =
        "Who receives RTP knows by its payload type how to play it, and the payload types are those that offer and "
        "answer name (RFC 3264 6.1, RFC 3551 6). Any other is dropped or played as noise, though packets flow.",
    .remedy =
        "Set the sender to a coding that both sides name, and look for a gateway or media relay that passes media "
        "through without the coding it has agreed on.",
};

/// What lasts no longer may have been on its way when SDP changed.
constexpr Duration kLongest = std::chrono::seconds(1);
constexpr std::uint8_t kFirstDynamic = 96;
constexpr std::uint8_t kComfortNoise = 13;
constexpr std::uint8_t kOldComfortNoise = 19;

/// The payload types that descriptions of an m= line name, of both parties and all the time.
struct Named {
  std::bitset<128> types{};
  std::array<bool, 2> parties{};
  bool whole = true;  ///< none was left out
  bool audio = false;

  [[nodiscard]] bool known() const { return parties[0] && parties[1]; }
};

[[nodiscard]] Named named_on(const call::Call& call, std::uint8_t line) {
  Named named{.whole = call.begin_seen && call.dropped_legs == 0};
  for (const call::Leg& leg : call.legs) {
    named.whole = named.whole && leg.negotiation.dropped() == 0;
    for (const call::MediaSpan& span : leg.negotiation.spans()) {
      if (span.line != line) continue;
      named.audio = named.audio || span.media.kind == call::MediaKind::audio;
      named.parties[static_cast<std::size_t>(span.receiver)] = true;
      named.whole = named.whole && span.media.codecs.size() < call::MediaLine::kMaxCodecs;
      for (const call::Codec& codec : span.media.codecs) named.types.set(codec.payload_type & 0x7fU);
    }
  }
  return named;
}

[[nodiscard]] Duration time_of(const rtp::PayloadUse& use, const rtp::Report& report) {
  return use.packets * report.ptime().value_or(std::chrono::milliseconds(20));
}

/// A payload type of the stream that nobody named. Keys may come as a dynamic one beside audio that was agreed on.
[[nodiscard]] std::optional<rtp::PayloadUse> unnamed(const rtp::Report& report, const Named& named) {
  for (const rtp::PayloadUse& use : report.payload_types) {
    const std::uint8_t type = use.payload_type;
    if (named.types.test(type & 0x7fU) || type == kComfortNoise || type == kOldComfortNoise) continue;
    if (time_of(use, report) < kLongest) continue;
    if (type >= kFirstDynamic && 2 * std::uint64_t{use.packets} < report.packets) continue;
    return use;
  }
  return std::nullopt;
}

[[nodiscard]] std::string list_of(const Named& named) {
  std::string text;
  for (std::size_t type = 0; type < named.types.size(); ++type)
    if (named.types.test(type)) text += (text.empty() ? "" : ", ") + std::to_string(type);
  return text.empty() ? "none" : text;
}

[[nodiscard]] finding::Finding fail(const StreamFacts& stream, const rtp::PayloadUse& use, const Named& named) {
  const std::string& coding = rtp::static_format(use.payload_type).name;
  const std::string type =
      "payload type " + std::to_string(use.payload_type) + (coding.empty() ? "" : " (" + coding + ")");
  return finding::Finding::fail(
      kRule, finding::Severity::major, 0.9,
      "Audio towards " + receiver_text(stream) + " has " + type + " for " + seconds_text(time_of(use, stream.report)) +
          ", which neither offer nor answer names (they name " + list_of(named) + ").",
      evidence_at(stream.report.first_frame, stream.report.first,
                  counted(use.packets, "packet", "packets") + " of " + type + " from " +
                      stream.report.source.to_text() + ", of " + std::to_string(stream.report.packets)));
}

finding::Finding judge(const CallFacts& facts) {
  bool judged = false;
  bool open = false;
  for (std::uint32_t i = 0; i < facts.streams.size(); ++i) {
    const StreamFacts& stream = facts.streams[i];
    if (!stream.named || stream.report.probation || stream.seen_again) continue;
    const Named named = named_on(facts.call, stream.line);
    if (!named.audio) continue;
    const std::optional<rtp::PayloadUse> use = unnamed(stream.report, named);
    judged = judged || (named.known() && named.whole);
    if (!use) continue;
    if (!named.known() || !named.whole) {
      open = true;
      continue;
    }
    finding::Finding found = fail(stream, *use, named);
    found.streams = {i};
    return found;
  }
  if (open)
    return finding::Finding::inconclusive(
        kRule, "A payload type was sent that no SDP here names, but not all SDP of the call was captured.");
  if (!judged) return finding::Finding::not_applicable(kRule, "SDP of both parties and RTP were not captured.");
  return finding::Finding::pass(kRule, 1, "All audio has a payload type that offer or answer names.");
}

}  // namespace

CallRule payload_type_not_agreed() {
  return {kRule, judge};
}

}  // namespace viaduct::diagnose::rules
