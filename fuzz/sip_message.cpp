// SPDX-License-Identifier: GPL-2.0-or-later
// Any octets as a SIP message: parse, check, every typed accessor on every header, every body, every SDP.
#include "sdp/check.hpp"
#include "sdp/session.hpp"
#include "sip/address_spec.hpp"
#include "sip/body.hpp"
#include "sip/check.hpp"
#include "sip/fields.hpp"
#include "sip/message.hpp"
#include "sip/parameters.hpp"
#include "sip/values.hpp"
#include "sip/via.hpp"
#include "target.hpp"

namespace {

using namespace viaduct;

base::Range all_of(base::Bytes buffer) {
  return base::between(0, buffer.size());
}

void check_structure(const sip::Message& m) {
  const base::Range all = all_of(m.bytes());
  VIADUCT_CHECK(fuzz::inside(all, m.start_line()) && fuzz::inside(all, m.header_section()));
  VIADUCT_CHECK(m.body().present() && fuzz::inside(all, m.body()));
  VIADUCT_CHECK(m.body().offset >= m.header_section().end());
  for (base::Range range : {m.method_text(), m.request_uri(), m.reason(), m.version()})
    VIADUCT_CHECK(fuzz::inside(m.start_line(), range));
  VIADUCT_CHECK(m.is_request() ? m.status() == 0 : m.status() >= 100 && m.status() <= 699);
  std::uint32_t end = m.header_section().offset;
  for (const sip::Header& header : m.headers()) {
    VIADUCT_CHECK(header.name_offset >= end && header.name().length > 0);
    VIADUCT_CHECK(header.value().offset >= header.name().end());
    VIADUCT_CHECK(fuzz::inside(m.header_section(), header.name()) && fuzz::inside(m.header_section(), header.value()));
    VIADUCT_CHECK(sip::header_id(m.text(header.name())) == header.id);
    end = header.value().end();
  }
}

/// The headers of an id, found by hand, are those that find() and next() walk.
void check_chains(const sip::Message& m) {
  for (const sip::Header& header : m.headers()) {
    if (header.id == sip::HeaderId::other) {
      VIADUCT_CHECK(m.find_name(m.text(header.name())) != nullptr);
      continue;
    }
    std::size_t chained = 0;
    std::size_t counted = 0;
    for (const sip::Header* h = m.find(header.id); h != nullptr; h = m.next(*h)) ++chained;
    for (const sip::Header& other : m.headers()) counted += other.id == header.id ? 1 : 0;
    VIADUCT_CHECK(chained == counted);
  }
}

void read_header(const sip::Message& m, const sip::Header& header) {
  const base::Bytes buffer = m.bytes();
  const base::Range value = header.value();
  sip::ProblemList problems;
  sip::check_header(m, header, problems);
  static_cast<void>(sip::parse_credentials(buffer, value));
  static_cast<void>(sip::parse_dialog_reference(buffer, value));
  static_cast<void>(sip::parse_media_type(buffer, value));
  static_cast<void>(sip::parse_delta_seconds(buffer, value));
  for (sip::ValueCursor values(buffer, value); std::optional<base::Range> one = values.next();) {
    VIADUCT_CHECK(fuzz::inside(value, *one));
    if (const sip::Result<sip::Via> via = sip::parse_via(buffer, *one))
      VIADUCT_CHECK(fuzz::inside(*one, via->sent_by()));
    const sip::Result<sip::NameAddr> address = sip::parse_name_addr(buffer, *one);
    if (address && !address->star) VIADUCT_CHECK(fuzz::inside(*one, address->uri.whole));
  }
}

template <class T>
void check_place(const sip::Message& m, const sip::Result<T>& result) {
  if (!result) VIADUCT_CHECK(result.error().offset <= m.bytes().size());
}

void read_fields(const sip::Message& m) {
  check_place(m, sip::cseq(m));
  check_place(m, sip::call_id(m));
  check_place(m, sip::content_length(m));
  check_place(m, sip::content_type(m));
  check_place(m, sip::max_forwards(m));
  check_place(m, sip::expires(m));
  check_place(m, sip::min_se(m));
  check_place(m, sip::session_expires(m));
  check_place(m, sip::replaces(m));
  check_place(m, sip::target_dialog(m));
  check_place(m, sip::authorization(m));
  check_place(m, sip::proxy_authorization(m));
  check_place(m, sip::identity(m));
  check_place(m, sip::session_id(m));
  check_place(m, sip::from(m));
  check_place(m, sip::to(m));
  check_place(m, sip::top_via(m));
  check_place(m, sip::name_addr(m, sip::HeaderId::refer_to));
  static_cast<void>(sip::has_option(m, sip::HeaderId::supported, "100rel"));
  VIADUCT_CHECK(fuzz::inside(all_of(m.bytes()), sip::product(m)));
  for (sip::HeaderId id : {sip::HeaderId::contact, sip::HeaderId::route, sip::HeaderId::p_asserted_identity}) {
    check_place(m, sip::first_name_addr(m, id));
    for (sip::NameAddrs all(m, id); std::optional<sip::Result<sip::NameAddr>> one = all.next();) check_place(m, *one);
  }
}

void read_bodies(const sip::Message& m) {
  std::uint32_t end = m.body().offset;
  const auto ignore = [](const sdp::Complaint&) {};
  for (sip::BodyParts parts(m); std::optional<sip::BodyPart> part = parts.next();) {
    VIADUCT_CHECK(part->content.present() && fuzz::inside(m.body(), part->content));
    VIADUCT_CHECK(part->content.offset >= end);
    end = part->content.end();
    if (part->depth > 0) VIADUCT_CHECK(fuzz::inside(m.body(), part->headers));
    VIADUCT_CHECK(part->depth <= sip::BodyParts::kMaxDepth);
    sdp::check(m.bytes(), part->content, sdp::sink_of(ignore));
    const sdp::Result<sdp::Session> session = sdp::parse(m.bytes(), part->content);
    if (session) VIADUCT_CHECK(fuzz::inside(part->content, session->section));
  }
}

}  // namespace

int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const base::Bytes buffer = fuzz::Input(data, size).rest();
  const sip::Result<sip::Message> message = sip::parse(buffer);
  if (!message) {
    VIADUCT_CHECK(message.error().offset <= buffer.size());
    VIADUCT_CHECK(!sip::text(message.error().code).empty());
    return 0;
  }
  check_structure(*message);
  check_chains(*message);
  sip::ProblemList problems;
  sip::check(*message, problems);
  for (const sip::Error& problem : problems.items()) VIADUCT_CHECK(problem.offset <= buffer.size());
  for (const sip::Header& header : message->headers()) read_header(*message, header);
  read_fields(*message);
  read_bodies(*message);
  return 0;
}
