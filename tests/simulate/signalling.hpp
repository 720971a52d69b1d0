// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include "simulate/agenda.hpp"
#include "simulate/media.hpp"
#include "simulate/network.hpp"

#include <functional>
#include <memory>
#include <string>
#include <vector>

namespace viaduct::simulate {

/// The SIP of all phones and of the platform: registrations, keep-alives and calls (RFC 3261), with retransmission
/// where a message is lost.
class Signalling {
 public:
  Signalling(const SiteSetup& setup, Agenda& agenda, Network& network, Media& media, Random random)
      : setup_(setup), agenda_(agenda), network_(network), media_(media), random_(random) {}

  /// A phone starts: it registers, keeps its registration and its mapping alive.
  void boot(Line& line, Seconds now);
  void call(Call& call, Seconds now);

 private:
  struct Reply {
    Seconds after = 0;
    Message message;
  };
  using Answer = std::function<std::vector<Reply>(const Message& request, Socket source, Seconds now)>;
  using Done = std::function<void(const Message& response, Seconds now)>;
  struct Exchange;

  void send(Line& line, Direction direction, const Message& message, Seconds now);
  void ask(Line& line, Direction direction, Message request, Answer answer, Done done, Seconds now);
  void attempt(const std::shared_ptr<Exchange>& exchange, Seconds now);
  void reply(const std::shared_ptr<Exchange>& exchange, const Reply& reply, Seconds now, int tries);

  void stun(Line& line, Socket inner, Seconds now);
  void register_line(Line& line, bool authorised, Seconds now);
  std::vector<Reply> registrar(Line& line, const Message& request, Socket source, bool authorised);
  void registered(Line& line, const Message& response, Seconds now);
  void keep_alive(Line& line, Seconds now);

  void invite_by_phone(Call& call, bool authorised, Seconds now);
  std::vector<Reply> challenge(Call& call, const Message& request, Socket source);
  void called_off(Call& call, const Message& invite, const Message& refusal, Seconds now);
  std::vector<Reply> answer_phone(Call& call, const Message& request, Socket source);
  void invite_by_platform(Call& call, Seconds now);
  void answered(Call& call, Seconds now);
  void mid_call(Call& call, const MidCall& event, Seconds now);
  void offer_by_phone(Call& call, MidCallKind kind, Seconds now);
  void offer_by_platform(Call& call, MidCallKind kind, Seconds now);
  void agreed(Call& call, MidCallKind kind, Seconds now);
  void hang_up(Call& call, Seconds now);
  void phone_acks(Call& call, int cseq, Seconds now);
  void platform_acks(Call& call, int cseq, Seconds now);

  Message phone_request(Line& line, std::string_view method, const std::string& target, const Call* call, int cseq);
  Message platform_request(std::string_view method, const std::string& target, const Call& call, int cseq);
  Message response(const Message& request, std::string_view status, bool by_platform, const Line& line, Socket source);
  std::vector<std::string> phone_sdp(Call& call, std::string_view attribute, Seconds now);
  std::vector<std::string> platform_sdp(Call& call, std::string_view attribute);
  Message phone_answer(const Message& request, Call& call, std::string_view status, Socket source);
  Message platform_answer(const Message& request, Call& call, std::string_view status, Socket source);
  std::string branch() { return "z9hG4bK" + random_.text(16); }
  std::string call_id(Line& line);
  static std::string authorization(Line& line, std::string_view uri);
  static void told(Call& call, const Message& message);

  const SiteSetup& setup_;
  Agenda& agenda_;
  Network& network_;
  Media& media_;
  Random random_;
};

}  // namespace viaduct::simulate
