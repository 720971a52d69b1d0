// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <vector>

namespace viaduct::rtp {

/// Sequence numbers of one stream, extended and counted after RFC 3550 A.1: a jump of 3000 or more forwards, or of more
/// than 100 backwards, is a restart if the next packet goes on from there, and a stray if not. Other than there,
/// packets on probation count, and a jump forwards that the clock bears out is a long hole and no restart.
///
/// What came is known number by number for the last 128; a number that leaves them unseen is lost for good. A packet
/// that is later than that is a stray.
class Sequence {
 public:
  static constexpr std::uint32_t kMaxDropout = 3000;
  static constexpr std::uint32_t kMaxMisorder = 100;
  static constexpr std::size_t kMostLosses = 1024;  ///< loss runs kept with their times

  enum class Kind : std::uint8_t {
    first,
    next,  ///< the highest so far
    late,  ///< had been skipped
    duplicate,
    stray,    ///< does not belong here, or is the first after a restart that is not certain yet
    restart,  ///< the second after a restart
  };
  /// What add() made of a packet. Positions count numbers through all restarts.
  struct Step {
    Kind kind{};
    std::int64_t position = 0;
    std::uint32_t skipped = 0;  ///< numbers between it and the highest before it; `next` only
  };
  struct Loss {
    std::uint32_t tick = 0;  ///< of the last packet before it
    std::uint32_t packets = 0;
  };
  struct Counts {
    std::uint64_t expected = 0;
    std::uint64_t lost = 0;
    std::uint64_t duplicates = 0;
    std::uint64_t reordered = 0;
    std::uint64_t strays = 0;
    std::uint32_t resets = 0;
    bool probation = true;
    std::uint32_t runs = 0;
    std::uint32_t longest_run = 0;
    std::array<std::uint32_t, 10> run_lengths{};
  };

  /// How far `number` lies after the highest so far, modulo 65536.
  [[nodiscard]] std::uint16_t distance(std::uint16_t number) const {
    return static_cast<std::uint16_t>(number - highest_number_);
  }
  /// `tick` is any clock that does not run backwards, below kUnseen. `continuous`: time stamp and clock advanced alike,
  /// so that a long jump is no restart; asked for only where distance() is kMaxDropout or more.
  Step add(std::uint16_t number, std::uint32_t tick, bool continuous);

  [[nodiscard]] Counts counts() const;
  /// Whether a number came, of those that are known one by one; nullopt for one before them, or after the highest.
  [[nodiscard]] std::optional<bool> has(std::uint16_t number) const;
  [[nodiscard]] bool probation() const { return probation_; }
  /// The first kMostLosses loss runs.
  [[nodiscard]] std::vector<Loss> losses() const;

  static constexpr std::uint32_t kUnseen = 0xffffffff;

 private:
  static constexpr std::int64_t kWindow = 128;

  /// Loss runs over numbers whose fate is certain.
  struct Runs {
    std::uint32_t last_tick = 0;
    std::uint64_t open = 0;  ///< length of the run that has no end yet
    std::uint32_t count = 0;
    std::uint32_t longest = 0;
    std::array<std::uint32_t, 10> lengths{};
    void seen(std::uint32_t tick, std::vector<Loss>& losses);
  };

  [[nodiscard]] std::uint32_t& slot(std::int64_t position) { return ticks_[position & (kWindow - 1)]; }
  [[nodiscard]] std::uint32_t slot(std::int64_t position) const { return ticks_[position & (kWindow - 1)]; }
  void advance(std::int64_t to, std::uint32_t tick);
  void settle_all(Runs& runs, std::vector<Loss>& losses) const;
  Step late(std::int64_t position, std::uint32_t tick);
  Step far(std::uint16_t number, std::uint32_t tick);
  void begin(std::uint16_t number, std::int64_t position, std::uint32_t tick);

  std::array<std::uint32_t, kWindow> ticks_{};
  std::int64_t base_ = 0;     ///< lowest position of all
  std::int64_t segment_ = 0;  ///< lowest position since the last restart
  std::int64_t settled_ = 0;  ///< positions below are in runs_
  std::int64_t highest_ = -1;
  std::uint16_t highest_number_ = 0;
  bool pending_ = false;  ///< the packet before this one was a stray
  std::uint16_t pending_number_ = 0;
  std::uint32_t pending_tick_ = 0;
  std::uint64_t unique_ = 0;
  std::uint64_t duplicates_ = 0;
  std::uint64_t reordered_ = 0;
  std::uint64_t strays_ = 0;
  std::uint32_t resets_ = 0;
  bool probation_ = true;
  Runs runs_;
  std::vector<Loss> losses_;
};

}  // namespace viaduct::rtp
