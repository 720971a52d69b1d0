// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include "base/bytes.hpp"
#include "viaduct-gateway/config.hpp"

#include <cstdint>
#include <optional>
#include <span>
#include <string>

namespace viaduct::gateway {

class ConfigValue;

/// One section of the file: [name], or [[name]] when it may appear several times.
struct ConfigSection {
  base::Bytes name;  ///< empty: the keys above the first section
  bool repeated = false;
  base::Bytes meaning{};
};

struct IntegerRange {
  std::int64_t low = 0;
  std::int64_t high = 0;
  base::Bytes unit;  ///< plural, may be empty
};

/// One key of the file. This table is the only description: the parser, the example file and the manual page are
/// made from it, so they cannot drift apart.
struct ConfigKey {
  base::Bytes section{};
  base::Bytes name{};
  base::Bytes values{};                 ///< what may be written, for keys that are no single integer
  std::optional<IntegerRange> range{};  ///< for keys that are
  base::Bytes standard{};               ///< words for the default where `write` cannot tell it
  base::Bytes example{};                ///< TOML shown in the example file where the default is no TOML
  base::Bytes meaning{};                ///< sentences
  bool required = false;
  bool restart = false;                                         ///< a reload does not change it
  void (*read)(ConfigValue& value) = nullptr;                   ///< takes the value over into value.config
  std::string (*write)(const GatewayConfig& config) = nullptr;  ///< as TOML, "" for "not set"; null in lists
};

[[nodiscard]] std::span<const ConfigSection> config_sections();
[[nodiscard]] std::span<const ConfigKey> config_keys();

/// "[wan]" or "[[inside]]".
[[nodiscard]] std::string header_of(const ConfigSection& section);
/// The default as the manual shows it.
[[nodiscard]] std::string standard_of(const ConfigKey& key);
/// What may be written, as the manual shows it.
[[nodiscard]] std::string values_of(const ConfigKey& key);

}  // namespace viaduct::gateway
