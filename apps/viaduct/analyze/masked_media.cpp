// SPDX-License-Identifier: GPL-2.0-or-later
#include "analyze/masked_media.hpp"

#include "base/octets.hpp"
#include "capture/content.hpp"
#include "rtp/g711.hpp"
#include "rtp/packet.hpp"
#include "rtp/payload_type.hpp"

#include <algorithm>

namespace viaduct::app::analyze {
namespace {

using base::Bytes;

/// Copies what stays of `octets` into `out`, which is zeros of the same length.
void copy(std::string& out, Bytes octets, std::size_t from, std::size_t end) {
  end = std::min(end, octets.size());
  if (from < end) octets.copy(out.data() + from, end - from, from);
}

void fill(std::string& out, std::size_t from, std::size_t end, char with) {
  end = std::min(end, out.size());
  if (from < end)
    std::fill(out.begin() + static_cast<std::ptrdiff_t>(from), out.begin() + static_cast<std::ptrdiff_t>(end), with);
}

/// What G.711 writes for nothing; 0 where the payload is none, or not silent.
[[nodiscard]] char silence_of(Bytes samples, rtp::Content content) {
  constexpr char kMu = '\xff';
  constexpr char kA = '\xd5';
  if (content == rtp::Content::pcmu && rtp::energy(rtp::Law::mu, samples) < rtp::kSilence) return kMu;
  if (content == rtp::Content::pcma && rtp::energy(rtp::Law::a, samples) < rtp::kSilence) return kA;
  return '\0';
}

void mask_rtp(std::string& out, Bytes octets, const rtp::Packet& packet, const std::bitset<128>& keys) {
  constexpr std::size_t kFixed = 12;
  const std::size_t sources = kFixed + std::size_t{4} * packet.source_count;
  copy(out, octets, 0, sources);
  if (packet.extension_data.present()) copy(out, octets, sources, sources + 4);
  const base::Range payload = packet.payload;
  if (keys.test(packet.payload_type & 0x7fU) && payload.length % 4 == 0)
    for (std::uint32_t at = payload.offset; at < payload.end(); at += 4) copy(out, octets, at + 1, at + 4);
  else
    fill(out, payload.offset, payload.end(),
         silence_of(payload.of(octets), rtp::static_format(packet.payload_type).content));
  // How much padding there is says its last octet.
  if (packet.padded && octets.size() > payload.end()) copy(out, octets, octets.size() - 1, octets.size());
}

/// SSRC, then items of type, length and text, with a zero at their end and up to the next word (RFC 3550 6.5).
void mask_sdes(std::string& out, Bytes octets, std::size_t at, std::size_t end) {
  while (at + 4 < end) {
    copy(out, octets, at, at + 4);
    at += 4;
    while (at + 2 <= end && octets[at] != '\0') {
      const std::size_t next = std::min(at + 2 + base::octet_at(octets, at + 1), end);
      copy(out, octets, at, at + 2);
      fill(out, at + 2, next, 'x');
      at = next;
    }
    at = (at / 4 + 1) * 4;
  }
}

/// Packet types (RFC 3550 12.1, RFC 4585 6.1, RFC 3611 2).
constexpr std::uint8_t kSender = 200;
constexpr std::uint8_t kReceiver = 201;
constexpr std::uint8_t kDescription = 202;
constexpr std::uint8_t kBye = 203;
constexpr std::uint8_t kApplication = 204;
constexpr std::uint8_t kTransport = 205;
constexpr std::uint8_t kPayload = 206;
constexpr std::uint8_t kExtended = 207;

/// One packet of a compound, of which the header fits.
void mask_control(std::string& out, Bytes octets, std::size_t at, std::size_t end) {
  constexpr std::size_t kHeader = 4;
  const std::size_t sources = base::octet_at(octets, at) & 0x1fU;
  copy(out, octets, at, at + kHeader);
  switch (base::octet_at(octets, at + 1)) {
    case kSender:
    case kReceiver:
    case kTransport:
    case kPayload:
    case kExtended:
      return copy(out, octets, at, end);
    case kDescription:
      return mask_sdes(out, octets, at + kHeader, end);
    case kBye: {
      const std::size_t reason = std::min(at + kHeader + 4 * sources, end);
      copy(out, octets, at, std::min(reason + 1, end));
      if (reason < end) fill(out, reason + 1, std::min(reason + 1 + base::octet_at(octets, reason), end), 'x');
      return;
    }
    case kApplication:
      return copy(out, octets, at, std::min(at + kHeader + 8, end));
    default:
      return;
  }
}

void mask_rtcp(std::string& out, Bytes octets) {
  for (std::size_t at = 0; at + 8 <= octets.size() && base::octet_at(octets, at) >> 6 == 2;) {
    const std::size_t end = at + 4 + std::size_t{4} * base::word_at(octets, at + 2);
    if (end > octets.size()) return;  // cut, or the index and tag of SRTCP
    mask_control(out, octets, at, end);
    at = end;
  }
}

}  // namespace

std::string masked_media(Bytes payload, std::uint32_t length, const std::bitset<128>& keys) {
  constexpr std::size_t kStunHeader = 20;
  std::string out(payload.size(), '\0');
  switch (capture::classify(payload)) {
    case capture::Content::rtp:
      if (const auto packet = rtp::parse_packet(payload, length)) mask_rtp(out, payload, *packet, keys);
      break;
    case capture::Content::rtcp:
      mask_rtcp(out, payload);
      break;
    case capture::Content::stun:
      copy(out, payload, 0, kStunHeader);
      break;
    case capture::Content::keep_alive:
      return std::string(payload);
    default:
      break;
  }
  return out;
}

}  // namespace viaduct::app::analyze
