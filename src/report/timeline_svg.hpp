// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include "finding/result.hpp"

#include <string>

namespace viaduct::report {

/// A timeline as a figure with inline SVG, each mark with its text (<title>), and a summary for those who cannot see
/// it. SIP events run as lines through all lanes, and below a lane stand loss and delay of its stream. One with a
/// period is drawn as a raster: raster_svg(). `number` makes the ids of the page unique.
[[nodiscard]] std::string timeline_svg(const finding::Result& result, const finding::Timeline& timeline,
                                       std::size_t number);

/// Onsets of several lines with the grid of a period, and beside them folded at the period.
[[nodiscard]] std::string raster_svg(const finding::Timeline& timeline, std::size_t number);

/// A figure around an SVG of this height (its width is 1000); `summary` is what it shows, in words.
[[nodiscard]] std::string svg_figure(const std::string& title, const std::string& summary, double height,
                                     const std::string& drawing, std::size_t number);
/// The class of style of a tone: good, bad, sip, silence or plain.
[[nodiscard]] const char* class_of(finding::Tone tone);

}  // namespace viaduct::report
