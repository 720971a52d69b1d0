// SPDX-License-Identifier: GPL-2.0-or-later
#include "analyze/progress.hpp"
#include "audit/fix_script.hpp"
#include "audit/path_result.hpp"
#include "audit/run.hpp"
#include "audit/this_host.hpp"
#include "commands/command.hpp"
#include "commands/output.hpp"
#include "os/file.hpp"
#include "report/csv.hpp"
#include "report/device_text.hpp"
#include "report/html.hpp"
#include "report/json.hpp"
#include "report/text.hpp"

#include <algorithm>
#include <cstdint>
#include <cstdio>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <vector>

namespace viaduct::app {
namespace {

struct Options {
  std::vector<std::string> paths;
  bool this_host = false;
  std::string save;
  std::string with;
  std::string catalogue;
  std::string html;
  std::string scripts;
  bool include_restart = false;
  bool json = false;
  bool csv = false;
  bool inventory = false;
  bool all = false;
};

[[nodiscard]] int refuse(const std::string& why) {
  std::fprintf(stderr, "viaduct audit: %s\ntry: viaduct audit --help\n", why.c_str());
  return Exit::wrong_usage;
}

/// One's own products; the error is a sentence.
[[nodiscard]] std::string add_own(viaduct::audit::Catalogue& catalogue, const std::string& folder) {
  std::error_code error;
  std::vector<std::filesystem::path> files;
  for (const auto& entry : std::filesystem::directory_iterator(folder, error))
    if (entry.path().extension() == ".toml") files.push_back(entry.path());
  if (error) return folder + ": " + error.message();
  std::ranges::sort(files);
  for (const std::filesystem::path& path : files) {
    std::ifstream file(path, std::ios::binary);
    const std::string toml{std::istreambuf_iterator<char>(file), {}};
    if (const auto added = catalogue.add(toml, path.string()); !added) return added.error();
  }
  return {};
}

[[nodiscard]] std::string report_of(const finding::Result& result, const Options& options) {
  if (options.json) return report::to_json(result);
  if (options.csv) return report::devices_csv(result);
  if (options.inventory) return result.sentence + "\n\n" + report::inventory_text(result, terminal_width());
  report::TextOptions text;
  text.width = terminal_width();
  text.colours = wants_colours();
  text.passed = options.all;
  text.evidence = 8;
  return report::to_text(result, text);
}

/// An inventory as JSON has its devices in the order of the one as text.
void worst_first(finding::Result& result) {
  std::vector<finding::DeviceSummary> devices;
  devices.reserve(result.devices.size());
  for (const std::uint32_t index : report::worst_devices(result)) devices.push_back(std::move(result.devices[index]));
  result.devices = std::move(devices);
}

/// A script beside the others for each device that wants one.
class Scripts {
 public:
  Scripts(const Options& options, const viaduct::audit::Catalogue& catalogue)
      : options_(options), catalogue_(catalogue) {}

  void add(const viaduct::audit::Audited& one) {
    if (options_.scripts.empty()) return;
    const std::string script = audit::fix_script(one, catalogue_, options_.include_restart);
    if (script.empty()) return;
    const std::filesystem::path path = std::filesystem::path(options_.scripts) / audit::script_name(one, taken_);
    written_ += write_file("audit", path.string(), script);
    ++wanted_;
  }
  /// Whether all were written.
  [[nodiscard]] bool tell() const {
    if (!options_.scripts.empty())
      std::fprintf(stderr, "viaduct audit: %zu of %zu scripts written to %s; read them before you run them\n", written_,
                   wanted_, options_.scripts.c_str());
    return written_ == wanted_;
  }

