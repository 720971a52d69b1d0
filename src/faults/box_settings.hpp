// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include "faults/alg_profile.hpp"
#include "faults/link.hpp"
#include "faults/nat_settings.hpp"
#include "faults/segment.hpp"
#include "net/address.hpp"

#include <cstdint>
#include <vector>

namespace viaduct::faults {

/// What the box does with IPv4 fragments of its inside.
enum class FragmentRule : std::uint8_t {
  whole,       ///< put together, translated, sent in pieces again (RFC 4787 REQ-14)
  drop_later,  ///< all but the first piece are lost (D01)
  drop_all
};

/// A box as a whole: a clean NAT until behaviours change it.
struct BoxSettings {
  NatSettings nat;
  net::Prefix inside;  ///< the box's own address there, with the length of its net
  AlgProfile alg;
  LinkSettings up;  ///< inside to outside
  LinkSettings down;
  FragmentRule fragments = FragmentRule::whole;
  std::size_t mtu = 1500;
  bool reports_growth = true;  ///< what an edit made too long for its DF flag is answered by ICMP, not just lost (D02)
  bool reads_tcp = false;      ///< SIP over TCP too, segment by segment: what is not whole in one passes unread (D03)
  SegmentRule segments = SegmentRule::messages;
  bool reads_all_udp = false;      ///< what other UDP flows carry is taken for SIP too (A24)
  bool shifts_tcp = true;          ///< sequence numbers follow changes of length (D04)
  base::Duration forgets_every{};  ///< all mappings are lost that often, as by a restart (C19); 0: never
  std::vector<std::uint16_t> sip_ports = {5060};
};

}  // namespace viaduct::faults
