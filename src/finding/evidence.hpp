// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include "base/bytes.hpp"
#include "finding/time.hpp"

#include <cstdint>
#include <optional>
#include <string>

namespace viaduct::finding {

/// The place in an input that proves something. `octets` is captured and may hold anything.
struct Evidence {
  std::uint32_t input = 0;  ///< index into Result::inputs
  std::uint64_t frame = 0;  ///< counted from 1 as other tools count; 0: no frame in particular
  std::optional<Time> time{};
  std::string text;          ///< what is to be seen here, one sentence
  std::string octets{};      ///< a piece of what was captured, at most kMaxOctets
  std::uint32_t offset = 0;  ///< where that piece begins in the message or packet
  base::Range marked{};      ///< of `octets`, for the caret; absent or within it
  std::uint64_t line = 0;    ///< of a configuration, counted from 1; 0: no text with lines, or no line in particular

  static constexpr std::size_t kMaxText = 1024;
  static constexpr std::size_t kMaxOctets = 512;
  friend bool operator==(const Evidence&, const Evidence&) = default;
};

/// `whole` cut down to what stands around `marked` (a range of `whole`, or absent for its beginning), lines kept whole
/// where they fit, put into `evidence` with offset and range.
void quote(Evidence& evidence, base::Bytes whole, base::Range marked);

}  // namespace viaduct::finding
