// SPDX-License-Identifier: GPL-2.0-or-later
#include "alg/decider.hpp"
#include "base/text.hpp"
#include "sip/fields.hpp"
#include "sip/parameters.hpp"
#include "sip/rewrite.hpp"
#include "sip/values.hpp"

#include <array>
#include <charconv>
#include <span>

namespace viaduct::alg {
namespace {

// More bindings than any phone has; the proof reads each of them again.
constexpr std::size_t kMostContacts = 32;

}  // namespace

// RFC 3261 18.2.2 sends the response to the address the request came from, but to the port in Via: that is
// what needs an edit. With ;rport (RFC 3581) it needs none.
void Decider::edit_via() {
  if (!edits_allowed()) return;
  const sip::Result<sip::Via> via = sip::top_via(message_);
  if (!via) return;
  if (via->has_rport) return note(Field::via, Action::left, Reason::rport);
  if (via->literal != arrival_.inner.address) return note(Field::via, Action::left, Reason::not_inner_address);
  const base::Bytes spelling = bytes(via->sent_by());
  const std::optional<net::Endpoint> outer = signalling_outer(with_default_port(via->endpoint()), {});
  if (!outer) return note(Field::via, Action::left, Reason::no_mapping);
  if (!sip::replace_sent_by(decision_.edits, *via, *outer)) return note(Field::via, Action::left, Reason::no_mapping);
  intend(Field::via, 0, *outer);
  note(Field::via, Action::edited, Reason::names_inner_address);
  enter(Field::via, spelling, *outer);
}

// All of them or none: a registrar that gets some bindings outside and some inside has no use for either.
void Decider::edit_contacts() {
  const HeaderBars bars = header_bars();
  sip::NameAddrs contacts(message_, sip::HeaderId::contact);
  for (std::size_t place = 0; const std::optional<sip::Result<sip::NameAddr>> contact = contacts.next(); ++place) {
    if (place == kMostContacts && edits_allowed()) failed_ = Reason::over_limit;
    if (place == kMostContacts || failed_ != Reason::none) return;
    if (*contact && !(*contact)->star) edit_contact(**contact, place, bars);
  }
}

Decider::HeaderBars Decider::header_bars() const {
  if (!edits_allowed()) return {};
  const sip::Result<sip::Identity> identity = sip::identity(message_);
  return {message_.find(sip::HeaderId::path) != nullptr || sip::has_option(message_, sip::HeaderId::supported, "path"),
          identity && identity->rfc4474};
}

void Decider::edit_contact(const sip::NameAddr& contact, std::size_t place, const HeaderBars& bars) {
  const Reason bar = contact_bar(contact, bars);
  if (bar != Reason::none) return note(Field::contact, Action::left, bar);
  const std::optional<net::Endpoint> outer =
      signalling_outer(with_default_port(contact.uri.endpoint()), bytes(contact.uri.host_port()));
  if (!outer) return note(Field::contact, Action::left, Reason::no_mapping);
  attempt(sip::replace_host_port(decision_.edits, contact.uri, *outer));
  intend(Field::contact, place, *outer);
  note(Field::contact, Action::edited, Reason::names_inner_address);
  enter(Field::contact, bytes(contact.uri.host_port()), *outer);
}

// The need test for Contact (promise 1), in the order in which a person would ask.
Reason Decider::contact_bar(const sip::NameAddr& contact, const HeaderBars& bars) const {
  const net::Address& literal = contact.uri.literal;
  if (!contact.uri.is_sip() || !literal.present()) return Reason::name_not_literal;
  if (literal == wan().address) return Reason::own_wan_address;
  if (literal.is_global()) return Reason::already_public;
  if (literal != arrival_.inner.address) return Reason::not_inner_address;
  if (association_->decided.mode == Mode::observe) return Reason::mode_observe;
  if (association_->decided.contact != Reason::none) return association_->decided.contact;
  if (association_->decided.mode != Mode::assist) return Reason::mode_pinhole;
  const base::Bytes buffer = message_.bytes();
  const base::Range transport = sip::parameter_value(buffer, contact.uri.parameters, "transport");
  if (contact.uri.scheme == sip::Scheme::sips || (transport.present() && !base::iequals(bytes(transport), "udp")))
    return Reason::other_transport;
  if (sip::find_parameter(buffer, contact.uri.parameters, "ob") ||
      sip::find_parameter(buffer, contact.parameters, "reg-id") ||
      (bars.path && sip::find_parameter(buffer, contact.parameters, "+sip.instance")))
    return Reason::outbound;
  return bars.signed_contact ? Reason::signed_contact : Reason::none;
}

void Decider::enter(Field field, base::Bytes inner, const net::Endpoint& outer) {
  std::array<char, net::kMaxAddressText + 6> text;
  const base::Bytes address = outer.address.write_text(std::span(text).first<net::kMaxAddressText>());
  char* end = text.data() + address.size();
  *end++ = ':';
  end = std::to_chars(end, text.data() + text.size(), outer.port).ptr;
  enter(field, inner, base::Bytes(text.data(), static_cast<std::size_t>(end - text.data())));
}

void Decider::enter(Field field, base::Bytes inner, base::Bytes outer) {
  for (const LedgerEntry& entry : association_->ledger)
    if (entry.field == field && entry.inner == inner && entry.outer == outer) return;
  decision_.changes.emplace_back(EnterLedger{association_->id, {field, std::string(inner), std::string(outer)}});
}

std::optional<Decider::Original> Decider::original_of(Field field, const net::Endpoint& outer) const {
  if (!outer.address.present()) return std::nullopt;
  const Mapping* mapping = state_.mappings().find_outer(with_default_port(outer), arrival_.wan);
  if (mapping == nullptr || mapping->kind != MappingKind::signalling ||
      mapping->key.inner.address != arrival_.inner.address)
    return std::nullopt;
  const std::span<const LedgerEntry> ledger =
      association_ == nullptr ? std::span<const LedgerEntry>() : association_->ledger;
  for (const LedgerEntry& entry : ledger) {
    if (entry.field != field) continue;
    const sip::Result<sip::HostPort> inner =
        sip::parse_host_port(entry.inner, base::between(0, entry.inner.size()), true);
    if (inner && with_default_port({inner->literal, inner->port}) == mapping->key.inner)
      return Original{entry.inner, mapping->key.inner};
  }
  if (field != Field::contact || mapping->spelling.empty()) return std::nullopt;
  return Original{mapping->spelling, mapping->key.inner};
}

void Decider::restore_request_uri() {
  const sip::Result<sip::Uri> uri = sip::parse_uri(message_.bytes(), message_.request_uri());
  if (!uri || !uri->is_sip()) return;
  restore(Field::request_uri, 0, uri->host_port(), original_of(Field::contact, uri->endpoint()));
}

void Decider::restore_via() {
  const sip::Result<sip::Via> via = sip::top_via(message_);
  if (via) restore(Field::via, 0, via->sent_by(), original_of(Field::via, via->endpoint()));
}

// The 200 to a REGISTER lists the bindings; the phone looks for the one it wrote (RFC 3261 10.2.4).
void Decider::restore_contacts() {
  if (message_.is_request() || method_ != sip::Method::register_) return;
  sip::NameAddrs contacts(message_, sip::HeaderId::contact);
  for (std::size_t place = 0; const std::optional<sip::Result<sip::NameAddr>> contact = contacts.next(); ++place) {
    if (!*contact || (*contact)->star || !(*contact)->uri.is_sip()) continue;
    const sip::Uri& uri = (*contact)->uri;
    restore(Field::contact, place, uri.host_port(), original_of(Field::contact, uri.endpoint()));
    if (failed_ != Reason::none) return;
  }
}

void Decider::restore(Field field, std::size_t place, base::Range where, const std::optional<Original>& original) {
  if (!original) return;
  attempt(decision_.edits.replace(where, original->text));
  intend(field, place, original->inner);
  note(field, Action::restored, Reason::echo_of_edit);
}

}  // namespace viaduct::alg
