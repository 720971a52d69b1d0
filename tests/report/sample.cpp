// SPDX-License-Identifier: GPL-2.0-or-later
#include "report/sample.hpp"

#include "finding/anonymise.hpp"
#include "net/mask.hpp"
#include "report/csv.hpp"
#include "report/html.hpp"
#include "report/json.hpp"
#include "report/text.hpp"

#include <array>
#include <chrono>
#include <limits>
#include <utility>

namespace viaduct::report {
namespace {

using namespace std::chrono_literals;
using namespace std::string_literals;
using finding::Finding;
using finding::Time;

constexpr finding::Rule kHalfTranslated{
    "half-translated-sdp",
    "SDP is translated in part",
    finding::Cause::alg,
    "captures from both sides of the router",
    "The far end sends audio to an address that leads nowhere: one party hears nothing.",
    "Switch off the SIP ALG of the router under all of its names, and leave SIP and RTP alone.",
};
constexpr finding::Rule kPeriodic{"periodic-gaps",
                                  "Audio drops out at a regular interval",
                                  finding::Cause::alg,
                                  "at least six drop-outs",
                                  "A timer on the path closes the way of the media while the call goes on.",
                                  "Find the timer on the path and keep UDP sessions for at least 120 s."};
constexpr finding::Rule kCongestion{"congestion",
                                    "The line is full",
                                    finding::Cause::bandwidth,
                                    "a stream with losses",
                                    "Packets wait and are then thrown away.",
                                    "Prioritise RTP."};
constexpr finding::Rule kDscp{"dscp-bleached", "The mark of voice packets is lost", finding::Cause::configuration,
                              "two captures",  "Voice waits behind bulk data.",     "Keep DSCP 46 across the router."};

[[nodiscard]] Time at(finding::Duration after) {
  return Time(1714564800s) + after;  // 2024-05-01 12:00:00
}

constexpr base::Bytes kInside =
    "INVITE sip:+4930123456@sip.example.net SIP/2.0\r\n"
    "Via: SIP/2.0/UDP 192.168.1.20:5060;branch=z9hG4bKnashds8;rport\r\n"
    "From: \"Alice Example\" <sip:alice@sip.example.net>;tag=1928301774\r\n"
    "To: <sip:+4930123456@sip.example.net>\r\n"
    "Call-ID: 3848276298220188511@192.168.1.20\r\n"
    "Contact: <sip:alice@192.168.1.20:5060>\r\n"
    "\r\n"
    "v=0\r\no=- 1 1 IN IP4 192.168.1.20\r\nc=IN IP4 192.168.1.20\r\nm=audio 4000 RTP/AVP 8\r\n";
constexpr base::Bytes kOutside =
    "INVITE sip:+4930123456@sip.example.net SIP/2.0\r\n"
    "Via: SIP/2.0/UDP 203.0.113.7:5060;branch=z9hG4bKnashds8;rport\r\n"
    "From: \"Alice Example\" <sip:alice@sip.example.net>;tag=1928301774\r\n"
    "To: <sip:+4930123456@sip.example.net>\r\n"
    "Call-ID: 3848276298220188511@192.168.1.20\r\n"
    "Contact: <sip:alice@203.0.113.7:5060>\r\n"
    "\r\n"
    "v=0\r\no=- 1 1 IN IP4 203.0.113.7\r\nc=IN IP4 192.168.1.20\r\nm=audio 4000 RTP/AVP 8\r\n";

[[nodiscard]] base::Range range_of(base::Bytes whole, base::Bytes part, std::size_t from = 0) {
  const std::size_t begin = whole.find(part, from);
  return base::between(begin, begin + part.size());
}

[[nodiscard]] finding::ByteDiff sample_diff() {
  finding::ByteDiff diff;
  diff.title = "INVITE, inside and outside of the router";
  diff.before = kInside;
  diff.after = kOutside;
  diff.before_at = {0, 1, at(0s), "inside"};
  diff.after_at = {1, 1, at(1ms), "outside"};
  diff.changes = {{"Via sent-by", range_of(kInside, "192.168.1.20:5060"), range_of(kOutside, "203.0.113.7:5060"), ""},
                  {"o= address", range_of(kInside, "192.168.1.20\r\nc="), range_of(kOutside, "203.0.113.7\r\nc="), ""},
                  {"a=rtcp", {}, base::between(kOutside.size(), kOutside.size()), "B04"}};
  diff.changes[1].before.length = 12;
  diff.changes[1].after.length = 11;
  diff.changes[2].astray = true;
  return diff;
}

[[nodiscard]] finding::Ladder sample_ladder() {
  using finding::ArrowKind;
  finding::Ladder ladder;
  ladder.title = "Call 3848276298220188511@192.168.1.20";
  ladder.participants = {"192.168.1.20:5060", "198.51.100.5:5060"};
  ladder.arrows = {{at(0s), 0, 1, ArrowKind::request, "INVITE (SDP)", false, 0, 1},
                   {at(500ms), 0, 1, ArrowKind::request, "INVITE (SDP)", true, 0, 2},
                   {at(520ms), 1, 0, ArrowKind::provisional, "100 Trying", false, 0, 3},
                   {at(2s), 1, 0, ArrowKind::success, "200 OK (SDP)", false, 0, 9},
                   {at(2s), 0, 0, ArrowKind::note, "sends audio from here on", false, 0, 0},
                   {at(62s), 0, 1, ArrowKind::request, "BYE", false, 0, 5900}};
  ladder.left_out = 3;
  return ladder;
}

[[nodiscard]] finding::Timeline sample_timeline() {
  finding::Timeline timeline{"Both directions", at(0s), 62s, {}, {}, 0};
  timeline.lanes = {
      {"SIP",
       {{at(0s), {}, finding::Tone::signalling, "INVITE"}, {at(32s), {}, finding::Tone::signalling, "re-INVITE"}},
       0},
      {"to caller",
       {{at(2s), 60s, finding::Tone::good, "audio"}, {at(32200ms), 1800ms, finding::Tone::bad, "L"}},
       1,
       1,
       {}}};
  return timeline;
}

/// Three lines that drop out every 30 s, each with its own phase, and one that does not keep the period.
[[nodiscard]] finding::Timeline sample_raster() {
  finding::Timeline raster{"Onsets of the gaps of 4 lines", at(0s), 240s, {}, 30s, 0};
  constexpr std::array<finding::Duration, 3> kPhases{2s, 11s, 29s};
  for (std::size_t line = 0; line < kPhases.size(); ++line) {
    finding::Lane& lane = raster.lanes.emplace_back();
    lane.name = "line " + std::to_string(line + 1) + ", 192.168.1.2" + std::to_string(line);
    lane.phase = kPhases[line];
    for (int turn = 0; turn < 8; ++turn)
      lane.intervals.push_back({at(kPhases[line] + turn * 30s + turn * 40ms), 1800ms, finding::Tone::bad, "L"});
  }
  finding::Lane& other = raster.lanes.emplace_back();
  other.name = "line 4";
  for (const finding::Duration onset : {17s, 50s, 143s})
    other.intervals.push_back({at(onset), 400ms, finding::Tone::bad, "Q"});
  return raster;
}

[[nodiscard]] Finding sample_failure() {
  finding::Evidence proof{1, 1, at(1ms), "o= has the public address, c= still the private one"};
  finding::quote(proof, kOutside, range_of(kOutside, "192.168.1.20\r\nm="));
  proof.marked.length = 12;
  Finding found = Finding::fail(kHalfTranslated, finding::Severity::critical, 0.97,
                                "The INVITE of call 1 leaves the router with the public address in o= and the private "
                                "one in c=; audio to the caller is sent to 192.168.1.20 and lost.",
                                std::move(proof));
  found.behaviours = {"B02", "B05"};
  found.family = "fortinet";
  found.calls = {0};
  found.streams = {1};
  found.evidence.push_back({0, 1, at(0s), "the same INVITE inside"});
  found.exhibits = {sample_diff(), sample_ladder()};
  return found;
}

[[nodiscard]] finding::StreamSummary sample_stream(std::uint32_t ssrc, bool outbound) {
  finding::StreamSummary stream;
  stream.ssrc = ssrc;
  const finding::Endpoint phone{"192.168.1.20", 4000};
  const finding::Endpoint platform{"198.51.100.5", 16384};
  stream.source = outbound ? phone : platform;
  stream.destination = outbound ? platform : phone;
  stream.codec = "PCMA/8000";
  stream.direction = outbound ? "caller to callee" : "callee to caller";
  stream.first = at(2s);
  stream.last = at(62s);
  stream.first_frame = 10;
  stream.expected = 3000;
  stream.packets = 3001;
  stream.duplicates = 1;
  stream.jitter = {1.25, 3.5};
  stream.delay = {0.5, 2.25, 4.125, 9};
  stream.dscp = {{46, 3000}, {0, 1}};
  stream.ptime = 20;
  stream.silent_share = 0.125;
  stream.mos = 4.37;
  return stream;
}

[[nodiscard]] std::deque<finding::StreamSummary> sample_streams() {
  finding::StreamSummary inbound = sample_stream(0x1a2b3c4d, false);
  inbound.packets = 2820;
  inbound.lost = 180;
  inbound.duplicates = 0;
  inbound.ssrc_changes = 1;
  inbound.port_changes = 2;
  inbound.dscp_changes = 3;
  inbound.gaps = {{at(32200ms), 1800ms, 'L', 90, 3050, 3051, {{"re-INVITE", 200ms}, {"RTCP", -1s}}},
                  {at(50s), 1800ms, 'L', 90, 4400, 4401, {}}};
  inbound.gaps.front().receiver_quiet = 30s;
  inbound.rtcp = finding::RtcpSummary{12, 0.06, 0.9, 178, {{1.25, 3.75}}, {{18.5, 20, 31.25}}, 12, 3000, {}};
  inbound.rtcp->voip = {0.0625, 0.015625, 0.5, 0, 1800, 24000, {}, 60, 40, 71, 3.6, {}};
  inbound.series = finding::Series{at(2s), 1s, std::vector<finding::SeriesPoint>(60, {50, 0, {{0.25, 4.5}}})};
  for (const std::size_t second : {30U, 31U, 48U, 49U}) inbound.series->points[second] = {5, 45, {}};
  inbound.series->points[29].delay = {40, 55.5};
  finding::StreamSummary unknown = sample_stream(7, true);
  unknown.source = {"2001:db8::20", 4000};
  unknown.destination = {"2001:db8::5", 16384};
  unknown.clock_guessed = true;
  unknown.jitter.reset();
  unknown.delay.reset();
  unknown.ptime.reset();
  unknown.mos.reset();
  return {sample_stream(0xdeadbeef, true), inbound, unknown};
}

[[nodiscard]] finding::CallSummary sample_call(const finding::Attribution& attribution) {
  finding::CallSummary bad;
  bad.call_id = "3848276298220188511@192.168.1.20";
  bad.from = "sip:alice@sip.example.net";
  bad.to = "sip:+4930123456@sip.example.net";
  bad.site = "berlin";
  bad.start = at(0s);
  bad.duration = 60s;
  bad.answered = true;
  bad.ending = "BYE of the caller";
  bad.attribution = attribution;
  bad.findings = {1};
  bad.streams = {0, 1};
  bad.not_judged = {"T.38 fax", "video"};
  bad.legs = {{{"192.168.1.20", 5060}, {"198.51.100.5", 5060}, "udp"}};
  bad.ladder = sample_ladder();
  bad.timeline = sample_timeline();
  return bad;
}

[[nodiscard]] std::vector<finding::RegistrationSummary> sample_registrations() {
  finding::RegistrationSummary kept;
  kept.site = "berlin";
  kept.aor = "sip:alice@sip.example.net";
  kept.contact = "sip:alice@192.168.1.20:5060";
  kept.product = "Desk Phone 7";
  kept.client = {"192.168.1.20", 5060};
  kept.registrar = {"198.51.100.5", 5060};
  kept.seen_as = {"203.0.113.7", 1024};
  kept.state = "registered";
  kept.first = at(0s);
  kept.last = at(120s);
  kept.expires_asked = 3600;
  kept.expires_given = 60;
  kept.refreshed_every = 45s;
  kept.requests = 4;
  kept.grants = 3;
  kept.moves = 1;
  finding::RegistrationSummary refused = kept;
  refused.aor = refused.contact = "sip:bob@sip.example.net";
  refused.product.clear();
  refused.seen_as.reset();
  refused.state = "refused";
  refused.expires_asked.reset();
  refused.expires_given.reset();
  refused.refreshed_every = {};
  refused.retransmissions = 2;
  refused.grants = refused.moves = 0;
  refused.refusals = 2;
  refused.last_failure = 403;
  refused.losses = 1;
  return {refused, kept};
}

[[nodiscard]] finding::SubscriptionSummary sample_subscription() {
  finding::SubscriptionSummary one;
  one.site = "berlin";
  one.call_id = "lamp-17@192.168.1.20";
  one.package = "dialog";
  one.subscriber = {"192.168.1.20", 5060};
  one.notifier = {"198.51.100.5", 5060};
  one.state = "terminated";
  one.reason = "timeout";
  one.first = at(1s);
  one.last = at(61s);
  one.expires = 600;
  one.subscribes = 1;
  one.notifies = 2;
  return one;
}

}  // namespace

finding::Result sample_result() {
  finding::Result result;
  result.tool = "viaduct analyze";
  result.version = "0.1.0";
  result.verdict = finding::Overall::findings;
  result.sentence = "1 of 2 calls was bad. A SIP ALG on the path edits SDP in part; the captures prove it.";
  result.attribution = {finding::Cause::alg, 0.97, finding::Cause::nat_timeout, 0.1};
  result.inputs = {{"inside.pcap", "berlin", 5900, 1288000, at(0s), at(62s), {}, 0},
                   {"outside.pcapng", "berlin", 5100, 1100000, at(1ms), at(60s), {"cut at octet 1100000"}, 0},
                   {"empty.pcap", "", 0, 24, {}, {}, {}, 0}};
  result.findings = {Finding::pass(kDscp, 0.99, "DSCP 46 arrives in 99.9 % of the packets."), sample_failure(),
                     Finding::inconclusive(kPeriodic, "Two drop-outs are too few to tell a period."),
                     Finding::not_applicable(kCongestion, "No loss follows a rising delay.")};
  const finding::CallSummary bad = sample_call(result.attribution);
  finding::CallSummary good = bad;
  good.call_id = "good@198.51.100.5";
  good.from = "sip:+4930123456@sip.example.net";
  good.to = "sip:bob@sip.example.net";
  good.start = at(100s);
  good.duration = 125s;
  good.attribution = {};
  good.findings.clear();
  good.streams = {2};
  good.ladder = std::nullopt;
  good.timeline = std::nullopt;
  result.calls = {good, bad};
  result.findings[1].calls = {1};
  result.findings[1].exhibits.push_back(sample_raster());
  result.streams = sample_streams();
  result.registrations = sample_registrations();
  result.registrations_left_out = 1;
  result.subscriptions = {sample_subscription()};
  result.calls_left_out = 2;
  return result;
}

namespace {

void make_hostile(finding::Result& result, const std::string& hostile) {
  for (finding::RegistrationSummary& registration : result.registrations)
    for (std::string* text : {&registration.site, &registration.aor, &registration.contact, &registration.product,
                              &registration.client.address})
      *text = hostile;
  for (finding::SubscriptionSummary& subscription : result.subscriptions)
    for (std::string* text : {&subscription.site, &subscription.call_id, &subscription.package, &subscription.reason,
                              &subscription.notifier.address})
      *text = hostile;
}

}  // namespace

finding::Result hostile_result() {
  const std::string hostile =
      "=cmd|' /C calc'!A0\"\x1b]0;owned\x07\x1b[2J\r\n<script>alert(1)</script>\xff\xfe\xe2\x80\xae,;\t&amp;'\0"s;
  finding::Result result = sample_result();
  result.sentence = hostile;
  result.inputs[0].path = "--" + hostile;
  result.inputs[1].problems = {hostile, "+1", std::string(100000, 'x')};
  Finding& found = result.findings[1];
  found.statement = hostile + " " + std::string(5000, 'y');
  found.remedy = hostile;
  found.family = hostile;
  found.behaviours = {hostile};
  found.evidence[0].text = hostile;
  found.evidence[0].octets = hostile;
  found.evidence[0].marked = base::between(3, 4000000);
  found.evidence[1].octets = "\x1b[2J";
  found.evidence[1].input = 77;
  finding::Table table{hostile, {hostile, ">n", "none"}, {{hostile, "1"}, {"@SUM(A1)", "2", "3", "4"}}, 1};
  finding::ByteDiff diff{
      hostile, hostile, hostile, {}, {}, {{hostile, base::between(0, 5), base::between(900, 901), hostile}}, 0};
  finding::Ladder ladder{hostile, {hostile, "b"}, {{at(0s), 0, 1, {}, hostile}, {at(0s), 0, 9, {}, "to nobody"}}, 0};
  finding::Timeline timeline{
      hostile, Time::max(), finding::Duration::max(), {{hostile, {{Time::min(), -1s, {}, hostile}}, 0}}, -1s, 0};
  found.exhibits = {table, diff, ladder, timeline};
  for (finding::CallSummary& call : result.calls) {
    for (std::string* text : {&call.call_id, &call.from, &call.to, &call.site, &call.ending}) *text = hostile;
    call.streams = {0, 0, 1, 99};
    call.findings = {99, 1};
    call.attribution.confidence = -5;
  }
  for (finding::StreamSummary& stream : result.streams) {
    stream.codec = "@" + hostile;
    stream.source.address = "+1";
    stream.mos = std::numeric_limits<double>::quiet_NaN();
    stream.gaps.push_back({Time::max(), finding::Duration::max(), '\x1b', 1, 2, 3, {{hostile, 1s}}});
  }
  make_hostile(result, hostile);
  return result;
}

std::optional<std::string> mask_address(base::Bytes text) {
  return net::masked_text(text, kSampleKey);
}

std::vector<NamedReport> all_reports() {
  std::vector<NamedReport> all;
  for (const bool hostile : {false, true}) {
    finding::Result result = hostile ? hostile_result() : sample_result();
    finding::limit(result);
    const std::string begin = hostile ? "hostile" : "sample";
    all.push_back({begin + ".txt", to_text(result, {.width = 80})});
    all.push_back(
        {begin + "-all.txt", to_text(result, {.width = 140, .calls = true, .streams = true, .passed = true})});
    all.push_back({begin + ".json", to_json(result)});
    all.push_back({begin + ".html", to_html(result)});
    all.push_back({begin + "-calls.csv", calls_csv(result)});
    all.push_back({begin + "-streams.csv", streams_csv(result)});
    all.push_back({begin + "-gaps.csv", gaps_csv(result)});
  }
  finding::Result masked = sample_result();
  finding::anonymise(masked, kSampleKey, mask_address);
  finding::limit(masked);
  all.push_back({"masked.txt", to_text(masked, {.width = 140, .calls = true, .streams = true})});
  all.push_back({"masked.json", to_json(masked)});
  return all;
}

}  // namespace viaduct::report
