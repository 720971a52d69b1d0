// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <cstdint>
#include <string>

namespace viaduct::finding {

/// Address and port as documents have them: IPv4 as dotted quad, IPv6 as in RFC 5952 without brackets.
struct Endpoint {
  std::string address;     ///< empty: not known
  std::uint16_t port = 0;  ///< 0: not known

  /// 192.0.2.1:5060, [2001:db8::1]:5060, "-" if not known.
  [[nodiscard]] std::string to_text() const;
  friend bool operator==(const Endpoint&, const Endpoint&) = default;
};

}  // namespace viaduct::finding
