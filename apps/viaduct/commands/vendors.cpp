// SPDX-License-Identifier: GPL-2.0-or-later
#include "audit/guide.hpp"
#include "base/join.hpp"
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

int run(const Options& options) {
  const viaduct::audit::Catalogue catalogue = viaduct::audit::Catalogue::built_in();
  const std::vector<const viaduct::audit::Product*> found = catalogue.search(base::joined(options.words, " "));
  if (found.empty()) {
    std::fprintf(stderr, "viaduct vendors: no product is known as '%s'\ntry: viaduct vendors\n",
                 base::joined(options.words, " ").c_str());
    return Exit::wrong_usage;
  }
  return put("vendors", options.json ? audit::vendors_json(found) : audit::vendors_text(found, terminal_width()));
}

}  // namespace

Run add_vendors(CLI::App& command) {
  const auto options = std::make_shared<Options>();
  command.add_option("SEARCH", options->words, "What the product is called, as people say it; without it all products")
      ->type_name("");
  command.add_flag("--json", options->json, "Write JSON");
  command.footer(
      "Examples:\n"
      "  viaduct vendors                   all products that are known\n"
      "  viaduct vendors fortigate 60f     which one is meant\n"
      "\n"
      "Exit codes: 0 shown, 2 there is no such product.\n");
  return [options] { return run(*options); };
}

}  // namespace viaduct::app
