// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include "net/address.hpp"

#include <string>

namespace viaduct::gateway {

/// A network as people write it: without the length when it is one address.
[[nodiscard]] inline std::string prefix_text(const net::Prefix& prefix) {
  return prefix.length == prefix.address.size() * 8 ? prefix.address.to_text() : prefix.to_text();
}

}  // namespace viaduct::gateway
