// SPDX-License-Identifier: GPL-2.0-or-later
#include "audit/products/openwrt_run.hpp"

#include "base/text.hpp"

#include <algorithm>
#include <array>
#include <map>
#include <utility>

namespace viaduct::audit::products {
namespace {

[[nodiscard]] bool is_one_of(Bytes word, std::initializer_list<Bytes> words) {
  return std::ranges::find(words, word) != words.end();
}
[[nodiscard]] bool begins_with_one_of(Bytes word, std::initializer_list<Bytes> words) {
  return std::ranges::any_of(words, [&](Bytes begin) { return word.starts_with(begin); });
}

/// Calls `take` with each path below /etc or /root.
template <typename Take>
void each_path(Bytes text, const Take& take) {
  // No system opens a longer one.
  constexpr std::size_t kLongest = 4096;
  std::size_t end = 0;
  for (std::size_t at = text.find('/'); at != Bytes::npos; at = text.find('/', at + 1)) {
    if (!begins_with_one_of(text.substr(at), {"/etc/", "/root/"})) continue;
    if (at >= end) end = std::min(text.find_first_of(" \t\r\n'\"`;|&<>(){}", at), text.size());
    if (end - at < kLongest) take(text.substr(at, end - at));
  }
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
  return begins_with_one_of(path,
                            {"/etc/init.d/", "/etc/rc.d/", "/etc/config/", "/etc/profile.d/", "/etc/sysctl.d/"}) ||
         is_one_of(path, {"/etc/openwrt_release", "/etc/os-release", "/etc/device_info", "/etc/diag.sh",
                          "/etc/functions.sh", "/etc/profile", "/etc/rc.common", "/etc/passwd", "/etc/shadow",
                          "/etc/hosts", "/etc/TZ", "/etc/sysctl.conf"});
}

/// A program without its folder.
[[nodiscard]] Bytes without_folder(Bytes word) {
  return word.substr(word.rfind('/') + 1);
}

/// What runs what it reads, or reads rules.
[[nodiscard]] bool reads_what_runs(Bytes program) {
  return program.ends_with("tables-restore") || is_nft(program) ||
         is_one_of(program, {"sh", "ash", "bash", "xargs", ".", "source", "run-parts", "ucode", "expect"}) ||
         begins_with_one_of(program, {"lua", "perl", "python"}) ||
         (program.starts_with("php") && !program.ends_with("fpm"));
}

/// What runs the program that it is given behind options of its own, and words of the shell before a command.
[[nodiscard]] bool launches(Bytes program) {
  return is_one_of(program, {"nohup",   "timeout", "nice",  "ionice", "setsid", "start-stop-daemon",
                             "env",     "exec",    "time",  "flock",  "lock",   "sudo",
                             "busybox", "if",      "while", "until",  "then",   "do",
                             "else",    "elif",    "!",     "{",      "eval"});
}

/// What only looks, prints, moves or writes, whatever it is given.
[[nodiscard]] bool runs_nothing(Bytes program) {
  static constexpr auto kPrograms = std::to_array<Bytes>(
      {"echo",  "printf",    "[",      "[[",     "test",   "cp",      "mv",       "rm",      "touch",      "mkdir",
       "chmod", "chown",     "grep",   "sed",    "awk",    "logger",  "ln",       "ls",      "tar",        "uci",
       "exit",  "export",    "local",  "return", "cat",    "head",    "tail",     "wc",      "md5sum",     "cut",
       "sort",  "cmp",       "diff",   "rmdir",  "unset",  "kill",    "gzip",     "date",    "cd",         "find",
       "egrep", "fgrep",     "gunzip", "zcat",   "stat",   "df",      "du",       "tee",     "dd",         "readlink",
       "sync",  "sha256sum", "mount",  "umount", "swapon", "swapoff", "basename", "dirname", "sysupgrade", "readonly"});
  return std::ranges::find(kPrograms, program) != kPrograms.end();
}
/// Those of them whose output another program may run.
[[nodiscard]] bool passes_on(Bytes program) {
  return is_one_of(program, {"cat", "zcat", "gunzip", "grep", "egrep", "fgrep", "sed", "awk", "head", "tail", "cut",
                             "sort", "ls", "find", "echo", "printf", "tee", "dd"});
}

/// What is given settings, keys and places for data: it runs scripts, and what some options name.
[[nodiscard]] bool reads_settings(Bytes program) {
  return is_one_of(program,
                   {"openvpn", "ssh", "scp", "rsync", "sftp", "dropbear", "dbclient", "autossh", "wget", "curl",
                    "uclient-fetch", "dnsmasq", "acme.sh", "opkg", "apk", "wg", "ipset", "ntpd", "uhttpd"});
}
[[nodiscard]] bool names_program(Bytes option) {
  return is_one_of(option.substr(0, option.find('=')),
                   {"--up", "--down", "--route-up", "--route-pre-down", "--ipchange", "--tls-verify",
                    "--client-connect", "--client-disconnect", "--learn-address", "--auth-user-pass-verify",
                    "--dhcp-script", "--reloadcmd", "--pre-hook", "--post-hook", "--renew-hook", "--deploy-hook"});
}

/// `>`, `2>/dev/null`, `<`
[[nodiscard]] bool redirects(Bytes word) {
  const std::size_t at = word.find_first_not_of("0123456789&");
  return at != Bytes::npos && (word[at] == '>' || word[at] == '<');
}
[[nodiscard]] bool goes_on(Bytes redirection) {
  return redirection.ends_with('>') || redirection.ends_with('<');
}
[[nodiscard]] bool writes_into(Bytes word) {
  return redirects(word) && word.find('<') == Bytes::npos;
}

/// Of `NAME=value` the name; empty for others.
[[nodiscard]] Bytes assigned_in(Bytes word) {
  const Bytes name = word.substr(0, word.find('='));
  const bool plain = std::ranges::all_of(name, [](char c) { return base::kAlphanum.contains(c) || c == '_'; });
  return name.size() < word.size() && plain ? name : Bytes();
}

/// Where the program of a command stands: behind redirections, variables that are set for it, and launchers, of whose
/// options nobody knows which have a value: behind one only what runs what it reads counts, and elsewhere a program
/// that is known. The end: none is known.
[[nodiscard]] std::size_t program_at(const std::vector<Bytes>& words) {
  bool launched = false;
  for (std::size_t i = 0; i < words.size(); ++i) {
    const Bytes program = without_folder(words[i]);
    if (redirects(words[i])) {
      if (goes_on(words[i])) ++i;
    } else if (assigned_in(words[i]).empty() && launches(program)) {
      launched = true;
    } else if (assigned_in(words[i]).empty()) {
      const bool known = reads_what_runs(program) || runs_nothing(program) || reads_settings(program);
      const Bytes before = launched ? words[i - 1] : Bytes();
      const bool value = before.starts_with('-') && !is_one_of(before, {"-x", "--exec", "-a", "--startas", "--"});
      if (!launched || (known && (!value || reads_what_runs(program)))) return i;
    }
  }
  return words.size();
}

/// Whether a word is the file of a lock, or of a process.
[[nodiscard]] bool is_lock(const std::vector<Bytes>& words, std::size_t at) {
  std::size_t from = at;
  while (from > 0 && (words[from - 1].starts_with('-') || base::parse_decimal(words[from - 1]))) --from;
  if (from > 0 && is_one_of(words[from - 1], {"flock", "lock", "/usr/bin/flock", "/bin/lock"})) return true;
  return at > 0 && is_one_of(words[at - 1], {"-p", "--pidfile"}) && words.front().ends_with("start-stop-daemon");
}

/// The paths that a word names, each with whether a shell runs it there: `/root/x`, `--up=/root/x`, `"$(/root/x) &"`.
struct Named {
  Bytes path;
  bool run = false;
};
[[nodiscard]] std::vector<Named> named_in(Bytes word) {
  std::vector<Named> named;
  each_path(word, [&](Bytes path) {
    const Bytes before = word.substr(0, static_cast<std::size_t>(path.data() - word.data()));
    const std::size_t last = before.find_last_not_of(" \t\n'\"");
    const bool glued = before.size() == 2 && before[0] == '-';  // `-f/etc/x`
    const bool starts =
        glued || before.empty() || before.ends_with(":-") || Bytes(" \t\n='\"({`<:,|;&!").contains(before.back());
    const bool into = last != Bytes::npos && before[last] == '>';
    const bool run = last != Bytes::npos && (before[last] == '`' || before.substr(0, last + 1).ends_with("$("));
    if (starts && !into) named.push_back({.path = path, .run = run});
  });
  return named;
}

/// What a command does with the paths behind its program.
enum class Takes : std::uint8_t { runs, settings, data, untold };

[[nodiscard]] Takes takes_of(const std::vector<Bytes>& words, std::size_t at, bool fed) {
  if (at >= words.size()) return Takes::untold;
  const Bytes program = without_folder(words[at]);
  if (reads_what_runs(program) || is_one_of(program, {"sysctl", "crontab"})) return Takes::runs;
  const bool runs = std::ranges::any_of(words, [](Bytes word) { return word.starts_with("-exec"); });
  if (runs_nothing(program)) return runs || (fed && passes_on(program)) ? Takes::runs : Takes::data;
  if (fed) return Takes::runs;
  return reads_settings(program) ? Takes::settings : Takes::untold;
}

/// Whether a path behind the program may be run.
[[nodiscard]] bool may_run(Takes takes, Bytes path, Bytes word, Bytes before) {
  switch (takes) {
    case Takes::runs:
      return true;
    case Takes::data:
      return false;
    case Takes::settings:
      return path.ends_with(".sh") || names_program(before) || names_program(word);
    case Takes::untold:
      return !is_of_data(path);
  }
  return true;
}

/// The variables of a script that hold paths, and its folder.
class Values {
 public:
  /// Packages name many files that they only read: what they keep below /etc is left.
  explicit Values(bool package) : package_(package), values_{{"HOME", "/root"}} {}
  void assign(Bytes word, bool again) {
    const Bytes name = assigned_in(word);
    if (name.empty()) return;
    std::string value = said(word.substr(name.size() + 1));
    const std::size_t root = std::min(value.find("/root"), value.find(package_ ? "/root" : "/etc"));
    if (root == std::string::npos) return;
    // It may be put in each word of a long text.
    if (value.size() > kLongestValue) value = value.substr(root, value.find(' ', root) - root).substr(0, kLongestValue);
    if (again)
      values_.insert_or_assign(std::string(name), value);
    else
      values_.try_emplace(std::string(name), value);
  }
  /// A word with what its variables hold, `./x` and `x` of `sh x` with the folder; lives as long as kept().
  [[nodiscard]] Bytes put_into(Bytes word, bool script) {
    if (word == "~" || word.starts_with("~/")) return kept_.emplace_back("/root" + said(word.substr(1)));
    const bool here = !folder_.empty() && (word.starts_with("./") || (script && word.find_first_of("-/$<>") != 0));
    if (!here && word.find('$') == Bytes::npos) return word;
    if (here && word.starts_with("./")) word.remove_prefix(2);
    return kept_.emplace_back((here ? folder_ + "/" : "") + said(word));
  }
  void change_folder(const Command& command) {
    if (command.words.size() < 2 || command.words[0] != "cd") return;
    const Bytes to = command.words[1];
    const bool kept = to.starts_with("/root") || (!package_ && to.starts_with("/etc"));
    folder_ = kept ? std::string(to.substr(0, kLongestValue)) : std::string();
  }
  [[nodiscard]] std::deque<std::string> kept() && { return std::move(kept_); }

