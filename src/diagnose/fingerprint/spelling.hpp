// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include "sip/message.hpp"

#include <cstdint>

namespace viaduct::diagnose::fingerprint {

/// How the headers of a message are written.
struct Spelling {
  std::uint64_t order = 0;  ///< hash over the main headers, each with its spelling
  base::Range odd;          ///< the first header that is written unlike most others
  std::uint8_t oddities = 0;
  bool vias_differ = false;  ///< the first two Via headers have not the same name as written
};
[[nodiscard]] Spelling spelling_of(const sip::Message& message);

}  // namespace viaduct::diagnose::fingerprint
