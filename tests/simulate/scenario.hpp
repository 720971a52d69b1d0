// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include "simulate/params.hpp"
#include "simulate/setup.hpp"

#include <string_view>
#include <vector>

namespace viaduct::simulate {

[[nodiscard]] bool is_scenario(std::string_view name);
[[nodiscard]] bool is_lookalike(std::string_view name);
/// In the order in which they are explained in README.md.
[[nodiscard]] std::vector<std::string_view> scenario_names();

/// All that is drawn for site `index` of a scenario. It depends on nothing but these three.
[[nodiscard]] SiteSetup draw_site(const ScenarioParams& params, int index, std::uint64_t seed);

}  // namespace viaduct::simulate
