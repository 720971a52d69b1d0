// SPDX-License-Identifier: GPL-2.0-or-later
#include "simulate/make.hpp"

#include <array>

namespace viaduct::simulate {
namespace {

const std::array<Make, 6> kMakes{{
    {.agent = "Lindqvist LT-40 2.1.8",
     .order = {"Via", "Max-Forwards", "From", "To", "Call-ID", "CSeq", "Contact", "Authorization",
               "Proxy-Authorization", "Expires", "Allow", "Supported", "Session-Expires", "User-Agent", "Content-Type"},
     .call_id = CallIdForm::with_address,
     .rtp_low = 11780,
     .rtp_high = 12780,
     .names_rtcp = true,
     .origin = "LT40",
     .session = "call",
     .contact_parameters = ""},
    {.agent = "Orbifon/900 (4.12.0)",
     .order = {"Via", "From", "To", "Call-ID", "CSeq", "Contact", "Max-Forwards", "User-Agent", "Authorization",
               "Proxy-Authorization", "Allow", "Supported", "Expires", "Session-Expires", "Content-Type"},
     .call_id = CallIdForm::with_address,
     .rport_first = true,
     .rtp_low = 49152,
     .rtp_high = 49652,
     .origin = "root",
     .session = "Orbifon",
     .contact_parameters = ""},
    {.agent = "Tessera-Desk-7 1.0.33.2",
     .order = {"Via", "Max-Forwards", "Contact", "To", "From", "Call-ID", "CSeq", "Expires", "Allow", "Content-Type",
               "Supported", "User-Agent", "Authorization", "Proxy-Authorization", "Session-Expires"},
     .call_id = CallIdForm::uuid,
     .odd_sip_port = true,
     .rtp_low = 4000,
     .rtp_high = 4998,
     .names_rtcp = true,
     .origin = "-",
     .session = "tessera",
     .supported = "replaces, 100rel, timer, outbound, norefersub",
     .contact_parameters = ";ob"},
    {.agent = "Kvant SP3 fw5.2-r1120",
     .order = {"Via", "Max-Forwards", "User-Agent", "From", "To", "Call-ID", "CSeq", "Authorization",
               "Proxy-Authorization", "Contact", "Supported", "Allow", "Session-Expires", "Expires", "Content-Type"},
     .call_id = CallIdForm::plain,
     .rtp_low = 16384,
     .rtp_high = 16482,
     .origin = "kvant",
     .session = "SIP Call",
     .rtcp_interval = 0},
    {.agent = "Morello Softphone 3.19.1 (rev 30c2)",
     .order = {"Via", "To", "From", "Call-ID", "CSeq", "Max-Forwards", "Contact", "Allow", "User-Agent", "Supported",
               "Expires", "Session-Expires", "Authorization", "Proxy-Authorization", "Content-Type"},
     .call_id = CallIdForm::with_name,
     .odd_sip_port = true,
     .rtp_low = 8000,
     .rtp_high = 8100,
     .names_rtcp = true,
     .origin = "morello",
     .session = "Talk",
     .contact_parameters = ";transport=udp"},
    {.agent = "Brevis B12 IP Adapter 07.41",
     .order = {"Via", "From", "To", "Call-ID", "CSeq", "User-Agent", "Contact", "Max-Forwards", "Session-Expires",
               "Supported", "Allow", "Expires", "Authorization", "Proxy-Authorization", "Content-Type"},
     .call_id = CallIdForm::with_address,
     .rtp_low = 30000,
     .rtp_high = 30998,
     .origin = "B12",
     .session = "-",
     .supported = "timer",
     .rtcp_interval = 8},
}};

}  // namespace

std::span<const Make> makes() {
  return kMakes;
}

}  // namespace viaduct::simulate
