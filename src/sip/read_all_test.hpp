// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include "sip/address_spec.hpp"
#include "sip/body.hpp"
#include "sip/check.hpp"
#include "sip/fields.hpp"
#include "sip/framer.hpp"
#include "sip/message.hpp"
#include "sip/parameters.hpp"
#include "sip/samples_test.hpp"
#include "sip/values.hpp"
#include "sip/via.hpp"

#include <cstdint>

namespace viaduct::sip {

/// Calls every function of this folder that reads a message, as often as there is something to read, and notes
/// what came out. For tests of what must hold for any input. Allocates nothing itself.
class ReadAll {
 public:
  explicit ReadAll(Bytes buffer) : buffer_(buffer) {
    const Result<Message> message = parse(buffer);
    if (!message) {
      error(message.error());
      return;
    }
    parsed_ = true;
    structure(*message);
    fields(*message);
    for (const Header& header : message->headers()) values(header);
    check(*message, problems_);
    for (const Error& problem : problems_.items()) error(problem);
  }

  [[nodiscard]] bool parsed() const { return parsed_; }
  /// Every range lay inside the buffer or was absent, every offset was a position in it or its end.
  [[nodiscard]] bool inside() const { return inside_; }
  /// Ranges that were present.
  [[nodiscard]] std::size_t ranges() const { return ranges_; }
  /// A digest of all that was read: equal for equal input wherever it lies.
  [[nodiscard]] std::uint64_t sum() const { return sum_; }

 private:
  void note(std::uint64_t value) { sum_ = (sum_ ^ value) * 0x100000001b3; }

  void range(Range r) {
    note(std::uint64_t{r.offset} << 32 | r.length);
    if (!r.present()) return;
    ++ranges_;
    inside_ = inside_ && r.offset <= buffer_.size() && r.length <= buffer_.size() - r.offset;
  }

  void error(const Error& e) {
    note(static_cast<std::uint64_t>(e.code));
    note(e.offset);
    inside_ = inside_ && e.offset <= buffer_.size();
  }

  template <class T, class Each>
  void result(const Result<T>& r, Each each) {
    r ? each(*r) : error(r.error());
  }

  void parameters(Range list) {
    range(list);
    ParameterCursor cursor(buffer_, list);
    while (const std::optional<Parameter> p = cursor.next())
      for (const Range part : {p->whole, p->name, p->value, without_quotes(buffer_, p->value)}) range(part);
    range(parameter_value(buffer_, list, "tag"));
  }

  void uri(const Uri& u) {
    for (const Range part : {u.whole, u.scheme_text, u.user, u.password, u.host, u.port_text, u.headers, u.host_port()})
      range(part);
    parameters(u.parameters);
    note(u.port);
    note(static_cast<std::uint64_t>(u.scheme));
    note(u.literal.octets[15] + u.literal.octets[3] + static_cast<std::uint64_t>(u.literal.family));
  }

  void name_address(const NameAddr& n) {
    for (const Range part : {n.whole, n.display_name, tag(buffer_, n)}) range(part);
    parameters(n.parameters);
    uri(n.uri);
  }

  void via(const Via& v) {
    for (const Range part : {v.whole, v.protocol, v.version, v.transport_text, v.host, v.port_text, v.branch,
                             v.received, v.rport, v.maddr, v.ttl, v.sent_by()})
      range(part);
    parameters(v.parameters);
    note(v.port + v.rport_value + static_cast<std::uint64_t>(v.transport));
  }

  void structure(const Message& m) {
    for (const Range part :
         {m.start_line(), m.method_text(), m.request_uri(), m.reason(), m.version(), m.header_section(), m.body()})
      range(part);
    note(m.status());
    note(static_cast<std::uint64_t>(m.method()));
    note(static_cast<std::uint64_t>(m.framing()));
    if (m.is_request()) result(parse_uri(buffer_, m.request_uri()), [this](const Uri& u) { uri(u); });
    bodies(m);
  }

