// SPDX-License-Identifier: GPL-2.0-or-later
#include "box/list.hpp"

#include "faults/behaviour.hpp"
#include "faults/family.hpp"

#include <nlohmann/json.hpp>

namespace viaduct::app::box {
namespace {

std::string padded(base::Bytes text, std::size_t width) {
  std::string cell(text);
  cell.resize(std::max(width, cell.size() + 1), ' ');
  return cell;
}

}  // namespace

std::string list_text() {
  std::string text = "Behaviours (--behaviour ID, --set NAME=VALUE)\n";
  for (const faults::BehaviourEntry& entry : faults::behaviours()) {
    text += "  " + padded(entry.id, 5) + "\n";
    for (const faults::Parameter& parameter : entry.parameters)
      text += "       " + padded(std::string(parameter.name) + "=" + std::string(parameter.fallback), 20) +
              std::string(parameter.meaning) + "\n";
  }
  text += "\nFamilies (--family NAME)\n";
  for (const faults::Family& family : faults::families())
    text += "  " + padded(family.name, 12) + std::string(family.summary) + "\n";
  return text;
}

std::string list_json() {
  nlohmann::ordered_json document = {{"schema", "viaduct-faults-list-1"}};
  for (const faults::BehaviourEntry& entry : faults::behaviours()) {
    nlohmann::ordered_json parameters = nlohmann::ordered_json::array();
    for (const faults::Parameter& parameter : entry.parameters)
      parameters.push_back({{"name", parameter.name}, {"default", parameter.fallback}, {"meaning", parameter.meaning}});
    document["behaviours"].push_back({{"id", entry.id}, {"parameters", parameters}});
  }
  for (const faults::Family& family : faults::families())
    document["families"].push_back(
        {{"name", family.name}, {"summary", family.summary}, {"behaviours", family.behaviours}});
  return document.dump(2) + "\n";
}

}  // namespace viaduct::app::box
