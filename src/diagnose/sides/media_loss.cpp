// SPDX-License-Identifier: GPL-2.0-or-later
#include "diagnose/sides/media_loss.hpp"

#include "diagnose/sides/judge.hpp"
#include "diagnose/sides/media_session.hpp"
#include "diagnose/words.hpp"
#include "stat/regularity.hpp"

#include <algorithm>
#include <set>

namespace viaduct::diagnose::sides {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;

constexpr std::uint64_t kHeard = 25;              ///< packets that make a loss one that is heard: half a second
constexpr Duration kInstant = milliseconds(250);  ///< within which two things happen together

/// RFC 4787 REQ-5 asks for two minutes; what is sold forgets a mapping after half of one.
constexpr Duration kKept = seconds(25);

[[nodiscard]] bool together(Time a, Time b, Duration most = kInstant) {
  return a - b <= most && b - a <= most;
}

/// Media that stopped for good in the midst of a stream.
struct Stop {
  const MediaSession* session = nullptr;
  bool inbound = false;
  Time time{};
  MediaLoss loss{};
};

class Finder {
 public:
  explicit Finder(Comparison& comparison)
      : comparison_(comparison),
        inner_(comparison.inner),
        inside_(comparison.log(comparison.inner).packets.runs()),
        outside_(comparison.log(other(comparison.inner)).packets.runs()),
        sessions_(media_sessions(comparison)) {
    for (const MessagePair& pair : comparison.alignment.pairs)
      peers_.insert(comparison.outbound(pair) ? comparison.before(pair).destination.address
                                              : comparison.before(pair).source.address);
  }

  void run() {
    if (!comparison_.inner_known || comparison_.mappings.empty()) return;
    for (const LoneStream& lone : comparison_.streams.lone)
      if (lone.packets >= kHeard) lone.side == inner_ ? never_left(lone) : never_came(lone);
    for (const StreamJoin& join : comparison_.streams.joins)
      for (const MissingRun& missing : join.runs)
        if (missing.packets >= kHeard) hole(join, missing);
    for (const StreamJoin& join : comparison_.streams.joins) ticking(join);
    stops();
    hairpins();
  }

 private:
  [[nodiscard]] Time inner_time(Time time) const { return comparison_.time_of(inner_, time); }

  [[nodiscard]] const MediaSession* session_of(const net::Endpoint& inner) const {
    for (const auto& [id, session] : sessions_)
      if (std::find(session.inner.begin(), session.inner.end(), inner) != session.inner.end()) return &session;
    return nullptr;
  }
  /// The call whose inside wants media at that port: where nothing shows what an outer port is mapped to.
  [[nodiscard]] const MediaSession* session_at(std::uint16_t port) const {
    const MediaSession* found = nullptr;
    for (const auto& [id, session] : sessions_) {
      const auto has = [port](const net::Endpoint& one) { return one.port == port; };
      if (std::none_of(session.inner.begin(), session.inner.end(), has)) continue;
      if (found != nullptr) return nullptr;  // two hosts of the inside have it
      found = &session;
    }
    return found;
  }
  [[nodiscard]] std::optional<net::Endpoint> mapped_to(const net::Endpoint& outer) const {
    for (const Mapping& one : comparison_.mappings.all())
      if (one.outer == outer) return one.inner;
    return std::nullopt;
  }

  void add(MediaLoss loss, Bytes behaviour, std::string why, const MediaSession* session,
           finding::Cause cause = finding::Cause::not_proven) {
    loss.behaviour = behaviour;
    loss.why = std::move(why);
    loss.cause = cause;
    if (session != nullptr) loss.pair = session->pair;
    comparison_.losses.push_back(std::move(loss));
  }

  /// Packets that the inside sends from an endpoint to a host, in time: of those that left, the outer source.
  struct Sending {
    Time first{};
    Time last{};
    std::optional<net::Endpoint> outer{};
    const PacketRun* run = nullptr;
  };
  [[nodiscard]] std::vector<Sending> sending(const net::Address& remote) const {
    std::vector<Sending> all;
    for (std::uint32_t i = 0; i < inside_.size(); ++i) {
      const PacketRun& run = inside_[i];
      if (run.destination.address != remote || !comparison_.mappings.is_inner(run.source.address)) continue;
      all.push_back({inner_time(run.first), inner_time(run.last), outer_source(i), &run});
    }
    return all;
  }
  [[nodiscard]] std::optional<net::Endpoint> outer_source(std::uint32_t run) const {
    for (const StreamJoin& join : comparison_.streams.joins) {
      const std::vector<std::uint32_t>& within = join.on(inner_);
      if (join.from != inner_ || std::find(within.begin(), within.end(), run) == within.end()) continue;
      return outside_[join.on(other(inner_)).front()].source;
    }
    return std::nullopt;
  }

