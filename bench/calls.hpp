// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <chrono>
#include <cstdint>
#include <string>

/// A pcap file of calls between phones and a server: INVITE to BYE, and G.711 each 20 ms in both directions.
namespace viaduct::bench {

struct CallLoad {
  int calls = 100;
  int packets_a_direction = 2998;                ///< with the six messages 6002 packets a call, a minute of it
  std::chrono::microseconds between_calls{100};  ///< from the begin of one to that of the next
};

/// False if the file cannot be written.
[[nodiscard]] bool write_calls(const std::string& path, const CallLoad& load);

}  // namespace viaduct::bench
