// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include "capture/record.hpp"

#include <array>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <utility>

namespace viaduct::app::analyze {

/// Times of frames as they would be had nobody touched the clock of the capture, as far as that can be told. A frame
/// whose time is far from that of the frame before is held until the next one tells whether to believe it: one that
/// stands alone gets the time of the frame before. Where RTP goes on with the next number and timestamp, no time
/// passed, and times go on from before the step.
class FrameTimes {
 public:
  static constexpr base::Duration kStep = std::chrono::minutes(1);
  static constexpr base::Duration kForward = std::chrono::minutes(10);  ///< less may be a pause of all who speak
  using Take = std::function<void(const capture::Record&)>;

  /// `take` gets all records in their order, this one now or with the next.
  explicit FrameTimes(Take take) : take_(std::move(take)) {}
  void add(const capture::Record& record);
  /// Nothing comes for now: what is held is believed.
  void flush();

  [[nodiscard]] std::uint64_t strays() const { return strays_; }  ///< frames that got another time
  /// How often the clock was set: back, or forward while media went on. Forward at another time looks like silence.
  [[nodiscard]] std::uint64_t clock_set() const { return clock_set_; }

 private:
  /// Enough of a frame to know RTP by.
  struct Head {
    std::array<char, 128> octets{};
    std::uint8_t size = 0;
    capture::LinkType link{};
  };

  void hand_on(const capture::Record& record);
  void release(bool stray);
  [[nodiscard]] bool media_goes_on() const;

  Take take_;
  std::optional<capture::Time> last_;
  base::Duration shift_{};  ///< of all times from now on
  std::optional<capture::Record> held_;
  std::string octets_;  ///< of it
  std::string comment_;
  std::array<Head, 16> heads_{};  ///< of the last frames
  std::size_t next_head_ = 0;
  std::uint64_t strays_ = 0;
  std::uint64_t clock_set_ = 0;
};

}  // namespace viaduct::app::analyze
