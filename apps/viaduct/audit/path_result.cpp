// SPDX-License-Identifier: GPL-2.0-or-later
#include "audit/path_result.hpp"

#include "base/text.hpp"
#include "faults/catalogue.hpp"

#include <nlohmann/json.hpp>

#include <algorithm>
#include <array>
#include <cmath>
#include <set>
#include <string_view>
#include <tuple>

namespace viaduct::app::audit {
namespace {

using nlohmann::json;
using viaduct::audit::Catalogue;
using viaduct::audit::Product;

constexpr const char* kSchema = "viaduct-result/1";
constexpr std::size_t kMaxRows = 64;
/// Rules of audit that are about what an ALG does.
constexpr std::array<std::string_view, 3> kAboutFeatures{"sip-feature-on", "sip-feature-unknown",
                                                         "sip-half-switched-off"};

constexpr finding::Rule kRule{
    .id = "setting-explains-path",
    .title = "Which settings explain what was seen on the path",
    .cause = finding::Cause::alg,
    .needs =
        "A result of viaduct analyze that names an ALG family or behaviours, and configurations of devices on that "
        "path.",
    .why = "Of several devices one edits: the one whose make of ALG changes just these fields goes first.",
    .remedy = "Switch it off there first, capture again, and only then go on with the next."};

[[nodiscard]] bool is_name(const std::string& text) {
  static constexpr base::CharSet kSet = base::kAlphanum | base::CharSet("-");
  return !text.empty() && text.size() <= 32 && std::ranges::all_of(text, [](char c) { return kSet.contains(c); });
}

[[nodiscard]] std::string text_of(const json& object, const char* key) {
  const auto at = object.find(key);
  return at != object.end() && at->is_string() ? at->get<std::string>() : std::string();
}

void take_finding(const json& found, PathResult& path, std::set<std::string>& behaviours) {
  if (!found.is_object() || text_of(found, "verdict") != "fail") return;
  if (const auto list = found.find("behaviours"); list != found.end() && list->is_array())
    for (const json& id : *list)
      if (id.is_string() && is_name(id.get<std::string>())) behaviours.insert(id.get<std::string>());
  const std::string family = text_of(found, "family");
  if (!is_name(family)) return;
  const auto sure = found.find("confidence");
  const double confidence = sure != found.end() && sure->is_number() ? std::clamp(sure->get<double>(), 0.0, 1.0) : 0;
  const auto known = std::ranges::find(path.families, family, &PathResult::Family::name);
  if (known == path.families.end())
    path.families.push_back({family, confidence});
  else
    known->confidence = std::max(known->confidence, confidence);
}

/// Ids of what this product's ALG is known for.
[[nodiscard]] std::vector<std::string> behaviours_of(const Product& product) {
  std::vector<std::string> ids;
  for (const faults::CatalogueEntry& entry : faults::catalogue())
    if (std::ranges::find_first_of(entry.families, product.alg_families) != entry.families.end())
      ids.push_back(entry.id);
  return ids;
}

[[nodiscard]] std::string list_of(const std::vector<std::string>& texts) {
  std::string list;
  for (const std::string& text : texts) list += (list.empty() ? "" : ", ") + text;
  return list;
}

[[nodiscard]] std::string percent(double share) {
  return std::to_string(std::lround(share * 100)) + " %";
}

/// How well one device explains the path.
struct Explanation {
  std::size_t device = 0;
  int tier = 0;  ///< 3: on, and of that family; 2: likewise, but not known to be on; 1: on, and no more is known; 0:
                 ///< does not explain it
  double confidence = 0;
  std::vector<std::string> shared{};  ///< behaviours seen that this product is known for
  std::string settings{};
  std::string sentence{};

  [[nodiscard]] auto order() const { return std::tuple(-tier, -confidence, -static_cast<int>(shared.size())); }
};

class Ranking {
 public:
  Ranking(const finding::Result& result, const PathResult& path, const Catalogue& catalogue)
      : result_(result), path_(path), catalogue_(catalogue) {}

  /// Those that explain it, the best first.
  [[nodiscard]] std::vector<Explanation> all() const {
    std::vector<Explanation> found;
    for (std::size_t i = 0; i < result_.devices.size(); ++i)
      if (Explanation one = explain(i); one.tier > 0) found.push_back(std::move(one));
    std::ranges::stable_sort(found, {}, [](const Explanation& one) { return one.order(); });
    return found;
  }

