// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include "base/bytes.hpp"

#include <string>
#include <vector>

namespace viaduct::faults {

/// A packet as it would have been on a wire: hosts that share a virtual link leave checksums and the cutting of TCP
/// into segments to hardware that is not there. One packet as a rule; longer TCP in segments of at most `mtu`.
[[nodiscard]] std::vector<std::string> without_offload(base::Bytes packet, bool checksum_missing, std::size_t mtu);

}  // namespace viaduct::faults
