// SPDX-License-Identifier: GPL-2.0-or-later
#include "diagnose/rules/rules.hpp"
#include "diagnose/sides/passed_on.hpp"
#include "diagnose/sides/tell.hpp"
#include "diagnose/sides/written.hpp"
#include "diagnose/words.hpp"

#include <algorithm>
#include <set>
#include <unordered_map>

namespace viaduct::diagnose::rules {
namespace {

using sides::Comparison;
using sides::MissingRun;
using sides::StreamJoin;

constexpr finding::Rule kRule{
    .id = "path-loses-media",
    .title = "Audio is lost between the two captures",
    .cause = finding::Cause::not_proven,
    .needs = "Captures from both sides of the router that ran at the same time, with RTP.",
    .why = "It localises the loss: what one side sent and the other never got was lost between them, nowhere else.",
    .remedy =
        "Look at what is between the two captures. Where media stops at a re-INVITE that was changed, that is the ALG; "
        "where it stops after a silence, the UDP timeout of the router.",
};

/// A hole that people hear begins at 60 ms: four packets of 20 ms.
constexpr std::uint64_t kHeard = 4;
constexpr double kMajorShare = 0.01;
constexpr std::uint64_t kBehind = 50;

/// An outage as drop-outs has it, and as many packets as packet-loss tells of.
constexpr std::uint64_t kHarms = 10;

/// Whether a call suffers from what is missing of one of its streams.
[[nodiscard]] bool harms(const StreamJoin& join) {
  return join.missing >= kHarms &&
         (static_cast<double>(join.missing) > kMajorShare * static_cast<double>(join.compared) ||
          std::ranges::any_of(join.runs, [](const MissingRun& run) { return run.packets >= kHarms; }));
}

[[nodiscard]] std::string stream_text(const Comparison& comparison, const sides::PacketRun& run, bool outbound) {
  const std::string ends = "stream " + run.source.to_text() + " to " + run.destination.to_text();
  const std::string way = sides::way_text(comparison, outbound);
  return comparison.inner_known ? way + " " + ends : ends + ", " + way;
}

[[nodiscard]] finding::Evidence evidence_of(const Comparison& comparison, const StreamJoin& join,
                                            const MissingRun& run) {
  const sides::PacketRun& sent = comparison.log(join.from).packets.runs()[run.run];
  return sides::evidence_in(sent, run.begin,
                            counted(run.packets, "packet", "packets") + " in " + seconds_text(run.length) +
                                " from number " + std::to_string(run.position & 0xffff) + " on did not arrive of the " +
                                stream_text(comparison, sent, join.from == comparison.inner));
}

/// The runs of all streams that are long enough to be heard, the longest first.
void tell_runs(finding::Finding& found, const Comparison& comparison) {
  struct Place {
    const StreamJoin* join;
    const MissingRun* run;
  };
  std::vector<Place> places;
  for (const StreamJoin& join : comparison.streams.joins)
    for (const MissingRun& run : join.runs) places.push_back({&join, &run});
  std::stable_sort(places.begin(), places.end(),
                   [](const Place& a, const Place& b) { return a.run->packets > b.run->packets; });
  for (const Place& place : places) {
    if (found.evidence.size() >= finding::Finding::kMaxEvidence)
      ++found.evidence_left_out;
    else
      found.evidence.push_back(evidence_of(comparison, *place.join, *place.run));
  }
}

/// Which calls streams belong to, as indices of CallRecord.
class CallsOf {
 public:
  explicit CallsOf(const CaseFacts& facts) : comparison_(*facts.other_side) {
    for (const sides::SeenStream& stream : facts.streams)
      if (stream.call != kNoCall) streams_.emplace(stream.ssrc, &stream);
  }

