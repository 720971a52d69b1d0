// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include "viaduct-gateway/config.hpp"
#include "viaduct-gateway/config_diagnostics.hpp"
#include "viaduct-gateway/config_keys.hpp"

#include <toml++/toml.h>

#include <cstdint>
#include <limits>
#include <optional>
#include <span>
#include <string>

namespace viaduct::gateway {

/// One value of the file on its way into the configuration. Each reader checks type and range, says what is wrong
/// at the place of the value, and leaves the target alone in that case.
class ConfigValue {
 public:
  ConfigValue(const toml::node& node, const ConfigKey& key, GatewayConfig& into, Diagnostics& diagnostics)
      : config(into), node_(node), key_(key), diagnostics_(diagnostics) {}

  GatewayConfig& config;

  /// Checks against key.range, which must lie within T.
  template <class T>
  void integer(T& target) const {
    std::optional<std::int64_t> value = checked_integer();
    if (value) target = static_cast<T>(*value);
  }
  void boolean(bool& target) const;
  void boolean(std::optional<bool>& target) const;
  void seconds(std::chrono::seconds& target) const;
  void ports(std::vector<std::uint16_t>& target) const;
  void interfaces(std::vector<std::string>& target) const;
  void mode(std::optional<alg::Mode>& target) const;
  void mode(alg::Mode& target) const;
  /// "auto" (nullopt), true or false.
  void handles(std::optional<bool>& target) const;
  void network(net::Prefix& target) const;
  void network(std::optional<net::Prefix>& target) const;
  void domain(std::string& target) const;
  void port_range(alg::PortRange& target) const;
  /// One range, or a list of them, for matching only.
  void port_ranges(std::vector<alg::PortRange>& target) const;
  void bit_rate(std::uint64_t& target) const;
  void dscp(std::uint8_t& target) const;
  void path(std::string& target, std::size_t longest) const;
  void log_level(LogLevel& target) const;

  /// A problem at this value; the message is prefixed with the key.
  void wrong(const std::string& message, std::string hint = {}) const;

 private:
  [[nodiscard]] std::optional<std::int64_t> checked_integer() const;
  [[nodiscard]] std::optional<std::string> string() const;
  [[nodiscard]] const toml::array* array(const char* of_what) const;
  void wrong_at(const toml::node& node, const std::string& message, std::string hint = {}) const;
  void wrong_type(const toml::node& node, const char* expected) const;
  /// The index of `word` in `words`; complains with a suggestion otherwise.
  [[nodiscard]] std::optional<std::size_t> one_of(const std::string& word, std::span<const base::Bytes> words) const;

  const toml::node& node_;
  const ConfigKey& key_;
  Diagnostics& diagnostics_;
};

/// Where a node stands in the file.
[[nodiscard]] Place place_of(const toml::source_region& source);

/// "20mbit", the shortest exact spelling of a rate in bit/s.
[[nodiscard]] std::string rate_text(std::uint64_t bits_per_second);
/// "ef", "cs3", "af41" or a number.
[[nodiscard]] std::string dscp_text(std::uint8_t dscp);

inline constexpr std::array<base::Bytes, 4> kLogLevels = {"error", "warning", "info", "debug"};

}  // namespace viaduct::gateway
