// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include "call/text.hpp"
#include "diagnose/fingerprint/family.hpp"
#include "diagnose/fingerprint/observation.hpp"
#include "finding/evidence.hpp"

#include <array>
#include <vector>

namespace viaduct::diagnose::fingerprint {

/// How the addresses of one device looked on one channel. Calls, not messages, are counted.
struct ChannelHistory {
  std::uint16_t headers_own = 0;
  std::uint16_t headers_inner = 0;
  std::uint16_t sdp_own = 0;
  std::uint16_t sdp_inner = 0;
  std::uint16_t alternations = 0;  ///< from private to public SDP and back
  Kind last_sdp = Kind::absent;
  std::uint64_t last_call = 0;  ///< hash of the Call-ID last counted
};

/// The last session description of a call.
struct SessionHistory {
  std::uint64_t call = 0;     ///< hash of the Call-ID
  std::uint64_t session = 0;  ///< Observation::session
  std::uint16_t port = 0;
};

/// One phone or PBX: a User-Agent with a user, behind one address.
struct Device {
  std::uint64_t key = 0;
  call::Text product;
  call::Text user;
  std::array<std::uint16_t, kItems> counts{};
  std::array<ChannelHistory, kChannels> channels{};
  std::array<SessionHistory, 4> sessions{};  ///< of the calls that spoke last
  std::uint8_t next_session = 0;
  Changes changes = 0;
  net::Endpoint contact;           ///< the last that is public
  std::uint16_t source_port = 0;   ///< of the last request
  std::uint16_t contact_from = 0;  ///< the port that `contact` was sent from, in a request outside of dialogs; 0: none
  std::uint16_t contact_before = 0;      ///< the port of Contact before it moved to that of `contact`; 0: it never did
  bool contact_returns = false;          ///< it moved away from a port, and back
  std::uint16_t local_port = 0;          ///< of a Via that names the inside
  std::array<std::uint64_t, 2> order{};  ///< of a REGISTER, of another request
  std::uint16_t with_rport = 0;
  std::uint16_t without_rport = 0;
  std::uint16_t relayed = 0;  ///< messages that came by a proxy
  std::uint16_t media_true = 0;
  std::uint16_t media_untrue = 0;
  std::int32_t excess = 0;  ///< Observation::excess of the first message where it was not 0
  bool counts_right = false;
  bool candidates_fit = false;
  bool registers = false;
  bool authenticates = false;
  bool exchange = false;
  bool outbound_contact = false;
  bool two_hands = false;
  bool ports_agree = false;
  bool account_domain = false;  ///< registers an address-of-record of a domain

  [[nodiscard]] bool sdp_own() const;
  [[nodiscard]] bool sdp_inner() const;
  [[nodiscard]] bool headers_own() const;
  [[nodiscard]] bool headers_inner() const;
  /// Private in all headers and all SDP, with at least one header seen.
  [[nodiscard]] bool untouched() const;
  /// Headers are public and there is no private one.
  [[nodiscard]] bool is_public() const { return headers_own() && !headers_inner(); }
};

/// What servers said of an address.
struct EchoHistory {
  net::Address server;
  std::uint16_t inner = 0;    ///< named the client's own, private address
  std::uint16_t outside = 0;  ///< named another, global one
};

struct Proof {
  Item item{};
  finding::Evidence evidence;
};

/// One address that speaks SIP, at one point.
struct Source {
  static constexpr std::size_t kMaxDevices = 12;
  static constexpr std::size_t kMaxInners = 8;
  static constexpr std::size_t kMaxServers = 4;

  call::Point point = 0;
  net::Address address;
  std::vector<Device> devices;
  std::vector<net::Address> inners;  ///< private addresses that its messages name
  std::vector<EchoHistory> echoes;
  std::vector<Proof> proofs;  ///< the first of each item
  call::Time first{};
  call::Time last{};
  bool registrar = false;  ///< is sent REGISTER
  bool outside = false;
  bool asks = false;  ///< sent a request of its own that begins something
  bool stun = false;

  /// A client beyond doubt: who registers or proves who it is, is no platform.
  [[nodiscard]] bool is_client() const;
};

}  // namespace viaduct::diagnose::fingerprint
