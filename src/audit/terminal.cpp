// SPDX-License-Identifier: GPL-2.0-or-later
#include "audit/terminal.hpp"

#include "base/text.hpp"

#include <algorithm>
#include <array>

namespace viaduct::audit {
namespace {

constexpr Bytes kBlank = " \t";
constexpr std::size_t kColumns = 1024;  ///< as far as a cursor is moved
constexpr std::size_t kLongest = 4096;  ///< longer lines are no terminal's; playing them would take long

/// `--More--`, `---- More ----`, `<--- More --->`, `--More--(12%)`, `---(more 45%)---`, `-- MORE --, next page: Space,
/// ...`,
/// `--- MORE ---   ['Q': Quit, ...] ---`, Yamaha's in Japanese: how long it is at the beginning of `line`, blanks
/// before it included. 0: it is none.
[[nodiscard]] std::size_t prompt_to_page(Bytes line) {
  static constexpr std::array<Bytes, 2> kWords{"more", "\xe3\x81\xa4\xe3\x81\xa5\xe3\x81\x8f"};
  const std::size_t begin = std::min(line.find_first_not_of(kBlank), line.size());
  const std::size_t row = line.substr(begin).starts_with('<') ? begin + 1 : begin;
  std::size_t at = std::min(line.find_first_not_of('-', row), line.size());
  if (at - row < 2) return 0;
  at = std::min(line.find_first_not_of(" (", at), line.size());
  const auto* const word =
      std::ranges::find_if(kWords, [&](Bytes each) { return base::iequals(line.substr(at, each.size()), each); });
  if (word == kWords.end()) return 0;
  at += word->size();
  // " 45%)", and then the row again.
  at = std::min(line.find_first_not_of(" 0123456789%)", at), line.size());
  const std::size_t end = std::min(line.find_first_not_of('-', at), line.size());
  if (end - at < 2) return 0;
  at = end;
  if (line.substr(at).starts_with('>')) ++at;
  if (line.substr(at).starts_with('(')) at = std::min(line.find(')', at), line.size() - 1) + 1;
  for (const Bytes help : {Bytes(", next page: Space, next line: Enter, quit: Control-C")})
    if (line.substr(at).starts_with(help)) at += help.size();
  const std::size_t keys = line.find_first_not_of(kBlank, at);
  if (keys != Bytes::npos && line.substr(keys).starts_with("['"))
    at = std::min(line.find("---", keys), line.size() - std::min<std::size_t>(3, line.size())) + 3;
  return std::min(at, line.size());
}

/// One line of a terminal.
class Row {
 public:
  void put(char c) {
    if (at_ < shown_.size())
      shown_[at_] = c;
    else
      shown_.append(at_ - shown_.size(), ' ').push_back(c);
    ++at_;
  }
  void left(std::size_t columns) { at_ -= std::min(at_, columns); }
  void right(std::size_t columns) { at_ = std::min(at_ + columns, std::max(kColumns, shown_.size())); }
  /// 0: from the cursor, 1: up to it, 2: all.
  void erase(std::size_t what) {
    if (what == 0) shown_.resize(std::min(at_, shown_.size()));
    if (what == 1) std::fill_n(shown_.begin(), std::min(at_ + 1, shown_.size()), ' ');
    if (what == 2) shown_.clear();
  }
  /// Blanks at the end are what wiped something.
  [[nodiscard]] Bytes shown() const { return Bytes(shown_).substr(0, shown_.find_last_not_of(kBlank) + 1); }

 private:
  std::string shown_;
  std::size_t at_ = 0;
};

/// `ESC [ 42 D`: octets it takes, 0 if it is none that moves or erases within a line.
[[nodiscard]] std::size_t control_sequence(Bytes rest, Row& row) {
  if (!rest.starts_with("\x1b[")) return 0;
  std::size_t end = 2;
  std::size_t number = 0;
  for (; end < rest.size() && rest[end] >= '0' && rest[end] <= '9'; ++end)
    number = std::min<std::size_t>(number * 10 + static_cast<std::size_t>(rest[end] - '0'), kColumns);
  if (end >= rest.size()) return 0;
  const std::size_t columns = std::max<std::size_t>(number, 1);
  switch (rest[end]) {
    case 'D':
      row.left(columns);
      break;
    case 'C':
      row.right(columns);
      break;
    case 'K':
      row.erase(number);
      break;
    default:
      return 0;
  }
  return end + 1;
}

[[nodiscard]] bool moves(Bytes line) {
  if (line.find('\b') != Bytes::npos) return true;
  for (std::size_t at = line.find("\x1b["); at != Bytes::npos; at = line.find("\x1b[", at + 2)) {
    Row row;
    if (control_sequence(line.substr(at), row) != 0) return true;
  }
  return false;
}

/// Without CR in it.
[[nodiscard]] std::string played_line(Bytes line) {
  Row row;
  for (std::size_t at = 0; at < line.size();) {
    if (const std::size_t size = control_sequence(line.substr(at), row); size != 0) {
      at += size;
      continue;
    }
    if (line[at] == '\b')
      row.left(1);
    else
      row.put(line[at]);
    ++at;
  }
  return std::string(row.shown());
}

/// Whether nothing but a prompt to page, or blanks, was there for what comes behind a CR to overwrite.
[[nodiscard]] bool wiped(Bytes segment) {
  if (segment.size() > kLongest) return false;
  const std::string shown = played_line(segment);
  return Bytes(shown).substr(prompt_to_page(shown)).find_first_not_of(kBlank) == Bytes::npos;
}

class Player {
 public:
  /// A line between two LF: those CR in it that end one do. In a text without any LF all of them do.
  void take(Bytes line, bool ends) {
    while (!ends && line.ends_with('\r')) line.remove_suffix(1);
    for (std::size_t at = line.find('\r'); at != Bytes::npos; at = line.find('\r')) {
      if (ends || !wiped(line.substr(0, at))) show(line.substr(0, at));
      line.remove_prefix(at + 1);
    }
    if (!ends || !line.empty()) show(line);
  }
  Screen finish() { return std::move(screen_); }

 private:
  void show(Bytes line) {
    ++number_;
    const bool plays = line.size() <= kLongest && moves(line);
    if (!plays && line.find("--") == Bytes::npos) return end(line);
    const std::string shown = plays ? played_line(line) : std::string(line);
    const std::size_t prompt = prompt_to_page(shown);
    if (prompt == 0) return end(shown);
    const Bytes rest = base::trim(Bytes(shown).substr(prompt));
    if (rest.empty()) return end({});
    screen_.guessed.push_back(number_);
    screen_.text.append(indent_, ' ');
    screen_.text += rest;
    screen_.text += '\n';
  }
  void end(Bytes line) {
    if (const std::size_t indent = line.find_first_not_of(kBlank); indent != Bytes::npos) indent_ = indent;
    screen_.text += line;
    screen_.text += '\n';
  }

  Screen screen_;
  std::uint32_t number_ = 0;
  std::size_t indent_ = 0;  ///< of the line before: the best guess there is
};

}  // namespace

Screen played(Bytes octets) {
  Player player;
  const bool old = octets.find('\n') == Bytes::npos;
  for (std::size_t start = 0; start < octets.size();) {
    const std::size_t end = std::min(octets.find('\n', start), octets.size());
    player.take(octets.substr(start, end - start), old);
    start = end + 1;
  }
  Screen screen = player.finish();
  if (!octets.ends_with('\n') && !octets.ends_with('\r') && screen.text.ends_with('\n')) screen.text.pop_back();
  return screen;
}

}  // namespace viaduct::audit
