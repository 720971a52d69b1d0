// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include "base/bytes.hpp"
#include "base/clock.hpp"
#include "net/address.hpp"
#include "sdp/session.hpp"
#include "sip/message.hpp"

#include <cstdint>
#include <list>
#include <map>
#include <optional>
#include <string>
#include <unordered_map>
#include <vector>

namespace viaduct::faults {

/// The SDP of a message, wherever in its body it is; nullopt if there is none that can be read.
[[nodiscard]] std::optional<sdp::Session> session_of(const sip::Message& message);

/// One media endpoint that an SDP named.
struct CallMedia {
  std::string call_id;
  net::Endpoint signalling;     ///< who the inside speaks SIP with in this call
  base::Instant announced;      ///< when an SDP named it last
  base::Instant last_outbound;  ///< 0: nothing yet
  base::Instant last_inbound;   ///< 0: nothing yet
};

/// A call as the box remembers it by its Call-ID.
struct Call {
  static constexpr std::size_t kMaxOuterPorts = 64;
  static constexpr std::size_t kMaxOriginVersion = 64;  ///< digits; a longer one is not kept
  base::Instant begun;
  base::Instant answered;                              ///< 0 until a 2xx to INVITE crossed
  std::uint32_t offers = 0;                            ///< transactions with SDP from the inside so far
  std::uint64_t transaction = 0;                       ///< of the last of these: CSeq number and who asked
  bool renewed = false;                                ///< the last SDP from the inside began another of these
  bool held = false;                                   ///< the last SDP of either side let media flow one way at most
  bool resumed = false;                                ///< that ended, and the inside's SDP has not been seen since
  std::string origin_version;                          ///< sess-version of the first SDP from the inside
  std::map<net::Endpoint, std::uint16_t> outer_ports;  ///< inner media endpoint to the port an ALG wrote for it
};

/// The calls that cross the box and the media endpoints of its inside. Bounded in number, where the oldest go first,
/// and in octets: a message with a longer Call-ID belongs to no call.
class Calls {
 public:
  static constexpr std::size_t kMaxCalls = 4096;
  static constexpr std::size_t kMaxMedia = 16384;
  static constexpr std::size_t kMaxCallId = 512;

  /// What its call is known by; nullopt without a Call-ID, or with one that is too long.
  [[nodiscard]] static std::optional<std::string> id_of(const sip::Message& message);
  /// The call of a message, made by an INVITE; nullptr without an id, or if the call is not known.
  [[nodiscard]] Call* find(const sip::Message& message, base::Instant now) VIADUCT_LIFETIME_BOUND;
  /// Reads who answered, and what the inside's SDP announces, from a message before anything is changed in it.
  void observe(const sip::Message& message, bool outbound, const net::Endpoint& remote, base::Instant now);
  /// The media endpoint of the inside, nullptr if no SDP named it.
  [[nodiscard]] CallMedia* media(const net::Endpoint& inner) VIADUCT_LIFETIME_BOUND;
  [[nodiscard]] std::size_t size() const { return calls_.size(); }

 private:
  void announce(const sdp::Session& session, const std::string& call_id, const net::Endpoint& remote,
                base::Instant now);

  std::unordered_map<std::string, Call> calls_;
  std::list<std::string> call_order_;
  std::unordered_map<net::Endpoint, CallMedia, net::EndpointHash> media_;
  std::list<net::Endpoint> media_order_;
};

}  // namespace viaduct::faults
