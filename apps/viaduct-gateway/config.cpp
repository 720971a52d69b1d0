// SPDX-License-Identifier: GPL-2.0-or-later
#include "viaduct-gateway/config.hpp"

#include "base/nearest.hpp"
#include "os/file.hpp"
#include "viaduct-gateway/config_keys.hpp"
#include "viaduct-gateway/config_value.hpp"
#include "viaduct-gateway/prefix_text.hpp"

#include <algorithm>
#include <map>
#include <ostream>

namespace viaduct::gateway {
namespace {

constexpr std::size_t kLargestFile = std::size_t{1024} * 1024;

/// Walks a parsed file along the table of keys.
class Reader {
 public:
  explicit Reader(Diagnostics& diagnostics) : diagnostics_(diagnostics) {}

  void read(const toml::table& root) {
    for (const auto& [name, node] : root) {
      if (const ConfigKey* key = find("", name.str())) {
        take(*key, node, name);
      } else if (const ConfigSection* section = find_section(name.str())) {
        read_section(*section, name, node);
      } else {
        unknown(name, "", node.is_table() || node.is_array_of_tables());
      }
    }
    check_ports();
    check_media_ports();
    check_limits();
  }

  GatewayConfig config;

 private:
  static const ConfigKey* find(base::Bytes section, base::Bytes name) {
    for (const ConfigKey& key : config_keys())
      if (key.section == section && key.name == name) return &key;
    return nullptr;
  }
  static const ConfigSection* find_section(base::Bytes name) {
    for (const ConfigSection& section : config_sections())
      if (!name.empty() && section.name == name) return &section;
    return nullptr;
  }

  void take(const ConfigKey& key, const toml::node& node, const toml::key& name) {
    ConfigValue value(node, key, config, diagnostics_);
    key.read(value);
    places_[std::string(key.section) + "." + std::string(key.name)] = place_of(name.source());
  }

  void read_section(const ConfigSection& section, const toml::key& name, const toml::node& node) {
    std::string plain(section.name);
    if (!section.repeated) {
      if (const toml::table* table = node.as_table()) return read_keys(section, *table);
      return diagnostics_.add(place_of(name.source()), "'" + plain + "' is one section", "write [" + plain + "]");
    }
    const toml::array* array = node.as_array();
    if (array == nullptr || !array->is_homogeneous(toml::node_type::table))
      return diagnostics_.add(place_of(name.source()), "'" + plain + "' is a list of sections",
                              "write [[" + plain + "]]");
    for (const toml::node& entry : *array) read_entry(section, *entry.as_table());
  }

  void read_entry(const ConfigSection& section, const toml::table& table) {
    if (section.name == "inside") config.policy.inside.emplace_back();
    if (section.name == "platform") config.policy.platforms.emplace_back();
    if (section.name == "endpoint") config.policy.endpoints.emplace_back();
    read_keys(section, table);
    Place place = place_of(table.source());
    for (const ConfigKey& key : config_keys())
      if (key.section == section.name && key.required && !table.contains(key.name))
        diagnostics_.add(place, "[[" + std::string(section.name) + "]] needs '" + std::string(key.name) + "'",
                         "as in " + std::string(key.name) + " = " + std::string(key.example));
    if (section.name == "platform" && table.contains("address") == table.contains("domain"))
      diagnostics_.add(place, "[[platform]] needs either 'address' or 'domain'",
                       table.contains("address") ? "write two sections for a platform that is known by both"
                                                 : "as in domain = \"sip.example.net\"");
    check_repeated(section, table);
  }

  void read_keys(const ConfigSection& section, const toml::table& table) {
    for (const auto& [name, node] : table) {
      if (const ConfigKey* key = find(section.name, name.str())) {
        take(*key, node, name);
      } else {
        unknown(name, section.name, false);
      }
    }
  }

  void unknown(const toml::key& name, base::Bytes section, bool is_section) {
    std::vector<base::Bytes> here;
    for (const ConfigKey& key : config_keys())
      if (!is_section && key.section == section) here.push_back(key.name);
    for (const ConfigSection& known : config_sections())
      if (is_section && !known.name.empty()) here.push_back(known.name);
    std::string word(name.str());
    std::string hint;
    if (base::Bytes near = base::nearest(word, here); !near.empty()) {
      hint = "did you mean " + (is_section ? header_of(*find_section(near)) : "'" + std::string(near) + "'") + "?";
    } else if (std::string homes = sections_with(word); !homes.empty() && !is_section) {
      hint = "'" + word + "' belongs to " + homes;
    } else {
      hint = is_section ? "sections are: " : "keys here are: ";
      for (base::Bytes candidate : here) hint += (candidate == here.front() ? "" : ", ") + std::string(candidate);
    }
    diagnostics_.add(place_of(name.source()), (is_section ? "unknown section '" : "unknown key '") + word + "'", hint);
  }

