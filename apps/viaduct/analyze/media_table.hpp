// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include "analyze/capture_witness.hpp"
#include "call/signalling.hpp"
#include "capture/unwrapper.hpp"
#include "diagnose/stream_facts.hpp"
#include "net/table_hash.hpp"
#include "rtp/flow.hpp"

#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <span>
#include <unordered_map>
#include <utility>
#include <vector>

namespace viaduct::app::analyze {

/// Source and destination of a datagram.
struct EndpointPair {
  net::Endpoint source;
  net::Endpoint destination;
  friend bool operator==(const EndpointPair&, const EndpointPair&) = default;
};

/// One direction of one m= line of a call on one hop.
struct MediaKey {
  call::CallNumber call = 0;
  std::uint8_t leg = 0;
  std::uint8_t line = 0;
  call::Party receiver{};
  friend auto operator<=>(const MediaKey&, const MediaKey&) = default;
};

/// What ICMP said of one pair of endpoints.
struct RefusedPair {
  EndpointPair pair;
  diagnose::Refusals refusals;
};

/// The streams of one MediaKey, or of one pair of endpoints that no SDP names.
struct MediaFlow {
  std::optional<MediaKey> key;
  rtp::Flow flow;
  rtp::Formats formats;
  std::uint64_t number = 0;                                    ///< in the order in which the table began them
  EndpointPair ends;                                           ///< of the first packet
  std::vector<EndpointPair> pairs;                             ///< that lead here; none once all lead elsewhere
  std::vector<RefusedPair> refused;                            ///< by ICMP
  std::optional<std::pair<std::uint8_t, std::uint16_t>> span;  ///< leg and MediaSpan::id that `formats` are of

  [[nodiscard]] diagnose::Refusals refusals_of(const net::Endpoint& source, const net::Endpoint& destination) const;
};

/// RTP in, flows by call out. A pair of endpoints is without a call until an SDP names its destination, and stays with
/// that call until another one names it: media before the answer and after the BYE belong to the call.
class MediaTable {
 public:
  static constexpr std::size_t kMaxPairs = 32'768;    ///< live ones
  static constexpr std::size_t kMaxStreams = 65'536;  ///< of all live flows together

  /// Of what is captured at `point`; `signalling` outlives it.
  MediaTable(const call::Signalling& signalling, call::Point point) : signalling_(signalling), point_(point) {}

  /// A datagram that has the form of RTP; `frame` is the first that it came in.
  void add(const capture::Arrival& arrival, call::FrameRef frame);
  /// ICMP says that nobody listens where a pair's packets go; `frame` is that of ICMP. False if no media of that pair
  /// was seen.
  bool refuse(const EndpointPair& pair, capture::Time time, call::FrameRef frame);
  /// The flows of a call that is over; the table forgets them.
  [[nodiscard]] std::vector<std::unique_ptr<MediaFlow>> take(call::CallNumber call);
  /// The flows without a call in which, in both directions, nothing came since `time`; the table forgets them.
  [[nodiscard]] std::vector<std::unique_ptr<MediaFlow>> take_idle(capture::Time time);
  /// All that is left, those of calls first.
  [[nodiscard]] std::vector<std::unique_ptr<MediaFlow>> take_rest();

  /// Whether the capture itself missed what is missing from media.
  [[nodiscard]] const CaptureWitness& witness() const VIADUCT_LIFETIME_BOUND { return witness_; }
  /// Packets for whose endpoints or streams there was no room.
  [[nodiscard]] std::uint64_t not_followed() const { return not_followed_; }

 private:
  struct PairHash {
    std::size_t operator()(const EndpointPair& pair) const { return net::table_hash(pair.source, pair.destination); }
  };

  /// Where the packets of a pair go, and as long as SDP says nothing new, until when there is no need to ask it again.
  struct Route {
    MediaFlow* flow = nullptr;
    std::uint64_t generation = 0;  ///< of call::MediaIndex
    capture::Time from = capture::Time::max();
    capture::Time until = capture::Time::min();
  };

  /// A route by a cheap hash of its pair, before it is looked for by the keyed one. Whoever makes pairs meet here takes
  /// nothing but that short cut from them.
  struct Recent {
    EndpointPair pair;
    const Route* route = nullptr;
  };
  static constexpr unsigned kRecentBits = 11;

  MediaFlow* flow_for(const capture::Arrival& arrival);
  [[nodiscard]] Recent& recent(const EndpointPair& pair);
  [[nodiscard]] const Route* route_of(const EndpointPair& pair);
  [[nodiscard]] const call::MediaUse* use_between(const EndpointPair& pair, capture::Time time) const;
  void watch(const rtp::Stream& stream);
  [[nodiscard]] std::optional<MediaKey> key_of_reverse(const EndpointPair& pair, capture::Time time) const;
  [[nodiscard]] std::optional<call::MediaUse> use_of_reverse(const EndpointPair& pair, capture::Time time) const;
  [[nodiscard]] call::MediaUse use_back(const MediaKey& key, capture::Time time) const;
  [[nodiscard]] std::optional<call::MediaUse> use_of_source(const EndpointPair& pair, capture::Time time) const;
  void adopt_reverse(const EndpointPair& pair, capture::Time time);
  MediaFlow* routed(const EndpointPair& pair, const call::MediaUse* use, capture::Time time);
  void remember(const EndpointPair& pair, std::span<const call::MediaUse> uses, capture::Time time);
  MediaFlow& begin_flow(const EndpointPair& pair, std::optional<MediaKey> key);
  MediaFlow& assign(MediaFlow& flow, const EndpointPair& pair, const call::MediaUse& use);
  [[nodiscard]] capture::Time begin_of(const call::MediaUse& use) const;
  [[nodiscard]] capture::Time begin_after(call::CallNumber old, const call::MediaUse& use) const;
  void learn_formats(MediaFlow& flow, const call::MediaUse& use) const;
  [[nodiscard]] bool may_walk();
  [[nodiscard]] bool make_room(capture::Time time);
  [[nodiscard]] bool is_idle(const MediaFlow& flow, capture::Time time) const;
  [[nodiscard]] std::unique_ptr<MediaFlow> forget(MediaFlow& flow);

  const call::Signalling& signalling_;
  call::Point point_;
  std::unordered_map<const MediaFlow*, std::unique_ptr<MediaFlow>> flows_;
  std::map<MediaKey, MediaFlow*> by_key_;
  std::unordered_map<EndpointPair, Route, PairHash> by_pair_;
  std::vector<Recent> recent_ = std::vector<Recent>(std::size_t{1} << kRecentBits);
  std::uint64_t begun_ = 0;  ///< flows
  std::size_t streams_ = 0;  ///< of all flows
  std::uint64_t steps_ = 0;  ///< that may be walked
  capture::Time swept_ = capture::Time::min();
  CaptureWitness witness_;
  std::optional<std::uint32_t> interface_;  ///< of the last packet
  bool taps_differ_ = false;                ///< not all came over one interface
  std::uint64_t not_followed_ = 0;
};

}  // namespace viaduct::app::analyze
