// SPDX-License-Identifier: GPL-2.0-or-later
#include "faults/box.hpp"

#include "faults/alg.hpp"

#include <algorithm>
#include <utility>

namespace viaduct::faults {
namespace {

constexpr std::uint8_t kUnreachable = 3;
constexpr std::uint8_t kFragmentationNeeded = 4;
constexpr std::uint8_t kTimeExceeded = 11;
constexpr std::uint8_t kEcho = 8;
constexpr std::size_t kLeastMtu = 68;  // RFC 791
// Own ICMP errors: a hundred a second, fifty at once (RFC 1812 section 4.3.2.8).
constexpr base::Duration kErrorInterval = std::chrono::milliseconds(10);
constexpr base::Duration kErrorBurst = 50 * kErrorInterval;

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
  if (!packet->is_fragment()) return route({from, now, octets}, *packet);
  if (settings_.fragments == FragmentRule::whole) {
    const std::optional<std::string> whole = fragments_.add(*packet, now);
    if (!whole) return;
    packet = Packet::parse(*whole);
    if (packet) route({from, now, *whole}, *packet);
    return;
  }
  if (settings_.fragments == FragmentRule::drop_later && packet->fragment_offset() == 0)
    return route({from, now, octets}, *packet);
  ++counters_.dropped;
}

void Box::route(const Arrival& arrival, Packet& packet) {
  const net::Address to = packet.destination().address;
  const bool to_outer = nat_.is_outer(to);
  if (to == settings_.inside.address ||
      (to_outer && packet.protocol() == Protocol::icmp && packet.icmp_type() == kEcho))
    return to_box(arrival, packet);
  if (!may_pass(arrival, packet)) return;
  packet.set_ttl(static_cast<std::uint8_t>(packet.ttl() - 1));
  if (packet.is_icmp_error()) return icmp_error(arrival.from, packet, arrival.now);
  if (arrival.from == Side::outside) return inward(arrival, packet);
  if (to_outer) return hairpin(arrival, packet);
  outward(arrival, packet);
}

bool Box::may_pass(const Arrival& arrival, const Packet& packet) {
  if (packet.ttl() <= 1) {
    report(arrival, kTimeExceeded, 0);
    return false;
  }
  if (packet.octets().size() <= settings_.mtu || !packet.dont_fragment()) return true;
  report(arrival, kUnreachable, kFragmentationNeeded, settings_.mtu);
  return false;
}

void Box::report(const Arrival& arrival, std::uint8_t type, std::uint8_t code, std::size_t next_hop_mtu) {
  const base::Result<Packet, PacketProblem> about = Packet::parse(arrival.octets);
  if (!about || about->is_icmp_error() || about->fragment_offset() != 0) return;
  // Nor to a source that is no single host.
  if (const std::uint8_t first = about->source().address.octets[0]; first == 0 || first == 127 || first >= 224) return;
  const base::Instant begin = std::max(errors_until_, arrival.now);
  if (begin - arrival.now >= kErrorBurst) return;
  errors_until_ = begin + kErrorInterval;
  const bool inside = arrival.from == Side::inside;
  const net::Address own = inside ? settings_.inside.address : settings_.nat.outer.front();
  emit(arrival.from, make_icmp_error(own, type, code, static_cast<std::uint16_t>(next_hop_mtu), *about), arrival.now);
}

FlowKind Box::kind_of(const Packet& packet, Side from) {
  if (is_sip_port(packet.source().port) || is_sip_port(packet.destination().port)) return FlowKind::sip;
  const bool media = from == Side::inside && calls_.media(packet.source()) != nullptr;
  return media ? FlowKind::media : FlowKind::other;
}

bool Box::is_sip_port(std::uint16_t port) const {
  return std::ranges::find(settings_.sip_ports, port) != settings_.sip_ports.end();
}

void Box::outward(const Arrival& arrival, Packet& packet) {
  const base::Instant now = arrival.now;
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
  send_on(arrival, Side::outside, packet);
}

void Box::inward(const Arrival& arrival, Packet& packet) {
  const base::Instant now = arrival.now;
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
  send_on(arrival, Side::inside, packet);
}

void Box::hairpin(const Arrival& arrival, Packet& packet) {
  const base::Instant now = arrival.now;
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
  inward(arrival, packet);
}

void Box::to_box(const Arrival& arrival, const Packet& packet) {
  if (packet.protocol() != Protocol::icmp || packet.icmp_type() != kEcho) {
    ++counters_.filtered;
    return;
  }
  emit(arrival.from, make_echo_reply(packet), arrival.now);
}

void Box::icmp_error(Side from, Packet& packet, base::Instant now) {
  const std::optional<Quoted> quoted = packet.quoted();
  const bool outside = from == Side::outside;
  if (quoted && !outside && nat_.is_outer(quoted->source.address)) return hairpin_error(*quoted, packet, now);
  const NatMapping* const mapping = !quoted ? nullptr
                                    : outside
                                        ? nat_.find_outer(quoted->protocol, quoted->source)
                                        : nat_.find_towards(quoted->protocol, quoted->destination, quoted->source, now);
  if (mapping == nullptr) {
    ++counters_.filtered;
    return;
  }
  if (outside) {
    packet.set_quoted(mapping->inner, quoted->destination);
    packet.set_destination({mapping->inner.address, 0});
    return emit(Side::inside, packet.octets(), now);
  }
  packet.set_quoted(quoted->source, mapping->outer);
  packet.set_source({mapping->outer.address, 0});
  emit(Side::outside, packet.octets(), now);
}

void Box::hairpin_error(const Quoted& quoted, Packet& packet, base::Instant now) {
  const NatMapping* const sender = nat_.find_outer(quoted.protocol, quoted.source);
  const NatMapping* const target = nat_.find_towards(quoted.protocol, quoted.destination, quoted.source, now);
  if (!settings_.nat.hairpin || sender == nullptr || target == nullptr) {
    ++counters_.filtered;
    return;
  }
  packet.set_quoted(sender->inner, target->outer);
  packet.set_source({target->outer.address, 0});
  packet.set_destination({sender->inner.address, 0});
  ++counters_.hairpinned;
  emit(Side::inside, packet.octets(), now);
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
  std::vector<TcpOffsets::Change> changes;
  bool any = false;
  const Pieces pieces = tcp ? pieces_of_segment(received, settings_.segments) : pieces_of_datagram(received);
  for (const Piece& piece : pieces.list) {
    const std::optional<std::string> goes_on =
        piece.whole ? act_on_piece(transit, piece.octets, packet) : std::string(piece.octets);
    // The kernel drops a segment with all that is in it.
    if (!goes_on && settings_.segments == SegmentRule::linux_kernel) return false;
    if (tcp && piece.whole && pieces.counted && settings_.shifts_tcp) {
      const auto length = static_cast<std::uint32_t>(piece.octets.size());
      const auto place = static_cast<std::uint32_t>(piece.octets.data() - received.data());
      const std::size_t now = goes_on ? goes_on->size() : 0;
      changes.push_back({sequence + place, length, static_cast<std::int32_t>(now) - static_cast<std::int32_t>(length)});
    }
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
  if (crossing.redirected() != 0 && packet.protocol() == Protocol::udp)
    packet.set_destination({packet.destination().address, crossing.redirected()});
  if (crossing.dropped()) return std::nullopt;
  if (crossing.octets() != octets) ++counters_.changed;
  return std::string(crossing.octets());
}

void Box::send_back(const Transit& transit, base::Bytes octets) {
  const Flow& flow = transit.flow;
  const bool inside = transit.from == Side::inside;
  base::Result<Packet, PacketProblem> answer =
      Packet::parse(make_udp(inside ? flow.remote : flow.outer, inside ? flow.inner : flow.remote, octets));
  if (!answer) return;
  // Pieces of two answers must not be taken for each other's (RFC 6864).
  answer->set_identification(++identification_);
  emit(transit.from, answer->octets(), transit.now);
}

void Box::send_on(const Arrival& arrival, Side to, const Packet& packet) {
  const std::size_t size = packet.octets().size();
  if (size <= settings_.mtu || !packet.dont_fragment()) return emit(to, packet.octets(), arrival.now);
  ++counters_.dropped;
  if (!settings_.reports_growth) return;
  // The sender's own packets have to be shorter by what they grow.
  const std::size_t growth = size - std::min(size, arrival.octets.size());
  report(arrival, kUnreachable, kFragmentationNeeded,
         std::max(kLeastMtu, settings_.mtu - std::min(settings_.mtu, growth)));
}

void Box::emit(Side to, base::Bytes octets, base::Instant now) {
  for (std::string& piece : split(octets, settings_.mtu))
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
