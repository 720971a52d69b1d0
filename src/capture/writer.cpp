// SPDX-License-Identifier: GPL-2.0-or-later
#include "capture/writer.hpp"

#include <algorithm>
#include <cerrno>
#include <chrono>
#include <cstdint>

namespace viaduct::capture {
namespace {

/// Both formats tell their byte order: this one is the same on every machine.
[[nodiscard]] std::string little(std::uint64_t value, int octets) {
  std::string text;
  for (int i = 0; i < octets; ++i) text += static_cast<char>(value >> (8 * i));
  return text;
}

/// A pcapng block with its length on both sides.
[[nodiscard]] std::string block(std::uint32_t type, const std::string& body) {
  const std::string length = little(body.size() + 12, 4);
  return little(type, 4) + length + body + length;
}

[[nodiscard]] std::string pcap_header(LinkType link) {
  constexpr std::uint32_t kNanoseconds = 0xa1b23c4d;
  return little(kNanoseconds, 4) + little(2, 2) + little(4, 2) + little(0, 8) + little(CaptureReader::kMaxFrame, 4) +
         little(static_cast<std::uint16_t>(link), 4);
}

/// What a file can say: no time before 1970.
[[nodiscard]] std::uint64_t nanoseconds_of(const Record& record) {
  const auto since = record.time.time_since_epoch();
  return record.timed && since > base::Duration::zero() ? static_cast<std::uint64_t>(since.count()) : 0;
}

}  // namespace

std::expected<CaptureWriter, int> CaptureWriter::create(const std::string& path, Format format, LinkType link) {
  std::FILE* const file = std::fopen(path.c_str(), "wbe");
  if (file == nullptr) return std::unexpected(errno);
  CaptureWriter writer(file, format, link);
  constexpr std::uint32_t kSection = 0x0a0d0d0a;
  constexpr std::uint32_t kByteOrder = 0x1a2b3c4d;
  if (format == Format::pcap)
    writer.put(pcap_header(link));
  else  // version 1.0, a section of unknown length
    writer.put(block(kSection, little(kByteOrder, 4) + little(1, 2) + little(0, 2) + little(~std::uint64_t{0}, 8)));
  return writer;
}

void CaptureWriter::put(const std::string& octets) {
  if (error_ == 0 && std::fwrite(octets.data(), 1, octets.size(), file_.get()) != octets.size()) error_ = errno;
}

void CaptureWriter::write(const Record& record) {
  if (format_ == Format::pcap)
    write_pcap(record);
  else
    write_pcapng(record);
}

void CaptureWriter::write_pcap(const Record& record) {
  if (record.link != link_) return;
  constexpr std::uint64_t kSecond = 1000000000;
  const std::uint64_t time = nanoseconds_of(record);
  // 32 bits of seconds, to 2106.
  put(little(std::min<std::uint64_t>(time / kSecond, UINT32_MAX), 4) + little(time % kSecond, 4) +
      little(record.frame.size(), 4) + little(record.original_length, 4) + std::string(record.frame));
  ++frames_;
}

void CaptureWriter::write_pcapng(const Record& record) {
  constexpr std::uint32_t kEnhancedPacket = 6;
  const std::uint32_t interface = interface_for(record.link);
  const std::uint64_t time = nanoseconds_of(record);
  const std::string padding((4 - record.frame.size() % 4) % 4, '\0');
  put(block(kEnhancedPacket, little(interface, 4) + little(time >> 32U, 4) + little(time & 0xffffffffU, 4) +
                                 little(record.frame.size(), 4) + little(record.original_length, 4) +
                                 std::string(record.frame) + padding));
  ++frames_;
}

std::uint32_t CaptureWriter::interface_for(LinkType link) {
  const auto known = std::find(interfaces_.begin(), interfaces_.end(), link);
  if (known != interfaces_.end()) return static_cast<std::uint32_t>(known - interfaces_.begin());
  constexpr std::uint32_t kInterface = 1;
  // Option 9, if_tsresol: 10 to the minus 9; then the end of options.
  const std::string options = little(9, 2) + little(1, 2) + little(9, 4) + little(0, 4);
  put(block(kInterface, little(static_cast<std::uint16_t>(link), 2) + little(0, 2) +
                            little(CaptureReader::kMaxFrame, 4) + options));
  interfaces_.push_back(link);
  return static_cast<std::uint32_t>(interfaces_.size() - 1);
}

int CaptureWriter::close() {
  std::FILE* const file = file_.release();
  if (file != nullptr && std::fclose(file) != 0 && error_ == 0) error_ = errno;
  return error_;
}

}  // namespace viaduct::capture
