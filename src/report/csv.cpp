// SPDX-License-Identifier: GPL-2.0-or-later
#include "report/csv.hpp"

#include "base/escape.hpp"
#include "base/join.hpp"
#include "report/device_text.hpp"
#include "report/figures.hpp"

#include <algorithm>
#include <initializer_list>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace viaduct::report {
namespace {

/// A record under construction. Text may hold anything; figures are our own.
class Record {
 public:
  explicit Record(std::string& out) : out_(out) {}
  ~Record() { out_ += "\r\n"; }
  Record(const Record&) = delete;
  Record& operator=(const Record&) = delete;

  Record& text(base::Bytes captured) {
    std::string field = base::escape(captured);
    // What a spreadsheet would calculate: also full-width forms, which some take for the same.
    static constexpr std::string_view kFormula[] = {"=", "+", "-", "@", "＝", "＋", "－", "＠"};
    for (const std::string_view begin : kFormula) {
      if (!field.starts_with(begin)) continue;
      field.insert(0, 1, '\'');
      break;
    }
    if (field.find_first_of("\",;") == std::string::npos) return raw(field);
    std::string quoted = "\"";
    for (const char c : field) quoted += c == '"' ? std::string(2, c) : std::string(1, c);
    return raw(quoted + "\"");
  }
  Record& raw(const std::string& field) {
    if (!first_) out_ += ',';
    first_ = false;
    out_ += field;
    return *this;
  }
  Record& number(std::uint64_t value) { return raw(std::to_string(value)); }
  Record& figure(std::optional<double> value, int decimals = 3) { return raw(value ? fixed(*value, decimals) : ""); }
  Record& endpoint(const finding::Endpoint& endpoint) { return text(endpoint.address).number(endpoint.port); }

 private:
  std::string& out_;
  bool first_ = true;
};

void add_heading(std::string& out, std::initializer_list<const char*> names) {
  Record record(out);
  for (const char* name : names) record.raw(name);
}

[[nodiscard]] std::vector<std::string> call_ids_by_stream(const finding::Result& result) {
  std::vector<std::string> names(result.streams.size());
  for (const finding::CallSummary& call : result.calls)
    for (const std::uint32_t stream : call.streams)
      if (stream < names.size()) names[stream] = call.call_id;
  return names;
}

[[nodiscard]] std::string dscp_text(const finding::StreamSummary& stream) {
  std::string text;
  for (const finding::DscpCount& use : stream.dscp) text += (text.empty() ? "" : " ") + std::to_string(use.dscp);
  return text;
}

void add_stream(std::string& out, const finding::Result& result, const finding::StreamSummary& stream,
                const std::string& call_id) {
  Record record(out);
  record.text(path_of(result, stream.input)).text(call_id).raw(ssrc_text(stream.ssrc));
  record.endpoint(stream.source).endpoint(stream.destination).text(stream.codec).text(stream.direction);
  record.raw(timestamp(stream.first)).raw(timestamp(stream.last));
  record.number(stream.expected).number(stream.packets).number(stream.lost);
  record.number(stream.duplicates).number(stream.reordered).number(stream.resets);
  record.number(stream.ssrc_changes).number(stream.port_changes).number(stream.dscp_changes);
  const auto jitter = stream.jitter.value_or(finding::Jitter{});
  const auto delay = stream.delay.value_or(finding::DelayVariation{});
  for (const double value : {jitter.mean, jitter.highest})
    record.figure(stream.jitter ? std::optional(value) : std::nullopt);
  for (const double value : {delay.median, delay.p95, delay.p99, delay.p999})
    record.figure(stream.delay ? std::optional(value) : std::nullopt);
  record.text(dscp_text(stream)).figure(stream.ptime).figure(stream.silent_share).figure(stream.mos, 2);
  record.number(stream.gaps.size() + stream.gaps_left_out).figure(seconds(stream.time_in_gaps()));
}

/// Rules that failed, each once: for one rule there may be several findings of a call.
[[nodiscard]] std::string failed_rules(const finding::Result& result, const finding::CallSummary& call) {
  std::vector<std::string> rules;
  for (const std::uint32_t index : call.findings) {
    if (index >= result.findings.size() || result.findings[index].verdict != finding::Verdict::fail) continue;
    const std::string id(result.findings[index].rule.id);
    if (std::ranges::find(rules, id) == rules.end()) rules.push_back(id);
  }
  return base::joined(rules, " ");
}

}  // namespace

