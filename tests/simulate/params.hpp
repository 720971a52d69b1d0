// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include "simulate/random.hpp"

#include <expected>
#include <filesystem>
#include <map>
#include <string>
#include <string_view>
#include <vector>

namespace viaduct::simulate {

/// The values of one scenario: from what each of its quantities is drawn.
struct ScenarioParams {
  std::string name;
  std::string variant;  ///< tells two entries of one scenario apart; part of the names of their sites
  std::string family;   ///< the ALG's, if it is not to be drawn
  std::string alike;    ///< the look-alike, likewise
  int sites = 0;
  std::map<std::string, Range, std::less<>> ranges;

  /// The range of a key of the table in params.cpp.
  [[nodiscard]] Range range(std::string_view key) const;
};

struct Params {
  std::vector<ScenarioParams> scenarios;
};

/// Reads a file such as small.toml: `[common]` holds for all scenarios, `[[scenario]]` names one, how many sites of it,
/// and what differs there. A value is a number or a pair [low, high]. The error is a sentence.
[[nodiscard]] std::expected<Params, std::string> parse_params(std::string_view text);
[[nodiscard]] std::expected<Params, std::string> read_params(const std::filesystem::path& path);

}  // namespace viaduct::simulate
