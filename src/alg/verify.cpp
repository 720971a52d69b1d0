// SPDX-License-Identifier: GPL-2.0-or-later
#include "alg/verify.hpp"

#include "sdp/session.hpp"
#include "sip/address_spec.hpp"
#include "sip/body.hpp"
#include "sip/fields.hpp"
#include "sip/uri.hpp"
#include "sip/via.hpp"

#include <algorithm>
#include <optional>
#include <vector>

namespace viaduct::alg {
namespace {

/// A place that may differ, in both messages.
struct Hole {
  base::Range before;
  base::Range after;
};

/// A value as it was read, with where it stands.
struct Place {
  base::Range range;
  net::Endpoint value;
};

// All Contacts in one walk: there may be thousands.
std::vector<std::optional<Place>> contact_places(const sip::Message& message, std::span<const Intent> intents) {
  std::vector<std::optional<Place>> places;
  if (std::none_of(intents.begin(), intents.end(), [](const Intent& i) { return i.field == Field::contact; }))
    return places;
  sip::NameAddrs contacts(message, sip::HeaderId::contact);
  while (const std::optional<sip::Result<sip::NameAddr>> contact = contacts.next()) {
    const bool plain = *contact && !(*contact)->star;
    places.push_back(
        plain ? std::optional(Place{(*contact)->uri.host_port(), with_default_port((*contact)->uri.endpoint())})
              : std::nullopt);
  }
  return places;
}

std::optional<Place> header_place(const sip::Message& message, const std::vector<std::optional<Place>>& contacts,
                                  const Intent& intent) {
  if (intent.field == Field::contact) return intent.place < contacts.size() ? contacts[intent.place] : std::nullopt;
  if (intent.field == Field::via) {
    const sip::Result<sip::Via> via = sip::top_via(message);
    if (!via) return std::nullopt;
    return Place{via->sent_by(), with_default_port(via->endpoint())};
  }
  const sip::Result<sip::Uri> uri = sip::parse_uri(message.bytes(), message.request_uri());
  if (!uri) return std::nullopt;
  return Place{uri->host_port(), with_default_port(uri->endpoint())};
}

Place address_place(const sdp::AddressField& field) {
  return {field.address, {field.literal, 0}};
}

// One half of a value in SDP, where address and port stand apart.
std::optional<Place> sdp_place(const sdp::Session& session, const Intent& intent, bool port) {
  if (intent.place > session.media().size()) return std::nullopt;
  if (intent.field == Field::sdp_origin) return address_place(session.origin.where);
  if (intent.place == 0) return address_place(session.connection.where);
  const sdp::Media& media = session.media()[intent.place - 1U];
  switch (intent.field) {
    case Field::sdp_connection:
      return address_place(media.connection.where);
    case Field::sdp_port:
      return Place{media.port_text, {{}, media.port}};
    case Field::sdp_rtcp:
      return port ? Place{media.rtcp.port_text, {{}, media.rtcp.port}} : address_place(media.rtcp.where);
    default:
      return std::nullopt;
  }
}

bool is_in_body(Field field) {
  return field == Field::sdp_origin || field == Field::sdp_connection || field == Field::sdp_port ||
         field == Field::sdp_rtcp;
}

class Proof {
 public:
  Proof(const sip::Message& before, const sip::Message& after) : before_(before), after_(after) {}

  bool headers(std::span<const Intent> intents) {
    const std::vector<std::optional<Place>> before = contact_places(before_, intents);
    const std::vector<std::optional<Place>> after = contact_places(after_, intents);
    return std::all_of(intents.begin(), intents.end(), [&](const Intent& intent) {
      return is_in_body(intent.field) || take(header_place(before_, before, intent),
                                              header_place(after_, after, intent), with_default_port(intent.value));
    });
  }

  bool body(std::span<const Intent> intents) {
    if (std::none_of(intents.begin(), intents.end(), [](const Intent& i) { return is_in_body(i.field); })) return true;
    const std::optional<sip::BodyPart> old_part = sip::find_sdp(before_);
    const std::optional<sip::BodyPart> new_part = sip::find_sdp(after_);
    if (!old_part || !new_part) return false;
    const sdp::Result<sdp::Session> old_sdp = sdp::parse(before_.bytes(), old_part->content);
    const sdp::Result<sdp::Session> new_sdp = sdp::parse(after_.bytes(), new_part->content);
    if (!old_sdp || !new_sdp || old_sdp->media().size() != new_sdp->media().size()) return false;
    auto half = [&](const Intent& intent, bool port, const net::Endpoint& value) {
      return take(sdp_place(*old_sdp, intent, port), sdp_place(*new_sdp, intent, port), value);
    };
    return std::all_of(intents.begin(), intents.end(), [&](const Intent& intent) {
      if (!is_in_body(intent.field)) return true;
      const net::Endpoint& value = intent.value;
      return (!value.address.present() || half(intent, false, {value.address, 0})) &&
             (value.port == 0 || half(intent, true, {{}, value.port}));
    });
  }

  bool rest() {
    const sip::Result<sip::ContentLength> old_length = sip::content_length(before_);
    const sip::Result<sip::ContentLength> new_length = sip::content_length(after_);
    if (old_length && new_length) holes_.push_back({old_length->digits, new_length->digits});
    std::sort(holes_.begin(), holes_.end(),
              [](const Hole& a, const Hole& b) { return a.before.offset < b.before.offset; });
    std::size_t old_at = 0;
    std::size_t new_at = 0;
    for (const Hole& hole : holes_) {
      if (hole.before.offset < old_at || hole.after.offset < new_at) return false;
      if (before_.text(base::between(old_at, hole.before.offset)) !=
          after_.text(base::between(new_at, hole.after.offset)))
        return false;
      old_at = hole.before.end();
      new_at = hole.after.end();
    }
    return before_.bytes().substr(old_at) == after_.bytes().substr(new_at);
  }

 private:
  bool take(const std::optional<Place>& before, const std::optional<Place>& after, const net::Endpoint& wanted) {
    if (!before || !after || !before->range.present() || !after->range.present() || after->value != wanted)
      return false;
    holes_.push_back({before->range, after->range});
    return true;
  }

  const sip::Message& before_;
  const sip::Message& after_;
  std::vector<Hole> holes_;
};

}  // namespace

bool verify(const sip::Message& original, std::span<const Intent> intents, base::Bytes edited) {
  const sip::Result<sip::Message> again = sip::parse(edited);
  if (!again || again->framing() != original.framing() || again->headers().size() != original.headers().size())
    return false;
  Proof proof(original, *again);
  return proof.headers(intents) && proof.body(intents) && proof.rest();
}

base::Bytes edited_message(const sip::Message& message, Decision& decision, const Event& about, std::span<char> out) {
  if (decision.edits.empty()) return message.bytes();
  const base::Result<std::size_t, edit::EditProblem> size = edit::apply(message.bytes(), decision.edits, out);
  const base::Bytes edited(out.data(), size.value_or(0));
  if (size && verify(message, decision.intents, edited)) return edited;
  decision.withdraw(Reason::proof_failed, about);
  return message.bytes();
}

}  // namespace viaduct::alg
