// SPDX-License-Identifier: GPL-2.0-or-later
#include "diagnose/words.hpp"

#include "finding/stream_summary.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>

namespace viaduct::diagnose {
namespace {

/// Independent of the locale, unlike printf.
[[nodiscard]] std::string fixed(double value, int decimals) {
  std::array<char, 32> text{};
  const auto [end, error] =
      std::to_chars(text.data(), text.data() + text.size(), value, std::chars_format::fixed, decimals);
  return error == std::errc() ? std::string(text.data(), end) : "?";
}

}  // namespace

std::string counted(std::size_t count, const char* one, const char* many) {
  return std::to_string(count) + " " + (count == 1 ? one : many);
}

std::string seconds_text(double seconds) {
  return fixed(seconds, std::abs(seconds) < 10 ? 2 : 1) + " s";
}

std::string seconds_text(Duration duration) {
  return seconds_text(rtp::seconds(duration));
}

std::string number_text(double value) {
  return fixed(value, std::abs(value) < 10 ? 1 : 0);
}

std::string chance_text(double p) {
  if (p < 1e-6) return "under 0.000001";
  return fixed(p, std::min(6, 1 - static_cast<int>(std::floor(std::log10(std::max(p, 1e-6))))));
}

std::string clock_text(Time time) {
  const auto second = std::chrono::floor<std::chrono::seconds>(time);
  const std::chrono::hh_mm_ss day(second - std::chrono::floor<std::chrono::days>(time));
  const auto two = [](std::int64_t value) { return (value < 10 ? "0" : "") + std::to_string(value); };
  return two(day.hours().count()) + ":" + two(day.minutes().count()) + ":" + two(day.seconds().count());
}

std::string instant_text(Time time) {
  const auto into =
      std::chrono::floor<std::chrono::milliseconds>(time) - std::chrono::floor<std::chrono::seconds>(time);
  const std::string digits = std::to_string(into.count());
  return clock_text(time) + "." + std::string(3 - digits.size(), '0') + digits;
}

std::string call_text(const CallRecord& call) {
  return (call.index == kNoCall ? "media at " : "call at ") + clock_text(call.begin);
}

std::string receiver_text(const StreamFacts& stream) {
  if (!stream.named) return stream.report.destination.to_text();
  return "the " + std::string(call::name(stream.receiver));
}

std::string sender_text(const StreamFacts& stream) {
  if (!stream.named) return stream.report.source.to_text();
  return "the " + std::string(call::name(call::other(stream.receiver)));
}

std::string capital(std::string text) {
  if (!text.empty() && text.front() >= 'a' && text.front() <= 'z')
    text.front() = static_cast<char>(text.front() - 'a' + 'A');
  return text;
}

finding::Evidence evidence_at(std::uint64_t frame, Time time, std::string text) {
  const call::FrameRef at = call::unpack(frame);
  finding::Evidence evidence;
  evidence.input = static_cast<std::uint32_t>(at.file);
  evidence.frame = at.number;
  evidence.time = time;
  evidence.text = std::move(text);
  return evidence;
}

std::string silence_text(Duration length, Duration heard) {
  return heard > Duration::zero() ? seconds_text(length - heard) + " of " + seconds_text(length) : seconds_text(length);
}

finding::Evidence evidence_of(const Onset& onset) {
  const char letter = static_cast<char>(onset.kind);
  const bool named = !onset.destination.address.present();
  std::string text =
      "media towards " + (named ? "the " + std::string(call::name(onset.receiver)) : onset.destination.to_text()) +
      " stops for " + silence_text(onset.length, onset.heard) + " from " + instant_text(onset.at) + " on";
  if (onset.missing > 0) text += ", " + counted(onset.missing, "packet is", "packets are") + " missing";
  if (onset.kind == rtp::GapClass::rebinding && onset.length < kIdle)
    text += " (X, the sender's port changed, too soon for a mapping to expire)";
  else if (onset.kind == rtp::GapClass::sender_pause)
    text += " (S, a pause of the sender, and an outage in it)";
  else if (letter != '-')
    text += " (" + std::string(1, letter) + ", " + finding::meaning(letter) + ")";
  return evidence_at(onset.frame, onset.at - onset.lead, std::move(text));
}

void add_streams(finding::Finding& finding, std::span<const Onset* const> onsets) {
  const auto first = static_cast<std::ptrdiff_t>(finding.streams.size());
  for (const Onset* const onset : onsets) finding.streams.push_back(onset->stream);
  std::sort(finding.streams.begin() + first, finding.streams.end());
  finding.streams.erase(std::unique(finding.streams.begin() + first, finding.streams.end()), finding.streams.end());
}

}  // namespace viaduct::diagnose
