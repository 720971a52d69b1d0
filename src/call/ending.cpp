// SPDX-License-Identifier: GPL-2.0-or-later
#include "call/ending.hpp"

#include "base/text.hpp"
#include "call/call.hpp"

#include <algorithm>
#include <array>

namespace viaduct::call {

Bytes name(EndKind kind) {
  constexpr std::array<Bytes, static_cast<std::size_t>(EndKind::last)> kNames = {
      "open",       "no final response", "unanswered",     "bye",           "cancelled",     "rejected",
      "redirected", "timed out",         "unacknowledged", "session timer", "media timeout",
  };
  static_assert(kNames.back() == "media timeout");
  return kNames[static_cast<std::size_t>(kind)];
}

namespace {

[[nodiscard]] bool contains(Bytes text, Bytes word) {
  const auto same = [](char a, char b) { return base::to_lower(a) == b; };
  return std::search(text.begin(), text.end(), word.begin(), word.end(), same) != text.end();
}

/// As Asterisk ("RTP Timeout"), FreeSWITCH ("MEDIA_TIMEOUT"), rtpengine users and gateways say it.
[[nodiscard]] bool names_media_timeout(Bytes reason) {
  const bool media = contains(reason, "rtp") || contains(reason, "media");
  return media && (contains(reason, "timeout") || contains(reason, "time-out") || contains(reason, "timed out") ||
                   contains(reason, "inactiv") || contains(reason, "no rtp"));
}

/// The request that was refused came when its sender had to refresh the session, which is at half of its time
/// (RFC 4028 10). At another time it wanted something else, of media as a rule.
[[nodiscard]] bool refresh_refused(const SessionTimer& timer) {
  return timer.failed != kNever && timer.failed - timer.refreshed >= std::chrono::seconds(timer.seconds) * 2 / 5;
}

/// The BYE came when the timer was due, or soon after a refresh was refused.
[[nodiscard]] bool by_session_timer(const Dialog& dialog) {
  constexpr Duration kBefore = std::chrono::seconds(2);
  constexpr Duration kAfter = std::chrono::seconds(5);
  const SessionTimer& timer = dialog.timer;
  if (refresh_refused(timer) && dialog.bye >= timer.failed && dialog.bye - timer.failed <= kAfter) return true;
  return timer.running() && dialog.bye >= timer.due() - kBefore && dialog.bye <= timer.expires() + kAfter;
}

[[nodiscard]] const Transaction* unacknowledged_of(const Call& call) {
  for (const Leg& leg : call.legs)
    for (const Transaction& t : leg.transactions.items())
      if (t.unacknowledged()) return &t;
  return nullptr;
}

/// An ACK on any leg shows that the caller sent one.
[[nodiscard]] bool acknowledged(const Call& call, std::uint32_t cseq) {
  return std::any_of(call.dialogs.begin(), call.dialogs.end(), [cseq](const Dialog& dialog) {
    return dialog.invite_cseq == cseq && dialog.acknowledged != kNever;
  });
}

[[nodiscard]] Ending ended_by_bye(const Call& call, const Dialog& dialog) {
  Ending ending;
  ending.time = dialog.bye;
  ending.by = dialog.bye_from;
  ending.frame = dialog.bye_frame;
  ending.reason = Text(dialog.bye_reason.view(), 96);
  const Transaction* const repeated = unacknowledged_of(call);
  // Who waits in vain hangs up 64*T1 after its first 2xx (RFC 3261 13.3.1.4). A dialog that went on for as long without
  // a repetition had an ACK, which was not captured.
  if (repeated != nullptr && !acknowledged(call, repeated->cseq) && dialog.bye - repeated->response.last <= kTimerB) {
    ending.kind = EndKind::unacknowledged;
    ending.status = repeated->status;
    ending.repeats = repeated->response.count;
  } else if (names_media_timeout(dialog.bye_reason.view())) {
    ending.kind = EndKind::media_timeout;
  } else if (by_session_timer(dialog)) {
    ending.kind = EndKind::session_timer;
    ending.status = dialog.timer.failure;
  } else {
    ending.kind = EndKind::bye;
  }
  return ending;
}

[[nodiscard]] EndKind kind_of_failure(std::uint16_t status) {
  if (status == 487) return EndKind::cancelled;
  if (status == 408 || status == 504) return EndKind::timed_out;
  return status < 400 ? EndKind::redirected : EndKind::rejected;
}

[[nodiscard]] Ending ended_unanswered(const Transaction& invite, Time now) {
  Ending ending;
  ending.status = invite.status;
  if (invite.finished()) {
    ending.kind = kind_of_failure(invite.status);
    const bool by_caller = ending.kind == EndKind::cancelled && invite.cancelled != kNever;
    ending.by = by_caller ? invite.from : other(invite.from);
    ending.time = by_caller ? invite.cancelled : invite.answered;
    ending.frame = invite.response_frame;
  } else if (invite.cancelled != kNever) {
    ending.kind = EndKind::cancelled;
    ending.by = invite.from;
    ending.time = invite.cancelled;
    ending.frame = invite.request_frame;
  } else {
    ending.kind = invite.unanswered(now) ? EndKind::unanswered : EndKind::no_final;
    ending.frame = invite.request_frame;
  }
  return ending;
}

[[nodiscard]] Time began(const Transaction& transaction) {
  return std::min(transaction.requested, std::min(transaction.provisional, transaction.answered));
}

[[nodiscard]] Ending ended_without_bye(const Call& call, Time now) {
  Ending ending;
  const Transaction* const repeated = unacknowledged_of(call);
  if (repeated != nullptr && !acknowledged(call, repeated->cseq)) {
    ending.kind = EndKind::unacknowledged;
    ending.time = repeated->response.last;
    ending.by = other(repeated->from);
    ending.status = repeated->status;
    ending.repeats = repeated->response.count;
    ending.frame = repeated->response_frame;
    return ending;
  }
  if (call.established() || call.legs.empty()) return ending;
  const Transaction* invite = nullptr;
  for (const Leg& leg : call.legs)
    if (call.from_first_client(leg))
      for (const Transaction& t : leg.transactions.items())
        if (t.invite() && (invite == nullptr || began(*invite) <= began(t))) invite = &t;
  if (invite == nullptr || (invite->status >= 200 && invite->status < 300)) return ending;
  return ended_unanswered(*invite, now);
}

}  // namespace

Ending ending_of(const Call& call, Time now) {
  const Dialog* ended = nullptr;
  for (const Dialog& dialog : call.dialogs)
    if (dialog.bye_from && (ended == nullptr || dialog.bye > ended->bye)) ended = &dialog;
  const bool other_goes_on = std::any_of(call.dialogs.begin(), call.dialogs.end(), [](const Dialog& dialog) {
    return dialog.state == DialogState::confirmed && !dialog.bye_from;
  });
  Ending ending = ended != nullptr && !other_goes_on ? ended_by_bye(call, *ended) : ended_without_bye(call, now);
  if (call.answered != kNever && ending.time != kNever && ending.time > call.answered)
    ending.after_answer = ending.time - call.answered;
  return ending;
}

}  // namespace viaduct::call
