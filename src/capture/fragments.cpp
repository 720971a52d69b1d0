// SPDX-License-Identifier: GPL-2.0-or-later
#include "capture/fragments.hpp"

#include "net/table_hash.hpp"

#include <algorithm>
#include <cstring>
#include <iterator>
#include <utility>

namespace viaduct::capture {
namespace {

constexpr std::uint32_t kMaxPacket = 65535;
// A hostile capture repeats one fragment for ever.
constexpr std::size_t kMaxFrames = 8192;

/// The IP header(s) of a packet that is not fragmented, out of those of its first fragment. Length fields follow later.
std::string head_of(base::Bytes frame, const Packet& packet) {
  if (packet.source.address.family == net::Family::ipv4) {
    std::string head(frame.substr(packet.ip.offset, packet.payload.offset - packet.ip.offset));
    head[6] = static_cast<char>(head[6] & 0x40);  // "don't fragment" is the only flag that stays
    head[7] = 0;
    return head;
  }
  std::string head(frame.substr(packet.ip.offset, packet.fragment_header - packet.ip.offset));
  head[packet.fragment_pointer - packet.ip.offset] = frame[packet.fragment_header];
  return head;
}

}  // namespace

std::size_t FragmentTable::KeyHash::operator()(const Key& key) const {
  return net::table_hash({key.source, 0}, {key.destination, key.ip_protocol}, key.ip_id);
}

const FragmentTable::Whole* FragmentTable::add(base::Bytes frame, const Packet& packet, std::uint64_t number,
                                               Time time) {
  make_room(time);
  Part& part = part_of(packet, time);
  const Parts::iterator where = index_.at(part.key);
  if (!fits(packet, part)) {
    ++refused_;
    if (part.have == 0) {
      index_.erase(part.key);
      parts_.erase(where);
    }
    return nullptr;
  }
  if (part.frames.size() < kMaxFrames) part.frames.push_back(number);
  put(frame, packet, part);
  const bool all = part.total > 0 && !part.head.empty() && part.have == (part.total + 7) / 8;
  return all ? complete(where) : nullptr;
}

FragmentTable::Part& FragmentTable::part_of(const Packet& packet, Time time) {
  const bool four = packet.source.address.family == net::Family::ipv4;
  const Key key{packet.source.address, packet.destination.address, packet.ip_id,
                four ? packet.ip_protocol : std::uint8_t{0}};
  if (const auto found = index_.find(key); found != index_.end()) return *found->second;
  Part& part = parts_.emplace_back();
  part.key = key;
  part.ip_protocol = packet.ip_protocol;
  part.first = time;
  index_.emplace(key, std::prev(parts_.end()));
  return part;
}

bool FragmentTable::fits(const Packet& packet, const Part& part) const {
  const std::uint32_t end = packet.fragment_offset + packet.payload_length;
  if (packet.payload_length == 0 || end > kMaxPacket) return false;
  if (packet.more_fragments) return packet.payload_length % 8 == 0 && (part.total == 0 || end <= part.total);
  return part.total == 0 ? end >= part.payload.size() : end == part.total;
}

void FragmentTable::put(base::Bytes frame, const Packet& packet, Part& part) {
  const std::uint32_t end = packet.fragment_offset + packet.payload_length;
  if (!packet.more_fragments) part.total = end;
  if (packet.fragment_offset == 0 && part.head.empty()) {
    part.head = head_of(frame, packet);
    part.ip_protocol = packet.ip_protocol;
  }
  if (part.payload.size() < end) {
    octets_ += end - part.payload.size();
    part.payload.resize(end);
  }
  if (packet.cut()) part.readable = std::min(part.readable, packet.fragment_offset + packet.payload.length);
  const base::Bytes octets = packet.payload.of(frame);
  for (std::uint32_t at = 0; at < packet.payload_length; at += 8) {
    const std::uint32_t unit = (packet.fragment_offset + at) / 8;
    const std::uint64_t bit = std::uint64_t{1} << (unit % 64);
    if ((part.units[unit / 64] & bit) != 0) {
      part.overlapped = true;
      continue;
    }
    part.units[unit / 64] |= bit;
    ++part.have;
    if (at >= octets.size()) continue;
    const std::size_t size = std::min<std::size_t>(8, octets.size() - at);
    std::memcpy(part.payload.data() + packet.fragment_offset + at, octets.data() + at, size);
  }
}

const FragmentTable::Whole* FragmentTable::complete(Parts::iterator part) {
  octets_ -= part->payload.size();
  index_.erase(part->key);
  done_ = std::move(*part);
  parts_.erase(part);
  const std::size_t length = done_.head.size() + done_.total;
  if (length > kMaxPacket) {
    ++refused_;
    return nullptr;
  }
  const bool four = done_.key.source.family == net::Family::ipv4;
  base::store_word(done_.head.data() + (four ? 2 : 4), four ? length : length - 40);
  done_.payload.resize(std::min(done_.total, done_.readable));
  done_.payload.insert(0, done_.head);
  whole_ = {done_.payload, done_.frames, done_.first, done_.overlapped};
  return &whole_;
}

void FragmentTable::give_up(Parts::iterator part) {
  octets_ -= part->payload.size();
  index_.erase(part->key);
  // Nobody who does not ask for them shall have them pile up.
  if (incomplete_.size() < limits_.packets)
    incomplete_.push_back({part->key.source, part->key.destination, part->ip_protocol, part->key.ip_id, part->first,
                           part->have * 8, !part->head.empty(), std::move(part->frames)});
  parts_.erase(part);
}

void FragmentTable::make_room(Time now) {
  while (!parts_.empty() &&
         (parts_.size() >= limits_.packets || octets_ > limits_.octets || now - parts_.front().first > limits_.wait))
    give_up(parts_.begin());
}

std::vector<FragmentTable::Incomplete> FragmentTable::take_incomplete() {
  return std::exchange(incomplete_, {});
}

void FragmentTable::finish() {
  while (!parts_.empty()) give_up(parts_.begin());
}

}  // namespace viaduct::capture
