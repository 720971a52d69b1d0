// SPDX-License-Identifier: GPL-2.0-or-later
#include "capture/packet.hpp"
#include "net/datagram.hpp"

#include <algorithm>
#include <cstring>

namespace viaduct::capture {
namespace {

// EtherTypes.
constexpr std::uint16_t kIpv4 = 0x0800;
constexpr std::uint16_t kTransparentEthernet = 0x6558;
constexpr std::uint16_t kVlan = 0x8100;
constexpr std::uint16_t kPppInGre = 0x880b;
constexpr std::uint16_t kIpv6 = 0x86dd;
constexpr std::uint16_t kMpls = 0x8847;
constexpr std::uint16_t kMplsMulticast = 0x8848;
constexpr std::uint16_t kPppoeSession = 0x8864;
constexpr std::uint16_t kErspan2 = 0x88be;
constexpr std::uint16_t kQinq = 0x88a8;
constexpr std::uint16_t kVlanOld1 = 0x9100;
constexpr std::uint16_t kVlanOld2 = 0x9200;
constexpr std::uint16_t kErspan3 = 0x22eb;

// IP protocol numbers.
constexpr std::uint8_t kHopByHop = 0;
constexpr std::uint8_t kIcmp = 1;
constexpr std::uint8_t kIpInIp = 4;
constexpr std::uint8_t kTcp = 6;
constexpr std::uint8_t kUdp = 17;
constexpr std::uint8_t kIpv6InIp = 41;
constexpr std::uint8_t kRouting = 43;
constexpr std::uint8_t kFragment = 44;
constexpr std::uint8_t kGre = 47;
constexpr std::uint8_t kAuthentication = 51;
constexpr std::uint8_t kIcmpv6 = 58;
constexpr std::uint8_t kDestinationOptions = 60;
constexpr std::uint8_t kSctp = 132;
constexpr std::uint8_t kMobility = 135;
constexpr std::uint8_t kMplsInIp = 137;
constexpr std::uint8_t kHip = 139;
constexpr std::uint8_t kShim6 = 140;

constexpr std::uint16_t kVxlanPort = 4789;
constexpr std::uint16_t kL2tpPort = 1701;

constexpr net::Address ipv6_at(const char* at) {
  net::Address address;
  address.family = net::Family::ipv6;
  std::memcpy(address.octets.data(), at, 16);
  return address;
}

/// One walk from the outside in. Each step gets the offset of its header; end_ is where the layer around it ends.
class Walk {
 public:
  Walk(base::Bytes frame, Packet& packet)
      : frame_(frame), packet_(packet), end_(static_cast<std::uint32_t>(frame.size())) {}

  Decoded link(LinkType type);

 private:
  [[nodiscard]] bool has(std::uint32_t at, std::uint32_t size) const { return at <= end_ && end_ - at >= size; }
  [[nodiscard]] std::uint8_t octet(std::uint32_t at) const { return octet_at(frame_, at); }
  [[nodiscard]] std::uint16_t word(std::uint32_t at) const { return word_at(frame_, at); }

  Decoded ethernet(std::uint32_t at);
  Decoded ether_type(std::uint16_t type, std::uint32_t at);
  Decoded tagged(std::uint32_t at);
  Decoded logical_link(std::uint32_t at);
  Decoded family(std::uint32_t at);
  Decoded ppp(std::uint32_t at);
  Decoded pppoe(std::uint32_t at);
  Decoded mpls(std::uint32_t at);
  Decoded ip(std::uint32_t at);
  Decoded ipv4(std::uint32_t at);
  Decoded ipv6(std::uint32_t at);
  Decoded extensions(std::uint8_t protocol, std::uint32_t pointer, std::uint32_t at, std::uint32_t said_end);
  Decoded fragment(std::uint32_t at, std::uint32_t said_end);
  Decoded transport(std::uint8_t protocol, std::uint32_t at, std::uint32_t said_end);
  Decoded udp(std::uint32_t at, std::uint32_t said_end);
  Decoded tcp(std::uint32_t at, std::uint32_t said_end);
  Decoded gre(std::uint32_t at);
  Decoded gre_payload(std::uint16_t type, bool sequenced, std::uint32_t at);
  Decoded vxlan(std::uint32_t at);
  Decoded l2tp(std::uint32_t at);
  [[nodiscard]] bool plausible_ip(std::uint32_t at) const;
  void carries(std::uint32_t at, std::uint32_t said_end);
  void ports(std::uint32_t at);

