// SPDX-License-Identifier: GPL-2.0-or-later
#include "audit/rules/rules.hpp"

namespace viaduct::audit::rules {
namespace {

std::optional<finding::Finding> judge(const finding::Rule& rule, const Case& about) {
  if (about.device.problems.empty()) return std::nullopt;
  std::string all;
  for (const std::string& problem : about.device.problems) all += (all.empty() ? "" : "; ") + problem;
  finding::Finding found = finding::Finding::inconclusive(rule, all + ".");
  found.evidence.push_back({.input = about.input, .text = all});
  return found;
}

}  // namespace

const Rule kConfigurationUnread{
    .rule =
        {.id = "configuration-unread",
         .title = "The configuration could not be read, or not all of it",
         .cause = finding::Cause::none,
         .needs = "Any file.",
         .why = "What was not read may be on.",
         .remedy =
             "Export the configuration as text, whole; `viaduct how-to PRODUCT` says what to look for on the device."},
    .judge = judge};

}  // namespace viaduct::audit::rules
