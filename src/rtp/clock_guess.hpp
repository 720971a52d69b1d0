// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include "rtp/time.hpp"

#include <cstdint>

namespace viaduct::rtp {

/// The clock rate of a payload type that nobody explained, from how fast its time stamps run: the usual rate within 3 %
/// of it over 50 packets and a second at least. Given up after 1000 packets.
class ClockGuess {
 public:
  void add(Time time, std::uint32_t timestamp);
  /// In Hz; 0 as long as nothing fits.
  [[nodiscard]] std::uint32_t rate() const { return rate_; }

 private:
  Time from_{};
  std::uint32_t timestamp_ = 0;
  std::uint32_t packets_ = 0;
  std::uint32_t rate_ = 0;
};

}  // namespace viaduct::rtp
