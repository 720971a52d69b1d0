// SPDX-License-Identifier: GPL-2.0-or-later
// What the gateway calls for an INVITE that leaves: alg::decide() has no reader of its own, it calls the typed
// functions of sip and sdp one by one (src/alg/decide*.cpp). Those are sip::parse, call_id, to, from, tag, parse_uri,
// top_via, NameAddrs of Contact, content_length, find_sdp and sdp::parse. CSeq, Max-Forwards, Expires and the other Via
// are not needed there; they are read because the other parsers have read them.
#include "net/address.hpp"
#include "parse_fold.hpp"
#include "sdp/session.hpp"
#include "sip/address_spec.hpp"
#include "sip/body.hpp"
#include "sip/fields.hpp"
#include "sip/message.hpp"
#include "sip/uri.hpp"
#include "sip/values.hpp"
#include "sip/via.hpp"

namespace viaduct::bench {
namespace {

void fold_address(Fold& fold, const sdp::AddressField& field) {
  fold.address(field.literal.octets.data(), field.literal.size());
}

void fold_host(Fold& fold, base::Bytes host, const net::Address& literal) {
  if (literal.family == net::Family::ipv4)
    fold.address(literal.octets.data(), literal.size());
  else
    fold.text(host);
}

void fold_party(Fold& fold, base::Bytes octets, const sip::NameAddr& party) {
  fold.text(party.uri.user.of(octets));
  fold.text(party.uri.host.of(octets));
  fold.text(sip::tag(octets, party).of(octets));
}

void fold_uri(Fold& fold, base::Bytes octets, const sip::Uri& uri) {
  fold.text(uri.user.of(octets));
  fold_host(fold, uri.host.of(octets), uri.literal);
  fold.number(uri.port);
}

[[nodiscard]] bool fold_via(Fold& fold, const sip::Message& message) {
  const base::Bytes octets = message.bytes();
  const sip::Result<sip::Via> via = sip::top_via(message);
  if (!via) return false;
  fold_host(fold, via->host.of(octets), via->literal);
  fold.number(via->port);
  fold.text(via->branch.of(octets));
  return true;
}

[[nodiscard]] bool fold_headers(Fold& fold, const sip::Message& message) {
  const base::Bytes octets = message.bytes();
  const sip::Result<sip::Uri> uri = sip::parse_uri(octets, message.request_uri());
  const sip::Result<sip::NameAddr> from = sip::from(message);
  const sip::Result<sip::NameAddr> to = sip::to(message);
  const sip::Result<base::Range> call_id = sip::call_id(message);
  const sip::Result<sip::CSeq> cseq = sip::cseq(message);
  const sip::Result<sip::ContentLength> length = sip::content_length(message);
  if (!uri || !from || !to || !call_id || !cseq || !length) return false;
  fold.text(message.text(message.method_text()));
  fold_uri(fold, octets, *uri);
  if (!fold_via(fold, message)) return false;
  fold_party(fold, octets, *from);
  fold_party(fold, octets, *to);
  sip::MessageValues contacts(message, sip::HeaderId::contact);
  while (const std::optional<base::Range> value = contacts.next()) {
    const sip::Result<sip::NameAddr> contact = sip::parse_name_addr(octets, *value);
    if (!contact) return false;
    fold_uri(fold, octets, contact->uri);
  }
  fold.text(call_id->of(octets));
  fold.number(cseq->number);
  fold.text(cseq->method_text.of(octets));
  fold.number(sip::expires(message).value_or(0));
  fold.number(length->value);
  return true;
}

[[nodiscard]] bool fold_sdp(Fold& fold, const sip::Message& message) {
  const base::Bytes octets = message.bytes();
  const std::optional<sip::BodyPart> part = sip::find_sdp(message);
  if (!part) return false;
  const sdp::Result<sdp::Session> sdp = sdp::parse(octets, part->content);
  if (!sdp) return false;
  fold_address(fold, sdp->origin.where);
  fold_address(fold, sdp->connection.where);
  for (const sdp::Media& media : sdp->media()) {
    fold.number(media.port);
    fold.text(media.protocol.of(octets));
    fold_address(fold, media.connection.where);
  }
  return true;
}

}  // namespace

std::uint64_t parse_viaduct(base::Bytes octets) {
  const sip::Result<sip::Message> message = sip::parse(octets);
  if (!message || !message->is_request()) return 0;
  Fold fold;
  if (!fold_headers(fold, *message)) return 0;
  if (message->body().length != 0 && !fold_sdp(fold, *message)) return 0;
  return fold.sum();
}

}  // namespace viaduct::bench
