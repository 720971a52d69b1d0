// SPDX-License-Identifier: GPL-2.0-or-later
#include "call/facts.hpp"

#include <array>
#include <cstdio>

namespace viaduct::call {

std::string seconds_text(Time time, Time begin) {
  if (time == kNever) return "-";
  const std::int64_t milliseconds = std::chrono::floor<std::chrono::milliseconds>(time - begin).count();
  std::array<char, 32> text{};
  std::snprintf(text.data(), text.size(), "%s%lld.%03lld", milliseconds < 0 ? "-" : "",
                static_cast<long long>(std::abs(milliseconds) / 1000),
                static_cast<long long>(std::abs(milliseconds) % 1000));
  return text.data();
}

std::string printable(Bytes octets) {
  constexpr Bytes kHex = "0123456789abcdef";
  std::string text;
  for (const char c : octets) {
    if (c >= ' ' && c < 0x7f) {
      text += c;
      continue;
    }
    const unsigned octet = static_cast<unsigned char>(c);
    text += {'\\', 'x', kHex[octet >> 4], kHex[octet & 15]};
  }
  return text;
}

namespace {

[[nodiscard]] std::string duration_text(Duration duration) {
  return seconds_text(Time(duration), Time{});
}

[[nodiscard]] std::string endpoint_text(const net::Endpoint& endpoint) {
  if (!endpoint.address.present()) return endpoint.port == 0 ? "-" : "?:" + std::to_string(endpoint.port);
  return endpoint.to_text();
}

[[nodiscard]] std::string or_dash(const Text& text) {
  return text.empty() ? "-" : printable(text.view());
}

[[nodiscard]] std::string frame_text(const FrameRef& frame) {
  return "#" + std::to_string(frame.number);
}

/// " word n", or nothing for 0.
[[nodiscard]] std::string count_text(Bytes word, std::uint64_t count) {
  return count == 0 ? "" : " " + std::string(word) + " " + std::to_string(count);
}

[[nodiscard]] std::string party_line(const Call& call, Party party) {
  const Identity& identity = call.parties[static_cast<std::size_t>(party)];
  return "  " + std::string(name(party)) + " " + or_dash(identity.uri) + " contact " + endpoint_text(identity.contact) +
         " product " + or_dash(identity.product) + "\n";
}

[[nodiscard]] std::string ending_line(const Ending& ending, Time begin) {
  std::string line = "  end " + std::string(name(ending.kind));
  if (ending.by) line += " by " + std::string(name(*ending.by));
  if (ending.time != kNever) line += " at " + seconds_text(ending.time, begin);
  if (ending.after_answer > Duration{}) line += ", " + duration_text(ending.after_answer) + " after the answer";
  if (ending.status != 0) line += ", status " + std::to_string(ending.status);
  if (ending.repeats != 0) line += ", repeated " + std::to_string(ending.repeats);
  if (ending.frame.number != 0) line += ", " + frame_text(ending.frame);
  if (!ending.reason.empty()) line += ", reason " + printable(ending.reason.view());
  return line + "\n";
}

[[nodiscard]] std::string repeats_text(Bytes word, const Repeats& repeats) {
  if (repeats.count == 0) return "";
  std::string text = ", " + std::string(word) + " again " + std::to_string(repeats.count);
  for (std::size_t i = 0; i < repeats.intervals.size(); ++i)
    text += (i == 0 ? " after " : " ") + duration_text(std::chrono::milliseconds(repeats.intervals[i]));
  return text;
}

[[nodiscard]] std::string transaction_line(const Transaction& t, Time begin) {
  std::string line = "    " + std::string(sip::name(t.method)) + " " + std::to_string(t.cseq) + " by " +
                     std::string(name(t.from)) + " at " + seconds_text(t.requested, begin);
  if (t.trying != kNever) line += ", 100 at " + seconds_text(t.trying, begin);
  if (t.provisional != kNever)
    line += ", " + std::to_string(t.provisional_status) + " at " + seconds_text(t.provisional, begin);
  line += t.finished() ? ", " + std::to_string(t.status) + " at " + seconds_text(t.answered, begin) : ", no final";
  if (t.cancelled != kNever) line += ", CANCEL at " + seconds_text(t.cancelled, begin);
  if (t.acknowledged != kNever) line += ", ACK at " + seconds_text(t.acknowledged, begin);
  line += repeats_text("request", t.request) + repeats_text("response", t.response) + repeats_text("ACK", t.ack);
  if (t.finals > 1) line += ", finals " + std::to_string(t.finals);
  if (!t.branch_matched) line += ", response with another branch";
  return line + "\n";
}

[[nodiscard]] std::string timer_line(const SessionTimer& timer, Time begin) {
  if (timer.asked == 0 && timer.seconds == 0 && timer.too_small == 0 && timer.failed == kNever) return "";
  std::string line =
      "    session timer asked " + std::to_string(timer.asked) + " agreed " + std::to_string(timer.seconds);
  if (timer.running()) {
    line += " refresher " + std::string(timer.refresher_named ? name(timer.refresher) : "not named");
    line += " started " + seconds_text(timer.refreshed, begin) + " due " + seconds_text(timer.due(), begin);
  }
  line += count_text("refreshes", timer.refreshes) + count_text("too small", timer.too_small);
  if (timer.failed != kNever)
    line += " refused " + std::to_string(timer.failure) + " at " + seconds_text(timer.failed, begin);
  return line + "\n";
}

[[nodiscard]] std::string dialog_text(const Dialog& dialog, std::size_t number, Time begin) {
  std::string text = "  dialog " + std::to_string(number) + " " + std::string(name(dialog.state)) + " tags " +
                     or_dash(dialog.caller_tag) + " " + or_dash(dialog.callee_tag);
  if (!dialog.begin_seen) text += " (begin not captured)";
  text += "\n    early " + seconds_text(dialog.early, begin) + " confirmed " + seconds_text(dialog.confirmed, begin) +
          " ACK " + seconds_text(dialog.acknowledged, begin) + " terminated " + seconds_text(dialog.terminated, begin) +
          "\n";
  for (const Party party : {Party::caller, Party::callee}) {
    const Target& target = dialog.targets[static_cast<std::size_t>(party)];
    if (!target.uri.empty())
      text += "    target of " + std::string(name(party)) + " " + printable(target.uri.view()) +
              count_text("changes", target.changes) + "\n";
  }
  if (dialog.routes > 0) text += "    routes " + std::to_string(dialog.routes) + " " + or_dash(dialog.route_set) + "\n";
  const std::string requests = count_text("re-INVITE", dialog.re_invites) + count_text("UPDATE", dialog.updates) +
                               count_text("PRACK", dialog.pracks) + count_text("REFER", dialog.refers) +
                               count_text("INFO", dialog.infos);
  if (!requests.empty()) text += "   " + requests + "\n";
  text += timer_line(dialog.timer, begin);
  if (dialog.bye_from)
    text += "    BYE by " + std::string(name(*dialog.bye_from)) + " at " + seconds_text(dialog.bye, begin) +
            (dialog.bye_status == 0 ? ", no answer" : ", " + std::to_string(dialog.bye_status)) + "\n";
  return text;
}

[[nodiscard]] std::string media_text(const MediaLine& media) {
  constexpr std::array<Bytes, 4> kDirections = {"sendrecv", "sendonly", "recvonly", "inactive"};
  constexpr std::array<Bytes, 5> kCarriers = {"rtp", "udptl", "udp", "tcp", "other"};
  std::string text = endpoint_text(media.rtp);
  if (media.closed()) return text + " closed";
  if (media.carrier == sdp::Carrier::rtp) text += media.rtcp_mux ? " rtcp-mux" : " rtcp " + endpoint_text(media.rtcp);
  text += " " + std::string(kDirections[static_cast<std::size_t>(media.direction)]);
  if (media.zero_address) text += " zero-address";
  if (media.carrier != sdp::Carrier::rtp)
    text += " over " + std::string(kCarriers[static_cast<std::size_t>(media.carrier)]);
  if (media.encryption != Encryption::none) text += " " + std::string(name(media.encryption));
  for (const Codec& codec : media.codecs) {
    text += " " + std::to_string(codec.payload_type);
    if (codec.clock_rate == 0) continue;
    text += "=" + printable(codec.encoding_name()) + "/" + std::to_string(codec.clock_rate);
    if (codec.channels > 1) text += "/" + std::to_string(codec.channels);
  }
  if (media.ptime_us != 0) text += " ptime " + std::to_string(media.ptime_us / 1000);
  for (const IceCandidate& candidate : media.candidates)
    text += " candidate " + std::to_string(candidate.component) + " " + endpoint_text(candidate.endpoint);
  if (media.ice == sdp::IceDefault::mismatch) text += " ice-mismatch";
  return text;
}

[[nodiscard]] Bytes scope_text(const net::Address& address) {
  constexpr std::array<Bytes, 8> kScopes = {"unspecified", "loopback",  "link-local", "private",
                                            "shared",      "multicast", "reserved",   "global"};
  return address.present() ? kScopes[static_cast<std::size_t>(address.scope())] : "none";
}

[[nodiscard]] std::string span_line(const MediaSpan& span, Time begin) {
  const std::string message = span.status == 0
                                  ? std::string(sip::name(span.method))
                                  : std::to_string(span.status) + " " + std::string(sip::name(span.method));
  std::string line = "    " + std::string(name(span.receiver)) + " " + std::to_string(span.line) + " " +
                     std::string(name(span.media.kind)) + " " + seconds_text(span.from, begin) + " to " +
                     seconds_text(span.until, begin) + " " + std::string(name(span.agreement)) + " by " +
                     (span.offer ? "offer" : "answer") + " in " + message + " " + frame_text(span.frame);
  if (span.dialog != MediaSpan::kAnyDialog) line += " dialog " + std::to_string(span.dialog);
  line += ": " + media_text(span.media);
  line += " (" + std::string(scope_text(span.media.rtp.address)) + ", sent from " +
          std::string(scope_text(span.source)) + (span.source == span.media.rtp.address ? ", the same" : "") + ")";
  return line + "\n";
}

[[nodiscard]] std::string leg_text(const Leg& leg, std::size_t number, Time begin) {
  std::string text =
      "  leg " + std::to_string(number) + " " + endpoint_text(leg.caller) + " to " + endpoint_text(leg.callee) + "\n";
  for (const Transaction& t : leg.transactions.items()) text += transaction_line(t, begin);
  const Negotiation& negotiation = leg.negotiation;
  if (negotiation.spans().empty()) return text;
  text += "    media:" + count_text("exchanges", negotiation.exchanges()) +
          count_text("unchanged", negotiation.unchanged()) + count_text("refused", negotiation.refused()) +
          count_text("stray", negotiation.stray()) + count_text("dropped", negotiation.dropped()) + "\n";
  for (const MediaSpan& span : negotiation.spans()) text += span_line(span, begin);
  return text;
}

}  // namespace

std::string facts(const Call& call, Time begin) {
  std::string text = "call " + std::to_string(call.number) + " " + or_dash(call.call_id) + "\n";
  if (call.point != 0) text += "  point " + std::to_string(call.point) + "\n";
  if (!call.session_id.empty()) text += "  session " + or_dash(call.session_id) + "\n";
  text += party_line(call, Party::caller) + party_line(call, Party::callee);
  text += "  invited " + seconds_text(call.invited, begin) + " rang " + seconds_text(call.rang, begin) + " answered " +
          seconds_text(call.answered, begin) + " over " + seconds_text(call.over, begin) +
          (call.begin_seen ? "" : " (begin not captured)") + "\n";
  text += "  messages " + std::to_string(call.messages) + count_text("again", call.retransmissions) +
          count_text("copies", call.mirrored) + count_text("challenges", call.challenges) +
          count_text("stray", call.stray) + count_text("dropped-legs", call.dropped_legs) +
          count_text("dropped-dialogs", call.dropped_dialogs) + "\n";
  text += ending_line(call.ending, begin);
  for (std::size_t i = 0; i < call.legs.size(); ++i) text += leg_text(call.legs[i], i, begin);
  for (std::size_t i = 0; i < call.dialogs.size(); ++i) text += dialog_text(call.dialogs[i], i, begin);
  return text;
}

std::string facts(const Registration& registration, Time begin) {
  std::string text = "registration " + or_dash(registration.aor) + " " + std::string(name(registration.state)) +
                     "\n  client " + endpoint_text(registration.client) + " seen as " +
                     endpoint_text(registration.seen_as) + " registrar " + endpoint_text(registration.registrar) +
                     "\n  contact " + or_dash(registration.contact) + " product " + or_dash(registration.product) +
                     "\n  expires asked ";
  const auto seconds = [](std::optional<std::uint32_t> value) { return value ? std::to_string(*value) : "-"; };
  text += seconds(registration.expires_asked) + " given " + seconds(registration.expires_given) + " granted " +
          seconds_text(registration.granted, begin);
  if (registration.refresh_interval() > Duration{})
    text += " refreshed every " + duration_text(registration.refresh_interval());
  text += "\n  requests " + std::to_string(registration.requests) + count_text("again", registration.retransmissions) +
          count_text("grants", registration.grant_count) + count_text("challenges", registration.challenges) +
          count_text("refusals", registration.refusals) + count_text("too-brief", registration.too_brief) +
          count_text("last-failure", registration.last_failure) + "\n";
  for (const Registration::Loss& loss : registration.losses)
    text += "  lost " + std::string(name(loss.kind)) + " at " + seconds_text(loss.time, begin) +
            count_text("status", loss.status) + ", " + frame_text(loss.frame) + "\n";
  for (const Registration::Move& move : registration.moves)
    text += "  client moved to " + endpoint_text(move.client) + " at " + seconds_text(move.time, begin) + "\n";
  return text;
}

std::string facts(const Subscription& subscription, Time begin) {
  return "subscription " + or_dash(subscription.call_id) + " " + std::string(name(subscription.state)) +
         "\n  package " + or_dash(subscription.package) + " from " + seconds_text(subscription.first, begin) + " to " +
         seconds_text(subscription.last, begin) + "\n  subscriber " + endpoint_text(subscription.subscriber) +
         " notifier " + endpoint_text(subscription.notifier) + count_text("expires", subscription.expires) +
         count_text("SUBSCRIBE", subscription.subscribes) + count_text("NOTIFY", subscription.notifies) +
         count_text("challenges", subscription.challenges) + count_text("last-failure", subscription.last_failure) +
         (subscription.reason.empty() ? "" : " reason " + printable(subscription.reason.view())) + "\n";
}

}  // namespace viaduct::call
