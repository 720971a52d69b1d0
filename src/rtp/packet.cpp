// SPDX-License-Identifier: GPL-2.0-or-later
#include "rtp/packet.hpp"

#include "base/octets.hpp"

namespace viaduct::rtp {
namespace {

constexpr std::size_t kFixedHeader = 12;
constexpr std::size_t kExtensionHeader = 4;

Extension form_of(std::uint16_t profile) {
  if (profile == 0xbede) return Extension::one_byte;
  return (profile & 0xfff0U) == 0x1000 ? Extension::two_byte : Extension::other;
}

}  // namespace

base::Result<Packet, PacketProblem> parse_packet(base::Bytes octets, std::size_t length) {
  using enum PacketProblem;
  // Where the header ends behind what was captured, the wire may have had the rest.
  const auto short_of = [&](std::size_t needed, PacketProblem problem) {
    return base::fail(needed <= length ? cut : problem, octets.size());
  };
  if (octets.empty()) return short_of(kFixedHeader, too_short);
  if (base::octet_at(octets, 0) >> 6 != 2) return base::fail(other_version, 0);
  if (octets.size() < kFixedHeader) return short_of(kFixedHeader, too_short);
  const std::uint8_t first = base::octet_at(octets, 0);
  const std::uint8_t second = base::octet_at(octets, 1);
  Packet packet{.ssrc = base::long_at(octets, 8),
                .timestamp = base::long_at(octets, 4),
                .sequence = base::word_at(octets, 2),
                .payload_type = static_cast<std::uint8_t>(second & 0x7f),
                .source_count = static_cast<std::uint8_t>(first & 0x0f),
                .marker = (second & 0x80) != 0,
                .padded = (first & 0x20) != 0};
  std::size_t header = kFixedHeader + packet.source_count * 4U;
  if (header > octets.size()) return short_of(header, sources);
  if ((first & 0x10) != 0) {
    const std::size_t data = header + kExtensionHeader;
    if (data > octets.size()) return short_of(data, extension);
    const std::size_t end = data + base::word_at(octets, header + 2) * 4U;
    if (end > octets.size()) return short_of(end, extension);
    packet.extension = form_of(base::word_at(octets, header));
    packet.extension_data = base::between(data, end);
    header = end;
  }
  std::size_t end = length;
  if (packet.padded && octets.size() == length && header < length) {
    const std::size_t padding = base::octet_at(octets, length - 1);
    if (padding <= length - header) end -= padding;
  }
  packet.payload = base::between(header, std::min(end, octets.size()));
  packet.payload_length = static_cast<std::uint32_t>(end - header);
  return packet;
}

ExtensionWalk::ExtensionWalk(base::Bytes octets, const Packet& packet) : octets_(octets) {
  if (packet.extension != Extension::one_byte && packet.extension != Extension::two_byte) return;
  at_ = packet.extension_data.offset;
  end_ = packet.extension_data.end();
  two_byte_ = packet.extension == Extension::two_byte;
}

std::optional<ExtensionElement> ExtensionWalk::next() {
  constexpr std::uint8_t kStop = 15;  // one-byte form only: nothing behind it is to be read
  while (at_ < end_ && octets_[at_] == 0) ++at_;
  if (at_ >= end_) return std::nullopt;
  const std::uint8_t head = base::octet_at(octets_, at_);
  const std::uint32_t data = at_ + (two_byte_ ? 2 : 1);
  if (data > end_ || (!two_byte_ && head >> 4 == kStop)) {
    at_ = end_;
    return std::nullopt;
  }
  const std::uint32_t length = two_byte_ ? base::octet_at(octets_, at_ + 1) : (head & 0x0fU) + 1;
  at_ = data + length;
  if (at_ > end_) return std::nullopt;
  return ExtensionElement{two_byte_ ? head : static_cast<std::uint8_t>(head >> 4), {data, length}};
}

}  // namespace viaduct::rtp