  /// Tries what `inner` finds inside of the packet found so far, and keeps that packet if there is no IP in it.
  template <class F>
  Decoded enter(Tunnel tunnel, F inner) {
    const Packet outer = packet_;
    const std::uint32_t end = end_;
    ++packet_.tunnel_depth;
    packet_.tunnel = tunnel;
    const Decoded found = inner();
    if (found == Decoded::datagram || found == Decoded::fragment) return found;
    packet_ = outer;
    end_ = end;
    return Decoded::datagram;
  }

  base::Bytes frame_;
  Packet& packet_;
  std::uint32_t end_;
  int headers_ = 0;
};

Decoded Walk::link(LinkType type) {
  switch (type) {
    case LinkType::ethernet:
      return ethernet(0);
    case LinkType::null:
    case LinkType::loop:
      return family(0);
    case LinkType::raw:
    case LinkType::raw_bsd:
    case LinkType::raw_openbsd:
    case LinkType::ipv4:
    case LinkType::ipv6:
      return ip(0);
    case LinkType::linux_sll:
      return has(0, 16) ? ether_type(word(14), 16) : Decoded::malformed;
    case LinkType::linux_sll2:
      return has(0, 20) ? ether_type(word(0), 20) : Decoded::malformed;
    case LinkType::ppp:
    case LinkType::ppp_hdlc:
      return ppp(0);
    case LinkType::pppoe_session:
      return pppoe(0);
    case LinkType::cisco_hdlc:
      return has(0, 4) ? ether_type(word(2), 4) : Decoded::malformed;
  }
  return Decoded::unknown_link;
}

Decoded Walk::ethernet(std::uint32_t at) {
  if (!has(at, 14)) return Decoded::malformed;
  const std::uint16_t type = word(at + 12);
  if (type == kIpv4) [[likely]]
    return ipv4(at + 14);
  return ether_type(type, at + 14);
}

Decoded Walk::ether_type(std::uint16_t type, std::uint32_t at) {
  if (++headers_ > kMaxHeaders) return Decoded::too_deep;
  switch (type) {
    case kIpv4:
      return ipv4(at);
    case kIpv6:
      return ipv6(at);
    case kVlan:
    case kQinq:
    case kVlanOld1:
    case kVlanOld2:
      return tagged(at);
    case kPppoeSession:
      return pppoe(at);
    case kMpls:
    case kMplsMulticast:
      return mpls(at);
    default:
      return type < 0x0600 ? logical_link(at) : Decoded::not_ip;
  }
}

Decoded Walk::tagged(std::uint32_t at) {
  if (!has(at, 4)) return Decoded::malformed;
  if (packet_.vlan_count < packet_.vlans.size()) packet_.vlans[packet_.vlan_count++] = word(at) & 0x0fff;
  return ether_type(word(at + 2), at + 4);
}

/// IEEE 802.2 with the SNAP extension, organisation 0 (RFC 1042); else it is not IP.
Decoded Walk::logical_link(std::uint32_t at) {
  constexpr base::Bytes snap("\xaa\xaa\x03\0\0\0", 6);
  if (!has(at, 8) || frame_.substr(at, 6) != snap) return Decoded::not_ip;
  return ether_type(word(at + 6), at + 8);
}

/// Loopback headers. The number of the family differs between systems, its byte order between machines, and the IP
/// version behind it says the same.
Decoded Walk::family(std::uint32_t at) {
  if (!has(at, 5)) return Decoded::malformed;
  const std::uint32_t number = long_at(frame_, at);
  const std::uint32_t value = number > 0xffff ? __builtin_bswap32(number) : number;
  const bool four = value == 2;
  const bool six = value == 10 || value == 24 || value == 28 || value == 30;
  if (!four && !six) return Decoded::not_ip;
  return four ? ipv4(at + 4) : ipv6(at + 4);
}

Decoded Walk::ppp(std::uint32_t at) {
  if (has(at, 2) && word(at) == 0xff03) at += 2;
  if (!has(at, 2)) return Decoded::malformed;
  // The first octet may be compressed away (RFC 1661 6.5): numbers end in an odd octet.
  const bool compressed = (octet(at) & 1) != 0;
  const std::uint16_t protocol = compressed ? octet(at) : word(at);
  at += compressed ? 1 : 2;
  switch (protocol) {
    case 0x0021:
      return ipv4(at);
    case 0x0057:
      return ipv6(at);
    case 0x0281:
      return mpls(at);
    default:
      return Decoded::not_ip;
  }
}

Decoded Walk::pppoe(std::uint32_t at) {
  if (!has(at, 6)) return Decoded::malformed;
  const bool session = octet(at) == 0x11 && octet(at + 1) == 0;
  return session ? ppp(at + 6) : Decoded::not_ip;
}

/// Labels do not say what they carry. IP tells itself by its version; a pseudo-wire is believed only if the Ethernet
/// frame in it carries a tag or an IP packet whose lengths and checksum are right.
Decoded Walk::mpls(std::uint32_t at) {
  bool bottom = false;
  for (int labels = 0; !bottom; ++labels, at += 4) {
    if (!has(at, 4)) return Decoded::malformed;
    if (labels == kMaxHeaders) return Decoded::too_deep;
    bottom = (octet(at + 2) & 1) != 0;
  }
  if (plausible_ip(at)) return ip(at);
  // With the control word of RFC 4385 first, whose first nibble is 0, and without.
  for (const std::uint32_t wire : {at + 4, at}) {
    if (wire != at && (!has(at, 4) || octet(at) >> 4 != 0)) continue;
    if (!has(wire, 14)) continue;
    std::uint32_t inner = wire + 14;
    std::uint16_t type = word(wire + 12);
    if ((type == kVlan || type == kQinq) && has(inner, 4)) {
      type = word(inner + 2);
      inner += 4;
    }
    if ((type != kIpv4 && type != kIpv6) || !plausible_ip(inner)) continue;
    if (++headers_ > kMaxHeaders) return Decoded::too_deep;
    ++packet_.tunnel_depth;
    packet_.tunnel = Tunnel::mpls;
    return ethernet(wire);
  }
  return Decoded::not_ip;
}

bool Walk::plausible_ip(std::uint32_t at) const {
  if (has(at, 20) && octet(at) >> 4 == 4) {
    const std::uint32_t header = (octet(at) & 0x0fU) * 4;
    if (header < 20 || !has(at, header) || word(at + 2) < header) return false;
    return net::fold_checksum(net::checksum_add(0, frame_.substr(at, header))) == 0;
  }
  return has(at, 40) && octet(at) >> 4 == 6 && octet(at + 7) != 0;
}

Decoded Walk::ip(std::uint32_t at) {
  if (!has(at, 1)) return Decoded::malformed;
  const int version = octet(at) >> 4;
  return version == 4 ? ipv4(at) : version == 6 ? ipv6(at) : Decoded::not_ip;
}

Decoded Walk::ipv4(std::uint32_t at) {
  if (++headers_ > kMaxHeaders) return Decoded::too_deep;
  if (!has(at, 20) || octet(at) >> 4 != 4) return Decoded::malformed;
  const std::uint32_t header = (octet(at) & 0x0fU) * 4;
  std::uint32_t total = word(at + 2);
  // 0 is what a capturing machine sees whose network card does the segmentation.
  if (total == 0) total = end_ - at;
  if (header < 20 || total < header || !has(at, header)) return Decoded::malformed;
  end_ = std::min(end_, at + total);
  packet_.ip = base::between(at, end_);
  packet_.source = {net::Address::ipv4_from(frame_.data() + at + 12), 0};
  packet_.destination = {net::Address::ipv4_from(frame_.data() + at + 16), 0};
  packet_.dscp = octet(at + 1) >> 2;
  packet_.ecn = octet(at + 1) & 3;
  packet_.ip_id = word(at + 4);
  packet_.ttl = octet(at + 8);
  packet_.ip_protocol = octet(at + 9);
  const std::uint16_t part = word(at + 6);
  if ((part & 0x3fff) != 0) {
    packet_.fragment_offset = static_cast<std::uint16_t>((part & 0x1fff) * 8);
    packet_.more_fragments = (part & 0x2000) != 0;
    return fragment(at + header, at + total);
  }
  return transport(packet_.ip_protocol, at + header, at + total);
}

Decoded Walk::ipv6(std::uint32_t at) {
  if (++headers_ > kMaxHeaders) return Decoded::too_deep;
  if (!has(at, 40) || octet(at) >> 4 != 6) return Decoded::malformed;
  const std::uint32_t said = word(at + 4);
  const std::uint32_t total = said == 0 ? end_ - at : 40 + said;  // 0: a jumbogram, or segmentation as above
  end_ = std::min(end_, at + total);
  packet_.ip = base::between(at, end_);
  packet_.source = {ipv6_at(frame_.data() + at + 8), 0};
  packet_.destination = {ipv6_at(frame_.data() + at + 24), 0};
  const std::uint8_t traffic_class = static_cast<std::uint8_t>(word(at) >> 4);
  packet_.dscp = traffic_class >> 2;
  packet_.ecn = traffic_class & 3;
  packet_.ip_id = 0;
  packet_.ttl = octet(at + 7);
  return extensions(octet(at + 6), at + 6, at + 40, at + total);
}

Decoded Walk::extensions(std::uint8_t protocol, std::uint32_t pointer, std::uint32_t at, std::uint32_t said_end) {
  for (;;) {
    std::uint32_t size = 0;
    switch (protocol) {
      case kHopByHop:
      case kRouting:
      case kDestinationOptions:
      case kMobility:
      case kHip:
      case kShim6:
      case kAuthentication:
        if (!has(at, 8)) return Decoded::malformed;
        size = protocol == kAuthentication ? (octet(at + 1) + 2U) * 4 : (octet(at + 1) + 1U) * 8;
        break;
      case kFragment: {
        if (!has(at, 8)) return Decoded::malformed;
        size = 8;
        packet_.ip_id = long_at(frame_, at + 4);
        const std::uint16_t part = word(at + 2);
        if ((part & 0xfff9) == 0) break;  // an atomic fragment (RFC 6946) is a whole packet
        packet_.fragment_offset = part & 0xfff8;
        packet_.more_fragments = (part & 1) != 0;
        packet_.fragment_header = at;
        packet_.fragment_pointer = pointer;
        packet_.ip_protocol = octet(at);
        return fragment(at + 8, said_end);
      }
      default:
        packet_.ip_protocol = protocol;
        return at > end_ ? Decoded::malformed : transport(protocol, at, said_end);
    }
    if (++headers_ > kMaxHeaders) return Decoded::too_deep;
    if (!has(at, size)) return Decoded::malformed;
    protocol = octet(at);
    pointer = at;
    at += size;
  }
}

Decoded Walk::fragment(std::uint32_t at, std::uint32_t said_end) {
  packet_.protocol = Protocol::other;
  carries(at, said_end);
  return Decoded::fragment;
}

/// The payload begins at `at`, and would end at `said_end` had all been captured.
void Walk::carries(std::uint32_t at, std::uint32_t said_end) {
  packet_.payload = base::between(at, std::max(at, std::min(end_, said_end)));
  packet_.payload_length = said_end - at;
}

void Walk::ports(std::uint32_t at) {
  packet_.source.port = word(at);
  packet_.destination.port = word(at + 2);
}

Decoded Walk::transport(std::uint8_t protocol, std::uint32_t at, std::uint32_t said_end) {
  if (at > end_) return Decoded::malformed;
  packet_.transport = at;
  if (protocol == kUdp) [[likely]]
    return udp(at, said_end);
  if (protocol == kTcp) return tcp(at, said_end);
  packet_.protocol = Protocol::other;
  carries(at, said_end);
  switch (protocol) {
    case kSctp:
      if (!has(at, 12)) return Decoded::malformed;
      packet_.protocol = Protocol::sctp;
      ports(at);
      carries(at + 12, said_end);
      return Decoded::datagram;
    case kIcmp:
    case kIcmpv6:
      packet_.protocol = Protocol::icmp;
      return Decoded::datagram;
    case kIpInIp:
      return enter(Tunnel::ip_in_ip, [&] { return ipv4(at); });
    case kIpv6InIp:
      return enter(Tunnel::ip_in_ip, [&] { return ipv6(at); });
    case kGre:
      return enter(Tunnel::gre, [&] { return gre(at); });
    case kMplsInIp:
      return enter(Tunnel::mpls, [&] { return mpls(at); });
    default:
      return Decoded::datagram;
  }
}

Decoded Walk::udp(std::uint32_t at, std::uint32_t said_end) {
  if (!has(at, 8)) return Decoded::malformed;
  packet_.protocol = Protocol::udp;
  ports(at);
  const std::uint32_t length = word(at + 4);
  if (length != 0 && length < 8) return Decoded::malformed;
  // 0 is for jumbograms and segmentation; a length behind the end of the IP packet is a lie of which IP knows better.
  carries(at + 8, length == 0 ? said_end : std::min(said_end, at + length));
  if (packet_.destination.port == kVxlanPort) return enter(Tunnel::vxlan, [&] { return vxlan(at + 8); });
  if (packet_.destination.port == kL2tpPort || packet_.source.port == kL2tpPort)
    return enter(Tunnel::l2tp, [&] { return l2tp(at + 8); });
  return Decoded::datagram;
}

Decoded Walk::tcp(std::uint32_t at, std::uint32_t said_end) {
  if (!has(at, 20)) return Decoded::malformed;
  packet_.protocol = Protocol::tcp;
  ports(at);
  const std::uint32_t header = (octet(at + 12) >> 4) * 4U;
  if (header < 20 || at + header > said_end || !has(at, header)) return Decoded::malformed;
  carries(at + header, said_end);
  return Decoded::datagram;
}

Decoded Walk::gre(std::uint32_t at) {
  if (!has(at, 4)) return Decoded::malformed;
  const std::uint16_t flags = word(at);
  const int version = flags & 7;
  const bool sequenced = (flags & 0x1000) != 0;
  if (version > 1 || (flags & 0x4000) != 0) return Decoded::not_ip;  // source routing (RFC 1701) is dead
  const std::uint16_t type = word(at + 2);
  at += 4;
  if ((flags & 0x8000) != 0) at += 4;
  if ((flags & 0x2000) != 0) at += 4;
  if (sequenced) at += 4;
  if (version == 1 && (flags & 0x0080) != 0) at += 4;  // PPTP acknowledges (RFC 2637)
  return at > end_ ? Decoded::malformed : gre_payload(type, sequenced, at);
}

Decoded Walk::gre_payload(std::uint16_t type, bool sequenced, std::uint32_t at) {
  switch (type) {
    case kTransparentEthernet:
      return ethernet(at);
    case kPppInGre:
      return ppp(at);
    case kErspan2:  // without sequence number it is type I, which has no header
      packet_.tunnel = Tunnel::erspan;
      return ethernet(sequenced ? at + 8 : at);
    case kErspan3: {
      if (!has(at, 12)) return Decoded::malformed;
      packet_.tunnel = Tunnel::erspan;
      const bool subheader = (octet(at + 11) & 1) != 0;
      return ethernet(at + (subheader ? 20 : 12));
    }
    default:
      return ether_type(type, at);
  }
}

Decoded Walk::vxlan(std::uint32_t at) {
  if (!has(at, 8) || (octet(at) & 0x08) == 0 || octet(at + 7) != 0) return Decoded::malformed;
  return ethernet(at + 8);
}

/// RFC 2661 3.1; control messages are not looked into.
Decoded Walk::l2tp(std::uint32_t at) {
  if (!has(at, 6)) return Decoded::malformed;
  const std::uint16_t flags = word(at);
  const bool control = (flags & 0x8000) != 0;
  if (control || (flags & 0x000f) != 2) return Decoded::not_ip;
  at += (flags & 0x4000) != 0 ? 8 : 6;
  if ((flags & 0x0800) != 0) at += 4;
  if ((flags & 0x0200) != 0) {
    if (!has(at, 2)) return Decoded::malformed;
    at += 2U + word(at);
  }
  return ppp(at);
}

}  // namespace

Decoded decode(LinkType link, base::Bytes frame, Packet& packet) {
  packet = {};
  return Walk(frame, packet).link(link);
}

}  // namespace viaduct::capture
