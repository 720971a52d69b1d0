// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include "audit/tree.hpp"

#include <cstdint>

namespace viaduct::audit::products {

/// How much of the SIP of one transport (port 5060) an access list permits.
enum class Share : std::uint8_t { none, some, all };

/// What an extended or standard access list of IOS or ASA takes where a class is matched by it: `permit` is in, `deny`
/// out, what no entry names is out.
struct AclCover {
  Share udp = Share::none;
  Share tcp = Share::none;
  bool any_udp = false;  ///< some entry permits UDP, whatever its ports

  [[nodiscard]] bool nothing() const { return udp == Share::none && tcp == Share::none; }
  [[nodiscard]] bool everything() const { return udp == Share::all && tcp == Share::all; }
};

/// `list`: the node whose paths are the entries, `access-list NAME` or `ip access-list extended NAME`; `services`:
/// `object-group service`, for the groups that entries name.
[[nodiscard]] AclCover cover_of(Node list, Node services);

}  // namespace viaduct::audit::products
