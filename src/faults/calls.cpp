// SPDX-License-Identifier: GPL-2.0-or-later
#include "faults/calls.hpp"

#include "sdp/session.hpp"
#include "sip/body.hpp"
#include "sip/fields.hpp"

#include <algorithm>
#include <optional>

namespace viaduct::faults {
namespace {

/// Makes room for one more: the oldest goes.
template <class Map, class Key>
void remember(Map& map, std::list<Key>& order, const Key& key, std::size_t limit) {
  if (map.contains(key)) return;
  while (map.size() >= limit && !order.empty()) {
    map.erase(order.front());
    order.pop_front();
  }
  order.push_back(key);
}

/// A hold is answered with recvonly (RFC 3264 section 6.1): that does not end it.
bool stops_media(const sdp::Session& session) {
  return std::ranges::all_of(session.media(), [&session](const sdp::Media& media) {
    const net::Address& address = session.connection_of(media).where.literal;
    const bool zero = address.present() && address.scope() == net::Scope::unspecified;
    return zero || media.port == 0 || media.direction != sdp::Direction::sendrecv;
  });
}

}  // namespace

std::optional<std::string> Calls::id_of(const sip::Message& message) {
  const sip::Result<base::Range> id = sip::call_id(message);
  if (!id || id->length > kMaxCallId) return std::nullopt;
  return std::string(message.text(*id));
}

std::optional<sdp::Session> session_of(const sip::Message& message) {
  const std::optional<sip::BodyPart> part = sip::find_sdp(message);
  if (!part) return std::nullopt;
  sdp::Result<sdp::Session> session = sdp::parse(message.bytes(), part->content);
  return session ? std::optional(*session) : std::nullopt;
}

Call* Calls::find(const sip::Message& message, base::Instant now) {
  const std::optional<std::string> id = id_of(message);
  if (!id) return nullptr;
  if (message.method() == sip::Method::invite) remember(calls_, call_order_, *id, kMaxCalls);
  const auto known = calls_.find(*id);
  if (known != calls_.end()) return &known->second;
  if (message.method() != sip::Method::invite) return nullptr;
  Call& call = calls_[*id];
  call.begun = now;
  return &call;
}

void Calls::observe(const sip::Message& message, bool outbound, const net::Endpoint& remote, base::Instant now) {
  Call* const call = find(message, now);
  if (call == nullptr) return;
  const sip::Result<sip::CSeq> cseq = sip::cseq(message);
  if (cseq && cseq->method == sip::Method::invite && message.status() / 100 == 2 && call->answered == base::Instant{})
    call->answered = now;
  const std::optional<sdp::Session> session = session_of(message);
  if (!session || session->media().empty()) return;
  const bool was_held = call->held;
  call->held = stops_media(*session);
  call->resumed = !call->held && (was_held || call->resumed);
  if (!outbound) return;
  const std::uint64_t transaction = cseq ? std::uint64_t{cseq->number} << 2 | (message.is_request() ? 2 : 1) : 0;
  call->renewed = transaction != call->transaction;
  call->transaction = transaction;
  if (call->renewed) ++call->offers;
  if (call->origin_version.empty() && session->origin.version.length <= Call::kMaxOriginVersion)
    call->origin_version = session->text(session->origin.version);
  announce(*session, *id_of(message), remote, now);
}

void Calls::announce(const sdp::Session& session, const std::string& call_id, const net::Endpoint& remote,
                     base::Instant now) {
  for (const sdp::Media& media : session.media()) {
    const net::Address& address = session.connection_of(media).where.literal;
    if (!address.present() || media.port == 0) continue;
    const bool muxed = session.traits_of(media).has(sdp::Trait::rtcp_mux);
    const std::uint16_t rtcp = media.rtcp.line.present() ? media.rtcp.port : static_cast<std::uint16_t>(media.port + 1);
    for (const std::uint16_t port : {media.port, rtcp}) {
      const net::Endpoint inner{address, port};
      remember(media_, media_order_, inner, kMaxMedia);
      CallMedia& known = media_[inner];
      if (known.call_id != call_id) known = CallMedia{call_id, remote, now, {}, {}};
      known.announced = now;
      if (muxed) break;
    }
  }
}

CallMedia* Calls::media(const net::Endpoint& inner) {
  const auto known = media_.find(inner);
  return known == media_.end() ? nullptr : &known->second;
}

}  // namespace viaduct::faults
