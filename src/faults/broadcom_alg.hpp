// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include "faults/behaviour.hpp"
#include "faults/crossing.hpp"

#include <memory>

namespace viaduct::faults {

/// The SIP helper of Broadcom's router kits (the MIPS_BRCM branch of nf_conntrack_sip and nf_nat_sip) as its source
/// reads, over UDP and IPv4: the `broadcom` family. It searches text from the packet's first octet to its last and
/// knows neither lines nor bodies: names of fields in one spelling, the first Via that is its own, the first Contact,
/// the first o=, c=, m=audio and m=video, a=alt. A message in which it cannot read what it has found is lost.
class BroadcomAlg final : public Behaviour {
 public:
  void on_message(Crossing& crossing) override;
};

[[nodiscard]] std::unique_ptr<Behaviour> make_broadcom_alg();

}  // namespace viaduct::faults
