// SPDX-License-Identifier: GPL-2.0-or-later
#include "analyze/analysis.hpp"
#include "commands/command.hpp"
#include "commands/output.hpp"
#include "finding/anonymise.hpp"
#include "net/mask.hpp"
#include "report/csv.hpp"
#include "report/html.hpp"
#include "report/json.hpp"
#include "report/text.hpp"

#include <cerrno>
#include <cstdio>
#include <cstring>
#include <memory>
#include <random>
#include <string>
#include <vector>

namespace viaduct::app {
namespace {

struct Options {
  std::vector<std::string> files;
  std::string html;
  std::string csv;
  std::string follow;
  bool json = false;
  bool calls = false;
  bool streams = false;
  bool anonymise = false;
};

constexpr const char* kExamples =
    "Examples:\n"
    "  viaduct analyze call.pcap                        what happened to each call\n"
    "  tcpdump -i eth0 -w - udp | viaduct analyze -     what passes now, reported at its end\n"
    "  viaduct analyze --streams day.pcapng.gz          loss, jitter and gaps of each stream\n"
    "  viaduct analyze --follow 3c26@pbx call.pcap      the messages of one call\n"
    "  viaduct analyze --json call.pcap | jq '.streams[] | {ssrc, lost, gaps}'\n"
    "  viaduct analyze --anonymise --html report.html call.pcap\n"
    "\n"
    "Exit codes: 0 nothing is wrong, 1 findings, or it could not be told, 2 wrong usage, 3 a file could not be read or "
    "written.\n";

void mask(finding::Result& result) {
  std::random_device random;
  base::HashKey key{};
  for (std::uint64_t& word : key) word = std::uint64_t{random()} << 32U | random();
  finding::anonymise(result, key, [key](base::Bytes text) { return net::masked_text(text, key); });
}

[[nodiscard]] bool write_page(const std::string& path, const std::string& page) {
  std::FILE* const file = std::fopen(path.c_str(), "wb");
  bool written = file != nullptr && std::fwrite(page.data(), 1, page.size(), file) == page.size();
  if (file != nullptr) written = std::fclose(file) == 0 && written;
  if (!written) std::fprintf(stderr, "viaduct analyze: cannot write %s: %s\n", path.c_str(), std::strerror(errno));
  return written;
}

[[nodiscard]] std::string ladders(const finding::Result& result) {
  std::string text;
  for (const finding::CallSummary& call : result.calls)
    if (call.ladder) text += (text.empty() ? "" : "\n") + report::ladder_text(*call.ladder, terminal_width());
  return text;
}

[[nodiscard]] std::string report_of(const finding::Result& result, const Options& options) {
  if (options.json) return report::to_json(result);
  if (options.csv == "streams") return report::streams_csv(result);
  if (options.csv == "gaps") return report::gaps_csv(result);
  if (options.csv == "calls") return report::calls_csv(result);
  if (!options.follow.empty()) return ladders(result);
  report::TextOptions text;
  text.width = terminal_width();
  text.colours = wants_colours();
  text.calls = options.calls;
  text.streams = options.streams;
  return report::to_text(result, text);
}

[[nodiscard]] int run(const Options& options) {
  analyze::Analysis analysis({options.follow, !options.html.empty()}, VIADUCT_VERSION);
  int exit = Exit::clean;
  std::size_t read = 0;
  for (const std::string& file : options.files) {
    if (const std::optional<std::string> error = analysis.read(file)) {
      std::fprintf(stderr, "viaduct analyze: cannot read %s: %s\n", file.c_str(), error->c_str());
      exit = Exit::environment;
    } else {
      ++read;
    }
  }
  if (read == 0) return exit;
  finding::Result result = analysis.finish();
  if (options.anonymise) mask(result);
  if (!options.follow.empty() && ladders(result).empty()) {
    std::fprintf(stderr, "viaduct analyze: there is no call with the Call-ID '%s'\ntry: viaduct analyze --calls\n",
                 options.follow.c_str());
    return Exit::wrong_usage;
  }
  if (!options.html.empty() && !write_page(options.html, report::to_html(result))) exit = Exit::environment;
  if (exit == Exit::clean && result.verdict != finding::Overall::clean) exit = Exit::findings;
  return put("analyze", report_of(result, options), exit);
}

}  // namespace

Run add_analyze(CLI::App& command) {
  const auto options = std::make_shared<Options>();
  command
      .add_option("FILE", options->files,
                  "A capture: pcap or pcapng, plain, gzip or zstd; several are read in this order as one; - is the "
                  "standard input")
      ->required()
      ->type_name("");
  CLI::Option* const json = command.add_flag("--json", options->json, "Write one JSON document");
  CLI::Option* const csv = command.add_option("--csv", options->csv, "Write one table: streams, gaps or calls")
                               ->check(CLI::IsMember({"streams", "gaps", "calls"}))
                               ->type_name("TABLE")
                               ->excludes(json);
  command.add_option("--html", options->html, "Write a page, too, that can be sent to others")->type_name("FILE");
  command.add_flag("--calls", options->calls, "Show all calls, not only the worst");
  command.add_flag("--streams", options->streams, "Show all streams and their gaps");
  command.add_option("--follow", options->follow, "Show the messages of one call")->type_name("CALL-ID")->excludes(csv);
  command.add_flag("--anonymise,--anonymize", options->anonymise, "Mask numbers, names and addresses");
  command.footer(kExamples);
  return [options] { return run(*options); };
}

}  // namespace viaduct::app
