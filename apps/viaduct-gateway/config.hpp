// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include "alg/policy.hpp"
#include "base/bytes.hpp"

#include <chrono>
#include <cstdint>
#include <expected>
#include <iosfwd>
#include <optional>
#include <string>
#include <vector>

namespace viaduct::gateway {

inline constexpr const char* kDefaultConfigPath = "/etc/viaduct/gateway.toml";

struct QueueConfig {
  std::uint16_t number = 5060;
  std::uint32_t length = 256;  ///< packets; short on purpose, see viaduct-gateway.toml(5)
};

struct QosConfig {
  std::uint64_t rate = 0;                   ///< bit/s of the WAN uplink; 0: no queueing discipline is built
  bool force = false;                       ///< replace a root qdisc that somebody configured
  std::optional<bool> mark;                 ///< write DSCP; absent: where there is a rate
  std::uint8_t media_dscp = 46;             ///< EF
  std::uint8_t sip_dscp = 24;               ///< CS3
  std::vector<alg::PortRange> media_ports;  ///< RTP where nothing is read, mode off; empty: SIP alone

  [[nodiscard]] bool marks() const { return mark.value_or(rate != 0); }
};

struct PathConfig {
  std::string journal = "/var/lib/viaduct/gateway.journal";
  std::string socket = "/run/viaduct/gateway.sock";
};

enum class LogLevel : std::uint8_t { error, warning, info, debug };

/// /etc/viaduct/gateway.toml, read and checked. A default GatewayConfig is what an empty file means.
struct GatewayConfig {
  alg::Policy policy;
  std::vector<std::uint16_t> sip_ports{5060};  ///< server ports, either direction; never empty
  std::chrono::seconds udp_timeout{300};       ///< of conntrack, for SIP and media flows; at least 120 s
  std::vector<std::string> wan_interfaces;     ///< empty: the interfaces of the default routes
  QueueConfig queue;
  QosConfig qos;
  PathConfig paths;
  LogLevel log_level = LogLevel::info;
};

/// Why there is no GatewayConfig. `text` is whole lines for a person: place, excerpt, caret, suggestion, for
/// every problem of the file and not only the first.
struct ConfigFailure {
  bool unreadable = false;  ///< the file could not be read, so nothing is said about its content
  std::string text;
};

/// Reads configuration text; `name` is the file name that problems are reported under.
[[nodiscard]] std::expected<GatewayConfig, ConfigFailure> parse_config(base::Bytes text, const std::string& name);
/// The same from a file.
[[nodiscard]] std::expected<GatewayConfig, ConfigFailure> load_config(const std::string& path);

/// `viaduct-gateway --check-config FILE`. Returns the exit code: 0 valid, 1 invalid, 3 unreadable.
[[nodiscard]] int check_config(const std::string& path, std::ostream& out, std::ostream& err);

/// Names of the keys that differ and that a reload cannot change, e.g. "queue.number".
[[nodiscard]] std::vector<std::string> keys_needing_restart(const GatewayConfig& running, const GatewayConfig& wanted);

/// The configuration as TOML, every key written out: what is in force.
[[nodiscard]] std::string to_toml(const GatewayConfig& config);

/// The commented example file (packaging/gateway.toml): every key with meaning, values and default.
[[nodiscard]] std::string example_config();
/// The same knowledge as mdoc, for viaduct-gateway.toml(5).
[[nodiscard]] std::string manual_keys();

}  // namespace viaduct::gateway
