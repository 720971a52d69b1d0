// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <bitset>

namespace viaduct::os {

/// One bit per UDP port, set when the port is taken. 8 KiB: keep it on the heap or as a member.
using PortSet = std::bitset<65536>;

}  // namespace viaduct::os
