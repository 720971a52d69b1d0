// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include "call/messages_test.hpp"
#include "diagnose/call_outcome.hpp"
#include "diagnose/call_record.hpp"
#include "diagnose/finding_text_test.hpp"
#include "diagnose/phone_test.hpp"
#include "diagnose/rule_code.hpp"
#include "rtp/talk_test.hpp"

#include <deque>
#include <map>
#include <string>
#include <utility>
#include <vector>

/// Calls for the tests of this folder, written as who said what when.
namespace viaduct::diagnose::test {

using call::Party;
using std::chrono::milliseconds;

/// Calls of a caller and a callee. Messages have frames 1, 2, ..., packets of the n-th talk n * 10000 + 1, ...
class Scene {
 public:
  Phone caller{"alice", "192.0.2.10:5060", "192.0.2.10:5060", "192.0.2.10:4000", "a1"};
  Phone callee{"bob", "198.51.100.20:5060", "198.51.100.20:5060", "198.51.100.20:6000", "b1"};
  Site site = 0;
  sip::Transport transport = sip::Transport::udp;
  std::vector<CaptureFacts> captures{};
  std::vector<AlgSign> signs{};
  std::vector<rtp::Mark> holes{};  ///< what other conversations say of the capture

  Scene() : signalling_(kept_) {}
  /// What follows belongs to another call.
  Scene& another(const std::string& call_id) {
    call_id_ = call_id;
    in_dialog_ = false;
    return *this;
  }
  /// And that to another site than `site`.
  Scene& another(const std::string& call_id, Site of) {
    sites_[call_id] = of;
    return another(call_id);
  }
  Scene& request(double at, Party from, const std::string& method, int cseq = 1, const Extra& extra = {}) {
    const std::string branch = "z9hG4bK" + std::to_string(cseq) + (method == "CANCEL" ? "INVITE" : method);
    put(at, from, from, method + " sip:" + of(other(from)).user + "@example.com SIP/2.0",
        std::to_string(cseq) + " " + method, branch, in_dialog_, extra);
    return *this;
  }
  /// `cseq` as in "1 INVITE"; `from` sends the response.
  Scene& response(double at, Party from, const std::string& status, const std::string& cseq, const Extra& extra = {}) {
    const std::size_t space = cseq.find(' ');
    put(at, from, other(from), "SIP/2.0 " + status, cseq, "z9hG4bK" + cseq.substr(0, space) + cseq.substr(space + 1),
        status.substr(0, 3) != "100", extra);
    if (status[0] == '2') in_dialog_ = true;
    return *this;
  }
  /// INVITE, 180, 200 and ACK, 0.1 s one after another; answered 0.2 s after `at`.
  Scene& set_up(double at) {
    request(at, Party::caller, "INVITE", 1, {.sdp = "sendrecv"});
    response(at + 0.1, Party::callee, "180 Ringing", "1 INVITE");
    response(at + 0.2, Party::callee, "200 OK", "1 INVITE", {.sdp = "sendrecv"});
    return request(at + 0.3, Party::caller, "ACK");
  }
  /// INVITE of the caller in the dialog, 200 with the direction that answers it, and ACK, 0.1 s one after another.
  Scene& re_invite(double at, int cseq, const std::string& direction) {
    const std::string answer = direction == "sendonly" ? "recvonly" : direction == "recvonly" ? "sendonly" : direction;
    request(at, Party::caller, "INVITE", cseq, {.sdp = direction});
    response(at + 0.1, Party::callee, "200 OK", std::to_string(cseq) + " INVITE", {.sdp = answer});
    return request(at + 0.2, Party::caller, "ACK", cseq);
  }
  Scene& hang_up(double at, Party by = Party::caller, const std::string& headers = {}) {
    request(at, by, "BYE", 90, {.headers = headers});
    return response(at + 0.1, other(by), "200 OK", "90 BYE");
  }
  /// Media of the current call from one party to where the other one says it receives; the first packet comes at `at`.
  rtp::test::Talk& talk(double at, Party speaker) {
    Voice& voice = voices_.emplace_back();
    voice.call_id = call_id_;
    voice.receiver = other(speaker);
    voice.talk.ssrc = static_cast<std::uint32_t>(voices_.size());
    voice.talk.frame = voices_.size() * 10000;
    voice.talk.source = rtp::test::endpoint(of(speaker).media.c_str());
    voice.talk.destination = rtp::test::endpoint(of(other(speaker)).media.c_str());
    voice.talk.clock = milliseconds(static_cast<int>(at * 1000)) - milliseconds(1005);
    return voice.talk;
  }
  /// Both parties talk from the same instant on, in so many packets.
  void both_talk(double at, int of_caller, int of_callee) {
    talk(at, Party::caller).send(of_caller);
    talk(at, Party::callee).send(of_callee);
  }

