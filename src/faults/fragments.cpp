// SPDX-License-Identifier: GPL-2.0-or-later
#include "faults/fragments.hpp"

#include "base/octets.hpp"
#include "net/datagram.hpp"

#include <algorithm>
#include <utility>

namespace viaduct::faults {
namespace {

/// Total length, flags with offset, and the header's checksum.
void finish_header(std::string& octets, std::size_t header, std::uint16_t flags_and_offset) {
  base::store_word(octets.data() + 2, octets.size());
  base::store_word(octets.data() + 6, flags_and_offset);
  base::store_word(octets.data() + 10, 0);
  base::store_word(octets.data() + 10, net::fold_checksum(net::checksum_add(0, base::Bytes(octets).substr(0, header))));
}

}  // namespace

std::optional<std::string> Fragments::add(const Packet& piece, base::Instant now) {
  const Key key{piece.source().address, piece.destination().address, static_cast<std::uint8_t>(piece.protocol()),
                piece.identification()};
  if (!datagrams_.contains(key) && datagrams_.size() >= kMaxDatagrams) make_room(now);
  auto [at, is_new] = datagrams_.try_emplace(key);
  Pieces& pieces = at->second;
  if (is_new || now > pieces.first + kLifetime) pieces = Pieces{now, {}, {}, 0, 0};
  const std::uint32_t offset = piece.fragment_offset();
  const base::Bytes data = piece.octets().substr(piece.header_length());
  // The network may deliver a piece twice.
  if (const auto same = pieces.by_offset.find(offset); same != pieces.by_offset.end() && same->second == data)
    return std::nullopt;
  if (!fits(pieces, offset, data.size(), !piece.more_fragments())) {
    datagrams_.erase(at);
    return std::nullopt;
  }
  pieces.by_offset.emplace(offset, data);
  if (offset == 0) pieces.header = piece.octets().substr(0, piece.header_length());
  if (!piece.more_fragments()) pieces.total = offset + static_cast<std::uint32_t>(data.size());
  pieces.received += static_cast<std::uint32_t>(data.size());
  if (pieces.received != pieces.total) return std::nullopt;
  std::string packet = joined(pieces);
  datagrams_.erase(at);
  return packet;
}

bool Fragments::fits(const Pieces& pieces, std::uint32_t offset, std::size_t length, bool is_last) {
  const std::size_t end = offset + length;
  if (length == 0 || end > 65535 - 60 || pieces.by_offset.size() >= kMaxPieces) return false;
  const auto next = pieces.by_offset.lower_bound(offset);
  // Nothing lies behind the end, and there is one end.
  if (is_last ? pieces.total != 0 || next != pieces.by_offset.end() : pieces.total != 0 && end > pieces.total)
    return false;
  if (next != pieces.by_offset.end() && next->first < end) return false;
  return next == pieces.by_offset.begin() || std::prev(next)->first + std::prev(next)->second.size() <= offset;
}

/// Pieces that fit, and are as many octets as the whole, have no gap: the first of them is at 0.
std::string Fragments::joined(const Pieces& pieces) {
  std::string packet = pieces.header;
  packet.reserve(packet.size() + pieces.total);
  for (const auto& [offset, data] : pieces.by_offset) packet += data;
  finish_header(packet, pieces.header.size(), 0);
  return packet;
}

void Fragments::make_room(base::Instant now) {
  std::erase_if(datagrams_, [now](const auto& entry) { return now > entry.second.first + kLifetime; });
  if (datagrams_.size() < kMaxDatagrams) return;
  datagrams_.erase(std::ranges::min_element(datagrams_, {}, [](const auto& entry) { return entry.second.first; }));
}

std::vector<std::string> split(base::Bytes packet, std::size_t mtu) {
  std::vector<std::string> pieces;
  const base::Result<Packet, PacketProblem> read = Packet::parse(packet);
  if (packet.size() <= mtu || !read || read->dont_fragment()) {
    pieces.emplace_back(packet);
    return pieces;
  }
  const std::size_t header = read->header_length();
  const base::Bytes data = packet.substr(header);
  const std::size_t step = (mtu - header) / 8 * 8;
  const bool last_of_more = read->more_fragments();
  for (std::size_t at = 0; at < data.size(); at += step) {
    std::string piece(packet.substr(0, header));
    piece += data.substr(at, step);
    const bool more = at + step < data.size() || last_of_more;
    finish_header(piece, header,
                  static_cast<std::uint16_t>((more ? 0x2000U : 0U) | (read->fragment_offset() + at) / 8));
    pieces.push_back(std::move(piece));
  }
  return pieces;
}

}  // namespace viaduct::faults
