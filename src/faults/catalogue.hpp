// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include "base/bytes.hpp"

#include <span>
#include <string>
#include <vector>

namespace viaduct::faults {

/// One entry of the failure catalogue (data/behaviours.toml), as it was when the program was built.
struct CatalogueEntry {
  std::string id;  ///< "B21"
  std::string title;
  std::string wire;                   ///< what happens in packets
  std::string symptom;                ///< what people notice
  std::vector<std::string> families;  ///< which products show it: "linux", "junos", "unattributed"
  std::string detect_two_sides;       ///< how it shows with captures on both sides of the box
  std::string detect_server;
  std::string detect_client;
  std::vector<std::string> sources;  ///< RFCs, issues, documentation
  bool reproduced = false;           ///< one of behaviours() does it
  std::string reason;                ///< why not; empty if reproduced
};

/// An id as people type it, in the spelling of the catalogue: "b21" is B21.
[[nodiscard]] std::string catalogue_id(base::Bytes typed);

/// All entries, by id.
[[nodiscard]] std::span<const CatalogueEntry> catalogue();
/// nullptr if there is none with this id (upper case).
[[nodiscard]] const CatalogueEntry* find_in_catalogue(base::Bytes id);

}  // namespace viaduct::faults
