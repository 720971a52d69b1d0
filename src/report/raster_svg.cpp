// SPDX-License-Identifier: GPL-2.0-or-later
#include "base/escape.hpp"
#include "report/columns.hpp"
#include "report/figures.hpp"
#include "report/markup.hpp"
#include "report/time_axis.hpp"
#include "report/timeline_svg.hpp"

#include <algorithm>
#include <cmath>

namespace viaduct::report {
namespace {

constexpr double kLeft = 190;  // of the time axis; names stand before it
constexpr double kWidth = 560;
constexpr double kFolded = 780;
constexpr double kFoldedWidth = 200;
constexpr double kRow = 22;
constexpr double kTop = 20;
constexpr double kMark = 3;
constexpr std::size_t kName = 28;
constexpr double kMostGridLines = 240;

[[nodiscard]] bool onset(const finding::Interval& interval) {
  return interval.tone == finding::Tone::bad || interval.tone == finding::Tone::plain;
}

/// Where in its period an onset stands, 0 to 1, so that one that keeps period and phase stands in the middle.
[[nodiscard]] double folded(const finding::Timeline& timeline, const finding::Lane& lane, finding::Time at) {
  const finding::Time begin = lane.begin.value_or(timeline.begin);
  const double since = seconds(at.time_since_epoch()) - seconds(begin.time_since_epoch());
  const double turns = (since - seconds(lane.phase)) / seconds(timeline.period) + 0.5;
  return turns - std::floor(turns);
}

[[nodiscard]] std::string tick(const finding::Interval& interval, double x, double y) {
  return "<rect class=\"" + std::string(class_of(interval.tone)) + "\" x=\"" + svg_number(x - kMark / 2) + "\" y=\"" +
         svg_number(y + 2) + "\" width=\"" + svg_number(kMark) + "\" height=\"" + svg_number(kRow - 4) + "\"><title>" +
         html_text(time_of_day(interval.begin) + ": " + interval.text) + "</title></rect>\n";
}

[[nodiscard]] std::string grid(const finding::Timeline& timeline, const finding::Lane& lane, const TimeAxis& axis,
                               double y) {
  const double period = seconds(timeline.period);
  if (axis.length() / period > kMostGridLines) return "";
  std::string out;
  for (int turn = 0; seconds(lane.phase) + turn * period <= axis.length(); ++turn) {
    const double at = seconds(lane.phase) + turn * period;
    out += svg_line("grid", axis.after(at), y, axis.after(at), y + kRow);
  }
  return out;
}

[[nodiscard]] std::string summary(const finding::Timeline& timeline) {
  const std::string period = length_text(timeline.period);
  const bool own = std::any_of(timeline.lanes.begin(), timeline.lanes.end(),
                               [](const finding::Lane& lane) { return lane.begin.has_value(); });
  std::string said = "Onsets over " + length_text(timeline.length) + " from " +
                     (own ? "the begin of each" : date_and_time(timeline.begin) + " UTC") +
                     ", with the grid of a period of " + period + ", and folded at it.";
  for (const finding::Lane& lane : timeline.lanes) {
    const auto onsets = std::count_if(lane.intervals.begin(), lane.intervals.end(), onset);
    const auto kept = std::count_if(lane.intervals.begin(), lane.intervals.end(), [&](const finding::Interval& i) {
      return onset(i) && std::abs(folded(timeline, lane, i.begin) - 0.5) <= 0.1;
    });
    said += " " + lane.name + ": " + std::to_string(onsets) + " onsets, " + std::to_string(kept) +
            " of them within a tenth of the period of the grid.";
  }
  return said;
}

}  // namespace

std::string raster_svg(const finding::Timeline& timeline, std::size_t number) {
  const TimeAxis axis(timeline.begin, timeline.length, kLeft, kWidth);
  const double bottom = kTop + kRow * static_cast<double>(timeline.lanes.size());
  const double middle = kFolded + kFoldedWidth / 2;
  const std::string period = fixed(seconds(timeline.period), 2) + " s";
  std::string out = svg_text(kLeft, 12, "start", "over time, a grid line each " + period) +
                    svg_text(middle, 12, "middle", "folded at " + period) + axis.ticks(bottom, bottom) +
                    "<rect class=\"panel\" x=\"" + svg_number(kFolded) + "\" y=\"" + svg_number(kTop) + "\" width=\"" +
                    svg_number(kFoldedWidth) + "\" height=\"" + svg_number(bottom - kTop) + "\"/>" +
                    svg_line("grid", middle, kTop, middle, bottom) + svg_text(middle, bottom + 14, "middle", "0");
  const double half = seconds(timeline.period) / 2;
  const int decimals = half < 10 ? 1 : 0;
  out += svg_text(kFolded, bottom + 14, "start", "-" + fixed(half, decimals) + " s") +
         svg_text(kFolded + kFoldedWidth, bottom + 14, "end", "+" + fixed(half, decimals) + " s");
  double y = kTop;
  for (const finding::Lane& lane : timeline.lanes) {
    out += svg_text(kLeft - 8, y + 15, "end", fitted(base::escape(lane.name), kName)) + grid(timeline, lane, axis, y);
    for (const finding::Interval& interval : lane.intervals) {
      out += tick(interval, axis.at(interval.begin, lane.begin.value_or(timeline.begin)), y);
      if (onset(interval)) out += tick(interval, kFolded + kFoldedWidth * folded(timeline, lane, interval.begin), y);
    }
    y += kRow;
  }
  return svg_figure(timeline.title, summary(timeline), bottom + 22, out, number);
}

}  // namespace viaduct::report
