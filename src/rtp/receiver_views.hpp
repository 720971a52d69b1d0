// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include "net/address.hpp"
#include "rtp/receiver_view.hpp"

#include <cstddef>
#include <cstdint>
#include <map>
#include <optional>

namespace viaduct::rtp {

/// RTCP in, what it says of each stream out. A report about a stream goes the way back from its destination to its
/// source, on the ports above those of RTP, on the same (RFC 5761) or on others (RFC 3605).
class ReceiverViews {
 public:
  static constexpr std::size_t kMostViews = 16'384;  ///< 8 MB

  /// A datagram. What is no RTCP to its end (SRTCP, or a capture that cut it) is not read. `frame` as in SenderCount.
  void add(base::Bytes octets, const net::Endpoint& source, const net::Endpoint& destination, Time at,
           std::uint64_t frame = 0);

  /// What was said of a stream from `source` to `destination`, which is forgotten; nullopt if nothing was.
  [[nodiscard]] std::optional<ReceiverReport> take(std::uint32_t ssrc, const net::Endpoint& source,
                                                   const net::Endpoint& destination);

  /// Reports for which there was no room.
  [[nodiscard]] std::uint64_t not_kept() const { return not_kept_; }

 private:
  struct Key {
    std::uint32_t ssrc = 0;
    net::Address sender;
    net::Address receiver;
    std::uint16_t sender_port = 0;  ///< of RTP, if RTCP is above it
    std::uint16_t receiver_port = 0;
    friend auto operator<=>(const Key&, const Key&) = default;
  };
  struct Kept {
    ReceiverView view;
    Time last{};
  };

  [[nodiscard]] static Key key_of(std::uint32_t ssrc, const net::Endpoint& sender, const net::Endpoint& receiver);
  ReceiverView* view_of(const Key& key, Time at);
  void make_room(Time at);
  void read(const RtcpPacket& packet, const net::Endpoint& source, const net::Endpoint& destination, Time at,
            std::uint64_t frame);

  std::map<Key, Kept> views_;
  Time swept_{};
  std::uint64_t not_kept_ = 0;
};

}  // namespace viaduct::rtp
