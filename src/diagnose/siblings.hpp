// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include "diagnose/stream_facts.hpp"

#include <vector>

namespace viaduct::diagnose {

/// Streams of one SSRC whose endpoints change in mid-call are one medium: where a NAT gives another port, and later the
/// old one again, packets that one port misses came by the other. Gaps that a sibling fills are dropped and no loss;
/// changes from one to the other become gaps of their own (rtp::Break::new_source or new_destination) if nothing came
/// for 200 ms. `streams` are those of one flow; what was captured at another place is no sibling.
void join_siblings(std::vector<StreamFacts>& streams);

}  // namespace viaduct::diagnose
