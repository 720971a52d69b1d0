// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include "base/clock.hpp"
#include "net/address.hpp"

#include <chrono>
#include <cstdint>
#include <vector>

namespace viaduct::faults {

/// On what of the remote side something depends (RFC 4787 sections 4.1 and 5).
enum class Dependence : std::uint8_t { endpoint_independent, address, address_and_port };

/// Which outer port an inner one gets (RFC 4787 section 4.2.1).
enum class PortChoice : std::uint8_t {
  preserve,    ///< the same if it is free, else the next free one
  sequential,  ///< the next one of the range
  random
};

/// Which outer address the flows of one inner address get, if there are several (RFC 4787 section 4.1).
enum class Pooling : std::uint8_t { paired, arbitrary };

/// What a UDP flow carries, as far as the box can tell; each kind has its timer.
enum class FlowKind : std::uint8_t { other, sip, media };

/// How long a mapping without packets lives.
struct NatTimers {
  base::Duration udp = std::chrono::seconds(300);               ///< RFC 4787 REQ-5 c
  base::Duration sip = std::chrono::seconds(300);               ///< UDP flows to or from a SIP port
  base::Duration media = std::chrono::seconds(300);             ///< UDP flows that an SDP announced
  base::Duration tcp_transitory = std::chrono::seconds(240);    ///< RFC 5382 REQ-5
  base::Duration tcp_established = std::chrono::seconds(7440);  ///< RFC 5382 REQ-5
  base::Duration icmp = std::chrono::seconds(60);               ///< RFC 5508 REQ-1
};

/// A NAT by its RFC 4787 properties; the defaults are what that RFC asks for.
struct NatSettings {
  std::vector<net::Address> outer;  ///< at least one
  Dependence mapping = Dependence::endpoint_independent;
  Dependence filtering = Dependence::address;
  PortChoice ports = PortChoice::preserve;
  Pooling pooling = Pooling::paired;
  bool parity = true;               ///< an even port stays even, an odd one odd (REQ-4)
  bool hairpin = true;              ///< inside to inside over an outer address (REQ-9)
  bool inbound_refresh = false;     ///< inbound packets keep a mapping alive too
  std::uint16_t first_port = 1024;  ///< of the range for inner ports from 1024 on
  std::uint16_t last_port = 65535;
  NatTimers timers;
  std::uint64_t seed = 1;
};

}  // namespace viaduct::faults
