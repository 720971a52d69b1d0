// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include "base/bytes.hpp"
#include "capture/packet.hpp"
#include "capture/record.hpp"

#include <cstdint>
#include <string>
#include <vector>

namespace viaduct::capture {

/// Takes what one direction of a TCP connection carried, in order.
class OctetSink {
 public:
  /// Octets that follow those before; `number` and `time` are of the frame they came in.
  virtual void octets(base::Bytes octets, std::uint64_t number, Time time) = 0;
  /// `length` octets were sent and are not in the capture.
  virtual void gap(std::uint32_t length, std::uint64_t number, Time time) = 0;

 protected:
  ~OctetSink() = default;
};

/// Puts the segments of one direction into order: out of order, sent again, overlapping, lost. What came first stays.
class TcpDirection {
 public:
  static constexpr std::size_t kMaxHeld = 262144;   ///< octets that wait for what goes before them
  static constexpr std::size_t kMaxSegments = 256;  ///< and in how many segments

  struct Counts {
    std::uint64_t segments = 0;  ///< with payload
    std::uint64_t again = 0;     ///< nothing new in them: retransmissions, and packets captured twice
    std::uint64_t overlaps = 0;  ///< partly new
    std::uint64_t early = 0;     ///< before their turn
    std::uint64_t gaps = 0;
  };

  struct Segment {
    TcpHeader header;
    base::Bytes payload;
    std::uint32_t length = 0;  ///< of the payload on the wire; more than `payload` where the capture was short
    std::uint64_t number = 0;
    Time time{};
  };

  /// Of one connection: a segment that is_succeeded_by() belongs to the next TcpDirection.
  void add(const Segment& segment, OctetSink& sink);
  /// The other side has received all before `acknowledgement`: what of it is not here is not in the capture.
  void acknowledged(std::uint32_t acknowledgement, OctetSink& sink);
  /// No more will come: hands out what waits, with the gaps before it.
  void finish(OctetSink& sink);
  /// A SYN of another connection between the same ends: this one is over.
  [[nodiscard]] bool is_succeeded_by(const TcpHeader& header) const {
    return began_ && header.syn && !(from_start_ && header.sequence + 1 == first_);
  }

  [[nodiscard]] const Counts& counts() const { return counts_; }
  [[nodiscard]] std::size_t held() const { return held_; }

 private:
  struct Early {
    std::uint32_t sequence = 0;
    std::uint32_t length = 0;
    std::string octets;
    std::uint64_t number = 0;
    Time time{};
  };

  void begin(const TcpHeader& header);
  void deliver(std::uint32_t sequence, base::Bytes octets, std::uint32_t length, std::uint64_t number, Time time,
               OctetSink& sink);
  void hold(std::uint32_t sequence, const Segment& segment);
  void deliver_held(OctetSink& sink);
  void jump(OctetSink& sink);

  std::uint32_t first_ = 0;
  std::uint32_t next_ = 0;  ///< sequence number of the octet that is due
  bool began_ = false;
  bool from_start_ = false;   ///< first_ is the connection's first octet
  std::vector<Early> early_;  ///< sorted by sequence number
  std::size_t held_ = 0;
  Counts counts_;
};

}  // namespace viaduct::capture
