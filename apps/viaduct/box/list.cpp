// SPDX-License-Identifier: GPL-2.0-or-later
#include "box/list.hpp"

#include "base/join.hpp"
#include "faults/behaviour.hpp"
#include "faults/catalogue.hpp"
#include "faults/family.hpp"

#include <nlohmann/json.hpp>

#include <algorithm>

namespace viaduct::app::box {
namespace {

using Json = nlohmann::ordered_json;

constexpr std::size_t kWidth = 100;

std::string padded(base::Bytes text, std::size_t width) {
  std::string cell(text);
  cell.resize(std::max(width, cell.size() + 1), ' ');
  return cell;
}

/// `text` in lines of at most kWidth, all but the first behind `indent` blanks.
std::string wrapped(base::Bytes text, std::size_t indent) {
  std::string out;
  std::size_t column = indent;
  while (!text.empty()) {
    const std::size_t end = std::min(text.find(' '), text.size());
    if (column + end > kWidth && column > indent) {
      out += "\n" + std::string(indent, ' ');
      column = indent;
    } else if (column > indent) {
      out += ' ';
      ++column;
    }
    out += text.substr(0, end);
    column += end;
    text.remove_prefix(std::min(end + 1, text.size()));
  }
  return out + "\n";
}

std::span<const faults::Parameter> parameters_of(base::Bytes id) {
  const faults::BehaviourEntry* const entry = faults::find_behaviour(id);
  return entry == nullptr ? std::span<const faults::Parameter>() : entry->parameters;
}

std::string parameter_lines(base::Bytes id) {
  std::string text;
  for (const faults::Parameter& p : parameters_of(id)) {
    const std::string words = p.words.empty() ? "" : " (" + std::string(p.words) + ")";
    text += "       " + padded(std::string(p.name) + "=" + std::string(p.fallback), 18) +
            wrapped(std::string(p.meaning) + words, 25);
  }
  return text;
}

/// What a family sets, as --set takes it: "A19.known=all".
std::vector<std::string> settings_of(const faults::Family& family) {
  std::vector<std::string> all;
  for (const faults::FamilyBehaviour& shown : family.behaviours)
    for (const faults::FamilyValue& value : shown.set)
      all.push_back(std::string(shown.id) + "." + std::string(value.name) + "=" + std::string(value.value));
  return all;
}

std::vector<std::string> ids_of(const faults::Family& family) {
  std::vector<std::string> ids;
  for (const faults::FamilyBehaviour& shown : family.behaviours) ids.emplace_back(shown.id);
  return ids;
}

/// "with A19, A20; A19.known=all, A20.octets=998"
std::string shown_line(const faults::Family& family) {
  if (family.behaviours.empty()) return "";
  const std::string settings = base::joined(settings_of(family), ", ");
  return std::string(14, ' ') +
         wrapped("with " + base::joined(ids_of(family), ", ") + (settings.empty() ? "" : "; " + settings), 14);
}

Json parameters_json(base::Bytes id) {
  Json all = Json::array();
  for (const faults::Parameter& p : parameters_of(id)) {
    Json one = {{"name", p.name}, {"default", p.fallback}, {"meaning", p.meaning}};
    if (!p.words.empty()) one["words"] = p.words;
    all.push_back(one);
  }
  return all;
}

Json entry_json(const faults::CatalogueEntry& entry) {
  return {{"id", entry.id},
          {"title", entry.title},
          {"wire", entry.wire},
          {"symptom", entry.symptom},
          {"families", entry.families},
          {"detect_two_sides", entry.detect_two_sides},
          {"detect_server", entry.detect_server},
          {"detect_client", entry.detect_client},
          {"sources", entry.sources},
          {"reproduced", entry.reproduced},
          {"reason", entry.reason},
          {"parameters", parameters_json(entry.id)}};
}

}  // namespace

std::string list_text() {
  std::string text = "Behaviours (--behaviour ID, --set NAME=VALUE; more of each: viaduct explain ID)\n";
  for (const faults::CatalogueEntry& entry : faults::catalogue())
    if (entry.reproduced) text += "  " + padded(entry.id, 5) + wrapped(entry.title, 7) + parameter_lines(entry.id);
  text += "\nFamilies (--family NAME)\n";
  for (const faults::Family& family : faults::families())
    text += "  " + padded(family.name, 12) + wrapped(family.summary, 14) + shown_line(family);
  text += "\nNot reproduced\n";
  for (const faults::CatalogueEntry& entry : faults::catalogue())
    if (!entry.reproduced) text += "  " + padded(entry.id, 5) + wrapped(entry.title + ": " + entry.reason, 7);
  return text;
}

std::string list_json() {
  Json document = {{"schema", "viaduct-faults-list-1"}, {"behaviours", Json::array()}, {"families", Json::array()}};
  for (const faults::CatalogueEntry& entry : faults::catalogue()) document["behaviours"].push_back(entry_json(entry));
  for (const faults::Family& family : faults::families())
    document["families"].push_back({{"name", family.name},
                                    {"summary", family.summary},
                                    {"behaviours", ids_of(family)},
                                    {"set", settings_of(family)}});
  return document.dump(2) + "\n";
}

std::string explain_text(const faults::CatalogueEntry& entry) {
  const auto line = [](base::Bytes name, base::Bytes value) {
    return value.empty() ? std::string() : padded(name, 14) + wrapped(value, 14);
  };
  std::string text = entry.id + "  " + entry.title + "\n\n";
  text += line("on the wire", entry.wire) + line("symptom", entry.symptom) +
          line("shown by", base::joined(entry.families, ", "));
  text += "\nHow it is found\n" + line("  both sides", entry.detect_two_sides) + line("  server", entry.detect_server) +
          line("  client", entry.detect_client);
  text += "\n" + line("sources", base::joined(entry.sources, ", "));
  if (!entry.reproduced) return text + line("not in faults", entry.reason);
  text += line("try it", "viaduct faults run ... --behaviour " + entry.id);
  return text + parameter_lines(entry.id);
}

std::string explain_json(const faults::CatalogueEntry& entry) {
  Json document = {{"schema", "viaduct-explain-1"}};
  document.update(entry_json(entry));
  return document.dump(2) + "\n";
}

}  // namespace viaduct::app::box
