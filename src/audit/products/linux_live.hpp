// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include "audit/device.hpp"
#include "audit/text.hpp"

namespace viaduct::audit::products {

/// Systems that run on Linux are told by their own configuration, and many a text shows besides what the kernel has:
/// `nft list ruleset`, `iptables-save`, `iptables -S`, `conntrack -L`. A helper that is set there acts, whatever the
/// configuration says: somebody changed that and did not restart, or set the rule beside it. Adds such rules and flows
/// to the features of `device`; where nothing is set there, nothing changes.
void add_live(const Text& text, Device& device);

}  // namespace viaduct::audit::products
