// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <cstdint>

namespace viaduct::capture {

/// How a frame begins: numbers of the LINKTYPE_ registry, which stand in capture files. Those named are understood.
enum class LinkType : std::uint16_t {
  null = 0,  ///< BSD loopback: address family in the byte order of the machine that captured
  ethernet = 1,
  ppp = 9,
  raw_bsd = 12,      ///< raw IP; DLT_RAW where the registry was not followed
  raw_openbsd = 14,  ///< raw IP; DLT_RAW of OpenBSD
  ppp_hdlc = 50,
  pppoe_session = 51,  ///< from the PPPoE header on
  raw = 101,           ///< raw IPv4 or IPv6
  cisco_hdlc = 104,
  loop = 108,  ///< OpenBSD loopback: address family in network byte order
  linux_sll = 113,
  ipv4 = 228,
  ipv6 = 229,
  linux_sll2 = 276,
};

}  // namespace viaduct::capture
