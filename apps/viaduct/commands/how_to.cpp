// SPDX-License-Identifier: GPL-2.0-or-later
#include "audit/guide.hpp"
#include "commands/command.hpp"
#include "commands/output.hpp"

#include <cstdio>
#include <memory>
#include <string>
#include <vector>

namespace viaduct::app {
namespace {

struct Options {
  std::vector<std::string> words;
  bool json = false;
};

constexpr std::size_t kOthers = 5;

int run(const Options& options) {
  std::string typed;
  for (const std::string& word : options.words) typed += (typed.empty() ? "" : " ") + word;
  const viaduct::audit::Catalogue catalogue = viaduct::audit::Catalogue::built_in();
  const std::vector<const viaduct::audit::Product*> found = catalogue.search(typed);
  if (found.empty()) {
    std::fprintf(stderr, "viaduct how-to: no product is known as '%s'\ntry: viaduct vendors\n", typed.c_str());
    return Exit::wrong_usage;
  }
  const int exit = put("how-to", options.json ? audit::how_to_json(*found.front())
                                              : audit::how_to_text(*found.front(), terminal_width()));
  if (options.json || found.size() == 1 || found.front()->id == typed) return exit;
  std::string others;
  for (std::size_t i = 1; i < found.size() && i <= kOthers; ++i) others += (others.empty() ? "" : ", ") + found[i]->id;
  std::fprintf(stderr, "viaduct how-to: not this one? %s; viaduct vendors shows all\n", others.c_str());
  return exit;
}

}  // namespace

Run add_how_to(CLI::App& command) {
  const auto options = std::make_shared<Options>();
  command
      .add_option("PRODUCT", options->words,
                  "What the product is called, as people say it, or its id of `viaduct vendors`")
      ->type_name("")
      ->required();
  command.add_flag("--json", options->json, "Write JSON");
  command.footer(
      "Examples:\n"
      "  viaduct how-to fritzbox\n"
      "  viaduct how-to fortigate 60f\n"
      "  viaduct how-to cisco-asa --json\n"
      "\n"
      "Exit codes: 0 shown, 2 there is no such product.\n");
  return [options] { return run(*options); };
}

}  // namespace viaduct::app
