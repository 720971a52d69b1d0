// SPDX-License-Identifier: GPL-2.0-or-later
#include "report/html.hpp"

#include "report/call_html.hpp"
#include "report/device_html.hpp"
#include "report/figures.hpp"
#include "report/finding_html.hpp"
#include "report/markup.hpp"
#include "report/page_style.hpp"
#include "report/registration_cells.hpp"
#include "report/timeline_svg.hpp"

#include <algorithm>
#include <string_view>
#include <utility>
#include <vector>

namespace viaduct::report {
namespace {

constexpr std::size_t kRows = 1000;  // of calls and streams: a page that a browser still opens
constexpr std::size_t kSteps = 3;
constexpr std::size_t kCallsDrawn = 6;
constexpr std::size_t kStreamsDrawn = 8;

/// The verdict in a few words.
[[nodiscard]] std::string headline(const finding::Result& result) {
  const finding::Attribution& cause = result.attribution;
  if (result.verdict == finding::Overall::clean) return "Nothing wrong was found";
  if (cause.cause == finding::Cause::not_proven) return "The cause is not proven";
  if (cause.cause == finding::Cause::none)
    return result.verdict == finding::Overall::findings ? "Something was found" : "Not proven";
  const std::string share = share_of_calls(result);
  return share.empty() ? "The cause is " + std::string(spoken(cause.cause))
                       : share + ": the cause is " + std::string(spoken(cause.cause));
}

[[nodiscard]] std::string confidence_text(const finding::Attribution& cause) {
  std::string text = proven(cause.cause) ? "Confidence " + percent(cause.confidence) + "." : "";
  if (proven(cause.runner_up))
    text += (text.empty() ? "" : " ") + std::string("Next best: ") + std::string(spoken(cause.runner_up)) + ", " +
            percent(cause.runner_up_confidence) + ".";
  return text;
}

/// What to do next: the remedies of the failures that name the cause, of the worst ones if none is proven, or what is
/// missing for a verdict.
[[nodiscard]] std::vector<std::string> next_steps(const finding::Result& result) {
  std::vector<std::string> steps;
  const auto add = [&steps](std::string step) {
    if (!step.empty() && std::find(steps.begin(), steps.end(), step) == steps.end() && steps.size() < kSteps)
      steps.push_back(std::move(step));
  };
  const finding::Cause cause = result.attribution.cause;
  const std::vector<std::uint32_t> order = finding::worst_findings(result);
  for (const std::uint32_t index : order)
    if (const finding::Finding& found = result.findings[index];
        found.verdict == finding::Verdict::fail && (!proven(cause) || found.cause == cause))
      add(std::string(found.advice()));
  if (!steps.empty()) return steps;
  for (const std::uint32_t index : order)
    if (const finding::Finding& found = result.findings[index]; found.verdict == finding::Verdict::inconclusive)
      add("To judge \"" + std::string(found.rule.title) + "\", capture again with: " + std::string(found.rule.needs) +
          ".");
  return steps;
}

/// The page under construction; numbers its pictures.
class HtmlReport {
 public:
  explicit HtmlReport(const finding::Result& result) : result_(result), calls_(finding::worst_calls(result)) {}

  [[nodiscard]] std::string take() {
    head();
    verdict();
    out_ += devices_html(result_, kRows);
    findings();
    calls();
    streams();
    registrations();
    glossary();
    inputs();
    return std::move(out_) + "</main>\n<footer><p class=\"label\">Made by " +
           html_text(result_.tool + " " + result_.version) +
           (result_.devices.empty()
                ? ". All times are UTC by the clock of the capture. Text from the capture is shown as it was received"
                : ". Text of configurations is shown as it was read, secrets masked") +
           "; what cannot be printed is written as \\x or \\u.</p></footer>\n</body></html>\n";
  }

 private:
  void head() {
    out_ =
        "<!DOCTYPE html>\n<html lang=\"en\"><head><meta charset=\"utf-8\">\n"
        "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n"
        "<meta name=\"referrer\" content=\"no-referrer\">\n"
        "<meta name=\"format-detection\" content=\"telephone=no, email=no, address=no, date=no\">\n"
        "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src 'unsafe-inline'; "
        "base-uri 'none'; form-action 'none'\">\n"
        "<title>" +
        html_text(headline(result_)) + "</title>\n<style>" + kPageStyle + "</style></head>\n<body>" +
        "<a class=\"skip\" href=\"#main\">To the verdict</a>\n<header><p class=\"label\">" +
        html_text(result_.tool + " " + result_.version) + period() + "</p>\n<nav aria-label=\"Contents\"><ul>" +
        "<li><a href=\"#findings\">Findings</a></li>" + entry(result_.devices.empty(), "devices", "Devices") +
        entry(result_.calls.empty(), "calls", "Calls") + entry(result_.streams.empty(), "streams", "Streams") +
        entry(result_.registrations.empty() && result_.subscriptions.empty(), "registrations", "Registrations") +
        "<li><a href=\"#inputs\">Inputs</a></li></ul></nav>" + "</header>\n<main id=\"main\" tabindex=\"-1\">\n";
  }

