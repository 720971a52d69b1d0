// SPDX-License-Identifier: GPL-2.0-or-later
#include "faults/offload.hpp"

#include "faults/packet.hpp"

namespace viaduct::faults {

std::vector<std::string> without_offload(base::Bytes octets, bool checksum_missing, std::size_t mtu) {
  base::Result<Packet, PacketProblem> packet = Packet::parse(octets);
  const bool has_transport = packet && packet->protocol() != Protocol::icmp && !packet->is_fragment();
  const bool is_long = has_transport && packet->protocol() == Protocol::tcp && packet->octets().size() > mtu;
  if (!has_transport || (!checksum_missing && !is_long)) return {std::string(octets)};
  const std::string payload(packet->payload());
  const std::size_t room = mtu - (packet->octets().size() - payload.size());
  if (!is_long) {
    if (!packet->set_payload(payload)) return {};
    return {std::string(packet->octets())};
  }
  std::vector<std::string> segments;
  for (std::size_t at = 0; at < payload.size(); at += room) {
    Packet segment = *packet;
    const bool last = at + room >= payload.size();
    const std::uint8_t only_last = TcpFlags::kFin | TcpFlags::kPush;
    if (!last) segment.set_tcp_flags(static_cast<std::uint8_t>(packet->tcp_flags() & ~only_last));
    segment.set_tcp_sequence(packet->tcp_sequence() + static_cast<std::uint32_t>(at));
    if (segment.set_payload(base::Bytes(payload).substr(at, room))) segments.emplace_back(segment.octets());
  }
  return segments;
}

}  // namespace viaduct::faults
