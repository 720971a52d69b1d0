// SPDX-License-Identifier: GPL-2.0-or-later
#include "analyze/call_filter.hpp"

#include "base/text.hpp"
#include "call/hash.hpp"
#include "diagnose/sides/written.hpp"
#include "sip/address_spec.hpp"
#include "sip/fields.hpp"

#include <algorithm>

namespace viaduct::app::analyze {
namespace {

/// With fewer digits a number is an extension, and must be it exactly.
constexpr std::size_t kWholeNumber = 7;

[[nodiscard]] std::string lower(base::Bytes text) {
  std::string out(text);
  std::transform(out.begin(), out.end(), out.begin(), base::to_lower);
  return out;
}

/// The digits of a number; empty if other things than digits and punctuation are in it.
[[nodiscard]] std::string digits_of(base::Bytes text) {
  std::string digits;
  for (const char c : text) {
    if (base::kDigits.contains(c))
      digits += c;
    else if (base::Bytes("+-.()/ ").find(c) == base::Bytes::npos)
      return {};
  }
  return digits;
}

[[nodiscard]] base::Bytes without_zeros(base::Bytes digits) {
  digits.remove_prefix(std::min(digits.find_first_not_of('0'), digits.size()));
  return digits;
}

/// The user of a URI: between the scheme and the at sign, without parameters.
[[nodiscard]] base::Bytes user_of(base::Bytes uri) {
  uri.remove_prefix(std::min(uri.find(':') + 1, uri.size()));
  return uri.substr(0, uri.find_first_of("@;?"));
}

}  // namespace

CallFilter::CallFilter(const std::string& text)
    : all_(false), call_id_hash_(call::hash_of(text)), user_(lower(text)), digits_(digits_of(text)) {
  network_ = net::parse_prefix(text);
}

bool CallFilter::is_party(base::Bytes user) const {
  if (user.empty()) return false;
  if (lower(user) == user_) return true;
  const std::string digits = digits_of(user);
  if (digits_.empty() || digits.empty()) return false;
  const base::Bytes wanted = without_zeros(digits_);
  return digits == digits_ || (wanted.size() >= kWholeNumber && base::Bytes(digits).ends_with(wanted));
}

bool CallFilter::contains(const net::Endpoint& endpoint) const {
  return endpoint.address.present() && network_ && network_->contains(endpoint.address);
}

bool CallFilter::passes(const call::Call& call) const {
  if (all_ || call.id_hash == call_id_hash_) return true;
  for (const call::Identity& party : call.parties)
    if (is_party(party.user.view()) || contains(party.contact)) return true;
  for (const call::Dialog& dialog : call.dialogs)
    for (const call::Target& target : dialog.targets)
      if (is_party(user_of(target.uri.view())) || contains(target.endpoint)) return true;
  if (!network_) return false;
  for (const net::Endpoint& endpoint : call.endpoints)
    if (contains(endpoint)) return true;
  for (const call::Leg& leg : call.legs) {
    if (contains(leg.caller) || contains(leg.callee)) return true;
    for (const call::MediaSpan& span : leg.negotiation.spans())
      if (contains(span.media.rtp)) return true;
  }
  return false;
}

bool CallFilter::passes(const call::Registration& registration) const {
  return all_ || is_party(user_of(registration.aor.view())) || is_party(user_of(registration.contact.view())) ||
         contains(registration.client) || contains(registration.registrar);
}

bool CallFilter::passes(const call::Subscription& subscription) const {
  return all_ || call::hash_of(subscription.call_id.view()) == call_id_hash_ || contains(subscription.subscriber) ||
         contains(subscription.notifier);
}

bool CallFilter::names_party(const sip::Message& message) const {
  for (const sip::HeaderId id : {sip::HeaderId::from, sip::HeaderId::to, sip::HeaderId::contact}) {
    sip::NameAddrs names(message, id);
    while (const std::optional<sip::Result<sip::NameAddr>> name = names.next())
      if (*name && is_party(user_of(message.text((*name)->uri.whole)))) return true;
  }
  return message.is_request() && is_party(user_of(message.text(message.request_uri())));
}

bool CallFilter::passes(const sip::Message& message, const net::Endpoint& source,
                        const net::Endpoint& destination) const {
  if (all_ || contains(source) || contains(destination)) return true;
  const sip::Result<sip::Range> id = sip::call_id(message);
  if (id && call::hash_of(message.text(*id)) == call_id_hash_) return true;
  if (names_party(message)) return true;
  if (!network_) return false;
  const std::vector<diagnose::sides::Written> written = diagnose::sides::written_in(message.bytes());
  return std::any_of(written.begin(), written.end(),
                     [this](const diagnose::sides::Written& one) { return contains(one.endpoint); });
}

bool CallFilter::passes(const net::Endpoint& a, const net::Endpoint& b) const {
  return all_ || contains(a) || contains(b);
}

}  // namespace viaduct::app::analyze
