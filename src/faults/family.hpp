// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include "base/bytes.hpp"
#include "faults/behaviour.hpp"
#include "faults/box_settings.hpp"

#include <memory>
#include <span>
#include <vector>

namespace viaduct::faults {

/// An ALG implementation that many products share, as a preset of the box: what it rewrites, and which behaviours of
/// the catalogue it shows besides.
struct Family {
  base::Bytes name;     ///< "linux"
  base::Bytes summary;  ///< one line for people
  void (*configure)(BoxSettings& settings);
  std::span<const base::Bytes> behaviours;
  std::unique_ptr<Behaviour> (*make_alg)() = nullptr;  ///< what no profile can say, or an ALG of its own
};

[[nodiscard]] std::span<const Family> families();
/// Settings and ALG of a family; its behaviours of the catalogue are for the caller, who may set their parameters.
void apply_family(const Family& family, BoxSettings& settings, std::vector<std::unique_ptr<Behaviour>>& behaviours);
/// nullptr if there is none of this name.
[[nodiscard]] const Family* find_family(base::Bytes name);

}  // namespace viaduct::faults
