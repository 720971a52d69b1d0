// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include "base/bytes.hpp"

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

/// Pieces of HTML. What is given as Bytes may be hostile and is escaped here; a string_view is ours.
namespace viaduct::report {

/// Any octets as text or attribute value of HTML and SVG: controls are visible, and no character of it is markup.
[[nodiscard]] std::string html_text(base::Bytes captured);

/// <name>captured</name>
[[nodiscard]] std::string element(std::string_view name, base::Bytes captured);
/// A paragraph with a label before it, if that is not empty; nothing for empty text.
[[nodiscard]] std::string paragraph(std::string_view label, base::Bytes captured);
/// "3 more calls" as a paragraph; nothing for 0.
[[nodiscard]] std::string more(std::uint64_t count, std::string_view what);
/// `html` in a box that scrolls on its own, by keyboard, too, and that is called `label`.
[[nodiscard]] std::string scroll_region(base::Bytes label, std::string_view html);

/// The part `piece` of captured octets, which holds no line end, with <mark> around the ranges of `octets` (in order)
/// that lie in it. A range of length 0 is an empty mark.
[[nodiscard]] std::string marked_html(base::Bytes octets, base::Range piece, const std::vector<base::Range>& marks);
/// The lines of captured octets without their ends (CRLF or LF); an empty one behind the last end is none.
[[nodiscard]] std::vector<base::Range> lines_of(base::Bytes octets);
/// Captured octets as preformatted lines with marks.
[[nodiscard]] std::string octets_html(base::Bytes octets, const std::vector<base::Range>& marks);

/// A table in a region. The first cell of each row heads it. Headings that begin with '>' are of figures.
class HtmlTable {
 public:
  HtmlTable(base::Bytes caption, const std::vector<std::string>& heading);
  /// `anchor`: id of an element of this page that the first cell leads to.
  void add(const std::vector<std::string>& cells, std::string_view anchor = {});
  [[nodiscard]] bool empty() const { return rows_ == 0; }
  /// `of`: what tells it from tables with the same caption, for those who hear the page.
  [[nodiscard]] std::string take(base::Bytes of = {});

 private:
  std::string caption_;
  std::string out_;
  std::vector<bool> figures_;
  std::size_t rows_ = 0;
};

}  // namespace viaduct::report
