// SPDX-License-Identifier: GPL-2.0-or-later
#include "diagnose/fingerprint/sdp_marks.hpp"

#include "call/hash.hpp"
#include "sdp/attribute.hpp"
#include "sdp/candidate.hpp"
#include "sdp/session.hpp"
#include "sip/body.hpp"

namespace viaduct::diagnose::fingerprint {
namespace {

constexpr std::size_t kMaxCandidates = 32;

[[nodiscard]] Named named(const sdp::AddressField& where, const net::Address& own) {
  if (!where.present()) return {};
  const Kind kind = where.is_literal() ? kind_of(where.literal, own) : Kind::name;
  return {kind, {where.literal, 0}, where.address};
}

/// What the candidates over UDP of one m= line are.
struct Candidates {
  bool any_inner = false;
  bool any_own = false;
};

[[nodiscard]] Candidates read_candidates(const sdp::Session& session, const sdp::Media& media, const net::Address& own,
                                         Observation& facts) {
  Candidates found;
  std::size_t count = 0;
  sdp::Attributes all(session, media);
  while (const std::optional<sdp::Attribute> attribute = all.next(sdp::AttributeId::candidate)) {
    if (++count > kMaxCandidates) break;
    const sdp::Result<sdp::Candidate> one = sdp::parse_candidate(session.buffer, attribute->value);
    if (!one || !one->literal.present()) continue;
    const Kind kind = kind_of(one->literal, own);
    found.any_inner |= kind == Kind::inner;
    // Relayed ones belong to a TURN server; whatever else is no private one may be the default, too.
    found.any_own |= kind == Kind::own || kind == Kind::other || kind == Kind::shared;
    facts.add_inner({kind, {one->literal, one->port}, one->address});
  }
  return found;
}

void read_media(const sdp::Session& session, const sdp::Media& media, const net::Address& own, Observation& facts) {
  if (media.closed()) return;
  Named here = named(session.connection_of(media).where, own);
  here.endpoint.port = media.port;
  facts.add_inner(here);
  if (facts.media.kind == Kind::absent)
    facts.media = here;
  else if (facts.outside && facts.media.kind == Kind::own && here.kind == Kind::inner)
    facts.mark(Item::later_media_left, here.where);
  facts.candidates_fit |= sdp::ice_default(session, media) == sdp::IceDefault::matches;
  const Candidates candidates = read_candidates(session, media, own, facts);
  const Named rtcp = named(media.rtcp.where, own);
  facts.add_inner(rtcp);
  if (!facts.outside || here.kind != Kind::own) return;
  if (sdp::ice_default(session, media) == sdp::IceDefault::mismatch && candidates.any_inner && !candidates.any_own &&
      !facts.has(Item::ice_default))
    facts.mark(Item::ice_default, here.where);
  if (rtcp.kind == Kind::inner && !facts.has(Item::rtcp_left)) facts.mark(Item::rtcp_left, rtcp.where);
}

/// FortiOS writes i=(o=IN IP4 192.168.1.10) when it replaces that address.
void read_trace(const sdp::Session& session, const net::Address& own, Observation& facts) {
  const Bytes title = session.text(session.title);
  constexpr Bytes kOrigin = "o=IN IP";
  const std::size_t at = title.find(kOrigin);
  if (at == Bytes::npos || title.size() < at + kOrigin.size() + 2) return;
  Bytes text = title.substr(at + kOrigin.size() + 2);
  text = text.substr(0, text.find_first_not_of("0123456789abcdefABCDEF.:"));
  const std::optional<net::Address> address = net::parse_address(text);
  if (!address) return;
  facts.add_inner({kind_of(*address, own), {*address, 0}, base::range_in(session.buffer, text)});
  facts.mark(Item::traced_origin, session.title);
}

}  // namespace

void read_sdp(const sip::Message& message, const net::Address& own, Observation& facts) {
  const std::optional<sip::BodyPart> part = sip::find_sdp(message);
  if (!part || (part->bar != sip::BodyBar::none && part->bar != sip::BodyBar::smime_signed &&
                part->bar != sip::BodyBar::truncated))
    return;
  // A Content-Length that is too short hides the end of a body that arrived whole.
  const bool hidden = part->depth == 0 && message.framing() == sip::Framing::trailing;
  const base::Range content = hidden ? base::between(part->content.offset, message.bytes().size()) : part->content;
  const sdp::Result<sdp::Session> session = sdp::parse(message.bytes(), content);
  if (!session) return;
  facts.origin = named(session->origin.where, own);
  facts.add_inner(facts.origin);
  const sdp::Origin& origin = session->origin;
  if (origin.present() && origin.version.present())
    facts.session = call::hash_of(session->text(base::between(origin.username.offset, origin.version.end())));
  for (const sdp::Media& media : session->media()) read_media(*session, media, own, facts);
  if (!facts.outside) return;
  read_trace(*session, own, facts);
  if (facts.media.kind == Kind::own && facts.origin.kind == Kind::inner)
    facts.mark(Item::origin_left, facts.origin.where);
  if (facts.media.kind == Kind::inner && facts.origin.kind == Kind::own)
    facts.mark(Item::media_left, facts.media.where);
  if (facts.media.kind == Kind::shared) facts.mark(Item::foreign_inner, facts.media.where);
}

}  // namespace viaduct::diagnose::fingerprint
