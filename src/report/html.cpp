// SPDX-License-Identifier: GPL-2.0-or-later
#include "report/html.hpp"

#include "base/escape.hpp"
#include "report/figures.hpp"
#include "report/html_text.hpp"
#include "report/page_style.hpp"
#include "report/timeline_svg.hpp"

#include <algorithm>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

namespace viaduct::report {
namespace {

constexpr std::size_t kRows = 1000;  // of calls and streams: a page that a browser still opens

[[nodiscard]] std::string element(std::string_view name, base::Bytes captured) {
  return "<" + std::string(name) + ">" + html_text(captured) + "</" + std::string(name) + ">";
}

[[nodiscard]] std::string paragraph(std::string_view label, base::Bytes captured) {
  if (captured.empty()) return "";
  const std::string begin = label.empty() ? "" : "<span class=\"label\">" + std::string(label) + ":</span> ";
  return "<p>" + begin + html_text(captured) + "</p>\n";
}

[[nodiscard]] std::string more(std::uint64_t count, std::string_view what) {
  return count == 0 ? "" : "<p class=\"label\">" + std::to_string(count) + " more " + std::string(what) + "</p>\n";
}

/// A table that can be scrolled on its own, by keyboard, too. Headings that begin with '>' are of figures.
class HtmlTable {
 public:
  HtmlTable(base::Bytes caption, const std::vector<std::string>& heading) {
    out_ = "<div class=\"scroll\" tabindex=\"0\" role=\"region\" aria-label=\"" + html_text(caption) +
           "\"><table><caption class=\"label\">" + html_text(caption) + "</caption><thead><tr>";
    for (const std::string& head : heading) {
      figures_.push_back(head.starts_with('>'));
      const base::Bytes name = base::Bytes(head).substr(figures_.back() ? 1 : 0);
      out_ += std::string("<th scope=\"col\"") + (figures_.back() ? " class=\"n\">" : ">") + html_text(name) + "</th>";
    }
    out_ += "</tr></thead><tbody>\n";
  }
  void add(const std::vector<std::string>& cells) {
    out_ += "<tr>";
    for (std::size_t i = 0; i < figures_.size(); ++i)
      out_ += (figures_[i] ? "<td class=\"n\">" : "<td>") + html_text(i < cells.size() ? cells[i] : "") + "</td>";
    out_ += "</tr>\n";
  }
  [[nodiscard]] std::string take() { return std::move(out_) + "</tbody></table></div>\n"; }