  /// What a rule says of each call, and of all.
  [[nodiscard]] std::string judge(const MediaRule& rule);
  [[nodiscard]] std::string judge(const CallRule& rule);
  [[nodiscard]] std::string judge(const CaseRule& rule);
  /// After this no message can be added.
  [[nodiscard]] std::vector<CallFacts> facts();

 private:
  struct Voice {
    std::string call_id;
    Party receiver{};
    rtp::test::Talk talk{};
  };

  [[nodiscard]] const Phone& of(Party party) const { return party == Party::caller ? caller : callee; }
  void put(double at, Party sender, Party requester, const std::string& start, const std::string& cseq,
           const std::string& branch, bool tagged, const Extra& extra) {
    const Phone& asks = of(requester);
    const Phone& asked = cseq.find("REGISTER") != std::string::npos ? asks : of(other(requester));
    std::string text = start + "\r\nVia: SIP/2.0/UDP " + asks.contact + ";branch=" + branch +
                       "\r\nFrom: <sip:" + asks.user + "@example.com>;tag=" + asks.tag + "\r\nTo: <sip:" + asked.user +
                       "@example.com>" + (tagged ? ";tag=" + asked.tag : "") + "\r\nCall-ID: " + call_id_ +
                       "\r\nCSeq: " + cseq + "\r\nContact: <sip:" + of(sender).user + "@" + of(sender).contact +
                       ">\r\n";
    for (const char c : extra.headers) text += c == '\n' ? std::string("\r\n") : std::string(1, c);
    if (!extra.headers.empty()) text += "\r\n";
    if (text.size() < extra.size) text += "Subject: " + std::string(extra.size - text.size(), 'x') + "\r\n";
    text += extra.sdp.empty() ? "\r\n" : "Content-Type: application/sdp\r\n\r\n" + of(sender).sdp(extra.sdp);
    call::Sighting seen;
    seen.octets = text;
    seen.length = static_cast<std::uint32_t>(text.size());
    seen.time = call::at(at);
    seen.transport = transport;
    seen.source = rtp::test::endpoint((extra.from.empty() ? of(sender).sip : extra.from).c_str());
    seen.destination = rtp::test::endpoint((extra.to.empty() ? of(other(sender)).sip : extra.to).c_str());
    seen.frame.number = ++frame_ & 0xffffffffffffU;
    signalling_.add(seen);
  }

  std::string call_id_ = "call-1";
  bool in_dialog_ = false;
  bool finished_ = false;
  std::uint64_t frame_ = 0;
  call::Kept kept_;
  call::Signalling signalling_;
  std::deque<Voice> voices_;
  std::map<std::string, Site> sites_;
};

inline std::vector<CallFacts> Scene::facts() {
  if (!std::exchange(finished_, true)) signalling_.finish();
  std::vector<CallFacts> all;
  for (const call::Call& call : kept_.calls) {
    const auto other = sites_.find(std::string(call.call_id.view()));
    CallFacts facts{.call = call, .site = other == sites_.end() ? site : other->second};
    for (const Voice& voice : voices_) {
      if (voice.call_id != call.call_id.view()) continue;
      for (StreamFacts& stream :
           stream_facts(voice.talk.flow, {.leg = 0, .line = 0, .receiver = voice.receiver}, &call, holes)) {
        stream.rtcp = voice.talk.rtcp;
        facts.streams.push_back(std::move(stream));
      }
    }
    join_places(facts.streams);
    add_quiet(facts.streams);
    leave_open(facts.streams);
    all.push_back(std::move(facts));
  }
  return all;
}

inline std::string Scene::judge(const MediaRule& rule) {
  std::string text;
  for (const CallFacts& facts : this->facts()) text += text_of(rule.judge(facts.streams));
  return "\n" + text;
}

inline std::string Scene::judge(const CallRule& rule) {
  std::string text;
  for (const CallFacts& facts : this->facts()) text += text_of(rule.judge(facts));
  return "\n" + text;
}

inline std::string Scene::judge(const CaseRule& rule) {
  std::vector<CallRecord> records;
  std::vector<CallOutcome> outcomes;
  std::uint32_t streams = 0;
  for (const CallFacts& facts : this->facts()) {
    const std::uint32_t index = static_cast<std::uint32_t>(records.size());
    records.push_back(record_of(facts, index, streams));
    outcomes.push_back(outcome_of(facts, index, streams));
    streams += static_cast<std::uint32_t>(facts.streams.size());
  }
  std::vector<const call::Registration*> registrations;
  for (const auto& [key, registration] : signalling_.registrations()) registrations.push_back(&registration);
  CaseFacts facts{.calls = records, .registrations = registrations, .alg_signs = signs};
  facts.outcomes = outcomes;
  facts.captures = captures;
  std::string text;
  for (const finding::Finding& found : rule.judge(facts)) text += text_of(found);
  return "\n" + text;
}

}  // namespace viaduct::diagnose::test