  [[nodiscard]] std::set<std::uint32_t> of(const StreamJoin& join) const {
    std::set<std::uint32_t> calls;
    for (const std::uint32_t run : join.first) calls.merge(of(comparison_.log(sides::Side::first).packets.runs()[run]));
    return calls;
  }
  /// Of a run; of what the other side alone has, the calls of what went the other way.
  [[nodiscard]] std::set<std::uint32_t> of(sides::Side side, std::uint32_t index) const {
    const sides::PacketRun& run = comparison_.log(side).packets.runs()[index];
    if (side == sides::Side::first) return of(run);
    const std::vector<sides::PacketRun>& runs = comparison_.log(sides::Side::second).packets.runs();
    std::set<std::uint32_t> calls;
    for (const StreamJoin& join : comparison_.streams.joins)
      if (std::ranges::any_of(join.second, [&](std::uint32_t one) { return one == index || answers(runs[one], run); }))
        calls.merge(of(join));
    return calls;
  }

 private:
  [[nodiscard]] static bool answers(const sides::PacketRun& a, const sides::PacketRun& b) {
    return a.source == b.destination && a.destination == b.source && a.first <= b.last && b.first <= a.last;
  }
  [[nodiscard]] std::set<std::uint32_t> of(const sides::PacketRun& run) const {
    std::set<std::uint32_t> calls;
    const auto [begin, end] = streams_.equal_range(run.ssrc);
    for (auto one = begin; one != end; ++one)
      if (one->second->source == run.source && one->second->destination == run.destination)
        calls.insert(one->second->call);
    return calls;
  }

