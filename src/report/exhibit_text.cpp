// SPDX-License-Identifier: GPL-2.0-or-later
#include "report/exhibit_text.hpp"

#include "base/escape.hpp"
#include "base/place.hpp"
#include "report/columns.hpp"
#include "report/figures.hpp"
#include "report/text.hpp"

#include <algorithm>
#include <utility>
#include <variant>

namespace viaduct::report {
namespace {

constexpr base::Bytes kIndent = "  ";
constexpr std::size_t kTimeColumn = 14;
constexpr std::size_t kMaxRowsShown = 20;

[[nodiscard]] std::string title_line(const std::string& title) {
  return title.empty() ? "" : std::string(kIndent) + base::escape(title) + "\n";
}

[[nodiscard]] std::string left_out_line(std::size_t count, const char* what) {
  return count == 0 ? "" : std::string(kIndent) + "(" + std::to_string(count) + " more " + what + ")\n";
}

/// Where the lifelines of a ladder stand, from its left edge.
struct Rungs {
  std::size_t gap;
  [[nodiscard]] std::size_t at(std::size_t participant) const { return kTimeColumn + gap / 2 + participant * gap; }
};

/// Writes `text` into the ASCII art at a column, which must lie within it; no wider than `room`.
void place_text(std::string& line, std::size_t from, std::size_t room, const std::string& text) {
  if (from >= line.size()) return;
  const std::size_t length = std::min({text.size(), room, line.size() - from});
  line.replace(from, length, text, 0, length);
}

/// Escaped and ASCII only: the art counts columns as octets.
[[nodiscard]] std::string ascii(const std::string& captured, std::size_t room) {
  std::string text = base::escape(captured);
  for (char& c : text)
    if (static_cast<unsigned char>(c) >= 0x80) c = '?';
  return fitted(text, room);
}

[[nodiscard]] std::string lifelines(const finding::Ladder& ladder, Rungs rungs) {
  std::string line(rungs.at(ladder.participants.size()), ' ');
  for (std::size_t i = 0; i < ladder.participants.size(); ++i) line[rungs.at(i)] = '|';
  return line;
}

[[nodiscard]] std::string rung(const finding::Ladder& ladder, const finding::Arrow& arrow, Rungs rungs) {
  std::string line = lifelines(ladder, rungs);
  place_text(line, 0, kTimeColumn, time_of_day(arrow.time));
  const std::string said = arrow.text + (arrow.retransmission ? " (again)" : "");
  if (arrow.from == arrow.to) {
    const std::size_t at = rungs.at(arrow.from) + 2;
    place_text(line, at, line.size(), ascii(said, line.size() - std::min(at, line.size())));
    return line;
  }
  const std::size_t left = rungs.at(std::min(arrow.from, arrow.to)) + 1;
  const std::size_t right = rungs.at(std::max(arrow.from, arrow.to)) - 1;
  const char shaft = arrow.retransmission ? '.' : '-';
  std::fill(line.begin() + static_cast<std::ptrdiff_t>(left), line.begin() + static_cast<std::ptrdiff_t>(right) + 1,
            shaft);
  (arrow.from < arrow.to ? line[right] : line[left]) = arrow.from < arrow.to ? '>' : '<';
  const std::string text = " " + ascii(said, right - left - 3) + " ";
  place_text(line, left + 1 + (right - left - 1 - std::min(text.size(), right - left - 1)) / 2, text.size(), text);
  return line;
}

[[nodiscard]] std::string side(const char* name, const std::string& text, base::Range range) {
  if (!range.present()) return std::string(kIndent) + "  " + name + "  (not there)\n";
  const base::Excerpt excerpt = base::excerpt_of(text, range);
  if (excerpt.line.empty()) return std::string(kIndent) + "  " + name + "  (an empty line)\n";
  return std::string(kIndent) + "  " + name + "  " + excerpt.line + "\n" +
         std::string(kIndent.size() + 4 + std::char_traits<char>::length(name), ' ') + excerpt.marker + "\n";
}

}  // namespace

std::string ladder_text(const finding::Ladder& ladder, std::size_t width) {
  const std::size_t count = ladder.participants.size();
  if (count == 0) return "";
  const std::size_t room = width > kTimeColumn + kIndent.size() ? width - kTimeColumn - kIndent.size() : 0;
  const Rungs rungs{std::clamp<std::size_t>(room / count, 16, 40)};
  std::string heads(rungs.at(count), ' ');
  for (std::size_t i = 0; i < count; ++i) {
    const std::string name = ascii(ladder.participants[i], rungs.gap - 2);
    place_text(heads, rungs.at(i) - std::min(name.size() / 2, rungs.at(i)), rungs.gap, name);
  }
  std::string out;
  const auto add = [&out](std::string line) {
    line.erase(line.find_last_not_of(' ') + 1);
    out += std::string(kIndent) + line + "\n";
  };
  add(heads);
  for (const finding::Arrow& arrow : ladder.arrows)
    if (arrow.from < count && arrow.to < count) add(rung(ladder, arrow, rungs));
  return out + left_out_line(ladder.left_out, "messages");
}

std::string ExhibitText::shown(const finding::Ladder& ladder) const {
  return title_line(ladder.title) + ladder_text(ladder, width_);
}

std::string ExhibitText::shown(const finding::Table& table) const {
  Columns columns(table.heading);
  for (const std::vector<std::string>& row : table.rows) columns.add(row);
  return title_line(table.title) + columns.to_text(width_, kIndent) + left_out_line(table.left_out, "rows");
}

std::string ExhibitText::shown(const finding::Timeline& timeline) const {
  std::string out = title_line(timeline.title);
  if (timeline.period > finding::Duration::zero())
    out += std::string(kIndent) + "period " + length_text(timeline.period) + "\n";
  Columns columns({"lane", "<at", ">s", "what"});
  std::size_t rows = 0;
  std::size_t more = 0;
  for (const finding::Lane& lane : timeline.lanes) {
    more += lane.left_out;
    for (const finding::Interval& interval : lane.intervals) {
      if (++rows > kMaxRowsShown)
        ++more;
      else
        columns.add({lane.name, time_of_day(interval.begin), fixed(seconds(interval.length), 3), interval.text});
    }
  }
  return out + columns.to_text(width_, kIndent) + left_out_line(more, "marks");
}

std::string ExhibitText::shown(const finding::ByteDiff& diff) {
  std::string out;
  std::size_t again = diff.left_out;
  for (const finding::Change& change : diff.changes) {
    if (!changes_shown_.emplace(change.field, change.behaviour, change.astray).second) {
      ++again;
      continue;
    }
    out += std::string(kIndent) + base::escape(change.field);
    if (!change.behaviour.empty()) out += " [" + base::escape(change.behaviour) + "]";
    if (change.astray) out += ", leads nowhere";
    out += "\n" + side("before", diff.before, change.before) + side("after ", diff.after, change.after);
  }
  changes_ += again;
  messages_ += again > 0 ? 1 : 0;
  return out.empty() ? out : title_line(diff.title) + out;
}

std::string ExhibitText::to_text(const finding::Exhibit& exhibit) {
  return std::visit([this](const auto& what) { return shown(what); }, exhibit);
}

std::string ExhibitText::left_out(std::size_t calls) {
  const std::size_t changes = std::exchange(changes_, 0);
  const std::size_t messages = std::exchange(messages_, 0);
  if (changes == 0) return {};
  return std::string(kIndent) + "(" + std::to_string(changes) + (changes == 1 ? " more change" : " more changes") +
         ", in " + std::to_string(messages) + (messages == 1 ? " message" : " messages") +
         (calls > 1 ? "; " + std::to_string(calls) + " calls have such" : "") +
         ": side by side in --html, all in --json)\n";
}

}  // namespace viaduct::report