 private:
  std::string out_;
  std::vector<bool> figures_;
};

/// Captured octets with line ends as lines, and marks around the ranges, which are in order.
[[nodiscard]] std::string octets_html(base::Bytes octets, const std::vector<base::Range>& marks) {
  const auto lines = [](base::Bytes text) {
    std::string out;
    for (std::size_t at = 0; at < text.size();) {
      const std::size_t end = std::min(text.find('\n', at), text.size());
      base::Bytes line = text.substr(at, end - at);
      if (line.ends_with('\r')) line.remove_suffix(1);
      out += html_text(line);
      if (end < text.size()) out += '\n';
      at = end + 1;
    }
    return out;
  };
  std::string out;
  std::size_t at = 0;
  for (const base::Range mark : marks) {
    if (!mark.present() || mark.offset < at || mark.end() > octets.size()) continue;
    out += lines(octets.substr(at, mark.offset - at)) + "<mark>" + lines(mark.of(octets)) + "</mark>";
    at = mark.end();
  }
  return "<pre tabindex=\"0\">" + out + lines(octets.substr(at)) + "</pre>\n";
}

[[nodiscard]] std::string evidence_html(const finding::Result& result, const finding::Evidence& evidence) {
  std::string where = path_of(result, evidence.input);
  if (evidence.frame > 0) where += ", frame " + std::to_string(evidence.frame);
  if (evidence.time) where += ", " + date_and_time(*evidence.time) + " UTC";
  std::string out = "<li>" + element("span", where + ": " + evidence.text);
  if (!evidence.octets.empty()) out += octets_html(evidence.octets, {evidence.marked});
  return out + "</li>\n";
}

[[nodiscard]] std::string exhibit_html(const finding::Ladder& ladder, std::size_t) {
  HtmlTable table(ladder.title, {"time", "from", "to", "message", ">frame"});
  for (const finding::Arrow& arrow : ladder.arrows) {
    if (std::max(arrow.from, arrow.to) >= ladder.participants.size()) continue;
    table.add({time_of_day(arrow.time), ladder.participants[arrow.from],
               arrow.from == arrow.to ? "" : ladder.participants[arrow.to],
               arrow.text + (arrow.retransmission ? " (again)" : ""),
               arrow.frame == 0 ? "" : std::to_string(arrow.frame)});
  }
  return table.take() + more(ladder.left_out, "messages");
}

[[nodiscard]] std::string exhibit_html(const finding::Table& shown, std::size_t) {
  HtmlTable table(shown.title, shown.heading);
  for (const std::vector<std::string>& row : shown.rows) table.add(row);
  return table.take() + more(shown.left_out, "rows");
}

[[nodiscard]] std::string exhibit_html(const finding::ByteDiff& diff, std::size_t) {
  std::vector<base::Range> before;
  std::vector<base::Range> after;
  std::string fields;
  for (const finding::Change& change : diff.changes) {
    before.push_back(change.before);
    after.push_back(change.after);
    fields += (fields.empty() ? "" : ", ") + change.field;
    if (!change.behaviour.empty()) fields += " [" + change.behaviour + "]";
  }
  return "<figure><figcaption>" + html_text(diff.title) + "</figcaption>\n" + paragraph("changed", fields) +
         "<div class=\"sides\"><div>" + element("strong", "before") + octets_html(diff.before, before) + "</div><div>" +
         element("strong", "after") + octets_html(diff.after, after) + "</div></div></figure>\n" +
         more(diff.left_out, "changes");
}

[[nodiscard]] std::string exhibit_html(const finding::Timeline& timeline, std::size_t number) {
  return timeline_svg(timeline, number);
}

/// The page under construction; numbers its timelines.
class HtmlReport {
 public:
  explicit HtmlReport(const finding::Result& result) : result_(result) {}

  [[nodiscard]] std::string take() {
    head();
    findings();
    calls();
    streams();
    inputs();
    return std::move(out_) + "</main></body></html>\n";
  }

 private:
  void head() {
    const std::string verdict(name(result_.verdict));
    out_ =
        "<!DOCTYPE html>\n<html lang=\"en\"><head><meta charset=\"utf-8\">\n"
        "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n"
        "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src 'unsafe-inline'\">\n"
        "<title>Report: " +
        html_text(verdict) + "</title><style>" + kPageStyle + "</style></head>\n<body><main><h1>" +
        html_text(result_.tool + " " + result_.version) + "</h1>\n<div class=\"verdict " + verdict +
        "\"><strong>Verdict: " + verdict + "</strong>\n" + paragraph("", result_.sentence) +
        paragraph("cause", std::string(spoken(result_.attribution.cause)) + ", confidence " +
                               fixed(result_.attribution.confidence * 100, 0) + " %") +
        "</div>\n";
  }

  void findings() {
    out_ += "<h2>Findings</h2>\n";
    for (const std::uint32_t index : finding::worst_findings(result_)) add(result_.findings[index]);
    out_ += more(result_.findings_left_out, "findings");
  }

