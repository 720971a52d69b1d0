// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include "audit/text.hpp"

#include <memory>
#include <optional>
#include <string>

namespace viaduct::audit {

/// A regular expression of the catalogue: RE2's syntax, `^` and `$` at lines. It is compiled when it is needed first,
/// once for all copies of it: most products of the catalogue never meet a configuration of theirs. May be used by
/// several threads.
class Pattern {
 public:
  struct Match {
    std::size_t offset = 0;  ///< in the text
    Bytes group;             ///< the first in parentheses, empty without one
  };

  Pattern() = default;
  explicit Pattern(std::string expression);
  [[nodiscard]] bool empty() const { return shared_ == nullptr; }
  /// The first place where it fits; none, too, for an expression that is none.
  [[nodiscard]] std::optional<Match> find(Bytes text) const;

 private:
  struct Shared;
  std::shared_ptr<Shared> shared_;  ///< none: of no expression
};

/// Why `expression` is none; empty for one that is.
[[nodiscard]] std::string pattern_error(Bytes expression);

}  // namespace viaduct::audit
