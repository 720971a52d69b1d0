// SPDX-License-Identifier: GPL-2.0-or-later
#include "faults/parameters.hpp"

#include "base/text.hpp"

#include <algorithm>
#include <optional>

namespace viaduct::faults {
namespace {

using Milliseconds = std::chrono::milliseconds;

// Sums of two of them still fit an Instant.
constexpr Milliseconds kLongest = std::chrono::hours(100 * 366 * 24);

constexpr std::pair<base::Bytes, std::uint64_t> kUnits[] = {
    {"", 1000}, {"ms", 1}, {"s", 1000}, {"m", 60000}, {"h", 3600000}};

bool is_word_of(base::Bytes words, base::Bytes text) {
  while (!words.empty()) {
    const std::size_t bar = std::min(words.find('|'), words.size());
    if (words.substr(0, bar) == text) return true;
    words.remove_prefix(std::min(bar + 1, words.size()));
  }
  return false;
}

std::string quoted(base::Bytes text) {
  return "'" + std::string(text) + "'";
}

}  // namespace

std::expected<base::Duration, std::string> parse_duration(base::Bytes text) {
  const std::size_t digits = std::min(text.find_first_not_of("0123456789"), text.size());
  const std::optional<std::uint32_t> number = base::parse_decimal<std::uint32_t>(text.substr(0, digits));
  for (const auto& [unit, milliseconds] : kUnits) {
    if (!number || text.substr(digits) != unit) continue;
    const Milliseconds duration(*number * milliseconds);
    if (duration > kLongest) return std::unexpected(quoted(text) + " is longer than 100 years");
    return duration;
  }
  return std::unexpected(quoted(text) + " is no duration; write 500ms, 30s, 2m or 1h");
}

Values::Values(std::span<const Parameter> parameters) : parameters_(parameters) {
  for (const Parameter& parameter : parameters) texts_.emplace(parameter.name, parameter.fallback);
}

bool Values::has(base::Bytes name) const {
  return texts_.contains(name);
}

std::expected<void, std::string> Values::set(base::Bytes name, base::Bytes text) {
  const auto parameter = std::ranges::find(parameters_, name, &Parameter::name);
  if (parameter == parameters_.end()) return std::unexpected("there is no parameter " + quoted(name));
  switch (parameter->kind) {
    case ParameterKind::duration:
      if (const auto duration = parse_duration(text); !duration)
        return std::unexpected(std::string(name) + ": " + duration.error());
      break;
    case ParameterKind::number:
      if (!base::parse_decimal<std::uint32_t>(text))
        return std::unexpected(std::string(name) + ": " + quoted(text) + " is no number from 0 to 4294967295");
      break;
    case ParameterKind::choice:
      if (!is_word_of(parameter->words, text))
        return std::unexpected(std::string(name) + ": " + quoted(text) + " is none of " +
                               std::string(parameter->words));
      break;
  }
  texts_.find(name)->second = text;
  return {};
}

base::Duration Values::duration(base::Bytes name) const {
  return parse_duration(texts_.find(name)->second).value_or(base::Duration{});
}

std::uint32_t Values::number(base::Bytes name) const {
  return base::parse_decimal<std::uint32_t>(texts_.find(name)->second).value_or(0);
}

base::Bytes Values::choice(base::Bytes name) const {
  return texts_.find(name)->second;
}

}  // namespace viaduct::faults
