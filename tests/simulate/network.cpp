// SPDX-License-Identifier: GPL-2.0-or-later
#include "simulate/network.hpp"

namespace viaduct::simulate {
namespace {

constexpr std::uint8_t kSipClass = 24, kMediaClass = 46;
constexpr std::uint8_t kFarTtl = 54;
constexpr std::size_t kHeaders = 28;
constexpr Seconds kInterval = 0.02;  // of audio in a packet

void note(Call& call, Direction direction, Fate fate, Seconds now) {
  if (fate == Fate::lost) call.harm.hit(direction, Where::path, now, now + kInterval);
  if (fate == Fate::stray) call.strays.hit(direction, Where::path, now, now + kInterval);
}

}  // namespace

Network::Network(const SiteSetup& setup, Tap* inside, Tap* outside, Random random)
    : setup_(setup),
      inside_(inside),
      outside_(outside),
      random_(random),
      up_(setup.up, random_.fork()),
      down_(setup.down, random_.fork()) {
  if (setup.nat) nat_.emplace(setup.outer, *setup.nat, random_.fork());
  if (setup.alg && nat_) alg_.emplace(*setup.alg, *nat_, random_.fork());
  if (setup.onsite_proxy) {
    const std::uint32_t lan = (setup.lines.front().sip.address & ~0xffU) | 2;
    proxy_.emplace(Socket{nat_ ? lan : setup.outer, kSipPort}, setup.outer);
  }
}

Inner Network::inner(Line& line) const {
  return {line.setup->sip, line.setup->make, &line.up_marks, &line.down_marks};
}

Seconds Network::through_radio(Line& line, Direction direction, Seconds now) {
  if (!line.radio) return now + 0.0002;
  const Seconds through = line.radio->through(direction, now);
  if (line.call != nullptr && through - now > line.radio->usual_wait())
    line.call->harm.hit(direction, direction == Direction::up ? Where::sender : Where::beyond, now, through);
  return through;
}

Socket Network::reflexive(Socket inner, Seconds now) {
  return nat_ ? nat_->outbound(inner, {setup_.media_server, 3478}, now) : inner;
}

/// What SIP does to the media entries of an ALG.
void Network::mark(Call& call, const Message& message, Seconds now) {
  if (!call.pinhole) return;
  call.pinhole->refresh(now);
  const std::string method = message.method();
  if (setup_.alg_harm.register_flushes && method == "REGISTER" && !message.is_response()) call.pinhole->flush(now);
  if (setup_.alg_harm.offer_closes && method == "INVITE" && !message.sdp.empty() && call.answered >= 0)
    call.pinhole->flush(now);
}

std::optional<Network::Arrival> Network::sip(Line& line, Direction direction, const Message& message, Seconds now) {
  return direction == Direction::up ? sip_up(line, message, now) : sip_down(line, message, now);
}

std::optional<Network::Arrival> Network::sip_up(Line& line, const Message& message, Seconds now) {
  const Socket far{setup_.platform, kSipPort};
  Arrival arrival{message, through_radio(line, Direction::up, now), line.setup->sip};
  std::string text = arrival.message.text();
  Packet packet{.source = arrival.source, .destination = far, .dscp = kSipClass, .ttl = 64, .octets = text};
  see(inside_, packet, arrival.time);
  if (proxy_) {
    proxy_->up(arrival.message, arrival.source);
    arrival.source = proxy_->socket();
  }
  if (nat_) arrival.source = nat_->outbound(arrival.source, far, arrival.time);
  if (alg_) alg_->up(arrival.message, inner(line), arrival.source);
  if (line.call != nullptr) mark(*line.call, message, arrival.time);
  text = arrival.message.text();
  packet.octets = text;
  packet.source = arrival.source;
  const Path::Outcome outcome = up_.carry(arrival.time, text.size() + kHeaders, line.last[0]);
  if (outcome.fate != Fate::arrived) return std::nullopt;
  packet.ttl = kFarTtl;
  see(outside_, packet, outcome.time);
  arrival.time = line.last[0] = outcome.time;
  return arrival;
}

std::optional<Network::Arrival> Network::sip_down(Line& line, const Message& message, Seconds now) {
  const Socket far{setup_.platform, kSipPort};
  Arrival arrival{message, now, far};
  std::string text = message.text();
  Packet packet{.source = far, .destination = line.source, .dscp = kSipClass, .ttl = 64, .octets = text};
  see(outside_, packet, now);
  const Path::Outcome outcome = down_.carry(now, text.size() + kHeaders, line.last[1]);
  if (outcome.fate != Fate::arrived) return std::nullopt;
  arrival.time = line.last[1] = outcome.time;
  if (nat_ && !nat_->inbound(line.source.port, far, arrival.time)) return std::nullopt;
  if (alg_) alg_->down(arrival.message, inner(line), line.source);
  if (proxy_) proxy_->down(arrival.message, line.setup->sip);
  text = arrival.message.text();
  packet.octets = text;
  packet.destination = line.setup->sip;
  packet.ttl = kFarTtl;
  see(inside_, packet, arrival.time);
  arrival.time = through_radio(line, Direction::down, arrival.time);
  return arrival;
}

std::optional<Network::Landing> Network::media(Stream& stream, Seconds now) {
  Packet packet{.source = stream.source,
                .destination = stream.destination,
                .dscp = kMediaClass,
                .ttl = 64,
                .is_rtp = true,
                .rtp = stream.rtp,
                .octets = {}};
  ++stream.sent;
  return stream.direction == Direction::up ? media_up(stream, packet, now) : media_down(stream, packet, now);
}

std::optional<Network::Landing> Network::media_up(Stream& stream, Packet& packet, Seconds now) {
  Call& call = *stream.call;
  const Seconds at = through_radio(*call.line, Direction::up, now);
  see(inside_, packet, at);
  if (proxy_) packet.source = proxy_->relay(packet.source);
  if (call.pinhole && !call.pinhole->lets(Direction::up, at)) {
    call.harm.hit(Direction::up, Where::path, at, at + kInterval, call.pinhole->quiet());
    return std::nullopt;
  }
  if (nat_) packet.source = nat_->outbound(packet.source, packet.destination, at);
  const std::size_t octets = kHeaders + 12 + FrameWriter::octets(packet.rtp.sound);
  const Path::Outcome outcome = up_.carry(at, octets, stream.last_arrival);
  note(call, Direction::up, outcome.fate, at);
  if (outcome.fate != Fate::arrived) return std::nullopt;
  packet.ttl = kFarTtl;
  see(outside_, packet, outcome.time);
  stream.last_arrival = outcome.time;
  ++stream.passed;
  return Landing{outcome.time, packet.source};
}

std::optional<Network::Landing> Network::media_down(Stream& stream, Packet& packet, Seconds now) {
  Call& call = *stream.call;
  see(outside_, packet, now);
  const std::size_t octets = kHeaders + 12 + FrameWriter::octets(packet.rtp.sound);
  const Path::Outcome outcome = down_.carry(now, octets, stream.last_arrival);
  note(call, Direction::down, outcome.fate, now);
  if (outcome.fate != Fate::arrived) return std::nullopt;
  stream.last_arrival = outcome.time;
  if (nat_) {
    std::optional<Socket> inside = nat_->inbound(packet.destination.port, packet.source, outcome.time);
    if (inside && proxy_) inside = proxy_->behind(*inside);
    const bool closed = inside && call.pinhole && !call.pinhole->lets(Direction::down, outcome.time);
    if (!inside || closed) {
      // A mapping that is not there is what is wrong at some sites; at others it only comes a moment late.
      const bool wrong = closed || setup_.truth == "nat-timeout" || setup_.truth == "sip-alg";
      // A dead mapping stays dead while the far side pauses.
      const Seconds quiet = closed ? call.pinhole->quiet() : 6;
      (wrong ? call.harm : call.strays)
          .hit(Direction::down, Where::path, outcome.time, outcome.time + kInterval, quiet);
      return std::nullopt;
    }
    packet.destination = *inside;
  }
  packet.ttl = kFarTtl;
  see(inside_, packet, outcome.time);
  ++stream.passed;
  return Landing{through_radio(*call.line, Direction::down, outcome.time), packet.source};
}

bool Network::other(Line& line, Direction direction, Socket inner, Socket far, std::string_view octets, Seconds now) {
  const bool up = direction == Direction::up;
  Socket outer = proxy_ ? proxy_->relay(inner) : inner;
  if (nat_) {
    const std::optional<Socket> mapped = up ? nat_->outbound(outer, far, now) : nat_->mapping(outer, now);
    if (!mapped) return false;
    outer = *mapped;
  }
  Packet packet{.source = up ? inner : far, .destination = up ? far : outer, .octets = octets};
  see(up ? inside_ : outside_, packet, now);
  Seconds& last = line.last[up ? 0 : 1];
  const Path::Outcome outcome = (up ? up_ : down_).carry(now, octets.size() + kHeaders, last);
  if (outcome.fate != Fate::arrived) return false;
  last = outcome.time;
  (up ? packet.source : packet.destination) = up ? outer : inner;
  packet.ttl = kFarTtl;
  see(up ? outside_ : inside_, packet, outcome.time);
  return true;
}

}  // namespace viaduct::simulate
