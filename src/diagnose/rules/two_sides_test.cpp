// SPDX-License-Identifier: GPL-2.0-or-later
// What the rules on two captures say of a router that does this or that, whole.
#include "diagnose/rules/two_sides_test.hpp"

#include <gmock/gmock.h>

#include <string>

namespace viaduct::diagnose::rules {
namespace {

using sides::Router;
using test::kNone;
using test::kTrue;
using test::told;
using test::with;
using testing::StartsWith;

TEST(TwoSides, NeedASecondSide) {
  const std::string none = "not_applicable: There is no capture from the other side (--other-side).\n";
  for (const CaseRule& rule : {alg_rewrites(), alg_mapping_false(), alg_half_translation(), alg_framing(),
                               alg_edits_relayed(), alg_drops_message(), alg_edits_others(), keep_alives_lost(),
                               alg_uneven(), alg_tcp_step(), path_loses_media(), dscp_changed()})
    EXPECT_EQ(told(rule, nullptr), none) << rule.rule.id;
}

TEST(TwoSides, SayWhyNothingCanBeSaid) {
  Router router;
  router.lost_out(0, router.request("REGISTER", 1));
  EXPECT_EQ(told(alg_rewrites(), router), "inconclusive: The other side has no SIP.\n");
  EXPECT_EQ(told(alg_framing(), router), "inconclusive: The other side has no SIP.\n");
  EXPECT_EQ(told(alg_half_translation(), router), "inconclusive: The other side has no SIP.\n");
  EXPECT_EQ(told(alg_drops_message(), router), "inconclusive: The other side has no SIP.\n");
}

TEST(TwoSides, LeaveOpenWhatHasNothingInCommon) {
  Router router;
  router.lost_out(0, router.request("REGISTER", 1));
  router.only_outside(1, router.request("OPTIONS", 1));
  const sides::Comparison comparison = router.compare();
  const finding::Finding found = alg_rewrites().judge({.other_side = &comparison}).at(0);
  EXPECT_EQ(found.verdict, finding::Verdict::inconclusive);
  EXPECT_EQ(found.severity, finding::Severity::minor) << "more than a note: it is no clean result";
}

TEST(TwoSides, PassWhereNatAloneIsBetween) {
  const Router router = with(kNone);
  EXPECT_EQ(told(alg_rewrites(), router),
            "pass: 6 messages and 100 RTP packets were compared between both sides; no octet of SIP differs.\n");
  EXPECT_EQ(told(alg_mapping_false(), router),
            "not_applicable: No address was written into a message between the two captures.\n");
  EXPECT_EQ(told(alg_half_translation(), router), "not_applicable: No address was translated in a message.\n");
  EXPECT_EQ(told(alg_framing(), router),
            "pass: Content-Length fits on both sides wherever it fits on one, and no message grew into fragments.\n");
  EXPECT_EQ(told(alg_edits_relayed(), router),
            "not_applicable: No media was seen to go through a relay of the platform.\n");
  EXPECT_EQ(told(alg_drops_message(), router),
            "pass: Every message that was on its way across is on both sides (6 messages).\n");
  EXPECT_EQ(told(path_loses_media(), router), "pass: 100 of 100 RTP packets are on both sides.\n");
  EXPECT_EQ(told(dscp_changed(), router), "pass: Packets of 1 stream have the same DSCP on both sides.\n");
}

TEST(AlgRewrites, NamesWhatWasChangedAndTheHarm) {
  EXPECT_EQ(
      told(alg_rewrites(), with(kTrue)),
      "fail, note, sip-alg, A06: 1 of 6 messages was changed between the two captures: Contact host outbound (1), "
      "Content-Length outbound (1), SDP c= address outbound (1), SDP o= address outbound (1), Via sent-by outbound "
      "(1). All that was written is true to the translation of addresses that packets show.\n");
  EXPECT_EQ(
      told(alg_rewrites(), with(Router::replacing("Call-ID: c1", "Call-ID: x9"))),
      "fail, major, sip-alg, A10, A11: 1 of 6 messages was changed between the two captures: Call-ID outbound (1).\n");
}

TEST(AlgRewrites, CallsAnAnswerThatIsTranslatedTrulyMinor) {
  Router router = with(kTrue);
  router.out(30, router.request("OPTIONS", 9));
  router.in(30.1, router.response(200, "OPTIONS", 9),
            Router::replacing("received=203.0.113.2", "received=192.168.1.10"));
  EXPECT_EQ(
      told(alg_rewrites(), router),
      "fail, minor, sip-alg, A04, A06: 2 of 8 messages were changed between the two captures: Contact host outbound "
      "(1), Content-Length outbound (1), SDP c= address outbound (1), SDP o= address outbound (1), Via received "
      "inbound (1), Via sent-by outbound (1). All that was written is true to the translation of addresses that "
      "packets show.\n");
}

TEST(AlgRewrites, IsInconclusiveOfOneMessage) {
  Router router;
  router.out(0, router.request("REGISTER", 1));
  EXPECT_EQ(told(alg_rewrites(), router),
            "inconclusive: 1 message is the same on both sides; that is too little to say that all are.\n");
}

TEST(AlgMappingFalse, HoldsWhatWasWrittenAgainstPackets) {
  EXPECT_EQ(told(alg_mapping_false(), with(kTrue)), "pass: 3 written addresses are mappings that packets show.\n");
  EXPECT_EQ(
      told(alg_mapping_false(), with(Router::replacing("alice@192.168.1.10:5060", "alice@203.0.113.2:7777"))),
      "fail, critical, sip-alg, A01: 1 message names an address that is no mapping of the router: Contact host names "
      "203.0.113.2:7777 for 192.168.1.10:5060, packets show 203.0.113.2:5060.\n");
  EXPECT_EQ(told(alg_mapping_false(), with(Router::replacing("c=IN IP4 192.168.1.10", "c=IN IP4 203.0.113.2"),
                                           Router::sdp("192.168.1.10", 41000))),
            "inconclusive: 1 address was written for which no packet shows a mapping.\n");
}

/// The message diffs of a finding: a line for each field that leads astray, and one for how many others there are.
std::string diffs(const CaseRule& rule, const Router& router) {
  const sides::Comparison comparison = router.compare();
  const std::vector<finding::Finding> findings = rule.judge({.other_side = &comparison});
  std::string lines;
  for (const finding::Exhibit& exhibit : findings.front().exhibits) {
    const auto* const diff = std::get_if<finding::ByteDiff>(&exhibit);
    if (diff == nullptr) continue;
    lines += diff->title + ":";
    for (const finding::Change& change : diff->changes)
      if (change.astray) lines += " " + change.field + " " + change.behaviour;
    lines += " of " + std::to_string(diff->changes.size()) + "\n";
  }
  return lines;
}

/// Nine calls whose INVITE is the same but for what SDP says, and that is wrong in the last one.
TEST(AlgRewrites, ShowsTheCallThatIsHarmedBeforeThoseThatAreNot) {
  Router router = with(kTrue);
  const std::string sdp = Router::sdp("192.168.1.10", 40000);
  for (int call = 3; call < 11; ++call) router.out(30 + call, router.request("INVITE", call, sdp), kTrue);
  router.out(50, router.request("INVITE", 11, sdp), Router::replacing("192.168.1.10", "203.0.113.9"));
  const std::string harmed = "INVITE, outbound: Via sent-by A06 Contact host A01 SDP c= address B01 of 5\n";
  EXPECT_THAT(diffs(alg_rewrites(), router), StartsWith(harmed + "INVITE, outbound: of 5\n"));
  EXPECT_EQ(diffs(alg_mapping_false(), router), harmed);
}

TEST(AlgMappingFalse, FindsAnswersThatGoToTheWrongPort) {
  Router router = with(kNone);
  router.out(30, router.request("OPTIONS", 9));
  router.lost_in(30.1, router.response(200, "OPTIONS", 9));
  Router wrong = router;
  wrong.phone = "192.168.1.10:5062";
  wrong.in(31, router.response(202, "OPTIONS", 9));
  EXPECT_EQ(
      told(alg_mapping_false(), wrong),
      "fail, critical, sip-alg, A05: 1 answer was given to 192.168.1.10:5062, although the request came from another "
      "port.\n");
}

TEST(AlgHalfTranslation, NamesWhatWasLeft) {
  const std::string routes = "Record-Route: <sip:192.168.1.10;lr>\r\n";
  EXPECT_EQ(
      told(alg_half_translation(),
           with(Router::replacing("alice@192.168.1.10", "alice@203.0.113.2"), Router::sdp("192.0.2.9", 4), routes)),
      "fail, major, sip-alg, A13: 1 message still names the inside although another field was translated: Record-Route "
      "host (1).\n");
  EXPECT_EQ(told(alg_half_translation(), with(kTrue)),
            "pass: Where an address was translated, no other field of the message names the inside.\n");
}

TEST(AlgHalfTranslation, TellsAFaxFromOtherMedia) {
  const Router::Edit first = [](const std::string& message) {
    return Router::replacing("o=- 1 1 IN IP4 192.168.1.10", "o=- 1 1 IN IP4 203.0.113.2")(message);
  };
  const std::string fax =
      "v=0\r\no=- 1 1 IN IP4 192.168.1.10\r\ns=-\r\nc=IN IP4 192.168.1.10\r\nt=0 0\r\nm=image "
      "40000 udptl t38\r\n";
  EXPECT_EQ(told(alg_half_translation(), with(first, fax)),
            "fail, major, sip-alg, A13, B17: 1 message still names the inside although another field was translated: "
            "Contact host (1), SDP c= address (1).\n");
  EXPECT_EQ(told(alg_half_translation(), with(first)),
            "fail, major, sip-alg, A13, B16: 1 message still names the inside although another field was translated: "
            "Contact host (1), SDP c= address (1).\n");
}

TEST(AlgFraming, FindsALengthThatBecameWrong) {
  EXPECT_EQ(told(alg_framing(), with(Router::replacing("IN IP4 192.168.1.10", "IN IP4 203.0.113.2", false))),
            "fail, critical, sip-alg, B05: Content-Length of 1 message is right before the box and wrong behind it.\n");
}

TEST(AlgFraming, FindsAMessageThatOutgrewThePath) {
  const std::string fat = "X-Fat: " + std::string(1000, 'x') + "\r\n";
  EXPECT_EQ(
      told(alg_framing(),
           with(Router::replacing("Max-Forwards", "X-Box: " + std::string(300, 'x') + "\r\nMax-Forwards"),
                Router::sdp("192.168.1.10", 40000), fat)),
      "fail, minor, sip-alg, D02: 1 message came whole and left in fragments, because more was written than there "
      "was.\n");
}

TEST(AlgEditsRelayed, FindsAReplacedRelay) {
  EXPECT_EQ(told(alg_edits_relayed(),
                 with(Router::replacing("198.51.100.20", "203.0.113.2"), Router::sdp("198.51.100.20", 50000))),
            "fail, critical, sip-alg, B02: SDP of 1 message was changed; 1 named a public media address, which was "
            "replaced.\n");
}

TEST(AlgEditsRelayed, PassesWhereARelayIsLeftAlone) {
  Router router = with(kNone);
  Router::Way relayed{.ssrc = 30, .inner = "192.168.1.10:40002", .outer = "203.0.113.2:40002", .outbound = true};
  relayed.remote = "198.51.100.10:50002";
  router.media(relayed, 5, 100);
  EXPECT_EQ(told(alg_edits_relayed(), router),
            "pass: Media goes through the platform, and SDP is the same on both sides.\n");
}

TEST(PathLosesMedia, CountsWhatIsMissing) {
  Router router;
  router.registers(0);
  router.audio(1, 500, true, [](int i) { return i >= 200 && i < 250; });
  router.registers(20, 2);
  EXPECT_EQ(told(path_loses_media(), router),
            "fail, major, unknown: 50 of 500 RTP packets of one side did not reach the other one.\n");
  router.inside.lost_frames = 1;
  EXPECT_EQ(told(path_loses_media(), router),
            "inconclusive: Packets are missing, but what captured lost frames itself.\n");
}

TEST(PathLosesMedia, NamesTheAlgWhereAMovedPortIsFollowedByAHole) {
  Router router;
  router.registers(0);
  router.out(1, router.request("INVITE", 2, Router::sdp("192.168.1.10", 40000)), kTrue);
  router.audio(2, 500, false, [](int i) { return i >= 205 && i < 260; });
  router.out(6, router.request("INVITE", 3, Router::sdp("192.168.1.10", 40000, 2)), [](const std::string& message) {
    return kTrue(Router::replacing("m=audio 40000", "m=audio 40002")(message));
  });
  router.registers(20, 4);
  EXPECT_EQ(
      told(path_loses_media(), router),
      "fail, major, sip-alg, B21: 55 of 500 RTP packets of one side did not reach the other one. 1 re-INVITE or UPDATE "
      "got another outer media port for the same inner one, 1 of them followed by a hole, the longest of 1.10 s.\n");
}

TEST(PathLosesMedia, NeedsRtp) {
  Router router;
  router.registers(0);
  EXPECT_EQ(told(path_loses_media(), router), "not_applicable: No RTP stream was captured on both sides.\n");
  EXPECT_EQ(told(dscp_changed(), router), "not_applicable: No RTP stream was captured on both sides.\n");
}

TEST(AlgEditsOthers, FindsAnAddressThatWasReplacedInWhatIsNoSip) {
  Router router;
  EXPECT_EQ(told(alg_edits_others(), router),
            "not_applicable: Not both sides have UDP traffic that is neither SIP nor media.\n");
  router.datagram(1, "what time is it?", "what time is it?");
  EXPECT_EQ(told(alg_edits_others(), router), "pass: 1 other datagram has the same octets on both sides.\n");
  router.datagram(2, "I am 192.168.1.10, the phone", "I am 203.0.113.2, the phone");
  EXPECT_EQ(told(alg_edits_others(), router),
            "fail, major, sip-alg, A24: 1 datagram that is no SIP was changed between the two captures: in it the "
            "address that is translated in the header was replaced.\n");
  Router foreign;
  foreign.registers(0);
  foreign.datagram(1, "one of this side", "another of that side");
  EXPECT_EQ(told(alg_edits_others(), foreign),
            "inconclusive: No datagram of one side that is neither SIP nor media is on the other one.\n");
}

TEST(KeepAlivesLost, NeedsSipToPassAndTwoThatDoNot) {
  const std::string line_ends = "\r\n\r\n";
  Router router = with(kNone);
  EXPECT_EQ(told(keep_alives_lost(), router),
            "not_applicable: No keep-alive was sent on a flow on which SIP passes.\n");
  Router passed = router;
  passed.datagram(5, line_ends, line_ends);
  EXPECT_EQ(told(keep_alives_lost(), passed), "pass: Keep-alives are on both sides.\n");
  router.datagram(5, line_ends, "");
  EXPECT_EQ(told(keep_alives_lost(), router),
            "inconclusive, D06: 1 keep-alive of 1 flow on which SIP passes did not arrive, and none did. That may be "
            "chance.\n");
  router.datagram(7, line_ends, "");
  EXPECT_EQ(told(keep_alives_lost(), router),
            "fail, major, sip-alg, D06: 2 keep-alives of 1 flow on which SIP passes did not arrive, and none did.\n");
}

TEST(AlgUneven, TellsTransportsApart) {
  const Router::Edit edit = Router::replacing("alice@192.168.1.10", "alice@203.0.113.2");
  EXPECT_EQ(told(alg_uneven(), with(kNone)), "not_applicable: No Contact that names the inside was translated.\n");
  Router router;
  router.registers(0, 1, edit);
  EXPECT_EQ(told(alg_uneven(), router), "pass: 1 of 1 Contact was translated, over each transport alike.\n");
  router.transport = sip::Transport::tcp;
  router.registers(5, 2);
  EXPECT_EQ(told(alg_uneven(), router),
            "fail, major, sip-alg, D05: Over UDP each of 1 Contact that name the inside was translated, over TCP none "
            "of 1.\n");
}

TEST(AlgUneven, TellsWhatCameInSeveralSegments) {
  const Router::Edit edit = Router::replacing("alice@192.168.1.10", "alice@203.0.113.2");
  Router router;
  router.transport = sip::Transport::tcp;
  router.registers(0, 1, edit);
  Router open = router;
  router.segments = 2;
  router.registers(5, 2);
  EXPECT_EQ(told(alg_uneven(), router),
            "fail, major, sip-alg, D03: 1 of 2 Contacts were translated on one TCP connection: those of messages that "
            "came in one segment, and none that came in several.\n");
  open.registers(5, 2);
  EXPECT_EQ(told(alg_uneven(), open),
            "inconclusive: On one TCP connection some Contacts were translated and others were not; what tells them "
            "apart does not show.\n");
}

TEST(AlgTcpStep, NeedsOctetsThatOneSideAloneCannotRead) {
  EXPECT_EQ(told(alg_tcp_step(), with(kTrue)), "not_applicable: No SIP over TCP is on both sides.\n");
  Router router;
  router.transport = sip::Transport::tcp;
  router.registers(0);
  EXPECT_EQ(told(alg_tcp_step(), router), "not_applicable: No message over TCP changed its length.\n");
  router.registers(5, 2, Router::replacing("alice@192.168.1.10", "alice@203.0.113.2"));
  EXPECT_EQ(told(alg_tcp_step(), router),
            "pass: Behind 1 message whose length changed the connection goes on as it should.\n");
  const sides::BrokenStream broken{
      sides::at(router.mapped), sides::at(router.platform), " 0\r\n", {.number = 99, .file = 1}};
  router.outside.streams.push_back(broken);
  EXPECT_EQ(told(alg_tcp_step(), router),
            "fail, critical, sip-alg, D04: 1 TCP connection carries octets that are no SIP behind a message whose "
            "length was changed; before the box it carries messages alone.\n");
  router.inside.streams.push_back(
      {sides::at(router.phone), sides::at(router.platform), " 0\r\n", {.number = 98, .file = 0}});
  EXPECT_EQ(told(alg_tcp_step(), router),
            "inconclusive: A TCP connection carries octets that are no SIP, on both sides or before anything was "
            "changed.\n");
}

TEST(DscpChanged, TellsBleachingFromMarking) {
  Router bleached;
  bleached.registers(0);
  bleached.audio(1, 50, true, {}, 46, 0);
  EXPECT_EQ(told(dscp_changed(), bleached),
            "fail, minor, configuration, D10: The DSCP of 1 stream differs on both sides: 46 before, 0 behind.\n");
  Router marked;
  marked.registers(0);
  marked.audio(1, 50, true, {}, 0, 46);
  EXPECT_EQ(told(dscp_changed(), marked),
            "fail, note, configuration: The DSCP of 1 stream differs on both sides: 0 before, 46 behind.\n");
}

}  // namespace
}  // namespace viaduct::diagnose::rules
