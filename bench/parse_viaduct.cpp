// SPDX-License-Identifier: GPL-2.0-or-later
#include "parse_fold.hpp"
#include "sdp/session.hpp"
#include "sip/address_spec.hpp"
#include "sip/fields.hpp"
#include "sip/message.hpp"
#include "sip/uri.hpp"
#include "sip/via.hpp"

namespace viaduct::bench {
namespace {

void fold_address(Fold& fold, const sdp::AddressField& field) {
  fold.address(field.literal.octets.data(), field.literal.size());
}

void fold_party(Fold& fold, base::Bytes octets, const sip::NameAddr& party) {
  fold.text(party.uri.user.of(octets));
  fold.text(party.uri.host.of(octets));
  fold.text(sip::tag(octets, party).of(octets));
}

[[nodiscard]] bool fold_headers(Fold& fold, const sip::Message& message) {
  const base::Bytes octets = message.bytes();
  const sip::Result<sip::Uri> uri = sip::parse_uri(octets, message.request_uri());
  const sip::Result<sip::Via> via = sip::top_via(message);
  const sip::Result<sip::NameAddr> from = sip::from(message);
  const sip::Result<sip::NameAddr> to = sip::to(message);
  const sip::Result<sip::NameAddr> contact = sip::first_name_addr(message, sip::HeaderId::contact);
  const sip::Result<base::Range> call_id = sip::call_id(message);
  const sip::Result<sip::CSeq> cseq = sip::cseq(message);
  const sip::Result<sip::ContentLength> length = sip::content_length(message);
  if (!uri || !via || !from || !to || !contact || !call_id || !cseq || !length) return false;
  fold.text(message.text(message.method_text()));
  fold.text(uri->user.of(octets));
  fold.text(uri->host.of(octets));
  fold.number(uri->port);
  fold.text(via->host.of(octets));
  fold.number(via->port);
  fold.text(via->branch.of(octets));
  fold_party(fold, octets, *from);
  fold_party(fold, octets, *to);
  fold.text(contact->uri.host.of(octets));
  fold.number(contact->uri.port);
  fold.text(call_id->of(octets));
  fold.number(cseq->number);
  fold.number(length->value);
  return true;
}

[[nodiscard]] bool fold_sdp(Fold& fold, const sip::Message& message) {
  const sip::Result<sip::MediaType> type = sip::content_type(message);
  if (!type || !type->is(message.bytes(), "application", "sdp")) return false;
  const sdp::Result<sdp::Session> sdp = sdp::parse(message.bytes(), message.body());
  if (!sdp) return false;
  fold_address(fold, sdp->origin.where);
  fold_address(fold, sdp->connection.where);
  for (const sdp::Media& media : sdp->media()) {
    fold_address(fold, media.connection.where);
    fold.number(media.port);
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
