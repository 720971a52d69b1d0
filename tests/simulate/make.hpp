// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include "simulate/packet.hpp"

#include <span>
#include <string_view>
#include <vector>

namespace viaduct::simulate {

enum class CallIdForm : std::uint8_t {
  with_address,  ///< 5f3c...@192.168.1.20
  with_name,     ///< 5f3c...@phone-12
  plain,         ///< 5f3c...
  uuid,          ///< 1c5b8c3e-...
};

/// The habits of one make of phone. All makes are invented.
struct Make {
  std::string_view agent;
  std::vector<std::string_view> order;  ///< of its headers
  CallIdForm call_id = CallIdForm::plain;
  bool rport_first = false;   ///< `;rport;branch=`, else `;branch=;rport`
  bool odd_sip_port = false;  ///< sends from a port of its own choice, else from 5060
  int rtp_low = 10000, rtp_high = 20000;
  bool names_rtcp = false;  ///< writes a=rtcp: with its address
  std::string_view origin = "-", session = "-";
  std::string_view supported = "replaces, timer";
  std::string_view allow = "INVITE, ACK, CANCEL, BYE, OPTIONS, NOTIFY, REFER, UPDATE";
  std::string_view contact_parameters{};
  Seconds rtcp_interval = 5;  ///< 0: it sends no RTCP
};

[[nodiscard]] std::span<const Make> makes();

}  // namespace viaduct::simulate
