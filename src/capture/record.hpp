// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include "base/bytes.hpp"
#include "base/clock.hpp"
#include "capture/link_type.hpp"

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>

namespace viaduct::capture {

/// When a frame was seen, by the clock of the machine that captured it.
using Time = std::chrono::sys_time<base::Duration>;

/// One frame of a capture file. The views live until the next one is read.
struct Record {
  base::Bytes frame;  ///< as captured: may be shorter than what was on the wire
  Time time{};
  bool timed = true;  ///< Simple Packet Blocks have no time
  LinkType link = LinkType::ethernet;
  std::uint32_t original_length = 0;  ///< on the wire
  std::uint32_t interface = 0;        ///< index into CaptureReader::interfaces()
  std::uint64_t number = 0;           ///< counted from 1, as Wireshark does
  std::uint64_t offset = 0;           ///< of the frame's first octet in the file (in what it unpacks to)
  base::Bytes comment;                ///< the first one that somebody wrote to this frame
};

/// Where frames were captured. A pcap file has one, a pcapng file any number per section.
struct Interface {
  LinkType link = LinkType::ethernet;
  std::uint32_t snap_length = 0;  ///< 0: not limited
  std::string name;               ///< texts are cut after 256 octets
  std::string description;
  std::string comment;
  std::uint32_t section = 0;
  std::uint64_t frames = 0;                 ///< read so far
  std::uint64_t dropped_beside_frames = 0;  ///< sum of the drop counts that frames carry
  std::optional<std::uint64_t> received;    ///< the last Interface Statistics Block
  std::optional<std::uint64_t> dropped;     ///< the same: lost before the file, hence no proof of loss on the wire
  std::optional<std::uint64_t> dropped_by_system;
};

}  // namespace viaduct::capture
