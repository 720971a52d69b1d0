// SPDX-License-Identifier: GPL-2.0-or-later
// Any octets as the value of a header field, through every typed reader; what they give lies inside the value.
//   octet 0: octets in front of the value, octet 1: octets behind it
#include "sip/address_spec.hpp"
#include "sip/check.hpp"
#include "sip/fields.hpp"
#include "sip/parameters.hpp"
#include "sip/uri.hpp"
#include "sip/values.hpp"
#include "sip/via.hpp"
#include "target.hpp"

namespace {

using namespace viaduct;

void check_all_inside(base::Range outer, std::initializer_list<base::Range> ranges) {
  for (base::Range range : ranges) VIADUCT_CHECK(fuzz::inside(outer, range));
}

/// Errors point into the value or directly behind it.
template <class T>
bool good(base::Range value, const sip::Result<T>& result) {
  if (!result) VIADUCT_CHECK(result.error().offset >= value.offset && result.error().offset <= value.end());
  return result.has_value();
}

void read_parameters(base::Bytes buffer, base::Range list) {
  std::uint32_t end = list.present() ? list.offset : 0;
  for (sip::ParameterCursor all(buffer, list); std::optional<sip::Parameter> p = all.next();) {
    check_all_inside(list, {p->whole, p->name, p->value});
    VIADUCT_CHECK(p->whole.offset >= end && p->whole.length > 0);
    end = p->whole.end();
  }
  for (base::Bytes name : {"lr", "tag", "branch", "expires"}) {
    check_all_inside(list, {sip::parameter_value(buffer, list, name)});
    const std::optional<sip::Parameter> found = sip::find_parameter(buffer, list, name);
    if (found) check_all_inside(list, {found->whole});
  }
  for (sip::AuthParameterCursor all(buffer, list); std::optional<sip::Parameter> p = all.next();)
    check_all_inside(list, {p->whole, p->name, p->value});
}

void read_uri(base::Bytes buffer, base::Range value) {
  const sip::Result<sip::Uri> uri = sip::parse_uri(buffer, value);
  if (!good(value, uri)) return;
  check_all_inside(value, {uri->whole, uri->scheme_text, uri->user, uri->password, uri->host, uri->port_text,
                           uri->parameters, uri->headers});
  if (uri->is_sip()) VIADUCT_CHECK(uri->host.present() && fuzz::inside(value, uri->host_port()));
  read_parameters(buffer, uri->parameters);
  sip::ProblemList problems;
  sip::check_uri(buffer, *uri, problems);
  for (const sip::Error& problem : problems.items()) VIADUCT_CHECK(problem.offset <= value.end());
}

void read_via(base::Bytes buffer, base::Range value) {
  const sip::Result<sip::Via> via = sip::parse_via(buffer, value);
  if (!good(value, via)) return;
  check_all_inside(value, {via->whole, via->protocol, via->version, via->transport_text, via->host, via->port_text,
                           via->parameters, via->branch, via->received, via->rport, via->maddr, via->ttl});
  VIADUCT_CHECK(via->host.present() && fuzz::inside(value, via->sent_by()));
  read_parameters(buffer, via->parameters);
}

void read_name_addr(base::Bytes buffer, base::Range value) {
  const sip::Result<sip::NameAddr> address = sip::parse_name_addr(buffer, value);
  if (!good(value, address)) return;
  check_all_inside(value, {address->whole, address->display_name, address->parameters, sip::tag(buffer, *address)});
  if (!address->star) check_all_inside(value, {address->uri.whole, address->uri.host, address->uri.parameters});
  read_parameters(buffer, address->parameters);
}

void read_others(base::Bytes buffer, base::Range value) {
  if (const sip::Result<sip::MediaType> type = sip::parse_media_type(buffer, value); good(value, type)) {
    check_all_inside(value, {type->type, type->subtype, type->parameters});
    read_parameters(buffer, type->parameters);
  }
  if (const sip::Result<sip::Credentials> c = sip::parse_credentials(buffer, value); good(value, c)) {
    check_all_inside(
        value, {c->scheme, c->parameters, c->username, c->realm, c->nonce, c->uri, c->response, c->qop, c->algorithm});
    static_cast<void>(c->covers_body(buffer));
  }
  if (const sip::Result<sip::DialogReference> d = sip::parse_dialog_reference(buffer, value); good(value, d))
    check_all_inside(value, {d->call_id, d->to_tag, d->from_tag, d->parameters});
  static_cast<void>(good(value, sip::parse_delta_seconds(buffer, value)));
  for (bool lws : {false, true}) {
    const sip::Result<sip::HostPort> host = sip::parse_host_port(buffer, value, lws);
    if (good(value, host)) check_all_inside(value, {host->host, host->port_text});
  }
  check_all_inside(value, {sip::without_quotes(buffer, value)});
}

void read_one(base::Bytes buffer, base::Range value) {
  read_uri(buffer, value);
  read_via(buffer, value);
  read_name_addr(buffer, value);
  read_others(buffer, value);
}

}  // namespace

int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  fuzz::Input input(data, size);
  const std::size_t front = input.octet() % 4;
  const std::size_t back = input.octet() % 4;
  const base::Bytes buffer = input.rest();
  if (front + back > buffer.size()) return 0;
  const base::Range whole = base::between(front, buffer.size() - back);
  read_one(buffer, whole);
  read_parameters(buffer, whole);
  std::uint32_t end = whole.offset;
  for (sip::ValueCursor values(buffer, whole); std::optional<base::Range> value = values.next();) {
    VIADUCT_CHECK(fuzz::inside(whole, *value) && value->offset >= end);
    end = value->end();
    read_one(buffer, *value);
  }
  return 0;
}
