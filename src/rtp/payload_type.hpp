// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include "base/bytes.hpp"
#include "base/clock.hpp"

#include <array>
#include <cstdint>
#include <string>
#include <vector>

namespace viaduct::rtp {

/// What a stream does with the packets of a format.
enum class Content : std::uint8_t {
  unknown,  ///< a dynamic payload type that nobody explained
  audio,    ///< any coding that is not named below
  pcmu,     ///< G.711 mu-law: its energy is measured
  pcma,     ///< G.711 A-law: the same
  comfort_noise,
  telephone_event,
  video,
};

/// What a payload type stands for.
struct Format {
  std::string name;              ///< encoding as in a=rtpmap, or as RFC 3551 names it; empty: unknown
  std::uint32_t clock_rate = 0;  ///< Hz; 0: unknown
  Content content = Content::unknown;
  base::Duration ptime{};  ///< as SDP says; 0: it does not
};

/// The payload types of one stream: those of RFC 3551 6, over them what SDP told.
///
///     Formats formats;
///     formats.set(101, "telephone-event", 8000, {});
///     stream.add(packet, arrival, formats);
class Formats {
 public:
  Formats() { index_.fill(kStatic); }

  /// An a=rtpmap (or a static type with a=ptime: give its own name and rate). The last one for a payload type counts;
  /// types past 127 are ignored, too.
  void set(std::uint8_t payload_type, base::Bytes encoding, std::uint32_t clock_rate, base::Duration ptime);
  /// A payload type that nobody explained has neither name nor clock rate. Valid until the next set().
  [[nodiscard]] const Format& of(std::uint8_t payload_type) const VIADUCT_LIFETIME_BOUND;

  /// The media are SRTP: payloads are not looked into.
  bool encrypted = false;

 private:
  static constexpr std::uint8_t kStatic = 0xff;

  std::array<std::uint8_t, 128> index_{};  ///< into told_
  std::vector<Format> told_;
};

/// The table of RFC 3551 6; unassigned and dynamic types are unknown.
[[nodiscard]] const Format& static_format(std::uint8_t payload_type);

}  // namespace viaduct::rtp