  [[nodiscard]] static std::string entry(bool empty, std::string_view id, std::string_view name) {
    return empty ? "" : "<li><a href=\"#" + std::string(id) + "\">" + std::string(name) + "</a></li>";
  }

  [[nodiscard]] std::string period() const {
    std::optional<finding::Time> first;
    std::optional<finding::Time> last;
    for (const finding::InputSummary& input : result_.inputs) {
      if (input.first) first = std::min(first.value_or(*input.first), *input.first);
      if (input.last) last = std::max(last.value_or(*input.last), *input.last);
    }
    if (!first || !last) return "";
    return " &middot; " + date_and_time(*first) + " to " + date_and_time(*last) + " UTC";
  }

  void verdict() {
    const std::string verdict(name(result_.verdict));
    out_ += "<section class=\"verdict " + verdict +
            "\" aria-labelledby=\"verdict\"><p class=\"word\">Verdict: " + verdict + "</p><h1 id=\"verdict\">" +
            html_text(headline(result_)) + "</h1>\n" + paragraph("", result_.sentence) +
            paragraph("", confidence_text(result_.attribution));
    const std::vector<std::string> steps = next_steps(result_);
    if (!steps.empty()) {
      out_ += "<h2>What to do next</h2><ol>";
      for (const std::string& step : steps) out_ += element("li", step);
      out_ += "</ol>\n";
    }
    out_ += figures() + "</section>\n";
  }

  [[nodiscard]] std::string figures() const {
    std::uint64_t gaps = 0;
    double in_gaps = 0;
    for (const finding::StreamSummary& stream : result_.streams) {
      gaps += outages(stream);
      in_gaps += seconds(stream.time_in_gaps());
    }
    const auto bad = std::count_if(result_.calls.begin(), result_.calls.end(),
                                   [](const finding::CallSummary& call) { return proven(call.attribution.cause); });
    const auto pair = [](const char* name, const std::string& value) {
      return "<div><dt>" + std::string(name) + "</dt><dd>" + value + "</dd></div>";
    };
    return "<dl>" + pair("calls", std::to_string(result_.calls.size() + result_.calls_left_out)) +
           pair("with a proven cause", std::to_string(bad)) +
           pair("streams", std::to_string(result_.streams.size() + result_.streams_left_out)) +
           pair("gaps in audio", std::to_string(gaps)) + pair("in gaps", fixed(in_gaps, 1) + " s") + "</dl>\n";
  }

  void findings() {
    out_ += "<h2 id=\"findings\">Findings</h2>\n";
    HtmlTable rest("Rules that found nothing wrong", {"rule", "verdict", "what was seen"});
    bool any = false;
    for (const std::uint32_t index : finding::worst_findings(result_)) {
      const finding::Finding& found = result_.findings[index];
      if (found.verdict == finding::Verdict::fail || found.verdict == finding::Verdict::inconclusive) {
        any = true;
        out_ += finding_html(result_, index, pictures_);
      } else {
        rest.add({std::string(found.rule.title), std::string(words(found.verdict)), found.statement});
      }
    }
    if (!any) out_ += rest.empty() ? "<p>No rule judged this input.</p>\n" : "<p>No rule found anything wrong.</p>\n";
    if (!rest.empty()) out_ += rest.take();
    out_ += more(result_.findings_left_out, "findings");
  }

  void calls() {
    if (result_.calls.empty()) return;
    out_ += "<h2 id=\"calls\">Calls</h2>\n";
    HtmlTable table("Calls, the worst first",
                    {"start", ">length", "from", "to", "cause", ">gaps", ">in gaps, s", "ended by", "Call-ID"});
    const std::size_t shown = std::min(calls_.size(), kRows);
    const std::size_t drawn = std::min(calls_.size(), kCallsDrawn);
    for (std::size_t i = 0; i < shown; ++i)
      table.add(call_cells(result_, calls_[i]), i < drawn ? "call-" + std::to_string(calls_[i]) : "");
    out_ += table.take() + more(calls_.size() - shown + result_.calls_left_out, "calls");
    for (std::size_t i = 0; i < drawn; ++i) out_ += call_html(result_, calls_[i], pictures_);
  }

  void streams() {
    if (result_.streams.empty()) return;
    out_ += "<h2 id=\"streams\">Streams</h2>\n";
    HtmlTable table("Streams: one SSRC in one direction each",
                    {"SSRC", "source", "destination", "codec", ">expected", ">lost", ">jitter, ms", ">delay p99, ms",
                     ">gaps", ">in gaps, s", ">DSCP", ">MOS"});
    const std::size_t shown = std::min(result_.streams.size(), kRows);
    for (std::size_t i = 0; i < shown; ++i) table.add(stream_cells(result_.streams[i]));
    out_ += table.take() + more(result_.streams.size() - shown + result_.streams_left_out, "streams");
    out_ += "<p class=\"label\">MOS is computed from loss and codec; it decides nothing.</p>\n";
    rtcp(shown);
    lone_streams();
  }

