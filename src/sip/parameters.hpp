// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include "base/bytes.hpp"
#include "sip/problem.hpp"

#include <optional>

namespace viaduct::sip {

/// One ;name or ;name=value (RFC 3261 25.1 generic-param), also of a URI.
struct Parameter {
  Range whole;  ///< from its ';' to the end of the value
  Range name;
  Range value;  ///< with the quotes of a quoted string; absent without "="
};

/// Walks a parameter list such as ` ;tag = "a;b" ; lr`. Blanks and folds around ; and = are skipped, quoted
/// strings are one value. `list` begins at the first ';' (or is absent: no parameters). An empty parameter
/// (";;") is returned with an empty name, so that it can be reported; it matches no search.
class ParameterCursor {
 public:
  ParameterCursor(Bytes buffer, Range list)
      : buffer_(buffer), at_(list.present() ? list.offset : 0), end_(list.present() ? list.end() : 0) {}

  [[nodiscard]] std::optional<Parameter> next();

 private:
  Bytes buffer_;
  std::uint32_t at_;
  std::uint32_t end_;
};

/// The first parameter with this name in any case.
[[nodiscard]] std::optional<Parameter> find_parameter(Bytes buffer, Range list, Bytes name);
/// Its value without quotes (escapes inside stay); absent if the parameter or its value is missing.
[[nodiscard]] Range parameter_value(Bytes buffer, Range list, Bytes name);

/// Walks a list with commas between name=value pairs, as in Authorization: `realm="a,b", uri="sip:x"`.
class AuthParameterCursor {
 public:
  AuthParameterCursor(Bytes buffer, Range list)
      : buffer_(buffer), at_(list.present() ? list.offset : 0), end_(list.present() ? list.end() : 0) {}

  /// `whole` has no leading separator here.
  [[nodiscard]] std::optional<Parameter> next();

 private:
  Bytes buffer_;
  std::uint32_t at_;
  std::uint32_t end_;
};

/// `range` without the quotes at both ends, if it is a quoted string.
[[nodiscard]] Range without_quotes(Bytes buffer, Range range);

}  // namespace viaduct::sip
