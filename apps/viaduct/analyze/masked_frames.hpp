// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include "analyze/call_selector.hpp"
#include "analyze/masks.hpp"
#include "analyze/raw_packet.hpp"
#include "capture/unwrapper.hpp"

#include <cstdint>
#include <functional>
#include <map>
#include <string>
#include <utility>
#include <vector>

namespace viaduct::app::analyze {

/// Makes new frames for those of a call: raw IP with masked addresses, and in it what masked_message() and
/// masked_media() leave. Nothing of the old frames is copied but times, ports, TTL and DSCP: link layers with their
/// MAC addresses, tunnels, HEP, options, ICMP and whatever is not understood stay behind. What came in several
/// fragments or segments goes in as many; TCP streams are numbered anew, without gaps.
///
///     MaskedFrames masked(selector, frames, masks, write);
///     masked.add(record) ... masked.finish()
class MaskedFrames final : private capture::Receiver {
 public:
  using Write = std::function<void(const capture::Record&)>;

  /// `frames`: numbers of the frames that belong to the call, ascending; the order in which `write` gets the new ones.
  MaskedFrames(const CallSelector& selector, std::vector<std::uint64_t> frames, const Masks& masks, Write write);
  MaskedFrames(const MaskedFrames&) = delete;
  MaskedFrames& operator=(const MaskedFrames&) = delete;

  void add(const capture::Record& record);
  void finish();

 private:
  /// What one frame has of a stream: messages in one way, or parts of them.
  struct Segment {
    Wrapping wrapping;
    std::string payload;
    std::uint32_t sequence = 0;
    std::uint32_t acknowledgement = 0;
  };
  struct Planned {
    capture::Time time{};
    std::uint32_t missing = 0;  ///< octets that were not captured
    bool ready = false;         ///< there is nothing to wait for
    std::vector<std::string> packets{};
    std::vector<Segment> segments{};
  };

  void arrived(const capture::Arrival& arrival) override;
  void other(const capture::Record& record, base::Bytes frame, const capture::Packet& packet) override;
  void incomplete(const capture::FragmentTable::Incomplete& packet) override;
  void stream_lost(const capture::StreamEnds& ends, std::optional<sip::FrameProblem> problem, base::Bytes octets,
                   std::uint64_t number) override;

  void datagram(const capture::Arrival& arrival, const Wrapping& wrapping, base::Bytes payload);
  void segments(const capture::Arrival& arrival, const Wrapping& wrapping, base::Bytes message);
  void append(std::uint64_t frame, const Wrapping& wrapping, base::Bytes piece, std::uint32_t acknowledgement);
  void write(Planned& planned);
  void write_ready(bool all);

  const CallSelector& selector_;
  std::bitset<128> keys_;
  std::vector<std::uint64_t> frames_;
  std::size_t next_ = 0;  ///< of frames_: to be written
  std::size_t read_ = 0;  ///< of frames_: to be read
  const Masks& masks_;
  Write write_;
  std::map<std::uint64_t, Planned> planned_;                                    ///< read and not written, by frame
  std::map<std::pair<net::Endpoint, net::Endpoint>, std::uint32_t> sequences_;  ///< of the next octet
  std::uint16_t identification_ = 0;
  capture::Unwrapper unwrapper_;
};

}  // namespace viaduct::app::analyze
