// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include "audit/audit.hpp"
#include "finding/result.hpp"

#include <expected>
#include <string>
#include <vector>

namespace viaduct::app::audit {

/// What a tool that saw the path found: ALG families and behaviours of what failed.
struct PathResult {
  struct Family {
    std::string name;       ///< as data/behaviours.toml spells it: "linux"
    double confidence = 0;  ///< of the surest finding that names it
  };
  std::string tool;                     ///< "viaduct analyze"
  std::vector<Family> families;         ///< the surest first; empty: none was named
  std::vector<std::string> behaviours;  ///< ids, each once, in order
};

/// Reads a document by docs/result-schema.json. The error is a sentence.
[[nodiscard]] std::expected<PathResult, std::string> read_path_result(const std::string& json);

/// Puts to findings about features of a device the behaviours that its family of ALG is known for
/// (data/behaviours.toml).
void name_behaviours(viaduct::audit::Audited& one, const viaduct::audit::Catalogue& catalogue);

/// Whose findings rank_by_path() adds.
[[nodiscard]] const finding::Rule& path_rule();

/// Ranks the devices whose settings explain what was seen on the path, puts their findings first, and says why in a
/// finding of its own.
void rank_by_path(finding::Result& result, const PathResult& path, const viaduct::audit::Catalogue& catalogue);

}  // namespace viaduct::app::audit
