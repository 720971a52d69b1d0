// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include "call/reading.hpp"
#include "diagnose/fingerprint/item.hpp"
#include "net/address.hpp"

#include <array>
#include <cstdint>
#include <optional>
#include <span>

namespace viaduct::diagnose::fingerprint {

/// An address in a message, seen from the one that the message came from. Those of the other IP family count as names.
enum class Kind : std::uint8_t {
  absent,
  name,    ///< a host name, or 0.0.0.0 as for hold
  own,     ///< the packet's source address
  inner,   ///< private, loopback or link-local
  shared,  ///< of a carrier's NAT, 100.64.0.0/10
  other,   ///< another global one
};
[[nodiscard]] Bytes name(Kind kind);
[[nodiscard]] Kind kind_of(const net::Address& named, const net::Address& own);

struct Named {
  Kind kind = Kind::absent;
  net::Endpoint endpoint;  ///< port 0: not given
  base::Range where;       ///< of the message
};

/// What a flow of signalling runs over, as far as boxes tell it apart.
enum class Channel : std::uint8_t {
  sip_port,    ///< UDP to or from port 5060
  other_port,  ///< UDP between others
  stream,      ///< TCP
  last
};
inline constexpr std::size_t kChannels = static_cast<std::size_t>(Channel::last);

/// An item that this message shows by itself, and where.
struct Mark {
  Item item{};
  base::Range where;
};

/// What one message shows. Views into the reading's message.
struct Observation {
  static constexpr std::size_t kMaxMarks = 16;
  static constexpr std::size_t kMaxInners = 4;

  Bytes product;  ///< User-Agent or Server
  Bytes user;     ///< of the speaker: From of a request, To of a response
  Channel channel = Channel::sip_port;
  bool request = false;
  bool registers = false;         ///< a REGISTER request
  bool first_contact = false;     ///< a request outside of dialogs
  bool outside = false;           ///< the source address is no private one: what was done on the way in is seen
  bool authenticates = false;     ///< has credentials
  bool relayed = false;           ///< the source is a proxy: more than one Via, and not the marks of a box in it
  bool record_routes = false;     ///< a Record-Route or Path names the source
  bool has_rport = false;         ///< of the only Via
  bool ports_agree = false;       ///< Via and Contact name one address with one port
  bool outbound_contact = false;  ///< Contact has ;ob (RFC 5626 5.4), as PJSIP writes it
  bool exchange = false;          ///< the product is a PBX, proxy or gateway
  bool box_via = false;           ///< a Via above the phone's whose author knows no RFC 3581
  bool two_hands = false;         ///< the two Vias are spelled differently
  bool candidates_fit = false;    ///< SDP offers ICE, and c= and m= are among the candidates
  bool counts_right = false;      ///< Content-Length fits a body that is not empty
  std::uint8_t vias = 0;
  Named via;      ///< top sent-by of a request
  Named contact;  ///< the first
  Named call_id;  ///< host of a request outside of dialogs
  Named from;     ///< of a request
  Named origin;
  Named media;                ///< c= of the first m= line that is open, with its port
  std::int32_t excess = 0;    ///< octets of body beyond Content-Length; 0: right or not known
  std::uint64_t session = 0;  ///< hash of what o= has before its address: user, id and version; 0: no SDP
  std::uint64_t order = 0;    ///< hash of the order and spelling of the main headers of a request outside of dialogs

  [[nodiscard]] std::span<const Mark> marks() const VIADUCT_LIFETIME_BOUND { return {marks_.data(), mark_count_}; }
  /// Private addresses that the speaker names anywhere, without repetition.
  [[nodiscard]] std::span<const net::Address> inners() const VIADUCT_LIFETIME_BOUND {
    return {inners_.data(), inner_count_};
  }
  [[nodiscard]] bool has(Item item) const;
  void mark(Item item, base::Range where);
  void add_inner(const Named& named);

 private:
  std::array<Mark, kMaxMarks> marks_{};
  std::array<net::Address, kMaxInners> inners_{};
  std::uint8_t mark_count_ = 0;
  std::uint8_t inner_count_ = 0;
};

/// Reads the facts of one message about the one who sent it. Work in proportion to its octets.
[[nodiscard]] Observation observe(const call::Reading& reading);

/// What a response says of the address of the one it goes to.
struct Echo {
  net::Address seen;  ///< received of the top Via, or of a Contact that a registrar returns
  base::Range where;
};
/// Nullopt for requests, and for responses that say nothing of it.
[[nodiscard]] std::optional<Echo> read_echo(const call::Reading& reading);

}  // namespace viaduct::diagnose::fingerprint
