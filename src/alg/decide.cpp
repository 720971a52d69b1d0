// SPDX-License-Identifier: GPL-2.0-or-later
#include "alg/decide.hpp"

#include "alg/decider.hpp"
#include "alg/evidence.hpp"
#include "sip/fields.hpp"
#include "sip/parameters.hpp"

#include <algorithm>
#include <chrono>

namespace viaduct::alg {
namespace {

using namespace std::chrono_literals;

constexpr base::Duration kTransaction = 64s;  // 64*T1 twice: request and a late answer (RFC 3261 17)
constexpr base::Duration kUnanswered = 32s;   // 64*T1: what a request from outside gets before the inside said anything
constexpr base::Duration kRinging =
    1h;  // each 1xx begins Timer C anew (RFC 3261 16.8): it may ring as long as it likes
constexpr base::Duration kCallWithoutTimer = 24h;
constexpr base::Duration kLongest = 24h;         // no peer may ask for more
constexpr std::size_t kMostTags = 32;            // forks of one call
constexpr base::Duration kSubscription = 3600s;  // without an Expires (RFC 6665 defaults are per package)

// Requests that begin something worth following. ACK, CANCEL and BYE never do. A NOTIFY grants nothing by itself:
// platforms send many that nobody asked for.
std::optional<AssociationKind> kind_of(sip::Method method, bool in_dialog) {
  switch (method) {
    case sip::Method::invite:
    case sip::Method::update:
      return AssociationKind::call;
    case sip::Method::info:
      return in_dialog ? AssociationKind::call : AssociationKind::transaction;
    case sip::Method::register_:
      return AssociationKind::registration;
    case sip::Method::subscribe:
    case sip::Method::refer:
      return AssociationKind::subscription;
    case sip::Method::ack:
    case sip::Method::cancel:
    case sip::Method::bye:
    case sip::Method::prack:
    case sip::Method::none:
      return std::nullopt;
    default:
      return AssociationKind::transaction;
  }
}

}  // namespace

base::Range address_of_record(const sip::Message& message) {
  const sip::Result<sip::NameAddr> to = sip::to(message);
  if (!to) return {};
  const sip::Uri& uri = to->uri;
  const std::uint32_t first = uri.user.present() ? uri.user.offset : uri.host.offset;
  return uri.host.present() ? base::Range{first, uri.host.end() - first} : uri.whole;
}

void Decision::reset(std::size_t length) {
  edits.reset(length);
  intents.clear();
  asks_flow = false;
  changes.clear();
  holds.clear();
  association = 0;
  limit = Limit::none;
  event_count_ = 0;
}

void Decision::withdraw(Reason reason, Event about) {
  // What the message means for the call stays true; only what the edits needed goes.
  std::erase_if(changes, [](const Change& change) {
    return std::holds_alternative<UseMapping>(change) || std::holds_alternative<EnterLedger>(change);
  });
  edits.reset(0);
  intents.clear();
  holds.clear();
  event_count_ = 0;
  about.field = Field::message;
  about.action = Action::left;
  about.reason = reason;
  note(about);
}

Decider::Decider(const sip::Message& message, const Arrival& arrival, const Policy& policy, const State& state,
                 Decision& decision)
    : message_(message), arrival_(arrival), policy_(policy), state_(state), decision_(decision) {
  decision_.reset(message.bytes().size());
  method_ = message.method();
  if (!message.is_request())
    if (const sip::Result<sip::CSeq> cseq = sip::cseq(message)) method_ = cseq->method;
}

void Decider::run() {
  if (arrival_.wan >= state_.wans().size()) return;
  if (!locate()) {
    // Over a limit, or an association that is gone: what echoes an edit of ours must be undone all the same.
    if (!arrival_.outbound) restore();
    return finish();
  }
  decision_.association = association_->id;
  if (association_->decided.mode == Mode::off) return;
  if (message_.is_request())
    follow_request();
  else
    follow_response();
  if (arrival_.outbound)
    outbound();
  else
    inbound();
  finish();
}

void Decider::finish() {
  if (decision_.asks_flow) {
    decision_.reset(0);
    decision_.asks_flow = true;
  } else if (failed_ != Reason::none) {
    decision_.withdraw(failed_, {arrival_.now, message_.status(), method_, arrival_.outbound});
  }
}

void Decider::outbound() {
  if (message_.is_request()) edit_via();
  edit_contacts();
  outbound_sdp();
}

void Decider::inbound() {
  restore();
  inbound_sdp();
}

void Decider::restore() {
  if (message_.is_request())
    restore_request_uri();
  else
    restore_via();
  restore_contacts();
}

// Finds the association that the message belongs to, or opens one. False: follow nothing, change nothing.
bool Decider::locate() {
  const bool registration = method_ == sip::Method::register_;
  AssociationKey key{registration, {}, arrival_.inner.address};
  if (registration) {
    const base::Range record = address_of_record(message_);
    if (!record.present()) return false;
    key.id = bytes(record);
  } else {
    const sip::Result<base::Range> call_id = sip::call_id(message_);
    if (!call_id) return false;
    key.id = bytes(*call_id);
  }
  association_ = state_.find(key);
  if (association_ != nullptr && association_->kind != AssociationKind::transaction) return true;
  const std::optional<AssociationKind> kind = kind_of(method_, has_local_tag());
  const bool answer = association_ == nullptr && kind && !message_.is_request();
  if (answer && mode_for(policy_, arrival_.inner.address, arrival_.platform.address, {}) != Mode::off)
    note(Field::message, Action::left, Reason::association_gone);
  if (key.id.size() > kLongestName || !message_.is_request()) return association_ != nullptr;
  if (!kind || !may_replace(*kind)) return association_ != nullptr;
  const net::Address& source = arrival_.outbound ? arrival_.inner.address : arrival_.platform.address;
  const Limit limit = limit_reached(policy_, state_, *kind, source, arrival_.outbound);
  if (limit == Limit::none) {
    if (association_ != nullptr) decision_.changes.emplace_back(CloseAssociation{association_->id});
    open(*kind, key.id);
  } else if (association_ == nullptr) {
    decision_.limit = limit;
    note(Field::message, Action::left, Reason::over_limit);
  }
  return association_ != nullptr;
}

// What looked like a single transaction (an OPTIONS, the NOTIFY of a subscription older than the gateway) goes on as a
// call or subscription. Strangers cannot turn what the inside began into theirs.
bool Decider::may_replace(AssociationKind kind) const {
  return association_ == nullptr ||
         (kind != AssociationKind::transaction && (arrival_.outbound || !association_->opened_inside));
}

void Decider::open(AssociationKind kind, base::Bytes name) {
  fresh_.kind = kind;
  fresh_.name = name;
  const sip::Result<sip::Uri> uri = sip::parse_uri(message_.bytes(), message_.request_uri());
  const sip::Result<sip::NameAddr> from = sip::from(message_);
  base::Bytes domain;
  if (arrival_.outbound && uri) domain = bytes(uri->host);
  if (!arrival_.outbound && from) domain = bytes(from->uri.host);
  fresh_.id = state_.next_id();
  fresh_.decided = decide_once(domain);
  fresh_.inner = arrival_.inner;
  fresh_.platform = arrival_.platform;
  fresh_.wan = arrival_.wan;
  fresh_.opened_inside = arrival_.outbound;
  fresh_.opened = arrival_.now;
  fresh_.expires = arrival_.now + (arrival_.outbound ? kTransaction : kUnanswered);
  fresh_.sources.push_back(arrival_.platform.address);
  association_ = &fresh_;
  if (fresh_.decided.mode == Mode::off) return;
  decision_.changes.emplace_back(OpenAssociation{fresh_.id, fresh_.kind, fresh_.decided, fresh_.name, fresh_.inner,
                                                 fresh_.platform, fresh_.wan, fresh_.opened_inside, fresh_.opened,
                                                 fresh_.expires});
}

// Promise 2: what holds for the whole dialog is decided here, at its first message.
Decided Decider::decide_once(base::Bytes domain) {
  const net::Address& inner = arrival_.inner.address;
  const net::Address& platform = arrival_.platform.address;
  const PartyRule said = rule_for(policy_, inner, platform, domain);
  Decided decided;
  decided.mode = said.mode.value_or(policy_.mode);
  const bool middle = has_local_tag() && method_ != sip::Method::register_;
  if (decided.mode != Mode::assist) {
    if (middle) decided.contact = decided.sdp = Reason::first_seen_in_dialog;
    return decided;
  }
  Reason degraded = Reason::none;
  if (middle)
    degraded = Reason::first_seen_in_dialog;
  else if (inner.family != net::Family::ipv4)
    degraded = Reason::ipv6;
  else if (!wan().address.is_global())
    degraded = Reason::outer_not_global;
  else if (!platform.is_global())
    degraded = Reason::platform_not_global;
  else if (!is_translated())
    degraded = Reason::not_translated;
  if (degraded != Reason::none) return {Mode::pinhole, degraded, degraded};
  const PartyRule own = endpoint_rule_for(policy_, inner);
  auto bar = [&](std::optional<bool> PartyRule::*handles, Aspect aspect) {
    if (own.*handles) return *(own.*handles) ? Reason::endpoint_handles : Reason::none;
    if (said.*handles) return *(said.*handles) ? Reason::platform_handles : Reason::none;
    if (state_.memory().handles(inner, aspect).value_or(false)) return Reason::endpoint_handles;
    return state_.memory().handles(platform, aspect).value_or(false) ? Reason::platform_handles : Reason::none;
  };
  decided.contact = bar(&PartyRule::handles_contact, Aspect::contact);
  decided.sdp = bar(&PartyRule::handles_sdp, Aspect::sdp);
  return decided;
}

// A To tag in a request: it belongs to a dialog that exists already.
bool Decider::has_local_tag() const {
  const sip::Result<sip::NameAddr> to = sip::to(message_);
  return to && sip::tag(message_.bytes(), *to).present();
}

std::uint32_t Decider::remote_tag() const {
  const bool remote_is_to = arrival_.outbound == message_.is_request();
  const sip::Result<sip::NameAddr> party = remote_is_to ? sip::to(message_) : sip::from(message_);
  return party ? witness_hash(bytes(sip::tag(message_.bytes(), *party))) : 0;
}

void Decider::note(Field field, Action action, Reason reason) {
  decision_.note({arrival_.now, message_.status(), method_, arrival_.outbound, field, action, reason});
}

void Decider::attempt(const base::Result<void, edit::EditProblem>& listed) {
  if (listed || failed_ != Reason::none) return;
  const bool full =
      listed.error().code == edit::EditProblem::too_many || listed.error().code == edit::EditProblem::too_long;
  failed_ = full ? Reason::over_limit : Reason::proof_failed;
}

void Decider::intend(Field field, std::size_t place, const net::Endpoint& value) {
  decision_.intents.push_back({field, static_cast<std::uint16_t>(place), value});
}

// The outside speaks in something that it opened itself, and the inside has not taken it yet: no say in how long it
// lives, however many requests and made-up responses follow.
bool Decider::is_stranger() const {
  return !arrival_.outbound && !association_->opened_inside && association_->phase != Phase::confirmed;
}

// Small shifts are not worth a line in the journal; a later end may be noted late, an earlier one may not. Late by less
// than the linger that is part of every life: never before the end that was granted.
void Decider::renew(Phase phase, base::Duration life) {
  life = std::min(life, kLongest);
  base::Instant end = arrival_.now + life;
  if (is_stranger()) end = std::min(end, association_->expires);
  const base::Duration small = std::min<base::Duration>(life / 8, policy_.linger / 2);
  const bool close_enough = association_->expires <= end && end - association_->expires < small;
  if (phase == association_->phase && close_enough) return;
  decision_.changes.emplace_back(Renew{association_->id, phase, end});
}

void Decider::follow_request() {
  const Phase phase = association_->phase;
  switch (method_) {
    case sip::Method::invite:
      if (phase != Phase::confirmed) renew(Phase::early, kTransaction);
      break;
    case sip::Method::bye: {
      const std::uint32_t tag = remote_tag();
      const std::vector<std::uint32_t>& tags = association_->tags;
      const bool known = std::find(tags.begin(), tags.end(), tag) != tags.end();
      if (known) decision_.changes.emplace_back(DropTag{association_->id, tag});
      if (tags.size() <= (known ? 1U : 0U)) renew(Phase::ending, policy_.linger);
      break;
    }
    case sip::Method::subscribe:
    case sip::Method::refer:
    case sip::Method::notify:
      // A request alone buys the time of a transaction; the grant is in the answer. It never shortens.
      if (association_->kind == AssociationKind::subscription && association_->expires < arrival_.now + kTransaction)
        renew(phase, kTransaction);
      break;
    default:
      break;
  }
  learn_contact();
}

void Decider::follow_response() {
  if (is_stranger()) return;
  const std::uint16_t status = message_.status();
  switch (method_) {
    case sip::Method::invite:
      follow_invite_response(status);
      break;
    case sip::Method::update:
      if (association_->phase == Phase::confirmed) follow_invite_response(status);
      break;
    case sip::Method::bye:
      follow_bye_response(status);
      break;
    case sip::Method::register_:
      if (status >= 200 && status < 300) follow_registration();
      break;
    case sip::Method::subscribe:
    case sip::Method::refer:
      if (status >= 200 && status < 300 && association_->kind == AssociationKind::subscription) {
        const std::uint32_t seconds = sip::expires(message_).value_or(static_cast<std::uint32_t>(kSubscription / 1s));
        renew(seconds == 0 ? Phase::ending : Phase::confirmed, std::chrono::seconds(seconds) + policy_.linger);
      }
      break;
    default:
      if (status >= 200 && association_->kind == AssociationKind::transaction) renew(Phase::ending, policy_.linger);
      break;
  }
}

void Decider::follow_invite_response(std::uint16_t status) {
  if (association_->kind != AssociationKind::call) return;
  const Phase phase = association_->phase;
  if (status < 200) {
    if (phase != Phase::confirmed) renew(Phase::early, kRinging);
  } else if (status < 300) {
    const std::uint32_t tag = remote_tag();
    const std::vector<std::uint32_t>& tags = association_->tags;
    if (tags.size() < kMostTags && std::find(tags.begin(), tags.end(), tag) == tags.end())
      decision_.changes.emplace_back(AddTag{association_->id, tag});
    const sip::Result<sip::SessionExpires> timer = sip::session_expires(message_);
    // RFC 4028 10: the side that does not refresh sends BYE before the interval ends; then linger.
    if (arrival_.outbound && association_->peer_media && !association_->answered)
      decision_.changes.emplace_back(SetAnswered{association_->id, arrival_.now});
    renew(Phase::confirmed, timer ? std::chrono::seconds(timer->seconds) + policy_.linger : kCallWithoutTimer);
  } else if (association_->tags.empty()) {
    renew(Phase::ending, policy_.linger);
  }
}

// A BYE that is refused ended nothing: one that asks for credentials, or came from somebody who only knows the tags.
// Who gets 481 or 408 for its own has no call any more (RFC 3261 15.1.1).
void Decider::follow_bye_response(std::uint16_t status) {
  const bool gone = status == 408 || (status == 481 && !arrival_.outbound);
  if (status < 300 || gone || association_->kind != AssociationKind::call || association_->phase != Phase::ending)
    return;
  if (association_->answered) {
    decision_.changes.emplace_back(AddTag{association_->id, remote_tag()});
    renew(Phase::confirmed, kCallWithoutTimer);
  } else if (association_->opened_inside) {
    renew(Phase::early, kRinging);
  }
}

// The binding lives as long as the registrar granted this endpoint's own Contact (RFC 3261 10.2.4); where none of
// them can be told to be its own, as long as the longest.
void Decider::follow_registration() {
  std::uint32_t own = 0;
  std::uint32_t longest = 0;
  const std::uint32_t common = sip::expires(message_).value_or(0);
  sip::NameAddrs contacts(message_, sip::HeaderId::contact);
  bool found = false;
  while (const std::optional<sip::Result<sip::NameAddr>> contact = contacts.next()) {
    if (!*contact || (*contact)->star) continue;
    const base::Range text = sip::parameter_value(message_.bytes(), (*contact)->parameters, "expires");
    const std::uint32_t granted =
        text.present() ? sip::parse_delta_seconds(message_.bytes(), text).value_or(common) : common;
    longest = std::max(longest, granted);
    const bool is_own = (*contact)->uri.literal == arrival_.inner.address ||
                        original_of(Field::contact, (*contact)->uri.endpoint()).has_value();
    found = found || is_own;
    if (is_own) own = std::max(own, granted);
  }
  const std::uint32_t granted = found || association_->entry(Field::contact) != nullptr ? own : longest;
  renew(granted == 0 ? Phase::ending : Phase::confirmed, std::chrono::seconds(granted) + policy_.linger);
}

// In observe and pinhole a private Contact goes out as it is. If a new request reaches the phone all the
// same, then the platform does not rely on Contact.
void Decider::learn_contact() {
  const Mode mode = association_->decided.mode;
  if (arrival_.outbound || (mode != Mode::observe && mode != Mode::pinhole) || has_local_tag()) return;
  const sip::Result<sip::Uri> uri = sip::parse_uri(message_.bytes(), message_.request_uri());
  if (!uri || uri->literal != arrival_.inner.address || uri->literal.is_global()) return;
  const net::Address& platform = arrival_.platform.address;
  const MemoryEntry entry{true, Learnt::request_came_back, arrival_.now, true, contact_witness()};
  if (state_.memory().is_news(platform, Aspect::contact, entry))
    decision_.changes.emplace_back(LearnParty{platform, Aspect::contact, entry});
}

// The other end is who calls, whom, and from where the platform sent it.
Witness Decider::contact_witness() const {
  const sip::Result<base::Range> call_id = sip::call_id(message_);
  const sip::Result<sip::NameAddr> from = sip::from(message_);
  std::string peer = arrival_.inner.to_text() + " " + arrival_.platform.to_text() + " ";
  if (from) peer += std::string(bytes(from->uri.user)) + "@" + std::string(bytes(from->uri.host));
  return {call_id ? witness_hash(bytes(*call_id)) : 0, witness_hash(peer)};
}

void decide(const sip::Message& message, const Arrival& arrival, const Policy& policy, const State& state,
            Decision& decision) {
  Decider(message, arrival, policy, state, decision).run();
}

}  // namespace viaduct::alg
