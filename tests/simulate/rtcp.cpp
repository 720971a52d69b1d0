// SPDX-License-Identifier: GPL-2.0-or-later
#include "simulate/rtcp.hpp"

#include "base/octets.hpp"
#include "simulate/epoch.hpp"

#include <algorithm>
#include <cmath>

namespace viaduct::simulate {
namespace {

constexpr double kNtpBehindUnix = 2'208'988'800;
constexpr double kClock = 8000;

void append_long(std::string& octets, std::uint32_t value) {
  base::append_word(octets, value >> 16);
  base::append_word(octets, value);
}

void append_header(std::string& octets, int count, int type, std::size_t words_after) {
  octets += static_cast<char>(0x80 | count);
  octets += static_cast<char>(type);
  base::append_word(octets, words_after);
}

}  // namespace

std::uint64_t ntp(Seconds time) {
  const double since = kEpoch + kNtpBehindUnix + time;
  const double whole = std::floor(since);
  return static_cast<std::uint64_t>(whole) << 32 | static_cast<std::uint64_t>((since - whole) * 0x1p32);
}

void Reception::take(const Rtp& rtp, Seconds arrival) {
  const double transit = arrival * kClock - rtp.timestamp;
  if (received_ == 0 || rtp.ssrc != ssrc_) {
    *this = Reception();
    ssrc_ = rtp.ssrc;
    base_ = highest_ = rtp.sequence;
    transit_ = transit;
  }
  const auto step = static_cast<std::int16_t>(rtp.sequence - static_cast<std::uint16_t>(highest_));
  if (step > 0) highest_ += static_cast<std::uint32_t>(step);
  // The time stamp goes round once in six days; a step of that size is no jitter.
  const double change = std::abs(transit - transit_);
  if (change < 0x1p31) jitter_ += (change - jitter_) / 16;
  transit_ = transit;
  ++received_;
}

std::string Reception::block(Seconds now) {
  if (received_ == 0) return {};
  const std::uint32_t expected = highest_ - base_ + 1;
  const std::uint32_t expected_now = expected - expected_before_, received_now = received_ - received_before_;
  const std::uint32_t lost_now = expected_now > received_now ? expected_now - received_now : 0;
  expected_before_ = expected;
  received_before_ = received_;
  const std::uint32_t lost = expected > received_ ? expected - received_ : 0;
  const std::uint32_t share = expected_now == 0 ? 0 : std::min(255U, lost_now * 256 / expected_now);
  std::string octets;
  append_long(octets, ssrc_);
  append_long(octets, share << 24 | (lost & 0xffffff));
  append_long(octets, highest_);
  append_long(octets, static_cast<std::uint32_t>(jitter_));
  append_long(octets, last_report_);
  append_long(octets, last_report_ == 0 ? 0 : static_cast<std::uint32_t>((now - last_report_time_) * 65536));
  return octets;
}

std::string rtcp_report(const SenderFacts& sender, const std::string& block, std::string_view cname, Seconds now) {
  std::string octets;
  const int blocks = block.empty() ? 0 : 1;
  append_header(octets, blocks, sender.sent_lately ? 200 : 201, (sender.sent_lately ? 6 : 1) + block.size() / 4);
  append_long(octets, sender.ssrc);
  if (sender.sent_lately) {
    const std::uint64_t time = ntp(now);
    append_long(octets, static_cast<std::uint32_t>(time >> 32));
    append_long(octets, static_cast<std::uint32_t>(time));
    append_long(octets, sender.timestamp);
    append_long(octets, sender.packets);
    append_long(octets, sender.octets);
  }
  octets += block;
  std::string items;
  append_long(items, sender.ssrc);
  items += '\x01';
  items += static_cast<char>(cname.size());
  items += cname;
  items.append(4 - items.size() % 4, '\0');
  append_header(octets, 1, 202, items.size() / 4);
  return octets + items;
}

}  // namespace viaduct::simulate