  const Comparison& comparison_;
  std::unordered_multimap<std::uint32_t, const sides::SeenStream*> streams_;  ///< by SSRC
};

void add(finding::Finding& found, const std::set<std::uint32_t>& calls) {
  for (const std::uint32_t call : calls)
    if (std::ranges::find(found.calls, call) == found.calls.end()) found.calls.push_back(call);
}

/// Calls that lost media there while nothing shows why, beside those of which that is known.
[[nodiscard]] finding::Finding others(const CaseFacts& facts, const CallsOf& calls, const finding::Finding& known) {
  finding::Finding rest = finding::Finding::fail(kRule, finding::Severity::major, 0.95, "", finding::Evidence{});
  rest.evidence.clear();
  for (const StreamJoin& join : facts.other_side->streams.joins) {
    if (!harms(join)) continue;
    std::set<std::uint32_t> of = calls.of(join);
    for (const std::uint32_t call : known.calls) of.erase(call);
    if (of.empty()) continue;
    add(rest, of);
    if (!join.runs.empty() && rest.evidence.size() < finding::Finding::kMaxEvidence)
      rest.evidence.push_back(evidence_of(*facts.other_side, join, join.runs.front()));
  }
  rest.statement = "Audio of " + counted(rest.calls.size(), "call", "calls") +
                   " is lost between the two captures, too, and nothing shows why.";
  return rest;
}

/// Outer ports that changed in mid-call, with the hole that followed.
[[nodiscard]] std::string remaps_text(const Comparison& comparison) {
  std::size_t gaps = 0;
  Duration longest{};
  for (const sides::Remap& remap : comparison.remaps) {
    if (!remap.gap) continue;
    ++gaps;
    longest = std::max(longest, remap.gap->length);
  }
  if (comparison.remaps.empty()) return {};
  std::string text = " " + counted(comparison.remaps.size(), "re-INVITE or UPDATE got", "re-INVITEs or UPDATEs got") +
                     " another outer media port for the same inner one";
  if (gaps > 0)
    text += ", " + std::to_string(gaps) + " of them followed by a hole, the longest of " + seconds_text(longest);
  return text + ".";
}

/// Where SDP of one side wants media of calls of which the other one has no message: those of the router itself, or of
/// a phone behind it that was not captured. Such media was not on its way to the other capture.
[[nodiscard]] std::set<net::Endpoint> named_alone(const Comparison& comparison, sides::Side side) {
  std::set<std::uint64_t> common;
  for (const sides::MessagePair& pair : comparison.alignment.pairs)
    common.insert((side == sides::Side::first ? comparison.first(pair) : comparison.second(pair)).call_id);
  std::set<net::Endpoint> alone;
  std::set<net::Endpoint> both;
  for (const sides::SeenMessage& message : comparison.log(side).messages.all()) {
    if (message.octets.find("\nm=") == std::string::npos) continue;
    for (const sides::Written& written : sides::written_in(message.octets))
      if (written.field.is_sdp('m')) (common.contains(message.call_id) ? both : alone).insert(written.endpoint);
  }
  for (const net::Endpoint& endpoint : both) alone.erase(endpoint);
  return alone;
}

/// What did not arrive in whole, and what the circumstances make of what did not.
struct Lost {
  std::vector<sides::LoneStream> streams;
  std::vector<sides::MediaLoss> losses;
};
[[nodiscard]] Lost lost_in(const Comparison& comparison) {
  Lost lost{comparison.streams.lone, comparison.losses};
  if (lost.streams.empty() || comparison.alignment.pairs.empty()) return lost;
  for (const sides::Side side : {sides::Side::first, sides::Side::second}) {
    const std::set<net::Endpoint> alone = named_alone(comparison, side);
    const auto elsewhere = [&](const auto& one) {
      const sides::PacketRun& run = comparison.log(one.side).packets.runs()[one.run];
      return one.side == side && (alone.contains(run.source) || alone.contains(run.destination));
    };
    std::erase_if(lost.streams, elsewhere);
    std::erase_if(lost.losses, elsewhere);
  }
  return lost;
}

/// That of all that was lost, or of what the box was seen to do because of SIP.
[[nodiscard]] finding::Cause cause_of(const std::vector<sides::MediaLoss>& losses) {
  const bool alg = std::any_of(losses.begin(), losses.end(),
                               [](const sides::MediaLoss& loss) { return loss.cause == finding::Cause::alg; });
  const bool nat = !losses.empty() && std::all_of(losses.begin(), losses.end(), [](const sides::MediaLoss& loss) {
    return loss.cause == finding::Cause::nat_timeout;
  });
  return alg ? finding::Cause::alg : nat ? finding::Cause::nat_timeout : finding::Cause::not_proven;
}

/// What the circumstances say, each thing once; and the calls that it befell.
void tell_losses(finding::Finding& found, const CaseFacts& facts, const CallsOf& calls,
                 const std::vector<sides::MediaLoss>& losses) {
  const Comparison& comparison = *facts.other_side;
  std::vector<base::Bytes> told;
  for (const sides::MediaLoss& loss : losses) {
    // Several calls may have had the same endpoint, of which a message tells one.
    const std::set<std::uint32_t> of = calls.of(loss.side, loss.run);
    add(found, of);
    if (of.empty() && loss.pair)
      sides::add_call(found, facts, comparison.first(comparison.alignment.pairs[*loss.pair]));
    if (loss.behaviour.empty()) continue;
    sides::add_behaviour(found, loss.behaviour);
    if (std::find(told.begin(), told.end(), loss.behaviour) == told.end()) {
      told.push_back(loss.behaviour);
      found.statement += (found.statement.empty() ? "" : " ") + loss.why;
    }
    const sides::PacketRun& run = comparison.log(loss.side).packets.runs()[loss.run];
    const bool first = loss.begin == comparison.time_of(loss.side, run.first);
    if (found.evidence.size() < finding::Finding::kMaxEvidence)
      found.evidence.push_back(first ? sides::evidence_of(run, loss.begin, loss.why)
                                     : sides::evidence_in(run, loss.begin, loss.why));
    else
      ++found.evidence_left_out;
  }
}

/// What else loses packets is no ALG: most of what is missing has to be missing where it changed the port.
[[nodiscard]] bool remapped(const Comparison& comparison) {
  std::uint64_t at_remaps = 0;
  for (const sides::Remap& remap : comparison.remaps)
    if (remap.gap && remap.gap->packets >= kHeard) at_remaps += remap.gap->packets;
  return at_remaps > 0 && 2 * at_remaps >= comparison.streams.missing;
}

/// Streams that ended at the router.
[[nodiscard]] std::string lone_text(const Comparison& comparison, const std::vector<sides::LoneStream>& lone,
                                    sides::Side side) {
  const auto count = static_cast<std::uint64_t>(std::ranges::count(lone, side, &sides::LoneStream::side));
  if (count == 0) return "";
  const bool inner = side == comparison.inner;
  return " " + counted(count, "stream was", "streams were") + " seen on the " + (inner ? "inner" : "outer") +
         " side of the router and never on its " + (inner ? "outer" : "inner") + " side.";
}

void tell_lone(finding::Finding& found, const Comparison& comparison, const std::vector<sides::LoneStream>& lone) {
  for (const sides::LoneStream& stream : lone) {
    const sides::PacketRun& run = comparison.log(stream.side).packets.runs()[stream.run];
    if (found.evidence.size() < finding::Finding::kMaxEvidence / 2)
      found.evidence.push_back(sides::evidence_of(run, comparison.time_of(stream.side, run.first),
                                                  "no packet arrived of the " +
                                                      stream_text(comparison, run, stream.side == comparison.inner) +
                                                      " (" + std::to_string(stream.packets) + " were sent)"));
    else
      ++found.evidence_left_out;
  }
}

/// Empty: what the rule says.
[[nodiscard]] std::string remedy_of(finding::Cause cause, const Comparison& comparison) {
  if (cause == finding::Cause::alg)
    return "Switch off SIP ALG on the router between the two captures, under all of its names, restart it, and compare "
           "again. " +
           std::string(sides::switch_of(comparison.family.name));
  if (cause == finding::Cause::nat_timeout)
    return "Set the UDP timeout of the router between the two captures to 300 s, or let the phones send keep-alives "
           "and comfort noise while they are silent.";
  return {};
}

[[nodiscard]] std::vector<finding::Finding> fail(const CaseFacts& facts, const Lost& lost) {
  const Comparison& comparison = *facts.other_side;
  const sides::StreamJoins& streams = comparison.streams;
  std::string statement;
  if (streams.missing > 0)
    statement = std::to_string(streams.missing) + " of " + counted(streams.compared, "RTP packet", "RTP packets") +
                " of one side did not reach the other one.";
  for (const sides::Side side : {sides::Side::first, sides::Side::second})
    statement += lone_text(comparison, lost.streams, side);
  if (statement.starts_with(' ')) statement.erase(0, 1);
  statement += remaps_text(comparison);
  const bool gaps = std::any_of(comparison.remaps.begin(), comparison.remaps.end(),
                                [](const sides::Remap& remap) { return remap.gap.has_value(); });
  const double share =
      static_cast<double>(streams.missing) / static_cast<double>(std::max<std::uint64_t>(streams.compared, 1));
  const bool known = std::any_of(lost.losses.begin(), lost.losses.end(),
                                 [](const sides::MediaLoss& loss) { return !loss.behaviour.empty(); });
  const bool major = gaps || known || !lost.streams.empty() || share > kMajorShare;
  finding::Finding found = finding::Finding::fail(kRule, major ? finding::Severity::major : finding::Severity::minor,
                                                  0.95, std::move(statement), finding::Evidence{});
  found.evidence.clear();
  const CallsOf calls(facts);
  tell_losses(found, facts, calls, lost.losses);
  tell_lone(found, comparison, lost.streams);
  tell_runs(found, comparison);
  for (const sides::LoneStream& stream : lost.streams) add(found, calls.of(stream.side, stream.run));
  for (const sides::Remap& remap : comparison.remaps) {
    sides::add_behaviour(found, remap.held ? "B20" : "B21");
    if (remap.same_version) sides::add_behaviour(found, "B04");
    sides::add_call(found, facts, comparison.first(comparison.alignment.pairs[remap.pair]));
  }
  found.cause = remapped(comparison) ? finding::Cause::alg : cause_of(lost.losses);
  found.remedy = remedy_of(found.cause, comparison);
  finding::Finding rest = others(facts, calls, found);
  if (rest.calls.empty()) return {std::move(found)};
  if (finding::proven(found.cause)) return {std::move(found), std::move(rest)};
  found.calls.insert(found.calls.end(), rest.calls.begin(), rest.calls.end());
  return {std::move(found)};
}

/// Whatever is missing is missing on a side whose capture missed as much of what left it.
[[nodiscard]] bool captures_miss(const sides::StreamJoins& streams) {
  return std::ranges::all_of(streams.joins, [&](const StreamJoin& join) {
    return join.missing == 0 || sides::capture_misses_as_much(streams, sides::other(join.from));
  });
}

/// Both sides of the router are one capture, and it was not read twice.
[[nodiscard]] finding::Finding of_one_pass(std::span<const std::uint32_t> calls) {
  finding::Finding found = finding::Finding::inconclusive(
      kRule,
      "Of " + counted(calls.size(), "call", "calls") +
          " audio was seen on one side of the router, and for a time or always not on the other one: it was lost "
          "there, or that side was not captured as long. One pass does not tell.");
  found.severity = finding::Severity::minor;
  found.calls.assign(calls.begin(), calls.end());
  return found;
}

std::vector<finding::Finding> judge(const CaseFacts& facts) {
  using finding::Finding;
  if (!facts.half_seen.empty()) return {of_one_pass(facts.half_seen)};
  if (facts.other_side == nullptr) return {Finding::not_applicable(kRule, sides::kOneSide)};
  const Comparison& comparison = *facts.other_side;
  const sides::StreamJoins& streams = comparison.streams;
  const bool heard = std::any_of(streams.joins.begin(), streams.joins.end(), [](const StreamJoin& join) {
    return std::any_of(join.runs.begin(), join.runs.end(), [](const MissingRun& run) { return run.packets >= kHeard; });
  });
  const bool lossy =
      comparison.log(sides::Side::first).lost_frames + comparison.log(sides::Side::second).lost_frames > 0;
  const double share =
      static_cast<double>(streams.missing) / static_cast<double>(std::max<std::uint64_t>(streams.compared, 1));
  const Lost lost = lost_in(comparison);
  const bool some = !lost.streams.empty() || !lost.losses.empty();
  if ((streams.missing > 0 || some) && lossy)
    return {Finding::inconclusive(kRule, "Packets are missing, but what captured lost frames itself.")};
  if (streams.missing > 0 && !some && captures_miss(streams)) {
    Finding open = Finding::inconclusive(
        kRule, std::to_string(streams.missing) + " of " + counted(streams.compared, "RTP packet", "RTP packets") +
                   " of one side are not in the capture of the other one, but that misses as many of those that left "
                   "it, and that arrived: losses of the captures and of the path cannot be told apart.");
    if (heard || share > kMajorShare) open.severity = finding::Severity::minor;
    return {open};
  }
  if (heard || some || share > kMajorShare) return fail(facts, lost);
  if (streams.behind >= kBehind)
    return {Finding::inconclusive(
        kRule, counted(streams.behind, "RTP packet was", "RTP packets were") +
                   " sent after the last frame of the other capture: it had ended, or nothing passed any more.")};
  const std::string whole = std::to_string(streams.compared - streams.missing) + " of " +
                            counted(streams.compared, "RTP packet", "RTP packets") + " are on both sides.";
  if (!streams.relayed.empty())
    return {Finding::inconclusive(
        kRule, (streams.compared == 0 ? "" : whole + " ") +
                   counted(streams.relayed.size(), "RTP stream has", "RTP streams have") +
                   " no end that is the same on both sides, as behind a relay, or where both ends are translated: each "
                   "side is judged by itself, and what was lost between them is not.")};
  if (streams.compared == 0) return {Finding::not_applicable(kRule, "No RTP stream was captured on both sides.")};
  return {Finding::pass(kRule, 0.95, whole)};
}

}  // namespace

CaseRule path_loses_media() {
  return {kRule, judge};
}

}  // namespace viaduct::diagnose::rules
