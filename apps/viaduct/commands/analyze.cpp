// SPDX-License-Identifier: GPL-2.0-or-later
#include "analyze/analysis.hpp"
#include "analyze/extract.hpp"
#include "analyze/live.hpp"
#include "analyze/masks.hpp"
#include "analyze/progress.hpp"
#include "analyze/spool.hpp"
#include "base/escape.hpp"
#include "commands/command.hpp"
#include "commands/output.hpp"
#include "faults/parameters.hpp"
#include "finding/anonymise.hpp"
#include "report/csv.hpp"
#include "report/figures.hpp"
#include "report/html.hpp"
#include "report/json.hpp"
#include "report/text.hpp"

#include <system_error>

#include <algorithm>
#include <cstdio>
#include <filesystem>
#include <memory>
#include <optional>
#include <random>
#include <set>
#include <string>
#include <utility>
#include <vector>

namespace viaduct::app {
namespace {

struct Options {
  std::vector<std::string> files;
  std::vector<std::string> sites;
  std::string interface;
  std::string duration;
  std::string from;
  std::string to;
  std::string filter;
  std::pair<std::string, std::string> extract;  ///< Call-ID and file
  std::vector<std::string> other_side;
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
    "  viaduct analyze --site a=a/ --site b=b/          the captures of two sites\n"
    "  viaduct analyze --filter 0301234567 day.pcap     the calls of one number\n"
    "  viaduct analyze -i eth0 --duration 10m           what passes now\n"
    "  viaduct analyze --extract 3c26@pbx one.pcap day.pcap\n"
    "  viaduct analyze --streams day.pcapng.gz          loss, jitter and gaps of each stream\n"
    "  viaduct analyze --follow 3c26@pbx call.pcap      the messages of one call\n"
    "  viaduct analyze --json call.pcap | jq '.streams[] | {ssrc, lost, gaps}'\n"
    "  viaduct analyze inside.pcap --other-side outside.pcap\n"
    "                                                   what the router between them changed or lost\n"
    "  viaduct analyze --anonymise --html report.html call.pcap\n"
    "\n"
    "Exit codes: 0 nothing is wrong, 1 findings, or it could not be told, 2 wrong usage, 3 a file could not be read or "
    "written.\n";

/// nullopt where nothing is to be masked.
[[nodiscard]] std::optional<analyze::Masks> masks_for(const Options& options) {
  if (!options.anonymise) return std::nullopt;
  std::random_device random;
  base::HashKey key{};
  for (std::uint64_t& word : key) word = std::uint64_t{random()} << 32U | random();
  return std::optional<analyze::Masks>(std::in_place, key);
}

/// Which calls are followed; asked for before names are masked.
[[nodiscard]] std::vector<std::size_t> followed(const finding::Result& result, const Options& options) {
  std::vector<std::size_t> indices;
  for (std::size_t i = 0; i < result.calls.size(); ++i)
    if (!options.follow.empty() && result.calls[i].call_id == options.follow) indices.push_back(i);
  return indices;
}

[[nodiscard]] std::string ladders(const finding::Result& result, const std::vector<std::size_t>& calls) {
  std::string text;
  for (const std::size_t index : calls)
    if (index < result.calls.size() && result.calls[index].ladder)
      text += (text.empty() ? "" : "\n") + report::ladder_text(*result.calls[index].ladder, terminal_width());
  return text;
}

[[nodiscard]] std::string report_of(const finding::Result& result, const Options& options, std::string&& ladder) {
  if (options.json) return report::to_json(result);
  if (options.csv == "streams") return report::streams_csv(result);
  if (options.csv == "gaps") return report::gaps_csv(result);
  if (options.csv == "calls") return report::calls_csv(result);
  if (!options.follow.empty()) return std::move(ladder);
  report::TextOptions text;
  text.width = terminal_width();
  text.colours = wants_colours();
  text.calls = options.calls;
  text.streams = options.streams;
  return report::to_text(result, text);
}

/// Says what is wrong with the arguments.
[[nodiscard]] int refuse(const std::string& why) {
  std::fprintf(stderr, "viaduct analyze: %s\ntry: viaduct analyze --help\n", why.c_str());
  return Exit::wrong_usage;
}

/// A call as it ends, on one line.
void tell_call(const finding::CallSummary& call) {
  const std::string ending = call.answered ? report::length_text(call.duration) : "not answered";
  const std::string line = report::time_of_day(call.start) + "  " + call.call_id + "  " + call.from + " -> " + call.to +
                           "  " + ending + ", " + call.ending;
  std::printf("%s\n", base::escape(line).c_str());
  (void)std::fflush(stdout);
}

/// A failure as it is found, on one line behind that of its call.
void tell_finding(const finding::Finding& found, const finding::CallSummary* call) {
  std::string time = call == nullptr ? "" : report::time_of_day(call->start);
  if (!found.evidence.empty() && found.evidence.front().time) time = report::time_of_day(*found.evidence.front().time);
  const std::string line = time + "    " + std::string(found.rule.id) + "  " + std::string(name(found.severity)) +
                           "  " + (call == nullptr ? "no SIP" : call->call_id) + "  " + std::string(name(found.cause)) +
                           ": " + found.statement;
  std::printf("%s\n", base::escape(line).c_str());
  (void)std::fflush(stdout);
}

[[nodiscard]] analyze::AnalysisSettings settings_of(const Options& options) {
  analyze::AnalysisSettings settings;
  settings.follow = options.follow;
  settings.timelines = !options.html.empty();
  settings.two_sides = !options.other_side.empty();
  if (!options.extract.first.empty()) settings.extract = options.extract.first;
  if (!options.filter.empty()) settings.filter = analyze::CallFilter(options.filter);
  // Checked when the arguments were read.
  if (!options.from.empty()) settings.window.from = analyze::TimeSpec::parse(options.from);
  if (!options.to.empty()) settings.window.to = analyze::TimeSpec::parse(options.to);
  return settings;
}

/// What goes through a pipe is gone once it was read. What is not there cannot be read at all.
[[nodiscard]] bool can_be_read_twice(const analyze::Input& input) {
  std::error_code none;
  const std::filesystem::file_status status = std::filesystem::status(input.path, none);
  return input.path != "-" && (!std::filesystem::exists(status) || std::filesystem::is_regular_file(status));
}

/// An input, and where it comes only once what is kept of it for the next time.
struct Source {
  analyze::Input input;
  std::optional<analyze::Spool> spool{};

