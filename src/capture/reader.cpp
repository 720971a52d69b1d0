// SPDX-License-Identifier: GPL-2.0-or-later
#include "capture/reader.hpp"

#include <fcntl.h>

#include <algorithm>
#include <cerrno>
#include <utility>

namespace viaduct::capture {
namespace {

constexpr std::uint32_t kSectionHeader = 0x0a0d0d0a;
constexpr std::uint32_t kMicroseconds = 0xa1b2c3d4;
constexpr std::uint32_t kNanoseconds = 0xa1b23c4d;
// Alexey Kuznetsov's patch of libpcap: eight more octets in each record header.
constexpr std::uint32_t kModified = 0xa1b2cd34;
constexpr std::size_t kFileHeader = 24;

struct PcapKind {
  bool known = false;
  std::endian order{};
  std::uint32_t units_per_second = 1000000;
  std::uint32_t record_header = 16;
};

PcapKind pcap_kind(std::uint32_t magic) {
  const std::uint32_t swapped = __builtin_bswap32(magic);
  for (const auto& [number, units, header] :
       {std::tuple{kMicroseconds, 1000000U, 16U}, {kNanoseconds, 1000000000U, 16U}, {kModified, 1000000U, 24U}}) {
    if (magic == number) return {true, std::endian::big, units, header};
    if (swapped == number) return {true, std::endian::little, units, header};
  }
  return {};
}

}  // namespace

base::Bytes text(CutReason reason) {
  switch (reason) {
    case CutReason::not_a_capture:
      return "this is neither pcap nor pcapng";
    case CutReason::ends_early:
      return "the file ends in the middle of a record";
    case CutReason::absurd_length:
      return "a record claims a length that no frame has";
    case CutReason::bad_block:
      return "the lengths inside a block contradict each other";
    case CutReason::unknown_interface:
      return "a frame names an interface that was not described";
    case CutReason::too_many_interfaces:
      return "there are more interfaces than this program takes";
    case CutReason::read_failed:
      return "the system could not read on";
    case CutReason::compressed_cut:
      return "the compressed data end in their middle";
    case CutReason::compressed_broken:
      return "the compressed data are damaged";
  }
  return "no reason";
}

std::expected<CaptureReader, int> CaptureReader::open(const std::string& path) {
  const int descriptor = ::open(path.c_str(), O_RDONLY | O_CLOEXEC);
  if (descriptor < 0) return std::unexpected(errno);
  posix_fadvise(descriptor, 0, 0, POSIX_FADV_SEQUENTIAL);
  return CaptureReader(inflow_of_descriptor(descriptor, true));
}

CaptureReader::CaptureReader(std::unique_ptr<Inflow> inflow) : window_(std::move(inflow)) {
  if (!window_.has(4)) {
    if (window_.left() == 0 && window_.end() != InflowEnd::whole)
      stop_short(window_.offset());
    else
      stop(CutReason::not_a_capture, 0);
    return;
  }
  const std::uint32_t magic = kNetwork.u32(window_.data());
  if (magic == kSectionHeader)
    format_ = Format::pcapng;
  else
    begin_pcap(magic);
}

void CaptureReader::begin_pcap(std::uint32_t magic_as_big_endian) {
  const PcapKind kind = pcap_kind(magic_as_big_endian);
  if (!kind.known) {
    stop(CutReason::not_a_capture, 0);
    return;
  }
  format_ = Format::pcap;
  order_ = ByteOrder(kind.order);
  units_per_second_ = kind.units_per_second;
  record_header_ = kind.record_header;
  if (!window_.has(kFileHeader)) {
    stop_short(window_.offset());
    return;
  }
  Interface only;
  only.snap_length = order_.u32(window_.data() + 16);
  // The upper half says how long the frame check sequence is, if there is one.
  only.link = static_cast<LinkType>(order_.u32(window_.data() + 20) & 0xffff);
  interfaces_.push_back(std::move(only));
  window_.take(kFileHeader);
}

bool CaptureReader::next_pcap(Record& record) {
  if (ended_) return false;
  if (!window_.has(record_header_)) return stop_short(window_.offset());
  const std::uint32_t captured = order_.u32(window_.data() + 8);
  if (captured > kMaxFrame) return stop(CutReason::absurd_length, window_.offset());
  if (!window_.has(record_header_ + captured)) return stop_short(window_.offset());
  const char* at = window_.data();
  const std::uint64_t fraction = order_.u32(at + 4);
  const std::uint64_t nanoseconds = units_per_second_ == 1000000 ? fraction * 1000 : fraction;
  record.frame = {at + record_header_, captured};
  record.time =
      Time(base::Duration(order_.u32(at) * std::int64_t{1000000000} + static_cast<std::int64_t>(nanoseconds)));
  record.timed = true;
  record.link = interfaces_.front().link;
  record.original_length = std::max(order_.u32(at + 12), captured);
  record.interface = 0;
  record.number = ++number_;
  record.offset = window_.offset() + record_header_;
  record.comment = {};
  ++interfaces_.front().frames;
  window_.take(record_header_ + captured);
  return true;
}

bool CaptureReader::stop(CutReason reason, std::uint64_t offset) {
  ended_ = true;
  cut_ = Cut{reason, offset};
  return false;
}

/// The inflow ended before the thing at `offset` was whole: properly if nothing of it is there.
bool CaptureReader::stop_short(std::uint64_t offset) {
  ended_ = true;
  switch (window_.end()) {
    case InflowEnd::whole:
      return window_.left() == 0 && window_.offset() == offset ? false : stop(CutReason::ends_early, offset);
    case InflowEnd::read_failed:
      return stop(CutReason::read_failed, offset);
    case InflowEnd::compressed_cut:
      return stop(CutReason::compressed_cut, offset);
    case InflowEnd::compressed_broken:
      return stop(CutReason::compressed_broken, offset);
  }
  return false;
}

}  // namespace viaduct::capture
