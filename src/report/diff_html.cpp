// SPDX-License-Identifier: GPL-2.0-or-later
#include "report/diff_html.hpp"

#include "report/figures.hpp"
#include "report/markup.hpp"

#include <algorithm>
#include <vector>

namespace viaduct::report {
namespace {

constexpr std::size_t kMostLines = 300;  // of a side; beyond, lines are paired as they come
constexpr std::size_t kNone = ~std::size_t{0};

/// A line of one side, or of both.
struct Pair {
  std::size_t before = kNone;
  std::size_t after = kNone;
};

/// One side: its octets, lines and marks.
struct Side {
  base::Bytes octets;
  std::vector<base::Range> lines;
  std::vector<base::Range> marks;

  [[nodiscard]] base::Bytes line(std::size_t index) const { return lines[index].of(octets); }
  [[nodiscard]] bool marked(std::size_t index) const {
    const base::Range line = lines[index];
    return std::any_of(marks.begin(), marks.end(), [line](base::Range mark) {
      return mark.present() && mark.offset <= line.end() && mark.end() >= line.offset;
    });
  }
};

/// Up to their first ':' or '=' lines say what they are about.
[[nodiscard]] base::Bytes field_of(base::Bytes line) {
  return line.substr(0, line.find_first_of(":= "));
}

/// Lengths of the longest common subsequences of the ends of both sides. Two lines fit if they are the same, or are
/// about the same field; the former counts more.
class Alignment {
 public:
  Alignment(const Side& before, const Side& after)
      : before_(before), after_(after), width_(after.lines.size() + 1), best_((before.lines.size() + 1) * width_) {
    for (std::size_t i = before.lines.size(); i-- > 0;)
      for (std::size_t j = after.lines.size(); j-- > 0;)
        at(i, j) = std::max({at(i + 1, j), at(i, j + 1), at(i + 1, j + 1) + fit(i, j)});
  }

  [[nodiscard]] std::vector<Pair> pairs() {
    std::vector<Pair> out;
    std::size_t i = 0;
    std::size_t j = 0;
    while (i < before_.lines.size() || j < after_.lines.size()) {
      const bool both = i < before_.lines.size() && j < after_.lines.size();
      if (both && fit(i, j) > 0 && at(i, j) == at(i + 1, j + 1) + fit(i, j))
        out.push_back({i++, j++});
      else if (j == after_.lines.size() || (both && at(i, j) == at(i + 1, j)))
        out.push_back({i++, kNone});
      else
        out.push_back({kNone, j++});
    }
    return out;
  }

 private:
  [[nodiscard]] std::uint32_t& at(std::size_t i, std::size_t j) { return best_[i * width_ + j]; }
  [[nodiscard]] std::uint32_t fit(std::size_t i, std::size_t j) const {
    const base::Bytes before = before_.line(i);
    const base::Bytes after = after_.line(j);
    if (before == after) return 3;
    return field_of(before) == field_of(after) ? 2 : 0;
  }

  const Side& before_;
  const Side& after_;
  std::size_t width_;
  std::vector<std::uint32_t> best_;
};

[[nodiscard]] std::vector<Pair> paired(const Side& before, const Side& after) {
  if (std::max(before.lines.size(), after.lines.size()) <= kMostLines) return Alignment(before, after).pairs();
  std::vector<Pair> out;
  for (std::size_t i = 0; i < std::max(before.lines.size(), after.lines.size()); ++i)
    out.push_back({i < before.lines.size() ? i : kNone, i < after.lines.size() ? i : kNone});
  return out;
}

[[nodiscard]] std::string cell(const Side& side, std::size_t index, bool changed) {
  if (index == kNone) return "<td class=\"none\">-</td>";
  const std::string text = marked_html(side.octets, side.lines[index], side.marks);
  return std::string("<td") + (changed ? " class=\"changed\">" : ">") + "<code>" + text + "</code></td>";
}

[[nodiscard]] std::string heading(const finding::Result& result, const char* name, const finding::Evidence& at) {
  std::string where = file_of(result, at.input);
  if (at.frame > 0) where += ", frame " + std::to_string(at.frame);
  if (!at.text.empty()) where += ", " + at.text;
  return std::string("<th scope=\"col\">") + name + ": " + html_text(where) + "</th>";
}

[[nodiscard]] std::string changes_table(const finding::ByteDiff& diff) {
  HtmlTable table("What was changed: " + diff.title, {"field", "before", "after", "behaviour", "leads"});
  const auto text = [](const std::string& whole, base::Range range) {
    return range.present() ? std::string(range.of(whole)) : std::string("-");
  };
  for (const finding::Change& change : diff.changes)
    table.add({change.field, text(diff.before, change.before), text(diff.after, change.after), change.behaviour,
               change.astray ? "nowhere" : ""});
  return table.empty() ? "" : table.take();
}

}  // namespace

std::string diff_html(const finding::Result& result, const finding::ByteDiff& diff) {
  Side before{diff.before, lines_of(diff.before), {}};
  Side after{diff.after, lines_of(diff.after), {}};
  for (const finding::Change& change : diff.changes) {
    before.marks.push_back(change.before);
    after.marks.push_back(change.after);
  }
  for (Side* side : {&before, &after})
    std::sort(side->marks.begin(), side->marks.end(), [](base::Range a, base::Range b) { return a.offset < b.offset; });
  std::string rows;
  for (const Pair pair : paired(before, after)) {
    const bool one_side = pair.before == kNone || pair.after == kNone;
    const bool same = !one_side && before.line(pair.before) == after.line(pair.after);
    const bool marked = !one_side && (before.marked(pair.before) || after.marked(pair.after));
    const bool changed = !same || marked;
    rows += "<tr>" + cell(before, pair.before, changed) + cell(after, pair.after, changed) + "</tr>\n";
  }
  return changes_table(diff) + more(diff.left_out, "changes") +
         scroll_region(diff.title, "<table class=\"sides\"><caption><span>" + html_text(diff.title) +
                                       "</span></caption><thead><tr>" + heading(result, "before", diff.before_at) +
                                       heading(result, "after", diff.after_at) + "</tr></thead><tbody>\n" + rows +
                                       "</tbody></table>");
}

}  // namespace viaduct::report
