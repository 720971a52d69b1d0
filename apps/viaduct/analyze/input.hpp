// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include "call/sighting.hpp"

#include <expected>
#include <string>
#include <vector>

namespace viaduct::app::analyze {

/// A capture that is to be read, and where it was taken.
struct Input {
  std::string path;       ///< "-": the standard input
  std::string site{};     ///< empty: none was named
  call::Point point = 0;  ///< its index; files of one site continue each other
};

/// What to read, site by site.
struct InputList {
  std::vector<Input> inputs;
  std::vector<std::string> notes;  ///< a sentence for each file of a directory that is left out
};

/// Files stay in their order; a directory stands for the captures in it and below, told by their content, those that
/// begin first in front. `sites` are "NAME=PATH"; of them `files` are none. The error is a sentence.
[[nodiscard]] std::expected<InputList, std::string> list_inputs(const std::vector<std::string>& files,
                                                                const std::vector<std::string>& sites);

}  // namespace viaduct::app::analyze
