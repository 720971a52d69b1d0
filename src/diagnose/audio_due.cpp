// SPDX-License-Identifier: GPL-2.0-or-later
#include "diagnose/audio_due.hpp"

#include <algorithm>
#include <iterator>
#include <map>

namespace viaduct::diagnose {
namespace {

using call::MediaSpan;

[[nodiscard]] bool is_audio(const MediaSpan& span) {
  return span.media.kind == call::MediaKind::audio && span.media.carrier == sdp::Carrier::rtp;
}

[[nodiscard]] bool wants(const MediaSpan& span) {
  return span.agreement == call::Agreement::agreed && is_audio(span) && !span.media.closed() && !span.media.held();
}

[[nodiscard]] bool sends(const MediaSpan& span) {
  const bool speaks =
      span.media.direction == sdp::Direction::sendrecv || span.media.direction == sdp::Direction::sendonly;
  return span.agreement == call::Agreement::agreed && is_audio(span) && !span.media.closed() && speaks;
}

[[nodiscard]] bool together(const MediaSpan& a, const MediaSpan& b) {
  return a.line == b.line &&
         (a.dialog == b.dialog || a.dialog == MediaSpan::kAnyDialog || b.dialog == MediaSpan::kAnyDialog);
}

[[nodiscard]] bool same_media(const call::Leg& a, const call::Leg& b) {
  for (const MediaSpan& one : a.negotiation.spans())
    for (const MediaSpan& two : b.negotiation.spans())
      if (one.receiver == two.receiver && one.media.rtp.address.present() && one.media.rtp == two.media.rtp)
        return true;
  return false;
}

void add_due(const call::Leg& leg, Time answered, Time end, AudioPath& path) {
  for (const MediaSpan& receiver : leg.negotiation.spans()) {
    if (!wants(receiver)) continue;
    for (const MediaSpan& sender : leg.negotiation.spans()) {
      if (sender.receiver == receiver.receiver || !sends(sender) || !together(sender, receiver)) continue;
      const AudioDue due{std::max({receiver.from, sender.from, answered}),
                         std::min({receiver.until, sender.until, end}), &receiver};
      if (due.from < due.until) path.due[static_cast<std::size_t>(receiver.receiver)].push_back(due);
    }
  }
}

/// From what accepted a REFER to the next INVITE in the dialog, by which the party would take the call back.
void add_transfers(const call::Call& call, Time end, std::vector<Lull>& lulls) {
  for (const call::Event& event : call.events) {
    const bool handed = event.kind == call::EventKind::ok && event.method == sip::Method::refer;
    const bool open = !lulls.empty() && lulls.back().until == call::kNever;
    if (handed && !open) lulls.push_back({event.time, call::kNever, false});
    if (event.kind == call::EventKind::re_invite && open) lulls.back().until = event.time;
  }
  if (!lulls.empty()) lulls.back().until = std::min(lulls.back().until, end);
}

[[nodiscard]] std::vector<Lull> lulls_of(const call::Call& call, const AudioPath& path, Time end) {
  std::vector<Lull> lulls;
  add_transfers(call, end, lulls);
  for (const std::uint8_t leg : path.legs)
    for (const MediaSpan& span : call.legs[leg].negotiation.spans())
      if (span.agreement == call::Agreement::agreed && is_audio(span) && !span.media.closed() && span.media.held())
        lulls.push_back({span.from, std::min(span.until, end), true});
  std::stable_sort(lulls.begin(), lulls.end(), [](const Lull& a, const Lull& b) { return a.from < b.from; });
  std::vector<Lull> joined;
  for (const Lull& lull : lulls) {
    if (joined.empty() || lull.from > joined.back().until) {
      joined.push_back(lull);
      continue;
    }
    joined.back().until = std::max(joined.back().until, lull.until);
    joined.back().held = joined.back().held || lull.held;
  }
  return joined;
}

[[nodiscard]] bool is_of(const CallFacts& facts, const StreamFacts& stream, const AudioPath& path) {
  if (stream.report.probation || std::find(path.legs.begin(), path.legs.end(), stream.leg) == path.legs.end())
    return false;
  const auto spans = facts.call.legs[stream.leg].negotiation.spans();
  return std::any_of(spans.begin(), spans.end(),
                     [&](const MediaSpan& span) { return span.line == stream.line && is_audio(span); });
}

/// Until when streams towards a party came, by receiver; Time::min() where none did.
using Lasts = std::array<Time, 2>;
[[nodiscard]] Lasts lasts_of(const CallFacts& facts, const AudioPath& path) {
  Lasts lasts{Time::min(), Time::min()};
  for (std::size_t receiver = 0; receiver < lasts.size(); ++receiver)
    for (const std::uint32_t index : path.streams.at(receiver))
      lasts.at(receiver) = std::max(lasts.at(receiver), facts.streams[index].report.last);
  return lasts;
}

/// Both directions ceased at once where they were captured, and both went on at another place: one of them had to pass
/// here before, so it was the capture that ended, and nothing was due in it any more.
void end_captures(const CallFacts& facts, std::vector<AudioPath>& places) {
  constexpr Duration kNear = std::chrono::seconds(2);
  std::vector<Lasts> lasts;
  lasts.reserve(places.size());
  for (const AudioPath& place : places) lasts.push_back(lasts_of(facts, place));
  for (std::size_t i = 0; i < places.size(); ++i) {
    const auto [early, late] = std::minmax(lasts[i][0], lasts[i][1]);
    if (early == Time::min() || late - early > kNear) continue;
    const Time ended = late;
    const bool on =
        std::ranges::any_of(lasts, [&](const Lasts& other) { return std::min(other[0], other[1]) > ended + kNear; });
    if (!on) continue;
    for (std::vector<AudioDue>& due : places[i].due) {
      for (AudioDue& one : due) one.until = std::min(one.until, ended);
      std::erase_if(due, [](const AudioDue& one) { return one.from >= one.until; });
    }
  }
}

/// One for each place where streams of the path were captured.
[[nodiscard]] std::vector<AudioPath> at_each_place(const CallFacts& facts, const AudioPath& path) {
  std::map<std::size_t, AudioPath> places;
  for (std::size_t receiver = 0; receiver < path.streams.size(); ++receiver)
    for (const std::uint32_t index : path.streams[receiver]) {
      AudioPath& here = places[facts.streams[index].place];
      here.streams[receiver].push_back(index);
    }
  if (places.size() < 2) return {path};
  std::vector<AudioPath> all;
  for (auto& [place, here] : places) {
    here.legs = path.legs;
    here.due = path.due;
    here.lulls = path.lulls;
    all.push_back(std::move(here));
  }
  end_captures(facts, all);
  return all;
}

}  // namespace

std::vector<AudioPath> audio_paths(const CallFacts& facts) {
  const call::Call& call = facts.call;
  std::vector<AudioPath> paths;
  const Time answered = call.answered != call::kNever ? call.answered : call.first;
  if (!call.established()) return paths;
  const Time end = facts.ended();
  for (std::size_t i = 0; i < call.legs.size(); ++i) {
    const auto leg = static_cast<std::uint8_t>(i);
    const auto known = std::find_if(paths.begin(), paths.end(), [&](const AudioPath& path) {
      return std::any_of(path.legs.begin(), path.legs.end(),
                         [&](std::uint8_t other) { return same_media(call.legs[other], call.legs[leg]); });
    });
    AudioPath& path = known == paths.end() ? paths.emplace_back() : *known;
    path.legs.push_back(leg);
    add_due(call.legs[leg], answered, end, path);
  }
  for (AudioPath& path : paths) {
    path.lulls = lulls_of(call, path, end);
    for (std::vector<AudioDue>& due : path.due)
      std::stable_sort(due.begin(), due.end(), [](const AudioDue& a, const AudioDue& b) { return a.from < b.from; });
    for (std::uint32_t i = 0; i < facts.streams.size(); ++i)
      if (is_of(facts, facts.streams[i], path))
        path.streams[static_cast<std::size_t>(facts.streams[i].receiver)].push_back(i);
  }
  std::vector<AudioPath> all;
  for (const AudioPath& path : paths) std::ranges::move(at_each_place(facts, path), std::back_inserter(all));
  return all;
}

bool names_unreachable(const MediaSpan& span) {
  const net::Address& named = span.media.rtp.address;
  if (!named.present() || named.is_global() || !span.source.is_global()) return false;
  return named.scope() == net::Scope::private_use || named.scope() == net::Scope::shared_cgn ||
         named.scope() == net::Scope::link_local || named.scope() == net::Scope::loopback;
}

}  // namespace viaduct::diagnose
