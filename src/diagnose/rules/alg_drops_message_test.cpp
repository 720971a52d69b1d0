// SPDX-License-Identifier: GPL-2.0-or-later
// Which messages that one side alone has are an ALG's loss.
#include "diagnose/rules/two_sides_test.hpp"

#include <gtest/gtest.h>

#include <string>

namespace viaduct::diagnose::rules {
namespace {

using sides::Router;
using test::kElse;
using test::kNone;
using test::told;
using test::with;

TEST(AlgDropsMessage, TellsDroppedFromChance) {
  Router router = with(kNone);
  for (const double time : {10.0, 10.5, 11.5}) router.lost_out(time, router.request("INFO", 7));
  const std::string lost = "A19: 1 message is on one side alone: INFO outbound was sent 3 times and never arrived";
  EXPECT_EQ(told(alg_drops_message(), router),
            "inconclusive, " + lost + ". Nothing else arrived in between: the path may have been down.\n");
  router.datagram(10.7, kElse, kElse);
  EXPECT_EQ(told(alg_drops_message(), router), "fail, critical, sip-alg, " + lost + ", while other messages passed.\n");
  Router once = with(kNone);
  once.lost_out(10, once.request("INFO", 7));
  EXPECT_EQ(told(alg_drops_message(), once),
            "inconclusive, A19: 1 message is on one side alone: INFO outbound did not arrive. That may be chance.\n");
}

TEST(AlgDropsMessage, TellsAForgottenMappingFromAnAlg) {
  Router router = with(kNone);
  for (const double time : {100.0, 100.5, 101.5})
    router.lost_in(time,
                   "INVITE sip:alice@203.0.113.2 SIP/2.0\r\nVia: SIP/2.0/UDP 198.51.100.10;branch=z9hG4bKi\r\n"
                   "From: <sip:bob@example.com>;tag=q\r\nTo: <sip:alice@example.com>\r\nCall-ID: c5\r\n"
                   "CSeq: 1 INVITE\r\nContent-Length: 0\r\n\r\n");
  router.registers(130, 8);
  EXPECT_EQ(told(alg_drops_message(), router),
            "inconclusive, C03: 1 message is on one side alone: INVITE inbound was sent 3 times and never arrived. "
            "Nothing had passed before for long: a mapping may have expired.\n");
}

std::string notify(int number) {
  const std::string id = "n" + std::to_string(number);
  return "NOTIFY sip:alice@203.0.113.2 SIP/2.0\r\nVia: SIP/2.0/UDP 198.51.100.10;branch=z9hG4bK" + id +
         "\r\nFrom: <sip:mwi@example.com>;tag=" + id + "\r\nTo: <sip:alice@example.com>\r\nCall-ID: " + id +
         "\r\nCSeq: 1 NOTIFY\r\nContent-Length: 0\r\n\r\n";
}

TEST(AlgDropsMessage, AKindOfWhichNoneComesThroughIsNoChance) {
  Router few = with(kNone);
  for (int i = 0; i < 5; ++i) few.lost_in(1.2 + 0.1 * i, notify(i));
  few.registers(20, 8);
  EXPECT_EQ(
      told(alg_drops_message(), few),
      "inconclusive, A19: 5 messages are on one side alone: NOTIFY inbound did not arrive. That may be chance.\n");
  Router many = with(kNone);
  for (int i = 0; i < 6; ++i) {
    many.registers(10 * (i + 1), 8 + i);
    many.lost_in(10 * (i + 1) + 0.5, notify(i));
  }
  many.registers(90, 20);
  EXPECT_EQ(told(alg_drops_message(), many),
            "fail, critical, sip-alg, A19: 6 messages are on one side alone: NOTIFY inbound did not arrive.\n");
}

TEST(AlgDropsMessage, ManyOfAKindAtOnceMayBeChance) {
  Router router = with(kNone);
  for (int i = 0; i < 12; ++i) router.lost_in(1.2 + 0.1 * i, notify(i));
  router.registers(20, 8);
  EXPECT_EQ(
      told(alg_drops_message(), router),
      "inconclusive, A19: 12 messages are on one side alone: NOTIFY inbound did not arrive. That may be chance.\n");
}

/// A NOTIFY sent three times while media of the same way does not arrive.
Router with_an_outage() {
  Router router = with(kNone);
  router.registers(13.6, 8);
  router.media({20, "192.168.1.10:40000", "203.0.113.2:40000"}, 10, 500, [](int i) { return i >= 200 && i < 400; });
  for (const double time : {14.2, 14.7, 15.7}) router.lost_in(time, notify(1));
  router.registers(30, 9);
  return router;
}

TEST(AlgDropsMessage, WhatIsLostWithMediaOfThatWayMayBeAnOutage) {
  EXPECT_EQ(told(alg_drops_message(), with_an_outage()),
            "inconclusive, A19: 1 message is on one side alone: NOTIFY inbound was sent 3 times and never arrived. "
            "Media that went the same way did not arrive then either.\n");
}

TEST(AlgDropsMessage, WhatIsLostWhileOthersPassedThatWayIsNoOutage) {
  const std::string lost = "A19: 1 message is on one side alone: NOTIFY inbound was sent 3 times and never arrived";
  Router stream = with_an_outage();
  stream.media({21, "192.168.1.10:40002", "203.0.113.2:40002"}, 10, 500);
  EXPECT_EQ(told(alg_drops_message(), stream), "fail, critical, sip-alg, " + lost + ".\n");
  // Two outages, or media and SIP are taken away by something else.
  Router message = with_an_outage();
  message.in(15, message.request("OPTIONS", 77));
  EXPECT_EQ(told(alg_drops_message(), message),
            "inconclusive, " + lost +
                ", while other messages passed. Media that went the same way did not arrive then either.\n");
}

/// Copies of a NOTIFY while the link is down, for which the far end is silent from 1 s after its begin on.
TEST(AlgDropsMessage, AnOutageLastsUntilSomethingArrives) {
  Router router = with(kNone);
  router.registers(13.6, 8);
  router.media({20, "192.168.1.10:40000", "203.0.113.2:40000"}, 10, 250, [](int i) { return i >= 200; });
  router.media({20, "192.168.1.10:40000", "203.0.113.2:40000"}, 25, 100, {}, 350);
  for (const double time : {14.2, 14.7, 15.7, 17.7}) router.lost_in(time, notify(1));
  router.in(22, router.request("OPTIONS", 77));
  router.registers(30, 9);
  EXPECT_EQ(told(alg_drops_message(), router),
            "inconclusive, A19: 1 message is on one side alone: NOTIFY inbound was sent 4 times and never arrived. "
            "Media that went the same way did not arrive then either.\n");
}

TEST(AlgDropsMessage, WhatIsSentIntoADeadLinkIsNoProof) {
  Router router = with(kNone);
  router.media({20, "192.168.1.10:40000", "203.0.113.2:40000"}, 10, 250);
  for (const double time : {21.0, 21.5, 22.5, 24.5, 28.5}) router.lost_out(time, router.request("BYE", 7));
  router.registers(60, 8);
  EXPECT_EQ(told(alg_drops_message(), router),
            "inconclusive, C08: 1 message is on one side alone: BYE outbound was sent 5 times and never arrived. "
            "Nothing else arrived in between: the path may have been down.\n");
}

TEST(AlgDropsMessage, WhatIsLostWithAnotherThatPassesElsewhereIsNoProof) {
  Router router = with(kNone);
  for (const double time : {30.0, 30.5, 31.5}) router.lost_out(time, router.request("INFO", 7));
  router.datagram(31, kElse, kElse);
  router.registers(60, 8);
  const std::string lost = "1 message is on one side alone: INFO outbound was sent 3 times and never arrived";
  EXPECT_EQ(told(alg_drops_message(), router),
            "fail, critical, sip-alg, A19: " + lost + ", while other messages passed.\n");
  const Router::Edit of_another_call = Router::replacing("Call-ID: c1", "Call-ID: r1");
  for (const double time : {30.2, 31.2}) router.lost_out(time, of_another_call(router.request("REGISTER", 20)));
  EXPECT_EQ(told(alg_drops_message(), router),
            "inconclusive, A19: 2 messages are on one side alone: INFO outbound was sent 3 times and never arrived, "
            "while other messages passed. Other messages did not arrive then either: the path may have been down.\n");
}

TEST(AlgDropsMessage, ManyCopiesHideNoOtherMessage) {
  Router router = with(kNone);
  const Router::Edit of_another_call = Router::replacing("Call-ID: c1", "Call-ID: r1");
  for (int i = 0; i < 40; ++i) {
    const double time = 30 + 0.1 * i;
    router.lost_out(time, router.request("INFO", 7));
    router.lost_out(time + 0.05, of_another_call(router.request("REGISTER", 20)));
  }
  router.datagram(32.02, kElse, kElse);
  router.registers(60, 8);
  EXPECT_EQ(told(alg_drops_message(), router),
            "inconclusive, A19: 2 messages are on one side alone: INFO outbound was sent 40 times and never arrived, "
            "while other messages passed. Other messages did not arrive then either: the path may have been down.\n");
}

TEST(AlgDropsMessage, AStreamMayEndWithTheLink) {
  Router router = with(kNone);
  router.media({20, "192.168.1.10:40000", "203.0.113.2:40000", "198.51.100.20:50000", true}, 30, 250,
               [](int i) { return i >= 200; });
  for (const double time : {36.0, 36.5, 37.5}) router.lost_out(time, router.request("BYE", 7));
  router.datagram(37, kElse, kElse);
  router.registers(60, 8);
  EXPECT_EQ(told(alg_drops_message(), router),
            "inconclusive, C08: 1 message is on one side alone: BYE outbound was sent 3 times and never arrived, while "
            "other messages passed. Media that went the same way did not arrive then either.\n");
}

TEST(AlgDropsMessage, ANatMayFilterWhomNobodyInsideHasWrittenTo) {
  Router router = with(kNone);
  for (int i = 0; i < 3; ++i) router.lost_in(10 + i, notify(1), "198.51.100.10:5070");
  router.registers(30, 4);
  EXPECT_EQ(told(alg_drops_message(), router),
            "fail, critical, unknown: 1 message is on one side alone: NOTIFY inbound was sent 3 times and never "
            "arrived. Nothing had passed between there and where it came from: NAT may "
            "let in only whom somebody inside has written to (RFC 4787 5).\n");
}

const std::string kInvite =
    "INVITE sip:alice@203.0.113.2 SIP/2.0\r\nVia: SIP/2.0/UDP 198.51.100.10;branch=z9hG4bKi\r\nFrom: "
    "<sip:bob@example.com>;tag=q\r\nTo: <sip:alice@example.com>\r\nCall-ID: c5\r\nCSeq: 1 INVITE\r\n"
    "Content-Length: 0\r\n\r\n";

TEST(AlgDropsMessage, TellsAWayThatHadClosed) {
  Router router = with(kNone);
  for (const double time : {26.0, 26.5, 27.5}) router.lost_in(time, kInvite);
  router.registers(30, 8);
  EXPECT_EQ(told(alg_drops_message(), router),
            "fail, critical, unknown, C03: 1 message is on one side alone: INVITE inbound was sent 3 times and never "
            "arrived. Nothing had passed there for 5.95 s, longer than before any other message that came in: the way "
            "in had closed.\n");
  Router survived = with(kNone);
  survived.in(26, survived.response(202, "OPTIONS", 7));
  for (const double time : {31.0, 31.5, 32.5}) survived.lost_in(time, kInvite);
  survived.datagram(31.7, kElse, kElse);
  survived.registers(40, 8);
  EXPECT_EQ(told(alg_drops_message(), survived),
            "fail, critical, sip-alg: 1 message is on one side alone: INVITE inbound was sent 3 times and never "
            "arrived, while other messages passed.\n");
}

TEST(AlgDropsMessage, TellsTheLongRingFromALostAnswer) {
  Router router;
  router.registers(0);
  router.out(1, router.request("INVITE", 2));
  router.in(1.1, router.response(180, "INVITE", 2));
  for (const double time : {8.0, 8.5, 9.5}) router.lost_in(time, router.response(200, "INVITE", 2));
  router.registers(12, 3);
  EXPECT_EQ(told(alg_drops_message(), router),
            "fail, critical, unknown, C03, C11: 1 message is on one side alone: 200 to INVITE inbound was sent 3 times "
            "and never arrived. Nothing had passed there for 6.90 s, longer than before any other message that came "
            "in: the way in had closed.\n");
  Router lost;
  lost.registers(0);
  lost.out(1, lost.request("INVITE", 2));
  lost.in(1.1, lost.response(180, "INVITE", 2));
  for (const double time : {1.2, 1.7, 2.7}) lost.lost_in(time, lost.response(200, "INVITE", 2));
  lost.datagram(2.2, kElse, kElse);
  lost.registers(12, 3);
  EXPECT_EQ(told(alg_drops_message(), lost),
            "fail, critical, sip-alg, C07: 1 message is on one side alone: 200 to INVITE inbound was sent 3 times and "
            "never arrived, while other messages passed.\n");
}

TEST(AlgDropsMessage, TellsAnAddressThatIsNoMapping) {
  Router router = with(kNone);
  const std::string mapped = router.mapped;
  router.mapped = "203.0.113.2:7777";
  for (const double time : {10.0, 10.5, 11.5}) router.lost_in(time, kInvite);
  router.mapped = mapped;
  router.registers(14, 8);
  EXPECT_EQ(told(alg_drops_message(), router),
            "fail, critical, unknown: 1 message is on one side alone: INVITE inbound was sent 3 times and never "
            "arrived. No packet shows the address that it was sent to to be a mapping of the router.\n");
}

TEST(AlgDropsMessage, TellsWhatWasTooLongOnceTheBoxHadAdded) {
  const Router::Edit longer = Router::replacing("Max-Forwards", "X-Box: " + std::string(300, 'x') + "\r\nMax-Forwards");
  Router router = with(longer);
  const std::string fat = router.request("INFO", 7, "", "X-Fat: " + std::string(1000, 'x') + "\r\n");
  for (const double time : {10.0, 10.5, 11.5}) router.lost_out(time, fat);
  router.datagram(10.7, kElse, kElse);
  EXPECT_EQ(told(alg_drops_message(), router),
            "fail, critical, sip-alg, D02: 1 message is on one side alone: INFO outbound was sent 3 times and never "
            "arrived, while other messages passed.\n");
}

TEST(AlgDropsMessage, FindsAnswersOfTheBox) {
  Router router = with(kNone);
  router.lost_out(10, router.request("OPTIONS", 7));
  Router answered = router;
  std::swap(answered.phone, answered.platform);
  answered.lost_out(10.01, router.response(200, "OPTIONS", 7));
  EXPECT_EQ(
      told(alg_drops_message(), answered),
      "fail, critical, sip-alg, A18: 1 message is on one side alone: 200 to OPTIONS inbound was never sent by the "
      "other side: the box made it.\n");
}

/// The inner capture holds one phone of two.
TEST(AlgDropsMessage, AccusesNobodyOfWhatAnotherPhoneBehindTheRouterSays) {
  Router router = with(kNone);
  const std::string mapped = std::exchange(router.mapped, "203.0.113.2:40001");
  router.only_outside(10, router.request("REGISTER", 7));
  for (const double time : {11.0, 11.5, 12.5}) router.lost_in(time, router.response(401, "REGISTER", 7));
  router.mapped = mapped;
  router.registers(14, 8);
  EXPECT_EQ(told(alg_drops_message(), router),
            "pass: Every message that was on its way across is on both sides (8 messages).\n");
}

TEST(AlgDropsMessage, DoesNotBelieveTheEndOfACapture) {
  Router router = with(kNone);
  for (const double time : {25.0, 25.5, 26.5}) router.lost_out(time, router.request("BYE", 7));
  EXPECT_EQ(
      told(alg_drops_message(), router),
      "inconclusive, C08: 1 message is on one side alone: BYE outbound was sent 3 times and never arrived. The other "
      "capture has no frame behind that: it may have ended before.\n");
}

TEST(AlgDropsMessage, TellsOfAPortThatIsShutByOtherTraffic) {
  Router router;
  router.datagram(0, "what time is it?", "what time is it?");
  for (const double time : {1.0, 1.5, 2.5}) router.lost_out(time, router.request("INVITE", 7));
  router.datagram(2, "still here?", "still here?");
  router.datagram(5, "and now?", "and now?");
  EXPECT_EQ(told(alg_drops_message(), router),
            "fail, critical, unknown: 1 message is on one side alone: INVITE outbound was sent 3 times and never "
            "arrived, while other messages passed. No SIP came through at all, while other traffic between the same "
            "hosts did.\n");
}

}  // namespace
}  // namespace viaduct::diagnose::rules
