// SPDX-License-Identifier: GPL-2.0-or-later
#include "audit/products/products.hpp"

#include "base/text.hpp"

#include <algorithm>
#include <optional>
#include <string>
#include <utility>

namespace viaduct::audit::products {
namespace {

struct Entry {
  Bytes name;
  Reader read = nullptr;
};

constexpr Entry kReaders[] = {
#define VIADUCT_READER(name) {#name, read_##name},
#include "audit/products/table.def"
#undef VIADUCT_READER
};

}  // namespace

Reader reader_of(Bytes name) {
  std::string function(name);
  std::ranges::replace(function, '-', '_');
  const auto* const at = std::ranges::find(kReaders, Bytes(function), &Entry::name);
  return at == std::end(kReaders) ? nullptr : at->read;
}

Timer timer_of(std::string name, std::string scope, Timer::Applies applies, Node value) {
  const std::optional<std::uint32_t> seconds = base::parse_decimal(value.word());
  return {.name = std::move(name),
          .scope = std::move(scope),
          .applies = applies,
          .seconds = seconds ? std::int64_t{*seconds} : Timer::kUnknown,
          .origin = {.line = value.line()}};
}

std::string word_of(Bytes word, char quote) {
  const auto plain = [](char c) { return base::kAlphanum.contains(c) || Bytes("-_./:+@").find(c) != Bytes::npos; };
  if (!word.empty() && std::ranges::all_of(word, plain)) return std::string(word);
  const auto unsafe = [&](char c) { return c == quote || c == '\\' || static_cast<unsigned char>(c) < 0x20; };
  if (std::ranges::any_of(word, unsafe)) return "<NAME>";
  return quote + std::string(word) + quote;
}

std::string path_of(Node node, char quote) {
  std::string path;
  for (Node at = node; at.parent(); at = at.parent())
    path.insert(0, word_of(at.word(), quote) + (path.empty() ? "" : " "));
  return path;
}

}  // namespace viaduct::audit::products
