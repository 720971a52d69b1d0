// SPDX-License-Identifier: GPL-2.0-or-later
#include "faults/catalogue.hpp"

#include "base/check.hpp"

#include <toml++/toml.h>

#include <algorithm>

namespace viaduct::faults {

/// data/behaviours.toml; catalogue_text.cpp.in, filled in by CMake.
extern const base::Bytes kCatalogueText;

namespace {

std::string text_of(const toml::table& entry, const char* key) {
  return entry[key].value_or(std::string());
}

std::vector<std::string> texts_of(const toml::table& entry, const char* key) {
  std::vector<std::string> texts;
  if (const toml::array* const values = entry[key].as_array(); values != nullptr)
    for (const toml::node& value : *values) texts.push_back(value.value_or(std::string()));
  return texts;
}

CatalogueEntry read_entry(const toml::table& entry) {
  return {.id = text_of(entry, "id"),
          .title = text_of(entry, "title"),
          .wire = text_of(entry, "wire"),
          .symptom = text_of(entry, "symptom"),
          .families = texts_of(entry, "families"),
          .detect_two_sides = text_of(entry, "detect_two_sides"),
          .detect_server = text_of(entry, "detect_server"),
          .detect_client = text_of(entry, "detect_client"),
          .sources = texts_of(entry, "sources"),
          .reproduced = text_of(entry, "status") == "reproduced",
          .reason = text_of(entry, "reason")};
}

std::vector<CatalogueEntry> read_catalogue() {
  const toml::table file = toml::parse(kCatalogueText);
  std::vector<CatalogueEntry> entries;
  const toml::array* const list = file["behaviour"].as_array();
  VIADUCT_CHECK(list != nullptr);
  for (const toml::node& node : *list) entries.push_back(read_entry(*node.as_table()));
  return entries;
}

}  // namespace

std::string catalogue_id(base::Bytes typed) {
  std::string id(typed);
  for (char& c : id)
    if (c >= 'a' && c <= 'z') c = static_cast<char>(c - 'a' + 'A');
  return id;
}

std::span<const CatalogueEntry> catalogue() {
  static const std::vector<CatalogueEntry> all = read_catalogue();
  return all;
}

const CatalogueEntry* find_in_catalogue(base::Bytes id) {
  const std::span<const CatalogueEntry> all = catalogue();
  const auto at = std::ranges::find(all, id, &CatalogueEntry::id);
  return at == all.end() ? nullptr : &*at;
}

}  // namespace viaduct::faults
