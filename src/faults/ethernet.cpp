// SPDX-License-Identifier: GPL-2.0-or-later
#include "faults/ethernet.hpp"

#include "base/octets.hpp"

#include <algorithm>
#include <cstring>
#include <utility>

namespace viaduct::faults {
namespace {

using base::append_word;
using base::word_at;

constexpr std::size_t kHeader = 14;
constexpr std::size_t kArp = 28;
constexpr std::uint16_t kTypeIpv4 = 0x0800;
constexpr std::uint16_t kTypeArp = 0x0806;
constexpr std::uint16_t kRequest = 1;
constexpr std::uint16_t kReply = 2;
constexpr MacAddress kBroadcast = {0xff, 0xff, 0xff, 0xff, 0xff, 0xff};
constexpr base::Duration kAskAgain = std::chrono::seconds(1);

void put(std::string& octets, const MacAddress& mac) {
  octets.append(reinterpret_cast<const char*>(mac.data()), mac.size());
}

void put(std::string& octets, const net::Address& address) {
  octets.append(reinterpret_cast<const char*>(address.octets.data()), 4);
}

MacAddress mac_at(base::Bytes octets, std::size_t at) {
  MacAddress mac{};
  std::memcpy(mac.data(), octets.data() + at, mac.size());
  return mac;
}

std::string frame_head(const MacAddress& to, const MacAddress& from, std::uint16_t type) {
  std::string frame;
  put(frame, to);
  put(frame, from);
  append_word(frame, type);
  return frame;
}

}  // namespace

Ethernet::Ethernet(const MacAddress& mac, std::vector<net::Address> own, const net::Prefix& net,
                   std::optional<net::Address> gateway)
    : mac_(mac), own_(std::move(own)), net_(net), gateway_(gateway) {}

bool Ethernet::is_own(const net::Address& address) const {
  return std::ranges::find(own_, address) != own_.end();
}

std::optional<base::Bytes> Ethernet::receive(base::Bytes frame, base::Instant now) {
  if (frame.size() < kHeader) return std::nullopt;
  const MacAddress to = mac_at(frame, 0);
  if (to != mac_ && to != kBroadcast) return std::nullopt;
  const std::uint16_t type = word_at(frame, 12);
  if (type == kTypeArp && frame.size() >= kHeader + kArp) receive_arp(frame.substr(kHeader), now);
  if (type != kTypeIpv4 || to == kBroadcast) return std::nullopt;
  return frame.substr(kHeader);
}

void Ethernet::receive_arp(base::Bytes arp, base::Instant now) {
  // Ethernet and IPv4 only (RFC 826): hardware type, protocol type, both lengths.
  if (word_at(arp, 0) != 1 || word_at(arp, 2) != kTypeIpv4 || arp[4] != 6 || arp[5] != 4) return;
  const MacAddress sender = mac_at(arp, 8);
  const net::Address from = net::Address::ipv4_from(arp.data() + 14);
  const net::Address target = net::Address::ipv4_from(arp.data() + 24);
  const std::uint16_t operation = word_at(arp, 6);
  // Only who was asked for, or asks, is remembered.
  if (neighbours_.contains(from) || (is_own(target) && net_.contains(from))) learn(from, sender, now);
  if (operation == kRequest && is_own(target)) put_arp(kReply, sender, target, from);
}

void Ethernet::learn(const net::Address& address, const MacAddress& mac, base::Instant now) {
  if (!neighbours_.contains(address) && neighbours_.size() >= kMaxNeighbours) neighbours_.clear();
  Neighbour& neighbour = neighbours_[address];
  neighbour.mac = mac;
  neighbour.learnt = now;
  for (const std::string& packet : std::exchange(neighbour.waiting, {})) put_packet(mac, packet);
}

std::optional<net::Address> Ethernet::next_hop(base::Bytes packet) const {
  if (packet.size() < 20) return std::nullopt;
  const net::Address to = net::Address::ipv4_from(packet.data() + 16);
  return net_.contains(to) ? std::optional(to) : gateway_;
}

void Ethernet::send(base::Bytes packet, base::Instant now) {
  const std::optional<net::Address> hop = next_hop(packet);
  if (!hop) return;
  if (!neighbours_.contains(*hop) && neighbours_.size() >= kMaxNeighbours) neighbours_.clear();
  Neighbour& neighbour = neighbours_[*hop];
  const bool old = !neighbour.mac || now > neighbour.learnt + kLifetime;
  if (old && (neighbour.asked == base::Instant{} || now >= neighbour.asked + kAskAgain)) {
    neighbour.asked = now;
    put_arp(kRequest, kBroadcast, own_.front(), *hop);
  }
  // An old answer is used until a new one comes: a neighbour that does not move must not cost a packet.
  if (neighbour.mac) return put_packet(*neighbour.mac, packet);
  if (neighbour.waiting.size() < kMaxWaiting) neighbour.waiting.emplace_back(packet);
}

void Ethernet::put_packet(const MacAddress& to, base::Bytes packet) {
  std::string frame = frame_head(to, mac_, kTypeIpv4);
  frame += packet;
  frames_.push_back(std::move(frame));
}

void Ethernet::put_arp(std::uint16_t operation, const MacAddress& to, const net::Address& own,
                       const net::Address& target) {
  std::string frame = frame_head(to, mac_, kTypeArp);
  append_word(frame, 1);
  append_word(frame, kTypeIpv4);
  frame += '\x06';
  frame += '\x04';
  append_word(frame, operation);
  put(frame, mac_);
  put(frame, own);
  put(frame, operation == kRequest ? MacAddress{} : to);
  put(frame, target);
  frames_.push_back(std::move(frame));
}

std::vector<std::string> Ethernet::take_frames() {
  return std::exchange(frames_, {});
}

}  // namespace viaduct::faults
