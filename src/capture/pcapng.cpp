// SPDX-License-Identifier: GPL-2.0-or-later
// The blocks of draft-ietf-opsawg-pcapng.
#include "capture/reader.hpp"

#include <algorithm>
#include <utility>

namespace viaduct::capture {
namespace {

// Block types.
constexpr std::uint32_t kInterface = 1;
constexpr std::uint32_t kObsoletePacket = 2;
constexpr std::uint32_t kSimplePacket = 3;
constexpr std::uint32_t kStatistics = 5;
constexpr std::uint32_t kEnhancedPacket = 6;
constexpr std::uint32_t kSection = 0x0a0d0d0a;

constexpr std::uint32_t kMagic = 0x1a2b3c4d;
constexpr std::size_t kBlockFrame = 12;  ///< type and the two lengths
constexpr std::uint32_t kMaxBlock = 16U << 20;
constexpr std::size_t kMaxText = 256;
constexpr std::size_t kMaxComment = 1024;

constexpr std::uint16_t kComment = 1;

/// Calls f(code, value) for each option; a broken one ends the list.
template <class F>
void each_option(ByteOrder order, base::Bytes options, F f) {
  while (options.size() >= 4) {
    const std::uint16_t code = order.u16(options.data());
    const std::size_t length = order.u16(options.data() + 2);
    if (code == 0 || length > options.size() - 4) return;
    f(code, options.substr(4, length));
    options.remove_prefix(std::min(options.size(), 4 + ((length + 3) & ~std::size_t{3})));
  }
}

std::string limited(base::Bytes text, std::size_t most) {
  return std::string(text.substr(0, std::min(text.find('\0'), most)));
}

}  // namespace

/// A block that lies whole in the window: octets between its two lengths, and where they begin in the file.
struct CaptureReader::Block {
  base::Bytes body;
  std::uint64_t offset = 0;
};

bool CaptureReader::next_pcapng(Record& record) {
  while (!ended_) {
    if (!window_.has(kBlockFrame)) return stop_short(window_.offset());
    const std::uint32_t type = order_.u32(window_.data());
    bool found = false;
    if (type == kSection ? !read_section() : !read_block(type, record, found)) return false;
    if (found) return true;
  }
  return false;
}

bool CaptureReader::read_section() {
  const char* at = window_.data();
  if (ByteOrder(std::endian::little).u32(at + 8) == kMagic)
    order_ = ByteOrder(std::endian::little);
  else if (kNetwork.u32(at + 8) == kMagic)
    order_ = kNetwork;
  else
    return stop(section_ == 0 ? CutReason::not_a_capture : CutReason::bad_block, window_.offset());
  const std::uint32_t total = order_.u32(at + 4);
  if (total < 28 || total > kMaxBlock) return stop(CutReason::bad_block, window_.offset());
  if (!window_.has(total)) return stop_short(window_.offset());
  at = window_.data();
  if (order_.u32(at + total - 4) != total) return stop(CutReason::bad_block, window_.offset());
  each_option(order_, {at + 24, total - 28}, [this](std::uint16_t code, base::Bytes value) {
    if (code == kComment && comments_.size() < kMaxComments) comments_.push_back(limited(value, kMaxComment));
  });
  ++section_;
  section_first_ = interfaces_.size();
  window_.take(total);
  return true;
}

bool CaptureReader::read_block(std::uint32_t type, Record& record, bool& found) {
  const std::uint32_t total = order_.u32(window_.data() + 4);
  const std::uint64_t offset = window_.offset();
  if (total < kBlockFrame) return stop(CutReason::bad_block, offset);
  // Old writers did not count the padding of the last part.
  const std::uint64_t padded = (std::uint64_t{total} + 3) & ~std::uint64_t{3};
  const bool known = type == kEnhancedPacket || type == kInterface || type == kStatistics || type == kObsoletePacket ||
                     type == kSimplePacket;
  if (!known) return window_.skip(padded) ? true : stop_short(offset);
  if (total > kMaxBlock) return stop(CutReason::absurd_length, offset);
  if (!window_.has(padded)) return stop_short(window_.offset());
  const char* at = window_.data();
  if (order_.u32(at + padded - 4) != total) return stop(CutReason::bad_block, offset);
  const Block block{{at + 8, static_cast<std::size_t>(padded) - kBlockFrame}, offset + 8};
  window_.take(padded);
  switch (type) {
    case kEnhancedPacket:
      return found = read_enhanced(block, record);
    case kInterface:
      return read_interface(block);
    case kStatistics:
      read_statistics(block);
      return true;
    case kObsoletePacket:
      return found = read_obsolete(block, record);
    default:
      return found = read_simple(block, record);
  }
}

bool CaptureReader::read_interface(const Block& block) {
  if (block.body.size() < 8) return stop(CutReason::bad_block, block.offset - 8);
  if (interfaces_.size() == kMaxInterfaces) return stop(CutReason::too_many_interfaces, block.offset - 8);
  Interface interface;
  interface.link = static_cast<LinkType>(order_.u16(block.body.data()));
  interface.snap_length = order_.u32(block.body.data() + 4);
  interface.section = section_;
  std::uint8_t resolution = 6;
  std::int64_t offset = 0;
  each_option(order_, block.body.substr(8), [&](std::uint16_t code, base::Bytes value) {
    if (code == kComment && interface.comment.empty()) interface.comment = limited(value, kMaxText);
    if (code == 2) interface.name = limited(value, kMaxText);
    if (code == 3) interface.description = limited(value, kMaxText);
    if (code == 9 && value.size() == 1) resolution = octet_at(value, 0);
    if (code == 14 && value.size() == 8) offset = static_cast<std::int64_t>(order_.u64(value.data()));
  });
  interfaces_.push_back(std::move(interface));
  ticks_.emplace_back(resolution, offset);
  return true;
}

Interface* CaptureReader::interface_of(std::uint32_t in_section) {
  return in_section < interfaces_.size() - section_first_ ? &interfaces_[section_first_ + in_section] : nullptr;
}

/// Lengths at data - 8 and data - 4, then the frame: so far all three kinds are alike.
bool CaptureReader::fill_record(const Block& block, std::uint32_t interface, std::size_t data, Record& record) {
  if (block.body.size() < data) return stop(CutReason::bad_block, block.offset - 8);
  Interface* where = interface_of(interface);
  if (where == nullptr) return stop(CutReason::unknown_interface, block.offset - 8);
  const std::uint32_t captured = order_.u32(block.body.data() + data - 8);
  if (captured > block.body.size() - data) return stop(CutReason::bad_block, block.offset - 8);
  record.frame = block.body.substr(data, captured);
  record.timed = true;
  record.link = where->link;
  record.original_length = std::max(order_.u32(block.body.data() + data - 4), captured);
  record.interface = static_cast<std::uint32_t>(section_first_ + interface);
  record.number = ++number_;
  record.offset = block.offset + data;
  record.comment = {};
  ++where->frames;
  return true;
}

bool CaptureReader::read_enhanced(const Block& block, Record& record) {
  if (block.body.size() < 20) return stop(CutReason::bad_block, block.offset - 8);
  const char* at = block.body.data();
  if (!fill_record(block, order_.u32(at), 20, record)) return false;
  const std::uint64_t ticks = std::uint64_t{order_.u32(at + 4)} << 32 | order_.u32(at + 8);
  record.time = ticks_[record.interface].time(ticks);
  read_options(block, 20 + ((record.frame.size() + 3) & ~std::size_t{3}), record);
  return true;
}

bool CaptureReader::read_obsolete(const Block& block, Record& record) {
  if (block.body.size() < 20) return stop(CutReason::bad_block, block.offset - 8);
  const char* at = block.body.data();
  if (!fill_record(block, order_.u16(at), 20, record)) return false;
  const std::uint64_t ticks = std::uint64_t{order_.u32(at + 4)} << 32 | order_.u32(at + 8);
  record.time = ticks_[record.interface].time(ticks);
  constexpr std::uint16_t not_known = 0xffff;
  if (const std::uint16_t drops = order_.u16(at + 2); drops != not_known)
    interfaces_[record.interface].dropped_beside_frames += drops;
  return true;
}

bool CaptureReader::read_simple(const Block& block, Record& record) {
  if (block.body.size() < 4) return stop(CutReason::bad_block, block.offset - 8);
  Interface* where = interface_of(0);
  if (where == nullptr) return stop(CutReason::unknown_interface, block.offset - 8);
  const std::uint32_t original = order_.u32(block.body.data());
  const std::uint32_t limit = where->snap_length == 0 ? original : std::min(original, where->snap_length);
  record = {};
  record.frame = block.body.substr(4, limit);
  if (record.frame.size() < limit) return stop(CutReason::bad_block, block.offset - 8);
  record.timed = false;
  record.link = where->link;
  record.original_length = original;
  record.interface = static_cast<std::uint32_t>(section_first_);
  record.number = ++number_;
  record.offset = block.offset + 4;
  ++where->frames;
  return true;
}

void CaptureReader::read_options(const Block& block, std::size_t from, Record& record) {
  if (from >= block.body.size()) return;
  each_option(order_, block.body.substr(from), [&](std::uint16_t code, base::Bytes value) {
    if (code == kComment && record.comment.empty()) record.comment = value;
    if (code == 4 && value.size() == 8) interfaces_[record.interface].dropped_beside_frames += order_.u64(value.data());
  });
}

void CaptureReader::read_statistics(const Block& block) {
  if (block.body.size() < 12) return;
  Interface* where = interface_of(order_.u32(block.body.data()));
  if (where == nullptr) return;
  each_option(order_, block.body.substr(12), [&](std::uint16_t code, base::Bytes value) {
    if (value.size() != 8) return;
    const std::uint64_t count = order_.u64(value.data());
    if (code == 4) where->received = count;
    if (code == 5) where->dropped = count;
    if (code == 7) where->dropped_by_system = count;
  });
}

}  // namespace viaduct::capture
