// SPDX-License-Identifier: GPL-2.0-or-later
#include "report/json.hpp"

#include "base/escape.hpp"
#include "report/figures.hpp"

#include <nlohmann/json.hpp>

#include <string_view>
#include <variant>

namespace viaduct::report {
namespace {

using Json = nlohmann::ordered_json;
using base::to_utf8;

template <class List, class One>
[[nodiscard]] Json list_of(const List& list, One one) {
  Json out = Json::array();
  for (const auto& item : list) out.push_back(one(item));
  return out;
}

[[nodiscard]] Json texts_of(const std::vector<std::string>& list) {
  return list_of(list, [](const std::string& text) { return to_utf8(text); });
}

[[nodiscard]] Json time_of(const std::optional<finding::Time>& time) {
  return time ? Json(timestamp(*time)) : Json();
}

[[nodiscard]] Json figure_of(const std::optional<double>& figure) {
  return figure ? Json(*figure) : Json();
}

[[nodiscard]] Json range_of(base::Range range) {
  if (!range.present()) return {};
  return {{"offset", range.offset}, {"length", range.length}};
}

[[nodiscard]] Json frame_of(std::uint64_t frame) {
  return frame == 0 ? Json() : Json(frame);
}

[[nodiscard]] Json endpoint_of(const finding::Endpoint& endpoint) {
  return {{"address", to_utf8(endpoint.address)}, {"port", endpoint.port}};
}

[[nodiscard]] Json cause_of(const finding::Attribution& attribution) {
  return {{"name", name(attribution.cause)},
          {"confidence", attribution.confidence},
          {"runner_up", name(attribution.runner_up)},
          {"runner_up_confidence", attribution.runner_up_confidence}};
}

/// Offsets count octets of what was captured; to_utf8 puts three for each that is no UTF-8.
[[nodiscard]] Json json_of(const finding::Evidence& evidence) {
  Json object = {{"input", evidence.input},
                 {"frame", frame_of(evidence.frame)},
                 {"time", time_of(evidence.time)},
                 {"text", to_utf8(evidence.text)}};
  if (evidence.line > 0) object["line"] = evidence.line;
  if (evidence.octets.empty()) return object;
  object["octets"] = to_utf8(evidence.octets);
  object["offset"] = evidence.offset;
  object["marked"] = range_of(evidence.marked);
  return object;
}

[[nodiscard]] std::string_view name_of(finding::ArrowKind kind) {
  switch (kind) {
    case finding::ArrowKind::request:
      return "request";
    case finding::ArrowKind::provisional:
      return "provisional";
    case finding::ArrowKind::success:
      return "success";
    case finding::ArrowKind::failure:
      return "failure";
    case finding::ArrowKind::media:
      return "media";
    case finding::ArrowKind::note:
      return "note";
  }
  return "note";
}

[[nodiscard]] std::string_view name_of(finding::Tone tone) {
  switch (tone) {
    case finding::Tone::plain:
      return "plain";
    case finding::Tone::good:
      return "good";
    case finding::Tone::bad:
      return "bad";
    case finding::Tone::signalling:
      return "signalling";
    case finding::Tone::silence:
      return "silence";
  }
  return "plain";
}

[[nodiscard]] Json json_of(const finding::Ladder& ladder) {
  return {{"kind", "ladder"},
          {"title", to_utf8(ladder.title)},
          {"participants", texts_of(ladder.participants)},
          {"arrows", list_of(ladder.arrows,
                             [](const finding::Arrow& arrow) -> Json {
                               return {{"time", timestamp(arrow.time)},
                                       {"from", arrow.from},
                                       {"to", arrow.to},
                                       {"kind", name_of(arrow.kind)},
                                       {"text", to_utf8(arrow.text)},
                                       {"retransmission", arrow.retransmission},
                                       {"input", arrow.input},
                                       {"frame", frame_of(arrow.frame)}};
                             })},
          {"left_out", ladder.left_out}};
}

[[nodiscard]] Json json_of(const finding::Table& table) {
  return {{"kind", "table"},
          {"title", to_utf8(table.title)},
          {"heading", texts_of(table.heading)},
          {"rows", list_of(table.rows, texts_of)},
          {"left_out", table.left_out}};
}

[[nodiscard]] Json json_of(const finding::ByteDiff& diff) {
  return {{"kind", "byte_diff"},
          {"title", to_utf8(diff.title)},
          {"before", to_utf8(diff.before)},
          {"after", to_utf8(diff.after)},
          {"before_at", json_of(diff.before_at)},
          {"after_at", json_of(diff.after_at)},
          {"changes", list_of(diff.changes,
                              [](const finding::Change& change) -> Json {
                                return {
                                    {"field", to_utf8(change.field)},
                                    {"before", range_of(change.before)},
                                    {"after", range_of(change.after)},
                                    {"behaviour", change.behaviour.empty() ? Json() : Json(to_utf8(change.behaviour))},
                                    {"astray", change.astray}};
                              })},
          {"left_out", diff.left_out}};
}

[[nodiscard]] Json json_of(const finding::Interval& interval) {
  return {{"begin", timestamp(interval.begin)},
          {"length", seconds(interval.length)},
          {"tone", name_of(interval.tone)},
          {"text", to_utf8(interval.text)}};
}

[[nodiscard]] Json json_of(const finding::Timeline& timeline) {
  return {{"kind", "timeline"},
          {"title", to_utf8(timeline.title)},
          {"begin", timestamp(timeline.begin)},
          {"length", seconds(timeline.length)},
          {"period", timeline.period == finding::Duration::zero() ? Json() : Json(seconds(timeline.period))},
          {"lanes", list_of(timeline.lanes,
                            [](const finding::Lane& lane) -> Json {
                              const auto one = [](const finding::Interval& interval) { return json_of(interval); };
                              Json json = {{"name", to_utf8(lane.name)},
                                           {"intervals", list_of(lane.intervals, one)},
                                           {"left_out", lane.left_out},
                                           {"stream", lane.stream ? Json(*lane.stream) : Json()},
                                           {"phase", seconds(lane.phase)}};
                              if (lane.begin) json["begin"] = timestamp(*lane.begin);
                              return json;
                            })},
          {"left_out", timeline.left_out}};
}

[[nodiscard]] Json json_of(const finding::InputSummary& input) {
  return {{"path", to_utf8(input.path)},
          {"site", to_utf8(input.site)},
          {"frames", input.frames},
          {"octets", input.octets},
          {"first", time_of(input.first)},
          {"last", time_of(input.last)},
          {"problems", texts_of(input.problems)},
          {"problems_left_out", input.problems_left_out}};
}

[[nodiscard]] Json json_of(const finding::Finding& found) {
  return {{"rule", found.rule.id},
          {"title", found.rule.title},
          {"verdict", name(found.verdict)},
          {"cause", name(found.cause)},
          {"severity", name(found.severity)},
          {"confidence", found.confidence},
          {"statement", to_utf8(found.statement)},
          {"why", found.rule.why},
          {"needs", found.rule.needs},
          {"behaviours", texts_of(found.behaviours)},
          {"family", found.family.empty() ? Json() : Json(to_utf8(found.family))},
          {"evidence", list_of(found.evidence, [](const finding::Evidence& e) { return json_of(e); })},
          {"evidence_left_out", found.evidence_left_out},
          {"remedy", to_utf8(found.advice())},
          {"calls", found.calls},
          {"streams", found.streams},
          {"exhibits", list_of(found.exhibits, [](const finding::Exhibit& exhibit) {
             return std::visit([](const auto& shown) { return json_of(shown); }, exhibit);
           })}};
}

[[nodiscard]] Json json_of(const finding::CallSummary& call) {
  return {{"call_id", to_utf8(call.call_id)},
          {"input", call.input},
          {"from", to_utf8(call.from)},
          {"to", to_utf8(call.to)},
          {"site", to_utf8(call.site)},
          {"start", timestamp(call.start)},
          {"duration", seconds(call.duration)},
          {"answered", call.answered},
          {"ending", to_utf8(call.ending)},
          {"cause", cause_of(call.attribution)},
          {"findings", call.findings},
          {"streams", call.streams},
          {"legs", list_of(call.legs,
                           [](const finding::LegSummary& leg) -> Json {
                             return {{"caller", endpoint_of(leg.caller)},
                                     {"callee", endpoint_of(leg.callee)},
                                     {"transport", to_utf8(leg.transport)}};
                           })},
          {"not_judged", texts_of(call.not_judged)},
          {"ladder", call.ladder ? json_of(*call.ladder) : Json()},
          {"timeline", call.timeline ? json_of(*call.timeline) : Json()}};
}

[[nodiscard]] Json json_of(const finding::GapSummary& gap) {
  return {{"onset", timestamp(gap.onset)},
          {"length", seconds(gap.length)},
          {"class", std::string(1, gap.letter)},
          {"missing", gap.missing},
          {"receiver_quiet", gap.receiver_quiet ? Json(seconds(*gap.receiver_quiet)) : Json()},
          {"frame_before", frame_of(gap.frame_before)},
          {"frame_after", frame_of(gap.frame_after)},
          {"nearby", list_of(gap.nearby, [](const finding::Nearby& nearby) -> Json {
             return {{"what", to_utf8(nearby.what)}, {"after", seconds(nearby.after)}};
           })}};
}

[[nodiscard]] Json status_of(std::uint16_t status) {
  return status == 0 ? Json() : Json(status);
}

[[nodiscard]] Json jitter_of(const finding::StreamSummary& stream) {
  if (!stream.jitter) return {};
  return {{"mean_ms", stream.jitter->mean}, {"max_ms", stream.jitter->highest}};
}

[[nodiscard]] Json delay_of(const finding::StreamSummary& stream) {
  if (!stream.delay) return {};
  return {{"p50_ms", stream.delay->median},
          {"p95_ms", stream.delay->p95},
          {"p99_ms", stream.delay->p99},
          {"p999_ms", stream.delay->p999}};
}

[[nodiscard]] Json json_of(const finding::VoipSummary& voip) {
  return {{"loss", voip.loss},
          {"discard", voip.discard},
          {"burst_density", voip.burst_density},
          {"gap_density", voip.gap_density},
          {"burst_ms", voip.burst_ms},
          {"gap_ms", voip.gap_ms},
          {"round_trip_ms", figure_of(voip.round_trip_ms)},
          {"end_system_delay_ms", voip.end_system_delay_ms},
          {"buffer_ms", voip.buffer_ms},
          {"r", figure_of(voip.rating)},
          {"mos_lq", figure_of(voip.mos_listening)},
          {"mos_cq", figure_of(voip.mos_conversing)}};
}

[[nodiscard]] Json json_of(const finding::RtcpSummary& rtcp) {
  Json object = {{"reports", rtcp.reports},
                 {"fraction_lost_mean", rtcp.fraction_lost_mean},
                 {"fraction_lost_max", rtcp.fraction_lost_highest},
                 {"lost", rtcp.lost},
                 {"jitter", Json()},
                 {"round_trip", Json()},
                 {"sender_reports", rtcp.sender_reports},
                 {"sent", rtcp.sent ? Json(*rtcp.sent) : Json()},
                 {"voip", rtcp.voip ? json_of(*rtcp.voip) : Json()}};
  if (rtcp.jitter) object["jitter"] = {{"mean_ms", rtcp.jitter->mean}, {"max_ms", rtcp.jitter->highest}};
  if (const auto& trip = rtcp.round_trip)
    object["round_trip"] = {{"min_ms", trip->least}, {"mean_ms", trip->mean}, {"max_ms", trip->highest}};
  return object;
}

/// A list for each figure: a tenth of what a list of points would take.
[[nodiscard]] Json json_of(const finding::Series& series) {
  using finding::SeriesPoint;
  const auto delay = [&series](double SeriesPoint::Delay::*side) {
    return list_of(series.points,
                   [side](const SeriesPoint& point) { return point.delay ? Json((*point.delay).*side) : Json(); });
  };
  return {{"begin", timestamp(series.begin)},
          {"step", seconds(series.step)},
          {"packets", list_of(series.points, [](const SeriesPoint& point) { return point.packets; })},
          {"lost", list_of(series.points, [](const SeriesPoint& point) { return point.lost; })},
          {"delay_low_ms", delay(&SeriesPoint::Delay::low)},
          {"delay_high_ms", delay(&SeriesPoint::Delay::high)}};
}

[[nodiscard]] Json json_of(const finding::StreamSummary& stream) {
  Json json{{"ssrc", ssrc_text(stream.ssrc)},
            {"input", stream.input},
            {"source", endpoint_of(stream.source)},
            {"destination", endpoint_of(stream.destination)},
            {"codec", to_utf8(stream.codec)},
            {"direction", to_utf8(stream.direction)},
            {"first", timestamp(stream.first)},
            {"last", timestamp(stream.last)},
            {"first_frame", frame_of(stream.first_frame)},
            {"expected", stream.expected},
            {"packets", stream.packets},
            {"lost", stream.lost},
            {"duplicates", stream.duplicates},
            {"reordered", stream.reordered},
            {"resets", stream.resets},
            {"ssrc_changes", stream.ssrc_changes},
            {"port_changes", stream.port_changes},
            {"dscp_changes", stream.dscp_changes},
            {"clock_guessed", stream.clock_guessed},
            {"jitter", jitter_of(stream)},
            {"delay_variation", delay_of(stream)},
            {"dscp", list_of(stream.dscp,
                             [](const finding::DscpCount& use) -> Json {
                               return {{"dscp", use.dscp}, {"packets", use.packets}};
                             })},
            {"ptime_ms", figure_of(stream.ptime)},
            {"silent_share", figure_of(stream.silent_share)},
            {"mos", figure_of(stream.mos)},
            {"gaps", list_of(stream.gaps, [](const finding::GapSummary& gap) { return json_of(gap); })},
            {"gaps_left_out", stream.gaps_left_out},
            {"rtcp", stream.rtcp ? json_of(*stream.rtcp) : Json()},
            {"series", stream.series ? json_of(*stream.series) : Json()}};
  if (stream.unreachable > 0) json["unreachable"] = stream.unreachable;
  if (stream.seen_again)
    json["seen_again"] = {{"source", endpoint_of(stream.seen_again->source)},
                          {"destination", endpoint_of(stream.seen_again->destination)}};
  return json;
}

[[nodiscard]] Json json_of(const finding::RegistrationSummary& registration) {
  const bool repeated = registration.refreshed_every > finding::Duration::zero();
  return {{"aor", to_utf8(registration.aor)},
          {"site", to_utf8(registration.site)},
          {"contact", to_utf8(registration.contact)},
          {"user_agent", to_utf8(registration.product)},
          {"client", endpoint_of(registration.client)},
          {"registrar", endpoint_of(registration.registrar)},
          {"seen_as", registration.seen_as ? endpoint_of(*registration.seen_as) : Json()},
          {"state", to_utf8(registration.state)},
          {"first", timestamp(registration.first)},
          {"last", timestamp(registration.last)},
          {"expires_asked", registration.expires_asked ? Json(*registration.expires_asked) : Json()},
          {"expires_given", registration.expires_given ? Json(*registration.expires_given) : Json()},
          {"refreshed_every", repeated ? Json(seconds(registration.refreshed_every)) : Json()},
          {"requests", registration.requests},
          {"retransmissions", registration.retransmissions},
          {"grants", registration.grants},
          {"refusals", registration.refusals},
          {"last_failure", status_of(registration.last_failure)},
          {"losses", registration.losses},
          {"moves", registration.moves}};
}

[[nodiscard]] Json json_of(const finding::SubscriptionSummary& subscription) {
  return {{"call_id", to_utf8(subscription.call_id)},
          {"site", to_utf8(subscription.site)},
          {"event", to_utf8(subscription.package)},
          {"subscriber", endpoint_of(subscription.subscriber)},
          {"notifier", endpoint_of(subscription.notifier)},
          {"state", to_utf8(subscription.state)},
          {"reason", to_utf8(subscription.reason)},
          {"first", timestamp(subscription.first)},
          {"last", timestamp(subscription.last)},
          {"expires", subscription.expires},
          {"subscribes", subscription.subscribes},
          {"notifies", subscription.notifies},
          {"last_failure", status_of(subscription.last_failure)}};
}

[[nodiscard]] Json line_of(std::uint64_t line) {
  return line == 0 ? Json() : Json(line);
}

/// Where the input is put together from files of the device, the one that the line is of.
[[nodiscard]] Json in_file(const std::string& file, Json object) {
  if (!file.empty()) object["file"] = to_utf8(file);
  return object;
}

[[nodiscard]] Json json_of(const finding::DeviceSummary& device) {
  Json object{{"input", device.input},
              {"product", to_utf8(device.product)},
              {"title", to_utf8(device.title)},
              {"version", to_utf8(device.version)},
              {"hostname", to_utf8(device.hostname)},
              {"sure", device.sure},
              {"sip", device.sip},
              {"rtp_priority", device.rtp_priority},
              {"features", list_of(device.features,
                                   [](const finding::DeviceSummary::Feature& feature) -> Json {
                                     return in_file(feature.file, {{"name", to_utf8(feature.name)},
                                                                   {"scope", to_utf8(feature.scope)},
                                                                   {"state", feature.state},
                                                                   {"line", line_of(feature.line)},
                                                                   {"default", to_utf8(feature.standard)}});
                                   })},
              {"timers", list_of(device.timers,
                                 [](const finding::DeviceSummary::Timer& timer) -> Json {
                                   return in_file(timer.file,
                                                  {{"name", to_utf8(timer.name)},
                                                   {"scope", to_utf8(timer.scope)},
                                                   {"applies", timer.applies},
                                                   {"seconds", timer.seconds < 0 ? Json() : Json(timer.seconds)},
                                                   {"line", line_of(timer.line)},
                                                   {"default", to_utf8(timer.standard)}});
                                 })},
              {"nat", list_of(device.nat,
                              [](const finding::DeviceSummary::NatTrait& trait) -> Json {
                                return in_file(trait.file, {{"name", to_utf8(trait.name)},
                                                            {"scope", to_utf8(trait.scope)},
                                                            {"value", to_utf8(trait.value)},
                                                            {"line", line_of(trait.line)}});
                              })},
              {"left_out", device.left_out}};
  if (device.line > 0) object["line"] = device.line;
  if (device.explains.rank > 0)
    object["explains"] = {{"rank", device.explains.rank}, {"sentence", to_utf8(device.explains.sentence)}};
  return object;
}

/// "key": [ ... ] with an item in each line. One item at a time: ten thousand calls are never all in memory as a tree.
template <class List>
void add_lines(std::string& out, std::string_view key, const List& list) {
  out += ",\n  \"" + std::string(key) + "\": [";
  std::string_view before = "\n    ";
  for (const auto& item : list) {
    out += before;
    out += json_of(item).dump();
    before = ",\n    ";
  }
  out += list.empty() ? "]" : "\n  ]";
}

void add(std::string& out, std::string_view key, const Json& value) {
  out += ",\n  \"" + std::string(key) + "\": " + value.dump();
}

}  // namespace

std::string to_json(const finding::Result& result) {
  std::string out = "{\n  \"schema\": \"viaduct-result/1\"";
  add(out, "tool", {{"name", to_utf8(result.tool)}, {"version", to_utf8(result.version)}});
  add(out, "verdict", name(result.verdict));
  add(out, "sentence", to_utf8(result.sentence));
  add(out, "cause", cause_of(result.attribution));
  add_lines(out, "inputs", result.inputs);
  add_lines(out, "findings", result.findings);
  add(out, "findings_left_out", result.findings_left_out);
  add_lines(out, "calls", result.calls);
  add(out, "calls_left_out", result.calls_left_out);
  add_lines(out, "streams", result.streams);
  add(out, "streams_left_out", result.streams_left_out);
  add_lines(out, "registrations", result.registrations);
  add(out, "registrations_left_out", result.registrations_left_out);
  add_lines(out, "subscriptions", result.subscriptions);
  add(out, "subscriptions_left_out", result.subscriptions_left_out);
  if (!result.devices.empty()) {
    add_lines(out, "devices", result.devices);
    add(out, "devices_left_out", result.devices_left_out);
  }
  out += "\n}\n";
  return out;
}

}  // namespace viaduct::report
