// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <cstdint>
#include <expected>

namespace viaduct::base {

/// Why something could not be understood, and where. `Code` is the closed enum of the module that
/// reports it; `offset` counts octets from the start of the buffer that was handed in, so that a
/// person can be shown the place. Errors are values: nothing below apps/ throws (docs/adr/0001).
template <class Code>
struct Error {
  Code code{};
  std::uint32_t offset = 0;

  friend bool operator==(const Error&, const Error&) = default;
};

template <class T, class Code>
using Result = std::expected<T, Error<Code>>;

/// Shorthand for `return fail(Code::x, offset);`. Cold: the compiler puts the ways that lead to it apart, so that the
/// usual way through a parser stays within the first-level instruction cache.
template <class Code>
[[nodiscard, gnu::cold]] constexpr std::unexpected<Error<Code>> fail(Code code, std::size_t offset) {
  return std::unexpected(Error<Code>{code, static_cast<std::uint32_t>(offset)});
}

}  // namespace viaduct::base
