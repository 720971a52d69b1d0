// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include "finding/time.hpp"

#include <string>

namespace viaduct::report {

/// Times as places on a picture, from `left` on and `width` wide.
class TimeAxis {
 public:
  TimeAxis(finding::Time begin, finding::Duration length, double left, double width);

  /// Where a time stands, kept within the picture; differences of any two times may not fit into Duration.
  [[nodiscard]] double at(finding::Time time) const { return at(time, begin_); }
  /// The same where the axis begins at another time, as it does for a finding::Lane with a begin of its own.
  [[nodiscard]] double at(finding::Time time, finding::Time begin) const;
  [[nodiscard]] finding::Time begin() const { return begin_; }
  /// Where so many seconds after the begin stand, not kept within.
  [[nodiscard]] double after(double seconds) const { return left_ + seconds / length_ * width_; }
  [[nodiscard]] double length() const { return length_; }  ///< seconds
  /// Lines from `top` to `bottom` with times since the begin below, at round numbers.
  [[nodiscard]] std::string ticks(double top, double bottom) const;

 private:
  finding::Time begin_;
  double length_;
  double left_;
  double width_;
};

/// A figure of SVG: a number with one decimal.
[[nodiscard]] std::string svg_number(double value);
[[nodiscard]] std::string svg_line(const char* name, double x1, double y1, double x2, double y2);
/// Text that is ours or hostile; `anchor` start, middle or end.
[[nodiscard]] std::string svg_text(double x, double y, const char* anchor, const std::string& text);

}  // namespace viaduct::report
