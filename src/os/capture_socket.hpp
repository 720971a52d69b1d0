// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include "base/bytes.hpp"
#include "os/clock.hpp"
#include "os/fd.hpp"
#include "os/problem.hpp"

#include <array>
#include <cstdint>
#include <span>
#include <string>
#include <vector>

namespace viaduct::os {

/// A packet that passed an interface.
struct CapturedPacket {
  base::Bytes octets;        ///< from a "cooked" header (LINKTYPE_LINUX_SLL) on; lives until the next receive()
  std::uint32_t length = 0;  ///< on the wire, that header included
  WallTime time{};           ///< by the kernel
};

/// All that an interface, or with "any" all of them, sends and receives (packet(7)): for looking at, not for taking
/// part.
class CaptureSocket {
 public:
  static constexpr std::size_t kBatch = 64;

  [[nodiscard]] static Result<CaptureSocket> open(const std::string& interface);
  [[nodiscard]] int fd() const { return fd_.get(); }
  /// What has passed, at most kBatch; `would_block` when there is nothing.
  [[nodiscard]] Result<std::span<const CapturedPacket>> receive();
  /// Packets since open() for which there was no room.
  [[nodiscard]] std::uint64_t dropped();

 private:
  explicit CaptureSocket(Fd fd) : fd_(std::move(fd)) {}
  static constexpr std::size_t kHeader = 16;
  static constexpr std::size_t kRoom = kHeader + 65536;

  Fd fd_;
  int loopback_ = 0;  ///< index of the interface whose packets are seen twice, once sent and once received
  std::uint64_t dropped_ = 0;
  std::vector<char> room_ = std::vector<char>(kBatch * kRoom);
  std::array<CapturedPacket, kBatch> packets_;
};

}  // namespace viaduct::os