  void add(const finding::Finding& found) {
    const std::string verdict(name(found.verdict));
    std::string facts;
    if (found.verdict == finding::Verdict::fail)
      facts = std::string(name(found.severity)) + ", " + std::string(spoken(found.cause)) + ", confidence " +
              fixed(found.confidence * 100, 0) + " %";
    for (const std::string& behaviour : found.behaviours) facts += (facts.empty() ? "" : ", ") + behaviour;
    if (!found.family.empty()) facts += ", family " + found.family;
    out_ += "<article class=\"" + verdict + "\"><h3><span class=\"word\">" + verdict + "</span> " +
            html_text(found.rule.title) + "</h3>\n" + paragraph("", facts) + paragraph("", found.statement);
    if (!found.evidence.empty()) {
      out_ += "<ul>";
      for (const finding::Evidence& evidence : found.evidence) out_ += evidence_html(result_, evidence);
      out_ += "</ul>\n" + more(found.evidence_left_out, "pieces of evidence");
    }
    for (const finding::Exhibit& exhibit : found.exhibits)
      out_ += std::visit([this](const auto& shown) { return exhibit_html(shown, ++timelines_); }, exhibit);
    if (found.verdict == finding::Verdict::fail)
      out_ += paragraph("why it matters", found.rule.why) + paragraph("remedy", found.advice());
    out_ += "</article>\n";
  }

  void calls() {
    if (result_.calls.empty()) return;
    out_ += "<h2>Calls</h2>\n";
    HtmlTable table("The worst first", {"start", ">length", "from", "to", "cause", "ended by", "Call-ID"});
    const std::vector<std::uint32_t> order = finding::worst_calls(result_);
    const std::size_t shown = std::min(order.size(), kRows);
    for (std::size_t i = 0; i < shown; ++i) {
      const finding::CallSummary& call = result_.calls[order[i]];
      table.add({date_and_time(call.start), call.answered ? minutes_text(call.duration) : "-", call.from, call.to,
                 std::string(name(call.attribution.cause)), call.ending, call.call_id});
    }
    out_ += table.take() + more(order.size() - shown + result_.calls_left_out, "calls");
    for (std::size_t i = 0; i < shown; ++i)
      if (const finding::CallSummary& call = result_.calls[order[i]]; call.timeline)
        out_ += "<h3>" + html_text(call.call_id) + "</h3>\n" + timeline_svg(*call.timeline, ++timelines_);
  }

  void streams() {
    if (result_.streams.empty()) return;
    out_ += "<h2>Streams</h2>\n";
    HtmlTable table("One SSRC in one direction each", {"SSRC", "source", "destination", "codec", ">expected", ">lost",
                                                       ">jitter, ms", ">gaps", ">in gaps, s", ">MOS"});
    const std::size_t shown = std::min(result_.streams.size(), kRows);
    for (std::size_t i = 0; i < shown; ++i) {
      const finding::StreamSummary& stream = result_.streams[i];
      table.add({ssrc_text(stream.ssrc), stream.source.to_text(), stream.destination.to_text(), stream.codec,
                 std::to_string(stream.expected), std::to_string(stream.lost),
                 stream.jitter ? fixed(stream.jitter->mean, 1) : "-",
                 std::to_string(stream.gaps.size() + stream.gaps_left_out), fixed(seconds(stream.time_in_gaps()), 1),
                 stream.mos ? fixed(*stream.mos, 1) : "-"});
    }
    out_ += table.take() + more(result_.streams.size() - shown + result_.streams_left_out, "streams");
  }

  void inputs() {
    out_ += "<h2>Inputs</h2>\n";
    HtmlTable table("What was looked at", {"file", ">frames", ">octets", "problems"});
    for (const finding::InputSummary& input : result_.inputs) {
      std::string problems;
      for (const std::string& problem : input.problems) problems += (problems.empty() ? "" : "; ") + problem;
      table.add({input.path, std::to_string(input.frames), std::to_string(input.octets), problems});
    }
    out_ += table.take();
  }

  const finding::Result& result_;
  std::string out_;
  std::size_t timelines_ = 0;
};

}  // namespace

std::string html_text(base::Bytes captured) {
  std::string out;
  for (const char c : base::escape(captured)) {
    switch (c) {
      case '&':
        out += "&amp;";
        break;
      case '<':
        out += "&lt;";
        break;
      case '>':
        out += "&gt;";
        break;
      case '"':
        out += "&quot;";
        break;
      case '\'':
        out += "&#39;";
        break;
      default:
        out += c;
    }
  }
  return out;
}

std::string to_html(const finding::Result& result) {
  return HtmlReport(result).take();
}

}  // namespace viaduct::report
