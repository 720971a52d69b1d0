// SPDX-License-Identifier: GPL-2.0-or-later
#include "simulate/media.hpp"

#include <cmath>

namespace viaduct::simulate {
namespace {

constexpr Seconds kInterval = 0.02;
constexpr std::uint32_t kTicks = 160;  // of the 8 kHz clock in one packet
constexpr double kClock = 8000;
constexpr Seconds kPlatformReports = 5;

}  // namespace

void Media::begin(Call& call, Seconds now) {
  call.up.direction = Direction::up;
  call.up.source = call.phone_media;
  call.up.destination = call.platform_media;
  call.down.direction = Direction::down;
  call.down.source = call.platform_media;
  const bool reachable = !setup_.latches || net::Address::ipv4(call.told.address).is_global();
  call.down.destination = reachable ? call.told : Socket{};
  call.up.skew = call.line->setup->skew;
  for (Stream* stream : {&call.up, &call.down}) stream->call = &call;
  start(call.up, call.setup->phone, call.line->random.fork(), now + call.line->random.in(0.01, 0.08));
  start(call.down, call.setup->other, call.line->random.fork(), now + call.line->random.in(0, 0.05));
  const Seconds every = call.line->setup->make->rtcp_interval;
  if (every > 0) agenda_.at(now + every, [this, &call, every](Seconds t) { report(call, Direction::up, every, t); });
  agenda_.at(now + 3, [this, &call](Seconds t) { report(call, Direction::down, kPlatformReports, t); });
}

void Media::start(Stream& stream, const Talk& talk, Random random, Seconds now) {
  stream.talk = &talk;
  stream.random = random;
  stream.g711 = stream.call->setup->g711;
  stream.rtp = {.ssrc = stream.random.next(),
                .timestamp = stream.random.next(),
                .sequence = static_cast<std::uint16_t>(stream.random.next()),
                .sound = stream.g711 ? Sound::pcma_voice : Sound::g729,
                .type = static_cast<std::uint8_t>(stream.g711 ? 8 : 18),
                .marker = true};
  stream.begin = now;
  stream.turn = now + stream.random.in(talk.spurt);
  stream.running = true;
  agenda_.wake(now, static_cast<std::uint32_t>(senders_.size()));
  senders_.push_back(&stream);
}

void Media::replace_other(Call& call, Seconds now) {
  Stream& stream = call.down;
  stream.source = call.platform_media;
  call.up.destination = call.platform_media;
  stream.rtp.ssrc = stream.random.next();
  stream.rtp.sequence = static_cast<std::uint16_t>(stream.random.next());
  stream.rtp.timestamp = stream.random.next();
  stream.rtp.marker = true;
  stream.last_arrival = std::max(stream.last_arrival, now);
}

void Media::end(Call& call) {
  call.up.running = call.down.running = false;
}

/// Whether the sender is broken now; if so it sleeps until it is not.
bool Media::stalled(Stream& stream, Seconds now) {
  const std::vector<Stall>& stalls = stream.talk->stalls;
  if (stream.stall >= stalls.size() || now - stream.begin < stalls[stream.stall].when.from) return false;
  const Stall& stall = stalls[stream.stall++];
  const Seconds until = stream.begin + stall.when.until;
  if (until <= now) return false;
  stream.call->harm.hit(stream.direction, Where::sender, now, until);
  if (stall.kind == StallKind::dropped) {
    const auto dropped = static_cast<std::uint32_t>(std::lround((until - now) / kInterval));
    stream.rtp.sequence = static_cast<std::uint16_t>(stream.rtp.sequence + dropped);
    stream.rtp.timestamp += dropped * kTicks;
  }
  if (stall.kind == StallKind::stopped) stream.rtp.timestamp += static_cast<std::uint32_t>((until - now) * kClock);
  if (stall.kind == StallKind::restart) {
    stream.rtp.ssrc = stream.random.next();
    stream.rtp.sequence = static_cast<std::uint16_t>(stream.random.next());
    stream.rtp.timestamp = stream.random.next();
    stream.rtp.marker = true;
  }
  stream.turn += until - now;
  agenda_.wake(until, static_cast<std::uint32_t>(std::ranges::find(senders_, &stream) - senders_.begin()));
  return true;
}

bool Media::muted(Stream& stream, Seconds now) {
  const std::vector<Interval>& mutes = stream.talk->mutes;
  while (stream.mute < mutes.size() && now - stream.begin >= mutes[stream.mute].until) ++stream.mute;
  return stream.mute < mutes.size() && now - stream.begin >= mutes[stream.mute].from;
}

/// Speech and silence take turns; as it falls silent a sender with silence suppression says so once.
void Media::take_turns(Stream& stream, Seconds now) {
  if (now < stream.turn) return;
  stream.speaking = !stream.speaking;
  stream.turn = now + stream.random.in(stream.speaking ? stream.talk->spurt : stream.talk->pause);
  const bool suppresses = stream.talk->silence_suppression;
  if (suppresses && !stream.speaking && stream.talk->comfort_noise) send(stream, now, true);
  if (suppresses && stream.speaking) stream.rtp.marker = true;
}

void Media::send(Stream& stream, Seconds now, bool descriptor) {
  Rtp& rtp = stream.rtp;
  if (stream.g711) {
    rtp.sound = descriptor ? Sound::comfort_noise : stream.speaking ? Sound::pcma_voice : Sound::pcma_quiet;
    rtp.type = descriptor ? 13 : 8;
  } else {
    rtp.sound = descriptor ? Sound::g729_sid : Sound::g729;
  }
  if (const auto landing = network_.media(stream, now + stream.random.in(0, 0.0004))) landed(stream, rtp, *landing);
  ++rtp.sequence;
  rtp.marker = false;
  stream.octets += FrameWriter::octets(rtp.sound);
}

/// A platform that latches answers to where media come from, if need be some time after they moved.
void Media::landed(Stream& stream, const Rtp& rtp, const Network::Landing& landing) {
  Call& call = *stream.call;
  stream.reception.take(rtp, landing.time);
  if (stream.direction != Direction::up || landing.source == call.seen) return;
  if (call.seen.port != 0) call.moves.push_back(landing.time);
  call.seen = landing.source;
  if (!setup_.latches) return;
  if (call.moves.empty() || setup_.follow_lag == 0) {
    call.down.destination = landing.source;
    return;
  }
  agenda_.at(landing.time + setup_.follow_lag, [&call, to = landing.source](Seconds) { call.down.destination = to; });
}

/// RTCP of one side about what it sent and got, from the port above its RTP.
void Media::report(Call& call, Direction direction, Seconds every, Seconds now) {
  if (call.over) return;
  Stream& own = direction == Direction::up ? call.up : call.down;
  Stream& other = direction == Direction::up ? call.down : call.up;
  const bool sent = own.sent != own.told;
  own.told = own.sent;
  const SenderFacts facts{own.rtp.ssrc, own.rtp.timestamp, static_cast<std::uint32_t>(own.sent),
                          static_cast<std::uint32_t>(own.octets), sent};
  const std::string cname = direction == Direction::up ? own.call->phone_tag : "media@brightline";
  const Socket phone{call.phone_media.address, static_cast<std::uint16_t>(call.phone_media.port + 1)};
  const Socket far{call.platform_media.address, static_cast<std::uint16_t>(call.platform_media.port + 1)};
  const std::string octets = rtcp_report(facts, other.reception.block(now), cname, now);
  const bool passed = network_.other(*call.line, direction, phone, far, octets, now);
  if (passed && sent) own.reception.take_report(static_cast<std::uint32_t>(ntp(now) >> 16), now);
  agenda_.at(now + every * own.random.in(0.5, 1.5),
             [this, &call, direction, every](Seconds t) { report(call, direction, every, t); });
}

void Media::wake(std::uint32_t sender, Seconds now) {
  Stream& stream = *senders_[sender];
  if (!stream.running || stalled(stream, now)) return;
  if (stream.destination.port != 0 && !stream.paused && !muted(stream, now)) {
    take_turns(stream, now);
    if (stream.speaking || !stream.talk->silence_suppression) send(stream, now, false);
  } else {
    stream.rtp.marker = true;
  }
  stream.rtp.timestamp += kTicks;
  agenda_.wake(now + kInterval * (1 + stream.skew), sender);
}

}  // namespace viaduct::simulate
