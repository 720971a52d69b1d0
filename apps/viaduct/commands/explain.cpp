// SPDX-License-Identifier: GPL-2.0-or-later
#include "audit/path_result.hpp"
#include "audit/rules/rules.hpp"
#include "commands/command.hpp"
#include "commands/output.hpp"
#include "diagnose/rule_code.hpp"
#include "explain/explanation.hpp"

#include <cstdio>
#include <memory>
#include <string>
#include <vector>

namespace viaduct::app {
namespace {

struct Options {
  std::string id;
  bool list = false;
  bool json = false;
};

std::vector<const finding::Rule*> all_rules() {
  std::vector<const finding::Rule*> rules;
  for (const diagnose::CaseRule& code : diagnose::case_rules()) rules.push_back(&code.rule);
  for (const diagnose::MediaRule& code : diagnose::media_rules()) rules.push_back(&code.rule);
  for (const diagnose::CallRule& code : diagnose::call_rules()) rules.push_back(&code.rule);
  for (const viaduct::audit::rules::Rule* const rule : viaduct::audit::rules::all()) rules.push_back(&rule->rule);
  rules.push_back(&audit::path_rule());
  return rules;
}

int run(const Options& options, explain::Rules rules) {
  if (options.list) return put("explain", options.json ? explain::list_json(rules) : explain::list_text(rules));
  const std::string told = options.json ? explain::json_of(options.id, rules) : explain::text_of(options.id, rules);
  if (!told.empty()) return put("explain", told);
  const std::string what = options.id.empty() ? "name a behaviour or rule, or --list"
                                              : "there is no behaviour and no rule '" + options.id + "'";
  std::fprintf(stderr, "viaduct explain: %s\n", what.c_str());
  const std::string meant = explain::meant_by(options.id, rules);
  if (!meant.empty()) std::fprintf(stderr, "did you mean '%s'?\n", meant.c_str());
  std::fprintf(stderr, "try: viaduct explain --list\n");
  return Exit::wrong_usage;
}

}  // namespace

Run add_explain(CLI::App& command) {
  const auto options = std::make_shared<Options>();
  command.add_option("ID", options->id, "A behaviour of the failure catalogue, e.g. B21, or a rule of a finding")
      ->type_name("");
  command.add_flag("--list", options->list, "Show all ids with their titles");
  command.add_flag("--json", options->json, "Write JSON");
  command.footer(
      "Examples:\n"
      "  viaduct explain B21          why audio breaks off at each session refresh\n"
      "  viaduct explain --list       what SIP ALGs and NATs are known to do to calls, and what analyze and audit look "
      "for\n"
      "\n"
      "Exit codes: 0 shown, 2 there is no such behaviour or rule.\n");
  return [options] { return run(*options, all_rules()); };
}

}  // namespace viaduct::app
