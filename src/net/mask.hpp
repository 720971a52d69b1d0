// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include "base/keyed_hash.hpp"
#include "net/address.hpp"

#include <optional>
#include <string>

namespace viaduct::net {

/// The address that stands for this one in an anonymised report or capture: another one of the same family and scope,
/// one for one, and in general with as long a common prefix as the originals had. Private, shared and link-local
/// addresses stay in their network (10/8, 172.16/12, 192.168/16, 100.64/10, 169.254/16; the first octet of
/// unique-local, the first half of link-local IPv6). Unspecified, loopback, multicast and reserved ones stay as they
/// are, as they name nobody. A global one becomes an address that may belong to somebody else.
[[nodiscard]] Address masked(const Address& address, const base::HashKey& key);

/// The same for text; nullopt if it is no address. Brackets around IPv6 are kept.
[[nodiscard]] std::optional<std::string> masked_text(base::Bytes text, const base::HashKey& key);

}  // namespace viaduct::net
