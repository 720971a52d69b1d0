// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include "capture/record.hpp"

#include <cstdint>
#include <functional>
#include <optional>
#include <string>

namespace viaduct::app::analyze {

/// Holds a frame whose time is far from that of the frame before until the next one tells whether to believe it. One
/// that stands alone gets the time of the frame before.
class FrameTimes {
 public:
  static constexpr base::Duration kStep = std::chrono::minutes(1);
  using Take = std::function<void(const capture::Record&)>;

  /// `take` gets all records in their order, this one now or with the next.
  explicit FrameTimes(Take take) : take_(std::move(take)) {}
  void add(const capture::Record& record);
  /// Nothing comes for now: what is held is believed.
  void flush();

  [[nodiscard]] std::uint64_t strays() const { return strays_; }      ///< frames that got another time
  [[nodiscard]] std::uint64_t set_back() const { return set_back_; }  ///< how often time went back, and stayed there

 private:
  void release(capture::Time time);

  Take take_;
  std::optional<capture::Time> last_;
  std::optional<capture::Record> held_;
  std::string octets_;  ///< of it
  std::string comment_;
  std::uint64_t strays_ = 0;
  std::uint64_t set_back_ = 0;
};

}  // namespace viaduct::app::analyze
