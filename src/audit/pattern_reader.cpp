// SPDX-License-Identifier: GPL-2.0-or-later
#include "audit/pattern_reader.hpp"

#include "base/text.hpp"

#include <optional>

namespace viaduct::audit {
namespace {

using base::parse_decimal;

/// "0:05:00"
[[nodiscard]] std::int64_t clock_seconds(Bytes value) {
  std::int64_t seconds = 0;
  while (true) {
    const std::size_t colon = value.find(':');
    const std::optional<std::uint32_t> part = parse_decimal(value.substr(0, colon));
    if (!part) return Timer::kUnknown;
    seconds = seconds * 60 + *part;
    if (colon == Bytes::npos) return seconds;
    value.remove_prefix(colon + 1);
  }
}

/// "3m", "1h30m", "1d", "10s", "00:03:00", "180"
[[nodiscard]] std::int64_t routeros_seconds(Bytes value) {
  if (value.find(':') != Bytes::npos) return clock_seconds(value);
  std::int64_t seconds = 0;
  while (!value.empty()) {
    const std::size_t digits = std::min(value.find_first_not_of("0123456789"), value.size());
    const std::optional<std::uint32_t> number = parse_decimal(value.substr(0, digits));
    if (!number) return Timer::kUnknown;
    const char unit = digits < value.size() ? value[digits] : 's';
    const std::int64_t factor = unit == 'w'   ? 604800
                                : unit == 'd' ? 86400
                                : unit == 'h' ? 3600
                                : unit == 'm' ? 60
                                : unit == 's' ? 1
                                              : -1;
    if (factor < 0) return Timer::kUnknown;
    seconds += *number * factor;
    value.remove_prefix(std::min(digits + 1, value.size()));
  }
  return seconds;
}

/// The state that a pattern tells, with the line of its match.
[[nodiscard]] std::optional<Feature> detect(const Text& text, const Detection& detection, const Product& product) {
  const Bytes octets = text.octets();
  const std::string name = product.feature_names.empty() ? "SIP ALG" : product.feature_names.front();
  if (detection.kind == Detection::Kind::regex) {
    const std::optional<Pattern::Match> match = detection.pattern.find(octets);
    if (!match) return std::nullopt;
    // A pattern that begins with blanks may match from the end of an earlier line.
    const std::size_t begin = octets.find_first_not_of(" \t\n", match->offset);
    return Feature{.name = name,
                   .state = detection.means,
                   .origin = {.line = text.line_of(std::min(begin, octets.size()))},
                   .note = detection.notes};
  }
  if (detection.kind != Detection::Kind::absence || detection.pattern.find(octets)) return std::nullopt;
  if (!detection.when.empty() && !detection.when.find(octets)) return std::nullopt;
  return Feature{.name = name,
                 .state = detection.means,
                 .origin = {.standard = "no line says otherwise"},
                 .note = detection.notes};
}

void read_timer(const Text& text, const Product& product, Device& device) {
  Timer timer{.name = "UDP timeout",
              .seconds = product.udp_timeout.standard,
              .origin = {.standard = "default, " + product.versions}};
  for (const TimerPattern& entry : product.udp_timeout.parse) {
    const std::optional<Pattern::Match> match = entry.pattern.find(text.octets());
    if (!match) continue;
    timer.seconds = seconds_of(match->group, entry.unit);
    timer.origin = {.line = text.line_of(static_cast<std::size_t>(match->group.data() - text.octets().data()))};
    break;
  }
  if (timer.seconds == Timer::kUnknown && timer.origin.line == 0) timer.origin.standard = "the default is not known";
  device.timers.push_back(std::move(timer));
}

}  // namespace

std::int64_t seconds_of(Bytes value, TimerPattern::Unit unit) {
  switch (unit) {
    case TimerPattern::Unit::h_mm_ss:
      return clock_seconds(value);
    case TimerPattern::Unit::routeros:
      return routeros_seconds(value);
    case TimerPattern::Unit::seconds:
    case TimerPattern::Unit::minutes: {
      const std::optional<std::uint32_t> number = parse_decimal(value);
      if (!number) return Timer::kUnknown;
      return unit == TimerPattern::Unit::minutes ? *number * std::int64_t{60} : *number;
    }
    default:
      return Timer::kUnknown;
  }
}

void read_by_patterns(const Text& text, const Product& product, Device& device) {
  for (const Detection& detection : product.detect)
    if (std::optional<Feature> feature = detect(text, detection, product))
      device.features.push_back(std::move(*feature));
  if (device.features.empty())
    device.features.push_back({.name = product.feature_names.empty() ? "SIP ALG" : product.feature_names.front(),
                               .origin = {.standard = "a configuration of this product does not tell"}});
  device.sip = together(device.features);
  read_timer(text, product, device);
}

}  // namespace viaduct::audit
