// SPDX-License-Identifier: GPL-2.0-or-later
#include "capture/hep.hpp"

#include "capture/content.hpp"
#include "capture/octets.hpp"

namespace viaduct::capture {
namespace {

// Address families as Linux numbers them; agents elsewhere send Linux' numbers, too.
constexpr std::uint8_t kFamily4 = 2;
constexpr std::uint8_t kFamily6 = 10;
constexpr std::size_t kChunkHeader = 6;

// Chunk types.
constexpr std::uint16_t kProtocol = 2;
constexpr std::uint16_t kSource4 = 3;
constexpr std::uint16_t kDestination4 = 4;
constexpr std::uint16_t kSource6 = 5;
constexpr std::uint16_t kDestination6 = 6;
constexpr std::uint16_t kSourcePort = 7;
constexpr std::uint16_t kDestinationPort = 8;
constexpr std::uint16_t kSeconds = 9;
constexpr std::uint16_t kMicroseconds = 10;
constexpr std::uint16_t kContent = 11;
constexpr std::uint16_t kAgent = 12;
constexpr std::uint16_t kPayload = 15;
constexpr std::uint16_t kCompressedPayload = 16;
constexpr std::uint16_t kCorrelation = 17;
constexpr std::uint16_t kVlan = 18;

Time time_of(std::uint32_t seconds, std::uint32_t microseconds) {
  return Time(std::chrono::seconds(seconds) + std::chrono::microseconds(microseconds));
}

void read_address(base::Bytes value, net::Address& into) {
  if (value.size() == 4) into = net::Address::ipv4_from(value.data());
  if (value.size() == 16) into = net::Address::ipv6_from(value.data());
}

/// Numbers come in the size that the agent chose.
std::uint32_t number(base::Bytes value) {
  std::uint32_t sum = 0;
  for (const char c : value.substr(0, 4)) sum = sum << 8 | static_cast<std::uint8_t>(c);
  return sum;
}

struct Moment {
  std::optional<std::uint32_t> seconds;
  std::uint32_t microseconds = 0;
};

/// Who, to whom and when.
void read_header_chunk(std::uint16_t type, base::Bytes value, Hep& hep, Moment& moment) {
  switch (type) {
    case kProtocol:
      hep.ip_protocol = static_cast<std::uint8_t>(number(value));
      break;
    case kSource4:
    case kSource6:
      read_address(value, hep.source.address);
      break;
    case kDestination4:
    case kDestination6:
      read_address(value, hep.destination.address);
      break;
    case kSourcePort:
      hep.source.port = static_cast<std::uint16_t>(number(value));
      break;
    case kDestinationPort:
      hep.destination.port = static_cast<std::uint16_t>(number(value));
      break;
    case kSeconds:
      moment.seconds = number(value);
      break;
    case kMicroseconds:
      moment.microseconds = number(value);
      break;
    default:
      break;
  }
}

/// What, and what the agent says of it.
void read_content_chunk(std::uint16_t type, base::Bytes value, Hep& hep) {
  switch (type) {
    case kContent:
      hep.content = static_cast<HepContent>(number(value));
      break;
    case kAgent:
      hep.agent = number(value);
      break;
    case kPayload:
    case kCompressedPayload:
      hep.payload = value;
      hep.compressed = type == kCompressedPayload;
      break;
    case kCorrelation:
      hep.correlation = value;
      break;
    case kVlan:
      hep.vlan = static_cast<std::uint16_t>(number(value));
      break;
    default:
      break;
  }
}

std::optional<Hep> parse_hep3(base::Bytes octets) {
  if (hep3_length(octets) != octets.size()) return std::nullopt;
  Hep hep;
  Moment moment;
  base::Bytes rest = octets.substr(kChunkHeader);
  while (!rest.empty()) {
    if (rest.size() < kChunkHeader) return std::nullopt;
    const std::size_t length = word_at(rest, 4);
    if (length < kChunkHeader || length > rest.size()) return std::nullopt;
    constexpr std::uint16_t generic_vendor = 0;
    if (word_at(rest, 0) == generic_vendor) {
      const base::Bytes value = rest.substr(kChunkHeader, length - kChunkHeader);
      read_header_chunk(word_at(rest, 2), value, hep, moment);
      read_content_chunk(word_at(rest, 2), value, hep);
    }
    rest.remove_prefix(length);
  }
  if (moment.seconds) hep.time = time_of(*moment.seconds, moment.microseconds);
  return hep;
}

/// The time of HEP2 is in the byte order of the agent. Microseconds under a million in one order are most often
/// none in the other; where both would do, agents are small-endian machines.
void read_time2(base::Bytes time, Hep& hep) {
  const ByteOrder little(std::endian::little);
  const ByteOrder order = little.u32(time.data() + 4) < 1000000 ? little : kNetwork;
  hep.time = time_of(order.u32(time.data()), order.u32(time.data() + 4));
  hep.agent = order.u16(time.data() + 8);
}

//  0: version  1: header length  2: family  3: protocol  4: ports, network order  8: addresses
//  then, in HEP2, seconds, microseconds, agent and two octets that fill up
std::optional<Hep> parse_hep12(base::Bytes octets) {
  if (octets.size() < 8) return std::nullopt;
  const int version = octet_at(octets, 0);
  const std::uint8_t family = octet_at(octets, 2);
  if (family != kFamily4 && family != kFamily6) return std::nullopt;
  const std::size_t address = family == kFamily4 ? 4 : 16;
  const std::size_t fixed = 8 + 2 * address;
  // Some agents leave the time out of the length that they state, and send it all the same.
  const std::size_t header = fixed + (version == 2 ? 12 : 0);
  const std::size_t stated = octet_at(octets, 1);
  if ((stated != header && stated != fixed) || octets.size() <= header) return std::nullopt;
  Hep hep;
  hep.version = version;
  hep.ip_protocol = octet_at(octets, 3);
  hep.source.port = word_at(octets, 4);
  hep.destination.port = word_at(octets, 6);
  read_address(octets.substr(8, address), hep.source.address);
  read_address(octets.substr(8 + address, address), hep.destination.address);
  if (version == 2) read_time2(octets.substr(fixed), hep);
  hep.payload = octets.substr(header);
  return looks_like_sip(hep.payload, true) ? std::optional(hep) : std::nullopt;
}

}  // namespace

std::optional<std::size_t> hep3_length(base::Bytes octets) {
  if (octets.size() < kChunkHeader || !octets.starts_with("HEP3")) return std::nullopt;
  const std::size_t length = word_at(octets, 4);
  return length >= kChunkHeader ? std::optional(length) : std::nullopt;
}

std::optional<Hep> parse_hep(base::Bytes octets) {
  if (octets.empty()) return std::nullopt;
  switch (octets.front()) {  // every datagram comes here: nearly all are told by this
    case 'H':
      return octets.starts_with("HEP3") ? parse_hep3(octets) : std::nullopt;
    case '\1':
    case '\2':
      return parse_hep12(octets);
    default:
      return std::nullopt;
  }
}

}  // namespace viaduct::capture
