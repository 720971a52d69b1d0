// SPDX-License-Identifier: GPL-2.0-or-later
#include "rtp/extended_report.hpp"

#include "base/octets.hpp"

namespace viaduct::rtp {
namespace {

constexpr std::size_t kBlockHeader = 4;
constexpr std::uint8_t kUnavailable = 127;

double share(base::Bytes body, std::size_t at) {
  return base::octet_at(body, at) / 256.0;
}
double milliseconds(base::Bytes body, std::size_t at) {
  return base::word_at(body, at) / 1000.0;
}
std::optional<int> level_at(base::Bytes body, std::size_t at) {
  const std::uint8_t octet = base::octet_at(body, at);
  if (octet == kUnavailable) return std::nullopt;
  return static_cast<std::int8_t>(octet);
}
std::optional<int> number_at(base::Bytes body, std::size_t at) {
  const std::uint8_t octet = base::octet_at(body, at);
  if (octet == kUnavailable) return std::nullopt;
  return octet;
}
std::optional<double> score_at(base::Bytes body, std::size_t at) {
  const std::optional<int> tenths = number_at(body, at);
  if (!tenths) return std::nullopt;
  return *tenths / 10.0;
}

}  // namespace

ExtendedWalk::ExtendedWalk(const RtcpPacket& packet) {
  constexpr std::size_t kSsrc = 4;
  if (packet.type == RtcpType::extended_report && packet.body.size() >= kSsrc) rest_ = packet.body.substr(kSsrc);
}

std::optional<ExtendedBlock> ExtendedWalk::next() {
  if (rest_.size() < kBlockHeader) return std::nullopt;
  const std::size_t length = base::word_at(rest_, 2) * std::size_t{4};
  if (kBlockHeader + length > rest_.size()) {
    rest_ = {};
    return std::nullopt;
  }
  const ExtendedBlock block{base::octet_at(rest_, 0), base::octet_at(rest_, 1), rest_.substr(kBlockHeader, length)};
  rest_.remove_prefix(kBlockHeader + length);
  return block;
}

std::optional<VoipMetrics> voip_metrics(const ExtendedBlock& block) {
  constexpr std::uint8_t kVoipMetrics = 7;
  constexpr std::size_t kLength = 32;
  const base::Bytes body = block.body;
  if (block.type != kVoipMetrics || body.size() < kLength) return std::nullopt;
  return VoipMetrics{.ssrc = base::long_at(body, 0),
                     .loss_rate = share(body, 4),
                     .discard_rate = share(body, 5),
                     .burst_density = share(body, 6),
                     .gap_density = share(body, 7),
                     .burst_duration = milliseconds(body, 8),
                     .gap_duration = milliseconds(body, 10),
                     .round_trip = milliseconds(body, 12),
                     .end_system_delay = milliseconds(body, 14),
                     .signal_level = level_at(body, 16),
                     .noise_level = level_at(body, 17),
                     .echo_return_loss = number_at(body, 18),
                     .gmin = base::octet_at(body, 19),
                     .rating = number_at(body, 20),
                     .listening_score = score_at(body, 22),
                     .conversing_score = score_at(body, 23),
                     .receiver = base::octet_at(body, 24),
                     .buffer_nominal = milliseconds(body, 26),
                     .buffer_highest = milliseconds(body, 28),
                     .buffer_limit = milliseconds(body, 30)};
}

}  // namespace viaduct::rtp
