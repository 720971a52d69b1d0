// SPDX-License-Identifier: GPL-2.0-or-later
// What holds for any sequence of messages, however little sense they make together.
#include "call/facts.hpp"
#include "call/ladder.hpp"
#include "call/messages_test.hpp"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <algorithm>
#include <set>

namespace viaduct::call {
namespace {

struct Step {
  std::string text;
  double seconds = 0;
  bool forth = true;
};

/// Few Call-IDs, tags, numbers and ports, so that messages meet.
rc::Gen<Step> any_step() {
  return rc::gen::exec([] {
    const std::string method = *rc::gen::element<std::string>("INVITE", "ACK", "BYE", "CANCEL", "PRACK", "UPDATE",
                                                              "INFO", "REFER", "NOTIFY", "OPTIONS");
    const int status = *rc::gen::element(0, 0, 0, 100, 180, 183, 200, 200, 302, 401, 481, 487, 488, 491);
    Wording w;
    w.start = status == 0 ? method + " sip:bob@example.com SIP/2.0" : "SIP/2.0 " + std::to_string(status) + " x";
    w.call_id = *rc::gen::element<std::string>("c1", "c2");
    w.cseq = std::to_string(*rc::gen::inRange(1, 4)) + " " + method;
    w.branch = *rc::gen::element<std::string>("z9hG4bK1", "z9hG4bK2", "1");
    const bool reversed = *rc::gen::arbitrary<bool>();
    w.from_tag = reversed ? *rc::gen::element<std::string>("b1", "b2") : "a1";
    w.to_tag = reversed ? "a1" : *rc::gen::element<std::string>("", "b1", "b2");
    w.headers = *rc::gen::element<std::string>("", "Session-Expires: 90;refresher=uas\r\n", "Contact: <sip:x@y:7>\r\n",
                                               "Reason: SIP;text=\"media timeout\"\r\n", "RSeq: 1\r\n");
    w.media = *rc::gen::element<std::uint16_t>(0, 4000, 4002, 4004);
    const int pause = *rc::gen::element(0, 1, 500, 2000, 40'000, 400'000);
    return Step{text_of(w), pause / 1000.0, *rc::gen::arbitrary<bool>()};
  });
}

std::size_t messages_in(const Call& call) {
  return static_cast<std::size_t>(std::count_if(call.events.begin(), call.events.end(), [](const Event& event) {
    return is_message(event.kind) && event.leg != kNoLeg;
  }));
}

RC_GTEST_PROP(Calls, HoldTogetherWhateverIsSent, ()) {
  const auto steps = *rc::gen::container<std::vector<Step>>(any_step());
  Heard heard;
  double now = 0;
  std::uint64_t accounted = 0;
  for (const Step& step : steps) heard.add(now += step.seconds, step.text, step.forth);
  heard.signalling.finish();
  RC_ASSERT(heard.signalling.calls().live() == 0U);
  RC_ASSERT(heard.signalling.calls().octets() == 0U);
  RC_ASSERT(heard.signalling.counts().messages == steps.size());
  std::set<CallNumber> numbers;
  for (Call& call : heard.kept.calls) {
    RC_ASSERT(numbers.insert(call.number).second);
    RC_ASSERT(messages_in(call) == call.messages);
    RC_ASSERT(std::is_sorted(call.events.begin(), call.events.end(),
                             [](const Event& a, const Event& b) { return a.time < b.time; }));
    accounted += call.messages;
    for (const Leg& leg : call.legs)
      for (const MediaSpan& span : leg.negotiation.spans()) RC_ASSERT(span.from <= span.until);
    RC_ASSERT(call.ending.kind == EndKind::open || call.ending.frame.number != 0);
    RC_ASSERT(!facts(call, at(0)).empty() && !ladder(call, at(0)).empty());
    call.shrink(2048);
    RC_ASSERT(call.footprint() <= 2048U);
  }
  RC_ASSERT(accounted <= steps.size());
}

RC_GTEST_PROP(Calls, AreTheSameWhereCopiesOfTheirFramesAreCaptured, ()) {
  // A mirroring switch must not make retransmissions, re-INVITEs or media.
  auto steps = *rc::gen::container<std::vector<Step>>(any_step());
  Heard once;
  Heard twice;
  double now = 0;
  for (const Step& step : steps) {
    now += step.seconds + 0.1;
    once.add(now, step.text, step.forth);
    twice.add(now, step.text, step.forth);
    twice.add(now + 0.0001, step.text, step.forth);
  }
  once.signalling.finish();
  twice.signalling.finish();
  RC_ASSERT(once.kept.calls.size() == twice.kept.calls.size());
  for (std::size_t i = 0; i < once.kept.calls.size(); ++i) {
    const Call& a = once.kept.calls[i];
    const Call& b = twice.kept.calls[i];
    RC_ASSERT(a.retransmissions == b.retransmissions);
    RC_ASSERT(a.dialogs.size() == b.dialogs.size() && a.legs.size() == b.legs.size());
    RC_ASSERT(a.ending.kind == b.ending.kind && a.over == b.over && a.answered == b.answered);
    for (std::size_t leg = 0; leg < a.legs.size(); ++leg) {
      RC_ASSERT(a.legs[leg].negotiation.spans().size() == b.legs[leg].negotiation.spans().size());
      RC_ASSERT(a.legs[leg].negotiation.exchanges() == b.legs[leg].negotiation.exchanges());
    }
  }
}

RC_GTEST_PROP(Calls, AreTheSameWhetherOthersRunBesideThem, ()) {
  const auto steps = *rc::gen::container<std::vector<Step>>(any_step());
  Heard alone;
  Heard beside;
  double now = 0;
  int number = 0;
  for (const Step& step : steps) {
    now += step.seconds + 0.1;
    alone.add(now, step.text, step.forth);
    beside.add(now, step.text, step.forth);
    beside.add(now, text_of({.call_id = "other" + std::to_string(++number), .media = 9000}));
    beside.frame = alone.frame;
  }
  alone.signalling.finish();
  beside.signalling.finish();
  std::vector<std::string> expected;
  std::vector<std::string> found;
  const auto keep = [](const Call& call, std::vector<std::string>& texts) {
    if (!call.call_id.view().starts_with("c")) return;
    const std::string text = facts(call, at(0));
    texts.push_back(text.substr(text.find('\n')));
  };
  for (const Call& call : alone.kept.calls) keep(call, expected);
  for (const Call& call : beside.kept.calls) keep(call, found);
  std::sort(expected.begin(), expected.end());
  std::sort(found.begin(), found.end());
  RC_ASSERT(found == expected);
}

}  // namespace
}  // namespace viaduct::call
