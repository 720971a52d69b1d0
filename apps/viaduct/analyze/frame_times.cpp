// SPDX-License-Identifier: GPL-2.0-or-later
#include "analyze/frame_times.hpp"

#include "capture/content.hpp"
#include "capture/packet.hpp"

#include <algorithm>
#include <cstring>

namespace viaduct::app::analyze {
namespace {

/// Times may stand at both ends of all time: their distance then is no Duration.
[[nodiscard]] bool near(capture::Time a, capture::Time b) {
  const capture::Time low = std::min(a, b);
  return low > capture::Time::max() - FrameTimes::kStep || std::max(a, b) <= low + FrameTimes::kStep;
}

/// In the century from 1970 on nothing overflows.
[[nodiscard]] bool calculable(capture::Time time) {
  const base::Duration since = time.time_since_epoch();
  return since >= base::Duration::zero() && since < std::chrono::years(100);
}

struct Rtp {
  net::Endpoint source;
  net::Endpoint destination;
  std::uint32_t ssrc = 0;
  std::uint16_t sequence = 0;
  std::uint32_t timestamp = 0;
};

[[nodiscard]] std::optional<Rtp> rtp_in(capture::LinkType link, base::Bytes frame) {
  constexpr std::size_t kHeader = 12;
  capture::Packet packet;
  if (capture::decode(link, frame, packet) != capture::Decoded::datagram || packet.protocol != capture::Protocol::udp)
    return std::nullopt;
  const base::Bytes payload = packet.payload.of(frame);
  if (payload.size() < kHeader || capture::octet_at(payload, 0) >> 6U != 2) return std::nullopt;
  return Rtp{packet.source, packet.destination, capture::long_at(payload, 8), capture::word_at(payload, 2),
             capture::long_at(payload, 4)};
}

/// The same stream went on with one of the next numbers, and its own clock saw no pause (RFC 3550 5.1: the timestamp
/// goes on while nothing is sent).
[[nodiscard]] bool follows(const Rtp& now, const Rtp& before) {
  constexpr std::uint16_t kFew = 8;
  const auto step = static_cast<std::uint16_t>(now.sequence - before.sequence);
  constexpr std::uint32_t kTicks = 200'000;  // 25 s at 8 kHz, 2 s at 90 kHz
  return now.ssrc == before.ssrc && now.source == before.source && now.destination == before.destination && step > 0 &&
         step <= kFew && now.timestamp - before.timestamp <= kTicks;
}

}  // namespace

void FrameTimes::add(const capture::Record& record) {
  if (!record.timed) {
    flush();
    take_(record);
    return;
  }
  const bool as_told = !held_ && shift_ == base::Duration::zero();
  if (as_told && last_ && near(record.time, *last_)) [[likely]] {
    hand_on(record);
    return;
  }
  const auto time_of = [this](const capture::Record& told) {
    return shift_ != base::Duration::zero() && calculable(told.time) ? told.time + shift_ : told.time;
  };
  if (held_) release(near(time_of(record), *last_) && !near(time_of(record), held_->time));
  capture::Record shifted = record;
  shifted.time = time_of(record);
  if (!last_ || near(shifted.time, *last_)) {
    hand_on(shifted);
    return;
  }
  held_ = shifted;
  octets_ = record.frame;
  comment_ = record.comment;
}

void FrameTimes::hand_on(const capture::Record& record) {
  last_ = record.time;
  Head& head = heads_[next_head_++ % heads_.size()];
  head.size = static_cast<std::uint8_t>(std::min(record.frame.size(), head.octets.size()));
  head.link = record.link;
  if (head.size == head.octets.size()) [[likely]]  // a size that the compiler knows is no call
    std::memcpy(head.octets.data(), record.frame.data(), head.octets.size());
  else
    std::memcpy(head.octets.data(), record.frame.data(), head.size);
  take_(record);
}

void FrameTimes::flush() {
  if (held_) release(false);
}

void FrameTimes::release(bool stray) {
  held_->frame = octets_;
  held_->comment = comment_;
  const bool back = held_->time < *last_;
  // A sender may be silent for minutes and go on with the next number: that is a pause, and NATs forget in it.
  const bool possible = back || held_->time - *last_ >= kForward;
  const bool no_time = !stray && calculable(held_->time) && calculable(*last_) && possible && media_goes_on();
  strays_ += stray ? 1 : 0;
  clock_set_ += !stray && (back || no_time) ? 1 : 0;
  if (no_time) shift_ += *last_ - held_->time;
  if (stray || no_time) held_->time = *last_;
  hand_on(*std::exchange(held_, std::nullopt));
}

bool FrameTimes::media_goes_on() const {
  const std::optional<Rtp> now = rtp_in(held_->link, octets_);
  return now && std::any_of(heads_.begin(), heads_.end(), [&now](const Head& head) {
           const std::optional<Rtp> before = rtp_in(head.link, {head.octets.data(), head.size});
           return before && follows(*now, *before);
         });
}

}  // namespace viaduct::app::analyze
