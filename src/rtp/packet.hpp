// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include "base/bytes.hpp"
#include "base/result.hpp"

#include <cstdint>
#include <optional>

/// RTP and RTCP as they are seen on a path: views over received octets, and what a stream of them tells about the path.
namespace viaduct::rtp {

enum class PacketProblem : std::uint8_t {
  too_short,      ///< fewer octets than the fixed header has
  other_version,  ///< not version 2 (RFC 3550 5.1)
  sources,        ///< the CSRC list ends behind the packet
  extension,      ///< the header extension ends behind the packet
  cut,            ///< the header may be well, but was not captured to its end
};

/// How the header extension is laid out (RFC 8285 4.2, 4.3).
enum class Extension : std::uint8_t { none, one_byte, two_byte, other };

/// One RTP packet (RFC 3550 5.1). Borrows nothing: ranges count octets of the datagram's payload.
///
///     0                   1                   2                   3
///     |V=2|P|X|  CC   |M|     PT      |       sequence number         |
///     |                           timestamp                           |
///     |                             SSRC                              |
///     |                         CSRC (0 to 15)                        |
///     |  profile of the extension     |  its length in 32 bit words   |
struct Packet {
  std::uint32_t ssrc = 0;
  std::uint32_t timestamp = 0;
  std::uint16_t sequence = 0;
  std::uint8_t payload_type = 0;
  std::uint8_t source_count = 0;  ///< CSRC entries, from octet 12 on
  bool marker = false;
  bool padded = false;  ///< the P bit
  Extension extension = Extension::none;
  base::Range extension_data{};      ///< behind the four octets of the extension's own header; absent without extension
  base::Range payload{};             ///< as far as it was captured, without padding
  std::uint32_t payload_length = 0;  ///< on the wire, without padding (with it where the count was not captured)
};

/// Reads the header of a datagram's payload of which `length` octets were on the wire and `octets` captured. A padding
/// count that does not fit (encrypted as in SRTP, or a lie) takes nothing off the payload.
[[nodiscard]] base::Result<Packet, PacketProblem> parse_packet(base::Bytes octets, std::size_t length);
/// Of a datagram that was captured whole.
[[nodiscard]] inline base::Result<Packet, PacketProblem> parse_packet(base::Bytes octets) {
  return parse_packet(octets, octets.size());
}

/// One element of a one- or two-byte header extension.
struct ExtensionElement {
  std::uint8_t id = 0;
  base::Range data;
};

/// Walks the elements of `packet`'s extension; padding is skipped. Ends at the first element that does not fit.
///
///     for (ExtensionWalk walk(octets, packet); std::optional<ExtensionElement> element = walk.next();)
class ExtensionWalk {
 public:
  ExtensionWalk(base::Bytes octets, const Packet& packet);
  [[nodiscard]] std::optional<ExtensionElement> next();

 private:
  base::Bytes octets_;
  std::uint32_t at_ = 0;
  std::uint32_t end_ = 0;
  bool two_byte_ = false;
};

}  // namespace viaduct::rtp
