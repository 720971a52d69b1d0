// SPDX-License-Identifier: GPL-2.0-or-later
#include "audit/products/openwrt_run.hpp"

#include "base/text.hpp"

#include <algorithm>
#include <array>
#include <map>

namespace viaduct::audit::products {
namespace {

[[nodiscard]] bool is_one_of(Bytes word, std::initializer_list<Bytes> words) {
  return std::ranges::find(words, word) != words.end();
}
[[nodiscard]] bool begins_with_one_of(Bytes word, std::initializer_list<Bytes> words) {
  return std::ranges::any_of(words, [&](Bytes begin) { return word.starts_with(begin); });
}

/// What a title says behind the ways in which a file is printed whole; a title of another command is empty then.
[[nodiscard]] Bytes printed(Bytes title) {
  for (const Bytes before : {Bytes("sudo "), Bytes("File: "), Bytes("Output of "), Bytes("Command: "), Bytes("cat "),
                             Bytes("more "), Bytes("less "), Bytes("tail -n +1 ")})
    if (title.starts_with(before)) title = base::trim(title.substr(before.size()));
  return title.starts_with('/') ? title : Bytes();
}

[[nodiscard]] Runs runs_by_place(Bytes path, Bytes first_line) {
  if (path.starts_with("/etc/crontabs/")) return Runs::table;
  if (path.starts_with("/etc/init.d/")) return Runs::package;
  const bool folder = begins_with_one_of(
      path, {"/etc/hotplug.d/", "/etc/ppp/", "/etc/uci-defaults/", "/etc/rc.button/", "/etc/udhcpc.user"});
  const bool name = path.ends_with(".sh") || path.ends_with(".user") || path == "/etc/rc.local";
  return folder || name || first_line.starts_with("#!") ? Runs::script : Runs::no;
}

/// A path that says where data are, whatever is done with it.
[[nodiscard]] bool is_of_data(Bytes path) {
  static constexpr auto kEnds = std::to_array<Bytes>({".conf", ".json", ".log", ".key", ".pem", ".crt", ".cfg", ".db",
                                                      ".txt", ".list", ".yaml", ".yml", ".pid", ".bak", ".gz"});
  return path.ends_with('/') || std::ranges::any_of(kEnds, [&](Bytes end) { return path.ends_with(end); });
}

/// Every OpenWrt has them: they set variables and lamps, and start what packages bring.
[[nodiscard]] bool is_of_system(Bytes path) {
  return begins_with_one_of(path, {"/etc/init.d/", "/etc/rc.d/", "/etc/config/", "/etc/profile.d/"}) ||
         is_one_of(path,
                   {"/etc/openwrt_release", "/etc/os-release", "/etc/device_info", "/etc/diag.sh", "/etc/functions.sh",
                    "/etc/profile", "/etc/rc.common", "/etc/passwd", "/etc/shadow", "/etc/hosts", "/etc/TZ"});
}

/// A program without its folder.
[[nodiscard]] Bytes without_folder(Bytes word) {
  return word.substr(word.rfind('/') + 1);
}
[[nodiscard]] Bytes program_of(const Command& command) {
  return command.words.empty() ? Bytes() : without_folder(command.words.front());
}

/// What runs what it reads, or reads rules.
[[nodiscard]] bool reads_what_runs(Bytes program) {
  return program.ends_with("tables-restore") || is_nft(program) ||
         is_one_of(program, {"sh", "ash", "bash", "xargs", ".", "source", "run-parts"});
}

/// What runs the program, or the script, that is its first word beside options.
[[nodiscard]] bool launches(Bytes program) {
  static constexpr auto kPrograms =
      std::to_array<Bytes>({"nohup", "timeout", "nice", "ionice", "setsid",  "start-stop-daemon",
                            "env",   "exec",    "time", "flock",  "lock",    "chrt",
                            "eval",  "sudo",    "su",   "screen", "tmux",    "if",
                            "while", "until",   "then", "do",     "else",    "elif",
                            "!",     "{",       "(",    "lua",    "python3", "python",
                            "perl",  "ucode",   "php",  "expect", "tclsh",   "busybox",
                            "trap",  "command"});
  return std::ranges::find(kPrograms, program) != kPrograms.end();
}

/// What a launcher may be told before that: `-n`, `19`, `60s`, `KILL`, `PATH=/bin`, the file of a lock.
[[nodiscard]] bool is_told_launcher(Bytes word, Bytes before, Bytes program) {
  if (word.starts_with('-') || word.find('=') != Bytes::npos) return true;
  if (before == "-p" || before == "--pidfile") return true;
  if ((program == "flock" || program == "lock") && (before == program || before.starts_with('-'))) return true;
  if (word.find_first_not_of("ABCDEFGHIJKLMNOPQRSTUVWXYZ") == Bytes::npos) return true;
  if (word.find_first_of("0123456789") == 0 && word.find('/') == Bytes::npos) return true;
  return before.starts_with('-') && !word.starts_with('/') && is_one_of(program, {"su", "sudo", "screen", "tmux"});
}

/// The words that a command runs: its first, and what launchers before it are given. `reading` is where a shell or a
/// reader of rules begins; whatever is behind may be read.
struct Run {
  std::vector<std::size_t> words;
  std::size_t reading = Bytes::npos;
};
[[nodiscard]] Run run_of(const std::vector<Bytes>& words) {
  Run run;
  Bytes launcher;
  for (std::size_t i = 0; i < words.size(); ++i) {
    if (!launcher.empty() && is_told_launcher(words[i], without_folder(words[i - 1]), launcher)) continue;
    run.words.push_back(i);
    const Bytes program = without_folder(words[i]);
    if (reads_what_runs(program)) run.reading = i;
    if (!launches(program)) break;
    launcher = program;
  }
  return run;
}

/// What only looks, prints, moves or writes.
[[nodiscard]] bool runs_nothing(Bytes program) {
  static constexpr auto kPrograms = std::to_array<Bytes>(
      {"echo", "printf", "[",      "[[",  "test", "cp",  "mv",   "rm",    "touch",  "mkdir", "chmod",  "chown", "grep",
       "sed",  "awk",    "logger", "ln",  "ls",   "tar", "uci",  "exit",  "export", "local", "return", "cat",   "head",
       "tail", "wc",     "md5sum", "cut", "sort", "cmp", "diff", "rmdir", "unset",  "kill",  "gzip",   "date",  "cd"});
  return std::ranges::find(kPrograms, program) != kPrograms.end();
}

[[nodiscard]] bool writes_into(Bytes word) {
  return word.ends_with('>');
}

}  // namespace

Files files_of(const std::vector<Section>& sections) {
  Files files;
  for (const Section& section : sections) {
    Bytes rest = printed(section.title);
    while (rest.starts_with('/')) {
      const std::size_t end = std::min(rest.find(' '), rest.size());
      files.insert(rest.substr(0, end));
      rest = base::trim(rest.substr(end));
    }
  }
  return files;
}

Files paths_in(Bytes text) {
  Files paths;
  for (std::size_t at = text.find('/'); at != Bytes::npos; at = text.find('/', at + 1)) {
    const Bytes rest = text.substr(at);
    if (begins_with_one_of(rest, {"/etc/", "/root/"}))
      paths.insert(rest.substr(0, rest.find_first_of(" \t\r\n'\"`;|&<>(){}")));
  }
  return paths;
}

std::vector<Runs> runs_of(const Text& text, const std::vector<Section>& sections) {
  std::vector<Runs> runs(sections.size(), Runs::no);
  std::vector<std::size_t> fresh;
  std::map<Bytes, std::vector<std::size_t>> shown;  // what a chain of files names is looked up, not searched for
  const auto found = [&](std::size_t at, Runs how) {
    runs[at] = how;
    fresh.push_back(at);
  };
  for (std::size_t i = 0; i < sections.size(); ++i) {
    const Bytes path = printed(sections[i].title);
    if (!path.empty() && !is_of_data(path) && !is_of_system(path)) shown[path].push_back(i);
    const Runs how = sections[i].title.starts_with("crontab") ? Runs::table
                     : path.empty()                           ? Runs::no
                                                              : runs_by_place(path, text.line(sections[i].first));
    if (how != Runs::no || sections[i].title.empty() || sections[i].of("etc/config/firewall") || sections[i].of("uci "))
      found(i, how);
  }
  // What one of them names may be run by it; each section is looked through once.
  while (!fresh.empty()) {
    Files named;
    for (const std::size_t at : fresh)
      for (std::uint32_t number = sections[at].first; number <= sections[at].last; ++number)
        named.merge(paths_in(text.line(number)));
    fresh.clear();
    for (const Bytes path : named)
      if (const auto at = shown.find(path); at != shown.end())
        for (const std::size_t i : at->second)
          if (runs[i] == Runs::no) found(i, Runs::script);
  }
  return runs;
}

bool is_nft(Bytes word) {
  return word == "nft" || word.ends_with("/nft") || word == "$NFT";
}

bool runs_what_it_reads(const Command& command) {
  return run_of(command.words).reading != Bytes::npos;
}

std::vector<Bytes> files_run_by(const Command& command, Runs how, bool fed) {
  const Bytes program = program_of(command);
  // Packages start what they bring.
  const Run run = how == Runs::package && program != "nohup" && !reads_what_runs(program) ? Run{.words = {0}}
                                                                                          : run_of(command.words);
  const bool idle = runs_nothing(program) && !(fed && program == "cat");
  std::vector<Bytes> files;
  for (std::size_t i = 0; i < command.words.size(); ++i) {
    Bytes path = command.words[i];
    while (path.starts_with('<')) path.remove_prefix(1);
    const bool into = path.starts_with('>') || (i > 0 && writes_into(command.words[i - 1]));
    if (into || !begins_with_one_of(path, {"/etc/", "/root/"}) || is_of_system(path)) continue;
    const bool reads = run.reading != Bytes::npos && i > run.reading;
    const bool runs = std::ranges::find(run.words, i) != run.words.end();
    // A loop may run what it goes through, lines further down; what ends so is a script, whoever is given it.
    const bool pattern = path.find_first_of("*?[") != Bytes::npos;
    const bool listed = program == "for" && how != Runs::package && !pattern && !is_of_data(path);
    const bool script = path.ends_with(".sh") && how != Runs::package && !idle;
    // Rules may stand in a file of any name.
    const bool passed_on = fed && how != Runs::package && !idle;
    if (runs || reads || listed || script || passed_on) files.push_back(path);
  }
  return files;
}

}  // namespace viaduct::audit::products
