// SPDX-License-Identifier: GPL-2.0-or-later
// What phones do outside of calls: learn their address, register, keep their mapping alive.
#include "simulate/signalling.hpp"

#include <cstring>

namespace viaduct::simulate {
namespace {

constexpr std::string_view kRegistrar = "sip:voice.example.net";
constexpr std::string_view kRealm = "voice.example.net";

/// A binding request (RFC 8489 5), and the success answer with XOR-MAPPED-ADDRESS.
std::string stun_message(std::string_view transaction, const Socket* mapped) {
  std::string octets(mapped == nullptr ? 20 : 32, '\0');
  octets[0] = mapped == nullptr ? 0 : 1;
  octets[1] = 1;
  octets[3] = mapped == nullptr ? 0 : 12;
  std::memcpy(octets.data() + 4, "\x21\x12\xa4\x42", 4);
  std::memcpy(octets.data() + 8, transaction.data(), 12);
  if (mapped == nullptr) return octets;
  std::memcpy(octets.data() + 20, "\0\x20\0\x08\0\x01", 6);
  const auto port = static_cast<std::uint16_t>(mapped->port ^ 0x2112);
  const std::uint32_t address = mapped->address ^ 0x2112a442;
  for (std::size_t i = 0; i < 2; ++i) octets[26 + i] = static_cast<char>(port >> (8 - 8 * i));
  for (std::size_t i = 0; i < 4; ++i) octets[28 + i] = static_cast<char>(address >> (24 - 8 * i));
  return octets;
}

}  // namespace

/// What a phone says of itself where it was asked (RFC 7616); the digest is drawn, as nobody here knows a password.
std::string Signalling::authorization(Line& line, std::string_view uri) {
  return "Digest username=\"" + std::to_string(line.number) + "\", realm=\"" + std::string(kRealm) + "\", nonce=\"" +
         line.nonce + "\", uri=\"" + std::string(uri) + "\", response=\"" + line.random.text(32) + "\", algorithm=MD5";
}

void Signalling::stun(Line& line, Socket inner, Seconds now) {
  const Socket mapped = network_.reflexive(inner, now);
  if (!setup_.stun_seen) return;
  const std::string transaction = line.random.text(12);
  const Socket server{setup_.media_server, 3478};
  network_.other(line, Direction::up, inner, server, stun_message(transaction, nullptr), now);
  agenda_.at(now + setup_.up.delay + 0.01, [this, &line, inner, server, transaction, mapped](Seconds time) {
    network_.other(line, Direction::down, inner, server, stun_message(transaction, &mapped), time);
  });
}

void Signalling::boot(Line& line, Seconds now) {
  line.believed = line.setup->sip;
  if (setup_.knowledge == Knowledge::setting) line.believed.address = setup_.outer;
  if (setup_.knowledge == Knowledge::stun) {
    stun(line, line.setup->sip, now);
    line.believed = network_.reflexive(line.setup->sip, now);
  }
  line.registration_id = call_id(line);
  line.tag = line.random.text(10);
  agenda_.at(now + 0.2, [this, &line](Seconds time) { register_line(line, false, time); });
  if (line.setup->keepalive_every > 0)
    agenda_.at(now + line.setup->keepalive_every, [this, &line](Seconds time) { keep_alive(line, time); });
}

void Signalling::register_line(Line& line, bool authorised, Seconds now) {
  if (now > setup_.length) return;
  const std::string own = "<sip:" + std::to_string(line.number) + "@" + std::string(kRealm) + ">";
  Message message = phone_request(line, "REGISTER", std::string(kRegistrar), nullptr, ++line.cseq);
  message.add("From", own + ";tag=" + line.tag);
  message.add("To", own);
  message.add("Call-ID", line.registration_id);
  message.add("Expires", std::to_string(static_cast<int>(line.setup->register_every * 2)));
  if (authorised) message.add("Authorization", authorization(line, kRegistrar));
  ask(
      line, Direction::up, std::move(message),
      [this, &line, authorised](const Message& request, Socket source, Seconds) {
        return registrar(line, request, source, authorised);
      },
      [this, &line](const Message& response, Seconds time) { registered(line, response, time); }, now);
}

std::vector<Signalling::Reply> Signalling::registrar(Line& line, const Message& request, Socket source,
                                                     bool authorised) {
  Message message = response(request, authorised ? "200 OK" : "401 Unauthorized", true, line, source);
  message.find("To")->value += ";tag=" + random_.text(8);
  if (authorised) {
    message.add("Contact", std::string(request.value("Contact")) + ";expires=" + std::string(request.value("Expires")));
    line.contact = request.value("Contact");
  } else {
    line.nonce = random_.text(32);
    message.add("WWW-Authenticate",
                "Digest realm=\"" + std::string(kRealm) + "\", nonce=\"" + line.nonce + "\", algorithm=MD5");
  }
  return {{random_.in(0.002, 0.02), std::move(message)}};
}

void Signalling::registered(Line& line, const Message& response, Seconds now) {
  if (response.status() == 401) return register_line(line, true, now + 0.005);
  const std::string via(response.value("Via"));
  const std::size_t rport = via.find("rport="), received = via.find("received=");
  const bool learns = setup_.knowledge == Knowledge::learnt || setup_.knowledge == Knowledge::learnt_sdp;
  if (learns && rport != std::string::npos && received != std::string::npos) {
    const auto address = net::parse_ipv4(via.substr(received + 9, via.find(';', received) - received - 9));
    const Socket outer{address ? address->ipv4_host_order() : 0,
                       static_cast<std::uint16_t>(std::stoi(via.substr(rport + 6)))};
    const bool news = outer != line.believed;
    line.believed = outer;
    if (news) return register_line(line, true, now + 0.02);
  }
  const Seconds refresh = line.setup->register_every * line.random.in(0.97, 1.0);
  agenda_.at(now + refresh, [this, &line](Seconds time) { register_line(line, true, time); });
}

void Signalling::keep_alive(Line& line, Seconds now) {
  if (now > setup_.length) return;
  const std::string tag = line.random.text(10);
  if (line.setup->keepalive_by_phone) {
    Message message = phone_request(line, "OPTIONS", std::string(kRegistrar), nullptr, 1);
    const std::string own = "<sip:" + std::to_string(line.number) + "@" + std::string(kRealm) + ">";
    message.add("From", own + ";tag=" + tag);
    message.add("To", "<" + std::string(kRegistrar) + ">");
    message.add("Call-ID", call_id(line));
    ask(
        line, Direction::up, std::move(message),
        [this, &line](const Message& request, Socket source, Seconds) {
          Message ok = response(request, "200 OK", true, line, source);
          ok.find("To")->value += ";tag=" + random_.text(8);
          return std::vector<Reply>{{0.002, std::move(ok)}};
        },
        {}, now);
  } else if (!line.contact.empty()) {
    Call probe;
    probe.line = &line;
    probe.outer_call_id = random_.text(24);
    probe.other_uri = "<sip:ping@" + std::string(kRealm) + ">";
    probe.phone_uri = "<sip:" + std::to_string(line.number) + "@" + std::string(kRealm) + ">";
    probe.platform_tag = tag;
    const std::string target = line.contact.substr(1, line.contact.find_first_of(";>") - 1);
    ask(
        line, Direction::down, platform_request("OPTIONS", target, probe, 1),
        [this, &line](const Message& request, Socket source, Seconds) {
          Message ok = response(request, "200 OK", false, line, source);
          ok.find("To")->value += ";tag=" + line.random.text(8);
          return std::vector<Reply>{{0.004, std::move(ok)}};
        },
        {}, now);
  }
  agenda_.at(now + line.setup->keepalive_every, [this, &line](Seconds time) { keep_alive(line, time); });
}

}  // namespace viaduct::simulate
