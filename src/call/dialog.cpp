// SPDX-License-Identifier: GPL-2.0-or-later
#include "call/dialog.hpp"

#include "sip/address_spec.hpp"

#include <algorithm>

namespace viaduct::call {

Bytes name(DialogState state) {
  switch (state) {
    case DialogState::early:
      return "early";
    case DialogState::confirmed:
      return "confirmed";
    case DialogState::terminated:
      return "terminated";
  }
  return "";
}

Time SessionTimer::due() const {
  if (!running()) return kNever;
  return expires() - std::chrono::seconds(std::min<std::uint32_t>(32, seconds / 3));
}

void Dialog::refresh_target(const Reading& reading, Party sender) {
  const sip::Result<sip::NameAddr> contact = sip::first_name_addr(reading.message, sip::HeaderId::contact);
  if (!contact || contact->star) return;
  Target& target = targets[static_cast<std::size_t>(sender)];
  const Text uri(reading.message.text(contact->uri.whole), 96);
  if (target.uri.view() == uri.view()) return;
  if (!target.uri.empty() && target.changes < 0xffff) ++target.changes;
  target.uri = Text(uri.view(), 96);
  target.endpoint = contact->uri.endpoint();
  target.since = reading.sighting.time;
}

void Dialog::add_request(const Reading& reading, Party from) {
  if (reading.method == sip::Method::ack) {
    if (opened_by(reading, from) && acknowledged == kNever && confirmed != kNever) acknowledged = reading.sighting.time;
    return;
  }
  std::int64_t& last = last_cseq_[static_cast<std::size_t>(from)];
  if (reading.method == sip::Method::cancel || opened_by(reading, from) || reading.cseq <= last) return;
  last = reading.cseq;
  switch (reading.method) {
    case sip::Method::invite:
      ++re_invites;
      break;
    case sip::Method::update:
      ++updates;
      break;
    case sip::Method::prack:
      ++pracks;
      return;
    case sip::Method::refer:
      ++refers;
      return;
    case sip::Method::info:
      ++infos;
      return;
    case sip::Method::bye:
      if (bye_from) return;
      bye_from = from;
      bye = reading.sighting.time;
      bye_frame = reading.sighting.frame;
      if (const sip::Header* const reason = reading.message.find(sip::HeaderId::reason))
        bye_reason = Text(reading.message.text(reason->value()), 96);
      return;
    default:
      return;
  }
  refresh_target(reading, from);
  if (const sip::Result<sip::SessionExpires> asked = sip::session_expires(reading.message))
    timer.asked = asked->seconds;
}

void Dialog::add_response(const Reading& reading, Party from) {
  if (reading.method == sip::Method::bye && reading.is_final() && bye_from == from) {
    if (bye_status == 0 || bye_status == 401 || bye_status == 407) bye_status = reading.status;
    state = DialogState::terminated;
    if (terminated == kNever) terminated = reading.sighting.time;
  }
  if (opened_by(reading, from)) {
    answer_invite(reading, from);
    return;
  }
  if (reading.method != sip::Method::invite && reading.method != sip::Method::update) return;
  if (reading.is_success()) {
    refresh_target(reading, other(from));
    refresh_timer(reading, from);
  } else if (reading.is_final()) {
    note_refusal(reading, from);
  }
}

void Dialog::answer_invite(const Reading& reading, Party from) {
  if (reading.status > 100 && reading.status < 300) refresh_target(reading, other(from));
  if (reading.status > 100 && !reading.is_final()) {
    if (early == kNever) early = reading.sighting.time;
  } else if (reading.is_success() && confirmed == kNever) {
    state = DialogState::confirmed;
    confirmed = reading.sighting.time;
    confirmed_frame = reading.sighting.frame;
    refresh_timer(reading, from);
    routes = 0;
    for (sip::MessageValues values(reading.message, sip::HeaderId::record_route); values.next();)
      routes = static_cast<std::uint8_t>(std::min(routes + 1, 255));
    if (const sip::Header* const header = reading.message.find(sip::HeaderId::record_route))
      route_set = Text(reading.message.text(header->value()), 128);
  } else if (reading.status >= 300 && state == DialogState::early) {
    state = DialogState::terminated;
    terminated = reading.sighting.time;
  }
}

void Dialog::refresh_timer(const Reading& reading, Party from) {
  std::int64_t& known = refreshed_cseq_[static_cast<std::size_t>(from)];
  if (reading.cseq == known) return;
  known = reading.cseq;
  if (timer.running()) ++timer.refreshes;
  const sip::Result<sip::SessionExpires> agreed = sip::session_expires(reading.message);
  timer.seconds = agreed ? agreed->seconds : 0;
  timer.refreshed = reading.sighting.time;
  timer.refresher_named = agreed && agreed->refresher != sip::Refresher::none;
  timer.refresher = agreed && agreed->refresher == sip::Refresher::uas ? other(from) : from;
}

void Dialog::note_refusal(const Reading& reading, Party from) {
  if (reading.status == 422) ++timer.too_small;
  // A challenge or a glare is no refusal: the request comes again.
  if (reading.status == 401 || reading.status == 407 || reading.status == 422 || reading.status == 491) return;
  if (!timer.running() || (timer.refresher_named && from != timer.refresher)) return;
  timer.failure = reading.status;
  timer.failed = reading.sighting.time;
  timer.failure_frame = reading.sighting.frame;
}

std::size_t Dialog::footprint() const {
  return caller_tag.footprint() + callee_tag.footprint() + route_set.footprint() + bye_reason.footprint() +
         targets[0].uri.footprint() + targets[1].uri.footprint();
}

}  // namespace viaduct::call
