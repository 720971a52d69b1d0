// SPDX-License-Identifier: GPL-2.0-or-later
#include "rtp/rtcp.hpp"

#include "base/octets.hpp"

namespace viaduct::rtp {
namespace {

constexpr std::size_t kHeader = 4;
constexpr std::size_t kSsrc = 4;
constexpr std::size_t kSenderInfo = 20;
constexpr std::size_t kReportBlock = 24;

/// Cumulative loss is a number of 24 bits with sign.
std::int32_t signed_24(std::uint32_t value) {
  return static_cast<std::int32_t>(value << 8) >> 8;
}

/// The chunk at the front of `rest` (RFC 3550 6.5), which is taken off; nullopt if it does not fit.
std::optional<CanonicalName> take_chunk(base::Bytes& rest) {
  constexpr std::uint8_t kCanonicalName = 1;
  if (rest.size() < kSsrc) return std::nullopt;
  CanonicalName found{.ssrc = base::long_at(rest, 0)};
  std::size_t at = kSsrc;
  while (at < rest.size() && rest[at] != 0) {
    if (at + 2 > rest.size()) return std::nullopt;
    const std::size_t length = base::octet_at(rest, at + 1);
    if (at + 2 + length > rest.size()) return std::nullopt;
    if (base::octet_at(rest, at) == kCanonicalName && found.name.empty()) found.name = rest.substr(at + 2, length);
    at += 2 + length;
  }
  // One to four zeros, up to the next multiple of four.
  rest.remove_prefix(std::min(rest.size(), at / 4 * 4 + 4));
  return found;
}

}  // namespace

std::optional<RtcpPacket> RtcpWalk::stop(RtcpProblem why, std::size_t offset) {
  problem_ = base::Error<RtcpProblem>{why, static_cast<std::uint32_t>(offset)};
  at_ = octets_.size();
  return std::nullopt;
}

std::optional<RtcpPacket> RtcpWalk::next() {
  const base::Bytes rest = octets_.substr(at_);
  if (rest.empty()) return std::nullopt;
  if (rest.size() < kHeader) return stop(RtcpProblem::too_short, at_);
  const std::uint8_t first = base::octet_at(rest, 0);
  if (first >> 6 != 2) return stop(RtcpProblem::other_version, at_);
  const std::size_t length = (base::word_at(rest, 2) + std::size_t{1}) * 4;
  if (length > rest.size()) return stop(RtcpProblem::length, at_ + 2);
  RtcpPacket packet{.type = static_cast<RtcpType>(base::octet_at(rest, 1)),
                    .count = static_cast<std::uint8_t>(first & 0x1f),
                    .body = rest.substr(kHeader, length - kHeader)};
  if ((first & 0x20) != 0) {
    const std::size_t padding = packet.body.empty() ? 0 : base::octet_at(packet.body, packet.body.size() - 1);
    if (padding == 0 || padding > packet.body.size()) return stop(RtcpProblem::padding, at_ + length - 1);
    packet.body.remove_suffix(padding);
  }
  const bool names_sender =
      packet.type != RtcpType::source_description && !(packet.type == RtcpType::bye && packet.count == 0);
  if (names_sender && packet.body.size() >= kSsrc) packet.ssrc = base::long_at(packet.body, 0);
  at_ += length;
  return packet;
}

std::optional<SenderInfo> sender_info(const RtcpPacket& packet) {
  if (packet.type != RtcpType::sender_report || packet.body.size() < kSsrc + kSenderInfo) return std::nullopt;
  const base::Bytes info = packet.body.substr(kSsrc);
  return SenderInfo{.ntp_time = std::uint64_t{base::long_at(info, 0)} << 32 | base::long_at(info, 4),
                    .timestamp = base::long_at(info, 8),
                    .packets = base::long_at(info, 12),
                    .octets = base::long_at(info, 16)};
}

std::optional<ReportBlock> report_block(const RtcpPacket& packet, std::size_t index) {
  const bool sender = packet.type == RtcpType::sender_report;
  if (!sender && packet.type != RtcpType::receiver_report) return std::nullopt;
  const std::size_t at = kSsrc + (sender ? kSenderInfo : 0) + index * kReportBlock;
  if (index >= packet.count || packet.body.size() < at + kReportBlock) return std::nullopt;
  const base::Bytes block = packet.body.substr(at);
  return ReportBlock{.ssrc = base::long_at(block, 0),
                     .fraction_lost = base::octet_at(block, 4),
                     .lost = signed_24(base::long_at(block, 4)),
                     .highest = base::long_at(block, 8),
                     .jitter = base::long_at(block, 12),
                     .last_report = base::long_at(block, 16),
                     .delay = base::long_at(block, 20)};
}

std::optional<double> round_trip(const ReportBlock& block, std::uint32_t now) {
  if (block.last_report == 0) return std::nullopt;
  const auto trip = static_cast<std::int32_t>(now - block.last_report - block.delay);
  if (trip < 0) return std::nullopt;
  return trip / 65536.0;
}

std::optional<CanonicalName> canonical_name(const RtcpPacket& packet, std::size_t index) {
  if (packet.type != RtcpType::source_description || index >= packet.count) return std::nullopt;
  base::Bytes rest = packet.body;
  for (std::size_t before = 0; before < index; ++before)
    if (!take_chunk(rest)) return std::nullopt;
  return take_chunk(rest);
}

std::optional<std::uint32_t> leaving(const RtcpPacket& packet, std::size_t index) {
  if (packet.type != RtcpType::bye || index >= packet.count) return std::nullopt;
  if (packet.body.size() < (index + 1) * kSsrc) return std::nullopt;
  return base::long_at(packet.body, index * kSsrc);
}

base::Bytes leaving_reason(const RtcpPacket& packet) {
  const std::size_t at = packet.count * kSsrc;
  if (packet.type != RtcpType::bye || packet.body.size() <= at) return {};
  const std::size_t length = base::octet_at(packet.body, at);
  return at + 1 + length <= packet.body.size() ? packet.body.substr(at + 1, length) : base::Bytes();
}

base::Bytes application_name(const RtcpPacket& packet) {
  constexpr std::size_t kName = 4;
  if (packet.type != RtcpType::application || packet.body.size() < kSsrc + kName) return {};
  return packet.body.substr(kSsrc, kName);
}

}  // namespace viaduct::rtp
