// SPDX-License-Identifier: GPL-2.0-or-later
#include "faults/ethernet.hpp"
#include "faults/offload.hpp"
#include "faults/packet.hpp"
#include "faults/segment.hpp"
#include "target.hpp"

#include <algorithm>
#include <string>
#include <vector>

namespace {

using namespace viaduct;

void check_pieces(base::Bytes payload) {
  using faults::SegmentRule;
  for (const faults::Pieces& pieces :
       {faults::pieces_of_datagram(payload), faults::pieces_of_segment(payload, SegmentRule::messages),
        faults::pieces_of_segment(payload, SegmentRule::linux_kernel)}) {
    std::string together;
    for (const faults::Piece& piece : pieces.list) together += piece.octets;
    VIADUCT_CHECK(together == payload);
  }
}

/// What is cut is TCP, fits, and is the same stream.
void check_offload(base::Bytes octets, bool checksum_missing, std::size_t mtu) {
  const std::vector<std::string> packets = faults::without_offload(octets, checksum_missing, mtu);
  const base::Result<faults::Packet, faults::PacketProblem> whole = faults::Packet::parse(octets);
  if (!whole || whole->is_fragment() || packets.size() < 2) return;
  std::string stream;
  for (const std::string& packet : packets) {
    const base::Result<faults::Packet, faults::PacketProblem> read = faults::Packet::parse(packet);
    VIADUCT_CHECK(read && packet.size() <= mtu && read->checksum_is_right());
    VIADUCT_CHECK(read->tcp_sequence() == whole->tcp_sequence() + static_cast<std::uint32_t>(stream.size()));
    stream += read->payload();
  }
  VIADUCT_CHECK(stream == whole->payload());
}

}  // namespace

// Two octets of settings, then frames of an Ethernet separated by octet 0x1e; each is sent too, as a packet.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  fuzz::Input input(data, size);
  const std::uint8_t bits = input.octet();
  const std::size_t mtu = 576 + input.octet();
  const net::Address own = net::Address::ipv4(0xc0a80101);
  const auto gateway = (bits & 1U) != 0 ? std::optional(net::Address::ipv4(0xc0a801fe)) : std::nullopt;
  faults::Ethernet side({2, 0, 0, 0, 0, 1}, {own}, {own, 24}, gateway);
  base::Instant now{std::chrono::hours(1)};
  base::Bytes rest = input.rest();
  check_pieces(rest);
  while (!rest.empty()) {
    const base::Bytes frame = rest.substr(0, rest.find('\x1e'));
    rest.remove_prefix(std::min(rest.size(), frame.size() + 1));
    now = now + std::chrono::seconds((bits & 2U) != 0 ? 40 : 1);
    if (const std::optional<base::Bytes> packet = side.receive(frame, now)) {
      VIADUCT_CHECK(packet->size() + 14 == frame.size());
      check_offload(*packet, (bits & 4U) != 0, mtu);
      side.send(*packet, now);
    }
    side.send(frame, now);
    for (const std::string& sent : side.take_frames()) VIADUCT_CHECK(sent.size() >= 14);
  }
  return 0;
}
