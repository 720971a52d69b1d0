// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <cstdint>
#include <filesystem>
#include <map>
#include <string>
#include <string_view>
#include <tuple>
#include <vector>

/// Reads what viaduct-simulate writes, and nothing else, with code of its own.
namespace viaduct::simulate {

struct CapturedGap {
  double at = 0, length = 0;
  int missing = 0;
};

/// The RTP of one SSRC between two sockets.
struct CapturedStream {
  double first = 0, last = 0;
  int packets = 0, missing = 0;
  std::uint16_t sequence = 0;
  std::vector<CapturedGap> gaps;  ///< no packet for 0.19 s
};

struct CapturedMessage {
  double time = 0;
  std::string source, destination, text;
};

struct Capture {
  std::vector<CapturedMessage> sip;
  /// By source, destination and SSRC.
  std::map<std::tuple<std::string, std::string, std::uint32_t>, CapturedStream> streams;
  int rtcp = 0, stun = 0;
  bool in_order = true;
};

[[nodiscard]] Capture read_capture(const std::filesystem::path& path);
/// The first REGISTER, INVITE and answer with SDP in full, a line for each other message, a line for each stream.
[[nodiscard]] std::string to_text(const Capture& capture);

}  // namespace viaduct::simulate
