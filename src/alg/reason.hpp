// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include "base/bytes.hpp"

#include <cstdint>

namespace viaduct::alg {

/// The places of a message that the gateway ever looks at with intent. `message` is the whole of it.
enum class Field : std::uint8_t {
  message,
  request_uri,
  via,
  contact,
  sdp_origin,
  sdp_connection,
  sdp_port,
  sdp_rtcp,
  media,
};

/// What was done with a field.
enum class Action : std::uint8_t {
  left,      ///< bytes untouched
  edited,    ///< inner address replaced by the mapping's outer one
  restored,  ///< an edit of ours undone in something that echoes it
  opened,    ///< a mapping or pinhole was made, bytes untouched
};

/// Why. Each is one rule; `viaduct gateway why` prints its text.
enum class Reason : std::uint8_t {
  none,
  names_inner_address,  ///< passed the need test
  echo_of_edit,         ///< equals what the ledger says we wrote
  origin_is_constant,   ///< o= was translated before in this dialog (RFC 3264 8)
  mode_off,
  mode_observe,
  mode_pinhole,
  first_seen_in_dialog,  ///< the dialog is older than the gateway: it is not changed in its middle
  not_inner_address,     ///< names no address of this flow
  already_public,        ///< carries a public address already
  own_wan_address,       ///< carries our WAN address: the phone used STUN
  rport,                 ///< RFC 3581 brings the response back
  outbound,              ///< ob, reg-id or +sip.instance with Path: RFC 5626 brings requests back
  platform_handles,      ///< the platform handles NAT itself (memory or configuration)
  endpoint_handles,      ///< the endpoint handles NAT itself (memory or configuration)
  ice,                   ///< ICE finds its own way (RFC 8445)
  auth_int,              ///< a digest covers the body (RFC 7616 qop=auth-int)
  signed_contact,        ///< RFC 4474 Identity covers Contact and body
  opaque_body,           ///< encoded, encrypted or signed body
  other_transport,       ///< a Contact for TCP, TLS or WebSocket: its mapping would be one of UDP
  hold_address,          ///< c=0.0.0.0
  name_not_literal,      ///< a domain name, not an address
  other_host,            ///< asks for a pinhole to another host
  no_mapping,            ///< no mapping behind the new value, so no new value
  port_taken,            ///< the same port is not free outside
  outer_not_global,      ///< our WAN address is itself behind NAT (CGN)
  platform_not_global,   ///< the platform is not on the Internet (VPN, provider's own network)
  not_translated,        ///< the router does not give this flow our WAN address (routed phone, VPN)
  ipv6,                  ///< no NAT, no edits
  over_mtu,              ///< the edited message would be larger than the path MTU
  proof_failed,          ///< the edited message did not parse back to what was intended
  over_limit,            ///< a limit was reached
  not_sip,               ///< does not parse as SIP
  wan_changed,           ///< the WAN address changed
  wan_gone,              ///< the WAN interface is not there any more, or has no address
  association_gone,      ///< a response to what is not followed any more
  memory_withdrawn,      ///< media stayed away, though the platform was thought to handle NAT itself
};

[[nodiscard]] base::Bytes text(Field field);
[[nodiscard]] base::Bytes text(Action action);
/// Kebab-case id, stable: part of the JSON output.
[[nodiscard]] base::Bytes text(Reason reason);
/// One sentence for people.
[[nodiscard]] base::Bytes explain(Reason reason);

}  // namespace viaduct::alg
