// SPDX-License-Identifier: GPL-2.0-or-later
#include "faults/box.hpp"

#include "faults/alg.hpp"
#include "faults/segment.hpp"

#include <algorithm>
#include <utility>

namespace viaduct::faults {
namespace {

constexpr std::uint8_t kUnreachable = 3;
constexpr std::uint8_t kFragmentationNeeded = 4;
constexpr std::uint8_t kTimeExceeded = 11;
constexpr std::uint8_t kEcho = 8;

BoxSettings configured(BoxSettings settings, const std::vector<std::unique_ptr<Behaviour>>& behaviours) {
  for (const std::unique_ptr<Behaviour>& behaviour : behaviours) behaviour->configure(settings);
  return settings;
}

}  // namespace

Box::Box(const BoxSettings& settings, std::vector<std::unique_ptr<Behaviour>> behaviours)
    : settings_(configured(settings, behaviours)),
      behaviours_(std::move(behaviours)),
      nat_(settings_.nat),
      up_(settings_.up, settings_.nat.seed),
      down_(settings_.down, settings_.nat.seed + 1) {}

Box::~Box() = default;

void Box::sweep(base::Instant now) {
  if (now < next_sweep_) return;
  nat_.expire(now);
  next_sweep_ = now + std::chrono::seconds(1);
  const base::Duration every = settings_.forgets_every;
  if (every.count() == 0) return;
  if (next_restart_ != base::Instant{} && now >= next_restart_) nat_.forget_all();
  if (now >= next_restart_) next_restart_ = now + every;
}

void Box::receive(Side from, base::Bytes octets, base::Instant now) {
  sweep(now);
  base::Result<Packet, PacketProblem> packet = Packet::parse(octets);
  if (!packet) {
    ++counters_.unreadable;
    return;
  }
  if (!packet->is_fragment()) return route(from, *packet, now);
  if (settings_.fragments == FragmentRule::whole) {
    const std::optional<std::string> whole = fragments_.add(*packet, now);
    if (!whole) return;
    packet = Packet::parse(*whole);
    if (packet) route(from, *packet, now);
    return;
  }
  if (settings_.fragments == FragmentRule::drop_later && packet->fragment_offset() == 0)
    return route(from, *packet, now);
  ++counters_.dropped;
}

void Box::route(Side from, Packet& packet, base::Instant now) {
  const net::Address to = packet.destination().address;
  const bool to_outer = nat_.is_outer(to);
  if (to == settings_.inside.address ||
      (to_outer && packet.protocol() == Protocol::icmp && packet.icmp_type() == kEcho))
    return to_box(from, packet, now);
  if (!may_pass(from, packet, now)) return;
  packet.set_ttl(static_cast<std::uint8_t>(packet.ttl() - 1));
  if (packet.quoted()) return icmp_error(from, packet, now);
  if (from == Side::outside) return inward(packet, now);
  if (to_outer) return hairpin(packet, now);
  outward(packet, now);
}

bool Box::may_pass(Side from, const Packet& packet, base::Instant now) {
  const bool too_large = packet.octets().size() > settings_.mtu && packet.dont_fragment();
  if (packet.ttl() > 1 && !too_large) return true;
  const net::Address own = from == Side::inside ? settings_.inside.address : settings_.nat.outer.front();
  Link& back = from == Side::inside ? down_ : up_;
  if (packet.ttl() <= 1)
    back.send(make_icmp_error(own, kTimeExceeded, 0, 0, packet), now);
  else
    back.send(
        make_icmp_error(own, kUnreachable, kFragmentationNeeded, static_cast<std::uint16_t>(settings_.mtu), packet),
        now);
  return false;
}

FlowKind Box::kind_of(const Packet& packet, Side from) {
  if (is_sip_port(packet.source().port) || is_sip_port(packet.destination().port)) return FlowKind::sip;
  const bool media = from == Side::inside && calls_.media(packet.source()) != nullptr;
  return media ? FlowKind::media : FlowKind::other;
}

bool Box::is_sip_port(std::uint16_t port) const {
  return std::ranges::find(settings_.sip_ports, port) != settings_.sip_ports.end();
}

void Box::outward(Packet& packet, base::Instant now) {
  const net::Endpoint inner = packet.source();
  const net::Endpoint remote = packet.destination();
  const NatMapping* const mapping = nat_.outbound(packet.protocol(), inner, remote, kind_of(packet, Side::inside), now);
  if (mapping == nullptr) {
    ++counters_.dropped;
    return;
  }
  Transit transit{Side::inside,  now,    {packet.protocol(), inner, mapping->outer, remote},
                  mapping->kind, packet, calls_.media(inner)};
  packet.set_source(mapping->outer);
  if (!act(transit, packet)) return;
  ++counters_.outbound;
  emit(Side::outside, packet, now);
}

void Box::inward(Packet& packet, base::Instant now) {
  const net::Endpoint outer = packet.destination();
  const net::Endpoint remote = packet.source();
  const NatMapping* const mapping = nat_.inbound(packet.protocol(), outer, remote, now);
  if (mapping == nullptr) {
    ++counters_.filtered;
    return;
  }
  Transit transit{Side::outside, now,    {packet.protocol(), mapping->inner, outer, remote},
                  mapping->kind, packet, calls_.media(mapping->inner)};
  packet.set_destination(mapping->inner);
  if (!act(transit, packet)) return;
  ++counters_.inbound;
  emit(Side::inside, packet, now);
}

void Box::hairpin(Packet& packet, base::Instant now) {
  const net::Endpoint inner = packet.source();
  const net::Endpoint target = packet.destination();
  const NatMapping* const caller =
      settings_.nat.hairpin ? nat_.outbound(packet.protocol(), inner, target, kind_of(packet, Side::inside), now)
                            : nullptr;
  if (caller == nullptr) {
    ++counters_.filtered;
    return;
  }
  Transit leaving{Side::inside, now,    {packet.protocol(), inner, caller->outer, target},
                  caller->kind, packet, calls_.media(inner)};
  packet.set_source(caller->outer);
  if (!act(leaving, packet)) return;
  ++counters_.hairpinned;
  inward(packet, now);
}

void Box::to_box(Side from, const Packet& packet, base::Instant now) {
  if (packet.protocol() != Protocol::icmp || packet.icmp_type() != kEcho) {
    ++counters_.filtered;
    return;
  }
  (from == Side::inside ? down_ : up_).send(make_echo_reply(packet), now);
}

void Box::icmp_error(Side from, Packet& packet, base::Instant now) {
  const Quoted quoted = *packet.quoted();
  if (from == Side::outside) {
    const NatMapping* const mapping = nat_.find_outer(quoted.protocol, quoted.source);
    if (mapping == nullptr) {
      ++counters_.filtered;
      return;
    }
    packet.set_quoted(mapping->inner, quoted.destination);
    packet.set_destination({mapping->inner.address, 0});
    return emit(Side::inside, packet, now);
  }
  const NatMapping* const mapping = nat_.find_inner(quoted.protocol, quoted.destination, now);
  if (mapping == nullptr) {
    ++counters_.filtered;
    return;
  }
  packet.set_quoted(quoted.source, mapping->outer);
  packet.set_source({mapping->outer.address, 0});
  emit(Side::outside, packet, now);
}

bool Box::act(Transit& transit, Packet& packet) {
  const bool tcp = packet.protocol() == Protocol::tcp;
  const std::uint32_t sequence = tcp ? packet.tcp_sequence() : 0;
  if (tcp && settings_.shifts_tcp) tcp_.shift(transit.flow, transit.from, packet);
  const bool sip = transit.kind == FlowKind::sip;
  const bool readable = packet.protocol() == Protocol::udp
                            ? sip || settings_.reads_all_udp
                            : tcp && sip && settings_.reads_tcp && !packet.payload().empty();
  // What arrived damaged must leave damaged: an edit would give it a checksum that fits.
  if (readable && !packet.is_fragment() && packet.checksum_is_right() && !act_on_message(transit, sequence, packet)) {
    ++counters_.dropped;
    return false;
  }
  CallMedia* const media = calls_.media(transit.flow.inner);
  transit.media = media;
  for (const std::unique_ptr<Behaviour>& behaviour : behaviours_) {
    if (behaviour->passes(transit)) continue;
    ++counters_.dropped;
    return false;
  }
  if (media != nullptr) (transit.from == Side::inside ? media->last_outbound : media->last_inbound) = transit.now;
  return true;
}

bool Box::act_on_message(const Transit& transit, std::uint32_t sequence, Packet& packet) {
  const std::string received(packet.payload());
  const bool tcp = packet.protocol() == Protocol::tcp;
  std::string sent;
  bool any = false;
  for (const Piece& piece : pieces_of(received, tcp)) {
    const std::optional<std::string> goes_on =
        piece.whole ? act_on_piece(transit, piece.octets, packet) : std::string(piece.octets);
    if (goes_on) sent += *goes_on;
    any = any || goes_on;
  }
  if (!any) return false;
  for (const TcpOffsets::Change& change : changes) tcp_.changed(transit.flow, transit.from, change);
  return sent == received || packet.set_payload(sent);
}

std::optional<std::string> Box::act_on_piece(const Transit& transit, base::Bytes octets, Packet& packet) {
  Crossing crossing(transit.from, transit.now, transit.flow, octets, nat_, calls_);
  if (sip::Message message; crossing.read(message)) {
    ++counters_.messages;
    calls_.observe(message, crossing.outbound(), transit.flow.remote, transit.now);
    if (settings_.alg.any()) rewrite(settings_.alg, crossing);
  }
  for (const std::unique_ptr<Behaviour>& behaviour : behaviours_)
    if (!crossing.dropped()) behaviour->on_message(crossing);
  for (const std::string& answer : crossing.answers()) send_back(transit, answer);
  if (crossing.redirected() != 0) packet.set_destination({packet.destination().address, crossing.redirected()});
  if (crossing.dropped()) return std::nullopt;
  if (crossing.octets() != octets) ++counters_.changed;
  return std::string(crossing.octets());
}
  std::vector<TcpOffsets::Change> changes;

void Box::send_back(const Transit& transit, base::Bytes octets) {
  const Flow& flow = transit.flow;
  if (transit.from == Side::inside)
    if (tcp && piece.whole && settings_.shifts_tcp) {
      const auto length = static_cast<std::uint32_t>(piece.octets.size());
      const auto place = static_cast<std::uint32_t>(piece.octets.data() - received.data());
      const std::size_t now = goes_on ? goes_on->size() : 0;
      changes.push_back({sequence + place, length, static_cast<std::int32_t>(now) - static_cast<std::int32_t>(length)});
    }
    down_.send(make_udp(flow.remote, flow.inner, octets), transit.now);
  else
    up_.send(make_udp(flow.outer, flow.remote, octets), transit.now);
}

void Box::emit(Side to, const Packet& packet, base::Instant now) {
  if (packet.octets().size() > settings_.mtu && packet.dont_fragment()) {
    ++counters_.dropped;  // it grew on its way (D02)
    return;
  }
  for (std::string& piece : split(packet.octets(), settings_.mtu))
    (to == Side::outside ? up_ : down_).send(std::move(piece), now);
}

std::optional<base::Instant> Box::next_time() const {
  const std::optional<base::Instant> up = up_.next();
  const std::optional<base::Instant> down = down_.next();
  return up && down ? std::min(up, down) : up ? up : down;
}

std::optional<Departure> Box::next(base::Instant now) {
  if (std::optional<std::string> octets = up_.receive(now)) return Departure{Side::outside, std::move(*octets)};
  if (std::optional<std::string> octets = down_.receive(now)) return Departure{Side::inside, std::move(*octets)};
  return std::nullopt;
}

}  // namespace viaduct::faults
