// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include "audit/catalogue.hpp"
#include "audit/text.hpp"

#include <memory>
#include <vector>

namespace viaduct::audit {

/// Whose configuration a text is, by its content alone. Compiles the patterns of all products into one automaton; may
/// be used by several threads. Borrows from the catalogue.
class Recogniser {
 public:
  explicit Recogniser(const Catalogue& catalogue);
  Recogniser(const Recogniser&) = delete;
  Recogniser& operator=(const Recogniser&) = delete;
  ~Recogniser();

  struct Guess {
    const Product* product = nullptr;
    double sure = 0;  ///< 0 to 1: the signs of a product count as independent ones
  };
  /// Best first; those below a third are left out.
  [[nodiscard]] std::vector<Guess> guess(const Text& text) const;
  /// Products that a text of `product` is of besides, as surely as if it were theirs alone: someone put several files
  /// into one. None of those whose systems print what this one prints, as each router that runs Linux does.
  [[nodiscard]] std::vector<const Product*> others(const Text& text, const Product& product) const;

 private:
  struct Automaton;
  std::unique_ptr<Automaton> automaton_;
};

}  // namespace viaduct::audit
