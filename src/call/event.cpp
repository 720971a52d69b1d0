// SPDX-License-Identifier: GPL-2.0-or-later
#include "call/event.hpp"

#include <array>

namespace viaduct::call {

Bytes name(Party party) {
  return party == Party::caller ? "caller" : "callee";
}

Bytes name(EventKind kind) {
  constexpr std::array<Bytes, static_cast<std::size_t>(EventKind::last)> kNames = {
      "invite",   "re-invite", "update",       "prack",       "ack",   "bye",     "cancel",       "refer",  "info",
      "register", "options",   "keep-alive",   "unreachable", "other", "trying",  "ringing",      "answer", "ok",
      "redirect", "failure",   "media opened", "media moved", "held",  "resumed", "media closed",
  };
  static_assert(kNames.back() == "media closed");
  return kNames[static_cast<std::size_t>(kind)];
}

namespace {

EventKind request_kind(sip::Method method, bool in_dialog) {
  switch (method) {
    case sip::Method::invite:
      return in_dialog ? EventKind::re_invite : EventKind::invite;
    case sip::Method::update:
      return EventKind::update;
    case sip::Method::prack:
      return EventKind::prack;
    case sip::Method::ack:
      return EventKind::ack;
    case sip::Method::bye:
      return EventKind::bye;
    case sip::Method::cancel:
      return EventKind::cancel;
    case sip::Method::refer:
      return EventKind::refer;
    case sip::Method::info:
      return EventKind::info;
    case sip::Method::register_:
      return EventKind::register_;
    case sip::Method::options:
      return EventKind::options;
    default:
      return EventKind::other;
  }
}

}  // namespace

EventKind kind_of(sip::Method request_method, std::uint16_t status, bool in_dialog) {
  if (status == 0) return request_kind(request_method, in_dialog);
  if (status == 100) return EventKind::trying;
  if (status < 200) return EventKind::ringing;
  if (status < 300) return request_method == sip::Method::invite ? EventKind::answer : EventKind::ok;
  return status < 400 ? EventKind::redirect : EventKind::failure;
}

}  // namespace viaduct::call
