// SPDX-License-Identifier: GPL-2.0-or-later
#include "capture/content.hpp"

#include "base/text.hpp"
#include "capture/hep.hpp"
#include "capture/octets.hpp"

#include <algorithm>
#include <optional>

namespace viaduct::capture {
namespace {

constexpr std::uint32_t kStunCookie = 0x2112a442;
constexpr std::size_t kMostStartLine = 8192;
constexpr std::size_t kMostMethod = 32;
constexpr base::CharSet kMethod = base::kAlphanum | base::CharSet("-.!%*_+`'~");

base::Bytes without_line_ends(base::Bytes payload) {
  while (!payload.empty() && (payload.front() == '\r' || payload.front() == '\n')) payload.remove_prefix(1);
  return payload;
}

bool is_version(base::Bytes text) {
  return text.size() >= 7 && base::iequals(text.substr(0, 4), "SIP/") && base::kDigits.contains(text[4]) &&
         text[5] == '.' && base::kDigits.contains(text[6]);
}

bool is_uri(base::Bytes text) {
  for (const base::Bytes scheme : {"sip:", "sips:", "tel:"})
    if (base::iequals(text.substr(0, scheme.size()), scheme)) return true;
  return false;
}

bool is_keep_alive(base::Bytes payload) {
  return payload.size() <= 8 &&
         std::all_of(payload.begin(), payload.end(), [](char c) { return c == '\r' || c == '\n' || c == '\0'; });
}

bool is_turn_channel(base::Bytes payload) {
  if (payload.size() < 4) return false;
  const std::size_t length = 4U + word_at(payload, 2);
  return length <= payload.size() && payload.size() - length < 4;  // over UDP padding is optional
}

bool is_zrtp(base::Bytes payload) {
  return payload.size() >= 28 && payload.substr(4, 4) == "ZRTP";
}

/// RTCP packet types stand where RTP has marker and payload type (RFC 5761 4).
bool is_rtcp_type(std::uint8_t octet) {
  return octet >= 192 && octet <= 223;
}

/// An open type of UDPTL: a length of one or two octets (X.691 10.9), then so many octets. Where it ends.
std::optional<std::size_t> behind_open_type(base::Bytes payload, std::size_t at) {
  if (at >= payload.size()) return std::nullopt;
  std::size_t length = octet_at(payload, at++);
  if (length >= 0xc0) return std::nullopt;
  if (length >= 0x80) {
    if (at >= payload.size()) return std::nullopt;
    length = (length & 0x3f) << 8 | octet_at(payload, at++);
  }
  return length <= payload.size() - at ? std::optional(at + length) : std::nullopt;
}

Content classify_text(base::Bytes payload) {
  if (looks_like_sip(payload)) return Content::sip;
  if (is_keep_alive(payload)) return Content::keep_alive;
  return parse_hep(payload) ? Content::hep : Content::other;
}

}  // namespace

bool looks_like_sip(base::Bytes payload, bool cut) {
  payload = without_line_ends(payload);
  if (payload.empty() || !kMethod.contains(payload.front())) return false;
  if (is_version(payload)) return payload.size() > 8 && payload[7] == ' ' && base::kDigits.contains(payload[8]);
  std::size_t at = 0;
  while (at < payload.size() && at <= kMostMethod && kMethod.contains(payload[at])) ++at;
  if (at == payload.size() || at > kMostMethod || payload[at] != ' ') return false;
  const std::size_t end = payload.substr(0, kMostStartLine).find('\n');
  if (end == base::Bytes::npos) return cut && is_uri(payload.substr(at + 1));
  const base::Bytes line = base::trim(payload.substr(0, end));
  const std::size_t blank = line.rfind(' ');
  return blank != base::Bytes::npos && blank > at && line.size() - blank == 8 && is_version(line.substr(blank + 1));
}

bool looks_like_rtp(base::Bytes payload) {
  if (payload.size() < 12) return false;
  const std::uint8_t first = octet_at(payload, 0);
  if (first >> 6 != 2 || is_rtcp_type(octet_at(payload, 1))) return false;
  std::size_t header = 12 + (first & 0x0fU) * 4;
  if ((first & 0x10) != 0) {
    if (payload.size() < header + 4) return false;
    header += 4 + std::size_t{word_at(payload, header + 2)} * 4;
  }
  // The padding count of SRTP is encrypted, hence not looked at.
  return header <= payload.size();
}

bool looks_like_rtcp(base::Bytes payload) {
  if (payload.size() < 8 || octet_at(payload, 0) >> 6 != 2 || !is_rtcp_type(octet_at(payload, 1))) return false;
  return (word_at(payload, 2) + 1U) * 4 <= payload.size();
}

bool looks_like_stun(base::Bytes payload) {
  if (payload.size() < 20 || octet_at(payload, 0) > 3) return false;
  const std::size_t length = word_at(payload, 2);
  if (length % 4 != 0 || length + 20 > payload.size()) return false;
  if (long_at(payload, 4) == kStunCookie) return true;
  // RFC 3489 had two methods in three classes and no cookie; the length must then be exact.
  const unsigned method = word_at(payload, 0) & ~0x0110U;
  return (method == 1 || method == 2) && length + 20 == payload.size();
}

bool looks_like_dtls(base::Bytes payload) {
  if (payload.size() < 13) return false;
  const std::uint8_t type = octet_at(payload, 0);
  const std::uint16_t version = word_at(payload, 1);
  const bool version_known = version == 0xfeff || version == 0xfefd || version == 0x0100;
  return type >= 20 && type <= 26 && version_known && word_at(payload, 11) + 13U <= payload.size();
}

bool looks_like_tls(base::Bytes payload) {
  constexpr std::size_t kMostRecord = 16384 + 2048;
  if (payload.size() < 5) return false;
  const std::uint8_t type = octet_at(payload, 0);
  return type >= 20 && type <= 24 && octet_at(payload, 1) == 3 && octet_at(payload, 2) <= 4 &&
         word_at(payload, 3) <= kMostRecord;
}

bool looks_like_udptl(base::Bytes payload) {
  if (payload.size() < 5) return false;
  const std::optional<std::size_t> choice = behind_open_type(payload, 2);
  if (!choice || *choice == 3 || *choice >= payload.size()) return false;
  const std::uint8_t kind = octet_at(payload, *choice);
  std::size_t at = *choice + 1;
  if (kind == 0x80) return at + 2 < payload.size();  // forward error correction: not walked
  if (kind != 0x00 || at == payload.size()) return false;
  for (std::size_t left = octet_at(payload, at++); left > 0; --left) {
    const std::optional<std::size_t> next = behind_open_type(payload, at);
    if (!next) return false;
    at = *next;
  }
  return at == payload.size();
}

Content classify(base::Bytes payload) {
  if (payload.empty()) return Content::keep_alive;
  const std::uint8_t first = octet_at(payload, 0);
  if (first >= 128 && first < 192) {
    if (looks_like_rtp(payload)) return Content::rtp;
    if (looks_like_rtcp(payload)) return Content::rtcp;
  } else if (first < 4 && looks_like_stun(payload)) {
    return Content::stun;
  } else if (first >= 20 && first < 64 && looks_like_dtls(payload)) {
    return Content::dtls;
  } else if (first >= 16 && first < 20 && is_zrtp(payload)) {
    return Content::zrtp;
  }
  if (const Content text = classify_text(payload); text != Content::other) return text;
  if (first >= 64 && first < 80 && is_turn_channel(payload)) return Content::turn_channel;
  return looks_like_udptl(payload) ? Content::t38 : Content::other;
}

}  // namespace viaduct::capture
