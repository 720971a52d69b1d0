// SPDX-License-Identifier: GPL-2.0-or-later
#include "diagnose/sides/pieces.hpp"
#include "sip/address_spec.hpp"
#include "sip/fields.hpp"
#include "sip/parameters.hpp"
#include "sip/values.hpp"
#include "sip/via.hpp"

namespace viaduct::diagnose::sides {
namespace {

/// How the value of a header is taken apart.
enum class Grammar : std::uint8_t { whole, number, call_id, via, address, addresses, credentials };

[[nodiscard]] Grammar grammar_of(sip::HeaderId id) {
  using Id = sip::HeaderId;
  switch (id) {
    case Id::content_length:
    case Id::max_forwards:
    case Id::expires:
      return Grammar::number;
    case Id::call_id:
      return Grammar::call_id;
    case Id::via:
      return Grammar::via;
    case Id::from:
    case Id::to:
    case Id::refer_to:
    case Id::referred_by:
    case Id::reply_to:
      return Grammar::address;
    case Id::contact:
    case Id::route:
    case Id::record_route:
    case Id::path:
    case Id::service_route:
    case Id::p_asserted_identity:
    case Id::p_preferred_identity:
    case Id::p_associated_uri:
    case Id::p_called_party_id:
    case Id::remote_party_id:
    case Id::diversion:
    case Id::history_info:
      return Grammar::addresses;
    case Id::authorization:
    case Id::proxy_authorization:
    case Id::www_authenticate:
    case Id::proxy_authenticate:
      return Grammar::credentials;
    default:
      return Grammar::whole;
  }
}

class Parts {
 public:
  Parts(Bytes message, const Field& field, std::vector<Piece>& parts)
      : message_(message), field_(field), parts_(parts) {}

  void add(Part part, Range range) {
    if (!range.present() || range.length == 0) return;
    Field field = field_;
    field.part = part;
    parts_.push_back({field, range});
  }
  void add_parameter(const sip::Parameter& parameter) {
    if (!parameter.whole.present() || parameter.whole.length == 0) return;
    Field field = field_;
    field.part = Part::parameter;
    field.name = parameter.name.of(message_);
    parts_.push_back({field, parameter.whole});
  }
  void add_parameters(Range list) {
    for (sip::ParameterCursor all(message_, list); const std::optional<sip::Parameter> one = all.next();)
      add_parameter(*one);
  }
  void add_uri(const sip::Uri& uri) {
    if (!uri.is_sip()) {
      add(Part::user, uri.user.present() ? uri.user : uri.whole);
    } else {
      add(Part::user, uri.user);
      add(Part::host, uri.host);
      add(Part::port, uri.port_text);
    }
    add_parameters(uri.parameters);
  }
  void add_name_addr(Range value) {
    const sip::Result<sip::NameAddr> read = sip::parse_name_addr(message_, value);
    if (!read || read->star) return add(Part::whole, value);
    add(Part::display_name, read->display_name);
    add_uri(read->uri);
    add_parameters(read->parameters);
  }
  void add_via(Range value) {
    const sip::Result<sip::Via> read = sip::parse_via(message_, value);
    if (!read) return add(Part::whole, value);
    add(Part::transport, read->transport_text);
    add(Part::sent_by, read->sent_by());
    add_parameters(read->parameters);
  }
  void set_lower() { field_.lower = true; }

 private:
  Bytes message_;
  Field field_;
  std::vector<Piece>& parts_;
};

void call_id_parts(Bytes message, Range value, Parts& parts) {
  const std::size_t at = value.of(message).rfind('@');
  if (at == Bytes::npos) return parts.add(Part::whole, value);
  const std::uint32_t sign = value.offset + static_cast<std::uint32_t>(at);
  parts.add(Part::whole, base::between(value.offset, sign));
  parts.add(Part::host, base::between(sign + 1, value.end()));
}

void credential_parts(Bytes message, Range value, Parts& parts) {
  const sip::Result<sip::Credentials> read = sip::parse_credentials(message, value);
  if (!read) return parts.add(Part::whole, value);
  parts.add(Part::whole, read->scheme);
  for (sip::AuthParameterCursor all(message, read->parameters); const std::optional<sip::Parameter> one = all.next();)
    parts.add_parameter(*one);
}

}  // namespace

void header_parts(Bytes message, const Line& line, Range value, std::vector<Piece>& list) {
  Parts parts(message, line.field, list);
  switch (grammar_of(line.field.header)) {
    case Grammar::whole:
      return parts.add(Part::whole, value);
    case Grammar::number:
      return parts.add(Part::number, value);
    case Grammar::call_id:
      return call_id_parts(message, value, parts);
    case Grammar::address:
      return parts.add_name_addr(value);
    case Grammar::credentials:
      return credential_parts(message, value, parts);
    case Grammar::via:
      for (sip::ValueCursor all(message, value); const std::optional<Range> one = all.next();) {
        parts.add_via(*one);
        parts.set_lower();
      }
      return;
    case Grammar::addresses:
      for (sip::ValueCursor all(message, value); const std::optional<Range> one = all.next();)
        parts.add_name_addr(*one);
      return;
  }
}

void uri_parts(Bytes message, const Field& field, Range uri, std::vector<Piece>& list) {
  Parts parts(message, field, list);
  if (!uri.present()) return;
  const sip::Result<sip::Uri> read = sip::parse_uri(message, uri);
  if (!read) return parts.add(Part::user, uri);
  parts.add_uri(*read);
}

}  // namespace viaduct::diagnose::sides
