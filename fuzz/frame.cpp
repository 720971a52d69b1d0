// SPDX-License-Identifier: GPL-2.0-or-later
// Two octets of link type, then a frame: ranges lie inside of each other, and a frame that is captured shorter reads
// the same as far as it goes.
#include "capture/content.hpp"
#include "capture/fragments.hpp"
#include "capture/hep.hpp"
#include "capture/packet.hpp"
#include "target.hpp"

namespace {

using namespace viaduct;

void check_packet(base::Bytes frame, capture::Decoded decoded, const capture::Packet& packet) {
  VIADUCT_CHECK(packet.ip.present() && packet.payload.present() && packet.ip.end() <= frame.size());
  VIADUCT_CHECK(fuzz::inside(packet.ip, packet.payload));
  VIADUCT_CHECK(packet.payload.length <= packet.payload_length);
  VIADUCT_CHECK(packet.source.address.present() && packet.destination.address.present());
  VIADUCT_CHECK(packet.vlan_count <= packet.vlans.size());
  if (decoded == capture::Decoded::fragment) return;
  VIADUCT_CHECK(packet.transport >= packet.ip.offset && packet.transport <= packet.payload.offset);
  if (packet.protocol == capture::Protocol::tcp) static_cast<void>(capture::tcp_header(frame, packet));
}

/// As one of two fragments, with a copy of itself: whatever is put together can be decoded without harm.
void reassemble(base::Bytes frame, const capture::Packet& packet) {
  capture::FragmentTable table;
  for (std::uint64_t number = 1; number <= 2; ++number) {
    capture::Packet part = packet;
    if (number == 2) part.more_fragments = !part.more_fragments;
    const capture::FragmentTable::Whole* whole = table.add(frame, part, number, {});
    if (whole == nullptr) continue;
    VIADUCT_CHECK(whole->packet.size() <= 65535 && !whole->frames.empty());
    capture::Packet inner;
    const capture::Decoded decoded = capture::decode(capture::LinkType::raw, whole->packet, inner);
    if (decoded <= capture::Decoded::fragment) check_packet(whole->packet, decoded, inner);
  }
  table.finish();
}

}  // namespace

int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  fuzz::Input input(data, size);
  const auto link = static_cast<capture::LinkType>(input.word());
  const base::Bytes frame = input.rest();
  capture::Packet packet;
  const capture::Decoded decoded = capture::decode(link, frame, packet);
  if (decoded > capture::Decoded::fragment) return 0;
  check_packet(frame, decoded, packet);
  const base::Bytes payload = packet.payload.of(frame);
  static_cast<void>(capture::looks_like_sip(payload, packet.cut()));
  static_cast<void>(capture::classify(payload));
  static_cast<void>(capture::parse_hep(payload));
  if (decoded == capture::Decoded::fragment) reassemble(frame, packet);
  return 0;
}
