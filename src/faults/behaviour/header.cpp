// SPDX-License-Identifier: GPL-2.0-or-later
// Behaviours that edit header fields, or answer by themselves.
#include "faults/behaviour/entry.hpp"
#include "sip/address_spec.hpp"
#include "sip/fields.hpp"
#include "sip/parameters.hpp"
#include "sip/rewrite.hpp"
#include "sip/uri.hpp"
#include "sip/values.hpp"
#include "sip/via.hpp"

#include <algorithm>
#include <string>

namespace viaduct::faults {
namespace {

using Kind = ParameterKind;

/// A header line from its name to the end of its line end.
base::Range line_of(const sip::Message& message, const sip::Header& header) {
  const std::size_t end = message.bytes().find('\n', header.value().end());
  return base::between(header.name_offset, end == base::Bytes::npos ? message.bytes().size() : end + 1);
}

/// A03: a proxy that nobody asked for: own Via without rport, Max-Forwards one less, other spelling.
class ExtraVia final : public Behaviour {
 public:
  explicit ExtraVia(const Values& values) : respell_(values.choice("respell") == "yes") {}
  void on_message(Crossing& crossing) override {
    sip::Message message;
    if (!crossing.read(message)) return;
    edit::EditList edits(crossing.octets().size());
    if (message.is_request() && crossing.outbound()) add(crossing, message, edits);
    if (!message.is_request() && !crossing.outbound()) take_off(crossing, message, edits);
    crossing.apply(edits);
  }

 private:
  void add(const Crossing& crossing, const sip::Message& message, edit::EditList& edits) const {
    const sip::Result<sip::Via> top = sip::top_via(message);
    if (!top) return;
    // A branch of its own for each transaction, made of the one it stands on (RFC 3261 16.6 step 8).
    const std::string via = (respell_ ? "via: SIP/2.0/UDP " : "Via: SIP/2.0/UDP ") + crossing.flow().outer.to_text() +
                            ";branch=" + std::string(message.text(top->branch)) + "-box\r\n";
    (void)edits.replace({message.find(sip::HeaderId::via)->name_offset, 0}, via);
    const sip::Header* const hops = message.find(sip::HeaderId::max_forwards);
    const sip::Result<std::uint8_t> left = sip::max_forwards(message);
    if (hops != nullptr && left && *left > 0) {
      if (respell_) (void)edits.replace(hops->name(), "max-forwards");
      (void)edits.replace(hops->value(), std::to_string(*left - 1));
    }
    if (respell_) swap_parties(message, edits);
    const sip::Header* const length = message.find(sip::HeaderId::content_length);
    if (respell_ && length != nullptr) (void)edits.replace({length->value_offset, 0}, "   ");
  }
  /// To before From, or the other way round: the order of a proxy that writes messages anew.
  static void swap_parties(const sip::Message& message, edit::EditList& edits) {
    const sip::Header* const from = message.find(sip::HeaderId::from);
    const sip::Header* const to = message.find(sip::HeaderId::to);
    if (from == nullptr || to == nullptr) return;
    (void)edits.replace(line_of(message, *from), message.text(line_of(message, *to)));
    (void)edits.replace(line_of(message, *to), message.text(line_of(message, *from)));
  }
  static void take_off(const Crossing& crossing, const sip::Message& message, edit::EditList& edits) {
    const sip::Result<sip::Via> top = sip::top_via(message);
    const sip::Header* const header = message.find(sip::HeaderId::via);
    if (!top || top->endpoint() != crossing.flow().outer || !message.text(top->branch).ends_with("-box")) return;
    if (top->whole == header->value()) (void)edits.replace(line_of(message, *header), "");
  }

