// SPDX-License-Identifier: GPL-2.0-or-later
#include "report/time_axis.hpp"

#include "report/figures.hpp"
#include "report/markup.hpp"

#include <algorithm>
#include <array>
#include <cmath>

namespace viaduct::report {
namespace {

constexpr double kMostTicks = 9;
/// Seconds between ticks.
constexpr std::array<double, 23> kSteps{0.001, 0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.2,  0.5,  1,    2,   5,
                                        10,    20,    30,    60,   120,  300,  600, 1200, 1800, 3600, 7200};

[[nodiscard]] double step_of(double length) {
  for (const double step : kSteps)
    if (length / step <= kMostTicks) return step;
  return std::ceil(length / kMostTicks / 3600) * 3600;
}

[[nodiscard]] std::string label(double at, double step) {
  if (step >= 1 && at >= 60) {
    const auto whole = static_cast<std::int64_t>(at);
    const std::string rest = std::to_string(whole % 60);
    return std::to_string(whole / 60) + ":" + (rest.size() < 2 ? "0" : "") + rest;
  }
  return fixed(at, step >= 1 ? 0 : step >= 0.1 ? 1 : 3) + " s";
}

}  // namespace

TimeAxis::TimeAxis(finding::Time begin, finding::Duration length, double left, double width)
    : begin_(begin), length_(std::max(seconds(length), 1e-3)), left_(left), width_(width) {}

double TimeAxis::at(finding::Time time, finding::Time begin) const {
  const double since = seconds(time.time_since_epoch()) - seconds(begin.time_since_epoch());
  return left_ + std::clamp(since / length_, 0.0, 1.0) * width_;
}

std::string TimeAxis::ticks(double top, double bottom) const {
  std::string out;
  const double step = step_of(length_);
  for (int i = 0; i * step <= length_; ++i) {
    const double x = after(i * step);
    out += svg_line("tick", x, top, x, bottom) + svg_text(x, bottom + 14, "middle", label(i * step, step));
  }
  return out;
}

std::string svg_number(double value) {
  return fixed(value, 1);
}

std::string svg_line(const char* name, double x1, double y1, double x2, double y2) {
  return "<line class=\"" + std::string(name) + "\" x1=\"" + svg_number(x1) + "\" y1=\"" + svg_number(y1) + "\" x2=\"" +
         svg_number(x2) + "\" y2=\"" + svg_number(y2) + "\"/>";
}

std::string svg_text(double x, double y, const char* anchor, const std::string& text) {
  return "<text x=\"" + svg_number(x) + "\" y=\"" + svg_number(y) + "\" text-anchor=\"" + anchor + "\">" +
         html_text(text) + "</text>\n";
}

}  // namespace viaduct::report
