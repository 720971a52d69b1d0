// SPDX-License-Identifier: GPL-2.0-or-later
#include "audit/pattern.hpp"

#include <array>
#include <mutex>
#include <re2/re2.h>
#include <utility>

namespace viaduct::audit {
namespace {

[[nodiscard]] RE2::Options options() {
  RE2::Options options(RE2::Quiet);
  options.set_encoding(RE2::Options::EncodingLatin1);  // captured text may be no UTF-8
  return options;
}

[[nodiscard]] std::string of_lines(Bytes expression) {
  return "(?m)" + std::string(expression);
}

}  // namespace

struct Pattern::Shared {
  std::string expression;
  std::once_flag once{};
  std::unique_ptr<RE2> compiled{};
};

Pattern::Pattern(std::string expression) {
  if (!expression.empty()) shared_ = std::make_shared<Shared>(std::move(expression));
}

std::optional<Pattern::Match> Pattern::find(Bytes text) const {
  if (empty()) return std::nullopt;
  std::call_once(shared_->once,
                 [&] { shared_->compiled = std::make_unique<RE2>(of_lines(shared_->expression), options()); });
  const RE2& compiled = *shared_->compiled;
  std::array<re2::StringPiece, 2> found;
  const int groups = compiled.NumberOfCapturingGroups() > 0 ? 2 : 1;
  if (!compiled.ok() ||
      !compiled.Match({text.data(), text.size()}, 0, text.size(), RE2::UNANCHORED, found.data(), groups))
    return std::nullopt;
  Match match{.offset = static_cast<std::size_t>(found[0].data() - text.data()), .group = {}};
  if (groups == 2 && found[1].data() != nullptr) match.group = Bytes(found[1].data(), found[1].size());
  return match;
}

std::string pattern_error(Bytes expression) {
  const RE2 compiled(of_lines(expression), options());
  return compiled.ok() ? std::string() : compiled.error();
}

}  // namespace viaduct::audit
