// SPDX-License-Identifier: GPL-2.0-or-later
// Behaviours that lose messages.
#include "base/text.hpp"
#include "faults/behaviour/entry.hpp"
#include "sdp/session.hpp"
#include "sip/address_spec.hpp"
#include "sip/body.hpp"
#include "sip/fields.hpp"
#include "sip/uri.hpp"

#include <algorithm>
#include <map>
#include <optional>
#include <string>

namespace viaduct::faults {
namespace {

using Kind = ParameterKind;

/// `direction` names where a message comes from.
bool comes_from(const Crossing& crossing, base::Bytes direction) {
  return direction == "both" || (direction == "inside") == crossing.outbound();
}

/// A02: a Contact without port names no mapping, and the box gives up.
void lose_portless_contact(Crossing& crossing, const Values&) {
  sip::Message message;
  if (!crossing.outbound() || !crossing.read(message)) return;
  const sip::Result<sip::NameAddr> contact = sip::first_name_addr(message, sip::HeaderId::contact);
  if (contact && contact->uri.literal == crossing.flow().inner.address && contact->uri.port == 0) crossing.drop();
}

/// A19: what is not known is not let through.
void lose_unknown_method(Crossing& crossing, const Values& values) {
  sip::Message message;
  if (!crossing.read(message) || !message.is_request()) return;
  constexpr sip::Method kOld[] = {sip::Method::invite, sip::Method::ack,       sip::Method::bye,
                                  sip::Method::cancel, sip::Method::register_, sip::Method::options};
  const bool known = values.choice("known") == "rfc3261" ? std::ranges::find(kOld, message.method()) != std::end(kOld)
                                                         : message.method() != sip::Method::other;
  if (!known) crossing.drop();
}

/// A20: a start line or header line that is longer than a buffer of the box.
void lose_long_line(Crossing& crossing, const Values& values) {
  sip::Message message;
  if (!crossing.read(message)) return;
  const std::uint32_t limit = values.number("octets");
  const bool long_header = std::ranges::any_of(message.headers(), [limit](const sip::Header& header) {
    return header.value().end() - header.name_offset > limit;
  });
  if (long_header || message.start_line().length > limit) crossing.drop();
}

/// A21: the short names and folded lines that RFC 3261 7.3 allows.
void lose_spelling(Crossing& crossing, const Values& values) {
  sip::Message message;
  if (!crossing.read(message)) return;
  const bool folding = values.choice("form") == "folded";
  if (std::ranges::any_of(message.headers(), [folding](const sip::Header& header) {
        return folding ? header.folded : header.name_length == 1;
      }))
    crossing.drop();
}

/// A23: a Request-URI that is no sip: URI.
void lose_other_scheme(Crossing& crossing, const Values&) {
  sip::Message message;
  if (!crossing.read(message) || !message.is_request()) return;
  const sip::Result<sip::Uri> uri = sip::parse_uri(message.bytes(), message.request_uri());
  if (uri && uri->scheme != sip::Scheme::sip) crossing.drop();
}

/// B12: ports below 1024 are taken for an error, also the 9 of RFC 8840.
void lose_low_port(Crossing& crossing, const Values& values) {
  sip::Message message;
  if (!crossing.read(message)) return;
  const std::optional<sdp::Session> session = session_of(message);
  if (session && std::ranges::any_of(session->media(), [&values](const sdp::Media& media) {
        return media.port != 0 && media.port < values.number("below");
      }))
    crossing.drop();
}

/// B13: a name in c= (RFC 8866 5.7 allows it), or the other address family.
void lose_named_connection(Crossing& crossing, const Values&) {
  sip::Message message;
  if (!crossing.read(message)) return;
  const std::optional<sdp::Session> session = session_of(message);
  if (session && std::ranges::any_of(session->media(), [&session](const sdp::Media& media) {
        const sdp::AddressField& where = session->connection_of(media).where;
        return where.present() && where.literal.family != net::Family::ipv4;
      }))
    crossing.drop();
}

/// D06: keep-alives of RFC 5626 3.5: CRLF, double CRLF, STUN; and the four NUL or so of other phones.
void lose_keep_alive(Crossing& crossing, const Values&) {
  const base::Bytes octets = crossing.octets();
  const bool blank = octets.find_first_not_of(base::Bytes("\r\n \0", 4)) == base::Bytes::npos;
  const bool stun = octets.size() >= 20 && octets.substr(4, 4) == base::Bytes("\x21\x12\xa4\x42", 4);
  if (blank || stun) crossing.drop();
}

/// C07, C08: one kind of message of a call gets lost.
template <auto Matches>
class LoseSome final : public Behaviour {
 public:
  explicit LoseSome(const Values& values) : values_(values), left_(values.number("count")) {}
  void on_message(Crossing& crossing) override {
    sip::Message message;
    if (!comes_from(crossing, values_.choice("from")) || !crossing.read(message) || !Matches(message, values_)) return;
    if (values_.number("count") != 0 && left_-- == 0) {
      left_ = 0;
      return;
    }
    crossing.drop();
  }