  [[nodiscard]] bool again() const { return !spool || spool->is_kept(); }
};

[[nodiscard]] std::vector<Source> sources_of(const std::vector<analyze::Input>& inputs, bool kept) {
  std::vector<Source> sources;
  for (const analyze::Input& input : inputs) {
    Source& source = sources.emplace_back(input);
    if (!can_be_read_twice(input)) source.spool.emplace(kept);
  }
  return sources;
}

/// Why it cannot be read.
[[nodiscard]] std::optional<std::string> read_one(Source& source, analyze::Analysis& analysis,
                                                  analyze::Progress& progress) {
  const analyze::Input& input = source.input;
  std::error_code none;
  const std::uintmax_t size = input.path == "-" ? 0 : std::filesystem::file_size(input.path, none);
  progress.begin(input.path == "-" ? "stdin" : input.path, none ? 0 : size);
  std::unique_ptr<capture::Inflow> inflow = source.spool ? source.spool->open(input.path) : nullptr;
  if (inflow == nullptr) return analysis.read(input, &progress);
  capture::CaptureReader reader(std::move(inflow));
  return analysis.read(input, reader, &progress);
}

/// Paths that could not be read.
using Unread = std::set<std::string>;

/// Reads all inputs. Tells what cannot be read, unless it is among those `told` of already; `exit` becomes
/// Exit::environment then.
[[nodiscard]] Unread read_all(std::vector<Source>& sources, analyze::Analysis& analysis, int& exit,
                              const Unread& told = {}) {
  analyze::Progress progress;
  Unread unread;
  for (Source& source : sources) {
    const analyze::Input& input = source.input;
    const std::optional<std::string> error = read_one(source, analysis, progress);
    if (!error) continue;
    unread.insert(input.path);
    if (told.contains(input.path)) continue;
    progress.clear();
    std::fprintf(stderr, "viaduct analyze: cannot read %s: %s\n", input.path.c_str(), error->c_str());
    exit = Exit::environment;
  }
  return unread;
}

/// The inputs hold both sides of a router: reads them once more, each side by itself. nullopt where what could be read
/// cannot be any more; `unread` could not the first time.
[[nodiscard]] std::optional<finding::Result> read_apart(std::vector<Source>& sources, const Options& options,
                                                        diagnose::sides::Border&& border, const Unread& unread,
                                                        int& exit) {
  analyze::AnalysisSettings settings = settings_of(options);
  settings.border = std::move(border);
  analyze::Analysis analysis(std::move(settings), VIADUCT_VERSION);
  if (read_all(sources, analysis, exit, unread) != unread) return std::nullopt;
  return analysis.finish();
}

void read_other_side(const Options& options, analyze::Analysis& analysis, int& exit) {
  for (const std::string& file : options.other_side) {
    const std::optional<std::string> error = analysis.read_other_side(file);
    if (!error) continue;
    std::fprintf(stderr, "viaduct analyze: cannot read %s: %s\n", file.c_str(), error->c_str());
    exit = Exit::environment;
  }
}

[[nodiscard]] bool write_call(const Options& options, const std::vector<analyze::Input>& inputs,
                              const std::vector<analyze::CallTraffic>& traffic, analyze::Masks* masks) {
  const std::string& path = options.extract.second;
  const std::expected<analyze::Extracted, std::string> done = analyze::extract(inputs, traffic, path, masks);
  if (!done) {
    std::fprintf(stderr, "viaduct analyze: %s\n", done.error().c_str());
    return false;
  }
  std::fprintf(stderr, "viaduct analyze: %llu frames written to %s%s\n", static_cast<unsigned long long>(done->frames),
               path.c_str(), done->other_format ? ", as pcapng: they have several link types" : "");
  return true;
}

/// What was found, in all the forms that were asked for.
[[nodiscard]] int report(finding::Result&& result, const Options& options, analyze::Masks* masks, int exit) {
  const std::vector<std::size_t> calls = followed(result, options);
  if (masks != nullptr) finding::anonymise(result, masks->names);
  finding::limit(result);
  std::string ladder = ladders(result, calls);
  if (!options.follow.empty() && ladder.empty()) {
    std::fprintf(stderr, "viaduct analyze: there is no call with the Call-ID '%s'\ntry: viaduct analyze --calls\n",
                 options.follow.c_str());
    return Exit::wrong_usage;
  }
  if (!options.html.empty() && !write_file("analyze", options.html, report::to_html(result))) exit = Exit::environment;
  if (exit == Exit::clean && result.verdict != finding::Overall::clean) exit = Exit::findings;
  return put("analyze", report_of(result, options, std::move(ladder)), exit);
}

[[nodiscard]] int run_live(const Options& options, analyze::AnalysisSettings&& settings) {
  if (!options.files.empty() || !options.sites.empty()) return refuse("-i takes no files");
  if (!options.extract.first.empty())
    return refuse("--extract reads its input twice, which -i cannot; capture to a file");
  std::optional<base::Duration> duration;
  if (!options.duration.empty()) {
    const auto parsed = faults::parse_duration(options.duration);
    if (!parsed) return refuse("--duration: " + parsed.error());
    duration = *parsed;
  }
  // Days of calls fill 200 MB and no more; those behind are still told.
  constexpr std::size_t kMostKept = 50'000;
  settings.most_kept = kMostKept;
  if (!options.json && options.csv.empty() && options.follow.empty() && !options.anonymise) {
    settings.ended = tell_call;
    settings.found = tell_finding;
  }
  analyze::Analysis analysis(std::move(settings), VIADUCT_VERSION);
  if (const os::Result<void> done = analyze::capture_live(analysis, options.interface, duration); !done) {
    std::fprintf(stderr, "viaduct analyze: %s\n", done.error().to_text().c_str());
    return Exit::environment;
  }
  std::optional<analyze::Masks> masks = masks_for(options);
  return report(analysis.finish(), options, masks ? &*masks : nullptr, Exit::clean);
}

/// Why --html cannot be written where it shall be: what is evidence is not to be written over.
[[nodiscard]] std::string wrong_page(const Options& options, const std::vector<analyze::Input>& inputs) {
  if (options.html.empty()) return {};
  if (options.html == "-") return "--html takes the name of a file";
  const auto is_page = [&](const std::string& path) { return is_same_file(path, options.html); };
  const bool read =
      std::ranges::any_of(inputs, is_page, &analyze::Input::path) || std::ranges::any_of(options.other_side, is_page);
  return read ? "--html: " + options.html + " is being read; name another file for the page" : "";
}

[[nodiscard]] int run(const Options& options) {
  analyze::AnalysisSettings settings = settings_of(options);
  if (settings.window.is_empty()) return refuse("--to " + options.to + " is not after --from " + options.from);
  if (!options.interface.empty() && settings.two_sides) return refuse("--other-side goes with files, not with -i");
  if (!options.interface.empty()) return run_live(options, std::move(settings));
  if (!options.duration.empty()) return refuse("--duration goes with -i");
  const std::expected<analyze::InputList, std::string> list = analyze::list_inputs(options.files, options.sites);
  if (!list) return refuse(list.error());
  if (list->inputs.empty()) return refuse("there is nothing to read: give a FILE, --site or -i");
  if (options.extract.second == "-") return refuse("--extract takes the name of a file");
  if (!options.extract.first.empty() && !std::ranges::all_of(list->inputs, can_be_read_twice))
    return refuse("--extract reads its input twice, which the standard input and pipes cannot; give a file");
  if (const std::string wrong = wrong_page(options, list->inputs); !wrong.empty()) return refuse(wrong);
  for (const std::string& note : list->notes) std::fprintf(stderr, "viaduct analyze: %s\n", note.c_str());
  int exit = Exit::clean;
  std::optional<analyze::Analysis> analysis(std::in_place, std::move(settings), VIADUCT_VERSION);
  std::vector<Source> sources = sources_of(list->inputs, options.other_side.empty());
  const Unread unread = read_all(sources, *analysis, exit);
  if (std::ranges::all_of(list->inputs, [&](const analyze::Input& input) { return unread.contains(input.path); }))
    return exit;
  read_other_side(options, *analysis, exit);
  finding::Result result = analysis->finish();
  const std::vector<analyze::CallTraffic> traffic = analysis->traffic();
  std::optional<diagnose::sides::Border> border = analysis->border();
  analysis.reset();
  if (border && std::ranges::all_of(sources, &Source::again))
    if (std::optional<finding::Result> apart = read_apart(sources, options, *std::move(border), unread, exit))
      result = *std::move(apart);
  std::optional<analyze::Masks> masks = masks_for(options);
  if (!options.filter.empty() && result.calls.empty() && result.streams.empty() && result.registrations.empty() &&
      result.subscriptions.empty())
    return refuse("nothing in the input matches --filter '" + options.filter + "'");
  if (!options.extract.first.empty()) {
    if (traffic.empty()) return refuse("there is no call with the Call-ID '" + options.extract.first + "'");
    if (masks) finding::learn_names(result, masks->names);
    if (!write_call(options, list->inputs, traffic, masks ? &*masks : nullptr)) exit = Exit::environment;
  }
  return report(std::move(result), options, masks ? &*masks : nullptr, exit);
}

[[nodiscard]] std::string check_time(const std::string& text) {
  return analyze::TimeSpec::parse(text) ? "" : "'" + text + "' is no time: give 2024-05-01T12:00:00Z, 12:00 or +90";
}

void add_input_options(CLI::App& command, Options& o) {
  command
      .add_option("FILE", o.files,
                  "A capture: pcap or pcapng, plain, gzip or zstd; several are read in this order as one; a directory "
                  "is the captures in it; - is the standard input")
      ->type_name("");
  command.add_option("--site", o.sites, "Captures of another site; each time one, or a directory")
      ->type_name("NAME=PATH")
      ->allow_extra_args(false);
  command
      .add_option("--other-side", o.other_side,
                  "A capture of the same calls from the other side of the router, or from the platform")
      ->type_name("FILE")
      ->allow_extra_args(false);
  command
      .add_option("-i,--interface", o.interface,
                  "Capture here (any: everywhere) until Ctrl-C; calls and findings as they come")
      ->type_name("NAME");
  command.add_option("--duration", o.duration, "With -i: end after this time, e.g. 10m")->type_name("TIME");
  command.add_option("--from", o.from, "Frames from then on: 2024-05-01T12:00:00Z, 12:00 (UTC), +SECONDS")
      ->type_name("TIME")
      ->check(check_time);
  command.add_option("--to", o.to, "Frames before then")->type_name("TIME")->check(check_time);
  command.add_option("--filter", o.filter, "Only calls with this Call-ID, number, user or address")
      ->type_name("TEXT")
      ->check([](const std::string& text) { return text.empty() ? "it is empty" : ""; });
}

}  // namespace

Run add_analyze(CLI::App& command) {
  const auto options = std::make_shared<Options>();
  add_input_options(command, *options);
  CLI::Option* const json = command.add_flag("--json", options->json, "Write one JSON document");
  CLI::Option* const csv = command.add_option("--csv", options->csv, "Write one table: streams, gaps or calls")
                               ->check(CLI::IsMember({"streams", "gaps", "calls"}))
                               ->type_name("TABLE")
                               ->excludes(json);
  command.add_option("--html", options->html, "Write a page, too, that can be sent to others")->type_name("FILE");
  command.add_flag("--calls", options->calls,
                   "Show all calls and registrations, not only the worst, and subscriptions");
  command.add_flag("--streams", options->streams, "Show all streams and their gaps");
  command.add_option("--follow", options->follow, "Show the messages of one call")->type_name("CALL-ID")->excludes(csv);
  command.add_option("--extract", options->extract, "Write the frames of one call to a capture file, too")
      ->type_name("CALL-ID FILE");
  command.add_flag("--anonymise,--anonymize", options->anonymise,
                   "Mask numbers, names and addresses, also in what --extract writes");
  command.footer(kExamples);
  return [options] { return run(*options); };
}

}  // namespace viaduct::app