 private:
  [[nodiscard]] Explanation explain(std::size_t index) const {
    const finding::DeviceSummary& device = result_.devices[index];
    const Product* const product = catalogue_.find(device.product);
    Explanation one{.device = index};
    const bool on = device.sip == "on" || device.sip == "partly";
    if (product == nullptr || (!on && device.sip != "unknown")) return one;
    const std::vector<std::string> known = behaviours_of(*product);
    std::ranges::set_intersection(known, path_.behaviours, std::back_inserter(one.shared));
    std::string family;
    for (const PathResult::Family& seen : path_.families)
      if (family.empty() && std::ranges::find(product->alg_families, seen.name) != product->alg_families.end()) {
        family = seen.name;
        one.confidence = seen.confidence * device.sure;
      }
    const bool fits = !family.empty() || (path_.families.empty() && !one.shared.empty());
    if (fits)
      one.tier = on ? 3 : 2;
    else if (on && (product->alg_families.empty() || !one.shared.empty()))
      one.tier = 1;
    for (const finding::DeviceSummary::Feature& feature : device.features)
      if (feature.state == (on ? "on" : "unknown") || (on && feature.state == "partly"))
        one.settings += (one.settings.empty() ? "" : ", ") + feature.name + " (" + feature.scope + ")";
    one.sentence = sentence(one, *product, family, on);
    return one;
  }
  [[nodiscard]] std::string sentence(const Explanation& one, const Product& product, const std::string& family,
                                     bool on) const {
    const std::string maker = product.title();
    std::string text =
        (on ? "on: " : "not known to be off: ") + (one.settings.empty() ? std::string("SIP") : one.settings);
    if (!family.empty())
      text += "; the ALG of " + maker + " is of the family " + family + ", to which the path points (confidence " +
              percent(confidence_of(family)) + ")";
    else if (product.alg_families.empty())
      text += "; of which family the ALG of " + maker + " is, is not known";
    else
      text += "; the ALG of " + maker + " is of the family " + list_of(product.alg_families) +
              (path_.families.empty() ? "" : ", and the path points to " + path_.families.front().name);
    if (!one.shared.empty())
      text += "; " + std::to_string(one.shared.size()) + " of " + std::to_string(path_.behaviours.size()) +
              " behaviours found there are its own: " + list_of(one.shared);
    return text + ".";
  }
  [[nodiscard]] double confidence_of(const std::string& family) const {
    return std::ranges::find(path_.families, family, &PathResult::Family::name)->confidence;
  }

