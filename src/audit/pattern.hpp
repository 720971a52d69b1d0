// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include "audit/text.hpp"

#include <memory>
#include <optional>
#include <string>

namespace re2 {
class RE2;
}

namespace viaduct::audit {

/// A regular expression of the catalogue: RE2's syntax, `^` and `$` at lines.
class Pattern {
 public:
  explicit Pattern(Bytes expression);
  Pattern(Pattern&&) noexcept;
  Pattern& operator=(Pattern&&) noexcept;
  ~Pattern();

  struct Match {
    std::size_t offset = 0;  ///< in the text
    Bytes group;             ///< the first in parentheses, empty without one
  };
  /// The first place where it fits; none, too, for an expression that is none.
  [[nodiscard]] std::optional<Match> find(Bytes text) const;

 private:
  std::unique_ptr<re2::RE2> compiled_;
};

/// Why `expression` is none; empty for one that is.
[[nodiscard]] std::string pattern_error(Bytes expression);

}  // namespace viaduct::audit