  bool respell_;
};

/// A04: received and rport (RFC 3581) of requests are taken off, or filled in before the server can.
void spoil_rport(Crossing& crossing, const Values& values) {
  sip::Message message;
  if (!crossing.outbound() || !crossing.read(message) || !message.is_request()) return;
  const sip::Result<sip::Via> top = sip::top_via(message);
  if (!top || !top->has_rport) return;
  const bool fill = values.choice("mode") == "fill";
  edit::EditList edits(crossing.octets().size());
  sip::ParameterCursor parameters(message.bytes(), top->parameters);
  for (auto parameter = parameters.next(); parameter; parameter = parameters.next()) {
    const base::Bytes name = message.text(parameter->name);
    if (name != "rport" && name != "received") continue;
    const net::Endpoint& outer = crossing.flow().outer;
    const std::string filled = ";rport=" + std::to_string(outer.port) + ";received=" + outer.address.to_text();
    (void)edits.replace(parameter->whole, fill && name == "rport" ? filled : "");
  }
  crossing.apply(edits);
}

/// A05: a reply goes to the port of Via although the request came from another one and asked for symmetry.
void force_via_port(Crossing& crossing, const Values&) {
  sip::Message message;
  if (crossing.outbound() || !crossing.read(message) || message.is_request()) return;
  const sip::Result<sip::Via> top = sip::top_via(message);
  if (top && top->literal == crossing.flow().inner.address) crossing.redirect(top->port != 0 ? top->port : 5060);
}

/// A08: the Request-URI becomes an address, the digest's uri stays a name.
void change_target(Crossing& crossing, const Values&) {
  sip::Message message;
  if (!crossing.outbound() || !crossing.read(message) || !message.is_request()) return;
  const sip::Result<sip::Uri> target = sip::parse_uri(message.bytes(), message.request_uri());
  if (!target || target->literal.present() || !target->host.present()) return;
  edit::EditList edits(crossing.octets().size());
  (void)sip::replace_host_port(edits, *target, {crossing.flow().remote.address, 0});
  crossing.apply(edits);
}

/// A11: Call-ID is translated, but for one method otherwise than for the rest.
void confuse_call_id(Crossing& crossing, const Values& values) {
  sip::Message message;
  if (!crossing.outbound() || !crossing.read(message)) return;
  if (message.text(message.method_text()) != values.choice("method")) return;
  const sip::Result<base::Range> id = sip::call_id(message);
  if (!id) return;
  edit::EditList edits(crossing.octets().size());
  (void)edits.replace({id->end(), 0}, "-other");
  crossing.apply(edits);
}

/// A17: granted lifetimes are made shorter on their way to the phone.
void shorten_expires(Crossing& crossing, const Values& values) {
  sip::Message message;
  if (crossing.outbound() || !crossing.read(message) || message.status() != 200) return;
  const sip::Result<sip::CSeq> cseq = sip::cseq(message);
  if (!cseq || cseq->method != sip::Method::register_) return;
  const std::string seconds = std::to_string(values.number("seconds"));
  edit::EditList edits(crossing.octets().size());
  if (const sip::Header* const expires = message.find(sip::HeaderId::expires); expires != nullptr)
    (void)edits.replace(expires->value(), seconds);
  sip::NameAddrs contacts(message, sip::HeaderId::contact);
  for (auto contact = contacts.next(); contact; contact = contacts.next()) {
    if (!*contact) continue;
    const base::Range value = sip::parameter_value(message.bytes(), (*contact)->parameters, "expires");
    if (value.present()) (void)edits.replace(value, seconds);
  }
  crossing.apply(edits);
}

/// The response that a box makes up: what RFC 3261 8.2.6.2 copies, and nothing it could know of the server.
std::string response_to(const sip::Message& message, base::Bytes status) {
  std::string response = "SIP/2.0 " + std::string(status) + "\r\n";
  for (const sip::Header& header : message.headers()) {
    const bool copied = header.id == sip::HeaderId::via || header.id == sip::HeaderId::from ||
                        header.id == sip::HeaderId::to || header.id == sip::HeaderId::call_id ||
                        header.id == sip::HeaderId::cseq;
    if (!copied) continue;
    std::string line(message.text(line_of(message, header)));
    const bool untagged = header.id == sip::HeaderId::to && line.find(";tag=") == std::string::npos;
    if (untagged && !status.starts_with("100")) line.insert(line.find_last_not_of("\r\n") + 1, ";tag=box");
    response += line;
  }
  return response + "Content-Length: 0\r\n\r\n";
}

/// A18: the box answers a request that it should have passed on.
void answer_itself(Crossing& crossing, const Values& values) {
  sip::Message message;
  // What the box says by itself in a TCP connection would put both ends out of step.
  if (crossing.flow().protocol != Protocol::udp) return;
  if (!crossing.read(message) || !message.is_request()) return;
  const base::Bytes method = values.choice("method");
  if (message.text(message.method_text()) != method) return;
  crossing.answer(response_to(message, method == "INVITE" ? "100 Trying" : "200 OK"));
  if (method != "INVITE") crossing.drop();
}

/// A24: whatever looks like the inner address is replaced, in any payload: text, or the four octets themselves.
class ReplacesAnywhere final : public Behaviour {
 public:
  explicit ReplacesAnywhere(const Values&) {}
  void configure(BoxSettings& settings) const override { settings.reads_all_udp = true; }
  void on_message(Crossing& crossing) override {
    if (!crossing.outbound()) return;
    const net::Address& inner = crossing.flow().inner.address;
    const net::Address& outer = crossing.flow().outer.address;
    std::string octets(crossing.octets());
    const auto replace = [&octets](const std::string& before, const std::string& after) {
      for (std::size_t at = octets.find(before); at != std::string::npos; at = octets.find(before, at + after.size()))
        octets.replace(at, before.size(), after);
    };
    replace(raw(inner), raw(outer));
    replace(inner.to_text(), outer.to_text());
    crossing.replace(std::move(octets));
  }

 private:
  static std::string raw(const net::Address& a) {
    return std::string(reinterpret_cast<const char*>(a.octets.data()), 4);
  }
};

constexpr Parameter kA03[] = {{"respell", Kind::choice, "yes", "yes|no",
                               "names in lower case, another order, blanks before Content-Length's value"}};
constexpr Parameter kA04[] = {
    {"mode", Kind::choice, "strip", "strip|fill", "rport and received are taken off, or filled in"}};
constexpr Parameter kA11[] = {
    {"method", Kind::choice, "CANCEL", "CANCEL|ACK|BYE", "whose Call-ID becomes another one"}};
constexpr Parameter kA17[] = {{"seconds", Kind::number, "30", "", "what the phone is told"}};
constexpr Parameter kA18[] = {{"method", Kind::choice, "OPTIONS", "OPTIONS|INVITE|REGISTER",
                               "what is answered: OPTIONS and REGISTER with 200, INVITE with 100"}};

constexpr BehaviourEntry kEntries[] = {
    {"A03", kA03, make<ExtraVia>},
    {"A04", kA04, make<OnMessage<spoil_rport>>},
    {"A05", {}, make<OnMessage<force_via_port>>},
    {"A08", {}, make<OnMessage<change_target>>},
    {"A11", kA11, make<OnMessage<confuse_call_id>>},
    {"A17", kA17, make<OnMessage<shorten_expires>>},
    {"A18", kA18, make<OnMessage<answer_itself>>},
    {"A24", {}, make<ReplacesAnywhere>},
};

}  // namespace

std::span<const BehaviourEntry> header_behaviours() {
  return kEntries;
}

}  // namespace viaduct::faults