  const finding::Result& result_;
  const PathResult& path_;
  const Catalogue& catalogue_;
};

[[nodiscard]] std::uint32_t input_of(const finding::Finding& found) {
  return found.evidence.empty() ? UINT32_MAX : found.evidence.front().input;
}

[[nodiscard]] std::string name_of(const finding::Result& result, const finding::DeviceSummary& device) {
  const std::string path = device.input < result.inputs.size() ? result.inputs[device.input].path : std::string();
  return device.hostname.empty() ? path : device.hostname + " (" + path + ")";
}

[[nodiscard]] std::string pointed_to(const PathResult& path) {
  if (!path.families.empty())
    return "the family " + path.families.front().name + " (confidence " + percent(path.families.front().confidence) +
           ")";
  return path.behaviours.empty() ? std::string("no ALG") : "behaviours " + list_of(path.behaviours);
}

[[nodiscard]] finding::Finding finding_of(const finding::Result& result, const PathResult& path,
                                          const std::vector<Explanation>& ranked) {
  const std::string seen = path.tool + " points to " + pointed_to(path);
  if (ranked.empty() || ranked.front().tier == 1)
    return finding::Finding::inconclusive(
        kRule,
        seen + ", and no device here has such an ALG that is on or may be on: the one that edits is another one.");
  const Explanation& best = ranked.front();
  finding::Evidence proof{.input = result.devices[best.device].input, .text = best.sentence};
  for (const finding::Finding& found : result.findings)
    if (input_of(found) == proof.input &&
        std::ranges::find(kAboutFeatures, std::string_view(found.rule.id)) != kAboutFeatures.end()) {
      proof = found.evidence.front();
      break;
    }
  const std::string statement = seen + ". " + name_of(result, result.devices[best.device]) + ": " + best.sentence;
  // Behaviours alone may be those of others, too.
  const double confidence = path.families.empty()
                                ? 0.5 * result.devices[best.device].sure * static_cast<double>(best.shared.size()) /
                                      static_cast<double>(path.behaviours.size())
                                : best.confidence;
  const finding::Severity severity = confidence >= 0.5 ? finding::Severity::critical : finding::Severity::major;
  finding::Finding found = best.tier == 3 ? finding::Finding::fail(kRule, severity, confidence, statement, proof)
                                          : finding::Finding::inconclusive(kRule, statement);
  found.behaviours = best.shared;
  if (!path.families.empty()) found.family = path.families.front().name;
  return found;
}

}  // namespace

const finding::Rule& path_rule() {
  return kRule;
}

std::expected<PathResult, std::string> read_path_result(const std::string& text) {
  // Of a large result most is calls and pictures.
  const auto keep = [](int, json::parse_event_t event, const json& value) {
    if (event != json::parse_event_t::key || !value.is_string()) return true;
    const std::string& key = value.get_ref<const std::string&>();
    return key != "calls" && key != "streams" && key != "exhibits" && key != "evidence";
  };
  const json document = json::parse(text, keep, false);
  if (!document.is_object()) return std::unexpected("no JSON, or not whole");
  if (text_of(document, "schema") != kSchema)
    return std::unexpected(std::string("not a result of viaduct (schema ") + kSchema + ")");
  PathResult path;
  if (const auto tool = document.find("tool"); tool != document.end() && tool->is_object())
    path.tool = text_of(*tool, "name");
  std::set<std::string> behaviours;
  if (const auto findings = document.find("findings"); findings != document.end() && findings->is_array())
    for (const json& found : *findings) take_finding(found, path, behaviours);
  path.behaviours.assign(behaviours.begin(), behaviours.end());
  std::ranges::stable_sort(path.families, std::ranges::greater{}, &PathResult::Family::confidence);
  return path;
}

void name_behaviours(viaduct::audit::Audited& one, const Catalogue& catalogue) {
  const Product* const product = catalogue.find(one.device.product);
  if (product == nullptr || product->alg_families.empty()) return;
  const std::vector<std::string> ids = behaviours_of(*product);
  for (finding::Finding& found : one.findings) {
    if (std::ranges::find(kAboutFeatures, std::string_view(found.rule.id)) == kAboutFeatures.end() ||
        found.verdict == finding::Verdict::pass)
      continue;
    found.family = product->alg_families.front();
    found.behaviours = ids;
  }
}

void rank_by_path(finding::Result& result, const PathResult& path, const Catalogue& catalogue) {
  const std::vector<Explanation> ranked = Ranking(result, path, catalogue).all();
  std::vector<std::size_t> rank_of_input(result.inputs.size(), ranked.size());
  finding::Table table{
      .title = "What explains the path, the best first", .heading = {"rank", "device", "why"}, .rows = {}};
  for (std::size_t i = 0; i < ranked.size(); ++i) {
    finding::DeviceSummary& device = result.devices[ranked[i].device];
    device.explains = {.rank = static_cast<std::uint32_t>(i + 1), .sentence = ranked[i].sentence};
    if (device.input < rank_of_input.size()) rank_of_input[device.input] = i;
    if (i < kMaxRows) table.rows.push_back({std::to_string(i + 1), name_of(result, device), ranked[i].sentence});
  }
  const auto rank = [&](const finding::Finding& found) {
    const std::uint32_t input = input_of(found);
    return input < rank_of_input.size() ? rank_of_input[input] : ranked.size();
  };
  std::ranges::stable_sort(result.findings, {}, rank);
  finding::Finding found = finding_of(result, path, ranked);
  if (!table.rows.empty()) found.exhibits.emplace_back(std::move(table));
  result.findings.insert(result.findings.begin(), std::move(found));
  const auto explaining = std::ranges::count_if(ranked, [](const Explanation& one) { return one.tier == 3; });
  result.sentence += " The path points to " + pointed_to(path) + ", which " + std::to_string(explaining) + " of them " +
                     (explaining == 1 ? "explains." : "explain.");
}

}  // namespace viaduct::app::audit
