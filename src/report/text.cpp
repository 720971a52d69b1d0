// SPDX-License-Identifier: GPL-2.0-or-later
#include "report/text.hpp"

#include "base/escape.hpp"
#include "base/join.hpp"
#include "base/place.hpp"
#include "report/columns.hpp"
#include "report/device_text.hpp"
#include "report/exhibit_text.hpp"
#include "report/figures.hpp"
#include "report/registration_cells.hpp"

#include <algorithm>
#include <map>
#include <span>
#include <string_view>
#include <vector>

namespace viaduct::report {
namespace {

using base::escape;

constexpr std::size_t kWorstCalls = 5;
constexpr std::size_t kWorstRegistrations = 5;
constexpr std::size_t kGaps = 100;
constexpr std::size_t kLeastWidth = 40;

/// Text under construction.
class Page {
 public:
  explicit Page(const TextOptions& options) : width_(std::max(options.width, kLeastWidth)), colours_(options.colours) {}

  [[nodiscard]] std::size_t width() const { return width_; }
  [[nodiscard]] std::string paint(std::string_view sgr, std::string_view text) const {
    if (!colours_) return std::string(text);
    return "\x1b[" + std::string(sgr) + "m" + std::string(text) + "\x1b[0m";
  }
  void add(std::string_view text) { out_ += text; }
  void heading(std::string_view text) { out_ += "\n" + paint("1", text) + "\n"; }
  /// Captured or own text in lines that fit.
  void paragraph(base::Bytes text, base::Bytes indent) { out_ += wrapped(escape(text), width_, indent); }
  void table(const Columns& columns) { out_ += columns.to_text(width_, "  "); }
  [[nodiscard]] std::string take() { return std::move(out_); }