  void bodies(const Message& m) {
    BodyParts parts(m);
    while (const std::optional<BodyPart> p = parts.next()) {
      for (const Range part : {p->headers, p->content, p->content_type, p->content_disposition, p->content_id,
                               p->content_length, p->type.type, p->type.subtype})
        range(part);
      note(p->depth + static_cast<std::uint64_t>(p->bar));
    }
    const Frame frame = next_frame(buffer_);
    note(frame.consumed + frame.at_least + frame.offset + static_cast<std::uint64_t>(frame.outcome));
  }

  void fields(const Message& m) {
    result(from(m), [this](const NameAddr& n) { name_address(n); });
    result(to(m), [this](const NameAddr& n) { name_address(n); });
    result(first_name_addr(m, HeaderId::contact), [this](const NameAddr& n) { name_address(n); });
    result(top_via(m), [this](const Via& v) { via(v); });
    result(cseq(m), [this](const CSeq& c) { range(c.method_text), range(c.number_text), note(c.number); });
    result(call_id(m), [this](Range r) { range(r); });
    result(content_length(m), [this](const ContentLength& c) { range(c.digits), note(c.value); });
    result(content_type(m), [this](const MediaType& t) { range(t.type), range(t.subtype), parameters(t.parameters); });
    result(max_forwards(m), [this](std::uint8_t n) { note(n); });
    result(expires(m), [this](std::uint32_t n) { note(n); });
    result(min_se(m), [this](std::uint32_t n) { note(n); });
    result(session_expires(m),
           [this](const SessionExpires& s) { note(s.seconds + static_cast<unsigned>(s.refresher)); });
    result(replaces(m), [this](const DialogReference& d) { range(d.call_id), range(d.to_tag), range(d.from_tag); });
    result(target_dialog(m), [this](const DialogReference& d) { range(d.call_id), parameters(d.parameters); });
    result(authorization(m), [this](const Credentials& c) { credentials(c); });
    result(proxy_authorization(m), [this](const Credentials& c) { credentials(c); });
    result(identity(m), [this](const Identity& i) { range(i.signature), parameters(i.parameters); });
    result(session_id(m), [this](const SessionId& s) { range(s.local), range(s.remote); });
    range(product(m));
    note(has_option(m, HeaderId::supported, "timer") ? 1 : 2);
  }

  void credentials(const Credentials& c) {
    for (const Range part :
         {c.scheme, c.parameters, c.username, c.realm, c.nonce, c.uri, c.response, c.qop, c.algorithm})
      range(part);
    note(c.covers_body(buffer_) ? 1 : 2);
  }

  /// Reads each header as each kind of value: hostile input does not care what a header is meant to hold.
  void values(const Header& header) {
    range(header.name());
    range(header.value());
    note(static_cast<std::uint64_t>(header.id));
    ValueCursor cursor(buffer_, header.value());
    while (const std::optional<Range> value = cursor.next()) {
      range(*value);
      result(parse_name_addr(buffer_, *value), [this](const NameAddr& n) { name_address(n); });
      result(parse_via(buffer_, *value), [this](const Via& v) { via(v); });
      result(parse_uri(buffer_, *value), [this](const Uri& u) { uri(u); });
      result(parse_media_type(buffer_, *value), [this](const MediaType& t) { parameters(t.parameters); });
      result(parse_host_port(buffer_, *value, true), [this](const HostPort& h) { range(h.host), range(h.port_text); });
    }
    result(parse_credentials(buffer_, header.value()), [this](const Credentials& c) { credentials(c); });
    result(parse_delta_seconds(buffer_, header.value()), [this](std::uint32_t n) { note(n); });
  }

  Bytes buffer_;
  ProblemList problems_;
  std::uint64_t sum_ = 0xcbf29ce484222325;
  std::size_t ranges_ = 0;
  bool parsed_ = false;
  bool inside_ = true;
};

}  // namespace viaduct::sip
