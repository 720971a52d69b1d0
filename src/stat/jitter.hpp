// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <cstdint>

namespace viaduct::stat {

/// Interarrival jitter of RFC 3550 6.4.1: D = (R_j - R_i) - (S_j - S_i), J += (|D| - J) / 16, in arrival order.
/// A side figure: a hole in the stream leaves it as it was, because time stamps go on with the time.
class InterarrivalJitter {
 public:
  /// `clock_rate` in Hz, as the payload type says; not 0.
  explicit InterarrivalJitter(double clock_rate) : clock_rate_(clock_rate) {}

  /// The next packet: when it came (seconds, any origin) and its RTP time stamp, which may wrap.
  void add(double arrival, std::uint32_t timestamp);

  /// In seconds; 0 before the second packet.
  [[nodiscard]] double current() const { return jitter_; }
  [[nodiscard]] double highest() const { return highest_; }
  /// Mean of the values after each packet from the second on.
  [[nodiscard]] double mean() const { return differences_ == 0 ? 0 : sum_ / static_cast<double>(differences_); }

 private:
  double clock_rate_;
  double arrival_ = 0;
  std::uint32_t timestamp_ = 0;
  bool started_ = false;
  double jitter_ = 0;
  double highest_ = 0;
  double sum_ = 0;
  std::uint64_t differences_ = 0;
};

}  // namespace viaduct::stat
