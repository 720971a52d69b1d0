// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include "base/bytes.hpp"
#include "capture/message_cutter.hpp"
#include "capture/packet.hpp"
#include "capture/record.hpp"
#include "capture/tcp_direction.hpp"
#include "net/address.hpp"

#include <array>
#include <cstdint>
#include <list>
#include <unordered_map>

namespace viaduct::capture {

/// One direction of a TCP connection.
struct StreamEnds {
  net::Endpoint source;
  net::Endpoint destination;
  friend bool operator==(const StreamEnds&, const StreamEnds&) = default;
};

/// Takes what the streams of a capture carried.
class StreamReceiver {
 public:
  virtual void stream_message(const StreamEnds& ends, const StreamMessage& message) = 0;
  /// See MessageSink::lost.
  virtual void stream_lost(const StreamEnds& ends, std::optional<sip::FrameProblem> problem, base::Bytes octets,
                           std::uint64_t number) = 0;

 protected:
  ~StreamReceiver() = default;
};

/// All TCP connections of a capture, in bounded memory: the one that was quiet for longest goes first.
class TcpTable final : private MessageSink {
 public:
  struct Limits {
    std::size_t connections = 16384;
    std::size_t octets = 32U << 20;  ///< held in all of them
  };

  TcpTable() = default;
  explicit TcpTable(Limits limits) : limits_(limits) {}
  TcpTable(const TcpTable&) = delete;
  TcpTable& operator=(const TcpTable&) = delete;

  /// `packet` is a datagram of Protocol::tcp; `number` and `time` are its frame's.
  void add(base::Bytes frame, const Packet& packet, std::uint64_t number, Time time, StreamReceiver& receiver);
  /// The capture is over: what waits is handed out.
  void finish(StreamReceiver& receiver);

  /// Sums over all directions, closed ones too.
  [[nodiscard]] const TcpDirection::Counts& counts() const { return counts_; }

 private:
  struct Direction {
    TcpDirection order;
    MessageCutter cutter;
  };
  struct Connection {
    StreamEnds ends;  ///< of directions[0]
    std::array<Direction, 2> directions;

    [[nodiscard]] std::size_t held() const;
  };
  struct EndsHash {
    std::size_t operator()(const StreamEnds& ends) const;
  };
  using Connections = std::list<Connection>;

  Connection& connection_of(const StreamEnds& ends, bool& reversed);
  void run(Connection& connection, std::size_t direction, const TcpDirection::Segment& segment);
  void restart(Direction& direction);
  void close(Connections::iterator connection);
  void message(const StreamMessage& message) override;
  void lost(std::optional<sip::FrameProblem> problem, base::Bytes octets, std::uint64_t number) override;

  Limits limits_;
  Connections connections_;  ///< the one that is quiet for longest in front
  std::unordered_map<StreamEnds, Connections::iterator, EndsHash> index_;  ///< by ends in ascending order
  std::size_t held_ = 0;
  TcpDirection::Counts counts_;
  StreamEnds current_;  ///< whose octets are being cut
  StreamReceiver* receiver_ = nullptr;
};

}  // namespace viaduct::capture
