// SPDX-License-Identifier: GPL-2.0-or-later
#include "base/text.hpp"
#include "message/facts.hpp"
#include "message/reading.hpp"
#include "sip/address_spec.hpp"
#include "sip/fields.hpp"
#include "sip/parameters.hpp"
#include "sip/values.hpp"
#include "sip/via.hpp"

namespace viaduct::message {
namespace {

using sip::Header;
using sip::HeaderId;
using sip::Message;

void add_uri(FactList& facts, const sip::Uri& uri) {
  facts.text("scheme", uri.scheme_text).text("user", uri.user).text("password", uri.password);
  facts.text("host", uri.host).number_unless_zero("port", uri.port);
  facts.text("uri_parameters", uri.parameters).text("uri_headers", uri.headers);
  if (!uri.host.present() && !uri.user.present()) facts.text("uri", uri.whole);
}

[[nodiscard]] sip::Result<Facts> via_facts(const Message& m, base::Range value) {
  const sip::Result<sip::Via> via = sip::parse_via(m.bytes(), value);
  if (!via) return std::unexpected(via.error());
  FactList facts(m.bytes());
  facts.text("transport", via->transport_text).text("host", via->host).number_unless_zero("port", via->port);
  facts.text("branch", via->branch).text("received", via->received).flag("rport_asked", via->has_rport);
  facts.number_unless_zero("rport", via->rport_value).text("maddr", via->maddr).text("ttl", via->ttl);
  return facts.flag("keep", via->has_keep).flag("alias", via->has_alias).take();
}

[[nodiscard]] sip::Result<Facts> name_addr_facts(const Message& m, base::Range value) {
  const sip::Result<sip::NameAddr> party = sip::parse_name_addr(m.bytes(), value);
  if (!party) return std::unexpected(party.error());
  FactList facts(m.bytes());
  facts.flag("star", party->star).text("display_name", sip::without_quotes(m.bytes(), party->display_name));
  if (!party->star) add_uri(facts, party->uri);
  for (sip::ParameterCursor all(m.bytes(), party->parameters); std::optional<sip::Parameter> p = all.next();) {
    for (std::string_view known : {"tag", "expires", "q", "index", "reason", "counter", "privacy", "reg-id"})
      if (base::iequals(p->name.of(m.bytes()), known) && p->value.present())
        facts.text(known, sip::without_quotes(m.bytes(), p->value));
  }
  return facts.take();
}

[[nodiscard]] sip::Result<Facts> token_facts(const Message& m, base::Range value) {
  return FactList(m.bytes()).text("token", value).take();
}

[[nodiscard]] sip::Result<Facts> media_type_facts(const Message& m, base::Range value) {
  const sip::Result<sip::MediaType> type = sip::parse_media_type(m.bytes(), value);
  if (!type) return std::unexpected(type.error());
  FactList facts(m.bytes());
  facts.text("type", type->type).text("subtype", type->subtype);
  return facts.text("boundary", sip::parameter_value(m.bytes(), type->parameters, "boundary")).take();
}

[[nodiscard]] sip::Result<Facts> credentials_facts(const Message& m, base::Range value) {
  const sip::Result<sip::Credentials> c = sip::parse_credentials(m.bytes(), value);
  if (!c) return std::unexpected(c.error());
  FactList facts(m.bytes());
  facts.text("scheme", c->scheme).text("username", c->username).text("realm", c->realm).text("uri", c->uri);
  facts.text("qop", c->qop).text("algorithm", c->algorithm);
  return facts.flag("covers_body", c->covers_body(m.bytes())).take();
}

[[nodiscard]] sip::Result<Facts> dialog_facts(const Message& m, base::Range value) {
  const sip::Result<sip::DialogReference> d = sip::parse_dialog_reference(m.bytes(), value);
  if (!d) return std::unexpected(d.error());
  return FactList(m.bytes()).text("call_id", d->call_id).text("to_tag", d->to_tag).text("from_tag", d->from_tag).take();
}

[[nodiscard]] sip::Result<Facts> seconds_facts(const Message& m, base::Range value) {
  const sip::Result<std::uint32_t> seconds = sip::parse_delta_seconds(m.bytes(), value);
  if (!seconds) return std::unexpected(seconds.error());
  return FactList(m.bytes()).number("seconds", *seconds).take();
}

[[nodiscard]] sip::Result<Facts> call_id_facts(const Message& m, base::Range) {
  const sip::Result<base::Range> id = sip::call_id(m);
  if (!id) return std::unexpected(id.error());
  return Facts{};
}

[[nodiscard]] sip::Result<Facts> cseq_facts(const Message& m, base::Range) {
  const sip::Result<sip::CSeq> cseq = sip::cseq(m);
  if (!cseq) return std::unexpected(cseq.error());
  return FactList(m.bytes()).number("number", cseq->number).text("method", cseq->method_text).take();
}

[[nodiscard]] sip::Result<Facts> content_length_facts(const Message& m, base::Range) {
  const sip::Result<sip::ContentLength> length = sip::content_length(m);
  if (!length) return std::unexpected(length.error());
  return FactList(m.bytes()).number("octets", length->value).take();
}

[[nodiscard]] sip::Result<Facts> max_forwards_facts(const Message& m, base::Range) {
  const sip::Result<std::uint8_t> hops = sip::max_forwards(m);
  if (!hops) return std::unexpected(hops.error());
  return FactList(m.bytes()).number("hops", *hops).take();
}

[[nodiscard]] sip::Result<Facts> session_expires_facts(const Message& m, base::Range) {
  const sip::Result<sip::SessionExpires> timer = sip::session_expires(m);
  if (!timer) return std::unexpected(timer.error());
  FactList facts(m.bytes());
  facts.number("seconds", timer->seconds);
  if (timer->refresher != sip::Refresher::none)
    facts.word("refresher", timer->refresher == sip::Refresher::uac ? "uac" : "uas");
  return facts.take();
}

[[nodiscard]] sip::Result<Facts> identity_facts(const Message& m, base::Range) {
  const sip::Result<sip::Identity> identity = sip::identity(m);
  if (!identity) return std::unexpected(identity.error());
  FactList facts(m.bytes());
  facts.word("standard", identity->rfc4474 ? "RFC 4474" : "RFC 8224");
  for (std::string_view name : {"alg", "ppt", "info"})
    facts.text(name, sip::parameter_value(m.bytes(), identity->parameters, name));
  return facts.take();
}

[[nodiscard]] sip::Result<Facts> session_id_facts(const Message& m, base::Range) {
  const sip::Result<sip::SessionId> id = sip::session_id(m);
  if (!id) return std::unexpected(id.error());
  return FactList(m.bytes()).text("local", id->local).text("remote", id->remote).take();
}

using Reader = sip::Result<Facts> (*)(const Message&, base::Range);

enum class Shape : std::uint8_t {
  single,  ///< the whole value is one thing
  list,    ///< values with commas between them
  first,   ///< the typed function knows only the first header of the id
};

struct Rule {
  HeaderId id;
  Shape shape;
  Reader reader;
};

constexpr Rule kRules[] = {
    {HeaderId::via, Shape::list, via_facts},
    {HeaderId::from, Shape::single, name_addr_facts},
    {HeaderId::to, Shape::single, name_addr_facts},
    {HeaderId::contact, Shape::list, name_addr_facts},
    {HeaderId::route, Shape::list, name_addr_facts},
    {HeaderId::record_route, Shape::list, name_addr_facts},
    {HeaderId::path, Shape::list, name_addr_facts},
    {HeaderId::service_route, Shape::list, name_addr_facts},
    {HeaderId::refer_to, Shape::single, name_addr_facts},
    {HeaderId::referred_by, Shape::single, name_addr_facts},
    {HeaderId::reply_to, Shape::single, name_addr_facts},
    {HeaderId::remote_party_id, Shape::list, name_addr_facts},
    {HeaderId::p_asserted_identity, Shape::list, name_addr_facts},
    {HeaderId::p_preferred_identity, Shape::list, name_addr_facts},
    {HeaderId::p_associated_uri, Shape::list, name_addr_facts},
    {HeaderId::p_called_party_id, Shape::single, name_addr_facts},
    {HeaderId::diversion, Shape::list, name_addr_facts},
    {HeaderId::history_info, Shape::list, name_addr_facts},
    {HeaderId::call_id, Shape::first, call_id_facts},
    {HeaderId::cseq, Shape::first, cseq_facts},
    {HeaderId::content_length, Shape::first, content_length_facts},
    {HeaderId::max_forwards, Shape::first, max_forwards_facts},
    {HeaderId::session_expires, Shape::first, session_expires_facts},
    {HeaderId::identity, Shape::first, identity_facts},
    {HeaderId::session_id, Shape::first, session_id_facts},
    {HeaderId::expires, Shape::single, seconds_facts},
    {HeaderId::min_se, Shape::single, seconds_facts},
    {HeaderId::min_expires, Shape::single, seconds_facts},
    {HeaderId::content_type, Shape::single, media_type_facts},
    {HeaderId::authorization, Shape::single, credentials_facts},
    {HeaderId::proxy_authorization, Shape::single, credentials_facts},
    {HeaderId::www_authenticate, Shape::single, credentials_facts},
    {HeaderId::proxy_authenticate, Shape::single, credentials_facts},
    {HeaderId::replaces, Shape::single, dialog_facts},
    {HeaderId::target_dialog, Shape::single, dialog_facts},
    {HeaderId::join, Shape::single, dialog_facts},
    {HeaderId::supported, Shape::list, token_facts},
    {HeaderId::require, Shape::list, token_facts},
    {HeaderId::proxy_require, Shape::list, token_facts},
    {HeaderId::unsupported, Shape::list, token_facts},
    {HeaderId::allow, Shape::list, token_facts},
    {HeaderId::allow_events, Shape::list, token_facts},
};

[[nodiscard]] const Rule* rule_of(HeaderId id) {
  for (const Rule& rule : kRules)
    if (rule.id == id) return &rule;
  return nullptr;
}

[[nodiscard]] ValueReading read_value(const Message& message, base::Range range, Reader reader) {
  sip::Result<Facts> facts = reader(message, range);
  if (!facts) return {range, {}, facts.error().code};
  return {range, std::move(*facts), std::nullopt};
}

}  // namespace

Facts read_start_line(const Message& message) {
  FactList facts(message.bytes());
  facts.text("version", message.version());
  if (!message.is_request()) return facts.number("status", message.status()).text("reason", message.reason()).take();
  facts.text("method", message.method_text());
  const sip::Result<sip::Uri> uri = sip::parse_uri(message.bytes(), message.request_uri());
  if (uri)
    add_uri(facts, *uri);
  else
    facts.text("request_uri", message.request_uri());
  return facts.take();
}

HeaderReading read_header(const Message& message, const Header& header) {
  HeaderReading reading{header, {}};
  const Rule* rule = rule_of(header.id);
  if (rule == nullptr || header.value_length == 0) return reading;
  if (rule->shape == Shape::list) {
    for (sip::ValueCursor values(message.bytes(), header.value()); std::optional<base::Range> value = values.next();)
      reading.values.push_back(read_value(message, *value, rule->reader));
  } else if (rule->shape == Shape::single || message.find(header.id) == &header) {
    reading.values.push_back(read_value(message, header.value(), rule->reader));
  }
  return reading;
}

}  // namespace viaduct::message