  /// A stream from outside of which nothing came in.
  void never_came(const LoneStream& lone) {
    const PacketRun& run = outside_[lone.run];
    const Time begin = comparison_.time_of(lone.side, run.first);
    const Time end = comparison_.time_of(lone.side, run.last);
    const MediaLoss loss{{}, lone.side, lone.run, begin};
    for (const Sending& one : sending(run.source.address)) {
      if (!one.outer || one.last < begin + seconds(1) || one.first > end - seconds(1)) continue;
      const MediaSession* const session = session_of(one.run->source);
      if (*one.outer == run.destination && one.run->destination == run.source)
        return no_reply(loss, session, *one.outer, run.source);
      if (session != nullptr && !session->edited && one.run->source.port == run.destination.port &&
          one.outer->address == run.destination.address && one.outer->port != run.destination.port)
        return add(loss, "C15",
                   "Media of " + one.run->source.to_text() + " leaves from " + one.outer->to_text() +
                       ", while the other side sends to port " + std::to_string(run.destination.port) +
                       ", which SDP names.",
                   session);
    }
    closed_by_another(loss, run, begin);
  }

  /// Plain NAT lets answers in from where a packet of the very flow went.
  void no_reply(const MediaLoss& loss, const MediaSession* session, const net::Endpoint& outer,
                const net::Endpoint& remote) {
    if (peers_.contains(remote.address)) return add(loss, {}, {}, session);
    add(loss, "C12",
        "Media to " + remote.to_text() + " leaves from " + outer.to_text() +
            ", and what comes back from there is not let in: " + remote.address.to_text() +
            " is no host that SIP is spoken with.",
        session);
  }

  /// Media of another call came in although the inside had sent none: the box opens the way by what SDP says.
  void closed_by_another(const MediaLoss& loss, const PacketRun& run, Time begin) {
    const std::optional<net::Endpoint> inner = mapped_to(run.destination);
    const MediaSession* const session = inner ? session_of(*inner) : session_at(run.destination.port);
    if (!tell_usurped(loss, session, begin)) add(loss, {}, {}, session);
  }
  bool tell_usurped(const MediaLoss& loss, const MediaSession* session, Time begin) {
    if (session == nullptr || session->invites.empty()) return false;
    const bool usurped = std::any_of(sessions_.begin(), sessions_.end(), [&](const auto& one) {
      const MediaSession& next = one.second;
      return &next != session && !next.invites.empty() && next.invites.front() > session->invites.front() &&
             next.invites.front() <= begin && opened_unasked(next);
    });
    if (usurped)
      add(loss, "C06",
          "Media of a call that was set up later came in before its phone had sent any: the box opens the way by SIP. "
          "That of this call was shut once the INVITE of the other one had passed.",
          session, finding::Cause::alg);
    return usurped;
  }
  [[nodiscard]] bool opened_unasked(const MediaSession& session) const {
    return std::any_of(inside_.begin(), inside_.end(), [&](const PacketRun& run) {
      if (std::find(session.inner.begin(), session.inner.end(), run.destination) == session.inner.end()) return false;
      return std::none_of(inside_.begin(), inside_.end(), [&](const PacketRun& sent) {
        return sent.source == run.destination && sent.first <= run.first;
      });
    });
  }

  /// A stream from the inside of which nothing left, while that of another call does.
  void never_left(const LoneStream& lone) {
    const PacketRun& run = inside_[lone.run];
    const Time begin = inner_time(run.first);
    const MediaLoss loss{{}, lone.side, lone.run, begin};
    const MediaSession* const session = session_of(run.source);
    const PacketRun* passing = nullptr;
    for (std::uint32_t i = 0; i < inside_.size(); ++i) {
      const PacketRun& sent = inside_[i];
      if (session != nullptr && session_of(sent.source) != session && session_of(sent.source) != nullptr &&
          inner_time(sent.first) < begin && inner_time(sent.last) > inner_time(run.last) - seconds(1) &&
          outer_source(i))
        passing = &sent;
    }
    if (passing == nullptr) return add(loss, {}, {}, session);
    add(loss, "C18",
        "Media of " + run.source.to_text() + " does not leave, while that of a call that was set up before, from " +
            passing->source.to_text() + ", does.",
        session);
  }

