// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include "net/address.hpp"
#include "rtp/stream.hpp"

#include <cstddef>
#include <cstdint>
#include <deque>
#include <functional>
#include <optional>
#include <vector>

namespace viaduct::rtp {

/// One stream follows another one of the same flow.
struct Succession {
  std::size_t from = 0;  ///< indices into Flow::streams()
  std::size_t to = 0;
  Break kind{};
  Gap gap;  ///< between the last packet of the one and the first of the other, however short
};

/// The streams that carry one direction of one medium one after another, or side by side: those of one media line, or,
/// without signalling, of one pair of endpoints. The caller says by its own table what belongs together.
///
///     flow.add(*packet, source, destination, arrival, formats);
///     for (const Succession& next : flow.successions()) ...
class Flow {
 public:
  /// Past that many, streams that never left probation make room for new ones.
  static constexpr std::size_t kMostStreams = 64;
  /// How far the last packet of a stream and the first of the one that follows it may have overtaken each other.
  static constexpr base::Duration kOverlap = std::chrono::milliseconds(100);

  /// The stream that took the packet, valid as long as the flow; nullptr where there were too many. `most`: streams
  /// that this flow may have now, where the caller's table has room for fewer.
  Stream* add(const Packet& packet, const net::Endpoint& source, const net::Endpoint& destination,
              const Arrival& arrival, const Formats& formats, std::size_t most = kMostStreams);

  /// Takes over the streams of another flow that belong here, as far as there is room.
  void absorb(Flow& other, const std::function<bool(const Stream&)>& belongs);

  /// In the order of their first packets, as long as none had to make room.
  [[nodiscard]] const std::deque<Stream>& streams() const VIADUCT_LIFETIME_BOUND { return streams_; }
  /// Packets of streams for which there was no room.
  [[nodiscard]] std::uint64_t not_followed() const { return not_followed_; }

  /// The first stream that carries the packets of another one as well; nullopt where none does.
  [[nodiscard]] std::optional<std::size_t> seen_again(std::size_t stream) const;
  /// Where each stream was captured: 0, and 1 and on for those that carry the packets of another one again, as a
  /// capture of both sides of a router has them. Streams that follow one another at one place have its number.
  [[nodiscard]] std::vector<std::size_t> places() const;

  /// Who follows whom at one place, by time: of each stream the one that ended last before it began. Streams that go on
  /// beside the new one have no successor (a mixer, or audio and video bundled).
  [[nodiscard]] std::vector<Succession> successions() const;

 private:
  void compare(Stream& stream, std::uint16_t sequence);
  [[nodiscard]] Stream* find(std::uint32_t ssrc, const net::Endpoint& source, const net::Endpoint& destination,
                             std::size_t most);

  std::deque<Stream> streams_;
  Stream* current_ = nullptr;
  std::uint64_t not_followed_ = 0;
};

}  // namespace viaduct::rtp
