// SPDX-License-Identifier: GPL-2.0-or-later
#include "faults/box.hpp"
#include "faults/family.hpp"
#include "faults/fragments.hpp"
#include "faults/packet.hpp"
#include "net/datagram.hpp"
#include "target.hpp"

#include <memory>
#include <string>
#include <utility>
#include <vector>

namespace {

using namespace viaduct;
using faults::Side;

constexpr std::uint8_t kOutside = 1, kTcp = 2, kMedia = 4, kRaw = 8, kPieces = 16, kLate = 32;

constexpr std::uint8_t kFamilies = 0xf0;  // a behaviour's octet from here on chooses a family

/// One of four values that the parameter may have, the extremes among them; 0 is its fallback.
std::string value_of(const faults::Parameter& parameter, std::size_t choice) {
  if (choice == 0) return std::string(parameter.fallback);
  if (parameter.kind == faults::ParameterKind::duration) return choice == 1 ? "0" : choice == 2 ? "1ms" : "876000h";
  if (parameter.kind == faults::ParameterKind::number) return choice == 1 ? "0" : choice == 2 ? "1" : "4294967295";
  base::Bytes words = parameter.words;
  for (; choice > 1 && words.find('|') != base::Bytes::npos; --choice) words.remove_prefix(words.find('|') + 1);
  return std::string(words.substr(0, words.find('|')));
}

std::unique_ptr<faults::Behaviour> behaviour_of(const faults::BehaviourEntry& entry, std::size_t choice) {
  faults::Values values(entry.parameters);
  for (const faults::Parameter& parameter : entry.parameters)
    VIADUCT_CHECK(values.set(parameter.name, value_of(parameter, choice)));
  return entry.make(values);
}

faults::Box box_with(std::uint8_t behaviour, std::uint8_t another, std::uint8_t settings_bits) {
  faults::BoxSettings settings;
  settings.inside = {net::Address::ipv4(0xc0a80101), 24};
  settings.nat.outer = {net::Address::ipv4(0xcb007101)};
  settings.nat.mapping = static_cast<faults::Dependence>(settings_bits % 3);
  settings.nat.filtering = static_cast<faults::Dependence>(settings_bits / 3 % 3);
  settings.reads_tcp = (settings_bits & 0x40) != 0;
  settings.mtu = (settings_bits & 0x80) != 0 ? 576 : 1500;
  const std::span<const faults::BehaviourEntry> all = faults::behaviours();
  std::vector<std::unique_ptr<faults::Behaviour>> behaviours;
  for (const std::uint8_t chosen : {behaviour, another}) {
    if (chosen < kFamilies) {
      behaviours.push_back(behaviour_of(all[chosen % all.size()], settings_bits >> 4 & 3U));
      continue;
    }
    const faults::Family& family = faults::families()[(chosen - kFamilies) % faults::families().size()];
    faults::apply_family(family, settings, behaviours);
    for (const faults::FamilyBehaviour& shown : family.behaviours)
      behaviours.push_back(faults::find_behaviour(shown.id)->make(faults::values_of(shown)));
  }
  return {settings, std::move(behaviours)};
}

/// A packet of the flow that `bits` name, with this payload.
std::string packet_of(std::uint8_t bits, base::Bytes payload) {
  const std::uint16_t port = (bits & kMedia) != 0 ? 4000 : 5060;
  const net::Endpoint phone{net::Address::ipv4(0xc0a8010a), port};
  const net::Endpoint outer{net::Address::ipv4(0xcb007101), port};
  const net::Endpoint server{net::Address::ipv4(0xc6336405), port};
  const net::Endpoint& from = (bits & kOutside) != 0 ? server : phone;
  const net::Endpoint& to = (bits & kOutside) != 0 ? outer : server;
  if ((bits & kTcp) == 0) return faults::make_udp(from, to, payload);
  // The same octets as a TCP segment: 12 more in front of the payload.
  std::string octets = faults::make_udp(from, to, std::string(12, '\0') + std::string(payload));
  if (octets.empty()) return octets;
  octets[9] = 6;
  octets.replace(24, 8, std::string("\0\0\1\0\0\0\0\1", 8));
  octets[32] = 0x50;
  octets[33] = 0x18;
  base::Result<faults::Packet, faults::PacketProblem> packet = faults::Packet::parse(octets);
  VIADUCT_CHECK(packet && packet->set_payload(payload));
  packet->set_ttl(64);
  octets = packet->octets();
  octets[10] = octets[11] = '\0';
  const std::uint16_t checksum = net::fold_checksum(net::checksum_add(0, base::Bytes(octets).substr(0, 20)));
  octets[10] = static_cast<char>(checksum >> 8);
  octets[11] = static_cast<char>(checksum);
  return octets;
}

/// What left has to be IPv4 that can be read, within the MTU where it may be cut, with the header's checksum right.
void check(const faults::Box& box, const faults::Departure& departure, bool was_right) {
  const base::Result<faults::Packet, faults::PacketProblem> packet = faults::Packet::parse(departure.octets);
  VIADUCT_CHECK(packet);
  VIADUCT_CHECK(packet->octets().size() == departure.octets.size());
  if (!was_right) return;
  VIADUCT_CHECK(departure.octets.size() <= box.settings().mtu || packet->dont_fragment());
  const base::Bytes header = base::Bytes(departure.octets).substr(0, packet->header_length());
  VIADUCT_CHECK(net::fold_checksum(net::checksum_add(0, header)) == 0);
  VIADUCT_CHECK(packet->is_fragment() || packet->checksum_is_right());
}

void meet(faults::Box& box, Side from, base::Bytes octets, base::Instant now, bool is_right) {
  box.receive(from, octets, now);
  while (const std::optional<faults::Departure> departure = box.next(now)) check(box, *departure, is_right);
}

}  // namespace

// Two octets choose behaviours or families, one the settings and the parameters. The rest: parts separated by octet
// 0x1e; the first octet of each says which side and flow it comes from, or that it is a packet itself.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  fuzz::Input input(data, size);
  const std::uint8_t behaviour = input.octet();
  const std::uint8_t another = input.octet();
  faults::Box box = box_with(behaviour, another, input.octet());
  base::Instant now{std::chrono::hours(1)};
  base::Bytes rest = input.rest();
  while (!rest.empty()) {
    const base::Bytes part = rest.substr(0, rest.find('\x1e'));
    rest.remove_prefix(std::min(rest.size(), part.size() + 1));
    if (part.empty()) continue;
    const auto bits = static_cast<std::uint8_t>(part[0]);
    const base::Bytes payload = part.substr(1);
    now = now + ((bits & kLate) != 0 ? std::chrono::seconds(40) : std::chrono::seconds(1));
    const Side from = (bits & kOutside) != 0 ? Side::outside : Side::inside;
    if ((bits & kRaw) != 0) {
      meet(box, from, payload, now, false);
      continue;
    }
    const std::string packet = packet_of(bits, payload);
    for (const std::string& piece : faults::split(packet, (bits & kPieces) != 0 ? 256 : 65535))
      meet(box, from, piece, now, true);
  }
  return 0;
}
