// SPDX-License-Identifier: GPL-2.0-or-later
#include "alg/decider.hpp"
#include "sdp/rewrite.hpp"
#include "sip/body.hpp"
#include "sip/fields.hpp"
#include "sip/rewrite.hpp"

#include <algorithm>

namespace viaduct::alg {
namespace {

constexpr std::uint16_t kFirstMediaPort = 1024;
constexpr std::uint16_t kMostPortPairs = 4;

bool speaks_ice(const sdp::Session& session) {
  const std::span<const sdp::Media> media = session.media();
  return session.traits.ice() || std::any_of(media.begin(), media.end(), [](const sdp::Media& m) {
           return m.traits.ice() || m.traits.has(sdp::Trait::trickle);
         });
}

// RTCP on the next port up must be mapped with RTP; a=rtcp elsewhere (RFC 3605) gets a mapping of its own.
bool rtcp_is_next_port(const sdp::Media& media) {
  return !media.rtcp.present() || media.rtcp.port == media.port + 1;
}

// RTCP of another host (RFC 3605): neither its address nor its port is ours to map.
bool rtcp_is_elsewhere(const sdp::Media& media, const net::Address& inner) {
  return media.rtcp.present() && media.rtcp.where.present() && media.rtcp.where.literal != inner;
}

// A stream that gets no mapping now, so that its lines are not touched: off, on hold, a placeholder port (RFC 8840),
// not over UDP. A mapping that it has stays.
bool is_idle(const sdp::Session& session, const sdp::Media& media) {
  if (media.port < kFirstMediaPort || session.connection_of(media).is_unspecified()) return true;
  const sdp::Carrier carrier = sdp::carrier_of(session.text(media.protocol));
  return carrier == sdp::Carrier::tcp || carrier == sdp::Carrier::other;
}

}  // namespace

void Decider::outbound_sdp() {
  const std::optional<sip::BodyPart> part = sip::find_sdp(message_);
  if (!part) return;
  const sdp::Result<sdp::Session> session = sdp::parse(message_.bytes(), part->content);
  if (!session) return note(Field::sdp_connection, Action::left, Reason::opaque_body);
  const Reason bar = body_bar(*part, *session);
  if (bar == Reason::none) return translate(*session);
  note(Field::sdp_connection, Action::left, bar);
  // o= that was translated before stays so (RFC 3264 8), unless nothing of the body may be touched.
  const bool sealed = bar == Reason::opaque_body || bar == Reason::auth_int || bar == Reason::signed_contact;
  if (edits_allowed() && !sealed && association_->entry(Field::sdp_origin) != nullptr) {
    edit_origin(*session, {});
    attempt(sip::replace_content_length(decision_.edits, message_));
  }
  permit(*session);
}

// Promise 1 for bodies: what bars all edits of this SDP. none: it may be translated.
Reason Decider::body_bar(const sip::BodyPart& part, const sdp::Session& session) const {
  const Decided& decided = association_->decided;
  if (decided.mode == Mode::observe) return Reason::mode_observe;
  if (decided.sdp != Reason::none) return decided.sdp;
  if (decided.mode != Mode::assist) return Reason::mode_pinhole;
  const bool own_length = part.depth > 0 && part.content_length.present();  // of a part: an edit would make it wrong
  if (part.bar != sip::BodyBar::none || own_length) return Reason::opaque_body;
  if (speaks_ice(session)) return Reason::ice;
  const base::Bytes buffer = message_.bytes();
  const sip::Result<sip::Credentials> own = sip::authorization(message_);
  const sip::Result<sip::Credentials> proxy = sip::proxy_authorization(message_);
  if ((own && own->covers_body(buffer)) || (proxy && proxy->covers_body(buffer))) return Reason::auth_int;
  if (const sip::Result<sip::Identity> identity = sip::identity(message_); identity && identity->rfc4474)
    return Reason::signed_contact;
  for (const sdp::Media& media : session.media())
    if (const Reason reason = media_bar(session, media); reason != Reason::none) return reason;
  return Reason::none;
}

Reason Decider::media_bar(const sdp::Session& session, const sdp::Media& media) const {
  if (is_idle(session, media)) return Reason::none;
  const net::Address& literal = session.connection_of(media).where.literal;
  if (!literal.present()) return Reason::name_not_literal;
  if (literal == wan().address) return Reason::own_wan_address;
  if (literal.is_global()) return Reason::already_public;
  if (literal != arrival_.inner.address) return Reason::other_host;
  return media.port_count > kMostPortPairs ? Reason::no_mapping : Reason::none;
}

// Maps first, edits second: an edit without a mapping behind its value would be worse than none.
void Decider::translate(const sdp::Session& session) {
  const std::size_t changes = decision_.changes.size();
  const std::size_t pending = pending_.size();
  std::array<OuterMedia, sdp::kMaxMedia> outer;
  net::Address address;  // of the outer side; absent while nothing was mapped
  for (std::size_t i = 0; i < session.media().size(); ++i) {
    const sdp::Media& media = session.media()[i];
    if (is_idle(session, media)) continue;
    const std::optional<OuterMedia> ports = map_media(media, false);
    if (!ports) {
      decision_.changes.resize(changes);
      pending_.resize(pending);
      note(Field::sdp_port, Action::left, Reason::no_mapping);
      if (association_->entry(Field::sdp_origin) != nullptr) edit_origin(session, {});
      return attempt(sip::replace_content_length(decision_.edits, message_));
    }
    outer[i] = *ports;
    address = ports->rtp.address;
  }
  if (address.present() && session.connection.where.literal == arrival_.inner.address)
    edit_address(Field::sdp_connection, 0, session, address);
  for (std::size_t i = 0; i < session.media().size(); ++i)
    if (!is_idle(session, session.media()[i])) edit_media(session, i, outer[i]);
  edit_origin(session, address);
  attempt(sip::replace_content_length(decision_.edits, message_));
}

std::optional<Decider::OuterMedia> Decider::map_media(const sdp::Media& media, bool only_same) {
  OuterMedia outer;
  const bool elsewhere = rtcp_is_elsewhere(media, arrival_.inner.address);
  const bool pair = !elsewhere && rtcp_is_next_port(media);
  const std::uint16_t run = static_cast<std::uint16_t>(media.port_count * (pair ? 2 : 1));
  if (!map_run(media.port, run, only_same, outer.rtp)) return std::nullopt;
  if (elsewhere) return outer;
  if (pair)
    outer.rtcp = net::Endpoint{outer.rtp.address, static_cast<std::uint16_t>(outer.rtp.port + 1)};
  else if (media.rtcp.port < kFirstMediaPort || !map_run(media.rtcp.port, 1, only_same, outer.rtcp))
    return std::nullopt;
  return outer;
}

void Decider::edit_media(const sdp::Session& session, std::size_t index, const OuterMedia& outer) {
  const sdp::Media& media = session.media()[index];
  const net::Address& inner = arrival_.inner.address;
  const std::size_t place = index + 1;
  if (media.connection.where.literal == inner) edit_address(Field::sdp_connection, place, session, outer.rtp.address);
  intend(Field::sdp_port, place, {{}, outer.rtp.port});
  if (outer.rtp.port != media.port) {
    attempt(sdp::replace_port(decision_.edits, media, outer.rtp.port));
    note(Field::sdp_port, Action::edited, Reason::names_inner_address);
  }
  if (!media.rtcp.present()) return;
  if (rtcp_is_elsewhere(media, inner)) return note(Field::sdp_rtcp, Action::left, Reason::other_host);
  intend(Field::sdp_rtcp, place, {{}, outer.rtcp.port});
  if (outer.rtcp.port != media.rtcp.port) {
    attempt(sdp::replace_rtcp_port(decision_.edits, media.rtcp, outer.rtcp.port));
    note(Field::sdp_rtcp, Action::edited, Reason::names_inner_address);
  }
  if (media.rtcp.where.literal == inner) edit_address(Field::sdp_rtcp, place, session, outer.rtcp.address);
}

void Decider::edit_address(Field field, std::size_t place, const sdp::Session& session, const net::Address& outer) {
  const sdp::AddressField& where = field == Field::sdp_origin ? session.origin.where
                                   : field == Field::sdp_rtcp ? session.media()[place - 1].rtcp.where
                                   : place == 0               ? session.connection.where
                                                              : session.media()[place - 1].connection.where;
  attempt(sdp::replace_address(decision_.edits, session, where, outer));
  intend(field, place, {outer, 0});
  note(field, Action::edited, Reason::names_inner_address);
  std::array<char, net::kMaxAddressText> text;
  enter(field, bytes(where.address), outer.write_text(text));
}

// RFC 3264 8: o= is the same in every SDP of a dialog, but for its version. So what the first SDP got, all get.
void Decider::edit_origin(const sdp::Session& session, const net::Address& outer) {
  if (!session.origin.present()) return;
  const sdp::AddressField& where = session.origin.where;
  const base::Bytes own = bytes(where.address);
  if (const LedgerEntry* before = association_->entry(Field::sdp_origin)) {
    if (before->inner != own || before->outer == own) return;
    const std::optional<net::Address> constant = net::parse_address(before->outer);
    if (!constant) return;
    attempt(sdp::replace_address(decision_.edits, session, where, *constant));
    intend(Field::sdp_origin, 0, {*constant, 0});
    return note(Field::sdp_origin, Action::edited, Reason::origin_is_constant);
  }
  if (outer.present() && where.literal == arrival_.inner.address)
    edit_address(Field::sdp_origin, 0, session, outer);
  else
    enter(Field::sdp_origin, own, own);
}

// What pinhole does, and observe in its weaker form: bytes stay, the kernel learns which media is ours.
void Decider::permit(const sdp::Session& session) {
  const bool observe = association_->decided.mode == Mode::observe;
  for (const sdp::Media& media : session.media()) {
    if (is_idle(session, media) || media.port_count > kMostPortPairs) continue;
    const net::Address& literal = session.connection_of(media).where.literal;
    const bool own_wan = literal.present() && literal == wan().address;
    if (!observe && own_wan) {
      decision_.holds.push_back({literal, media.port});
      const std::uint16_t rtcp = rtcp_is_elsewhere(media, literal) ? media.port : media.rtcp_port();
      if (rtcp != media.port) decision_.holds.push_back({literal, rtcp});
    }
    if (literal == arrival_.inner.address) permit(media);
  }
}

// Media of a flow that is not translated must not be: the platform would get signalling from one address and media
// from another, or over the Internet what belongs into a VPN.
void Decider::permit(const sdp::Media& media) {
  const bool observe = association_->decided.mode == Mode::observe;
  if (!observe && arrival_.inner.address.family == net::Family::ipv6) return open_ipv6(media);
  const bool translated = !observe && (is_mapped(media.port) || is_translated());
  if (translated && map_media(media, true)) return note(Field::media, Action::opened, Reason::mode_pinhole);
  watch(media.port);
  if (!rtcp_is_elsewhere(media, arrival_.inner.address)) watch(media.rtcp_port());
  if (!observe) note(Field::media, Action::left, translated ? Reason::port_taken : Reason::not_translated);
}

void Decider::open_ipv6(const sdp::Media& media) {
  const bool elsewhere = rtcp_is_elsewhere(media, arrival_.inner.address);
  for (const std::uint16_t port : {media.port, elsewhere ? media.port : media.rtcp_port()}) {
    const net::Endpoint inner{arrival_.inner.address, port};
    const MappingKey key{inner, arrival_.wan};
    if (room_for(1)) use(key, state_.mappings().find(key), inner, MappingKind::media, {});
  }
  note(Field::media, Action::opened, Reason::ipv6);
}

void Decider::watch(std::uint16_t port) {
  const MappingKey key{{arrival_.inner.address, port}, arrival_.wan};
  const Mapping* known = state_.mappings().find(key);
  if (!room_for(1)) return;
  if (known != nullptr)
    use(key, known, known->outer, known->kind, {});
  else
    use(key, nullptr, {}, MappingKind::watched, {});
}

// Who will send: the addresses of the peer's SDP. A name, a private address or ICE candidates mean that
// nobody can tell, and then anyone may.
void Decider::inbound_sdp() {
  if (association_->kind != AssociationKind::call) return;
  admit(arrival_.platform.address);
  const std::optional<sip::BodyPart> part = sip::find_sdp(message_);
  if (!part) return;
  const sdp::Result<sdp::Session> session = sdp::parse(message_.bytes(), part->content);
  if (!session) return admit({});
  if (speaks_ice(*session)) admit({});
  for (const sdp::Media& media : session->media()) {
    if (is_idle(*session, media)) continue;
    const net::Address& literal = session->connection_of(media).where.literal;
    admit(literal.is_global() ? literal : net::Address{});
    if (media.rtcp.where.present())
      admit(media.rtcp.where.literal.is_global() ? media.rtcp.where.literal : net::Address{});
    const net::Endpoint peer{literal, media.port};
    if (&media == session->media().data() && association_->peer_media != peer)
      decision_.changes.emplace_back(SetPeerMedia{association_->id, peer});
  }
  const bool final_answer = method_ == sip::Method::invite && message_.status() >= 200 && message_.status() < 300;
  if (!association_->answered && (final_answer || association_->phase == Phase::confirmed))
    decision_.changes.emplace_back(SetAnswered{association_->id, arrival_.now});
}

void Decider::admit(const net::Address& source) {
  const std::vector<net::Address>& known = association_->sources;
  const bool news =
      source.present() ? std::find(known.begin(), known.end(), source) == known.end() : association_->sources_complete;
  if (news) decision_.changes.emplace_back(AdmitSource{association_->id, source});
}

}  // namespace viaduct::alg