 private:
  static constexpr std::size_t kLongestValue = 256;

  /// As it was where it would become much longer: values may hold one another.
  [[nodiscard]] std::string said(Bytes word) const {
    const std::size_t longest = word.size() + 16 * kLongestValue;
    std::string said;
    for (std::size_t at = 0; at < word.size() && said.size() < longest;) {
      std::size_t from = at + 1;
      const bool braced = word[at] == '$' && from < word.size() && word[from] == '{';
      if (braced) ++from;
      std::size_t end = from;
      while (word[at] == '$' && end < word.size() && (base::kAlphanum.contains(word[end]) || word[end] == '_')) ++end;
      const auto value = end > from ? values_.find(word.substr(from, end - from)) : values_.end();
      if (value != values_.end()) {
        said += value->second;
        at = braced && end < word.size() && word[end] == '}' ? end + 1 : end;
      } else {
        said += word[at++];
      }
    }
    return said.size() < longest ? said : std::string(word);
  }

  bool package_;
  std::map<std::string, std::string, std::less<>> values_;
  std::string folder_;
  std::deque<std::string> kept_;
};

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
  each_path(text, [&](Bytes path) { paths.insert(path); });
  return paths;
}

std::vector<Runs> runs_of(const Text& text, const std::vector<Section>& sections) {
  std::vector<Runs> runs(sections.size(), Runs::no);
  std::vector<std::size_t> fresh;
  std::map<Bytes, std::vector<std::size_t>> shown;  // what a chain of files names is looked up, not searched for
  const auto found = [&](std::size_t at, Runs how) {
    do {  // what may be a comment of a script is no end of it
      runs[at] = how;
      fresh.push_back(at++);
    } while (how != Runs::no && at < sections.size() && sections[at].goes_on && runs[at] == Runs::no);
  };
  for (std::size_t i = 0; i < sections.size(); ++i) {
    const Bytes path = printed(sections[i].title);
    if (!path.empty() && !is_of_data(path) && !is_of_system(path)) shown[path].push_back(i);
    const Runs how = sections[i].title.starts_with("crontab") ? Runs::table
                     : path.empty()                           ? Runs::no
                                                              : runs_by_place(path, text.line(sections[i].first));
    const bool told =
        how != Runs::no || sections[i].title.empty() || sections[i].of("etc/config/firewall") || sections[i].of("uci ");
    if (told && runs[i] == Runs::no) found(i, how);
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
  const std::size_t at = program_at(command.words);
  if (at >= command.words.size()) return false;
  // A variable may be a line of what was read: `cat /etc/x | while read l; do $l; done`.
  return reads_what_runs(without_folder(command.words[at])) || command.words[at].starts_with('$');
}

std::vector<Bytes> files_run_by(const Command& command, Runs how, bool fed) {
  const std::vector<Bytes>& words = command.words;
  const std::size_t program = program_at(words);
  const Takes takes = takes_of(words, program, fed && how != Runs::package);
  // Packages start what they bring, and keep nothing at root's home.
  const bool package =
      how == Runs::package && takes != Takes::runs && !words.empty() && without_folder(words.front()) != "nohup";
  // Behind a launcher of a program that nobody knows its settings may stand.
  const std::size_t known = program < words.size() ? program : 0;
  std::vector<Bytes> files;
  for (std::size_t i = 0; i < words.size(); ++i) {
    const bool into = writes_into(words[i]) || (i > 0 && words[i - 1].ends_with('>'));
    if (into || (words[i].starts_with('/') && is_lock(words, i))) continue;
    // `sh -c 'PATH=/sbin /root/x'`
    const bool alone = i < program || words[i].find(' ') == Bytes::npos;
    const bool assigned = words.front() != "alias" && alone && !assigned_in(words[i]).empty();
    for (const auto& [path, run] : named_in(words[i])) {
      if (is_of_system(path) || (package && i > 0 && !path.starts_with("/root/"))) continue;
      const bool runs = run || (!assigned && (i <= known || may_run(takes, path, words[i], words[i - 1])));
      if (runs) files.push_back(path);
    }
  }
  return files;
}

std::deque<std::string> put_values(std::vector<Command>& commands, Runs how) {
  Values values(how == Runs::package);
  // A function may be called behind what it reads.
  for (const Command& command : commands)
    for (const Bytes word : command.words) values.assign(word, false);
  for (Command& command : commands) {
    const bool shell = !command.words.empty() && is_one_of(command.words[0], {"sh", "ash", "bash", ".", "source"});
    for (std::size_t i = 0; i < command.words.size(); ++i) {
      values.assign(command.words[i], true);
      command.words[i] = values.put_into(command.words[i], shell && i == 1);
    }
    values.change_folder(command);
  }
  return std::move(values).kept();
}

}  // namespace viaduct::audit::products
