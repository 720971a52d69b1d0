// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include "box/port.hpp"
#include "faults/behaviour.hpp"
#include "faults/box_settings.hpp"

#include <expected>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <vector>

namespace viaduct::app::box {

/// The options of `viaduct faults run` as they were typed.
struct RunOptions {
  std::string inside;
  std::string outside;
  std::string inside_address = "192.168.1.1/24";
  std::vector<std::string> outside_addresses;
  std::string gateway;
  std::vector<std::string> behaviours;
  std::string family;
  std::vector<std::string> sets;
  std::string mapping = "endpoint-independent";
  std::string filtering = "address";
  std::string ports = "preserve";
  std::string pooling = "paired";
  bool no_parity = false;
  bool no_hairpin = false;
  bool inbound_refresh = false;
  std::string udp_timeout = "300s";
  std::string sip_timeout = "300s";
  std::string media_timeout = "300s";
  std::string tcp_timeout = "7440s";
  std::string port_range = "1024-65535";
  std::string up;
  std::string down;
  std::vector<std::uint16_t> sip_ports = {5060};
  std::size_t mtu = 1500;
  std::uint64_t seed = 1;
  std::string duration;
  bool tcp = false;
  bool json = false;
  std::set<std::string> typed;  ///< names of the options that were given: "--udp-timeout"
};

/// What the box is made of.
struct Setup {
  faults::BoxSettings settings;
  std::vector<std::unique_ptr<faults::Behaviour>> behaviours;
  std::vector<std::string> names;  ///< of the behaviours, with what was set: "B21 gap=2s"
  Attachment inside;
  Attachment outside;
  std::optional<base::Duration> duration;
};

/// The error is a sentence for people that names the option.
[[nodiscard]] std::expected<Setup, std::string> make_setup(const RunOptions& options);

/// "loss=1%,burst=0.5%/30%,delay=20ms,jitter=5ms,reorder=1%,rate=1M,queue=64k": what a line does.
[[nodiscard]] std::expected<faults::LinkSettings, std::string> parse_link(base::Bytes text);

}  // namespace viaduct::app::box
