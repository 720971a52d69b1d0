// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include "base/bytes.hpp"
#include "faults/behaviour.hpp"
#include "faults/box_settings.hpp"

#include <memory>
#include <span>
#include <vector>

namespace viaduct::faults {

/// A value that a family gives a parameter of a behaviour, where the fallback is not what its products do.
struct FamilyValue {
  base::Bytes name;   ///< "known"
  base::Bytes value;  ///< as --set takes it
};

/// A behaviour of the catalogue that a family shows.
struct FamilyBehaviour {
  base::Bytes id;  ///< "A19"
  std::span<const FamilyValue> set;
};

/// An ALG implementation that many products share, as a preset of the box: what it rewrites, and which behaviours of
/// the catalogue it shows besides.
struct Family {
  base::Bytes name;     ///< "linux"
  base::Bytes summary;  ///< one line for people
  void (*configure)(BoxSettings& settings);
  std::span<const FamilyBehaviour> behaviours;
  std::unique_ptr<Behaviour> (*make_alg)() = nullptr;  ///< what no profile can say, or an ALG of its own
};

[[nodiscard]] std::span<const Family> families();
/// Settings and ALG of a family; its behaviours of the catalogue are for the caller, who may set their parameters.
void apply_family(const Family& family, BoxSettings& settings, std::vector<std::unique_ptr<Behaviour>>& behaviours);
/// The parameters of one of its behaviours: what the family sets, and fallbacks. The caller may set others.
[[nodiscard]] Values values_of(const FamilyBehaviour& behaviour);
/// nullptr if there is none of this name.
[[nodiscard]] const Family* find_family(base::Bytes name);

}  // namespace viaduct::faults
