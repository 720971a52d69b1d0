// SPDX-License-Identifier: GPL-2.0-or-later
#include "report/timeline_svg.hpp"

#include "base/escape.hpp"
#include "report/columns.hpp"
#include "report/figures.hpp"
#include "report/markup.hpp"
#include "report/time_axis.hpp"

#include <algorithm>
#include <array>
#include <cmath>

namespace viaduct::report {
namespace {

constexpr double kLeft = 62;
constexpr double kWidth = 926;
constexpr double kName = 18;  // above a lane
constexpr double kBar = 14;
constexpr double kChart = 34;
constexpr double kSpace = 10;
constexpr double kLeastMark = 2;    // so that a moment can be seen
constexpr double kLeastLoss = 0.1;  // full height of a chart, so that little looks like little
constexpr double kLeastDelay = 20;  // ms
constexpr double kCharacter = 6.6;
constexpr std::size_t kLabelRows = 3;

/// A timeline under construction, from the top down.
class Drawing {
 public:
  Drawing(const finding::Result& result, const finding::Timeline& timeline)
      : result_(result), timeline_(timeline), axis_(timeline.begin, timeline.length, kLeft, kWidth) {}

  [[nodiscard]] std::string figure(std::size_t number) {
    labels();
    const double top = y_;
    for (const finding::Lane& lane : timeline_.lanes) add(lane);
    std::string guides;
    for (const finding::Lane& lane : timeline_.lanes)
      for (const finding::Interval& interval : lane.intervals)
        if (interval.tone == finding::Tone::signalling)
          guides += svg_line("guide", axis_.at(interval.begin), top, axis_.at(interval.begin), y_);
    return svg_figure(timeline_.title, summary(), y_ + 22, axis_.ticks(top, y_) + guides + out_, number);
  }

 private:
  [[nodiscard]] static bool only_signalling(const finding::Lane& lane) {
    return std::all_of(lane.intervals.begin(), lane.intervals.end(),
                       [](const finding::Interval& i) { return i.tone == finding::Tone::signalling; });
  }

  /// What SIP said, in as many rows as there are; what finds no room is told by its mark only.
  void labels() {
    std::array<double, kLabelRows> free_from{};
    for (const finding::Lane& lane : timeline_.lanes) {
      for (const finding::Interval& interval : lane.intervals) {
        if (interval.tone != finding::Tone::signalling) continue;
        const std::string text = fitted(base::escape(interval.text), 24);
        const double width = kCharacter * static_cast<double>(base::columns(text));
        const double x = std::min(axis_.at(interval.begin), kLeft + kWidth - width);
        const auto row = std::find_if(free_from.begin(), free_from.end(), [x](double from) { return from <= x; });
        if (row == free_from.end()) continue;
        *row = x + width + 8;
        const auto index = static_cast<std::size_t>(row - free_from.begin());
        rows_ = std::max(rows_, index + 1);
        out_ += svg_text(x, 12.0 + 14.0 * static_cast<double>(index), "start", text);
      }
    }
    y_ = 4 + 14.0 * static_cast<double>(rows_);
  }

  void add(const finding::Lane& lane) {
    if (!only_signalling(lane)) {
      out_ += svg_text(kLeft, y_ + 13, "start", fitted(base::escape(lane.name), 120));
      y_ += kName;
    }
    for (const finding::Interval& interval : lane.intervals) out_ += mark(lane, interval);
    y_ += kBar;
    if (lane.stream && *lane.stream < result_.streams.size())
      if (const auto& series = result_.streams[*lane.stream].series; series && !series->points.empty()) charts(*series);
    y_ += kSpace;
  }

  [[nodiscard]] std::string mark(const finding::Lane& lane, const finding::Interval& interval) const {
    const finding::Time begin = lane.begin.value_or(axis_.begin());
    const double from = axis_.at(interval.begin, begin);
    const double to = axis_.at(interval.begin + interval.length, begin);
    std::string said = time_of_day(interval.begin) + ": " + interval.text;
    if (interval.length > finding::Duration::zero()) said += ", " + length_text(interval.length);
    return "<rect class=\"" + std::string(class_of(interval.tone)) + "\" x=\"" + svg_number(from) + "\" y=\"" +
           svg_number(y_) + "\" width=\"" + svg_number(std::max(to - from, kLeastMark)) + "\" height=\"" +
           svg_number(kBar) + "\"><title>" + html_text(said) + "</title></rect>\n";
  }