  static std::string sections_with(base::Bytes name) {
    std::string homes;
    for (const ConfigKey& key : config_keys()) {
      if (key.name != name) continue;
      const ConfigSection* section = find_section(key.section);
      homes += homes.empty() ? "" : ", ";
      homes += section == nullptr ? "the top of the file" : header_of(*section);
    }
    return homes;
  }

  /// The same party twice would make the order of sections count, silently.
  void check_repeated(const ConfigSection& section, const toml::table& table) {
    std::string identity;
    if (section.name == "inside") identity = prefix_text(config.policy.inside.back().network);
    if (section.name == "endpoint") identity = prefix_text(config.policy.endpoints.back().address);
    if (section.name == "platform") {
      const alg::PlatformRule& rule = config.policy.platforms.back();
      identity = rule.address ? prefix_text(*rule.address) : rule.domain;
    }
    Place place = place_of(table.source());
    auto [earlier, fresh] = parties_.try_emplace(std::string(section.name) + " " + identity, place.line);
    if (!fresh && !identity.empty() && table.size() > 0)
      diagnostics_.add(place, "[[" + std::string(section.name) + "]] for " + identity + " is there already",
                       "the first one is in line " + std::to_string(earlier->second));
  }

  void check_ports() {
    const alg::PortRange& range = config.policy.media_ports;
    for (std::uint16_t port : config.sip_ports)
      if (port >= range.first && port <= range.last)
        diagnostics_.add(place_or_top("media.port_range", ".ports"),
                         "port " + std::to_string(port) + " is in 'ports' and in media.port_range " +
                             std::to_string(range.first) + "-" + std::to_string(range.last),
                         "a SIP port must not become a media port");
  }

  /// Two rules for one packet: the order of our chain would decide, silently.
  void check_media_ports() {
    for (const alg::PortRange& range : config.qos.media_ports)
      for (std::uint16_t port : config.sip_ports)
        if (port >= range.first && port <= range.last)
          diagnostics_.add(place_or_top("qos.media_ports", ".ports"),
                           "port " + std::to_string(port) + " is in 'ports' and in qos.media_ports " +
                               std::to_string(range.first) + "-" + std::to_string(range.last),
                           "SIP is marked as SIP: leave its port out");
  }

  void check_limits() {
    alg::Limits& limits = config.policy.limits;
    if (limits.dialogs_per_source <= limits.dialogs) return;
    if (!places_.contains("limits.dialogs_per_source")) {
      limits.dialogs_per_source = limits.dialogs;
      return;
    }
    diagnostics_.add(places_["limits.dialogs_per_source"],
                     "dialogs_per_source is more than dialogs (" + std::to_string(limits.dialogs) + ")",
                     "one source could never reach it");
  }

  Place place_or_top(const std::string& key, const std::string& otherwise) {
    for (const std::string& name : {key, otherwise})
      if (places_.contains(name)) return places_[name];
    return {};
  }

  Diagnostics& diagnostics_;
  std::map<std::string, Place> places_;
  std::map<std::string, std::uint32_t> parties_;
};

}  // namespace

std::expected<GatewayConfig, ConfigFailure> parse_config(base::Bytes text, const std::string& name) {
  Diagnostics diagnostics(text, name);
  Reader reader(diagnostics);
  try {
    toml::table root = toml::parse(text, name);
    reader.read(root);
  } catch (const toml::parse_error& error) {
    diagnostics.add(place_of(error.source()), std::string(error.description()));
  }
  if (diagnostics.count() > 0) return std::unexpected(ConfigFailure{false, diagnostics.to_text()});
  return reader.config;
}

std::expected<GatewayConfig, ConfigFailure> load_config(const std::string& path) {
  os::Result<std::string> text = os::read_file(path, kLargestFile);
  if (!text) return std::unexpected(ConfigFailure{true, text.error().to_text() + "\n"});
  return parse_config(*text, path);
}

int check_config(const std::string& path, std::ostream& out, std::ostream& err) {
  std::expected<GatewayConfig, ConfigFailure> config = load_config(path);
  if (config) {
    out << path << ": valid\n";
    return 0;
  }
  err << config.error().text;
  return config.error().unreadable ? 3 : 1;
}

std::vector<std::string> keys_needing_restart(const GatewayConfig& running, const GatewayConfig& wanted) {
  std::vector<std::string> names;
  for (const ConfigKey& key : config_keys())
    if (key.restart && key.write != nullptr && key.write(running) != key.write(wanted))
      names.push_back(std::string(key.section) + (key.section.empty() ? "" : ".") + std::string(key.name));
  return names;
}

}  // namespace viaduct::gateway
