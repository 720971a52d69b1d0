// SPDX-License-Identifier: GPL-2.0-or-later
#include "audit/sections.hpp"

#include "base/text.hpp"

#include <algorithm>
#include <array>
#include <optional>
#include <set>
#include <string>

namespace viaduct::audit {
namespace {

/// What stands between `begin` and `end` on a line of nothing else.
[[nodiscard]] std::optional<Bytes> between(Bytes line, Bytes begin, Bytes end) {
  if (line.size() < begin.size() + end.size() || !line.starts_with(begin) || !line.ends_with(end)) return std::nullopt;
  return base::trim(line.substr(begin.size(), line.size() - begin.size() - end.size()));
}

/// `root@gw:~# COMMAND`
[[nodiscard]] std::optional<Section> prompt(Bytes line) {
  const std::size_t at = line.find('@');
  const std::size_t colon = line.find(':');
  const std::size_t sign = line.find_first_of("#$");
  if (at == Bytes::npos || at == 0 || colon == Bytes::npos || sign == Bytes::npos || at > colon || colon > sign)
    return std::nullopt;
  if (line.substr(0, sign).find_first_of(" \t'\"=<>") != Bytes::npos || sign + 1 >= line.size() ||
      line[sign + 1] != ' ')
    return std::nullopt;
  return Section{.title = base::trim(line.substr(sign + 1)), .host = line.substr(at + 1, colon - at - 1)};
}

/// `[root@gw ~]# COMMAND`
[[nodiscard]] std::optional<Section> bracket_prompt(Bytes line) {
  const std::size_t at = line.find('@');
  const std::size_t blank = line.find(' ');
  const std::size_t end = line.find(']');
  if (!line.starts_with('[') || at == Bytes::npos || blank == Bytes::npos || end == Bytes::npos || at > blank ||
      blank > end)
    return std::nullopt;
  const Bytes rest = line.substr(end + 1);
  if (!rest.starts_with("# ") && !rest.starts_with("$ ")) return std::nullopt;
  return Section{.title = base::trim(rest.substr(2)), .host = line.substr(at + 1, blank - at - 1)};
}

/// Whether a title is a file or a command that somebody would collect, with nothing behind it that is prose.
[[nodiscard]] bool names_source(Bytes title) {
  static constexpr std::array<Bytes, 6> kBefore{"sudo ", "doas ", "cat ", "File: ", "Command: ", "Output of "};
  static constexpr std::array<Bytes, 4> kRoots{"/", "etc/", "proc/", "sys/"};
  /// With words of any kind behind them; behind the others stand options, a pipe, a remark or a file only.
  static constexpr auto kWithWords =
      std::to_array<Bytes>({"nft", "sysctl", "tc", "uci", "opkg", "apk", "ubus", "grep"});
  static constexpr auto kCommands =
      std::to_array<Bytes>({"uname", "hostname", "hostnamectl", "lsmod", "iptables-save", "ip6tables-save",
                            "iptables-legacy-save", "iptables-nft-save", "ip6tables-nft-save", "iptables", "ip6tables",
                            "firewall-cmd", "conntrack", "modprobe", "ls"});
  for (const Bytes word : kBefore)
    if (title.starts_with(word)) title = base::trim(title.substr(word.size()));
  const Bytes first = title.substr(0, title.find(' '));
  const Bytes rest = base::trim(title.substr(first.size()));
  if (std::ranges::any_of(kRoots, [&](Bytes root) { return first.starts_with(root) && first.size() > root.size(); }))
    return !first.ends_with(':') &&
           (rest.empty() || rest.starts_with('(') || rest.starts_with('|') || rest.starts_with('/'));
  if (std::ranges::find(kWithWords, first) != kWithWords.end()) return true;
  return std::ranges::find(kCommands, first) != kCommands.end() &&
         (rest.empty() || Bytes("-|(/").find(rest.front()) != Bytes::npos);
}

/// `----- TITLE`, `=== TITLE ===`: the row before the title, and the title.
struct Drawn {
  Bytes row;
  Bytes title;
};
[[nodiscard]] std::optional<Drawn> drawn(Bytes line) {
  if (line.empty() || Bytes("-=>#*+~%").find(line.front()) == Bytes::npos) return std::nullopt;
  const std::size_t end = line.find_first_not_of(line.front());
  if (end == Bytes::npos || line[end] != ' ') return std::nullopt;
  Bytes title = base::trim(line.substr(end));
  const std::size_t last = title.find_last_not_of(line.front());
  if (last != Bytes::npos && title.size() - last > 2 && title[last] == ' ') title = base::trim(title.substr(0, last));
  return Drawn{.row = line.substr(0, end), .title = title};
}

/// How the heads of this text are drawn. A row of `#` is a comment, too: there each line has to name a source itself.
[[nodiscard]] std::set<Bytes> rows_of(const Text& text) {
  std::set<Bytes> rows;
  for (const std::uint32_t number : text.numbers())
    if (const std::optional<Drawn> head = drawn(text.line(number));
        head && head->row.size() > 1 && head->row.front() != '#' && names_source(head->title))
      rows.insert(head->row);
  return rows;
}

/// A single `#` is how comments begin: only a file alone, as scripts write it before they print it.
[[nodiscard]] std::optional<Section> drawn_head(Bytes line, const std::set<Bytes>& rows) {
  const std::optional<Drawn> head = drawn(line);
  if (!head) return std::nullopt;
  if (head->row == "+" && names_source(head->title)) return Section{.title = head->title};  // of sh -x
  const bool comment = head->row == "#";
  const bool file = head->title.starts_with('/') && head->title.find(' ') == Bytes::npos;
  if (comment ? !(file && names_source(head->title))
              : !rows.contains(head->row) && !(head->row.size() > 1 && names_source(head->title)))
    return std::nullopt;
  return Section{.title = head->title};
}

/// `::::::::::::::`, the name of a file, and the same row again: how more(1) prints several.
[[nodiscard]] bool is_row_of_colons(Bytes line) {
  constexpr std::size_t kLeast = 10;
  return line.size() >= kLeast && line.find_first_not_of(':') == Bytes::npos;
}

/// A title that the next line underlines.
[[nodiscard]] bool is_underline(Bytes line) {
  return line.size() > 2 && (line.front() == '-' || line.front() == '=') &&
         line.find_first_not_of(line.front()) == Bytes::npos;
}

[[nodiscard]] std::optional<Section> head_of(Bytes line, const std::set<Bytes>& rows) {
  if (const std::optional<Bytes> file = between(line, "==> ", " <=="); file) return Section{.title = *file};
  if (const std::optional<Bytes> file = between(line, "==== ", " ===="); file) return Section{.title = *file};
  for (const Bytes begin : {Bytes("# #### File:"), Bytes("# #### Info:")})
    if (const std::optional<Bytes> file = between(line, begin, "#####"); file) return Section{.title = *file};
  for (const Bytes begin : {Bytes("console> "), Bytes("> ")})
    if (line.starts_with(begin)) return Section{.title = base::trim(line.substr(begin.size()))};
  if (line.starts_with("$ ") && names_source(base::trim(line.substr(2))))
    return Section{.title = base::trim(line.substr(2))};
  if (line.ends_with(':') && names_source(line.substr(0, line.size() - 1)))
    return Section{.title = line.substr(0, line.size() - 1)};
  if (std::optional<Section> typed = prompt(line)) return typed;
  if (std::optional<Section> typed = bracket_prompt(line)) return typed;
  return drawn_head(line, rows);
}

/// Whether a text begins with what root typed where the prompt is `#` alone: else such lines are comments. A file alone
/// is how comments of files begin.
[[nodiscard]] bool bare_prompts(const Text& text) {
  constexpr Bytes kPrompt = "# ";
  if (!text.line(text.first()).starts_with(kPrompt)) return false;
  const Bytes typed = text.line(text.first()).substr(kPrompt.size());
  return names_source(typed) && typed.substr(0, typed.find(' ')).find('/') == Bytes::npos;
}

/// `host: edge-1`, `Hostname: edge-1`: what some scripts write above all.
[[nodiscard]] Bytes host_in(Bytes title) {
  const Bytes key = title.substr(0, title.find(':'));
  if (key.size() == title.size() || !(base::iequals(key, "host") || base::iequals(key, "hostname"))) return {};
  const Bytes host = base::trim(title.substr(key.size() + 1));
  return host.find(' ') == Bytes::npos ? host : Bytes();
}

/// Whether a line of a shell runs a script, at its start or behind another command: what that prints has heads of its
/// own. What starts a service prints none.
[[nodiscard]] bool runs_script(Bytes line) {
  static constexpr std::array<Bytes, 5> kShells{"sh", "ash", "bash", ".", "source"};
  static constexpr std::array<Bytes, 4> kFolders{"./", "/etc/", "/root/", "/tmp/"};
  while (!line.empty()) {
    const std::size_t end = std::min(line.find_first_of(";&|("), line.size());
    Bytes part = base::trim(line.substr(0, end));
    line.remove_prefix(std::min(end + 1, line.size()));
    for (const Bytes word : {Bytes("sudo "), Bytes("doas ")})
      if (part.starts_with(word)) part = base::trim(part.substr(word.size()));
    const Bytes first = part.substr(0, part.find_first_of(" \t"));
    const bool file = std::ranges::any_of(kFolders, [&](Bytes folder) { return first.starts_with(folder); });
    if (std::ranges::find(kShells, first) != kShells.end() || (file && !first.starts_with("/etc/init.d/"))) return true;
  }
  return false;
}

/// Whether a title prints a file of commands: it is the file, or what was typed runs none.
[[nodiscard]] bool prints_script(const Section& section, bool typed) {
  const auto of = [&](Bytes word) { return section.of(word); };
  static constexpr std::array<Bytes, 4> kNever{"/etc/config/", "/etc/openwrt_", "/etc/os-release", "/etc/board.json"};
  if (!(of("/etc/") || of("/root/") || section.title.ends_with(".sh")) || std::ranges::any_of(kNever, of)) return false;
  return !typed || !runs_script(section.title);
}

/// Whether a section is a file of commands that was shown by a head of another kind than a row of `#`: what begins so
/// in it is a comment of its own (`## iptables`), and what follows is still of this file.
[[nodiscard]] bool keeps_comments(const Section& section, const Text& text) {
  const Bytes line = text.line(section.head);
  return !line.starts_with('#') && prints_script(section, !section.host.empty() || line.starts_with("$ "));
}

/// What no comment says: `## /etc/config/firewall`, `### nft list ruleset`, `### cat /proc/net/nf_conntrack`.
[[nodiscard]] bool is_no_comment(Bytes line) {
  const std::optional<Drawn> head = drawn(line);
  if (!head || head->row.size() < 2) return false;
  Bytes title = head->title;
  for (const Bytes word : {Bytes("sudo "), Bytes("cat ")})
    if (title.starts_with(word)) title = base::trim(title.substr(word.size()));
  const Bytes first = title.substr(0, title.find(' '));
  Bytes rest = base::trim(title.substr(first.size()));
  if (first.starts_with("/etc/") || first.starts_with("/proc/")) return rest.empty();
  const std::size_t list = first == "nft" ? title.find(" list ruleset") : Bytes::npos;
  if (list != Bytes::npos) rest = title.substr(list + Bytes(" list ruleset").size());
  const bool whole = list != Bytes::npos || (first.find("tables") != Bytes::npos && first.ends_with("-save")) ||
                     title.starts_with("conntrack -L");
  return whole && (rest.empty() || rest.starts_with('-') || base::trim(rest).starts_with('|'));
}

/// `## uci show firewall` with its answer below: no comment that begins with this word has one.
[[nodiscard]] bool is_answered_uci(Bytes title, Bytes answer) {
  if (!title.starts_with("uci show") && !title.starts_with("uci export")) return false;
  const Bytes name = answer.substr(0, answer.find('='));
  const bool set = name.size() < answer.size() && name.find('.') != Bytes::npos && name.find(' ') == Bytes::npos;
  return set || answer.starts_with("package ") || answer.starts_with("config ");
}

/// Below a head the rules that it asked for: no comment has an answer.
[[nodiscard]] bool is_answered(const Text& text, std::uint32_t number) {
  const Bytes next = text.line(number + 1);
  return next.starts_with("Chain ") || next.starts_with("-P ") || next.starts_with("*raw") ||
         (next.starts_with("table ") && next.ends_with('{'));
}

/// In a file of commands: takes back a head that is a comment of it, or marks one that may be.
void heed_comment(const Text& text, std::uint32_t number, Bytes row, const Section& file,
                  std::optional<Section>& section) {
  const Bytes line = text.line(number);
  if (!section) return;
  if (line.starts_with("> ") && section->title.starts_with("/dev/")) return section.reset();  // `> /dev/null COMMAND`
  if (!line.starts_with(row)) return;
  if (!file.goes_on && !is_no_comment(line) && !is_answered(text, number)) return section.reset();
  const Bytes next = text.line(number + 1);
  section->goes_on = !is_answered_uci(section->title, next) && !next.starts_with("config ");
}

}  // namespace

std::vector<Section> sections_of(const Text& text) {
  const bool bare = bare_prompts(text);
  const std::set<Bytes> rows = rows_of(text);
  std::vector<Section> sections{Section{.first = text.first(), .last = text.first() - 1}};
  bool comments = false;  // of the last section
  for (std::uint32_t number = text.first(); number <= text.last(); ++number) {
    std::optional<Section> section = head_of(text.line(number), rows);
    const bool colons = is_row_of_colons(text.line(number)) && is_row_of_colons(text.line(number + 2));
    if (colons) section = Section{.title = base::trim(text.line(number + 1))};
    if (comments) heed_comment(text, number, bare ? "##" : "#", sections.back(), section);
    const bool underlined = !section && is_underline(text.line(number + 1)) && names_source(text.line(number));
    if (underlined) section = Section{.title = text.line(number)};
    if (bare && !section && text.line(number).starts_with("# "))
      section = Section{.title = base::trim(text.line(number).substr(2))};
    if (section) {
      if (section->host.empty()) section->host = host_in(section->title);
      number += colons ? 2 : underlined ? 1 : 0;
      section->head = number;
      section->first = number + 1;
      section->last = number;
      sections.push_back(*section);
      comments = section->goes_on || keeps_comments(*section, text);
    } else {
      sections.back().last = number;
    }
  }
  return sections;
}

}  // namespace viaduct::audit
