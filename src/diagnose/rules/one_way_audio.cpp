// SPDX-License-Identifier: GPL-2.0-or-later
#include "diagnose/audio_due.hpp"
#include "diagnose/rules/rules.hpp"
#include "diagnose/words.hpp"

#include <algorithm>
#include <array>
#include <optional>
#include <set>

namespace viaduct::diagnose::rules {
namespace {

constexpr finding::Rule kRule{
    .id = "one-way-audio",
    .title = "Only one party can hear the other",
    .cause = finding::Cause::not_proven,
    .needs = "An answered call with RTP in at least one direction, and SDP of both parties.",
    .why =
        "SDP lets audio flow both ways, and only one way was seen: either it is sent to an address that does not "
        "lead there, or something on the way takes it for unasked.",
    .remedy =
        "Capture on both sides of the router and compare them with --other-side: that shows whether the missing "
        "media arrives at the router and where SDP was changed. Look for a SIP ALG, and at whether the platform "
        "sends media to where it comes from (symmetric RTP, comedia, latching).",
};

constexpr const char* kUnreachableRemedy =
    "Let the platform send media to where it comes from (symmetric RTP, comedia, latching), or let the phone learn its "
    "public address (STUN, ICE). If the router has a SIP ALG, switch it off first: it may be what keeps the platform "
    "from seeing the NAT.";

constexpr Duration kLeast = std::chrono::seconds(2);  ///< of media one way
constexpr std::uint64_t kFewest = 50;                 ///< packets

/// What came towards a party, and what it sent itself meanwhile.
struct Direction {
  const AudioPath& path;
  call::Party receiver;
  std::optional<std::uint32_t> spoken;   ///< the stream of the receiver with the most packets
  bool came = false;                     ///< something came to where the receiver can be reached
  std::optional<std::uint32_t> astray;   ///< a stream to where it cannot
  std::optional<std::uint32_t> refused;  ///< a stream to where nobody listens
  std::optional<std::uint32_t> stopped;  ///< a stream that came, but at another place only
};

/// SIP or media was captured as it comes from there: what goes there may have been captured where it arrives, in a
/// capture of both sides of a router.
[[nodiscard]] bool is_seen_from(const CallFacts& facts, const net::Address& address) {
  const auto is_end = [&](const auto& hop) { return hop.first.address == address || hop.second.address == address; };
  return std::ranges::any_of(facts.call.legs,
                             [&](const call::Leg& leg) { return std::ranges::any_of(leg.hops, is_end); }) ||
         std::ranges::any_of(facts.streams,
                             [&](const StreamFacts& stream) { return stream.report.source.address == address; });
}

[[nodiscard]] bool goes_astray(const CallFacts& facts, const StreamFacts& stream, const AudioPath& path,
                               call::Party receiver) {
  const net::Address& address = stream.report.destination.address;
  return std::ranges::any_of(path.due_to(receiver),
                             [&](const AudioDue& due) {
                               return names_unreachable(*due.told) && due.told->media.rtp.address == address;
                             }) &&
         !stream.seen_again && !is_seen_from(facts, address);
}

[[nodiscard]] Direction direction_of(const CallFacts& facts, const AudioPath& path, call::Party receiver) {
  Direction direction{.path = path, .receiver = receiver, .spoken = {}, .astray = {}, .refused = {}, .stopped = {}};
  for (const std::uint32_t index : path.streams_to(call::other(receiver)))
    if (!direction.spoken || facts.streams[*direction.spoken].report.packets < facts.streams[index].report.packets)
      direction.spoken = index;
  for (const std::uint32_t index : path.streams_to(receiver)) {
    if (goes_astray(facts, facts.streams[index], path, receiver))
      direction.astray = index;
    else if (facts.streams[index].met_nobody())
      direction.refused = index;
    else
      direction.came = true;
  }
  return direction;
}

/// How long the receiver sent while media for it was due.
[[nodiscard]] Duration one_way(const CallFacts& facts, const Direction& direction) {
  const rtp::Report& spoken = facts.streams[*direction.spoken].report;
  Duration longest{};
  for (const AudioDue& due : direction.path.due_to(direction.receiver)) {
    const Time from = std::max(due.from, spoken.first);
    const Time until = std::min(due.until, spoken.last);
    if (from < until) longest = std::max(longest, until - from);
  }
  return longest;
}

[[nodiscard]] std::string party(call::Party party) {
  return "the " + std::string(call::name(party));
}

[[nodiscard]] std::string at_first(call::Party party) {
  return "The " + std::string(call::name(party));
}

/// What the receiver says about where it is, with the address marked.
[[nodiscard]] finding::Evidence named(const AudioDue& due, const std::string& text) {
  finding::Evidence evidence = evidence_at(call::pack(due.told->frame), due.told->from, text);
  const std::string address = due.told->media.rtp.address.to_text();
  const std::string line = "c=IN " + std::string(address.find(':') == std::string::npos ? "IP4 " : "IP6 ") + address;
  finding::quote(evidence, line, base::between(line.size() - address.size(), line.size()));
  return evidence;
}

[[nodiscard]] finding::Evidence spoken_evidence(const CallFacts& facts, const Direction& direction) {
  const rtp::Report& spoken = facts.streams[*direction.spoken].report;
  return evidence_at(spoken.first_frame, spoken.first,
                     party(direction.receiver) + " sends from " + spoken.source.to_text() + " to " +
                         spoken.destination.to_text() + ", " + counted(spoken.packets, "packet", "packets"));
}

[[nodiscard]] finding::Finding unreachable(const CallFacts& facts, const Direction& direction, const AudioDue& due) {
  const std::string address = due.told->media.rtp.address.to_text();
  finding::Finding found = finding::Finding::fail(
      kRule, finding::Severity::critical, direction.astray ? 0.95 : 0.8,
      at_first(direction.receiver) + " hears nothing: its SDP names " + address +
          ", where nobody outside of its own network "
          "can send, its messages come from " +
          due.told->source.to_text() +
          ", and its peer does not send to where its "
          "media comes from.",
      named(due, "SDP of " + party(direction.receiver) + ", in a packet from " + due.told->source.to_text()));
  found.cause = finding::Cause::configuration;
  found.remedy = kUnreachableRemedy;
  found.evidence.push_back(spoken_evidence(facts, direction));
  found.streams = {*direction.spoken};
  if (direction.astray) {
    const rtp::Report& astray = facts.streams[*direction.astray].report;
    found.evidence.push_back(
        evidence_at(astray.first_frame, astray.first,
                    counted(astray.packets, "packet goes", "packets go") + " to " + astray.destination.to_text()));
    found.streams.push_back(*direction.astray);
  }
  return found;
}

/// The peer's media is meant to come from another host than its SIP: helpers of the Linux kernel and of MikroTik let in
/// only what comes from there, by default (C12).
[[nodiscard]] bool from_another_host(const CallFacts& facts, const Direction& direction, const AudioDue& due) {
  const net::Address& own = facts.streams[*direction.spoken].report.source.address;
  const auto& to_peer = direction.path.due_to(call::other(direction.receiver));
  if (own.is_global() || to_peer.empty() || due.told->source.is_global()) return false;
  const call::MediaSpan& peer = *to_peer.front().told;
  return peer.media.rtp.address.present() && peer.media.rtp.address.is_global() &&
         peer.media.rtp.address != peer.source;
}

[[nodiscard]] finding::Finding refused(const CallFacts& facts, const Direction& direction) {
  const StreamFacts& stream = facts.streams[*direction.refused];
  finding::Finding found =
      finding::Finding::fail(kRule, finding::Severity::critical, 0.95,
                             at_first(direction.receiver) + " hears nothing: RTP for it goes to " +
                                 stream.report.destination.to_text() + ", where nobody listens, as ICMP says.",
                             evidence_at(stream.refused.frame, stream.refused.first,
                                         "ICMP: port unreachable, " + counted(stream.refused.count, "time", "times") +
                                             " within " + seconds_text(stream.refused.last - stream.refused.first)));
  found.evidence.push_back(
      named(direction.path.due_to(direction.receiver).front(), "SDP of " + party(direction.receiver)));
  found.evidence.push_back(spoken_evidence(facts, direction));
  found.streams = {*direction.refused, *direction.spoken};
  return found;
}

/// It came to the router, and this is its other side.
[[nodiscard]] finding::Finding kept_back(const CallFacts& facts, const Direction& direction) {
  const rtp::Report& stopped = facts.streams[*direction.stopped].report;
  finding::Finding found = finding::Finding::fail(
      kRule, finding::Severity::critical, 0.9,
      "RTP towards " + party(direction.receiver) +
          " arrived on one side of a router and was never seen on the other one, although SDP lets it flow.",
      evidence_at(stopped.first_frame, stopped.first,
                  stopped.source.to_text() + " sends to " + stopped.destination.to_text() + ", " +
                      counted(stopped.packets, "packet", "packets") + " that were not passed on"));
  found.evidence.push_back(spoken_evidence(facts, direction));
  found.streams = {*direction.stopped, *direction.spoken};
  return found;
}

[[nodiscard]] finding::Finding never_came(const CallFacts& facts, const Direction& direction) {
  const AudioDue& due = direction.path.due_to(direction.receiver).front();
  if (direction.stopped) return kept_back(facts, direction);
  if (direction.refused) return refused(facts, direction);
  if (names_unreachable(*due.told)) return unreachable(facts, direction, due);
  finding::Finding found = finding::Finding::fail(
      kRule, finding::Severity::critical, 0.7,
      "No RTP towards " + party(direction.receiver) + " was seen here, although SDP lets it flow and " +
          party(direction.receiver) + " was heard for " + seconds_text(one_way(facts, direction)) + ".",
      spoken_evidence(facts, direction));
  found.evidence.push_back(evidence_at(
      call::pack(due.told->frame), due.told->from,
      party(direction.receiver) + " wants media at " + due.told->media.rtp.to_text() + ", where none came"));
  if (from_another_host(facts, direction, due)) {
    found.statement +=
        " Media is meant to come from another host than SIP; some SIP helpers of routers let in only what "
        "comes from that of SIP (C12).";
  }
  found.streams = {*direction.spoken};
  return found;
}

[[nodiscard]] std::optional<std::uint32_t> came_beside(const CallFacts& facts, const std::vector<AudioPath>& paths,
                                                       const AudioPath& path, call::Party receiver) {
  for (const AudioPath& other : paths) {
    if (!path.is_beside(other)) continue;
    for (const std::uint32_t index : other.streams_to(receiver))
      if (facts.streams[index].report.packets >= kFewest) return index;
  }
  return std::nullopt;
}

/// What goes to its receiver was seen at as many places as what that one sends: so it is at this place, too, although
/// nothing says that it is captured where the other direction is.
[[nodiscard]] bool passed_on(const CallFacts& facts, const StreamFacts& stream) {
  std::array<std::set<std::size_t>, 2> places;
  for (const StreamFacts& other : facts.streams)
    if (other.leg == stream.leg && other.line == stream.line && !other.report.probation)
      places.at(static_cast<std::size_t>(other.receiver)).insert(other.place);
  const auto receiver = static_cast<std::size_t>(stream.receiver);
  return places.at(receiver).size() > 1 && places.at(receiver).size() >= places.at(1 - receiver).size();
}

[[nodiscard]] std::optional<finding::Finding> judge_direction(const CallFacts& facts,
                                                              const std::vector<AudioPath>& paths,
                                                              const AudioPath& path, call::Party receiver) {
  Direction direction = direction_of(facts, path, receiver);
  direction.stopped = came_beside(facts, paths, path, receiver);
  if (direction.stopped && passed_on(facts, facts.streams[*direction.stopped])) return std::nullopt;
  if (!direction.spoken || facts.streams[*direction.spoken].report.packets < kFewest) return std::nullopt;
  // What came and ceased is for audio_ends(), however little it was: it may have been a beep before a recording.
  if (direction.came || one_way(facts, direction) < kLeast) return std::nullopt;
  return never_came(facts, direction);
}

finding::Finding judge(const CallFacts& facts) {
  bool both = false;
  const std::vector<AudioPath> paths = audio_paths(facts);
  for (const AudioPath& path : paths)
    for (const call::Party receiver : {call::Party::caller, call::Party::callee}) {
      both = both || (!path.streams[0].empty() && !path.streams[1].empty());
      std::optional<finding::Finding> found = judge_direction(facts, paths, path, receiver);
      if (found) return *std::move(found);
    }
  if (both) return finding::Finding::pass(kRule, 1, "Media flowed both ways.");
  return finding::Finding::not_applicable(
      kRule, "No answered call with media that was due both ways and came one way for 2 s at least.");
}

}  // namespace

CallRule one_way_audio() {
  return {kRule, judge};
}

}  // namespace viaduct::diagnose::rules
