// SPDX-License-Identifier: GPL-2.0-or-later
#include "simulate/params.hpp"

#include "simulate/alg.hpp"
#include "simulate/scenario.hpp"

#include <toml++/toml.h>

#include <algorithm>
#include <array>
#include <fstream>
#include <iterator>
#include <optional>
#include <utility>

namespace viaduct::simulate {
namespace {

/// All keys, and what they are where a file does not say. Shares are chances from 0 to 1.
constexpr auto kDefaults = std::to_array<std::pair<std::string_view, Range>>({
    // The site
    {"lines", {2, 6}},
    {"calls", {1, 2}},              // of each line
    {"length", {150, 330}},         // of a call, seconds
    {"client_side", {0, 0}},        // share of sites captured between phones and router
    {"both_sides", {0, 0}},         // share of sites captured there and at the platform
    {"one_make", {0.5, 0.5}},       // share of sites whose phones are all alike
    {"lookalike", {0.5, 0.5}},      // share of sites without ALG that look as if they had one
    {"stun_seen", {0.7, 0.7}},      // share of STUN users whose server the capture sees
    {"harmless_alg", {0, 0}},       // share of sites with an ALG that has nothing to do with what is wrong
    {"g711", {0.1, 0.1}},           // share of calls
    {"suppression", {0.15, 0.15}},  // share of calls with silence suppression
    {"delay", {0.005, 0.05}},
    {"path_jitter", {0.0002, 0.004}},
    {"noise", {0, 0.0005}},  // share of packets lost everywhere and always
    {"strays", {0, 0.3}},    // short holes per call that have nothing to do with what is wrong
    {"skew", {-0.00005, 0.00005}},
    {"register", {60, 600}},  // seconds between two REGISTERs
    {"keepalive", {20, 60}},
    {"nat_idle", {120, 300}},
    {"symmetric", {0.3, 0.3}},  // share of NATs with a mapping for each destination
    // What is wrong
    {"period", {20, 60}},
    {"periodic", {0.25, 0.25}},  // share of sites where a thing that need not be periodic is
    {"jitter", {0, 4}},
    {"restarts", {0.5, 0.5}},
    {"sweep", {0.3, 0.3}},  // share of ALGs that look after their table now and then only
    {"sip_refreshes", {0.1, 0.1}},
    {"missed", {0, 0.25}},
    {"hole", {0.3, 6}},
    {"both", {0.6, 0.6}},  // share in which both directions suffer
    {"lag", {0.5, 5}},
    {"long_period", {0.2, 0.2}},  // share with periods of 90 to 200 s
    {"mute", {0.5, 2}},           // length of silences over the life of a mapping
    {"speech", {2, 12}},
    {"rate", {0.8e6, 6e6}},  // of the narrow link, bits/s
    {"queue", {0.06, 0.5}},  // seconds it holds
    {"flows", {1, 5}},
    {"busy", {4, 15}},
    {"calm", {4, 30}},
    {"scan", {0.15, 1.2}},
    {"sleepy", {0.3, 0.3}},
    {"stall", {0.25, 3}},
    {"loss", {0.01, 0.08}},
    {"run", {3, 60}},  // packets in a run of losses
});

/// Keys that are no quantities.
constexpr auto kNames = std::to_array<std::string_view>({"name", "variant", "family", "alike", "sites"});

std::optional<Range> range_of(const toml::node& node) {
  if (const auto number = node.value<double>()) return Range{*number, *number};
  const toml::array* pair = node.as_array();
  if (pair == nullptr || pair->size() != 2) return std::nullopt;
  const auto low = pair->get(0)->value<double>(), high = pair->get(1)->value<double>();
  if (!low || !high || *low > *high) return std::nullopt;
  return Range{*low, *high};
}

std::optional<std::string> read_ranges(const toml::table& table, ScenarioParams& into) {
  for (const auto& [key, node] : table) {
    if (std::ranges::find(kNames, key.str()) != kNames.end()) continue;
    if (std::ranges::find(kDefaults, key.str(), &std::pair<std::string_view, Range>::first) == kDefaults.end())
      return "unknown key '" + std::string(key.str()) + "'";
    const auto range = range_of(node);
    if (!range) return "'" + std::string(key.str()) + "' is to be a number or [low, high]";
    into.ranges[std::string(key.str())] = *range;
  }
  return std::nullopt;
}

std::optional<std::string> check_names(const ScenarioParams& scenario) {
  if (!is_scenario(scenario.name)) return "no scenario has the name '" + scenario.name + "'";
  if (!scenario.family.empty() && !find_family(scenario.family))
    return "no family has the name '" + scenario.family + "'";
  if (!scenario.alike.empty() && !is_lookalike(scenario.alike))
    return "nothing looks alike as '" + scenario.alike + "'";
  return std::nullopt;
}

std::expected<Params, std::string> read(const toml::table& root) {
  ScenarioParams common;
  if (const toml::table* table = root["common"].as_table())
    if (const auto wrong = read_ranges(*table, common)) return std::unexpected("[common]: " + *wrong);
  const toml::array* scenarios = root["scenario"].as_array();
  if (scenarios == nullptr) return std::unexpected("no [[scenario]]");
  Params params;
  for (const toml::node& node : *scenarios) {
    const toml::table* table = node.as_table();
    if (table == nullptr) return std::unexpected("[[scenario]] is a list of tables");
    ScenarioParams scenario = common;
    scenario.name = (*table)["name"].value_or(std::string());
    scenario.variant = (*table)["variant"].value_or(std::string());
    scenario.family = (*table)["family"].value_or(std::string());
    scenario.alike = (*table)["alike"].value_or(std::string());
    scenario.sites = (*table)["sites"].value_or(1);
    if (const auto wrong = check_names(scenario)) return std::unexpected(*wrong);
    if (const auto wrong = read_ranges(*table, scenario)) return std::unexpected(scenario.name + ": " + *wrong);
    const auto same = [&](const ScenarioParams& other) {
      return other.name == scenario.name && other.variant == scenario.variant;
    };
    if (std::ranges::any_of(params.scenarios, same))
      return std::unexpected(scenario.name + " is there twice: give one a 'variant'");
    params.scenarios.push_back(std::move(scenario));
  }
  return params;
}

}  // namespace

Range ScenarioParams::range(std::string_view key) const {
  if (const auto found = ranges.find(key); found != ranges.end()) return found->second;
  return std::ranges::find(kDefaults, key, &std::pair<std::string_view, Range>::first)->second;
}

std::expected<Params, std::string> parse_params(std::string_view text) {
  try {
    return read(toml::parse(text));
  } catch (const toml::parse_error& error) {
    return std::unexpected("line " + std::to_string(error.source().begin.line) + ": " +
                           std::string(error.description()));
  }
}

std::expected<Params, std::string> read_params(const std::filesystem::path& path) {
  std::ifstream file(path, std::ios::binary);
  if (!file) return std::unexpected("cannot be read");
  return parse_params(std::string(std::istreambuf_iterator<char>(file), {}));
}

}  // namespace viaduct::simulate
