// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include "parse_fold.hpp"

#include <arpa/inet.h>

#include <cstdlib>

namespace viaduct::bench {

/// For parsers that hand out C strings: a port as a number, null as 0.
inline void fold_port(Fold& fold, const char* port) {
  fold.number(port == nullptr ? 0 : static_cast<std::uint64_t>(std::atoi(port)));
}

/// An IPv4 address as its octets, a name as it stands.
inline void fold_host(Fold& fold, const char* host) {
  unsigned char octets[4];
  if (host != nullptr && inet_pton(AF_INET, host, octets) == 1)
    fold.address(octets, sizeof octets);
  else
    fold.c_text(host);
}

}  // namespace viaduct::bench
