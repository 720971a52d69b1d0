// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include "diagnose/fingerprint/observation.hpp"

namespace viaduct::diagnose::fingerprint {

/// Adds what the session description of a message shows: Observation::origin, media, private addresses, marks.
void read_sdp(const sip::Message& message, const net::Address& own, Observation& facts);

}  // namespace viaduct::diagnose::fingerprint
