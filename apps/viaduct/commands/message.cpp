// SPDX-License-Identifier: GPL-2.0-or-later
#include "commands/command.hpp"
#include "commands/octets.hpp"
#include "commands/output.hpp"
#include "message/reading.hpp"
#include "message/report.hpp"

#include <nlohmann/json.hpp>

#include <cerrno>
#include <cstdio>
#include <cstring>
#include <memory>
#include <string>
#include <vector>

namespace viaduct::app {
namespace {

struct Options {
  std::vector<std::string> files;
  bool json = false;
};

[[nodiscard]] bool put(const std::string& text) {
  return std::fwrite(text.data(), 1, text.size(), stdout) == text.size();
}

/// One object for one file; an array as soon as several were asked for, so that scripts need not count.
[[nodiscard]] std::string json_text(const nlohmann::ordered_json& documents, std::size_t asked) {
  return (asked == 1 && documents.size() == 1 ? documents[0] : documents).dump(2) + "\n";
}

[[nodiscard]] int run(const Options& options) {
  int exit = Exit::clean;
  nlohmann::ordered_json documents = nlohmann::ordered_json::array();
  const bool colours = !options.json && wants_colours();
  bool first = true;
  bool written = true;
  for (const std::string& file : options.files) {
    const Octets octets = read_octets(file);
    if (!octets.error.empty()) {
      std::fprintf(stderr, "viaduct message: cannot read %s: %s\n", file.c_str(), octets.error.c_str());
      exit = Exit::environment;
      continue;
    }
    const message::Reading reading = message::read(file == "-" ? "stdin" : file, octets.bytes);
    if (!reading.valid && exit == Exit::clean) exit = Exit::findings;
    if (options.json)
      documents.push_back(message::to_json(reading));
    else
      written = put((first ? "" : "\n") + message::to_text(reading, colours)) && written;
    first = false;
  }
  if (options.json && !documents.empty()) written = put(json_text(documents, options.files.size())) && written;
  if (std::fflush(stdout) == 0 && written) return exit;
  std::fprintf(stderr, "viaduct message: cannot write the report: %s\n", std::strerror(errno));
  return Exit::environment;
}

}  // namespace

Run add_message(CLI::App& command) {
  const std::shared_ptr<Options> options = std::make_shared<Options>();
  command.add_option("FILE", options->files, "A SIP message as received, one per file; - is the standard input")
      ->required()
      ->type_name("");
  command.add_flag("--json", options->json, "Write one JSON object, or an array of them for several files");
  command.footer(
      "Examples:\n"
      "  viaduct message invite.sip\n"
      "  printf 'OPTIONS sip:a@example.org SIP/2.0\\r\\n\\r\\n' | viaduct message -\n"
      "  viaduct message --json invite.sip | jq '.media[] | {type, address, port}'\n"
      "\n"
      "Exit codes: 0 valid, 1 invalid, 2 wrong usage, 3 a file could not be read.\n");
  return [options] { return run(*options); };
}

}  // namespace viaduct::app
