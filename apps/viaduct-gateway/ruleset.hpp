// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include "viaduct-gateway/config.hpp"

#include <string>
#include <vector>

namespace viaduct::gateway {

/// Marks on conntrack entries. Two high bits, so that marks of others (policy routing) can stay.
inline constexpr std::uint32_t kMediaMark = 0x40000000;    ///< media of a call we know: timers and QoS
inline constexpr std::uint32_t kPinholeMark = 0x20000000;  ///< the firewall should let it in: `firewall-rule`

/// Names in `table inet viaduct` that the packet path fills.
namespace names {
inline constexpr const char* kOuterToInner = "outer_to_inner";   ///< outer addr . port : inner addr . port
inline constexpr const char* kInnerToOuter = "inner_to_outer_";  ///< with the number of the WAN behind it
inline constexpr const char* kMedia4 = "media4";                 ///< inner addr . port of media
inline constexpr const char* kMedia6 = "media6";
inline constexpr const char* kWatched4 = "watched4";  ///< media that gets timers and QoS, but no permission
inline constexpr const char* kWatched6 = "watched6";
inline constexpr const char* kSignalling4 = "signalling4";  ///< inner addr . port of held SIP mappings
inline constexpr const char* kGuarded4 = "guarded4";        ///< outer addr . port with a source filter
inline constexpr const char* kGuarded6 = "guarded6";
inline constexpr const char* kAllowed4 = "allowed4";  ///< outer addr . port . source
inline constexpr const char* kAllowed6 = "allowed6";
inline constexpr const char* kQueueChain = "sip_queue";  ///< holds the queue rule alone
}  // namespace names

/// Takes a table of another shape away; its timeout policies go with it, so flows that are up fall back to the
/// kernel's.
inline constexpr const char* kDropTable = "table inet viaduct {\n}\ndelete table inet viaduct\n";

/// Whether the kernel can match packets that an IPsec policy covers (CONFIG_XFRM).
enum class Ipsec : std::uint8_t { matched, unknown };

/// The whole table as an nft script, one transaction. An old table of ours is kept and only its rules are replaced: the
/// `ct timeout` objects must stay, since the kernel takes the policy from all live flows when one goes. Elements are
/// left to the caller, and so is the queue rule (os::append_queue_rule knows which statement the kernel has).
/// In mode off there is no NAT, no map and no queue: timers and QoS by port alone.
/// What goes into an IPsec tunnel, or came out of one, is neither translated nor read, whatever its interface is.
[[nodiscard]] std::string ruleset_script(const GatewayConfig& config, const std::vector<std::string>& wans,
                                         Ipsec ipsec = Ipsec::matched);

/// Whether any party can be in a mode that reads SIP.
[[nodiscard]] bool reads_sip(const alg::Policy& policy);

}  // namespace viaduct::gateway
