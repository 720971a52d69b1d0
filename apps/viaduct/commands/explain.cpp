// SPDX-License-Identifier: GPL-2.0-or-later
#include "base/nearest.hpp"
#include "base/text.hpp"
#include "box/list.hpp"
#include "commands/command.hpp"
#include "commands/output.hpp"

#include <cstdio>
#include <cstring>
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

/// The id that was probably meant, empty if none is near.
std::string meant_by(const std::string& id) {
  std::vector<std::string> ids;
  for (const faults::CatalogueEntry& entry : faults::catalogue()) {
    ids.push_back(entry.id);
    for (char& c : ids.back()) c = base::to_lower(c);
  }
  return faults::catalogue_id(base::nearest(id, std::vector<base::Bytes>(ids.begin(), ids.end())));
}

int run(const Options& options) {
  std::string all;
  for (const faults::CatalogueEntry& entry : faults::catalogue()) all += entry.id + "  " + entry.title + "\n";
  if (options.list) return put("explain", all);
  const faults::CatalogueEntry* const entry = faults::find_in_catalogue(faults::catalogue_id(options.id));
  if (entry != nullptr) return put("explain", options.json ? box::explain_json(*entry) : box::explain_text(*entry));
  std::fprintf(
      stderr, "viaduct explain: %s\n",
      options.id.empty() ? "name a behaviour, or --list" : ("there is no behaviour '" + options.id + "'").c_str());
  const std::string meant = options.id.empty() ? "" : meant_by(options.id);
  if (!meant.empty()) std::fprintf(stderr, "did you mean '%s'?\n", meant.c_str());
  std::fprintf(stderr, "try: viaduct explain --list\n");
  return Exit::wrong_usage;
}

}  // namespace

Run add_explain(CLI::App& command) {
  const auto options = std::make_shared<Options>();
  command.add_option("BEHAVIOUR", options->id, "An id of the failure catalogue, e.g. B21")->type_name("");
  command.add_flag("--list", options->list, "Show all ids with their titles");
  command.add_flag("--json", options->json, "Write JSON");
  command.footer(
      "Examples:\n"
      "  viaduct explain B21          why audio breaks off at each session refresh\n"
      "  viaduct explain --list       everything SIP ALGs and NATs are known to do to calls\n"
      "\n"
      "Exit codes: 0 shown, 2 there is no such entry.\n");
  return [options] { return run(*options); };
}

}  // namespace viaduct::app
