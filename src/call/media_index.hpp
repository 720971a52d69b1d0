// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include "call/call.hpp"

#include <cstddef>
#include <cstdint>
#include <deque>
#include <unordered_map>
#include <vector>

namespace viaduct::call {

/// What an endpoint is used for, by SDP: packets sent to it belong to that m= line of that call.
struct MediaUse {
  CallNumber call = 0;
  Time from{};
  Time until = kNever;
  std::uint16_t span = 0;  ///< MediaSpan::id in its leg
  std::uint8_t leg = 0;
  std::uint8_t line = 0;  ///< index of the m= line
  std::uint8_t dialog = 0;
  Party receiver{};
  bool rtcp = false;       ///< the port is for RTCP alone
  bool candidate = false;  ///< it stands in a=candidate, not in c= and m=
  bool behind = false;     ///< SDP names the public address of a host that has another one here, behind a 1:1 NAT
  Agreement agreement{};
};

/// Finds a stream's call by where its packets go to. Outlives the calls: entries of calls that are over stay until
/// their time is over, too, or their room is needed.
class MediaIndex {
 public:
  explicit MediaIndex(std::size_t most) : most_(most) {}

  /// How long before the description was seen, and after it ceased to hold, packets still count as meant by it.
  static constexpr Duration kSlack = std::chrono::seconds(5);

  /// The use of `endpoint` as seen at `point` that holds at `time`; where several do, the one agreed on, then the
  /// latest; what SDP names goes before MediaUse::behind. Without one that which holds within kSlack. nullptr if there
  /// is none. Valid until the index changes.
  [[nodiscard]] const MediaUse* find(Point point, const net::Endpoint& endpoint,
                                     Time time) const VIADUCT_LIFETIME_BOUND;
  /// Another number whenever what find() answers may have changed.
  [[nodiscard]] std::uint64_t generation() const { return generation_; }
  /// All uses, in the order of their begin: for an endpoint that serves several calls.
  [[nodiscard]] std::span<const MediaUse> uses(Point point, const net::Endpoint& endpoint) const VIADUCT_LIFETIME_BOUND;

  /// Takes over the spans of a call that changed since the last time.
  void update(Call& call);
  /// Drops what ended before `time`.
  void forget_before(Time time);

  [[nodiscard]] std::size_t size() const { return size_; }
  [[nodiscard]] std::size_t ended() const { return closed_.size(); }  ///< those that go first; at most size()
  [[nodiscard]] std::uint64_t dropped() const { return dropped_; }    ///< how often a use found no room, or lost it

 private:
  static constexpr std::size_t kMaxPerEndpoint = 32;
  struct Key {
    net::Endpoint endpoint;
    Point point = 0;
    friend bool operator==(const Key&, const Key&) = default;
  };
  struct KeyHash {
    std::size_t operator()(const Key& key) const;
  };

  /// The uses of one endpoint.
  struct Uses {
    std::vector<MediaUse> all;
    std::size_t closed = 0;  ///< how often its key stands in closed_
  };

  void put(const Key& key, const MediaUse& use);
  void note_closed(const Key& key);
  void put_span(const Call& call, std::uint8_t leg, const MediaSpan& span);
  void put_behind(const Call& call, MediaUse use, const MediaSpan& span);
  bool make_room();
  bool forget_one(Time before);

  std::unordered_map<Key, Uses, KeyHash> uses_;
  std::deque<Key> closed_;  ///< keys whose uses ended, oldest first; each no more often than it has uses
  std::size_t most_;
  std::size_t size_ = 0;
  std::uint64_t dropped_ = 0;
  std::uint64_t generation_ = 0;
};

}  // namespace viaduct::call
