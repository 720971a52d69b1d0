// SPDX-License-Identifier: GPL-2.0-or-later
#include "report/ladder_html.hpp"

#include "report/figures.hpp"
#include "report/markup.hpp"

#include <algorithm>
#include <string_view>

namespace viaduct::report {
namespace {

constexpr std::size_t kFirst = 60;
constexpr std::size_t kLast = 40;

[[nodiscard]] std::string_view class_of(finding::ArrowKind kind) {
  switch (kind) {
    case finding::ArrowKind::request:
      return "request";
    case finding::ArrowKind::provisional:
      return "provisional";
    case finding::ArrowKind::success:
      return "success";
    case finding::ArrowKind::failure:
      return "failure";
    case finding::ArrowKind::media:
      return "media";
    case finding::ArrowKind::note:
      break;
  }
  return "note";
}

[[nodiscard]] std::string per_cent(double share) {
  return fixed(share * 100, 2) + "%";
}

/// The arrow of a row: as wide as the distance between its participants.
[[nodiscard]] std::string rung(const finding::Ladder& ladder, const finding::Arrow& arrow) {
  const auto count = static_cast<double>(ladder.participants.size());
  double left = (std::min(arrow.from, arrow.to) + 0.5) / count;
  double width = (std::max(arrow.from, arrow.to) + 0.5) / count - left;
  const bool remark = arrow.from == arrow.to;
  const bool before = remark && left > 0.5;  // of its line, where there is more room
  if (remark) width = before ? left : 1 - left;
  if (before) left = 0;
  const std::string said = arrow.text + (arrow.retransmission ? " (again)" : "");
  std::string hidden = ladder.participants[arrow.from];
  if (!remark) hidden += " to " + ladder.participants[arrow.to];
  const std::string_view way = before ? " at before" : remark ? " at" : arrow.from < arrow.to ? " r" : " l";
  return "<div class=\"rung " + std::string(class_of(arrow.kind)) + std::string(way) +
         (arrow.retransmission ? " again" : "") + "\" style=\"margin-left:" + per_cent(left) +
         ";width:" + per_cent(width) + "\"><span class=\"heard\">" + html_text(hidden) +
         ": </span><span class=\"said\">" + html_text(said) + "</span></div>";
}

[[nodiscard]] std::string row(const finding::Ladder& ladder, const finding::Arrow& arrow) {
  const double after = seconds(arrow.time.time_since_epoch()) - seconds(ladder.arrows.front().time.time_since_epoch());
  return "<tr><th scope=\"row\">" + time_of_day(arrow.time) + "</th><td class=\"n\">" + (after < 0 ? "" : "+") +
         fixed(after, 3) + "</td><td class=\"rails\">" + rung(ladder, arrow) + "</td><td class=\"n\">" +
         (arrow.frame == 0 ? "" : std::to_string(arrow.frame)) + "</td></tr>\n";
}

}  // namespace

std::string ladder_html(const finding::Ladder& ladder, const std::string& label) {
  const std::size_t count = ladder.participants.size();
  const std::size_t size = ladder.arrows.size();
  if (count == 0 || size == 0) return "";
  std::string names;
  for (const std::string& participant : ladder.participants) names += element("span", participant);
  std::string out = "<table class=\"ladder\" style=\"--n:" + std::to_string(count) + "\"><caption><span>" +
                    html_text(ladder.title) +
                    "</span></caption><thead><tr><th scope=\"col\">time, UTC</th><th scope=\"col\" class=\"n\">s</th>"
                    "<th scope=\"col\"><div class=\"names\">" +
                    names + "</div></th><th scope=\"col\" class=\"n\">frame</th></tr></thead><tbody>\n";
  const bool all = size <= kFirst + kLast;
  for (std::size_t i = 0; i < size; ++i) {
    if (!all && i >= kFirst && i + kLast < size) continue;
    const finding::Arrow& arrow = ladder.arrows[i];
    if (std::max(arrow.from, arrow.to) < count) out += row(ladder, arrow);
  }
  const std::uint64_t hidden = ladder.left_out + (all ? 0 : size - kFirst - kLast);
  return scroll_region(label, out + "</tbody></table>") + more(hidden, "messages in between");
}

}  // namespace viaduct::report
