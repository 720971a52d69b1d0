// SPDX-License-Identifier: GPL-2.0-or-later
#include "explain/explanation.hpp"

#include "base/nearest.hpp"
#include "base/text.hpp"
#include "box/list.hpp"
#include "faults/catalogue.hpp"
#include "report/columns.hpp"

#include <nlohmann/json.hpp>

#include <algorithm>
#include <vector>

namespace viaduct::app::explain {
namespace {

using Json = nlohmann::ordered_json;

constexpr std::size_t kWidth = 100;

[[nodiscard]] std::string lower(std::string text) {
  std::transform(text.begin(), text.end(), text.begin(), base::to_lower);
  return text;
}

[[nodiscard]] const finding::Rule* rule_of(const std::string& id, Rules rules) {
  const std::string wanted = lower(id);
  const auto found =
      std::find_if(rules.begin(), rules.end(), [&](const finding::Rule* rule) { return rule->id == wanted; });
  return found == rules.end() ? nullptr : *found;
}

[[nodiscard]] const faults::CatalogueEntry* behaviour_of(const std::string& id) {
  return faults::find_in_catalogue(faults::catalogue_id(id));
}

[[nodiscard]] std::string part(const char* name, base::Bytes text) {
  return text.empty() ? "" : "\n" + std::string(name) + "\n" + report::wrapped(text, kWidth, "  ");
}

[[nodiscard]] std::string text_of(const finding::Rule& rule) {
  return std::string(rule.id) + "  " + std::string(rule.title) + "\n" + part("What it speaks for", spoken(rule.cause)) +
         part("What it needs", rule.needs) + part("Why it matters", rule.why) + part("What to do", rule.remedy);
}

}  // namespace

std::string list_text(Rules rules) {
  std::string text = "Behaviours of the failure catalogue\n";
  for (const faults::CatalogueEntry& entry : faults::catalogue()) text += "  " + entry.id + "  " + entry.title + "\n";
  if (rules.empty()) return text;
  text += "\nRules of viaduct analyze and viaduct audit\n";
  std::size_t width = 0;
  for (const finding::Rule* rule : rules) width = std::max(width, rule->id.size());
  for (const finding::Rule* rule : rules)
    text +=
        "  " + std::string(rule->id) + std::string(width - rule->id.size() + 2, ' ') + std::string(rule->title) + "\n";
  return text;
}

std::string list_json(Rules rules) {
  Json document = {{"schema", "viaduct-explain-list-1"}, {"behaviours", Json::array()}, {"rules", Json::array()}};
  for (const faults::CatalogueEntry& entry : faults::catalogue())
    document["behaviours"].push_back({{"id", entry.id}, {"title", entry.title}});
  for (const finding::Rule* rule : rules)
    document["rules"].push_back({{"id", rule->id}, {"title", rule->title}, {"cause", name(rule->cause)}});
  return document.dump(2) + "\n";
}

std::string text_of(const std::string& id, Rules rules) {
  if (const finding::Rule* const rule = rule_of(id, rules)) return text_of(*rule);
  const faults::CatalogueEntry* const entry = behaviour_of(id);
  return entry == nullptr ? "" : box::explain_text(*entry);
}

std::string json_of(const std::string& id, Rules rules) {
  if (const finding::Rule* const rule = rule_of(id, rules)) {
    const Json document = {{"schema", "viaduct-explain-1"}, {"id", rule->id},       {"title", rule->title},
                           {"cause", name(rule->cause)},    {"needs", rule->needs}, {"why", rule->why},
                           {"remedy", rule->remedy}};
    return document.dump(2) + "\n";
  }
  const faults::CatalogueEntry* const entry = behaviour_of(id);
  return entry == nullptr ? "" : box::explain_json(*entry);
}

std::string meant_by(const std::string& id, Rules rules) {
  std::vector<std::string> ids;
  for (const faults::CatalogueEntry& entry : faults::catalogue()) ids.push_back(lower(entry.id));
  for (const finding::Rule* rule : rules) ids.emplace_back(rule->id);
  const std::string meant(base::nearest(id, std::vector<base::Bytes>(ids.begin(), ids.end())));
  const faults::CatalogueEntry* const entry = behaviour_of(meant);
  return entry == nullptr ? meant : entry->id;
}

}  // namespace viaduct::app::explain
