// SPDX-License-Identifier: GPL-2.0-or-later
#include "simulate/capture_text_test.hpp"

#include "base/octets.hpp"
#include "simulate/epoch.hpp"
#include "simulate/socket.hpp"
#include "support/golden.hpp"

#include <cstdio>
#include <cstring>

namespace viaduct::simulate {
namespace {

constexpr std::size_t kFileHeader = 24, kRecordHeader = 16, kHeaders = 14 + 20 + 8;

std::uint32_t little(std::string_view octets, std::size_t at) {
  std::uint32_t value = 0;
  std::memcpy(&value, octets.data() + at, sizeof value);
  return value;
}

std::string seconds(double time) {
  char text[32];
  std::snprintf(text, sizeof text, "%9.3f", time);
  return text;
}

void take_rtp(Capture& capture, double time, const std::string& source, const std::string& destination,
              std::string_view payload) {
  const auto [place, fresh] =
      capture.streams.try_emplace({source, destination, base::long_at(payload, 8)}, CapturedStream{});
  CapturedStream& stream = place->second;
  const std::uint16_t sequence = base::word_at(payload, 2);
  if (fresh) {
    stream.first = stream.last = time;
    stream.sequence = static_cast<std::uint16_t>(sequence - 1);
  }
  const int missing = static_cast<std::uint16_t>(sequence - stream.sequence) - 1;
  if (time - stream.last > 0.19) stream.gaps.push_back({stream.last, time - stream.last, missing});
  stream.missing += missing;
  stream.sequence = sequence;
  stream.last = time;
  ++stream.packets;
}

void take(Capture& capture, double time, std::string_view frame) {
  const auto socket = [&](std::size_t address, std::size_t port) {
    return Socket{base::long_at(frame, address), base::word_at(frame, port)}.text();
  };
  const std::string source = socket(26, 34), destination = socket(30, 36);
  const std::string_view payload = frame.substr(kHeaders);
  const auto first = static_cast<unsigned char>(payload[0]);
  const auto second = static_cast<unsigned char>(payload[1]);
  if (first < 2)
    ++capture.stun;
  else if (first >> 6 != 2)
    capture.sip.push_back({time, source, destination, std::string(payload)});
  else if (second >= 200 && second <= 204)
    ++capture.rtcp;
  else
    take_rtp(capture, time, source, destination, payload);
}

/// What is shown in full: the first message of a kind.
std::string kind_of(const std::string& text) {
  const std::string first = text.substr(0, text.find('\r'));
  const bool has_sdp = text.find("\r\nv=0") != std::string::npos;
  if (first.starts_with("REGISTER") && text.find("\r\nAuthorization") != std::string::npos) return "REGISTER";
  if (first.starts_with("INVITE")) return "INVITE";
  return first.starts_with("SIP/2.0 200") && has_sdp ? "answer" : "";
}

}  // namespace

Capture read_capture(const std::filesystem::path& path) {
  const std::string octets = test::read_whole(path);
  Capture capture;
  double before = 0;
  for (std::size_t at = kFileHeader; at + kRecordHeader <= octets.size();) {
    const double time = little(octets, at) - kEpoch + little(octets, at + 4) * 1e-6;
    const std::size_t size = little(octets, at + 8);
    take(capture, time, std::string_view(octets).substr(at + kRecordHeader, size));
    capture.in_order = capture.in_order && time >= before;
    before = time;
    at += kRecordHeader + size;
  }
  return capture;
}

std::string to_text(const Capture& capture) {
  std::string text;
  std::map<std::string, int> shown;
  for (const CapturedMessage& message : capture.sip) {
    text.append(seconds(message.time)).append("  ").append(message.source).append(" > ").append(message.destination);
    const std::string kind = kind_of(message.text);
    if (!kind.empty() && shown[kind]++ == 0) {
      std::string whole = message.text;
      std::erase(whole, '\r');
      text.append("\n").append(whole).append("\n");
      continue;
    }
    const std::size_t cseq = message.text.find("CSeq: ") + 6;
    text.append("  ").append(message.text, 0, message.text.find('\r'));
    if (message.text.starts_with("SIP/2.0"))
      text.append(" (").append(message.text, cseq, message.text.find('\r', cseq) - cseq).append(")");
    text += '\n';
  }
  for (const auto& [key, stream] : capture.streams) {
    text.append("\nRTP ").append(std::get<0>(key)).append(" > ").append(std::get<1>(key));
    text.append(seconds(stream.first)).append(" to").append(seconds(stream.last)).append(", ");
    text.append(std::to_string(stream.packets)).append(" packets, ").append(std::to_string(stream.missing));
    text.append(" missing\n");
    for (const CapturedGap& gap : stream.gaps)
      text.append("  gap at")
          .append(seconds(gap.at))
          .append(" of")
          .append(seconds(gap.length))
          .append(", ")
          .append(std::to_string(gap.missing) + " missing\n");
  }
  text.append("\nRTCP ").append(std::to_string(capture.rtcp)).append(", STUN ").append(std::to_string(capture.stun));
  return text + "\n";
}

}  // namespace viaduct::simulate
