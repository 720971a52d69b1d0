// SPDX-License-Identifier: GPL-2.0-or-later
#include "diagnose/fingerprint/observation.hpp"

#include "base/text.hpp"
#include "diagnose/fingerprint/sdp_marks.hpp"
#include "diagnose/fingerprint/spelling.hpp"
#include "sip/address_spec.hpp"
#include "sip/fields.hpp"
#include "sip/parameters.hpp"
#include "sip/values.hpp"
#include "sip/via.hpp"

#include <algorithm>

namespace viaduct::diagnose::fingerprint {
namespace {

constexpr std::uint16_t kSipPort = 5060;
constexpr std::size_t kMaxContacts = 8;
constexpr std::size_t kMaxVias = 16;

/// Software that stands between others, and may write their addresses into its own messages.
constexpr Bytes kExchanges[] = {"asterisk",   "fpbx",    "freeswitch", "3cx",   "kamailio",    "opensips", "sbc",
                                "pbx",        "gateway", "yate",       "proxy", "callmanager", "cucm",     "mediant",
                                "audiocodes", "sonus",   "broadworks", "sippy", "oracle",      "patton",   "router"};

[[nodiscard]] bool is_exchange(Bytes product) {
  return std::any_of(std::begin(kExchanges), std::end(kExchanges), [product](Bytes word) {
    return std::search(product.begin(), product.end(), word.begin(), word.end(),
                       [](char a, char b) { return base::to_lower(a) == b; }) != product.end();
  });
}

[[nodiscard]] Named named(const net::Endpoint& endpoint, base::Range where, const net::Address& own) {
  if (!where.present()) return {};
  return {endpoint.address.present() ? kind_of(endpoint.address, own) : Kind::name, endpoint, where};
}

[[nodiscard]] Named named(const sip::Uri& uri, const net::Address& own) {
  return named(uri.endpoint(), uri.host_port(), own);
}

/// The part behind the @ of a Call-ID, which many phones fill with their address.
[[nodiscard]] Named call_id_host(const sip::Message& message, Bytes call_id, const net::Address& own) {
  const std::size_t at = call_id.rfind('@');
  if (at == Bytes::npos) return {};
  Bytes host = call_id.substr(at + 1);
  std::optional<net::Address> address = net::parse_address(host);
  if (!address && std::count(host.begin(), host.end(), ':') == 1) {
    host = host.substr(0, host.find(':'));
    address = net::parse_ipv4(host);
  }
  if (!address) return {};
  return named(net::Endpoint{*address, 0}, base::range_in(message.bytes(), host), own);
}

class Observer {
 public:
  explicit Observer(const call::Reading& reading)
      : reading_(reading), message_(reading.message), own_(reading.sighting.source.address) {}

  [[nodiscard]] Observation run() {
    read_frame();
    if (facts_.request) read_vias();
    read_contacts();
    if (facts_.request) read_request();
    read_sdp(message_, own_, facts_);
    read_length();
    if (facts_.outside) mark_headers();
    return facts_;
  }

 private:
  void read_frame();
  void read_vias();
  void read_contacts();
  void read_request();
  void read_credentials();
  void read_length();
  void mark_headers();
  void mark_via(const sip::Via& via);
  void mark_box(const sip::Via& top, const sip::Via& below);

