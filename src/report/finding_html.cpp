// SPDX-License-Identifier: GPL-2.0-or-later
#include "report/finding_html.hpp"

#include "report/diff_html.hpp"
#include "report/figures.hpp"
#include "report/ladder_html.hpp"
#include "report/markup.hpp"
#include "report/timeline_svg.hpp"

#include <algorithm>
#include <variant>

namespace viaduct::report {
namespace {

constexpr std::size_t kEvidence = 8;
constexpr std::size_t kEvidenceOfHarm = 3;  // for what is bad, but names no cause

[[nodiscard]] std::string evidence_html(const finding::Result& result, const finding::Evidence& evidence) {
  std::string where = file_of(result, evidence.input);
  if (evidence.frame > 0) where += ", frame " + std::to_string(evidence.frame);
  if (evidence.line > 0) where += ", line " + std::to_string(evidence.line);
  if (evidence.time) where += ", " + date_and_time(*evidence.time);
  std::string out = "<li><span class=\"where\">" + html_text(where) + "</span> " + element("span", evidence.text);
  if (!evidence.octets.empty()) {
    if (evidence.marked.present() && evidence.line == 0)
      out += "<span class=\"where\">octet " + std::to_string(evidence.offset + evidence.marked.offset) +
             " of the message</span>";
    out += octets_html(evidence.octets, {evidence.marked});
  }
  return out + "</li>\n";
}

[[nodiscard]] std::string table_html(const finding::Table& shown, std::uint32_t index) {
  HtmlTable table(shown.title, shown.heading);
  for (const std::vector<std::string>& row : shown.rows) table.add(row);
  return (table.empty() ? "" : table.take("finding " + std::to_string(index + 1))) + more(shown.left_out, "rows");
}

/// Draws each kind of exhibit.
struct Draw {
  const finding::Result& result;
  const finding::Finding& found;
  std::uint32_t index;
  std::size_t& pictures;

  [[nodiscard]] std::string operator()(const finding::Ladder& ladder) const {
    return ladder_html(ladder, std::string(found.rule.title) + ": " + ladder.title);
  }
  [[nodiscard]] std::string operator()(const finding::Table& table) const { return table_html(table, index); }
  [[nodiscard]] std::string operator()(const finding::ByteDiff& diff) const { return diff_html(result, diff); }
  [[nodiscard]] std::string operator()(const finding::Timeline& timeline) const {
    return timeline_svg(result, timeline, ++pictures);
  }
};

/// "critical, a SIP ALG, confidence 97 %, B02, family fortinet".
[[nodiscard]] std::string facts_of(const finding::Finding& found) {
  std::string facts;
  if (found.verdict == finding::Verdict::fail) {
    facts = std::string(name(found.severity));
    if (proven(found.cause))
      facts += ", " + std::string(spoken(found.cause)) + ", confidence " + percent(found.confidence);
  }
  for (const std::string& behaviour : found.behaviours) facts += (facts.empty() ? "" : ", ") + behaviour;
  if (!found.family.empty()) facts += (facts.empty() ? "family " : ", family ") + found.family;
  return facts;
}

[[nodiscard]] std::string calls_of(const finding::Result& result, const finding::Finding& found) {
  if (found.calls.empty()) return "";
  std::string text = counted(found.calls.size(), "call", "calls") + ": ";
  constexpr std::size_t kNamed = 3;
  for (std::size_t i = 0; i < std::min(found.calls.size(), kNamed); ++i)
    text += (i > 0 ? ", " : "") + result.calls[found.calls[i]].call_id;
  if (found.calls.size() > kNamed) text += ", ...";
  return text;
}

}  // namespace

std::string_view words(finding::Verdict verdict) {
  switch (verdict) {
    case finding::Verdict::fail:
      return "fault";
    case finding::Verdict::pass:
      return "passed";
    case finding::Verdict::inconclusive:
      return "not proven";
    default:
      return "does not apply";
  }
}

std::string finding_html(const finding::Result& result, std::uint32_t index, std::size_t& pictures) {
  const finding::Finding& found = result.findings[index];
  const bool fail = found.verdict == finding::Verdict::fail;
  std::string out = "<article id=\"finding-" + std::to_string(index) + "\" class=\"" +
                    std::string(name(found.verdict)) + "\"><h3><span class=\"word\">" +
                    std::string(words(found.verdict)) + "</span> " + html_text(found.rule.title) +
                    "</h3>\n<p class=\"label\">" + html_text(facts_of(found)) + " <code>" + html_text(found.rule.id) +
                    "</code></p>\n" + paragraph("", found.statement);
  if (fail) out += paragraph("what to do", found.advice()) + paragraph("why it matters", found.rule.why);
  if (found.verdict == finding::Verdict::inconclusive) out += paragraph("needs", found.rule.needs);
  out += paragraph("seen in", calls_of(result, found));
  if (!found.evidence.empty()) {
    const std::size_t shown = std::min(found.evidence.size(), proven(found.cause) ? kEvidence : kEvidenceOfHarm);
    out += "<h4>Evidence</h4><ul class=\"evidence\">";
    for (std::size_t i = 0; i < shown; ++i) out += evidence_html(result, found.evidence[i]);
    out += "</ul>\n" + more(found.evidence.size() - shown + found.evidence_left_out, "pieces of evidence");
  }
  for (const finding::Exhibit& exhibit : found.exhibits)
    out += std::visit(Draw{result, found, index, pictures}, exhibit);
  return out + "</article>\n";
}

}  // namespace viaduct::report
