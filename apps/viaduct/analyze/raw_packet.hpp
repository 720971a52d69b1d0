// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include "base/bytes.hpp"
#include "net/address.hpp"

#include <cstdint>
#include <string>
#include <vector>

namespace viaduct::app::analyze {

/// What the headers of a made packet say beside its endpoints, which have one family.
struct Wrapping {
  net::Endpoint source;
  net::Endpoint destination;
  std::uint8_t ttl = 64;
  std::uint8_t dscp = 0;
};

/// Most octets of payload that one packet takes.
inline constexpr std::size_t kMostPayload = 65'000;

/// A UDP datagram as an IP packet, or as at most `pieces` fragments. Of a payload that was cut, `missing` octets more
/// are told in the lengths, and there is one piece; its checksum is that of what is there.
[[nodiscard]] std::vector<std::string> udp_packets(const Wrapping& wrapping, base::Bytes payload, std::size_t pieces,
                                                   std::uint16_t identification, std::uint32_t missing);

/// A TCP segment as an IP packet, with PSH and ACK and without options.
[[nodiscard]] std::string tcp_packet(const Wrapping& wrapping, base::Bytes payload, std::uint32_t sequence,
                                     std::uint32_t acknowledgement, std::uint16_t identification);

}  // namespace viaduct::app::analyze