  void charts(const finding::Series& series) {
    const double begin = seconds(series.begin.time_since_epoch()) - seconds(timeline_.begin.time_since_epoch());
    const double step = seconds(series.step);
    double most_lost = 0;
    double most_delay = 0;
    for (const finding::SeriesPoint& point : series.points) {
      most_lost = std::max(most_lost, loss(point));
      if (point.delay) most_delay = std::max(most_delay, point.delay->high);
    }
    if (most_lost > 0) {
      most_lost = std::max(most_lost, kLeastLoss);
      frame("loss", fixed(most_lost * 100, 0) + " %");
      for (std::size_t i = 0; i < series.points.size(); ++i)
        column("lost", begin + step * static_cast<double>(i), step, 0, loss(series.points[i]) / most_lost);
    }
    if (most_delay <= 0) return;
    most_delay = std::max(most_delay, kLeastDelay);
    frame("delay", fixed(most_delay, 0) + " ms");
    for (std::size_t i = 0; i < series.points.size(); ++i)
      if (const auto& delay = series.points[i].delay)
        column("delay", begin + step * static_cast<double>(i), step, delay->low / most_delay, delay->high / most_delay);
  }

  [[nodiscard]] static double loss(const finding::SeriesPoint& point) {
    const double expected = static_cast<double>(point.packets) + point.lost;
    return expected > 0 ? point.lost / expected : 0;
  }

  void frame(const char* name, const std::string& most) {
    y_ += 6;
    out_ += svg_text(kLeft - 4, y_ + 10, "end", most) + svg_text(kLeft - 4, y_ + kChart, "end", name) +
            svg_line("tick", kLeft, y_ + kChart, kLeft + kWidth, y_ + kChart);
    y_ += kChart;
  }

  /// From `low` to `high`, both 0 to 1, above the line at y_.
  void column(const char* name, double at, double step, double low, double high) {
    const double from = std::clamp(axis_.after(at), kLeft, kLeft + kWidth);
    const double to = std::clamp(axis_.after(at + step), kLeft, kLeft + kWidth);
    if (high <= 0 || to <= from) return;
    const double height = std::max((high - low) * kChart, 1.0);
    out_ += "<rect class=\"" + std::string(name) + "\" x=\"" + svg_number(from) + "\" y=\"" +
            svg_number(y_ - high * kChart) + "\" width=\"" + svg_number(std::max(to - from, 0.5)) + "\" height=\"" +
            svg_number(height) + "\"/>";
  }

  [[nodiscard]] std::string summary() const {
    std::string said = length_text(timeline_.length) + " from " + date_and_time(timeline_.begin) + " UTC.";
    for (const finding::Lane& lane : timeline_.lanes) {
      const auto bad = static_cast<std::size_t>(
          std::count_if(lane.intervals.begin(), lane.intervals.end(),
                        [](const finding::Interval& i) { return i.tone == finding::Tone::bad; }));
      said +=
          " " + lane.name + ": " +
          (only_signalling(lane) ? counted(lane.intervals.size(), "event", "events") : counted(bad, "gap", "gaps")) +
          ".";
    }
    return said;
  }

  const finding::Result& result_;
  const finding::Timeline& timeline_;
  TimeAxis axis_;
  std::string out_;
  std::size_t rows_ = 0;
  double y_ = 0;
};

}  // namespace

const char* class_of(finding::Tone tone) {
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

std::string svg_figure(const std::string& title, const std::string& summary, double height, const std::string& drawing,
                       std::size_t number) {
  const std::string id = "picture-" + std::to_string(number);
  return "<figure><figcaption id=\"" + id + "\">" + html_text(title) + "</figcaption>\n" +
         "<div class=\"scroll\" tabindex=\"0\" role=\"region\" aria-labelledby=\"" + id +
         "\"><svg viewBox=\"0 0 1000 " + fixed(height, 0) + "\" role=\"img\" aria-labelledby=\"" + id + "-title " + id +
         "-summary\"><title id=\"" + id + "-title\">" + html_text(title) + "</title><desc id=\"" + id + "-summary\">" +
         html_text(summary) + "</desc>\n" + drawing + "</svg></div></figure>\n";
}

std::string timeline_svg(const finding::Result& result, const finding::Timeline& timeline, std::size_t number) {
  if (timeline.period > finding::Duration::zero()) return raster_svg(timeline, number);
  return Drawing(result, timeline).figure(number);
}

}  // namespace viaduct::report
