// SPDX-License-Identifier: GPL-2.0-or-later
#include "diagnose/sides/packet_log.hpp"

#include "net/table_hash.hpp"

#include <algorithm>
#include <bit>

namespace viaduct::diagnose::sides {

PacketRun::PacketRun(const SeenPacket& packet)
    : ssrc(packet.ssrc),
      source(packet.source),
      destination(packet.destination),
      first(packet.time),
      last(packet.time),
      frame(packet.frame),
      ttl(packet.ttl) {
  // Packets that were overtaken have lower numbers than the first one.
  highest_ = 65536 + std::int64_t{packet.sequence};
  base_ = highest_ / kBlock * kBlock;
}

std::int64_t PacketRun::position_of(std::uint16_t sequence) const {
  return highest_ + static_cast<std::int16_t>(sequence - static_cast<std::uint16_t>(highest_ & 0xffff));
}

bool PacketRun::fits(const SeenPacket& packet) const {
  const std::int64_t jump = position_of(packet.sequence) - highest_;
  return jump <= kMostJump && jump >= -kMostJump;
}

std::size_t PacketRun::add(const SeenPacket& packet) {
  const std::int64_t position = position_of(packet.sequence);
  const std::size_t before = blocks_.size();
  if (position < base_) {
    const std::int64_t base = position / kBlock * kBlock;
    blocks_.insert(blocks_.begin(), static_cast<std::size_t>((base_ - base) / kBlock), Block{});
    base_ = base;
  }
  const auto at = static_cast<std::size_t>((position - base_) / kBlock);
  if (at >= blocks_.size()) blocks_.resize(at + 1);
  Block& block = blocks_[at];
  const auto bit = static_cast<std::uint16_t>((position - base_) % kBlock);
  if (block.bits == 0) {
    const auto since = std::chrono::duration_cast<std::chrono::milliseconds>(packet.time - first).count();
    block.first_bit = bit;
    block.milliseconds = static_cast<std::int32_t>(std::clamp<std::int64_t>(since, INT32_MIN, INT32_MAX));
  }
  block.bits = static_cast<std::uint16_t>(block.bits | 1U << bit);
  highest_ = std::max(highest_, position);
  if (packets > 0 && packet.time - last >= std::chrono::seconds(1) && pauses.size() < kMostPauses)
    pauses.push_back({position, last, packet.time});
  last = std::max(last, packet.time);
  ++packets;
  ++dscp[packet.dscp & 63U];
  return blocks_.size() - before;
}

bool PacketRun::has(std::int64_t position) const {
  if (position < begin() || position >= end()) return false;
  const std::int64_t at = position - base_;
  return (blocks_[static_cast<std::size_t>(at / kBlock)].bits >> static_cast<unsigned>(at % kBlock) & 1U) != 0;
}

bool PacketRun::notes(std::int64_t position) const {
  const std::int64_t at = position - base_;
  return has(position) && blocks_[static_cast<std::size_t>(at / kBlock)].first_bit == at % kBlock;
}

Time PacketRun::time_at(std::int64_t position) const {
  const std::int64_t at = std::clamp(position, begin(), end() - 1) - base_;
  // The nearest blocks with packets that begin at or before it, and after it.
  auto left = static_cast<std::int64_t>(at / kBlock);
  const auto block = [&](std::int64_t i) -> const Block& { return blocks_[static_cast<std::size_t>(i)]; };
  const auto place = [&](std::int64_t i) { return i * kBlock + block(i).first_bit; };
  while (left >= 0 && (block(left).bits == 0 || place(left) > at)) --left;
  auto right = static_cast<std::int64_t>(at / kBlock);
  const auto count = static_cast<std::int64_t>(blocks_.size());
  while (right < count && (block(right).bits == 0 || place(right) <= at)) ++right;
  if (left < 0) return right < count ? first + std::chrono::milliseconds(block(right).milliseconds) : first;
  const Time begin = first + std::chrono::milliseconds(block(left).milliseconds);
  const std::int64_t packets_between =
      std::max<std::int64_t>((right < count ? place(right) : highest_ - base_) - place(left), 1);
  const Time end = right < count ? first + std::chrono::milliseconds(block(right).milliseconds) : last;
  // Whole shares and the rest of the division apart: a time far off is too long to multiply.
  const std::int64_t behind = at - place(left);
  return begin + (end - begin) / packets_between * behind + (end - begin) % packets_between * behind / packets_between;
}

std::size_t PacketLog::KeyHash::operator()(const Key& key) const {
  return net::table_hash(key.source, key.destination, key.ssrc);
}

void PacketLog::add(const SeenPacket& packet) {
  const Key key{packet.ssrc, packet.source, packet.destination};
  const auto known = open_.find(key);
  std::size_t at = known == open_.end() ? runs_.size() : known->second;
  if (at < runs_.size() && !runs_[at].fits(packet)) at = runs_.size();
  constexpr std::size_t kMostBlocks = static_cast<std::size_t>(PacketRun::kMostJump) / 16 + 2;  // that a packet takes
  if ((at == runs_.size() && runs_.size() >= limits_.runs) || blocks_ + kMostBlocks > limits_.blocks) {
    ++dropped_;
    return;
  }
  if (at == runs_.size()) {
    runs_.emplace_back(packet);
    open_.insert_or_assign(key, at);
  }
  blocks_ += runs_[at].add(packet);
  ++packets_;
}

}  // namespace viaduct::diagnose::sides
