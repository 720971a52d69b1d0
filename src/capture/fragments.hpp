// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include "base/bytes.hpp"
#include "capture/packet.hpp"
#include "capture/record.hpp"
#include "net/address.hpp"

#include <array>
#include <cstdint>
#include <list>
#include <span>
#include <string>
#include <unordered_map>
#include <vector>

namespace viaduct::capture {

/// Puts IP packets together from fragments, in any order, both families, in bounded memory.
class FragmentTable {
 public:
  struct Limits {
    std::size_t packets = 512;      ///< at the same time
    std::size_t octets = 4U << 20;  ///< of fragments that wait; the packet that waits longest goes first
    base::Duration wait = std::chrono::seconds(30);  ///< from the first fragment, by the capture's time
  };

  /// A packet that is complete. Views live until the next add().
  struct Whole {
    base::Bytes packet;                     ///< an IP packet without fragmentation, for decode(LinkType::raw)
    std::span<const std::uint64_t> frames;  ///< numbers of the frames it came in, in order of arrival
    Time first{};                           ///< when its first fragment was seen
    bool overlapped = false;                ///< octets were sent twice; those that came first are kept
  };

  /// A packet of which fragments were missing when it was given up.
  struct Incomplete {
    net::Address source;
    net::Address destination;
    std::uint8_t ip_protocol = 0;
    std::uint32_t ip_id = 0;
    Time first{};
    std::uint32_t octets = 0;  ///< of its payload that were there
    bool has_first = false;    ///< the fragment with the transport header
    std::vector<std::uint64_t> frames;
  };

  FragmentTable() = default;
  explicit FragmentTable(Limits limits) : limits_(limits) {}

  /// `packet` is what decode() called a fragment; `number` and `time` are its frame's. Null until it is complete.
  [[nodiscard]] const Whole* add(base::Bytes frame, const Packet& packet, std::uint64_t number, Time time);
  [[nodiscard]] bool has_incomplete() const { return !incomplete_.empty(); }
  /// Packets given up since the last call, at most as many as the table holds.
  [[nodiscard]] std::vector<Incomplete> take_incomplete();
  /// Gives up all that wait: the capture is over.
  void finish();

  /// Fragments that fit nowhere: behind 65535 octets, in odd pieces, or contrary to the packet's known length.
  [[nodiscard]] std::uint64_t refused() const { return refused_; }

 private:
  struct Key {
    net::Address source;
    net::Address destination;
    std::uint32_t ip_id = 0;
    std::uint8_t ip_protocol = 0;  ///< IPv4 only (RFC 791); RFC 8200 has none
    friend bool operator==(const Key&, const Key&) = default;
  };
  struct KeyHash {
    std::size_t operator()(const Key& key) const;
  };
  /// A packet in the making.
  struct Part {
    Key key;
    std::uint8_t ip_protocol = 0;
    Time first{};
    std::string head;  ///< what goes before the payload, from the fragment at offset 0
    std::string payload;
    std::array<std::uint64_t, 128> units{};  ///< one bit for each eight octets that are there
    std::uint32_t have = 0;                  ///< such units
    std::uint32_t total = 0;                 ///< octets of payload; 0 until the last fragment came
    std::uint32_t readable = 65536;          ///< where the first octet is that a short capture left out
    bool overlapped = false;
    std::vector<std::uint64_t> frames;
  };
  using Parts = std::list<Part>;

  Part& part_of(const Packet& packet, Time time);
  bool fits(const Packet& packet, const Part& part) const;
  void put(base::Bytes frame, const Packet& packet, Part& part);
  const Whole* complete(Parts::iterator part);
  void give_up(Parts::iterator part);
  void make_room(Time now);

  Limits limits_;
  Parts parts_;  ///< the one that waits longest in front
  std::unordered_map<Key, Parts::iterator, KeyHash> index_;
  std::size_t octets_ = 0;
  std::uint64_t refused_ = 0;
  std::vector<Incomplete> incomplete_;
  Part done_;
  Whole whole_;
};

}  // namespace viaduct::capture
