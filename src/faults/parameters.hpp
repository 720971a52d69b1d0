// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include "base/bytes.hpp"
#include "base/clock.hpp"

#include <cstdint>
#include <expected>
#include <map>
#include <span>
#include <string>

namespace viaduct::faults {

/// What a parameter's text has to be.
enum class ParameterKind : std::uint8_t {
  duration,  ///< "30s", "500ms", "2m", "1h"
  number,    ///< decimal, 0 to 4294967295
  choice     ///< one of the words in `words`, separated by '|'
};

/// One thing of a behaviour that can be set: `--set period=30s`, or `--set C01.period=30s`.
struct Parameter {
  base::Bytes name;
  ParameterKind kind;
  base::Bytes fallback;  ///< the value without --set
  base::Bytes words;     ///< of a choice, else empty
  base::Bytes meaning;   ///< one line for people
};

/// "30s", "500ms", "2m", "1h"; a bare number is seconds. At most 100 years.
[[nodiscard]] std::expected<base::Duration, std::string> parse_duration(base::Bytes text);

/// The parameters of one behaviour with a value each.
class Values {
 public:
  /// Every parameter has its fallback.
  explicit Values(std::span<const Parameter> parameters);
  /// The error is a sentence for people: what is wrong, and what would be right.
  [[nodiscard]] std::expected<void, std::string> set(base::Bytes name, base::Bytes text);
  [[nodiscard]] bool has(base::Bytes name) const;

  // Only for names and kinds of the table that the values were made from.
  [[nodiscard]] base::Duration duration(base::Bytes name) const;
  [[nodiscard]] std::uint32_t number(base::Bytes name) const;
  [[nodiscard]] base::Bytes choice(base::Bytes name) const VIADUCT_LIFETIME_BOUND;

 private:
  std::span<const Parameter> parameters_;
  std::map<std::string, std::string, std::less<>> texts_;
};

}  // namespace viaduct::faults
