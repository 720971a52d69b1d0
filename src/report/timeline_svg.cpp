// SPDX-License-Identifier: GPL-2.0-or-later
#include "report/timeline_svg.hpp"

#include "report/figures.hpp"
#include "report/html_text.hpp"

#include <algorithm>
#include <string_view>

namespace viaduct::report {
namespace {

constexpr double kLeft = 150;
constexpr double kWidth = 900;
constexpr double kLane = 26;
constexpr double kTop = 8;
constexpr double kLeastMark = 2;  // so that a moment can be seen
constexpr int kTicks = 6;

[[nodiscard]] std::string_view class_of(finding::Tone tone) {
  switch (tone) {
    case finding::Tone::good:
      return "good";
    case finding::Tone::bad:
      return "bad";
    case finding::Tone::signalling:
      return "sip";
    case finding::Tone::silence:
      return "silence";
    case finding::Tone::plain:
      break;
  }
  return "plain";
}

class Axis {
 public:
  explicit Axis(const finding::Timeline& timeline)
      : begin_(timeline.begin), length_(std::max(seconds(timeline.length), 1e-3)) {}

  /// Where a time stands, kept within the axis; differences of any two times may not fit into Duration.
  [[nodiscard]] double at(finding::Time time) const {
    const double since = seconds(time.time_since_epoch()) - seconds(begin_.time_since_epoch());
    return kLeft + std::clamp(since / length_, 0.0, 1.0) * kWidth;
  }
  [[nodiscard]] double length() const { return length_; }

 private:
  finding::Time begin_;
  double length_;
};

[[nodiscard]] std::string mark(const finding::Interval& interval, const Axis& axis, double y) {
  const double from = axis.at(interval.begin);
  const double to = axis.at(interval.begin + interval.length);
  const std::string said =
      time_of_day(interval.begin) + ", " + fixed(seconds(interval.length), 3) + " s: " + interval.text;
  return "<rect class=\"" + std::string(class_of(interval.tone)) + "\" x=\"" + fixed(from, 1) + "\" y=\"" +
         fixed(y + 4, 1) + "\" width=\"" + fixed(std::max(to - from, kLeastMark), 1) + "\" height=\"" +
         fixed(kLane - 8, 1) + "\"><title>" + html_text(said) + "</title></rect>\n";
}

void add_tick(std::string& out, double x, double bottom, double second) {
  const std::string at = "\"" + fixed(x, 1) + "\"";
  out.append("<line class=\"tick\" x1=").append(at).append(" x2=").append(at);
  out.append(" y1=\"").append(fixed(kTop, 1)).append("\" y2=\"").append(fixed(bottom, 1));
  out.append("\"/><text x=").append(at).append(" y=\"").append(fixed(bottom + 14, 1));
  out.append("\" text-anchor=\"middle\">").append(fixed(second, 1)).append(" s</text>\n");
}

}  // namespace

std::string timeline_svg(const finding::Timeline& timeline, std::size_t number) {
  const Axis axis(timeline);
  const double bottom = kTop + kLane * static_cast<double>(timeline.lanes.size());
  const std::string id = "timeline-" + std::to_string(number);
  std::string summary = std::to_string(timeline.lanes.size()) + " lanes over " + length_text(timeline.length) + ".";
  std::string ticks;
  for (int i = 0; i <= kTicks; ++i) add_tick(ticks, kLeft + kWidth * i / kTicks, bottom, axis.length() * i / kTicks);
  std::string marks;
  double y = kTop;
  for (const finding::Lane& lane : timeline.lanes) {
    marks += "<text x=\"4\" y=\"" + fixed(y + kLane / 2 + 4, 1) + "\">" + html_text(lane.name) + "</text>\n";
    for (const finding::Interval& interval : lane.intervals) marks += mark(interval, axis, y);
    const auto bad = std::count_if(lane.intervals.begin(), lane.intervals.end(),
                                   [](const finding::Interval& i) { return i.tone == finding::Tone::bad; });
    summary += " " + lane.name + ": " + std::to_string(lane.intervals.size()) + " marks, " + std::to_string(bad) +
               " of them bad.";
    y += kLane;
  }
  return "<figure tabindex=\"0\"><figcaption>" + html_text(timeline.title) + "</figcaption>\n<svg viewBox=\"0 0 1070 " +
         fixed(bottom + 22, 0) + "\" role=\"img\" aria-labelledby=\"" + id + "-title " + id +
         "-summary\"><title id=\"" + id + "-title\">" + html_text(timeline.title) + "</title><desc id=\"" + id +
         "-summary\">" + html_text(summary) + "</desc>\n" + ticks + marks + "</svg></figure>\n";
}

}  // namespace viaduct::report
