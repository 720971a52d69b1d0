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

/// Each path of /etc or /root in a line.
void add_paths(Bytes line, Files& paths) {
  for (std::size_t at = line.find('/'); at != Bytes::npos; at = line.find('/', at + 1)) {
    const Bytes rest = line.substr(at);
    if (begins_with_one_of(rest, {"/etc/", "/root/"}))
      paths.insert(rest.substr(0, rest.find_first_of(" \t'\"`;|&<>(){}")));
  }
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
  return begins_with_one_of(path, {"/etc/init.d/", "/etc/rc.d/", "/etc/config/"}) ||
         is_one_of(path,
                   {"/etc/openwrt_release", "/etc/os-release", "/etc/device_info", "/etc/diag.sh", "/etc/functions.sh",
                    "/etc/profile", "/etc/rc.common", "/etc/passwd", "/etc/shadow", "/etc/hosts", "/etc/TZ"});
}

/// The program without its folder.
[[nodiscard]] Bytes program_of(const Command& command) {
  const Bytes word = command.words.empty() ? Bytes() : command.words.front();
  return word.substr(word.rfind('/') + 1);
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
        add_paths(text.line(number), named);
    fresh.clear();
    for (const Bytes path : named)
      if (const auto at = shown.find(path); at != shown.end())
        for (const std::size_t i : at->second)
          if (runs[i] == Runs::no) found(i, Runs::script);
  }
  return runs;
}

bool runs_what_it_reads(const Command& command) {
  const Bytes program = program_of(command);
  return program.ends_with("tables-restore") || program == "$NFT" ||
         is_one_of(program, {"nft", "sh", "ash", "bash", "xargs", ".", "source", "run-parts"});
}

std::vector<Bytes> files_run_by(const Command& command, Runs how, bool fed) {
  std::vector<Bytes> files;
  const bool reads = runs_what_it_reads(command);
  const bool program = program_of(command) == "nohup" || how != Runs::package;
  const bool idle = runs_nothing(program_of(command)) && !(fed && program_of(command) == "cat");
  for (std::size_t i = 0; i < command.words.size(); ++i) {
    Bytes path = command.words[i];
    while (path.starts_with('<')) path.remove_prefix(1);
    const bool into = path.starts_with('>') || (i > 0 && writes_into(command.words[i - 1]));
    if (into || !begins_with_one_of(path, {"/etc/", "/root/"}) || is_of_system(path)) continue;
    // Rules may stand in a file of any name; what a program of its own is given is told by it.
    const bool data = is_of_data(path) && !reads && !fed;
    if (i == 0 || reads || (program && !idle && !data)) files.push_back(path);
  }
  return files;
}

}  // namespace viaduct::audit::products
