// SPDX-License-Identifier: GPL-2.0-or-later
#include "commands/command.hpp"
#include "commands/output.hpp"
#include "gateway/ask.hpp"
#include "gateway/render.hpp"
#include "gateway/sibling.hpp"

#include <unistd.h>

#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <memory>
#include <string>
#include <vector>

namespace viaduct::app {
namespace {

using client::Answer;
using client::Json;
using client::NoAnswer;

struct Options {
  std::string socket = client::kDefaultSocket;
  bool json = false;
  std::string name;
  bool recent = false;
  std::string party;
  std::string aspect;
  bool handles = false;
};

using Render = std::string (*)(const Json&, const client::Style&);
using Action = std::function<int(const Options&)>;

/// https://no-color.org: any value but the empty one.
client::Style style_of_output() {
  const char* no_color = std::getenv("NO_COLOR");
  const char* term = std::getenv("TERM");
  bool colours = isatty(STDOUT_FILENO) == 1 && (no_color == nullptr || *no_color == '\0') && term != nullptr &&
                 std::strcmp(term, "dumb") != 0;
  return colours ? client::Style::terminal() : client::Style{};
}

int tell(const NoAnswer& problem) {
  std::fprintf(stderr, "viaduct gateway: %s\n", problem.text.c_str());
  if (!problem.advice.empty()) std::fprintf(stderr, "%s\n", problem.advice.c_str());
  return problem.kind == NoAnswer::Kind::refused ? Exit::findings : Exit::environment;
}

/// Asks, prints, and returns what `judge` makes of the document.
int show(const Options& options, const Json& request, Render render, const std::function<int(const Json&)>& judge) {
  Answer answer = client::Gateway(options.socket).ask_all(request);
  if (!answer) return tell(answer.error());
  std::string text = options.json ? answer->dump(2) + "\n" : render(*answer, style_of_output());
  return put("gateway", text, judge(*answer));
}

int always_clean(const Json& /*document*/) {
  return Exit::clean;
}

int run_status(const Options& options) {
  return show(options, {{"command", "status"}}, client::render_status, [](const Json& document) {
    return document.contains("warnings") && !document["warnings"].empty() ? Exit::findings : Exit::clean;
  });
}

int run_why(const Options& options) {
  if (options.recent) return show(options, {{"command", "recent"}}, client::render_recent, always_clean);
  if (options.name.empty()) {
    std::fprintf(stderr, "viaduct gateway why: name a Call-ID or an address of record, or ask for --recent\n");
    return Exit::wrong_usage;
  }
  return show(options, {{"command", "why"}, {"name", options.name}}, client::render_why, [&](const Json& document) {
    for (const char* key : {"associations", "passed"})
      if (document.contains(key) && !document[key].empty()) return Exit::clean;
    std::fprintf(stderr,
                 "viaduct gateway: nothing is known about this Call-ID or address of record\n"
                 "it may have ended long ago; see 'viaduct gateway calls', 'viaduct gateway registrations', and\n"
                 "'viaduct gateway why --recent' for what was passed without being followed\n");
    return Exit::findings;
  });
}

int run_reload(const Options& options) {
  return show(options, {{"command", "reload"}}, client::render_reload,
              [](const Json& document) { return document.value("taken", false) ? Exit::clean : Exit::findings; });
}

int run_metrics(const Options& options) {
  Answer answer = client::Gateway(options.socket).ask({{"command", "metrics"}});
  if (!answer) return tell(answer.error());
  return put("gateway", options.json ? answer->dump(2) + "\n" : answer->value("metrics", ""), Exit::clean);
}

int run_watch(const Options& options) {
  client::Style style = style_of_output();
  int exit = Exit::clean;
  NoAnswer end = client::Gateway(options.socket).stream({{"command", "watch"}}, [&](const Json& event) {
    exit = put("gateway", options.json ? event.dump() + "\n" : client::render_event(event, style), Exit::clean);
    return exit == Exit::clean;
  });
  return exit == Exit::clean ? tell(end) : exit;
}

int run_memory_set(const Options& options) {
  return show(
      options,
      {{"command", "memory_set"}, {"party", options.party}, {"aspect", options.aspect}, {"handles", options.handles}},
      client::render_memory, always_clean);
}

CLI::App* add_sub(CLI::App& command, const char* name, const char* summary) {
  return command.add_subcommand(name, summary)->fallthrough();
}

void add_memory(CLI::App& command, Options& options, std::vector<std::pair<CLI::App*, Action>>& actions) {
  CLI::App* memory = add_sub(command, "memory", "Who handles NAT by itself: show, set, forget");
  CLI::App* set = add_sub(*memory, "set", "Say it yourself; goes before what was learnt");
  set->add_option("ADDRESS", options.party, "Platform or phone")->required()->type_name("");
  set->add_option("HALF", options.aspect, "contact or sdp")
      ->required()
      ->type_name("")
      ->check(CLI::IsMember({"contact", "sdp"}));
  set->add_option("VALUE", options.handles, "true: it does, so its messages are left alone; false: it does not")
      ->check(CLI::IsMember({"true", "false"}))
      ->required()
      ->type_name("");
  CLI::App* forget = add_sub(*memory, "forget", "Forget what was learnt or said about an address");
  forget->add_option("ADDRESS", options.party, "Platform or phone")->required()->type_name("");
  actions.emplace_back(set, run_memory_set);
  actions.emplace_back(forget, [](const Options& o) {
    return show(o, {{"command", "memory_forget"}, {"party", o.party}}, client::render_memory, always_clean);
  });
  actions.emplace_back(memory, [](const Options& o) {
    return show(o, {{"command", "memory"}}, client::render_memory, always_clean);
  });
}

/// Work on the machine itself, for which a running gateway is not needed.
void add_sibling(CLI::App& command, const char* name, const char* summary,
                 std::vector<std::pair<CLI::App*, Action>>& actions) {
  CLI::App* sub = command.add_subcommand(name, summary)->prefix_command();
  sub->set_help_flag();
  actions.emplace_back(sub, [sub, name](const Options&) {
    std::vector<std::string> arguments = sub->remaining();
    arguments.insert(arguments.begin(), name);
    return client::run_sibling("viaduct-gateway", "viaduct gateway", arguments);
  });
}

constexpr const char* kExamples =
    "Examples:\n"
    "  viaduct gateway status\n"
    "  viaduct gateway why 3848276298220188511@192.0.2.4\n"
    "  viaduct gateway why --recent\n"
    "  viaduct gateway memory set 198.51.100.10 contact true\n"
    "  viaduct gateway metrics > /var/lib/prometheus/node-exporter/viaduct.prom\n"
    "\n"
    "Exit codes: 0 clean, 1 warnings, nothing known, or refused, 2 wrong usage, 3 no running gateway.";

}  // namespace

Run add_gateway(CLI::App& command) {
  const std::shared_ptr<Options> options = std::make_shared<Options>();
  command.add_option("--socket", options->socket, "Control socket of the gateway")
      ->type_name("PATH")
      ->capture_default_str();
  command.add_flag("--json", options->json, "Write the gateway's JSON document");
  command.footer(kExamples);
  command.require_subcommand(1);
  std::vector<std::pair<CLI::App*, Action>> actions;
  actions.emplace_back(add_sub(command, "status", "Mode, WANs, counters and warnings"), run_status);
  actions.emplace_back(add_sub(command, "calls", "Calls it knows"), [](const Options& o) {
    return show(o, {{"command", "calls"}}, client::render_calls, always_clean);
  });
  actions.emplace_back(add_sub(command, "registrations", "Registrations it knows"), [](const Options& o) {
    return show(o, {{"command", "registrations"}}, client::render_registrations, always_clean);
  });
  CLI::App* why = add_sub(command, "why", "What was changed, what was left alone, and by which rule");
  CLI::Option* name =
      why->add_option("CALL-ID", options->name, "Call-ID, or address of record of a registration")->type_name("");
  why->add_flag("--recent", options->recent, "Instead: whatever passed lately and belongs to nothing that is followed")
      ->excludes(name);
  actions.emplace_back(why, run_why);
  add_memory(command, *options, actions);
  actions.emplace_back(add_sub(command, "watch", "Every decision as it is made, until interrupted"), run_watch);
  actions.emplace_back(add_sub(command, "metrics", "Prometheus exposition text"), run_metrics);
  actions.emplace_back(add_sub(command, "reload", "Read the configuration file again"), run_reload);
  add_sibling(command, "disable-kernel-alg", "Detach the kernel's own SIP ALG and prove it (root)", actions);
  add_sibling(command, "firewall-rule", "The accept rule that pinholed packets need in your firewall", actions);
  return [options, actions] {
    // A nested subcommand is listed before its parent.
    for (const std::pair<CLI::App*, Action>& action : actions)
      if (action.first->parsed()) return action.second(*options);
    return static_cast<int>(Exit::wrong_usage);
  };
}

}  // namespace viaduct::app
