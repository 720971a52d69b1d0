// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include "base/bytes.hpp"
#include "os/fd.hpp"
#include "os/problem.hpp"

#include <array>
#include <cstdint>
#include <span>
#include <string>
#include <vector>

namespace viaduct::os {

/// A frame as it came from an interface.
struct ReceivedFrame {
  base::Bytes octets;             ///< from the destination MAC on; lives until the next receive()
  bool checksum_missing = false;  ///< the sender left the transport checksum to hardware that was never there
};

/// Raw Ethernet frames of one interface (packet(7)), in batches. Frames that this host itself sends are not seen.
class PacketSocket {
 public:
  static constexpr std::size_t kBatch = 64;

  [[nodiscard]] static Result<PacketSocket> open(const std::string& interface);
  [[nodiscard]] int fd() const { return fd_.get(); }
  [[nodiscard]] const std::array<std::uint8_t, 6>& mac() const { return mac_; }
  [[nodiscard]] std::size_t mtu() const { return mtu_; }

  /// What has arrived, at most kBatch; `would_block` when there is nothing.
  [[nodiscard]] Result<std::span<const ReceivedFrame>> receive();
  /// Sends all that the interface takes at once; the number is how many it was. A frame above the interface's MTU is
  /// lost alone, a full queue loses the rest, as on any line.
  std::size_t send(std::span<const std::string> frames);
  /// How many frames send() lost so far.
  [[nodiscard]] std::uint64_t refused() const { return refused_; }

 private:
  explicit PacketSocket(Fd fd) : fd_(std::move(fd)) {}
  static constexpr std::size_t kRoom = 65536 + 14;

  Fd fd_;
  std::array<std::uint8_t, 6> mac_{};
  std::size_t mtu_ = 1500;
  std::uint64_t refused_ = 0;
  std::vector<char> room_ = std::vector<char>(kBatch * kRoom);
  std::array<ReceivedFrame, kBatch> frames_;
};

}  // namespace viaduct::os
