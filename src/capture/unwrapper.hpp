// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include "base/bytes.hpp"
#include "capture/fragments.hpp"
#include "capture/hep.hpp"
#include "capture/packet.hpp"
#include "capture/record.hpp"
#include "capture/tcp_table.hpp"
#include "net/address.hpp"

#include <cstdint>
#include <span>

namespace viaduct::capture {

/// What travelled between two endpoints: the payload of a UDP datagram or a message out of a stream. Views live until
/// the call that hands it out returns.
struct Arrival {
  base::Bytes octets;
  std::uint32_t length = 0;  ///< on the wire; more than `octets` where the capture was short
  net::Endpoint source;
  net::Endpoint destination;
  Time time{};                            ///< of its first frame, or what the HEP agent says
  bool stream = false;                    ///< over TCP
  std::span<const std::uint64_t> frames;  ///< numbers of the frames it came in
  std::uint32_t interface = 0;            ///< of the last of them, as the next two
  const Packet* packet = nullptr;         ///< headers (of what carries HEP, if it is HEP)
  const Hep* hep = nullptr;               ///< not null: an agent sent it, endpoints and time are those it names

  [[nodiscard]] bool cut() const { return octets.size() < length; }
};

/// Takes what an Unwrapper finds.
class Receiver {
 public:
  virtual void arrived(const Arrival& arrival) = 0;
  /// ICMP, SCTP and other protocols than UDP and TCP. `frame` holds the ranges of `packet`.
  virtual void other(const Record& record, base::Bytes frame, const Packet& packet) = 0;
  /// A fragment was missing: what there was.
  virtual void incomplete(const FragmentTable::Incomplete& packet) = 0;
  /// See MessageSink::lost.
  virtual void stream_lost(const StreamEnds& ends, std::optional<sip::FrameProblem> problem, base::Bytes octets,
                           std::uint64_t number) = 0;

 protected:
  ~Receiver() = default;
};

/// Frames in, datagrams and stream messages out: decode(), FragmentTable, TcpTable and parse_hep() in a row.
class Unwrapper final : private StreamReceiver {
 public:
  struct Counts {
    std::uint64_t frames = 0;
    std::uint64_t fragments = 0;
    std::uint64_t not_ip = 0;
    std::uint64_t unknown_link = 0;
    std::uint64_t malformed = 0;     ///< also those with too many headers
    std::uint64_t sip_over_tls = 0;  ///< TCP segments of its port (RFC 3261 19.1.2) that begin with a TLS record
    std::uint64_t cut = 0;           ///< packets of which less was captured than was on the wire
  };

  explicit Unwrapper(Receiver& receiver) : receiver_(receiver) {}
  Unwrapper(const Unwrapper&) = delete;
  Unwrapper& operator=(const Unwrapper&) = delete;

  void add(const Record& record);
  /// The capture is over: what waits is handed out.
  void finish();

  [[nodiscard]] const Counts& counts() const { return counts_; }
  [[nodiscard]] const FragmentTable& fragments() const { return fragments_; }
  [[nodiscard]] const TcpTable& streams() const { return streams_; }

 private:
  void take(const Record& record, base::Bytes frame, std::span<const std::uint64_t> frames, Time time);
  void put_together(const Record& record);
  void segment(const Record& record, base::Bytes frame, Time time);
  void datagram(const Record& record, base::Bytes frame, std::span<const std::uint64_t> frames, Time time);
  void hand_out_hep(const Hep& hep, Arrival arrival);
  void hand_out_incomplete();
  void stream_message(const StreamEnds& ends, const StreamMessage& message) override;
  void stream_lost(const StreamEnds& ends, std::optional<sip::FrameProblem> problem, base::Bytes octets,
                   std::uint64_t number) override;

  Receiver& receiver_;
  FragmentTable fragments_;
  TcpTable streams_;
  Counts counts_;
  Packet packet_;
  std::uint32_t interface_ = 0;
};

}  // namespace viaduct::capture
