// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include "call/reading.hpp"
#include "diagnose/sides/alignment.hpp"
#include "diagnose/sides/hops.hpp"

#include <array>
#include <cstddef>
#include <cstdint>
#include <map>
#include <optional>
#include <set>
#include <unordered_map>
#include <utility>
#include <vector>

namespace viaduct::diagnose::sides {

/// The addresses by which a packet tells on which side of a router it was captured, where one capture holds both.
struct Border {
  /// Between: behind one translation and before the next one.
  enum class Place : std::uint8_t { inner, outer, between, elsewhere };

  std::set<net::Address> inner;  ///< that are translated
  std::set<net::Address> outer;  ///< what they become
  Hops hops{};                   ///< where nothing is translated
  Duration apart{};              ///< clocks of captures that were merged: about how far, if more than a way can take
  /// When SIP was seen, by the clock of each side.
  struct Span {
    Time first = Time::max();
    Time last = Time::min();

    void add(const Span& other);
    [[nodiscard]] Duration away(Time time) const;  ///< from the nearer end; zero within
  };
  Span within{};
  Span without{};

  /// Whether what has the same addresses on both sides was captured outside, as clocks that are apart tell.
  [[nodiscard]] bool is_without(Time time) const;
  [[nodiscard]] Place place_of(const net::Address& source, const net::Address& destination) const;
  /// The same of what has the same addresses on both sides.
  [[nodiscard]] Place place_of(const net::Address& source, const net::Address& destination, std::uint8_t ttl) const;
  /// Whether packets between these have the same addresses on both sides, and their TTL tells.
  [[nodiscard]] bool is_routed(const net::Address& source, const net::Address& destination) const {
    return hops.contains({source, destination});
  }
};

/// Finds out whether one capture holds both sides of a router: the same request, or the same media, comes from two
/// addresses, and what comes back goes to the same two. Of captures that were merged the clocks may be any time apart,
/// as long as it is the same for all messages. Memory is bounded, work for a message too.
class BorderFinder {
 public:
  static constexpr std::size_t kMostPairs = 4096;

  /// A message, in the order of the capture.
  void hear(const call::Reading& reading);
  /// A datagram with SIP or media; as HopFinder has it.
  void see(base::Bytes octets, const net::Endpoint& source, const net::Endpoint& destination, std::uint8_t ttl,
           Time time) {
    hops_.see(octets, source, destination, ttl, time);
  }

  struct Ends {
    net::Endpoint source;
    net::Endpoint destination;
  };
  /// A stream that was seen twice; `first` is where it was seen first.
  void add_stream(const Ends& first, const Ends& second) { add(first, second, true); }

  /// nullopt: nothing shows two sides of a router.
  [[nodiscard]] std::optional<Border> border() const;

 private:
  static constexpr std::size_t kRecent = 128;      ///< messages among which another sighting is looked for
  static constexpr std::size_t kEarliest = 16384;  ///< messages of which one that is far away is looked for
  static constexpr Duration kNear = std::chrono::seconds(2);

  struct Heard {
    std::uint64_t key = 0;
    std::uint64_t call_id = 0;  ///< as SeenMessage has it, as the next two
    std::uint64_t branch = 0;
    std::uint64_t users = 0;
    Time time{};
    Ends ends{};
  };
  /// Messages that were seen again later than any way takes.
  struct Apart {
    double seconds = 0;  ///< from the lower address of the two to the other one
    bool sent = false;   ///< as Twins::sent
  };
  /// Two addresses that stand for each other, the lower one first.
  struct Twins {
    std::uint32_t sent = 0;    ///< requests and streams that came from both
    std::uint32_t given = 0;   ///< messages and streams that went to both
    std::int64_t lower = 0;    ///< how many more of them show the lower one inside, by their order
    std::vector<Apart> far{};  ///< at most kMostFar
    static constexpr std::size_t kMostFar = 64;

    /// By how much the clocks differ, if enough of `far` agree.
    [[nodiscard]] std::optional<Duration> apart() const;
  };

  /// `tells`: that it comes from two addresses shows a translation. Responses of two forks may share all that a message
  /// has by which it is known. `later`: nullopt where the order says which side is inside.
  void add(const Ends& first, const Ends& second, bool tells, std::optional<Duration> later = std::nullopt);

  std::array<Heard, kRecent> recent_{};
  std::size_t next_ = 0;
  std::unordered_map<std::uint64_t, Heard> earliest_;  ///< the first sighting of each, by its key
  std::map<std::pair<net::Address, net::Address>, Twins> twins_;
  std::map<net::Address, Border::Span> spans_;  ///< of at most kMostPairs addresses
  HopFinder hops_;
};

}  // namespace viaduct::diagnose::sides