  void rtcp(std::size_t shown) {
    std::vector<std::string> heading = rtcp_heading();
    heading.front().erase(0, 1);
    HtmlTable table("What RTCP says of them", heading);
    for (std::size_t i = 0; i < shown; ++i)
      if (result_.streams[i].rtcp) table.add(rtcp_cells(result_.streams[i]));
    if (table.empty()) return;
    out_ += table.take() + "<p class=\"label\">Lost, fraction and jitter as receivers report them; the round trip is " +
            "from the place of capture to the receiver and back.</p>\n";
  }

  void registrations() {
    const std::size_t shown = std::min(result_.registrations.size(), kRows);
    const std::size_t subscribed = std::min(result_.subscriptions.size(), kRows);
    if (shown + subscribed == 0) return;
    out_ += "<h2 id=\"registrations\">Registrations</h2>\n";
    HtmlTable table("Registrations, those that were lost or refused first", registration_heading());
    for (std::size_t i = 0; i < shown; ++i) table.add(registration_cells(result_.registrations[i]));
    if (!table.empty()) out_ += table.take();
    out_ += more(result_.registrations.size() - shown + result_.registrations_left_out, "registrations");
    HtmlTable others("Subscriptions", subscription_heading());
    for (std::size_t i = 0; i < subscribed; ++i) others.add(subscription_cells(result_.subscriptions[i]));
    if (!others.empty()) out_ += others.take();
    out_ += more(result_.subscriptions.size() - subscribed + result_.subscriptions_left_out, "subscriptions");
  }

  /// Pictures of the worst streams that no call has: what there is where signalling was not captured.
  void lone_streams() {
    std::vector<bool> of_call(result_.streams.size());
    for (const finding::CallSummary& call : result_.calls)
      for (const std::uint32_t index : call.streams)
        if (index < of_call.size()) of_call[index] = true;
    std::vector<std::uint32_t> lone;
    for (std::uint32_t i = 0; i < of_call.size(); ++i)
      if (!of_call[i] && (result_.streams[i].lost > 0 || !result_.streams[i].gaps.empty())) lone.push_back(i);
    const auto badness = [this](std::uint32_t index) {
      return std::pair(result_.streams[index].time_in_gaps(), result_.streams[index].lost);
    };
    std::stable_sort(lone.begin(), lone.end(),
                     [&](std::uint32_t a, std::uint32_t b) { return badness(a) > badness(b); });
    if (lone.size() > kStreamsDrawn) lone.resize(kStreamsDrawn);
    for (const std::uint32_t index : lone) out_ += stream_html(result_, index, pictures_);
  }

  void glossary() {
    if (std::all_of(result_.streams.begin(), result_.streams.end(),
                    [](const finding::StreamSummary& stream) { return stream.gaps.empty(); }))
      return;
    out_ += "<h2 id=\"classes\">Classes of gaps</h2>\n";
    HtmlTable table("A gap is a time of 200 ms and more without playable media", {"class", "what it means"});
    for (const char letter : {'L', 'Q', 'H', 'S', 'P', 'R', 'X', 'C'})
      table.add({std::string(1, letter), finding::meaning(letter)});
    table.add({"-", "fits none: nothing is said"});
    out_ += table.take();
  }

  void inputs() {
    out_ += "<h2 id=\"inputs\">Inputs</h2>\n";
    HtmlTable table("What was looked at", {"file", "site", ">frames", ">octets", "from", "to", "problems"});
    for (std::uint32_t i = 0; i < result_.inputs.size() && i < kRows; ++i) {
      const finding::InputSummary& input = result_.inputs[i];
      std::string problems;
      for (const std::string& problem : input.problems) problems += (problems.empty() ? "" : "; ") + problem;
      if (input.problems_left_out > 0) problems += "; " + std::to_string(input.problems_left_out) + " more";
      table.add({file_of(result_, i), input.site, std::to_string(input.frames), std::to_string(input.octets),
                 input.first ? date_and_time(*input.first) : "-", input.last ? date_and_time(*input.last) : "-",
                 problems.empty() ? "none" : problems});
    }
    out_ += table.take() + more(result_.inputs.size() - std::min(result_.inputs.size(), kRows), "inputs");
  }

  const finding::Result& result_;
  std::vector<std::uint32_t> calls_;  ///< the worst first
  std::string out_;
  std::size_t pictures_ = 0;
};

}  // namespace

std::string to_html(const finding::Result& result) {
  return HtmlReport(result).take();
}

}  // namespace viaduct::report
