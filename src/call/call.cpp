// SPDX-License-Identifier: GPL-2.0-or-later
#include "call/call.hpp"

#include "call/hash.hpp"
#include "sip/address_spec.hpp"

#include <algorithm>
#include <iterator>
#include <tuple>

namespace viaduct::call {

namespace {

using Hop = std::pair<net::Endpoint, net::Endpoint>;

/// Two elements, whichever of them sends. Ports tell elements apart only on one machine: a NAT gives a phone another
/// one, and responses go to the port that Via names.
[[nodiscard]] Hop hop_of(const Sighting& sighting) {
  Hop hop{sighting.source, sighting.destination};
  if (hop.first.address != hop.second.address) hop.first.port = hop.second.port = 0;
  if (hop.second < hop.first) std::swap(hop.first, hop.second);
  return hop;
}

[[nodiscard]] bool touches(const Leg& leg, const net::Endpoint& endpoint) {
  return std::any_of(leg.hops.begin(), leg.hops.end(), [&](const Hop& hop) {
    return hop.first.address == endpoint.address || hop.second.address == endpoint.address;
  });
}

void describe(Identity& identity, const Reading& reading, const sip::Result<sip::NameAddr>& value) {
  if (!value) return;
  identity.uri = Text(reading.message.text(value->uri.whole), 96);
  identity.user = Text(reading.message.text(value->uri.user), 48);
}

}  // namespace

Call::Call(CallNumber number_given, const Reading& reading)
    : number(number_given),
      point(reading.sighting.point),
      call_id(reading.call_id, 128),
      id_hash(hash_of(reading.call_id)),
      caller_tag(reading.from_tag, 64),
      caller_hash(hash_of(reading.from_tag)),
      first(reading.sighting.time),
      last(reading.sighting.time) {
  begin_seen = reading.is_request() && reading.method == sip::Method::invite && reading.to_tag.empty();
  describe(parties[0], reading, sip::from(reading.message));
  describe(parties[1], reading, sip::to(reading.message));
  if (const sip::Result<sip::SessionId> id = sip::session_id(reading.message))
    session_id = Text(reading.message.text(id->local), 32);
}

bool Call::established() const {
  return std::any_of(dialogs.begin(), dialogs.end(),
                     [](const Dialog& dialog) { return dialog.confirmed != kNever || !dialog.begin_seen; });
}

Party Call::sender_of_request(const Reading& reading) const {
  const std::uint64_t from = hash_of(reading.from_tag);
  const std::uint64_t to = hash_of(reading.to_tag);
  if (from == caller_hash) return Party::caller;
  // A B2BUA may give its legs one Call-ID, and each leg tags of its own.
  const bool reverse = std::any_of(dialogs.begin(), dialogs.end(), [from, to](const Dialog& dialog) {
    return dialog.callee_hash == from && dialog.caller_hash == to;
  });
  return to == caller_hash || reverse ? Party::callee : Party::caller;
}

std::uint8_t Call::leg_that_knows(const Reading& reading) const {
  const auto number_of = [&](auto&& knows) {
    const auto found = std::find_if(legs.begin(), legs.end(), knows);
    return found == legs.end() ? kNoLeg : static_cast<std::uint8_t>(found - legs.begin());
  };
  if (!reading.is_request())
    return number_of([&](const Leg& leg) {
      const auto items = leg.transactions.items();
      return std::any_of(items.begin(), items.end(), [&](const Transaction& t) {
        return t.key == reading.transaction_key && t.cseq == reading.cseq && t.method == reading.method;
      });
    });
  if (reading.to_tag.empty() && reading.method != sip::Method::cancel) return kNoLeg;
  const std::uint8_t senders = number_of([&](const Leg& leg) { return touches(leg, reading.sighting.source); });
  if (senders != kNoLeg) return senders;
  return number_of([&](const Leg& leg) { return touches(leg, reading.sighting.destination); });
}

std::uint8_t Call::leg_of(const Reading& reading) {
  constexpr std::size_t kMaxHops = 8;
  const Hop hop = hop_of(reading.sighting);
  for (std::size_t i = 0; i < legs.size(); ++i)
    if (std::find(legs[i].hops.begin(), legs[i].hops.end(), hop) != legs[i].hops.end())
      return static_cast<std::uint8_t>(i);
  const std::uint8_t known = leg_that_knows(reading);
  if (known != kNoLeg) {
    if (legs[known].hops.size() < kMaxHops) legs[known].hops.push_back(hop);
    return known;
  }
  if (legs.size() >= kMaxLegs) {
    ++dropped_legs;
    return kNoLeg;
  }
  Leg& leg = legs.emplace_back();
  const bool from_caller = reading.is_request() == (sender_of_request(reading) == Party::caller);
  leg.caller = from_caller ? reading.sighting.source : reading.sighting.destination;
  leg.callee = from_caller ? reading.sighting.destination : reading.sighting.source;
  leg.transport = reading.sighting.transport;
  leg.hops.push_back(hop);
  return static_cast<std::uint8_t>(legs.size() - 1);
}

std::uint8_t Call::endpoint_index(const net::Endpoint& endpoint) {
  const auto found = std::find(endpoints.begin(), endpoints.end(), endpoint);
  if (found != endpoints.end()) return static_cast<std::uint8_t>(found - endpoints.begin());
  if (endpoints.size() >= kMaxEndpoints) return kNoEndpoint;
  endpoints.push_back(endpoint);
  return static_cast<std::uint8_t>(endpoints.size() - 1);
}

/// Whether a message with two tags of which no dialog is known is one of a dialog (RFC 3261 12.1, 12.2.2).
bool Call::makes_dialog(const Reading& reading) const {
  if (reading.method == sip::Method::cancel || reading.method == sip::Method::other) return false;
  if (reading.is_request()) return reading.method != sip::Method::ack || !begin_seen;
  if (reading.method == sip::Method::invite) return reading.status > 100 && reading.status < 300;
  return !begin_seen && reading.is_success();
}

/// A message of a dialog whose To (or From) has no tag that can be read: damaged on the way, or of RFC 2543.
bool Call::says_no_tag(const Reading& reading) {
  if (reading.method == sip::Method::cancel) return false;
  return reading.method != sip::Method::invite || reading.is_success();
}

/// What has no tag belongs to the only dialog there is, and what has one to that which is without. kAnyDialog if there
/// is none or several.
std::uint8_t Call::nameless_dialog(std::uint64_t caller, Bytes callee) {
  constexpr Bytes kNoTag;
  if (callee.empty()) return dialogs.size() == 1 && dialogs[0].caller_hash == caller ? 0 : MediaSpan::kAnyDialog;
  for (std::size_t i = 0; i < dialogs.size(); ++i)
    if (dialogs[i].caller_hash == caller && dialogs[i].callee_hash == hash_of(kNoTag)) {
      dialogs[i].callee_tag = Text(callee, 64);
      dialogs[i].callee_hash = hash_of(callee);
      return static_cast<std::uint8_t>(i);
    }
  return MediaSpan::kAnyDialog;
}

std::uint8_t Call::dialog_of(const Reading& reading, Party from, std::uint8_t leg) {
  const Bytes caller = from == Party::caller ? reading.from_tag : reading.to_tag;
  const Bytes callee = from == Party::caller ? reading.to_tag : reading.from_tag;
  // Without a To tag there is none yet, save with RFC 2543, which has none at all.
  const bool old = caller.empty() && callee.empty();
  const bool begins = reading.is_request() && reading.method == sip::Method::invite && dialogs.empty();
  if (callee.empty() && (old ? begins : !says_no_tag(reading))) return MediaSpan::kAnyDialog;
  const std::uint64_t caller_mark = hash_of(caller);
  const std::uint64_t callee_mark = hash_of(callee);
  for (std::size_t i = 0; i < dialogs.size(); ++i)
    if (dialogs[i].caller_hash == caller_mark && dialogs[i].callee_hash == callee_mark)
      return static_cast<std::uint8_t>(i);
  const std::uint8_t nameless = old ? MediaSpan::kAnyDialog : nameless_dialog(caller_mark, callee);
  if (nameless != MediaSpan::kAnyDialog) return nameless;
  if (!makes_dialog(reading)) return MediaSpan::kAnyDialog;
  if (dialogs.size() >= kMaxDialogs) {
    ++dropped_dialogs;
    return MediaSpan::kAnyDialog;
  }
  Dialog& dialog = dialogs.emplace_back();
  dialog.caller_tag = Text(caller, 64);
  dialog.callee_tag = Text(callee, 64);
  dialog.caller_hash = caller_mark;
  dialog.callee_hash = callee_mark;
  dialog.leg = leg;
  // A response to the INVITE begins one, also where that INVITE was not captured; anything else goes on with one.
  dialog.begin_seen = begin_seen && !reading.is_request();
  if (!reading.is_request() && reading.method == sip::Method::invite) dialog.invite_cseq = reading.cseq;
  if (!dialog.begin_seen) dialog.state = DialogState::confirmed;
  dialog.timer.asked = session_asked_;
  Target& target = dialog.targets[static_cast<std::size_t>(Party::caller)];
  target.uri = Text(invite_contact_.view(), 96);
  target.endpoint = parties[0].contact;
  target.since = invited;
  return static_cast<std::uint8_t>(dialogs.size() - 1);
}

void Call::note_party(const Reading& reading, Party sender) {
  Identity& identity = parties[static_cast<std::size_t>(sender)];
  if (identity.product.empty()) identity.product = Text(reading.message.text(sip::product(reading.message)), 48);
  if (reading.method != sip::Method::invite || reading.status >= 300) return;
  const sip::Result<sip::NameAddr> contact = sip::first_name_addr(reading.message, sip::HeaderId::contact);
  if (!contact || contact->star) return;
  const bool initial = reading.is_request() && reading.to_tag.empty();
  if (initial || !identity.contact.address.present()) identity.contact = contact->uri.endpoint();
  if (!initial) return;
  invite_contact_ = Text(reading.message.text(contact->uri.whole), 96);
  const sip::Result<sip::SessionExpires> asked = sip::session_expires(reading.message);
  session_asked_ = asked ? asked->seconds : 0;
}

void Call::note_dialog(const Reading& reading, Party from, std::uint8_t dialog, std::uint8_t leg) {
  if (dialog != MediaSpan::kAnyDialog) {
    if (reading.is_request())
      dialogs[dialog].add_request(reading, from);
    else
      dialogs[dialog].add_response(reading, from);
  }
  if (reading.status < 300) return;
  // The failure of an INVITE ends all of its early dialogs there (RFC 3261 12.3).
  for (Dialog& early : dialogs)
    if (early.state == DialogState::early && early.opened_by(reading, from) && early.leg == leg) {
      early.state = DialogState::terminated;
      early.terminated = reading.sighting.time;
    }
}

bool Call::from_first_client(const Leg& leg) const {
  const Leg& front = legs.front();
  const bool one_machine = front.caller.address == front.callee.address;
  return one_machine ? leg.caller == front.caller : leg.caller.address == front.caller.address;
}

/// Another INVITE of a fork was answered by a provisional response and by no final one.
bool Call::rings_elsewhere() const {
  return std::any_of(legs.begin(), legs.end(), [this](const Leg& leg) {
    const auto items = leg.transactions.items();
    return from_first_client(leg) && std::any_of(items.begin(), items.end(), [](const Transaction& t) {
             return t.invite() && !t.finished() && (t.trying != kNever || t.provisional != kNever);
           });
  });
}

void Call::note_times(const Reading& reading, Party from, std::uint8_t leg) {
  const Time time = reading.sighting.time;
  if (reading.method == sip::Method::bye) {
    const bool all = std::all_of(dialogs.begin(), dialogs.end(), [](const Dialog& dialog) {
      return dialog.state != DialogState::confirmed || dialog.bye_from.has_value();
    });
    if (all && (reading.is_request() || over != kNever)) over = time;
  }
  if (reading.method != sip::Method::invite || from != Party::caller || !begin_seen) return;
  if (reading.is_request()) {
    if (!reading.to_tag.empty()) return;
    if (invited == kNever) invited = time;
    over = kNever;  // it comes again, with credentials or to another server
    return;
  }
  if (established() && answered != kNever) return;
  if (reading.status > 100 && reading.status < 200 && rang == kNever) rang = time;
  if (reading.is_success()) {
    answered = time;
    over = kNever;
  }
  if (reading.status < 300 || !from_first_client(legs[leg])) return;
  if (reading.status == 401 || reading.status == 407)
    ++challenges;
  else if (!rings_elsewhere())
    over = time;
}

void Call::push(const Event& event) {
  if (events.size() >= kMaxEvents) {
    ++dropped_events;
    return;
  }
  // Nearly all come in order; those of two captures and of the flow between do not.
  auto place = events.end();
  while (place != events.begin() && std::prev(place)->time > event.time) --place;
  events.insert(place, event);
}

void Call::note_media(const Reading& reading, MediaDescription&& description, std::uint8_t dialog, const Event& event) {
  const Party sender = event.from;
  for (const Negotiation::Change& change :
       legs[event.leg].negotiation.add(reading, sender, dialog, std::move(description))) {
    Event mark = event;
    mark.kind = change.kind;
    mark.from = change.receiver;
    mark.again = Again::first;
    push(mark);
  }
}

void Call::add(const Reading& reading) {
  ++messages;
  last = std::max(last, reading.sighting.time);
  const Party from = sender_of_request(reading);
  const Party sender = reading.is_request() ? from : other(from);
  Event event;
  event.time = reading.sighting.time;
  event.frame = reading.sighting.frame;
  event.cseq = reading.cseq;
  event.status = reading.status;
  event.method = reading.method;
  event.kind = kind_of(reading.method, reading.status, !reading.to_tag.empty());
  event.source = endpoint_index(reading.sighting.source);
  event.destination = endpoint_index(reading.sighting.destination);
  event.from = sender;
  event.cut = reading.sighting.octets.size() < reading.sighting.length;
  event.leg = leg_of(reading);
  if (event.leg == kNoLeg) return push(event);
  const TransactionList::Outcome outcome = legs[event.leg].transactions.add(reading, from);
  if (outcome.transaction == nullptr) ++stray;
  event.again = outcome.again;
  retransmissions += outcome.again == Again::retransmitted ? 1 : 0;
  mirrored += outcome.again == Again::mirrored ? 1 : 0;
  std::optional<MediaDescription> description = read_media(reading.message);
  event.sdp = description.has_value();
  event.t38 = description && description->opens_t38();
  event.video = description && description->opens(MediaKind::video);
  push(event);
  if (outcome.again == Again::mirrored) return;
  note_party(reading, sender);
  const std::uint8_t dialog = dialog_of(reading, from, event.leg);
  note_dialog(reading, from, dialog, event.leg);
  if (outcome.again != Again::first) return;
  note_times(reading, from, event.leg);
  if (description) note_media(reading, std::move(*description), dialog, event);
  if (reading.status >= 300) legs[event.leg].negotiation.refuse(reading, from);
  if (over != kNever)
    for (Leg& leg : legs) leg.negotiation.end(over);
}

void Call::add_flow_mark(const FlowMark& mark) {
  Event event;
  event.time = mark.time;
  event.frame = mark.frame;
  event.cseq = mark.cseq;
  event.status = mark.status;
  event.kind = mark.kind;
  event.method = mark.method;
  event.source = endpoint_index(mark.source);
  event.destination = endpoint_index(mark.destination);
  event.leg = kNoLeg;
  push(event);
}

void Call::finish(Time now) {
  ending = ending_of(*this, now);
  if (over == kNever) return;
  for (Leg& leg : legs) leg.negotiation.end(over);
}

const MediaSpan* Call::media_at(Party receiver, std::uint8_t line, Time time) const {
  for (const Leg& leg : legs)
    if (const MediaSpan* const span = leg.negotiation.at(receiver, line, time)) return span;
  return nullptr;
}

}  // namespace viaduct::call
