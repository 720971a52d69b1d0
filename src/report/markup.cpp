// SPDX-License-Identifier: GPL-2.0-or-later
#include "report/markup.hpp"

#include "base/escape.hpp"

#include <algorithm>
#include <utility>

namespace viaduct::report {

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

std::string element(std::string_view name, base::Bytes captured) {
  return "<" + std::string(name) + ">" + html_text(captured) + "</" + std::string(name) + ">";
}

std::string paragraph(std::string_view label, base::Bytes captured) {
  if (captured.empty()) return "";
  const std::string begin = label.empty() ? "" : "<span class=\"label\">" + std::string(label) + ":</span> ";
  return "<p>" + begin + html_text(captured) + "</p>\n";
}

std::string more(std::uint64_t count, std::string_view what) {
  return count == 0 ? "" : "<p class=\"label\">" + std::to_string(count) + " more " + std::string(what) + "</p>\n";
}

std::string scroll_region(base::Bytes label, std::string_view html) {
  return "<div class=\"scroll\" tabindex=\"0\" role=\"region\" aria-label=\"" + html_text(label) + "\">" +
         std::string(html) + "</div>\n";
}

std::string marked_html(base::Bytes octets, base::Range piece, const std::vector<base::Range>& marks) {
  std::string out;
  std::size_t at = piece.offset;
  for (const base::Range mark : marks) {
    if (!mark.present() || mark.end() > octets.size() || mark.end() < at || mark.offset > piece.end()) continue;
    const std::size_t begin = std::max<std::size_t>(mark.offset, at);
    const std::size_t end = std::min<std::size_t>(mark.end(), piece.end());
    if (begin == end && mark.length > 0) continue;
    out +=
        html_text(octets.substr(at, begin - at)) + "<mark>" + html_text(octets.substr(begin, end - begin)) + "</mark>";
    at = end;
  }
  return out + html_text(octets.substr(at, piece.end() - at));
}

std::vector<base::Range> lines_of(base::Bytes octets) {
  std::vector<base::Range> lines;
  for (std::size_t at = 0; at < octets.size();) {
    const std::size_t end = std::min(octets.find('\n', at), octets.size());
    const bool pair = end > at && end < octets.size() && octets[end - 1] == '\r';
    lines.push_back(base::between(at, pair ? end - 1 : end));
    at = end + 1;
  }
  return lines;
}

std::string octets_html(base::Bytes octets, const std::vector<base::Range>& marks) {
  std::string out;
  for (const base::Range line : lines_of(octets)) out += (out.empty() ? "" : "\n") + marked_html(octets, line, marks);
  return "<pre>" + out + "</pre>\n";
}

HtmlTable::HtmlTable(base::Bytes caption, const std::vector<std::string>& heading) : caption_(caption) {
  out_ = "<table><caption><span>" + html_text(caption) + "</span></caption><thead><tr>";
  for (const std::string& head : heading) {
    figures_.push_back(head.starts_with('>'));
    const base::Bytes name = base::Bytes(head).substr(figures_.back() ? 1 : 0);
    // A heading that says nothing is no heading.
    out_ += name.empty() ? "<td></td>"
                         : std::string("<th scope=\"col\"") + (figures_.back() ? " class=\"n\">" : ">") +
                               html_text(name) + "</th>";
  }
  out_ += "</tr></thead><tbody>\n";
}

void HtmlTable::add(const std::vector<std::string>& cells, std::string_view anchor) {
  out_ += "<tr>";
  for (std::size_t i = 0; i < figures_.size(); ++i) {
    std::string text = html_text(i < cells.size() ? cells[i] : "");
    if (i == 0 && !anchor.empty()) text.insert(0, "<a href=\"#" + std::string(anchor) + "\">").append("</a>");
    const bool heads = i == 0 && !text.empty();
    const std::string_view name = heads ? "th" : "td";
    out_ += "<" + std::string(name) + (heads ? " scope=\"row\"" : "") + (figures_[i] ? " class=\"n\">" : ">") + text +
            "</" + std::string(name) + ">";
  }
  out_ += "</tr>\n";
  ++rows_;
}

std::string HtmlTable::take(base::Bytes of) {
  return scroll_region(caption_ + (of.empty() ? "" : ", ") + std::string(of), std::move(out_) + "</tbody></table>");
}

}  // namespace viaduct::report