  /// The last moment before `time` in which the inside sent to where a stream comes from.
  [[nodiscard]] std::optional<Time> sent_before(const net::Endpoint& remote, Time time) const {
    std::optional<Time> latest;
    for (const Sending& one : sending(remote.address)) {
      if (one.run->destination != remote || one.first > time) continue;
      Time last = std::min(one.last, time);
      for (const PacketPause& pause : one.run->pauses)
        if (inner_time(pause.begin) <= time && time <= inner_time(pause.end)) last = inner_time(pause.begin);
      latest = std::max(latest.value_or(last), last);
    }
    return latest;
  }
  [[nodiscard]] std::optional<Time> sent_after(const net::Endpoint& remote, Time time) const {
    std::optional<Time> next;
    for (const Sending& one : sending(remote.address)) {
      if (one.run->destination != remote) continue;
      if (one.first >= time) next = std::min(next.value_or(one.first), one.first);
      for (const PacketPause& pause : one.run->pauses)
        if (inner_time(pause.end) >= time) next = std::min(next.value_or(Time::max()), inner_time(pause.end));
    }
    return next;
  }

  void hole(const StreamJoin& join, const MissingRun& missing) {
    const std::vector<PacketRun>& sent = comparison_.log(join.from).packets.runs();
    const PacketRun& run = sent[missing.run];
    const bool inbound = join.from != inner_;
    const net::Endpoint inner = inbound ? inside_[join.on(inner_).front()].destination : run.source;
    Stop stop{session_of(inner), inbound, missing.begin, {{}, join.from, missing.run, missing.begin}};
    if (inbound) {
      const auto pause = std::find_if(run.pauses.begin(), run.pauses.end(),
                                      [&](const PacketPause& one) { return one.position == missing.position; });
      if (pause != run.pauses.end() && fell_shut(stop, *pause, run.source)) return;
      if (pause == run.pauses.end() && waited_for_inside(stop, run, missing)) return;
    }
    const Time end = comparison_.time_of(join.from, run.last);
    // The other capture is not asked for the last moments before its own end.
    const Duration margin = milliseconds(500) + comparison_.alignment.clocks.error();
    if (missing.begin + missing.length >= end - margin)
      stops_.push_back(std::move(stop));
    else
      add(stop.loss, {}, {}, stop.session);
  }

  /// Nothing passed for a while, either way, and then nothing was let in any more.
  bool fell_shut(Stop& stop, const PacketPause& pause, const net::Endpoint& remote) {
    const Time begin = comparison_.time_of(stop.loss.side, pause.begin);
    const Time end = comparison_.time_of(stop.loss.side, pause.end);
    const Time last = std::max(begin, sent_before(remote, end).value_or(begin));
    if (end - last < seconds(1)) return false;
    stop.loss.begin = end;
    add(stop.loss, "C01",
        "In a pause of " + seconds_text(end - last) +
            ", in which the flow carried nothing either way, the way in fell shut: before it media "
            "came in, behind it none does until the inside sends.",
        stop.session, end - last >= kKept ? finding::Cause::nat_timeout : finding::Cause::not_proven);
    return true;
  }

  /// All from the first packet on, until the inside sent one.
  bool waited_for_inside(Stop& stop, const PacketRun& run, const MissingRun& missing) {
    const Time begin = comparison_.time_of(stop.loss.side, run.first);
    const Time end = missing.begin + missing.length;
    // What was sent before the other capture saw anything may have been let in all the same.
    if (missing.begin > begin + seconds(1) || sent_before(run.source, missing.begin)) return false;
    const std::optional<Time> next = sent_after(run.source, missing.begin);
    if (!next || !together(*next, end, milliseconds(150))) return false;
    if (tell_usurped(stop.loss, stop.session, missing.begin)) return true;
    add(stop.loss, "C02",
        "Nothing of the stream came in for " + seconds_text(end - begin) +
            ", until the inside sent a packet the other way; from then on all did.",
        stop.session);
    return true;
  }

  /// Holes like the ticks of a clock: six at least.
  void ticking(const StreamJoin& join) {
    std::vector<double> onsets;
    std::vector<Duration> lengths;
    for (const MissingRun& one : join.runs) {
      if (one.packets < 5) continue;
      onsets.push_back(std::chrono::duration<double>(one.begin - join.runs.front().begin).count());
      lengths.push_back(one.length);
    }
    constexpr std::size_t kFewest = 6;
    if (onsets.size() < kFewest) return;
    stat::IntervalNull null;
    const stat::Regularity intervals = stat::regularity(onsets, 1, null);
    const auto [least, most] = std::minmax_element(lengths.begin(), lengths.end());
    if (intervals.p >= 0.001 || *most > *least * 3 / 2) return;
    const bool inbound = join.from != inner_;
    const std::vector<std::uint32_t>& runs = join.on(join.from);
    const net::Endpoint inner = inbound ? inside_[join.on(inner_).front()].destination : inside_[runs.front()].source;
    add({{}, join.from, runs.front(), join.runs.front().begin}, "C01",
        std::to_string(onsets.size()) + " holes of " + seconds_text(*least) + " to " + seconds_text(*most) +
            ", one each " +
            seconds_text(std::chrono::duration_cast<Duration>(std::chrono::duration<double>(intervals.mean))) +
            " (by chance " + (intervals.p < 1e-6 ? "under 0.000001" : "under 0.001") +
            "), though packets flow all the time: a timer.",
        session_of(inner));
  }