 private:
  Values values_;
  std::uint32_t left_;
};

bool completes_invite(const sip::Message& message, const Values& values) {
  if (values.choice("what") == "ack") return message.method() == sip::Method::ack;
  const sip::Result<sip::CSeq> cseq = sip::cseq(message);
  return message.status() / 100 == 2 && cseq && cseq->method == sip::Method::invite;
}

bool is_bye(const sip::Message& message, const Values&) {
  return message.method() == sip::Method::bye;
}

/// C05: one signalling pinhole for each flow: the last REGISTER takes it.
class OneRegistration final : public Behaviour {
 public:
  explicit OneRegistration(const Values&) {}
  void on_message(Crossing& crossing) override {
    sip::Message message;
    if (!crossing.read(message) || !message.is_request()) return;
    if (crossing.outbound() && message.method() == sip::Method::register_) {
      const sip::Result<sip::NameAddr> contact = sip::first_name_addr(message, sip::HeaderId::contact);
      if (last_.size() >= Calls::kMaxCalls) last_.clear();
      if (contact && !contact->star) last_[crossing.flow().inner] = message.text(contact->uri.user);
      return;
    }
    const auto known = last_.find(crossing.flow().inner);
    if (crossing.outbound() || message.method() != sip::Method::invite || known == last_.end()) return;
    const sip::Result<sip::Uri> target = sip::parse_uri(message.bytes(), message.request_uri());
    if (target && message.text(target->user) != known->second) crossing.drop();
  }

 private:
  std::map<net::Endpoint, std::string> last_;
};

/// C11: signalling state of an unanswered call is torn down, and its messages find nothing.
void lose_late_answer(Crossing& crossing, const Values& values) {
  sip::Message message;
  if (!crossing.read(message)) return;
  const Call* const call = crossing.calls().find(message, crossing.now());
  if (call == nullptr) return;
  const base::Instant end = call->begun + values.duration("after");
  const bool in_time = call->answered != base::Instant{} && call->answered < end;
  if (!in_time && crossing.now() >= end) crossing.drop();
}

constexpr base::Bytes kFrom = "inside|outside|both";
constexpr Parameter kA19[] = {
    {"known", Kind::choice, "rfc3261", "rfc3261|all", "the six methods of RFC 3261, or all that have an RFC"}};
constexpr Parameter kA20[] = {{"octets", Kind::number, "255", "", "longest line that gets through"}};
constexpr Parameter kA21[] = {{"form", Kind::choice, "compact", "compact|folded", "which spelling is lost"}};
constexpr Parameter kB12[] = {{"below", Kind::number, "1024", "", "ports below this one are taken for an error"}};
constexpr Parameter kC07[] = {
    {"what", Kind::choice, "ack", "ack|2xx", "which message of the INVITE transaction is lost"},
    {"from", Kind::choice, "both", kFrom, "sent from which side"},
    {"count", Kind::number, "0", "", "how many are lost; 0: all"}};
constexpr Parameter kC08[] = {{"from", Kind::choice, "both", kFrom, "sent from which side"},
                              {"count", Kind::number, "0", "", "how many are lost; 0: all"}};
constexpr Parameter kC11[] = {{"after", Kind::duration, "60s", "", "how long a call may ring"}};

constexpr BehaviourEntry kEntries[] = {
    {"A02", {}, make<OnMessage<lose_portless_contact>>}, {"A19", kA19, make<OnMessage<lose_unknown_method>>},
    {"A20", kA20, make<OnMessage<lose_long_line>>},      {"A21", kA21, make<OnMessage<lose_spelling>>},
    {"A23", {}, make<OnMessage<lose_other_scheme>>},     {"B12", kB12, make<OnMessage<lose_low_port>>},
    {"B13", {}, make<OnMessage<lose_named_connection>>}, {"C05", {}, make<OneRegistration>},
    {"C07", kC07, make<LoseSome<completes_invite>>},     {"C08", kC08, make<LoseSome<is_bye>>},
    {"C11", kC11, make<OnMessage<lose_late_answer>>},    {"D06", {}, make<OnMessage<lose_keep_alive>>},
};

}  // namespace

std::span<const BehaviourEntry> loss_behaviours() {
  return kEntries;
}

}  // namespace viaduct::faults
