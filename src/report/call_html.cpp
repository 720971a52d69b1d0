// SPDX-License-Identifier: GPL-2.0-or-later
#include "report/call_html.hpp"

#include "base/join.hpp"
#include "report/figures.hpp"
#include "report/ladder_html.hpp"
#include "report/markup.hpp"
#include "report/timeline_svg.hpp"

#include <algorithm>
#include <span>

namespace viaduct::report {
namespace {

constexpr std::size_t kGaps = 50;

/// Gaps of all streams of a call.
struct Gaps {
  std::uint64_t count = 0;
  double length = 0;
};

[[nodiscard]] Gaps gaps_of(const finding::Result& result, const finding::CallSummary& call) {
  Gaps gaps;
  for (const std::uint32_t index : call.streams) {
    const finding::StreamSummary& stream = result.streams[index];
    gaps.count += outages(stream);
    gaps.length += seconds(stream.time_in_gaps());
  }
  return gaps;
}

[[nodiscard]] std::string cause_text(const finding::Attribution& cause) {
  if (cause.cause == finding::Cause::none) return "nothing wrong";
  if (cause.cause == finding::Cause::not_proven) return "not proven";
  return std::string(spoken(cause.cause)) + ", " + percent(cause.confidence);
}

[[nodiscard]] std::string frames_text(const finding::GapSummary& gap) {
  const auto frame = [](std::uint64_t number) { return number == 0 ? std::string("-") : std::to_string(number); };
  return frame(gap.frame_before) + " / " + frame(gap.frame_after);
}

[[nodiscard]] std::string gaps_html(const finding::Result& result, std::span<const std::uint32_t> streams,
                                    const std::string& of) {
  HtmlTable table("Gaps of " + of,
                  {"onset", ">length, s", "class", ">missing", "frames before / after", "SSRC", "near it"});
  std::size_t shown = 0;
  std::uint64_t hidden = 0;
  std::uint64_t harmless = 0;
  for (const std::uint32_t index : streams) {
    const finding::StreamSummary& stream = result.streams[index];
    hidden += stream.gaps_left_out;
    for (const finding::GapSummary& gap : stream.gaps) {
      if (!gap.outage())
        ++harmless;
      else if (shown++ >= kGaps)
        ++hidden;
      else
        table.add({time_of_day(gap.onset), fixed(seconds(gap.length), 3),
                   std::string(1, gap.letter) + " " + finding::meaning(gap.letter), std::to_string(gap.missing),
                   frames_text(gap), ssrc_text(stream.ssrc), nearby_text(gap)});
    }
  }
  return (table.empty() ? "" : table.take() + more(hidden, "gaps")) +
         more(harmless, "gaps in which nobody missed anything: pauses of the sender, holes of the capture");
}

[[nodiscard]] std::string or_unknown(const std::string& party) {
  return party.empty() ? "unknown" : party;
}

[[nodiscard]] std::string facts_html(const finding::Result& result, const finding::CallSummary& call) {
  const auto pair = [](const char* name, const std::string& captured) {
    return captured.empty() ? "" : "<div><dt>" + std::string(name) + "</dt><dd>" + html_text(captured) + "</dd></div>";
  };
  return "<dl>" + pair("start", date_and_time(call.start)) +
         pair("length", call.answered ? length_text(call.duration) : "not answered") + pair("ended by", call.ending) +
         pair("cause", cause_text(call.attribution)) + pair("not judged", base::joined(call.not_judged, ", ")) +
         pair("site", call.site) + pair("from", or_unknown(call.from)) + pair("to", or_unknown(call.to)) +
         pair("Call-ID", call.call_id) + pair("file", file_of(result, call.input)) + "</dl>\n";
}

[[nodiscard]] std::string links_to_findings(const finding::Result& result, const finding::CallSummary& call) {
  std::string out;
  for (const std::uint32_t index : call.findings) {
    const finding::Finding& found = result.findings[index];
    if (found.verdict != finding::Verdict::fail && found.verdict != finding::Verdict::inconclusive) continue;
    out += "<li><a href=\"#finding-" + std::to_string(index) + "\">" + html_text(found.rule.title) + "</a></li>";
  }
  return out.empty() ? "" : "<ul>" + out + "</ul>\n";
}

}  // namespace

std::vector<std::string> call_cells(const finding::Result& result, std::uint32_t index) {
  const finding::CallSummary& call = result.calls[index];
  const Gaps gaps = gaps_of(result, call);
  return {date_and_time(call.start),
          call.answered ? minutes_text(call.duration) : "-",
          party_text(call.from),
          party_text(call.to),
          cause_text(call.attribution),
          std::to_string(gaps.count),
          fixed(gaps.length, 1),
          call.ending,
          call.call_id};
}

std::vector<std::string> stream_cells(const finding::StreamSummary& stream) {
  std::string dscp;
  for (const finding::DscpCount& use : stream.dscp) dscp += (dscp.empty() ? "" : " ") + std::to_string(use.dscp);
  return {ssrc_text(stream.ssrc),
          stream.source.to_text(),
          stream.destination.to_text(),
          stream.codec,
          std::to_string(stream.expected),
          std::to_string(stream.lost) + " (" + fixed(loss_share(stream) * 100, 1) + " %)",
          stream.jitter ? fixed(stream.jitter->mean, 1) : "-",
          stream.delay ? fixed(stream.delay->p99, 1) : "-",
          std::to_string(outages(stream)),
          fixed(seconds(stream.time_in_gaps()), 1),
          dscp,
          stream.mos ? fixed(*stream.mos, 1) : "-"};
}

std::string call_html(const finding::Result& result, std::uint32_t index, std::size_t& pictures) {
  const finding::CallSummary& call = result.calls[index];
  const std::string title = "Call from " + or_unknown(party_text(call.from)) + " to " + or_unknown(party_text(call.to));
  std::string out = "<section class=\"call\" id=\"call-" + std::to_string(index) + "\"><h3>" + html_text(title) +
                    "</h3>\n" + facts_html(result, call) + links_to_findings(result, call);
  if (call.timeline) out += timeline_svg(result, *call.timeline, ++pictures);
  out += gaps_html(result, call.streams, "call " + call.call_id);
  if (call.ladder) out += ladder_html(*call.ladder, call.ladder->title);
  return out + "</section>\n";
}

std::string stream_html(const finding::Result& result, std::uint32_t index, std::size_t& pictures) {
  const finding::StreamSummary& stream = result.streams[index];
  const std::string name = "stream " + ssrc_text(stream.ssrc);
  const finding::Duration length = stream.last > stream.first ? stream.last - stream.first : finding::Duration::zero();
  finding::Timeline timeline{"Without signalling: " + name, stream.first, length, {finding::lane_of(stream)}};
  timeline.lanes.front().stream = index;
  return "<section class=\"call\">" + element("h3", "S" + name.substr(1)) + timeline_svg(result, timeline, ++pictures) +
         gaps_html(result, std::span(&index, 1), name) + "</section>\n";
}

}  // namespace viaduct::report
