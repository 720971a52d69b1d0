// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include "analyze/call_traffic.hpp"
#include "analyze/input.hpp"
#include "analyze/masks.hpp"

#include <cstdint>
#include <expected>
#include <string>
#include <vector>

namespace viaduct::app::analyze {

/// What extract() has written.
struct Extracted {
  std::uint64_t frames = 0;
  bool other_format = false;  ///< pcapng, whatever the name of the file says: the frames have several link types
};

/// Reads the inputs again and writes the frames of a call to `path`, in the order of the inputs: its SIP, all fragments
/// and TCP segments that a message came in, and the datagrams between its media endpoints. They stay as they are, or
/// with masks (nullptr: none) become what MaskedFrames makes of them; the masks learn the names in the messages. pcap
/// if the name ends in .pcap or .cap, else pcapng. The error is a sentence.
[[nodiscard]] std::expected<Extracted, std::string> extract(const std::vector<Input>& inputs,
                                                            const std::vector<CallTraffic>& traffic,
                                                            const std::string& path, Masks* masks);

}  // namespace viaduct::app::analyze
