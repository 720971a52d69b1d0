// SPDX-License-Identifier: GPL-2.0-or-later
#include "analyze/time_window.hpp"

#include "base/text.hpp"

#include <algorithm>
#include <chrono>
#include <cstdint>

namespace viaduct::app::analyze {
namespace {

using base::Bytes;
using base::Duration;

/// Two digits, less than `end`; takes them off the text.
[[nodiscard]] std::optional<int> take_two(Bytes& text, int end) {
  if (text.size() < 2) return std::nullopt;
  const std::optional<std::uint8_t> value = base::parse_decimal<std::uint8_t>(text.substr(0, 2));
  if (!value || *value >= end) return std::nullopt;
  text.remove_prefix(2);
  return *value;
}

[[nodiscard]] bool take(Bytes& text, char c) {
  if (!text.starts_with(c)) return false;
  text.remove_prefix(1);
  return true;
}

/// ".5" and more digits, or nothing at all.
[[nodiscard]] std::optional<Duration> take_fraction(Bytes& text) {
  if (!take(text, '.')) return Duration{};
  if (text.empty() || !base::kDigits.contains(text[0])) return std::nullopt;
  std::int64_t value = 0;
  std::int64_t unit = std::nano::den;
  for (; !text.empty() && base::kDigits.contains(text[0]); text.remove_prefix(1)) {
    unit /= 10;
    value += (text[0] - '0') * unit;
  }
  return Duration(value);
}

/// HH:MM or HH:MM:SS or HH:MM:SS.fraction.
[[nodiscard]] std::optional<Duration> take_time_of_day(Bytes& text, bool seconds_needed) {
  const std::optional<int> hour = take_two(text, 24);
  if (!hour || !take(text, ':')) return std::nullopt;
  const std::optional<int> minute = take_two(text, 60);
  if (!minute) return std::nullopt;
  const Duration time = std::chrono::hours(*hour) + std::chrono::minutes(*minute);
  if (!take(text, ':')) return seconds_needed ? std::nullopt : std::optional(time);
  const std::optional<int> second = take_two(text, 61);  // a leap second
  if (!second) return std::nullopt;
  const std::optional<Duration> fraction = take_fraction(text);
  if (!fraction) return std::nullopt;
  return time + std::chrono::seconds(*second) + *fraction;
}

/// RFC 3339 5.6: full-date.
[[nodiscard]] std::optional<std::chrono::sys_days> take_date(Bytes& text) {
  if (text.size() < 10 || text[4] != '-' || text[7] != '-') return std::nullopt;
  const std::optional<std::uint16_t> year = base::parse_decimal<std::uint16_t>(text.substr(0, 4));
  const std::optional<std::uint8_t> month = base::parse_decimal<std::uint8_t>(text.substr(5, 2));
  const std::optional<std::uint8_t> day = base::parse_decimal<std::uint8_t>(text.substr(8, 2));
  if (!year || !month || !day || *year < 1970 || *year > 2200) return std::nullopt;
  const std::chrono::year_month_day date{std::chrono::year(*year), std::chrono::month(*month), std::chrono::day(*day)};
  if (!date.ok()) return std::nullopt;
  text.remove_prefix(10);
  return date;
}

/// RFC 3339 5.6: time-offset, to be subtracted.
[[nodiscard]] std::optional<Duration> take_offset(Bytes& text) {
  if (take(text, 'Z') || take(text, 'z')) return Duration{};
  const bool behind = text.starts_with('-');
  if (!take(text, '+') && !take(text, '-')) return std::nullopt;
  const std::optional<int> hour = take_two(text, 24);
  if (!hour || !take(text, ':')) return std::nullopt;
  const std::optional<int> minute = take_two(text, 60);
  if (!minute) return std::nullopt;
  const Duration offset = std::chrono::hours(*hour) + std::chrono::minutes(*minute);
  return behind ? -offset : offset;
}

[[nodiscard]] std::optional<capture::Time> parse_moment(Bytes text) {
  const std::optional<std::chrono::sys_days> date = take_date(text);
  if (!date || !(take(text, 'T') || take(text, 't') || take(text, ' '))) return std::nullopt;
  const std::optional<Duration> time = take_time_of_day(text, true);
  if (!time) return std::nullopt;
  const std::optional<Duration> offset = take_offset(text);
  if (!offset || !text.empty()) return std::nullopt;
  return capture::Time(*date) + *time - *offset;
}

[[nodiscard]] std::optional<Duration> parse_seconds(Bytes text) {
  std::size_t digits = 0;
  while (digits < text.size() && base::kDigits.contains(text[digits])) ++digits;
  const std::optional<std::uint32_t> whole = base::parse_decimal<std::uint32_t>(text.substr(0, digits));
  if (!whole) return std::nullopt;
  text.remove_prefix(digits);
  const std::optional<Duration> fraction = take_fraction(text);
  if (!fraction || !text.empty()) return std::nullopt;
  return std::chrono::seconds(*whole) + *fraction;
}

}  // namespace

std::optional<TimeSpec> TimeSpec::parse(Bytes text) {
  TimeSpec spec;
  if (take(text, '+')) {
    const std::optional<Duration> passed = parse_seconds(text);
    if (!passed) return std::nullopt;
    spec.value_ = AfterBegin{*passed};
  } else if (const std::optional<capture::Time> moment = parse_moment(text)) {
    spec.value_ = *moment;
  } else {
    const std::optional<Duration> time = take_time_of_day(text, false);
    if (!time || !text.empty()) return std::nullopt;
    spec.value_ = TimeOfDay{*time};
  }
  return spec;
}

capture::Time TimeSpec::in(capture::Time begin) const {
  if (const capture::Time* const moment = std::get_if<capture::Time>(&value_)) return *moment;
  // A capture that claims to begin centuries away has no room for more.
  begin = std::clamp(begin, capture::Time(std::chrono::sys_days(std::chrono::year(1700) / 1 / 1)),
                     capture::Time(std::chrono::sys_days(std::chrono::year(2100) / 1 / 1)));
  if (const AfterBegin* const after = std::get_if<AfterBegin>(&value_)) return begin + after->passed;
  return std::chrono::floor<std::chrono::days>(begin) + std::get<TimeOfDay>(value_).since_midnight;
}

bool TimeWindow::is_empty() const {
  return from && to && from->is_like(*to) && to->in(capture::Time{}) <= from->in(capture::Time{});
}

}  // namespace viaduct::app::analyze
