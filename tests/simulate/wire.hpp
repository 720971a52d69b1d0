// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include "simulate/packet.hpp"

#include <array>
#include <string>
#include <vector>

namespace viaduct::simulate {

/// Room for the longest frame with RTP in it.
inline constexpr std::size_t kMaxRtpFrame = 14 + 20 + 8 + 12 + 160;

/// Writes Ethernet frames with IPv4 and UDP, checksums and all.
///
///     0                   1                   2                   3
///     |V=2|P|X|  CC   |M|     PT      |       sequence number         |   RTP (RFC 3550 5.1)
///     |                           timestamp                           |
///     |                             SSRC                              |
class FrameWriter {
 public:
  FrameWriter();

  /// The frame of an RTP packet into `out`, and its length. `identification` is that of the IP header.
  std::size_t rtp(const Packet& packet, std::uint16_t identification, char* out) const;
  /// The frames (more than one where the path's MTU of 1500 asks for fragments) of any other packet.
  [[nodiscard]] static std::vector<std::string> datagram(const Packet& packet, std::uint16_t identification);
  /// Octets of what follows the RTP header.
  [[nodiscard]] static std::size_t octets(Sound sound);

 private:
  static constexpr std::size_t kBlocks = 32;
  struct Block {
    std::array<char, 160> octets{};
    std::uint32_t sum = 0;  ///< of its 16-bit words, for the UDP checksum
  };
  std::array<std::array<Block, kBlocks>, 5> blocks_;
};

}  // namespace viaduct::simulate