std::string calls_csv(const finding::Result& result) {
  std::string out;
  add_heading(out, {"input", "call_id", "from", "to", "site", "start", "duration_s", "answered", "ending", "cause",
                    "confidence", "runner_up", "legs", "streams", "rules_failed", "not_judged"});
  for (const finding::CallSummary& call : result.calls) {
    Record record(out);
    record.text(path_of(result, call.input)).text(call.call_id).text(call.from).text(call.to).text(call.site);
    record.raw(timestamp(call.start)).figure(seconds(call.duration)).raw(call.answered ? "yes" : "no");
    record.text(call.ending).text(name(call.attribution.cause)).figure(call.attribution.confidence, 2);
    record.text(name(call.attribution.runner_up)).number(call.legs.size()).number(call.streams.size());
    record.text(failed_rules(result, call)).text(base::joined(call.not_judged, " and "));
  }
  return out;
}

std::string streams_csv(const finding::Result& result) {
  std::string out;
  add_heading(out, {"input",
                    "call_id",
                    "ssrc",
                    "source_address",
                    "source_port",
                    "destination_address",
                    "destination_port",
                    "codec",
                    "direction",
                    "first",
                    "last",
                    "expected",
                    "packets",
                    "lost",
                    "duplicates",
                    "reordered",
                    "resets",
                    "ssrc_changes",
                    "port_changes",
                    "dscp_changes",
                    "jitter_mean_ms",
                    "jitter_max_ms",
                    "delay_p50_ms",
                    "delay_p95_ms",
                    "delay_p99_ms",
                    "delay_p999_ms",
                    "dscp",
                    "ptime_ms",
                    "silent_share",
                    "mos",
                    "gaps",
                    "time_in_gaps_s"});
  const std::vector<std::string> call_ids = call_ids_by_stream(result);
  for (std::size_t i = 0; i < result.streams.size(); ++i) add_stream(out, result, result.streams[i], call_ids[i]);
  return out;
}

std::string gaps_csv(const finding::Result& result) {
  std::string out;
  add_heading(out, {"input", "call_id", "ssrc", "onset", "length_s", "class", "missing", "receiver_quiet_s",
                    "frame_before", "frame_after", "nearby"});
  const std::vector<std::string> call_ids = call_ids_by_stream(result);
  for (std::size_t i = 0; i < result.streams.size(); ++i) {
    const finding::StreamSummary& stream = result.streams[i];
    for (const finding::GapSummary& gap : stream.gaps) {
      Record record(out);
      record.text(path_of(result, stream.input)).text(call_ids[i]).raw(ssrc_text(stream.ssrc));
      record.raw(timestamp(gap.onset)).figure(seconds(gap.length));
      record.raw(gap.letter == '-' ? "" : std::string(1, gap.letter)).number(gap.missing);
      record.figure(gap.receiver_quiet ? std::optional(seconds(*gap.receiver_quiet)) : std::nullopt);
      record.number(gap.frame_before).number(gap.frame_after).text(nearby_text(gap));
    }
  }
  return out;
}

std::string devices_csv(const finding::Result& result) {
  std::string out;
  add_heading(out, {"file", "host", "product", "version", "recognised", "sip", "features_on", "udp_timer",
                    "rtp_priority", "problems", "explains_rank", "explains", "line"});
  for (const std::uint32_t index : worst_devices(result)) {
    const finding::DeviceSummary& device = result.devices[index];
    std::string on;
    for (const finding::DeviceSummary::Feature& feature : device.features)
      if (feature.state == "on" || feature.state == "partly")
        on += (on.empty() ? "" : "; ") + feature.name + " (" + feature.scope + ")";
    std::string problems;
    if (device.input < result.inputs.size())
      for (const std::string& problem : result.inputs[device.input].problems)
        problems += (problems.empty() ? "" : "; ") + problem;
    Record record(out);
    record.text(path_of(result, device.input)).text(device.hostname).text(device.product).text(device.version);
    record.figure(device.sure, 2)
        .text(device.sip)
        .text(on)
        .text(shortest_timer(device))
        .text(device.rtp_priority)
        .text(problems);
    record.raw(device.explains.rank == 0 ? "" : std::to_string(device.explains.rank)).text(device.explains.sentence);
    record.raw(device.line == 0 ? "" : std::to_string(device.line));
  }
  return out;
}

}  // namespace viaduct::report
