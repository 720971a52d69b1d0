// SPDX-License-Identifier: GPL-2.0-or-later
#include "alg/dialogue_test.hpp"

#include <gmock/gmock.h>

namespace viaduct::alg {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

/// Media may get our WAN address only if the router gives it to the signalling as well.
class Translated : public Dialogue {
 protected:
  static std::string offer(const std::string& address) {
    return sip_text(
        "INVITE sip:alice@example.net SIP/2.0\nVia: SIP/2.0/UDP " + address +
            ";branch=z9hG4bK1\nMax-Forwards: 70\nFrom: <sip:bob@example.net>;tag=a\nTo: <sip:alice@example.net>\n"
            "Call-ID: c1\nCSeq: 1 INVITE\nContact: <sip:bob@" +
            address + ">\n",
        sdp(address, "m=audio 4000 RTP/AVP 0\n", address));
  }
  void expect_untouched(const std::string& address) {
    const std::string text = offer(address);
    EXPECT_EQ(out(text), text);
    EXPECT_THAT(mappings(), ElementsAre(address + ":4000 > watched", address + ":4001 > watched"));
    EXPECT_NE(events().find("left media not-translated\n"), std::string::npos) << events();
    for (const Effect& effect : effects) EXPECT_EQ(effect.outer.port, 0) << "nothing for NAT";
  }
};

TEST_F(Translated, ARoutedPhoneKeepsItsOwnAddress) {
  inner = *net::parse_endpoint("198.51.100.77:5060");
  for (const Mode mode : {Mode::pinhole, Mode::assist})
    for (const char* flow : {"", "198.51.100.77:5060"}) {
      state = State();
      state.wans().resize(1);
      state.wans()[0].address = *net::parse_address("203.0.113.1");
      policy.mode = mode;
      flow_outer = net::parse_endpoint(flow);
      expect_untouched("198.51.100.77");
    }
}

TEST_F(Translated, AFlowThatKeepsItsPrivateAddressGetsNoMapping) {
  for (const char* party : {"198.51.100.5:5060", "10.99.0.5:5060"})
    for (const Mode mode : {Mode::pinhole, Mode::assist}) {
      state = State();
      state.wans().resize(1);
      state.wans()[0].address = *net::parse_address("203.0.113.1");
      policy.mode = mode;
      platform = *net::parse_endpoint(party);
      flow_outer = inner;
      expect_untouched("192.168.1.10");
    }
}

TEST_F(Translated, OfANewFlowToAPrivatePlatformNobodyKnows) {
  platform = *net::parse_endpoint("10.99.0.5:5060");
  expect_untouched("192.168.1.10");
  flow_outer = *net::parse_endpoint("203.0.113.1:5060");
  const std::string again = offer("192.168.1.10");
  EXPECT_EQ(out(again), again);
  EXPECT_THAT(mappings(), ElementsAre("192.168.1.10:4000 > 203.0.113.1:4000", "192.168.1.10:4001 > 203.0.113.1:4001"))
      << "the provider's own network behind our NAT";
}

TEST_F(Translated, AnotherOuterAddressThanTheWansIsNotOurs) {
  flow_outer = *net::parse_endpoint("203.0.113.9:5060");
  expect_untouched("192.168.1.10");
}

TEST_F(Translated, ThePlatformsCallToARoutedPhoneIsAnsweredAsItIs) {
  inner = *net::parse_endpoint("198.51.100.77:5060");
  flow_outer = inner;
  in(
      sip_text("INVITE sip:bob@198.51.100.77 SIP/2.0\nVia: SIP/2.0/UDP 198.51.100.5;branch=z9hG4bK7\n"
               "From: <sip:al@example.net>;tag=q\nTo: <sip:bob@example.net>\nCall-ID: in1\nCSeq: 7 INVITE\n"));
  const std::string answer = sip_text(
      "SIP/2.0 200 OK\nVia: SIP/2.0/UDP 198.51.100.5;branch=z9hG4bK7\nFrom: <sip:al@example.net>;tag=q\n"
      "To: <sip:bob@example.net>;tag=i\nCall-ID: in1\nCSeq: 7 INVITE\nContact: <sip:bob@198.51.100.77>\n",
      sdp("198.51.100.77", "m=audio 4000 RTP/AVP 0\n", "198.51.100.77"));
  EXPECT_EQ(out(answer), answer);
  EXPECT_THAT(mappings(), ElementsAre("198.51.100.77:4000 > watched", "198.51.100.77:4001 > watched"));
}

/// IPv6 has no NAT: nothing is edited, media gets permission, timers and priority.
class Ipv6 : public Dialogue {
 protected:
  Ipv6() {
    inner = *net::parse_endpoint("[2001:db8:1::10]:5060");
    platform = *net::parse_endpoint("[2001:db8:100::10]:5060");
  }
  const std::string offer = sip_text(
      "INVITE sip:alice@example.net SIP/2.0\nVia: SIP/2.0/UDP [2001:db8:1::10];branch=z9hG4bK1\n"
      "From: <sip:bob@example.net>;tag=a\nTo: <sip:alice@example.net>\nCall-ID: c1@192.168.1.10\nCSeq: 1 INVITE\n"
      "Contact: <sip:bob@[2001:db8:1::10]>\n",
      "v=0\no=bob 1 1 IN IP6 2001:db8:1::10\ns=-\nc=IN IP6 2001:db8:1::10\nt=0 0\nm=audio 4000 RTP/AVP 0\n");
};

TEST_F(Ipv6, MediaIsPermittedAndNothingIsEdited) {
  for (const Mode mode : {Mode::pinhole, Mode::assist}) {
    state = State();
    state.wans().resize(1);
    state.wans()[0].address = *net::parse_address("203.0.113.1");
    policy.mode = mode;
    EXPECT_EQ(out(offer), offer);
    EXPECT_THAT(mappings(), ElementsAre("[2001:db8:1::10]:4000 > [2001:db8:1::10]:4000",
                                        "[2001:db8:1::10]:4001 > [2001:db8:1::10]:4001"));
    EXPECT_EQ(events(), mode == Mode::assist
                            ? "left Contact already-public\nleft SDP c= ipv6\nopened media ipv6\n"
                            : "left Contact already-public\nleft SDP c= mode-pinhole\nopened media ipv6\n");
  }
}

TEST_F(Ipv6, ObserveOnlyMarksIt) {
  policy.mode = Mode::observe;
  EXPECT_EQ(out(offer), offer);
  EXPECT_THAT(mappings(), ElementsAre("[2001:db8:1::10]:4000 > watched", "[2001:db8:1::10]:4001 > watched"));
}

TEST_F(Ipv6, TheAnswerNamesWhoMaySend) {
  out(offer);
  const Mapping* media = state.mappings().find({*net::parse_endpoint("[2001:db8:1::10]:4000"), 0});
  ASSERT_NE(media, nullptr);
  EXPECT_FALSE(media->guarded);
  const std::string answer =
      ok_invite("v=0\no=- 5 5 IN IP6 2001:db8:100::7\ns=-\nc=IN IP6 2001:db8:100::7\nt=0 0\nm=audio 9000 RTP/AVP 0\n",
                "Session-Expires: 90;refresher=uas\n");
  EXPECT_EQ(in(answer), answer);
  EXPECT_TRUE(media->guarded);
  EXPECT_THAT(media->sources,
              ElementsAre(*net::parse_address("2001:db8:100::10"), *net::parse_address("2001:db8:100::7")));
  auto sweep = [this](bool traffic) {
    for (const Change& change : state.expire(now, [traffic](const MappingKey&) { return traffic; }))
      state.apply(change, effects);
  };
  now = now + std::chrono::minutes(3);
  sweep(true);
  EXPECT_EQ(mappings().size(), 2U) << "timers follow the call";
  now = now + std::chrono::minutes(6);
  sweep(false);
  EXPECT_THAT(mappings(), IsEmpty());
}

}  // namespace
}  // namespace viaduct::alg
