// SPDX-License-Identifier: GPL-2.0-or-later
#include "base/nearest.hpp"
#include "commands/command.hpp"

#include <CLI/CLI.hpp>

#include <algorithm>
#include <cstdio>
#include <exception>
#include <string>
#include <vector>

namespace viaduct::app {
namespace {

constexpr Command kCommands[] = {
#define VIADUCT_COMMAND(name, summary) {#name, summary, add_##name},
#include "commands/table.def"
#undef VIADUCT_COMMAND
};

constexpr const char* kExamples =
    "Examples:\n"
    "  viaduct analyze call.pcap         what happened to each call of a capture\n"
    "  viaduct message invite.sip        what a message says and what is wrong with it\n"
    "  viaduct gateway status            what the gateway of this machine does\n"
    "  viaduct message --help            options and examples of one command\n"
    "  man viaduct                       all commands\n"
    "\n"
    "Exit codes: 0 clean, 1 findings, 2 wrong usage, 3 something outside did not do its part.\n";

struct Entry {
  CLI::App* app;
  Run run;
};

[[nodiscard]] std::vector<Entry> add_commands(CLI::App& app) {
  std::vector<Entry> entries;
  for (const Command& command : kCommands) {
    std::string name = command.name;
    std::ranges::replace(name, '_', '-');  // what is a name in C++ has no dash
    CLI::App* subcommand = app.add_subcommand(name, command.summary);
    entries.push_back({subcommand, command.add(*subcommand)});
  }
  return entries;
}

[[nodiscard]] std::vector<std::string> known_words(const CLI::App& app) {
  std::vector<std::string> words;
  for (const CLI::App* subcommand : app.get_subcommands([](const CLI::App*) { return true; }))
    words.push_back(subcommand->get_name());
  for (const CLI::Option* option : app.get_options())
    for (const std::string& name : option->get_lnames()) words.push_back("--" + name);
  return words;
}

/// The deepest subcommand that was given; `word` is the first word that none of them expected.
[[nodiscard]] const CLI::App& find_unknown(const CLI::App& app, std::string& word) {
  const CLI::App* deepest = &app;
  while (!deepest->get_subcommands().empty()) deepest = deepest->get_subcommands().front();
  const std::vector<std::string> rest = app.remaining(true);
  if (!rest.empty()) word = rest.front();
  return *deepest;
}

[[nodiscard]] std::string full_name(const CLI::App& app) {
  return app.get_parent() == nullptr ? app.get_name() : full_name(*app.get_parent()) + " " + app.get_name();
}

/// Prints help and version, or what is wrong with the arguments and what was probably meant.
[[nodiscard]] int tell(const CLI::App& app, const CLI::ParseError& error) {
  if (error.get_exit_code() == 0) return app.exit(error);
  std::string unknown;
  const CLI::App& command = find_unknown(app, unknown);
  const std::string name = full_name(command);
  if (unknown.empty()) {
    std::fprintf(stderr, "%s: %s\n", name.c_str(), error.what());
  } else {
    const bool option = unknown.size() > 1 && unknown[0] == '-';
    const bool subcommand = !option && !command.get_subcommands([](const CLI::App*) { return true; }).empty();
    std::fprintf(stderr, "%s: unknown %s '%s'\n", name.c_str(),
                 option       ? "option"
                 : subcommand ? "command"
                              : "argument",
                 unknown.c_str());
    const std::vector<std::string> known = known_words(command);
    const std::string meant(base::nearest(unknown, std::vector<base::Bytes>(known.begin(), known.end())));
    if (!meant.empty()) std::fprintf(stderr, "did you mean '%s'?\n", meant.c_str());
  }
  std::fprintf(stderr, "try: %s --help\n", name.c_str());
  return Exit::wrong_usage;
}

int run_main(int argc, char** argv) {
  CLI::App app("SIP through NAT without harm: looks at SIP, finds ALGs, and speaks with viaduct-gateway.", "viaduct");
  app.set_version_flag("--version", "viaduct " VIADUCT_VERSION, "Print the version and exit");
  app.set_help_flag("-h,--help", "Print this help and exit");
  app.footer(kExamples);
  app.require_subcommand(1);
  const std::vector<Entry> entries = add_commands(app);
  try {
    app.parse(argc, argv);
  } catch (const CLI::ParseError& error) {
    return tell(app, error);
  }
  for (const Entry& entry : entries)
    if (entry.app->parsed()) return entry.run();
  return Exit::wrong_usage;
}

}  // namespace
}  // namespace viaduct::app

int main(int argc, char** argv) {
  try {
    return viaduct::app::run_main(argc, argv);
  } catch (const std::exception& error) {
    std::fprintf(stderr, "viaduct: %s\n", error.what());
    return viaduct::app::Exit::environment;
  }
}