  const call::Reading& reading_;
  const sip::Message& message_;
  const net::Address& own_;
  Observation facts_;
};

void Observer::read_frame() {
  const call::Sighting& seen = reading_.sighting;
  const net::Scope scope = own_.scope();
  facts_.outside = scope == net::Scope::global || scope == net::Scope::shared_cgn;
  facts_.request = reading_.is_request();
  facts_.registers = facts_.request && reading_.method == sip::Method::register_;
  facts_.first_contact = facts_.request && reading_.to_tag.empty() && reading_.method != sip::Method::ack &&
                         reading_.method != sip::Method::cancel;
  const bool sip_port = seen.source.port == kSipPort || seen.destination.port == kSipPort;
  facts_.channel = seen.transport != sip::Transport::udp ? Channel::stream
                   : sip_port                            ? Channel::sip_port
                                                         : Channel::other_port;
  facts_.product = message_.text(sip::product(message_));
  facts_.exchange = is_exchange(facts_.product);
  const sip::Result<sip::NameAddr> speaker = facts_.request ? sip::from(message_) : sip::to(message_);
  if (speaker) facts_.user = message_.text(speaker->uri.user);
}

void Observer::read_vias() {
  sip::MessageValues values(message_, sip::HeaderId::via);
  sip::Via top;
  for (std::optional<base::Range> value = values.next(); value && facts_.vias < kMaxVias; value = values.next()) {
    const sip::Result<sip::Via> via = sip::parse_via(message_.bytes(), *value);
    if (!via) return;
    ++facts_.vias;
    if (facts_.vias == 1) {
      top = *via;
      facts_.via = named(via->endpoint(), via->sent_by(), own_);
      facts_.has_rport = via->has_rport;
    } else if (facts_.vias == 2) {
      mark_box(top, *via);
    }
  }
  if (facts_.vias == 1) mark_via(top);
  facts_.relayed = facts_.vias > 1 && !facts_.box_via;
}

void Observer::mark_via(const sip::Via& via) {
  if (!facts_.outside) return;
  if (via.received.present())
    facts_.mark(Item::via_filled, via.received);
  else if (via.rport_value != 0)
    facts_.mark(Item::via_filled, via.rport);
}

/// A proxy fills in the rport of the Via below its own, and received where sent-by is not the source.
void Observer::mark_box(const sip::Via& top, const sip::Via& below) {
  const Named phone = named(below.endpoint(), below.sent_by(), own_);
  facts_.add_inner(phone);
  const bool unfilled = below.has_rport && below.rport_value == 0 && !below.received.present();
  facts_.box_via = facts_.outside && facts_.via.kind == Kind::own && phone.kind == Kind::inner && unfilled;
  if (facts_.box_via) facts_.mark(Item::second_via, top.sent_by());
}

void Observer::read_contacts() {
  sip::NameAddrs all(message_, sip::HeaderId::contact);
  // A registrar returns what others registered, a redirect server names others.
  if (!facts_.request && (reading_.method == sip::Method::register_ || reading_.status >= 300)) return;
  std::size_t count = 0;
  for (auto one = all.next(); one && count < kMaxContacts; one = all.next(), ++count) {
    if (!*one || (*one)->star) continue;
    const Named contact = named((*one)->uri, own_);
    facts_.add_inner(contact);
    if (sip::find_parameter(message_.bytes(), (*one)->uri.parameters, "ob")) facts_.outbound_contact = true;
    if (facts_.contact.kind == Kind::absent)
      facts_.contact = contact;
    else if (facts_.outside && facts_.contact.kind == Kind::own && contact.kind == Kind::inner)
      facts_.mark(Item::second_contact_left, contact.where);
  }
}

void Observer::read_request() {
  if (facts_.first_contact) {
    facts_.call_id = call_id_host(message_, reading_.call_id, own_);
    facts_.add_inner(facts_.call_id);
  }
  if (const sip::Result<sip::NameAddr> from = sip::from(message_)) {
    facts_.from = named(from->uri, own_);
    facts_.add_inner(facts_.from);
  }
  for (const sip::HeaderId id : {sip::HeaderId::record_route, sip::HeaderId::path}) {
    const sip::Result<sip::NameAddr> route = sip::first_name_addr(message_, id);
    if (route && route->uri.literal == own_) facts_.record_routes = true;
  }
  if (facts_.record_routes) facts_.relayed = true;
  read_credentials();
  const Spelling spelling = spelling_of(message_);
  facts_.order = facts_.first_contact ? spelling.order : 0;
  facts_.two_hands = spelling.vias_differ;
  const bool two_hands = spelling.vias_differ && spelling.oddities > 0;
  if (facts_.outside && (two_hands || spelling.oddities > 1)) facts_.mark(Item::respelled, spelling.odd);
}

void Observer::read_credentials() {
  sip::Result<sip::Credentials> credentials = sip::authorization(message_);
  if (!credentials) credentials = sip::proxy_authorization(message_);
  if (!credentials) return;
  facts_.authenticates = true;
  const sip::Result<sip::Uri> made_for = sip::parse_uri(message_.bytes(), credentials->uri);
  const sip::Result<sip::Uri> target = sip::parse_uri(message_.bytes(), message_.request_uri());
  if (!made_for || !target || !facts_.outside || facts_.vias > 1) return;
  const bool inner = made_for->literal.present() && kind_of(made_for->literal, own_) == Kind::inner;
  const bool became_address = !made_for->literal.present() && target->literal == reading_.sighting.destination.address;
  if ((inner && target->literal.present() && target->literal != made_for->literal) || became_address)
    facts_.mark(Item::digest_uri, made_for->host_port());
}

/// A datagram holds one message, so what is behind its head is its body.
void Observer::read_length() {
  const call::Sighting& seen = reading_.sighting;
  const sip::Result<sip::ContentLength> length = sip::content_length(message_);
  if (!length || seen.transport != sip::Transport::udp || seen.octets.size() < seen.length) return;
  const Bytes body = message_.bytes().substr(message_.body().offset);
  facts_.counts_right = length->value > 0 && length->value == body.size();
  std::size_t size = body.size();
  // Line ends that follow a whole line are no part of the body.
  const bool whole = length->value > 0 && length->value < size && body[length->value - 1] == '\n';
  while (whole && size > length->value && (body[size - 1] == '\r' || body[size - 1] == '\n' || body[size - 1] == '\0'))
    --size;
  if (size == length->value || size == 0 || length->value > 0xffff) return;
  facts_.excess = static_cast<std::int32_t>(body.size()) - static_cast<std::int32_t>(length->value);
  if (facts_.outside && facts_.media.kind == Kind::own) facts_.mark(Item::content_length, length->digits);
}

void Observer::mark_headers() {
  const Named& via = facts_.via;
  const Named& contact = facts_.contact;
  if (facts_.relayed || !facts_.request) return;
  const std::uint16_t port = via.endpoint.port == 0 ? kSipPort : via.endpoint.port;
  const bool own_port = port == reading_.sighting.source.port;
  const std::uint16_t contact_port = contact.endpoint.port == 0 ? kSipPort : contact.endpoint.port;
  facts_.ports_agree = via.endpoint.address == contact.endpoint.address && port == contact_port;
  if (facts_.vias == 1) {
    if (via.kind == Kind::own && own_port) facts_.mark(Item::via_public, via.where);
    if (via.kind == Kind::inner && contact.kind == Kind::own) facts_.mark(Item::contact_ahead, contact.where);
    if (via.kind == Kind::own && contact.kind == Kind::inner) facts_.mark(Item::contact_left, contact.where);
    if (via.kind == Kind::own && own_port && contact.kind == Kind::own && contact_port != port &&
        facts_.channel != Channel::stream)
      facts_.mark(Item::ports_disagree, contact.where);
    if (via.kind == Kind::own && contact.kind != Kind::inner && facts_.call_id.kind == Kind::inner)
      facts_.mark(Item::call_id_left, facts_.call_id.where);
    if (via.kind == Kind::inner && contact.kind != Kind::own && facts_.call_id.kind == Kind::own)
      facts_.mark(Item::call_id_ahead, facts_.call_id.where);
    if (via.kind == Kind::own && facts_.media.kind == Kind::own) facts_.mark(Item::all_public, facts_.media.where);
  }
  if (facts_.from.kind == Kind::own) facts_.mark(Item::from_rewritten, facts_.from.where);
  for (const Named* const place : {&via, &contact})
    if (place->kind == Kind::shared && !facts_.has(Item::foreign_inner)) facts_.mark(Item::foreign_inner, place->where);
}

}  // namespace

Bytes name(Kind kind) {
  constexpr std::array<Bytes, 6> kNames = {"absent", "name", "own", "inner", "shared", "other"};
  return kNames[static_cast<std::size_t>(kind)];
}

Kind kind_of(const net::Address& named, const net::Address& own) {
  if (!named.present()) return Kind::absent;
  if (named == own) return Kind::own;
  if (named.family != own.family) return Kind::name;
  switch (named.scope()) {
    case net::Scope::unspecified:
    case net::Scope::multicast:
    case net::Scope::reserved:
      return Kind::name;
    case net::Scope::loopback:
    case net::Scope::link_local:
    case net::Scope::private_use:
      return Kind::inner;
    case net::Scope::shared_cgn:
      return Kind::shared;
    case net::Scope::global:
      break;
  }
  return Kind::other;
}

bool Observation::has(Item item) const {
  return std::any_of(marks_.begin(), marks_.begin() + mark_count_, [item](const Mark& m) { return m.item == item; });
}

void Observation::mark(Item item, base::Range where) {
  if (mark_count_ < kMaxMarks) marks_[mark_count_++] = {item, where};
}

void Observation::add_inner(const Named& named) {
  if (named.kind != Kind::inner || inner_count_ == kMaxInners) return;
  const auto known = inners();
  if (std::find(known.begin(), known.end(), named.endpoint.address) == known.end())
    inners_[inner_count_++] = named.endpoint.address;
}

Observation observe(const call::Reading& reading) {
  return Observer(reading).run();
}

std::optional<Echo> read_echo(const call::Reading& reading) {
  const sip::Message& message = reading.message;
  if (reading.is_request()) return std::nullopt;
  const sip::Result<sip::NameAddr> contact = sip::first_name_addr(message, sip::HeaderId::contact);
  if (contact && reading.method == sip::Method::register_ && !contact->star) {
    // Registrars of the Kamailio family tell where a binding came from: ;received="sip:203.0.113.2:5060".
    const base::Range value = sip::parameter_value(message.bytes(), contact->parameters, "received");
    if (value.present())
      if (const sip::Result<sip::Uri> uri = sip::parse_uri(message.bytes(), value); uri && uri->literal.is_global())
        return Echo{uri->literal, uri->host_port()};
  }
  const sip::Result<sip::Via> via = sip::top_via(message);
  if (!via || !via->received_address.present()) return std::nullopt;
  return Echo{via->received_address, via->received};
}

}  // namespace viaduct::diagnose::fingerprint
