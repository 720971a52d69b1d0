// SPDX-License-Identifier: GPL-2.0-or-later
#include "alg/dialogue_test.hpp"

#include <gmock/gmock.h>

namespace viaduct::alg {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

TEST_F(Dialogue, RegisterIsTranslatedAndItsEchoIsUndone) {
  EXPECT_EQ(out(register_text("192.168.1.10;branch=z9hG4bK1", "<sip:bob@192.168.1.10;line=7>;q=0.5")),
            register_text("203.0.113.1;branch=z9hG4bK1", "<sip:bob@203.0.113.1;line=7>;q=0.5"));
  EXPECT_EQ(events(), "edited Via names-inner-address\nedited Contact names-inner-address\n");
  EXPECT_THAT(mappings(), ElementsAre("192.168.1.10:5060 > 203.0.113.1:5060"));
  const std::string answer =
      "\nFrom: <sip:bob@example.net>;tag=a\nTo: <sip:bob@example.net>;tag=z\nCall-ID: reg@192.168.1.10\n"
      "CSeq: 1 REGISTER\nContact: <sip:other@192.0.2.1>;expires=9, \"Bob, B.\" <sip:bob@";
  EXPECT_EQ(in(sip_text("SIP/2.0 200 OK\nVia: SIP/2.0/UDP 203.0.113.1;branch=z9hG4bK1;received=203.0.113.1" + answer +
                        "203.0.113.1:5060;line=7>;expires=300\n")),
            sip_text("SIP/2.0 200 OK\nVia: SIP/2.0/UDP 192.168.1.10;branch=z9hG4bK1;received=203.0.113.1" + answer +
                     "192.168.1.10;line=7>;expires=300\n"));
  EXPECT_EQ(events(), "restored Via echo-of-edit\nrestored Contact echo-of-edit\n");
}

TEST_F(Dialogue, TheFlowsOuterPortIsTheKernelsWhereItHasOne) {
  flow_outer = *net::parse_endpoint("203.0.113.1:1029");
  EXPECT_EQ(out(register_text("192.168.1.10:5060;branch=z9hG4bK1", "<sip:bob@192.168.1.10>")),
            register_text("203.0.113.1:1029;branch=z9hG4bK1", "<sip:bob@203.0.113.1:1029>"));
  const std::string inbound =
      "Via: SIP/2.0/UDP 198.51.100.5;branch=z9hG4bK7\nFrom: <sip:al@example.net>;tag=q\nTo: <sip:bob@example.net>\n"
      "Call-ID: in@198.51.100.5\nCSeq: 7 INVITE\n";
  EXPECT_EQ(in(sip_text("INVITE sip:bob@203.0.113.1:1029 SIP/2.0\n" + inbound)),
            sip_text("INVITE sip:bob@192.168.1.10 SIP/2.0\n" + inbound));
}

TEST_F(Dialogue, OffersGetMappingsAndTheWholeSdpFollows) {
  const std::string media =
      "m=audio 4000 RTP/AVP 0\na=rtcp:4001\nm=video 4002 RTP/AVP 96\nc=IN IP4 192.168.1.10\na=sendrecv\n";
  EXPECT_EQ(out(invite(sdp("192.168.1.10", media))), [&] {
    std::string text = invite(sdp("203.0.113.1",
                                  "m=audio 4000 RTP/AVP 0\na=rtcp:4001\nm=video 4002 RTP/AVP 96\n"
                                  "c=IN IP4 203.0.113.1\na=sendrecv\n",
                                  "203.0.113.1"));
    const std::string contact = "Contact: <sip:bob@192.168.1.10>";
    return text.replace(text.find(contact), contact.size(), "Contact: <sip:bob@203.0.113.1>");
  }());
  EXPECT_THAT(mappings(), ElementsAre("192.168.1.10:4000 > 203.0.113.1:4000", "192.168.1.10:4001 > 203.0.113.1:4001",
                                      "192.168.1.10:4002 > 203.0.113.1:4002", "192.168.1.10:4003 > 203.0.113.1:4003",
                                      "192.168.1.10:5060 > 203.0.113.1:5060"));
}

// B14: the kernel's ALG rounds odd ports down and forgets a=rtcp.
TEST_F(Dialogue, OddRtpPortKeepsParityAndRtcpGetsItsOwnMapping) {
  state.wans()[0].busy[40001] = {};
  policy.media_ports = {50000, 50099};
  const std::string edited =
      out(invite(sdp("192.168.1.10", "m=audio 40001 RTP/AVP 0\na=rtcp:40003 IN IP4 192.168.1.10\n")));
  EXPECT_NE(edited.find("a=rtcp:40003 IN IP4 203.0.113.1\r\n"), std::string::npos) << edited;
  const std::size_t at = edited.find("m=audio ");
  const int port = std::stoi(edited.substr(at + 8));
  EXPECT_EQ(port % 2, 1);
  EXPECT_GE(port, 50000);
  EXPECT_LE(port, 50099);
}

// B12: an offer with port 9 is legal and must arrive.
TEST_F(Dialogue, RtcpOfAnotherHostIsNeitherEditedNorMapped) {
  for (const char* where : {"192.168.1.77", "192.0.2.9", "rtcp.example"}) {
    const std::string media = "m=audio 4000 RTP/AVP 0\na=rtcp:4005 IN IP4 " + std::string(where) + "\n";
    const std::string edited = out(invite(sdp("192.168.1.10", media)));
    const std::string expected = invite(sdp("203.0.113.1", media, "203.0.113.1"));
    EXPECT_EQ(edited.substr(edited.find("v=0")), expected.substr(expected.find("v=0")));
    EXPECT_THAT(mappings(),
                ElementsAre("192.168.1.10:4000 > 203.0.113.1:4000", "192.168.1.10:5060 > 203.0.113.1:5060"));
    EXPECT_NE(events().find("left SDP a=rtcp other-host\n"), std::string::npos) << events();
  }
}

TEST_F(Dialogue, RtcpOfAnotherHostGetsNoPinholeAndNoMark) {
  const std::string offer = invite(sdp("192.168.1.10", "m=audio 4000 RTP/AVP 0\na=rtcp:4005 IN IP4 192.168.1.77\n"));
  policy.mode = Mode::observe;
  EXPECT_EQ(out(offer), offer);
  EXPECT_THAT(mappings(), ElementsAre("192.168.1.10:4000 > watched"));
  policy.mode = Mode::pinhole;
  std::string second = offer;
  second.replace(second.find("c1@"), 3, "c2@");
  EXPECT_EQ(out(second), second);
  EXPECT_THAT(mappings(), ElementsAre("192.168.1.10:4000 > 203.0.113.1:4000"));
}

TEST_F(Dialogue, PlaceholderPortIsLeftAlone) {
  const std::string offer = invite(sdp("192.168.1.10", "m=audio 9 RTP/AVP 0\n"));
  const std::string edited = out(offer);
  EXPECT_EQ(edited.substr(edited.find("v=0")), offer.substr(offer.find("v=0")));
  EXPECT_EQ(events(), "left Via rport\nedited Contact names-inner-address\n");
}

TEST_F(Dialogue, PortsStayForTheLifeOfTheDialogAndOriginIsConstant) {
  state.wans()[0].busy[4000] = {};
  const std::string first = out(invite(sdp("192.168.1.10", "m=audio 4000 RTP/AVP 0\n")));
  in(ok_invite("v=0\no=- 5 5 IN IP4 198.51.100.7\ns=-\nc=IN IP4 198.51.100.7\nt=0 0\nm=audio 9000 RTP/AVP 0\n"));
  now = now + std::chrono::minutes(15);
  const std::vector<std::string> before = mappings();
  EXPECT_EQ(out(invite(sdp("192.168.1.10", "m=audio 4000 RTP/AVP 0\n"))), first) << "session refresh";
  EXPECT_EQ(mappings(), before);
  const std::string held = out(invite(sdp("0.0.0.0", "m=audio 4000 RTP/AVP 0\na=inactive\n")));
  EXPECT_NE(held.find("o=bob 1 1 IN IP4 203.0.113.1\r\n"), std::string::npos) << "RFC 3264 8: o= is constant\n" << held;
  EXPECT_NE(held.find("c=IN IP4 0.0.0.0\r\nt=0 0\r\nm=audio 4000 "), std::string::npos) << "hold is not an address\n"
                                                                                        << held;
  EXPECT_EQ(out(invite(sdp("192.168.1.10", "m=audio 4000 RTP/AVP 0\n"))), first) << "resume";
}

TEST_F(Dialogue, MappingsGoOneLingerAfterBye) {
  out(invite(sdp("192.168.1.10", "m=audio 4000 RTP/AVP 0\n")));
  in(ok_invite("v=0\no=- 5 5 IN IP4 198.51.100.7\ns=-\nc=IN IP4 198.51.100.7\nt=0 0\nm=audio 9000 RTP/AVP 0\n"));
  EXPECT_EQ(out(bye_out()), bye_out());
  auto sweep = [this] {
    for (const Change& change : state.expire(now, [](const MappingKey&) { return true; })) state.apply(change, effects);
  };
  now = now + std::chrono::seconds(31);
  sweep();
  EXPECT_EQ(mappings().size(), 3U);
  now = now + std::chrono::seconds(2);
  sweep();
  EXPECT_THAT(mappings(), IsEmpty());
  EXPECT_EQ(state.size(), 0U);
}

TEST_F(Dialogue, AnotherForkKeepsTheCallAlive) {
  out(invite(sdp("192.168.1.10", "m=audio 4000 RTP/AVP 0\n")));
  std::string second = ok_invite("");
  in(ok_invite(""));
  in(second.replace(second.find("tag=b"), 5, "tag=c"));
  out(bye_out());
  EXPECT_EQ(state.find(decision.association)->phase, Phase::confirmed);
  std::string other = bye_out();
  out(other.replace(other.find("tag=b"), 5, "tag=c"));
  EXPECT_EQ(state.find(decision.association)->phase, Phase::ending);
}

TEST_F(Dialogue, AConfirmedCallIsNotClosedWhileMediaFlows) {
  out(invite(sdp("192.168.1.10", "m=audio 4000 RTP/AVP 0\n")));
  in(ok_invite("", "Session-Expires: 90;refresher=uas\n"));
  now = now + std::chrono::minutes(3);
  ASSERT_TRUE(state.needs_traffic(now));
  for (const Change& change : state.expire(now, [](const MappingKey& k) { return k.inner.port == 4000; }))
    state.apply(change, effects);
  EXPECT_EQ(state.size(), 1U);
  now = now + std::chrono::minutes(6);
  for (const Change& change : state.expire(now, [](const MappingKey&) { return false; })) state.apply(change, effects);
  EXPECT_EQ(state.size(), 0U);
}

TEST_F(Dialogue, SourcesAreOpenUntilTheAnswerAndNeverNarrowedAfter) {
  out(invite(sdp("192.168.1.10", "m=audio 4000 RTP/AVP 0\n")));
  const Mapping* media = state.mappings().find({*net::parse_endpoint("192.168.1.10:4000"), 0});
  EXPECT_FALSE(media->guarded);
  in(ok_invite("v=0\no=- 5 5 IN IP4 198.51.100.7\ns=-\nc=IN IP4 198.51.100.7\nt=0 0\nm=audio 9000 RTP/AVP 0\n"));
  EXPECT_TRUE(media->guarded);
  EXPECT_THAT(media->sources, ElementsAre(*net::parse_address("198.51.100.5"), *net::parse_address("198.51.100.7")));
  in(ok_invite("v=0\no=- 5 6 IN IP4 198.51.100.8\ns=-\nc=IN IP4 198.51.100.8\nt=0 0\nm=audio 9000 RTP/AVP 0\n"));
  EXPECT_THAT(media->sources, ElementsAre(*net::parse_address("198.51.100.5"), *net::parse_address("198.51.100.7"),
                                          *net::parse_address("198.51.100.8")));
  in(ok_invite("v=0\no=- 5 7 IN IP4 relay.example\ns=-\nc=IN IP4 relay.example\nt=0 0\nm=audio 9000 RTP/AVP 0\n"));
  EXPECT_FALSE(media->guarded) << "a name can be anything";
}

TEST_F(Dialogue, ADialogOlderThanTheGatewayIsNotChangedInItsMiddle) {
  const std::string offer = invite(sdp("192.168.1.10", "m=audio 4000 RTP/AVP 0\n"), {}, ";tag=b");
  EXPECT_EQ(out(offer), offer);
  EXPECT_EQ(events(),
            "left Contact first-seen-in-dialog\nleft SDP c= first-seen-in-dialog\nopened media mode-pinhole\n");
}

TEST_F(Dialogue, AReloadChangesNewDialogsOnly) {
  const std::string first = out(invite(sdp("192.168.1.10", "m=audio 4000 RTP/AVP 0\n")));
  policy.mode = Mode::observe;
  EXPECT_EQ(out(invite(sdp("192.168.1.10", "m=audio 4000 RTP/AVP 0\n"))), first);
}

TEST_F(Dialogue, BehindCgnAssistActsAsPinholeAndSaysWhy) {
  state.wans()[0].address = *net::parse_address("100.64.3.4");
  const std::string offer = invite(sdp("192.168.1.10", "m=audio 4000 RTP/AVP 0\n"));
  EXPECT_EQ(out(offer), offer);
  EXPECT_EQ(events(), "left Contact outer-not-global\nleft SDP c= outer-not-global\nopened media mode-pinhole\n");
}

TEST_F(Dialogue, ObserveChangesNothingAndMarksMedia) {
  policy.mode = Mode::observe;
  const std::string offer = invite(sdp("192.168.1.10", "m=audio 4000 RTP/AVP 0\n"));
  EXPECT_EQ(out(offer), offer);
  EXPECT_THAT(mappings(), ElementsAre("192.168.1.10:4000 > watched", "192.168.1.10:4001 > watched"));
  for (const Effect& effect : effects) EXPECT_EQ(effect.outer.port, 0) << "no translation in observe";
}

TEST_F(Dialogue, PinholeTakesTheSamePortOrNone) {
  policy.mode = Mode::pinhole;
  const std::string offer = invite(sdp("192.168.1.10", "m=audio 4000 RTP/AVP 0\n"));
  EXPECT_EQ(out(offer), offer);
  EXPECT_THAT(mappings(), ElementsAre("192.168.1.10:4000 > 203.0.113.1:4000", "192.168.1.10:4001 > 203.0.113.1:4001"));
  state.wans()[0].busy[5000] = {};
  const std::string other = invite(sdp("192.168.1.10", "m=audio 5000 RTP/AVP 0\n"));
  EXPECT_EQ(out(other), other);
  EXPECT_EQ(events(), "left Contact mode-pinhole\nleft SDP c= mode-pinhole\nleft media port-taken\n");
}

TEST_F(Dialogue, OffLeavesNoTrace) {
  policy.mode = Mode::off;
  const std::string offer = invite(sdp("192.168.1.10", "m=audio 4000 RTP/AVP 0\n"));
  EXPECT_EQ(out(offer), offer);
  EXPECT_EQ(state.size(), 0U);
  EXPECT_THAT(effects, IsEmpty());
}

TEST_F(Dialogue, LimitsPerSourceLeaveMessagesAlone) {
  policy.limits.dialogs_per_source = 1;
  out(invite(sdp("192.168.1.10", "m=audio 4000 RTP/AVP 0\n")));
  std::string second = invite(sdp("192.168.1.10", "m=audio 6000 RTP/AVP 0\n"));
  second.replace(second.find("c1@"), 3, "c2@");
  EXPECT_EQ(out(second), second);
  EXPECT_EQ(events(), "left message over-limit\n");
  policy.limits.dialogs_per_source = 9;
  policy.limits.pinholes_per_source = 3;
  const std::string third = invite(sdp("192.168.1.10", "m=audio 7000 RTP/AVP 0\n"));
  const std::string edited = out(third);
  EXPECT_NE(edited.find("c=IN IP4 192.168.1.10\r\nt=0 0\r\nm=audio 7000 "), std::string::npos)
      << "no room for its mapping, so no new value\n"
      << edited;
  EXPECT_NE(events().find("left SDP m= no-mapping\n"), std::string::npos) << events();
}

TEST_F(Dialogue, AnEchoIsUndoneEvenOverALimit) {
  out(register_text("192.168.1.10;branch=z9hG4bK1", "<sip:bob@192.168.1.10>"));
  policy.limits.dialogs = 0;
  const std::string rest =
      " SIP/2.0\nVia: SIP/2.0/UDP 198.51.100.5;branch=z9hG4bK7\nFrom: <sip:al@example.net>;tag=q\n"
      "To: <sip:bob@example.net>\nCall-ID: in@198.51.100.5\nCSeq: 7 INVITE\n";
  EXPECT_EQ(in(sip_text("INVITE sip:bob@203.0.113.1" + rest)), sip_text("INVITE sip:bob@192.168.1.10" + rest));
  EXPECT_EQ(events(), "left message over-limit\nrestored Request-URI echo-of-edit\n");
}

TEST_F(Dialogue, APinholeForAnotherHostOpensNothing) {
  const std::string offer = invite(sdp("192.168.1.77", "m=audio 4000 RTP/AVP 0\n"));
  const std::string edited = out(offer);
  EXPECT_EQ(edited.substr(edited.find("v=0")), offer.substr(offer.find("v=0")));
  EXPECT_THAT(mappings(), ElementsAre("192.168.1.10:5060 > 203.0.113.1:5060"));
}

TEST_F(Dialogue, ThePlatformsMemoryIsLearntInObserveAndBarsAssist) {
  policy.mode = Mode::observe;
  out(register_text("192.168.1.10;branch=z9hG4bK1", "<sip:bob@192.168.1.10>"));
  auto called_by = [this](const std::string& user, const std::string& call_id) {
    in(sip_text("INVITE sip:bob@192.168.1.10 SIP/2.0\nVia: SIP/2.0/UDP 198.51.100.5;branch=z9hG4bK7\nFrom: <sip:" +
                user + "@example.net>;tag=q\nTo: <sip:bob@example.net>\nCall-ID: " + call_id + "\nCSeq: 7 INVITE\n"));
    return state.memory().handles(platform.address, Aspect::contact);
  };
  EXPECT_EQ(called_by("al", "in1"), std::nullopt) << "one call may be chance";
  EXPECT_EQ(called_by("al", "in2"), std::nullopt) << "the same caller again";
  EXPECT_EQ(called_by("eve", "in1"), std::nullopt) << "the same call again";
  EXPECT_EQ(called_by("eve", "in3"), true);
  policy.mode = Mode::assist;
  const std::string edited = out(invite(sdp("192.168.1.10", "m=audio 4000 RTP/AVP 0\n")));
  EXPECT_NE(edited.find("Contact: <sip:bob@192.168.1.10>"), std::string::npos) << "Contact is barred";
  EXPECT_NE(edited.find("c=IN IP4 203.0.113.1"), std::string::npos) << "SDP is not";
}

TEST_F(Dialogue, AWanChangeMovesMappingsWithTheirPorts) {
  out(invite(sdp("192.168.1.10", "m=audio 4000 RTP/AVP 0\n")));
  effects.clear();
  state.apply(MoveWan{0, "eth0", *net::parse_address("203.0.113.99"), now}, effects);
  EXPECT_THAT(mappings(), ElementsAre("192.168.1.10:4000 > 203.0.113.99:4000", "192.168.1.10:4001 > 203.0.113.99:4001",
                                      "192.168.1.10:5060 > 203.0.113.99:5060"));
  std::size_t unmapped = 0;
  for (const Effect& effect : effects)
    unmapped += effect.kind == Effect::Kind::unmap && effect.outer.address == *net::parse_address("203.0.113.1");
  EXPECT_EQ(unmapped, 3U);
}

std::string in_dialog(const std::string& method, const std::string& extra, const std::string& call_id = "sub@phone") {
  return sip_text(method + " sip:alice@example.net SIP/2.0\nVia: SIP/2.0/UDP 192.168.1.10;rport;branch=z9hG4bK5\n" +
                  "From: <sip:bob@example.net>;tag=a\nTo: <sip:alice@example.net>;tag=b\nCall-ID: " + call_id +
                  "\nCSeq: 5 " + method + "\n" + extra);
}

TEST_F(Dialogue, ANotifyDoesNotShortenASubscription) {
  const std::string ids = "From: <sip:bob@example.net>;tag=a\nTo: <sip:alice@example.net>;tag=b\nCall-ID: sub@phone\n";
  out(
      sip_text("SUBSCRIBE sip:alice@example.net SIP/2.0\nVia: SIP/2.0/UDP 192.168.1.10;rport;branch=z9hG4bK4\n"
               "From: <sip:bob@example.net>;tag=a\nTo: <sip:alice@example.net>\nCall-ID: sub@phone\nCSeq: 4 SUBSCRIBE\n"
               "Contact: <sip:bob@192.168.1.10>\nExpires: 3600\n"));
  in(sip_text("SIP/2.0 200 OK\nVia: SIP/2.0/UDP 192.168.1.10;rport;branch=z9hG4bK4\n" + ids +
              "CSeq: 4 SUBSCRIBE\nExpires: 3600\n"));
  in(sip_text(
      "NOTIFY sip:bob@203.0.113.1 SIP/2.0\nVia: SIP/2.0/UDP 198.51.100.5;branch=z9hG4bK8\n"
      "From: <sip:alice@example.net>;tag=b\nTo: <sip:bob@example.net>;tag=a\nCall-ID: sub@phone\nCSeq: 1 NOTIFY\n"
      "Subscription-State: active;expires=3600\n"));
  const Association* subscription = state.find({false, "sub@phone", inner.address});
  ASSERT_NE(subscription, nullptr);
  EXPECT_GT(subscription->expires - now, std::chrono::minutes(59));
}

TEST_F(Dialogue, NobodyKeepsStateForLongerThanADay) {
  out(invite(sdp("192.168.1.10", "m=audio 4000 RTP/AVP 0\n")));
  in(ok_invite("", "Session-Expires: 4294967295;refresher=uas\n"));
  EXPECT_EQ(state.find(decision.association)->expires - now, std::chrono::hours(24));
}

TEST_F(Dialogue, OtherMethodsDoNotEndACall) {
  out(invite(sdp("192.168.1.10", "m=audio 4000 RTP/AVP 0\n")));
  in(ok_invite(""));
  const AssociationId call = decision.association;
  out(in_dialog("SUBSCRIBE", "Expires: 0\n", "c1@192.168.1.10"));
  in(sip_text(
      "SIP/2.0 200 OK\nVia: SIP/2.0/UDP 192.168.1.10;rport;branch=z9hG4bK5\nFrom: <sip:bob@example.net>;tag=a\n"
      "To: <sip:alice@example.net>;tag=b\nCall-ID: c1@192.168.1.10\nCSeq: 5 SUBSCRIBE\nExpires: 0\n"));
  EXPECT_EQ(state.find(call)->phase, Phase::confirmed);
}

TEST_F(Dialogue, ACallFirstMetInAnUpdateIsACall) {
  out(in_dialog("UPDATE", ""));
  EXPECT_EQ(state.find({false, "sub@phone", inner.address})->kind, AssociationKind::call);
}

TEST_F(Dialogue, ALineThatCannotBeMappedDoesNotSpoilTheOthers) {
  out(invite(sdp("192.168.1.10", "m=audio 4000 RTP/AVP 0\n")));
  in(ok_invite(""));
  const std::string more = out(invite(sdp("192.168.1.10", "m=audio 4000 RTP/AVP 0\nm=application 9 TCP/BFCP *\n")));
  EXPECT_NE(more.find("o=bob 1 1 IN IP4 203.0.113.1\r\ns=-\r\nc=IN IP4 203.0.113.1\r\n"), std::string::npos) << more;
  EXPECT_NE(more.find("m=audio 4000 RTP/AVP 0\r\nm=application 9 TCP/BFCP *\r\n"), std::string::npos) << more;
  const std::string ice = out(invite(sdp("192.168.1.10", "a=ice-ufrag:x\na=ice-pwd:y\nm=audio 4000 RTP/AVP 0\n")));
  EXPECT_NE(ice.find("o=bob 1 1 IN IP4 203.0.113.1\r\ns=-\r\nc=IN IP4 192.168.1.10\r\n"), std::string::npos)
      << "o= is constant though ICE bars the rest\n"
      << ice;
}

TEST_F(Dialogue, APlatformOffTheInternetGetsNoTranslation) {
  platform = *net::parse_endpoint("10.0.0.5:5060");
  const std::string offer = invite(sdp("192.168.1.10", "m=audio 4000 RTP/AVP 0\n"));
  EXPECT_EQ(out(offer), offer);
  EXPECT_EQ(events(), "left Contact platform-not-global\nleft SDP c= platform-not-global\nleft media not-translated\n");
  EXPECT_THAT(mappings(), ElementsAre("192.168.1.10:4000 > watched", "192.168.1.10:4001 > watched"));
}

TEST_F(Dialogue, APeerCannotMakeTheListOfSourcesGrowWithoutBound) {
  out(invite(sdp("192.168.1.10", "m=audio 4000 RTP/AVP 0\n")));
  for (int i = 1; i <= 100; ++i) {
    const std::string address = "192.0.2." + std::to_string(i);
    in(ok_invite("v=0\no=- 5 5 IN IP4 x\ns=-\nc=IN IP4 " + address + "\nt=0 0\nm=audio 9000 RTP/AVP 0\n"));
  }
  const Association* call = state.find(decision.association);
  EXPECT_EQ(call->sources.size(), 32U);
  EXPECT_FALSE(call->sources_complete) << "who cannot be listed is not shut out";
}

TEST_F(Dialogue, WithdrawnEditsLeaveTheCallsLifeAsItIs) {
  const std::string offer = invite(sdp("192.168.1.10", "m=audio 4000 RTP/AVP 0\n"));
  const sip::Result<sip::Message> message = sip::parse(offer);
  Arrival arrival;
  arrival.inner = inner;
  arrival.platform = platform;
  arrival.now = now;
  arrival.flow_asked = true;
  decide(*message, arrival, policy, state, decision);
  decision.withdraw(Reason::over_mtu, {});
  for (const Change& change : decision.changes) state.apply(change, effects);
  EXPECT_EQ(state.size(), 1U) << "the call is followed";
  EXPECT_THAT(effects, IsEmpty()) << "but nothing is mapped";
  EXPECT_TRUE(decision.edits.empty());
}

TEST_F(Dialogue, MoreContactsThanCanBeEditedAreAllLeft) {
  auto with = [](int count, const std::string& host) {
    std::string contacts = "<sip:bob@" + host + ">";
    for (int i = 1; i < count; ++i) contacts += ", <sip:bob" + std::to_string(i) + "@" + host + ">";
    return register_text(host + ";branch=z9hG4bK1", contacts);
  };
  const std::string many = with(33, "192.168.1.10");
  EXPECT_EQ(out(many), many);
  EXPECT_EQ(events(), "left message over-limit\n");
  EXPECT_THAT(mappings(), IsEmpty());
  EXPECT_EQ(out(with(32, "192.168.1.10")), with(32, "203.0.113.1"));
}

TEST_F(Dialogue, MoreEchoesThanCanBeUndoneAreAllLeft) {
  out(register_text("192.168.1.10;rport;branch=z9hG4bK1", "<sip:bob@192.168.1.10>"));
  std::string contacts = "<sip:bob@203.0.113.1>";
  for (int i = 0; i < 70; ++i) contacts += ", <sip:bob@203.0.113.1>";
  const std::string answer = sip_text(
      "SIP/2.0 200 OK\nVia: SIP/2.0/UDP 192.168.1.10;rport;branch=z9hG4bK1\nFrom: <sip:bob@example.net>;tag=a\n"
      "To: <sip:bob@example.net>;tag=z\nCall-ID: reg@192.168.1.10\nCSeq: 1 REGISTER\nContact: " +
      contacts + "\n");
  EXPECT_EQ(in(answer), answer);
  EXPECT_EQ(events(), "left message over-limit\n");
}

TEST_F(Dialogue, AnEndpointsRuleIsToldAsItsOwn) {
  policy.endpoints.push_back({*net::parse_prefix("192.168.1.10"), {{}, true, {}}});
  policy.platforms.push_back({net::parse_prefix("198.51.100.5"), "", {{}, false, true}});
  out(invite(sdp("192.168.1.10", "m=audio 4000 RTP/AVP 0\n")));
  EXPECT_EQ(events(),
            "left Via rport\nleft Contact endpoint-handles\nleft SDP c= platform-handles\nopened media mode-pinhole\n");
}

struct BarCase {
  const char* name;
  const char* extra;    ///< header lines
  const char* contact;  ///< replaces sip:bob@192.168.1.10 with its brackets
  const char* media;    ///< behind t=
  const char* connection;
  const char* expected;
};

class Bars : public Dialogue, public ::testing::WithParamInterface<BarCase> {};

// Promise 1, one row a bar: the message goes out as it came where all is barred, and the reason is told.
TEST_P(Bars, TellWhy) {
  const BarCase& c = GetParam();
  std::string text = invite(sdp(c.connection, c.media), c.extra);
  const std::string plain = "<sip:bob@192.168.1.10>";
  text.replace(text.find(plain), plain.size(), c.contact);
  out(text);
  EXPECT_EQ(events(), c.expected);
}

constexpr const char* kAudio = "m=audio 4000 RTP/AVP 0\n";
constexpr const char* kOwn = "192.168.1.10";
constexpr const char* kPlain = "<sip:bob@192.168.1.10>";
#define CONTACT_LEFT(reason) \
  "left Via rport\nleft Contact " reason "\nedited SDP c= names-inner-address\nedited SDP o= names-inner-address\n"
#define SDP_LEFT(reason) "left Via rport\nedited Contact names-inner-address\nleft SDP c= " reason "\n"

INSTANTIATE_TEST_SUITE_P(
    NeedTest, Bars,
    ::testing::Values(
        BarCase{"Ob", "", "<sip:bob@192.168.1.10;ob>", kAudio, kOwn, CONTACT_LEFT("outbound")},
        BarCase{"RegId", "", "<sip:bob@192.168.1.10>;reg-id=1", kAudio, kOwn, CONTACT_LEFT("outbound")},
        BarCase{"InstanceWithPath", "Supported: path\n", "<sip:bob@192.168.1.10>;+sip.instance=\"<urn:uuid:1>\"",
                kAudio, kOwn, CONTACT_LEFT("outbound")},
        BarCase{"PublicContact", "", "<sip:bob@192.0.2.9>", kAudio, kOwn, CONTACT_LEFT("already-public")},
        BarCase{"WanContact", "", "<sip:bob@203.0.113.1>", kAudio, kOwn, CONTACT_LEFT("own-wan-address")},
        BarCase{"NameContact", "", "<sip:bob@phone.invalid;transport=ws>", kAudio, kOwn,
                CONTACT_LEFT("name-not-literal")},
        BarCase{"TcpContact", "", "<sip:bob@192.168.1.10;transport=tcp>", kAudio, kOwn,
                CONTACT_LEFT("other-transport")},
        BarCase{"SipsContact", "", "<sips:bob@192.168.1.10>", kAudio, kOwn, CONTACT_LEFT("other-transport")},
        BarCase{"UdpContact", "", "<sip:bob@192.168.1.10;transport=UDP>", kAudio, kOwn,
                "left Via rport\nedited Contact names-inner-address\nedited SDP c= names-inner-address\nedited SDP o= "
                "names-inner-address\n"},
        BarCase{"OtherHostContact", "", "<sip:bob@192.168.1.11>", kAudio, kOwn, CONTACT_LEFT("not-inner-address")},
        BarCase{"Ice", "", kPlain, "a=ice-ufrag:x\na=ice-pwd:y\nm=audio 4000 RTP/AVP 0\n", kOwn,
                SDP_LEFT("ice") "opened media mode-pinhole\n"},
        BarCase{"PublicConnection", "", kPlain, kAudio, "192.0.2.9", SDP_LEFT("already-public")},
        BarCase{"NameConnection", "", kPlain, kAudio, "phone.example", SDP_LEFT("name-not-literal")},
        BarCase{"TcpMedia", "", kPlain, "m=message 4000 TCP/MSRP *\n", kOwn,
                "left Via rport\nedited Contact names-inner-address\n"},
        BarCase{"AuthInt",
                "Authorization: Digest username=\"b\", realm=\"r\", nonce=\"n\", uri=\"sip:x\", response=\"1\", "
                "qop=auth-int\n",
                kPlain, kAudio, kOwn, SDP_LEFT("auth-int") "opened media mode-pinhole\n"},
        BarCase{"Encoded", "Content-Encoding: gzip\n", kPlain, kAudio, kOwn,
                SDP_LEFT("opaque-body") "opened media mode-pinhole\n"},
        BarCase{"Signed4474", "Identity: \"c2lnbmF0dXJl\"\nIdentity-Info: <https://x/c.cer>;alg=rsa-sha1\n", kPlain,
                kAudio, kOwn,
                "left Via rport\nleft Contact signed-contact\nleft SDP c= signed-contact\nopened media mode-pinhole\n"},
        BarCase{"Signed8224Bars", "Identity: abc.def.ghi;info=<https://x/c.cer>;alg=ES256\n", kPlain, kAudio, kOwn,
                "left Via rport\nedited Contact names-inner-address\nedited SDP c= names-inner-address\nedited SDP o= "
                "names-inner-address\n"}),
    [](const ::testing::TestParamInfo<BarCase>& param) { return param.param.name; });

}  // namespace
}  // namespace viaduct::alg