 private:
  std::size_t width_;
  bool colours_;
  std::string out_;
};

[[nodiscard]] std::string_view colour_of(finding::Verdict verdict) {
  switch (verdict) {
    case finding::Verdict::fail:
      return "31;1";
    case finding::Verdict::pass:
      return "32";
    default:
      return "33";
  }
}

[[nodiscard]] std::string cause_text(const finding::Result& result) {
  const finding::Attribution& attribution = result.attribution;
  std::string text(spoken(attribution.cause));
  if (const std::string share = share_of_calls(result); !share.empty()) text += " in " + share;
  if (attribution.cause != finding::Cause::none && attribution.cause != finding::Cause::not_proven)
    text += ", confidence " + percent(attribution.confidence);
  if (attribution.runner_up != finding::Cause::none)
    text +=
        "; next best: " + std::string(spoken(attribution.runner_up)) + ", " + percent(attribution.runner_up_confidence);
  return text;
}

void write_verdict(Page& page, const finding::Result& result) {
  const bool bad = result.verdict == finding::Overall::findings;
  const bool clean = result.verdict == finding::Overall::clean;
  page.add(page.paint(bad ? "31;1" : clean ? "32;1" : "33;1", "verdict: " + std::string(name(result.verdict))) + "\n");
  page.paragraph(result.sentence, "  ");
  // Where it could not be told whether anything was wrong, "nothing" would be a verdict.
  if (clean || result.attribution.cause != finding::Cause::none) page.paragraph("cause: " + cause_text(result), "  ");
}

void write_inputs(Page& page, const finding::Result& result) {
  page.heading("Inputs");
  Columns columns({"file", ">frames", ">octets", "<from", "<to"});
  for (const finding::InputSummary& input : result.inputs)
    columns.add({input.path, std::to_string(input.frames), std::to_string(input.octets),
                 input.first ? date_and_time(*input.first) : "-", input.last ? date_and_time(*input.last) : "-"});
  page.table(columns);
  for (const finding::InputSummary& input : result.inputs) {
    for (const std::string& problem : input.problems) page.paragraph(input.path + ": " + problem, "  ");
    if (input.problems_left_out > 0)
      page.paragraph(input.path + ": " + std::to_string(input.problems_left_out) + " more problems", "  ");
  }
}

[[nodiscard]] std::string gaps_text(const finding::Result& result, const finding::CallSummary& call) {
  std::size_t count = 0;
  double length = 0;
  for (const std::uint32_t index : call.streams) {
    if (index >= result.streams.size()) continue;
    const finding::StreamSummary& stream = result.streams[index];
    count += outages(stream);
    length += seconds(stream.time_in_gaps());
  }
  return count == 0 ? "-" : std::to_string(count) + ", " + fixed(length, 1) + " s";
}

/// Without it, a fax that failed would be a call of which nobody told anything.
void write_not_judged(Page& page, const finding::Result& result, std::span<const std::uint32_t> shown) {
  std::map<std::string, std::size_t> calls;
  for (const std::uint32_t index : shown)
    if (const auto& kinds = result.calls[index].not_judged; !kinds.empty()) ++calls[base::joined(kinds, " and ")];
  for (const auto& [kinds, count] : calls)
    page.add("  " + kinds + ": not judged, in " + std::to_string(count) + " of these calls\n");
}

void write_calls(Page& page, const finding::Result& result, bool all) {
  if (result.calls.empty()) return;
  std::vector<std::uint32_t> order = finding::worst_calls(result);
  const std::size_t shown = all ? order.size() : std::min(order.size(), kWorstCalls);
  page.heading(all ? "Calls, the worst first" : "Worst calls");
  Columns columns({"<start", ">length", "from", "to", "<cause", ">gaps", "ended by", "Call-ID"});
  for (std::size_t i = 0; i < shown; ++i) {
    const finding::CallSummary& call = result.calls[order[i]];
    columns.add({time_of_day(call.start).substr(0, 8), call.answered ? minutes_text(call.duration) : "-",
                 party_text(call.from), party_text(call.to), std::string(name(call.attribution.cause)),
                 gaps_text(result, call), call.ending, call.call_id});
  }
  page.table(columns);
  write_not_judged(page, result, std::span(order).first(shown));
  const std::uint64_t more = result.calls.size() - shown + result.calls_left_out;
  if (more > 0) page.add("  (" + std::to_string(more) + " more calls)\n");
}

void write_registrations(Page& page, const finding::Result& result, bool all) {
  if (result.registrations.empty()) return;
  const std::size_t size = result.registrations.size();
  const std::size_t shown = all ? size : std::min(size, kWorstRegistrations);
  page.heading(shown == size ? "Registrations" : "Worst registrations");
  Columns columns(registration_heading());
  for (std::size_t i = 0; i < shown; ++i) columns.add(registration_cells(result.registrations[i]));
  page.table(columns);
  const std::uint64_t more = size - shown + result.registrations_left_out;
  if (more > 0) page.add("  (" + std::to_string(more) + " more registrations)\n");
}

void write_subscriptions(Page& page, const finding::Result& result) {
  if (result.subscriptions.empty()) return;
  page.heading("Subscriptions");
  Columns columns(subscription_heading());
  for (const finding::SubscriptionSummary& subscription : result.subscriptions)
    columns.add(subscription_cells(subscription));
  page.table(columns);
  if (result.subscriptions_left_out > 0)
    page.add("  (" + std::to_string(result.subscriptions_left_out) + " more subscriptions)\n");
}

void write_evidence(Page& page, const finding::Result& result, const finding::Evidence& evidence) {
  std::string where = path_of(result, evidence.input);
  if (evidence.frame > 0) where += ", frame " + std::to_string(evidence.frame);
  if (evidence.line > 0) where += ", line " + std::to_string(evidence.line);
  if (evidence.time) where += ", " + date_and_time(*evidence.time);
  page.paragraph(where + ": " + evidence.text, "    ");
  if (evidence.octets.empty()) return;
  const base::Range place = evidence.marked.present() ? evidence.marked : base::between(0, 0);
  const base::Excerpt excerpt = base::excerpt_of(evidence.octets, place);
  page.add("      " + excerpt.line + "\n");
  if (evidence.marked.present()) page.add("      " + page.paint("31", excerpt.marker) + "\n");
}

[[nodiscard]] std::string facts_of(const finding::Finding& finding) {
  std::string text;
  if (finding.verdict == finding::Verdict::fail) text = name(finding.severity);
  if (finding.verdict == finding::Verdict::fail && proven(finding.cause))
    text += ", " + std::string(spoken(finding.cause)) + ", confidence " + percent(finding.confidence);
  if (!finding.family.empty()) text += (text.empty() ? "family " : ", family ") + finding.family;
  for (const std::string& behaviour : finding.behaviours) text += (text.empty() ? "" : ", ") + behaviour;
  return text;
}

void write_finding(Page& page, const finding::Result& result, const finding::Finding& finding, std::size_t evidence,
                   ExhibitText& exhibits) {
  page.add("\n" + page.paint(colour_of(finding.verdict), name(finding.verdict)) + "  " +
           page.paint("1", escape(finding.rule.title)) + " [" + escape(finding.rule.id) + "]\n");
  page.paragraph(facts_of(finding), "  ");
  page.paragraph(finding.statement, "  ");
  const std::size_t shown = std::min(evidence, finding.evidence.size());
  for (std::size_t i = 0; i < shown; ++i) write_evidence(page, result, finding.evidence[i]);
  const std::size_t more = finding.evidence.size() - shown + finding.evidence_left_out;
  if (more > 0) page.add("    (" + std::to_string(more) + " more pieces of evidence)\n");
  if (finding.verdict == finding::Verdict::inconclusive)
    page.paragraph("needs: " + std::string(finding.rule.needs), "  ");
  if (finding.verdict == finding::Verdict::fail) {
    page.paragraph("why it matters: " + std::string(finding.rule.why), "  ");
    page.paragraph("remedy: " + std::string(finding.advice()), "  ");
  }
  for (const finding::Exhibit& exhibit : finding.exhibits) page.add(exhibits.to_text(exhibit));
  page.add(exhibits.left_out(finding.calls.size()));
}

void write_findings(Page& page, const finding::Result& result, const TextOptions& options) {
  page.heading("Findings");
  std::size_t passed = 0;
  std::size_t not_applicable = 0;
  ExhibitText exhibits(page.width());
  for (const std::uint32_t index : finding::worst_findings(result)) {
    const finding::Finding& finding = result.findings[index];
    passed += finding.verdict == finding::Verdict::pass ? 1 : 0;
    not_applicable += finding.verdict == finding::Verdict::not_applicable ? 1 : 0;
    const bool matters = finding.verdict == finding::Verdict::fail || finding.verdict == finding::Verdict::inconclusive;
    if (matters || options.passed) write_finding(page, result, finding, options.evidence, exhibits);
  }
  page.add("\n  rules that passed: " + std::to_string(passed) +
           ", that did not apply: " + std::to_string(not_applicable) + "\n");
  if (result.findings_left_out > 0) page.add("  (" + std::to_string(result.findings_left_out) + " more findings)\n");
}

void write_streams(Page& page, const finding::Result& result) {
  page.heading("Streams");
  Columns columns({"<SSRC", "source", "destination", "codec", ">expected", ">lost", ">dup", ">jitter", ">max", ">p99",
                   ">gaps", ">MOS"});
  for (const finding::StreamSummary& stream : result.streams) {
    const auto ms = [](bool known, double value) { return known ? fixed(value, 1) : std::string("-"); };
    columns.add({ssrc_text(stream.ssrc), stream.source.to_text(), stream.destination.to_text(), stream.codec,
                 std::to_string(stream.expected), std::to_string(stream.lost), std::to_string(stream.duplicates),
                 ms(stream.jitter.has_value(), stream.jitter ? stream.jitter->mean : 0),
                 ms(stream.jitter.has_value(), stream.jitter ? stream.jitter->highest : 0),
                 ms(stream.delay.has_value(), stream.delay ? stream.delay->p99 : 0),
                 std::to_string(stream.gaps.size() + stream.gaps_left_out), stream.mos ? fixed(*stream.mos, 1) : "-"});
  }
  page.table(columns);
  page.add("  jitter, max (RFC 3550) and p99 (delay variation) in ms; MOS is a side figure\n");
  if (result.streams_left_out > 0) page.add("  (" + std::to_string(result.streams_left_out) + " more streams)\n");
}

void write_places(Page& page, const finding::Result& result) {
  Columns columns({"<SSRC", "source", "destination", "also seen from", "to"});
  bool any = false;
  for (const finding::StreamSummary& stream : result.streams) {
    if (!stream.seen_again) continue;
    any = true;
    columns.add({ssrc_text(stream.ssrc), stream.source.to_text(), stream.destination.to_text(),
                 stream.seen_again->source.to_text(), stream.seen_again->destination.to_text()});
  }
  if (!any) return;
  page.heading("Seen on both sides of a router");
  page.table(columns);
}

void write_rtcp(Page& page, const finding::Result& result) {
  Columns columns(rtcp_heading());
  bool any = false;
  for (const finding::StreamSummary& stream : result.streams) {
    if (!stream.rtcp) continue;
    any = true;
    columns.add(rtcp_cells(stream));
  }
  if (!any) return;
  page.heading("What RTCP says of them");
  page.table(columns);
  page.add("  lost, fraction and jitter as receivers report them; round trip from here to the receiver and back\n");
}

void write_gaps(Page& page, const finding::Result& result) {
  Columns columns({"<SSRC", "<onset", ">s", "<class", "near it"});
  std::uint64_t shown = 0;
  std::uint64_t more = 0;
  for (const finding::StreamSummary& stream : result.streams) {
    more += stream.gaps_left_out;
    for (const finding::GapSummary& gap : stream.gaps) {
      if (shown == kGaps) {
        ++more;
        continue;
      }
      ++shown;
      columns.add({ssrc_text(stream.ssrc), time_of_day(gap.onset), fixed(seconds(gap.length), 3),
                   std::string(1, gap.letter) + " " + finding::meaning(gap.letter), nearby_text(gap)});
    }
  }
  if (shown == 0) return;
  page.heading("Gaps");
  page.table(columns);
  if (more > 0) page.add("  (" + std::to_string(more) + " more gaps)\n");
}

void write_devices(Page& page, const finding::Result& result) {
  page.heading("Devices");
  page.add(inventory_text(result, page.width()));
  if (result.devices.size() != 1) return;
  page.add("\n" + device_text(result.devices.front(), page.width()));
}

}  // namespace

std::string to_text(const finding::Result& result, const TextOptions& options) {
  Page page(options);
  write_verdict(page, result);
  if (!result.devices.empty()) {
    write_devices(page, result);
    write_findings(page, result, options);
    return page.take();
  }
  write_calls(page, result, options.calls);
  write_findings(page, result, options);
  write_registrations(page, result, options.calls);
  if (options.calls) write_subscriptions(page, result);
  if (options.streams) {
    write_streams(page, result);
    write_places(page, result);
    write_rtcp(page, result);
    write_gaps(page, result);
  }
  write_inputs(page, result);
  return page.take();
}

}  // namespace viaduct::report