  /// Media that stops for good: by a CANCEL, at an age, or all at once.
  void stops() {
    for (const Stop& stop : stops_) {
      const MediaSession* const session = stop.session;
      const bool over = session != nullptr && session->ended && stop.time >= *session->ended - kInstant;
      const bool in_call = session != nullptr && !over && session->answered;
      if (in_call && by_cancel(stop))
        add(stop.loss, "C09", "Media stops both ways with the CANCEL that passed, although the call is up.", session,
            finding::Cause::alg);
      else if (const Stop* const like = in_call ? of_same_age(stop) : nullptr)
        add(stop.loss, "C10",
            "Media stops both ways " + seconds_text(age(stop)) + " after the answer, as that of another call does " +
                seconds_text(age(*like)) + " after its own, at another time.",
            session);
      else if (in_call && at_once(stop))
        add(stop.loss, "C19",
            "Media of several calls of different age stops at one instant, while SIP goes on to pass: what let it in "
            "was forgotten.",
            session);
      else
        add(stop.loss, {}, {}, session);
    }
  }
  [[nodiscard]] static Duration age(const Stop& stop) { return stop.time - *stop.session->answered; }
  [[nodiscard]] bool both_ways(const Stop& stop) const {
    return std::any_of(stops_.begin(), stops_.end(), [&](const Stop& one) {
      return one.session == stop.session && one.inbound != stop.inbound && together(one.time, stop.time);
    });
  }
  [[nodiscard]] bool by_cancel(const Stop& stop) const {
    return both_ways(stop) && std::any_of(stop.session->cancels.begin(), stop.session->cancels.end(),
                                          [&](Time cancel) { return together(cancel, stop.time); });
  }
  [[nodiscard]] const Stop* of_same_age(const Stop& stop) const {
    if (!both_ways(stop)) return nullptr;
    for (const Stop& one : stops_)
      if (one.session != nullptr && one.session != stop.session && one.session->answered && both_ways(one) &&
          !together(one.time, stop.time, 2 * kInstant)) {
        const Duration apart = age(one) - age(stop);
        if (apart <= kInstant && apart >= -kInstant) return &one;
      }
    return nullptr;
  }
  [[nodiscard]] bool at_once(const Stop& stop) const {
    const bool others = std::any_of(stops_.begin(), stops_.end(), [&](const Stop& one) {
      if (one.session == nullptr || one.session == stop.session || !one.session->answered) return false;
      const Duration apart = age(one) - age(stop);
      return together(one.time, stop.time) && (apart > 2 * kInstant || apart < -2 * kInstant);
    });
    return others && std::any_of(comparison_.alignment.pairs.begin(), comparison_.alignment.pairs.end(),
                                 [&](const MessagePair& pair) { return comparison_.first(pair).time > stop.time; });
  }

  /// Media between two hosts of the inside that is sent to the outer address, and does not come back.
  void hairpins() {
    for (std::uint32_t i = 0; i < inside_.size(); ++i) {
      const PacketRun& run = inside_[i];
      if (run.packets < kHeard || !is_hairpin(run) || came_back(run)) continue;
      const auto peer = std::find_if(inside_.begin(), inside_.end(), [&](const PacketRun& other) {
        return is_hairpin(other) && other.source.address != run.source.address &&
               other.source.port == run.destination.port && other.destination.port == run.source.port &&
               !came_back(other) && comparison_.mappings.of(other.source).empty();
      });
      if (peer == inside_.end()) continue;
      add({{}, inner_, i, inner_time(run.first)}, "C14",
          "Media of " + run.source.to_text() + " is sent to " + run.destination.to_text() +
              ", the router's own address, and does not come back in to " + peer->source.to_text() +
              " behind the same router.",
          session_of(run.source));
    }
  }
  [[nodiscard]] bool is_hairpin(const PacketRun& run) const {
    return comparison_.mappings.is_inner(run.source.address) && comparison_.mappings.is_outer(run.destination.address);
  }
  [[nodiscard]] bool came_back(const PacketRun& run) const {
    return std::any_of(inside_.begin(), inside_.end(), [&](const PacketRun& one) {
      return one.ssrc == run.ssrc && comparison_.mappings.is_inner(one.destination.address);
    });
  }

  Comparison& comparison_;
  Side inner_;
  const std::vector<PacketRun>& inside_;
  const std::vector<PacketRun>& outside_;
  MediaSessions sessions_;
  std::set<net::Address> peers_;  ///< that the inside speaks SIP with
  std::vector<Stop> stops_;
};

}  // namespace

void find_media_losses(Comparison& comparison) {
  Finder(comparison).run();
}

}  // namespace viaduct::diagnose::sides
