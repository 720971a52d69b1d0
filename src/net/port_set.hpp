// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <bitset>

namespace viaduct::net {

/// One bit per UDP port of one address, set when somebody uses it. 8 KiB: keep it as a member or on the heap.
using PortSet = std::bitset<65536>;

}  // namespace viaduct::net
