// SPDX-License-Identifier: GPL-2.0-or-later
#include "diagnose/sides/media_session.hpp"

#include "diagnose/sides/written.hpp"

#include <algorithm>
#include <set>

namespace viaduct::diagnose::sides {
namespace {

[[nodiscard]] std::vector<net::Endpoint> media_in(const std::string& octets) {
  std::vector<net::Endpoint> found;
  for (const Written& one : written_in(octets))
    if (one.field.is_sdp('m') && one.endpoint.port != 0) found.push_back(one.endpoint);
  return found;
}

void note(MediaSession& session, const SeenMessage& seen, Time time) {
  using sip::Method;
  if (seen.is_request() && seen.method == Method::invite) session.invites.push_back(time);
  if (seen.is_request() && seen.method == Method::cancel) session.cancels.push_back(time);
  if (seen.is_request() && seen.method == Method::bye && !session.ended) session.ended = time;
  if (seen.method == Method::invite && seen.status >= 200 && seen.status < 300 && !session.answered)
    session.answered = time;
}

}  // namespace

MediaSessions media_sessions(const Comparison& comparison) {
  MediaSessions sessions;
  std::set<std::uint32_t> edited;
  for (const ChangedMessage& message : comparison.changed)
    if (message.sdp) edited.insert(message.pair);
  for (std::uint32_t i = 0; i < comparison.alignment.pairs.size(); ++i) {
    const MessagePair& pair = comparison.alignment.pairs[i];
    const bool outbound = comparison.outbound(pair);
    const SeenMessage& within = outbound ? comparison.before(pair) : comparison.after(pair);
    const auto [at, fresh] = sessions.try_emplace(within.call_id);
    MediaSession& session = at->second;
    if (fresh) session.pair = i;
    note(session, within, comparison.first(pair).time);
    for (const net::Endpoint& one : media_in(within.octets)) (outbound ? session.inner : session.outer).push_back(one);
    session.edited = session.edited || (outbound && edited.contains(i));
  }
  std::erase_if(sessions, [](const auto& one) { return one.second.inner.empty(); });
  return sessions;
}

}  // namespace viaduct::diagnose::sides
