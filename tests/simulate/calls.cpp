// SPDX-License-Identifier: GPL-2.0-or-later
// A call from INVITE to BYE, and what happens within.
#include "simulate/signalling.hpp"

namespace viaduct::simulate {
namespace {

constexpr std::string_view kDomain = "voice.example.net";

void add_sdp(Message& message, std::vector<std::string> sdp) {
  message.add("Content-Type", "application/sdp");
  message.sdp = std::move(sdp);
}

/// The URI within <...>.
std::string uri(std::string_view contact) {
  const std::size_t begin = contact.find('<') + 1;
  return std::string(contact.substr(begin, contact.find('>') - begin));
}

/// What is offered at an event of a call, and what is answered.
std::string_view offered(MidCallKind kind) {
  if (kind == MidCallKind::hold) return "a=inactive";
  return kind == MidCallKind::platform_hold ? "a=sendonly" : "a=sendrecv";
}
std::string_view accepted(MidCallKind kind) {
  if (kind == MidCallKind::hold) return "a=inactive";
  return kind == MidCallKind::platform_hold ? "a=recvonly" : "a=sendrecv";
}

}  // namespace

void Signalling::call(Call& call, Seconds now) {
  Line& line = *call.line;
  Random& random = line.random;
  line.call = &call;
  const Make& make = *line.setup->make;
  call.phone_uri = "<sip:" + std::to_string(line.number) + "@" + std::string(kDomain) + ">";
  call.other_uri = "<sip:0" + random.text(9, "123456789") + "@" + std::string(kDomain) + ">";
  call.phone_session = random.next();
  call.platform_session = random.next();
  const int ports = (make.rtp_high - make.rtp_low) / 2;
  int rank = random.whole(0, ports);
  // Who types in an outer address gives each phone its own ports, too.
  const int lines = static_cast<int>(setup_.lines.size());
  if (setup_.knowledge == Knowledge::setting) rank = rank / lines * lines + line.number % lines;
  call.phone_media = {line.setup->sip.address, static_cast<std::uint16_t>(make.rtp_low + 2 * rank)};
  call.platform_media = {setup_.media_server, static_cast<std::uint16_t>(30000 + 2 * random.whole(0, 10000))};
  if (setup_.knowledge == Knowledge::stun) stun(line, call.phone_media, now);
  agenda_.at(now + 0.1, [this, &call](Seconds time) {
    call.setup->outbound ? invite_by_phone(call, false, time) : invite_by_platform(call, time);
  });
}

void Signalling::invite_by_phone(Call& call, bool authorised, Seconds now) {
  Line& line = *call.line;
  if (call.call_id.empty()) {
    call.call_id = call_id(line);
    call.phone_tag = line.random.text(10);
  }
  Message invite = phone_request(line, "INVITE", uri(call.other_uri), &call, ++call.phone_cseq);
  if (authorised) invite.add("Proxy-Authorization", authorization(line, uri(call.other_uri)));
  if (setup_.session_expires > 0)
    invite.add("Session-Expires", std::to_string(static_cast<int>(setup_.session_expires)));
  add_sdp(invite, phone_sdp(call, "a=sendrecv", now));
  const Message sent = invite;
  ask(
      line, Direction::up, std::move(invite),
      [this, &call, authorised](const Message& request, Socket source, Seconds) {
        if (setup_.challenges && !authorised) return challenge(call, request, source);
        return answer_phone(call, request, source);
      },
      [this, &call, sent](const Message& final, Seconds time) {
        if (final.status() == 407) return called_off(call, sent, final, time);
        phone_acks(call, call.phone_cseq, time);
        answered(call, time);
      },
      now);
}

std::vector<Signalling::Reply> Signalling::challenge(Call& call, const Message& request, Socket source) {
  Message message = response(request, "407 Proxy Authentication Required", true, *call.line, source);
  message.find("To")->value += ";tag=" + random_.text(8);
  call.line->nonce = random_.text(32);
  message.add("Proxy-Authenticate",
              "Digest realm=\"" + std::string(kDomain) + "\", nonce=\"" + call.line->nonce + "\", algorithm=MD5");
  return {{0.002, std::move(message)}};
}

/// The phone acknowledges a refusal within the same transaction (RFC 3261 17.1.1.3), and says who it is.
void Signalling::called_off(Call& call, const Message& invite, const Message& refusal, Seconds now) {
  Message ack = phone_request(*call.line, "ACK", uri(call.other_uri), &call, call.phone_cseq);
  ack.find("Via")->value = invite.value("Via");
  ack.find("To")->value = refusal.value("To");
  ack.arrange(call.line->setup->make->order);
  send(*call.line, Direction::up, ack, now);
  agenda_.at(now + 0.01, [this, &call](Seconds time) { invite_by_phone(call, true, time); });
}

std::vector<Signalling::Reply> Signalling::answer_phone(Call& call, const Message& request, Socket source) {
  told(call, request);
  call.outer_call_id = request.value("Call-ID");
  call.platform_tag = random_.text(12);
  const Seconds rings = random_.in(0.1, 0.4), answers = rings + random_.in(1, 6);
  Message ok = platform_answer(request, call, "200 OK", source);
  if (setup_.session_expires > 0)
    ok.add("Session-Expires", std::to_string(static_cast<int>(setup_.session_expires)) + ";refresher=uac");
  add_sdp(ok, platform_sdp(call, "a=sendrecv"));
  return {{0.002, platform_answer(request, call, "100 Trying", source)},
          {rings, platform_answer(request, call, "180 Ringing", source)},
          {answers, std::move(ok)}};
}

void Signalling::invite_by_platform(Call& call, Seconds now) {
  Line& line = *call.line;
  if (line.contact.empty()) return;  // never registered
  call.outer_call_id = random_.text(8) + "-" + random_.text(16);
  call.platform_tag = random_.text(12);
  Message invite = platform_request("INVITE", uri(line.contact), call, ++call.platform_cseq);
  if (setup_.session_expires > 0)
    invite.add("Session-Expires", std::to_string(static_cast<int>(setup_.session_expires)));
  add_sdp(invite, platform_sdp(call, "a=sendrecv"));
  ask(
      line, Direction::down, std::move(invite),
      [this, &call](const Message& request, Socket source, Seconds time) {
        call.call_id = request.value("Call-ID");
        call.phone_tag = call.line->random.text(10);
        const Seconds answers = call.line->random.in(1.5, 8);
        Message ok = phone_answer(request, call, "200 OK", source);
        if (setup_.session_expires > 0)
          ok.add("Session-Expires", std::to_string(static_cast<int>(setup_.session_expires)) + ";refresher=uas");
        add_sdp(ok, phone_sdp(call, "a=sendrecv", time));
        return std::vector<Reply>{{0.003, phone_answer(request, call, "100 Trying", source)},
                                  {0.06, phone_answer(request, call, "180 Ringing", source)},
                                  {answers, std::move(ok)}};
      },
      [this, &call](const Message& ok, Seconds time) {
        told(call, ok);
        call.phone_target = uri(ok.value("Contact"));
        platform_acks(call, call.platform_cseq, time);
        answered(call, time);
      },
      now);
}

void Signalling::phone_acks(Call& call, int cseq, Seconds now) {
  Message ack = phone_request(*call.line, "ACK", "sip:trunk@" + Socket{setup_.platform, kSipPort}.text(), &call, cseq);
  ack.arrange(call.line->setup->make->order);
  send(*call.line, Direction::up, ack, now);
}
void Signalling::platform_acks(Call& call, int cseq, Seconds now) {
  send(*call.line, Direction::down, platform_request("ACK", uri(call.line->contact), call, cseq), now);
}

void Signalling::answered(Call& call, Seconds now) {
  call.answered = now;
  if (call.setup->pinhole) call.pinhole.emplace(*call.setup->pinhole, call.line->random.fork(), now);
  media_.begin(call, now);
  for (const MidCall& event : call.setup->events)
    if (event.after < call.setup->length - 1)
      agenda_.at(now + event.after, [this, &call, &event](Seconds time) { mid_call(call, event, time); });
  agenda_.at(now + call.setup->length, [this, &call](Seconds time) { hang_up(call, time); });
}

void Signalling::mid_call(Call& call, const MidCall& event, Seconds now) {
  if (call.over) return;
  if (event.kind == MidCallKind::transfer)
    call.platform_media.port = static_cast<std::uint16_t>(30000 + 2 * random_.whole(0, 10000));
  event.by_phone ? offer_by_phone(call, event.kind, now) : offer_by_platform(call, event.kind, now);
}

/// Who speaks from now on.
void Signalling::agreed(Call& call, MidCallKind kind, Seconds now) {
  const bool held = kind == MidCallKind::hold;
  const bool resumed = kind == MidCallKind::resume || kind == MidCallKind::platform_resume;
  if (kind == MidCallKind::transfer) media_.replace_other(call, now);
  if (held || kind == MidCallKind::platform_hold) media_.pause(call.up);
  if (held) media_.pause(call.down);
  if (!resumed) return;
  media_.go_on(call.up);
  media_.go_on(call.down);
}

void Signalling::offer_by_phone(Call& call, MidCallKind kind, Seconds now) {
  Message invite = phone_request(*call.line, "INVITE", "sip:trunk@" + Socket{setup_.platform, kSipPort}.text(), &call,
                                 ++call.phone_cseq);
  add_sdp(invite, phone_sdp(call, offered(kind), now));
  ask(
      *call.line, Direction::up, std::move(invite),
      [this, &call, kind](const Message& request, Socket source, Seconds) {
        told(call, request);
        Message ok = platform_answer(request, call, "200 OK", source);
        add_sdp(ok, platform_sdp(call, accepted(kind)));
        return std::vector<Reply>{{0.001, platform_answer(request, call, "100 Trying", source)},
                                  {random_.in(0.01, 0.05), std::move(ok)}};
      },
      [this, &call, kind](const Message&, Seconds time) {
        phone_acks(call, call.phone_cseq, time);
        agreed(call, kind, time);
      },
      now);
}

void Signalling::offer_by_platform(Call& call, MidCallKind kind, Seconds now) {
  Message invite = platform_request("INVITE", uri(call.line->contact), call, ++call.platform_cseq);
  add_sdp(invite, platform_sdp(call, offered(kind)));
  ask(
      *call.line, Direction::down, std::move(invite),
      [this, &call, kind](const Message& request, Socket source, Seconds time) {
        Message ok = phone_answer(request, call, "200 OK", source);
        add_sdp(ok, phone_sdp(call, accepted(kind), time));
        return std::vector<Reply>{{0.002, phone_answer(request, call, "100 Trying", source)},
                                  {call.line->random.in(0.02, 0.12), std::move(ok)}};
      },
      [this, &call, kind](const Message& ok, Seconds time) {
        told(call, ok);
        platform_acks(call, call.platform_cseq, time);
        agreed(call, kind, time);
      },
      now);
}

void Signalling::hang_up(Call& call, Seconds now) {
  call.over = true;
  call.ended = now;
  media_.end(call);
  Line& line = *call.line;
  const auto ok = [this, &call](bool by_platform) {
    return [this, &call, by_platform](const Message& request, Socket source, Seconds) {
      return std::vector<Reply>{{0.004, response(request, "200 OK", by_platform, *call.line, source)}};
    };
  };
  const Done done = [&line](const Message&, Seconds) { line.call = nullptr; };
  if (call.setup->outbound)
    ask(line, Direction::up,
        phone_request(line, "BYE", "sip:trunk@" + Socket{setup_.platform, kSipPort}.text(), &call, ++call.phone_cseq),
        ok(true), done, now);
  else
    ask(line, Direction::down, platform_request("BYE", uri(line.contact), call, ++call.platform_cseq), ok(false), done,
        now);
}

}  // namespace viaduct::simulate