 private:
  const Options& options_;
  const viaduct::audit::Catalogue& catalogue_;
  std::set<std::string> taken_;
  std::size_t written_ = 0;
  std::size_t wanted_ = 0;
};

/// What this machine says, as one more source; none if it says nothing at all.
[[nodiscard]] std::expected<std::vector<audit::Source>, int> ask_this_host(const Options& options) {
  std::vector<audit::Source> sources;
  if (!options.this_host) return sources;
  audit::Transcript told = audit::ask(audit::this_machine());
  if (!told.anything) {
    std::fprintf(stderr,
                 "viaduct audit: nothing of this host could be read: no rule set, no settings, no modules\nnext: run "
                 "it as root, on Linux\n");
    return std::unexpected(Exit::environment);
  }
  if (!options.save.empty() && !write_file("audit", options.save, audit::to_keep(told.text)))
    return std::unexpected(Exit::environment);
  sources.push_back({.name = "this host", .octets = std::move(told.text)});
  return sources;
}

[[nodiscard]] std::string wrong_choice(const Options& options) {
  if (options.json && options.csv) return "choose one of --json and --csv";
  if (options.paths.empty() && !options.this_host) return "name a file, or --this-host";
  if (!options.save.empty() && !options.this_host) return "--save goes with --this-host";
  if (std::ranges::any_of(options.paths, [&](const std::string& path) { return is_same_file(path, options.html); }))
    return "--html: " + options.html + " is being read; name another file for the page";
  if (options.include_restart && options.scripts.empty()) return "--include-restart goes with --fix-script";
  return {};
}

/// What was seen on the path, if somebody named it; the error is a sentence.
[[nodiscard]] std::expected<std::optional<audit::PathResult>, std::string> path_of(const Options& options) {
  if (options.with.empty()) return std::nullopt;
  constexpr std::size_t kMost = 512U << 20;
  const os::Result<std::string> text = os::read_file(options.with, kMost);
  if (!text) return std::unexpected("--with: " + text.error().to_text());
  std::expected<audit::PathResult, std::string> path = audit::read_path_result(*text);
  if (!path) return std::unexpected("--with: " + options.with + ": " + path.error());
  return std::move(*path);
}

int run(const Options& options) {
  if (const std::string wrong = wrong_choice(options); !wrong.empty()) return refuse(wrong);
  viaduct::audit::Catalogue catalogue = viaduct::audit::Catalogue::built_in();
  if (!options.catalogue.empty())
    if (const std::string wrong = add_own(catalogue, options.catalogue); !wrong.empty())
      return refuse("--catalogue: " + wrong);
  std::error_code error;
  if (!options.scripts.empty() && !std::filesystem::is_directory(options.scripts, error) &&
      !std::filesystem::create_directories(options.scripts, error)) {
    std::fprintf(stderr, "viaduct audit: --fix-script: %s: %s\nnext: name a directory that can be written\n",
                 options.scripts.c_str(), error.message().c_str());
    return Exit::environment;
  }
  std::expected<std::vector<audit::Source>, int> own = ask_this_host(options);
  if (!own) return own.error();
  const std::expected<std::optional<audit::PathResult>, std::string> path = path_of(options);
  if (!path) {
    std::fprintf(stderr, "viaduct audit: %s\n", path.error().c_str());
    return Exit::environment;
  }
  Scripts scripts(options, catalogue);
  analyze::Progress progress;
  std::uint64_t files = 0;
  std::uint64_t octets = 0;
  std::expected<finding::Result, std::string> result =
      audit::run(std::move(*own), options.paths, catalogue, [&](const viaduct::audit::Audited& one) {
        scripts.add(one);
        progress.begin(one.input.path, 0);
        progress.files(octets += one.input.octets, files += one.first_line <= 1);
      });
  progress.clear();
  if (!result) {
    std::fprintf(stderr, "viaduct audit: cannot read %s\n", result.error().c_str());
    return Exit::environment;
  }
  if (*path) audit::rank_by_path(*result, **path, catalogue);
  if (options.inventory && options.json) worst_first(*result);
  result->version = VIADUCT_VERSION;
  finding::limit(*result);
  int exit = result->verdict == finding::Overall::clean ? Exit::clean : Exit::findings;
  if (!options.html.empty() && !write_file("audit", options.html, report::to_html(*result))) exit = Exit::environment;
  if (!scripts.tell()) exit = Exit::environment;
  return put("audit", report_of(*result, options), exit);
}

constexpr const char* kExamples =
    "Examples:\n"
    "  viaduct audit router.cfg                   what on this router touches SIP, and how to switch it off\n"
    "  viaduct audit --inventory oxidized/        all devices, the worst first\n"
    "  viaduct audit --fix-script fixes/ oxidized/\n"
    "  viaduct audit --csv backups.tar.gz > devices.csv\n"
    "  viaduct audit --this-host --fix-script fixes/   this Linux router, and the script that mends it\n"
    "  viaduct audit --with result.json oxidized/      which of these devices edits as was seen on the path\n"
    "  ssh admin@r1 show running-config | viaduct audit -\n"
    "\n"
    "Nothing is ever sent to a device. Secrets in what is shown are masked.\n"
    "Exit codes: 0 nothing touches SIP and UDP sessions last, 1 findings, or it could not be told, 2 wrong usage, "
    "3 a file could not be read or written, or nothing of this host be read.\n";

}  // namespace

Run add_audit(CLI::App& command) {
  const auto options = std::make_shared<Options>();
  command
      .add_option("FILE", options->paths,
                  "A configuration, a directory, or a tar or zip archive of them; - is the standard input")
      ->type_name("");
  command.add_flag("--this-host", options->this_host,
                   "Read this Linux machine: nft, iptables, conntrack, tc, /proc (best as root)");
  command
      .add_option("--save", options->save,
                  "With --this-host: keep what was read, secrets masked; audit reads it again elsewhere")
      ->type_name("FILE");
  command.add_flag("--inventory", options->inventory,
                   "One line a device, the worst first; with --json or --csv the same in that form");
  command.add_flag("--all", options->all, "Show what is in order, too");
  command.add_flag("--json", options->json, "Write JSON (docs/result-schema.json)");
  command.add_flag("--csv", options->csv, "Write one row a device");
  command.add_option("--html", options->html, "Also write a page that works offline")->type_name("FILE");
  command
      .add_option("--fix-script", options->scripts,
                  "Write a script for each device that wants one: check, backup, change, verify, roll back")
      ->type_name("DIR");
  command.add_flag("--include-restart", options->include_restart,
                   "In scripts, clear sessions and restart: not as comments");
  command
      .add_option("--with", options->with,
                  "A result of viaduct analyze --json: rank first what explains the ALG that it saw")
      ->type_name("FILE");
  command
      .add_option("--catalogue", options->catalogue, "Add the products of the TOML files in there (docs/catalogue.md)")
      ->type_name("DIR");
  command.footer(kExamples);
  return [options] { return run(*options); };
}

}  // namespace viaduct::app
