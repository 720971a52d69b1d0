// SPDX-License-Identifier: GPL-2.0-or-later
#include "simulate/wire.hpp"

#include "simulate/random.hpp"

#include <algorithm>
#include <cstring>

namespace viaduct::simulate {
namespace {

constexpr std::size_t kEthernet = 14, kIp = 20, kUdp = 8, kRtp = 12;
constexpr std::size_t kMtu = 1500;

void put_word(char* at, std::uint32_t value) {
  at[0] = static_cast<char>(value >> 8);
  at[1] = static_cast<char>(value);
}
void put_long(char* at, std::uint32_t value) {
  put_word(at, value >> 16);
  put_word(at + 2, value & 0xffff);
}
std::uint32_t words(const char* octets, std::size_t size) {
  std::uint32_t sum = 0;
  for (std::size_t i = 0; i + 1 < size; i += 2)
    sum += static_cast<std::uint32_t>(static_cast<unsigned char>(octets[i]) << 8 |
                                      static_cast<unsigned char>(octets[i + 1]));
  if (size % 2 == 1) sum += static_cast<std::uint32_t>(static_cast<unsigned char>(octets[size - 1]) << 8);
  return sum;
}
std::uint32_t folded(std::uint32_t sum) {
  sum = (sum & 0xffff) + (sum >> 16);
  sum = (sum & 0xffff) + (sum >> 16);
  return ~sum & 0xffff;
}

void put_ethernet(char* at) {
  std::memcpy(at, "\x02\0\0\0\0\x01\x02\0\0\0\0\x02\x08\0", kEthernet);
}

/// `more` and `offset` (octets) are those of a fragment.
void put_ip(char* at, const Packet& packet, std::uint16_t identification, std::size_t payload, std::size_t offset,
            bool more) {
  at[0] = 0x45;
  at[1] = static_cast<char>(packet.dscp << 2);
  put_word(at + 2, static_cast<std::uint32_t>(kIp + payload));
  put_word(at + 4, identification);
  put_word(at + 6, static_cast<std::uint32_t>((more ? 0x2000 : 0) | offset / 8));
  at[8] = static_cast<char>(packet.ttl);
  at[9] = 17;
  put_word(at + 10, 0);
  put_long(at + 12, packet.source.address);
  put_long(at + 16, packet.destination.address);
  put_word(at + 10, folded(words(at, kIp)));
}

void put_udp(char* at, const Packet& packet, std::size_t payload, std::uint32_t payload_sum) {
  const auto length = static_cast<std::uint32_t>(kUdp + payload);
  put_word(at, packet.source.port);
  put_word(at + 2, packet.destination.port);
  put_word(at + 4, length);
  std::uint32_t sum = payload_sum + 17 + 2 * length + packet.source.port + packet.destination.port;
  for (const std::uint32_t address : {packet.source.address, packet.destination.address})
    sum += (address >> 16) + (address & 0xffff);
  const std::uint32_t checksum = folded(sum);
  put_word(at + 6, checksum == 0 ? 0xffff : checksum);
}

/// A-law of a voice: noise whose strength rises and falls; loud octets are those near 0x2a and 0xaa.
char voice_octet(Random& random) {
  const int level = random.whole(0x10, 0x3f);
  return static_cast<char>((level ^ 0x15) | (random.chance(0.5) ? 0x80 : 0));
}

}  // namespace

FrameWriter::FrameWriter() {
  Random random(7);
  for (std::size_t sound = 0; sound < blocks_.size(); ++sound)
    for (Block& block : blocks_[sound]) {
      for (char& octet : block.octets) {
        octet = static_cast<char>(random.next());
        if (sound == static_cast<std::size_t>(Sound::pcma_voice)) octet = voice_octet(random);
        if (sound == static_cast<std::size_t>(Sound::pcma_quiet)) octet = random.chance(0.5) ? '\x55' : '\xd5';
        if (sound == static_cast<std::size_t>(Sound::comfort_noise)) octet = static_cast<char>(random.whole(50, 70));
      }
      block.sum = words(block.octets.data(), octets(static_cast<Sound>(sound)));
    }
}

std::size_t FrameWriter::octets(Sound sound) {
  constexpr std::array<std::size_t, 5> octets{20, 2, 160, 160, 1};
  return octets[static_cast<std::size_t>(sound)];
}

std::size_t FrameWriter::rtp(const Packet& packet, std::uint16_t identification, char* out) const {
  const std::size_t size = octets(packet.rtp.sound);
  const Block& block =
      blocks_[static_cast<std::size_t>(packet.rtp.sound)][(packet.rtp.sequence * 7 ^ packet.rtp.ssrc) % kBlocks];
  char* header = out + kEthernet + kIp + kUdp;
  header[0] = '\x80';
  header[1] = static_cast<char>(packet.rtp.type | (packet.rtp.marker ? 0x80 : 0));
  put_word(header + 2, packet.rtp.sequence);
  put_long(header + 4, packet.rtp.timestamp);
  put_long(header + 8, packet.rtp.ssrc);
  std::memcpy(header + kRtp, block.octets.data(), size);
  put_ethernet(out);
  put_ip(out + kEthernet, packet, identification, kUdp + kRtp + size, 0, false);
  put_udp(out + kEthernet + kIp, packet, kRtp + size, words(header, kRtp) + block.sum);
  return kEthernet + kIp + kUdp + kRtp + size;
}

std::vector<std::string> FrameWriter::datagram(const Packet& packet, std::uint16_t identification) {
  std::string datagram(kUdp, '\0');
  datagram += packet.octets;
  put_udp(datagram.data(), packet, packet.octets.size(), words(packet.octets.data(), packet.octets.size()));
  constexpr std::size_t step = (kMtu - kIp) / 8 * 8;
  std::vector<std::string> frames;
  for (std::size_t offset = 0; offset < datagram.size(); offset += step) {
    const std::size_t size = std::min(step, datagram.size() - offset);
    std::string frame(kEthernet + kIp, '\0');
    put_ethernet(frame.data());
    put_ip(frame.data() + kEthernet, packet, identification, size, offset, offset + size < datagram.size());
    frames.push_back(frame.append(datagram, offset, size));
  }
  return frames;
}

}  // namespace viaduct::simulate
