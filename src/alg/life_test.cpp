// SPDX-License-Identifier: GPL-2.0-or-later
#include "alg/dialogue_test.hpp"

#include <gmock/gmock.h>

namespace viaduct::alg {
namespace {

using std::chrono::minutes;
using std::chrono::seconds;
using ::testing::IsEmpty;

/// How long associations live, and what ends them.
class Life : public Dialogue {
 protected:
  void sweep(bool traffic) {
    for (const Change& change : state.expire(now, [traffic](const MappingKey&) { return traffic; }))
      state.apply(change, effects);
  }
  static std::string response(const std::string& status, const std::string& method) {
    return sip_text("SIP/2.0 " + status + "\nVia: SIP/2.0/UDP 192.168.1.10;rport;branch=z9hG4bK1\n" +
                    "From: <sip:bob@example.net>;tag=a\nTo: <sip:alice@example.net>;tag=b\n"
                    "Call-ID: c1@192.168.1.10\nCSeq: 2 " +
                    method + "\n");
  }
  static std::string bye_in() {
    return sip_text(
        "BYE sip:bob@203.0.113.1 SIP/2.0\nVia: SIP/2.0/UDP 198.51.100.5;branch=z9hG4bK7\n"
        "From: <sip:alice@example.net>;tag=b\nTo: <sip:bob@example.net>;tag=a\nCall-ID: c1@192.168.1.10\n"
        "CSeq: 8 BYE\n");
  }
  static std::string bye_in_answer(const std::string& status) {
    return sip_text("SIP/2.0 " + status +
                    "\nVia: SIP/2.0/UDP 198.51.100.5;branch=z9hG4bK7\nFrom: <sip:alice@example.net>;tag=b\n"
                    "To: <sip:bob@example.net>;tag=a\nCall-ID: c1@192.168.1.10\nCSeq: 8 BYE\n");
  }
  void call_up() {
    out(invite(sdp("192.168.1.10", "m=audio 4000 RTP/AVP 0\n")));
    in(ok_invite("v=0\no=- 5 5 IN IP4 198.51.100.7\ns=-\nc=IN IP4 198.51.100.7\nt=0 0\nm=audio 9000 RTP/AVP 0\n"));
  }
  [[nodiscard]] const Association* call() const { return state.find({false, "c1@192.168.1.10", inner.address}); }
};

TEST_F(Life, ACallMayRingForAsLongAsItLikes) {
  in(
      sip_text("INVITE sip:bob@203.0.113.1 SIP/2.0\nVia: SIP/2.0/UDP 198.51.100.5;branch=z9hG4bK7\n"
               "From: <sip:alice@example.net>;tag=b\nTo: <sip:bob@example.net>\nCall-ID: c1@192.168.1.10\n"
               "CSeq: 7 INVITE\n"));
  const std::string rest =
      "\nVia: SIP/2.0/UDP 198.51.100.5;branch=z9hG4bK7\nFrom: <sip:alice@example.net>;tag=b\n"
      "To: <sip:bob@example.net>;tag=a\nCall-ID: c1@192.168.1.10\nCSeq: 7 INVITE\nContact: <sip:bob@";
  out(sip_text("SIP/2.0 180 Ringing" + rest + "192.168.1.10>\n"));
  now = now + minutes(59);
  sweep(false);
  const std::string media = "m=audio 4000 RTP/AVP 0\n";
  EXPECT_EQ(out(sip_text("SIP/2.0 200 OK" + rest + "192.168.1.10>\n", sdp("192.168.1.10", media))),
            sip_text("SIP/2.0 200 OK" + rest + "203.0.113.1>\n", sdp("203.0.113.1", media, "203.0.113.1")));
}

TEST_F(Life, ARingingCallIsNotClosedWhileEarlyMediaFlows) {
  out(invite(sdp("192.168.1.10", "m=audio 4000 RTP/AVP 0\n")));
  in(response("183 Session Progress", "INVITE"));
  now = now + minutes(61);
  ASSERT_TRUE(state.needs_traffic(now));
  sweep(true);
  EXPECT_NE(call(), nullptr);
  now = now + minutes(6);
  sweep(false);
  EXPECT_EQ(call(), nullptr);
}

TEST_F(Life, ARequestWithoutMediaNeedsNoWalkThroughTheKernelsTable) {
  in(
      sip_text("INVITE sip:bob@203.0.113.1 SIP/2.0\nVia: SIP/2.0/UDP 198.51.100.5;branch=z9hG4bK7\n"
               "From: <sip:alice@example.net>;tag=b\nTo: <sip:bob@example.net>\nCall-ID: x\nCSeq: 7 INVITE\n"));
  now = now + seconds(33);
  EXPECT_FALSE(state.needs_traffic(now));
  sweep(false);
  EXPECT_EQ(state.size(), 0U);
}

TEST_F(Life, AnAnswerThatFindsNothingIsToldOf) {
  const std::string late = response("200 OK", "INVITE");
  EXPECT_EQ(in(late), late);
  EXPECT_EQ(events(), "left message association-gone\n");
  EXPECT_EQ(out(late), late);
  EXPECT_EQ(events(), "left message association-gone\n");
  in(response("200 OK", "BYE"));
  EXPECT_EQ(events(), "") << "what never opens anything is not missed";
}

TEST_F(Life, ARegistrationNeverEndsBeforeItsGrant) {
  const std::string contact = "<sip:bob@192.168.1.10>";
  const auto answer = [&] {
    out(register_text("192.168.1.10;rport;branch=z9hG4bK1", contact));
    in(
        sip_text("SIP/2.0 200 OK\nVia: SIP/2.0/UDP 192.168.1.10;rport;branch=z9hG4bK1\n"
                 "From: <sip:bob@example.net>;tag=a\nTo: <sip:bob@example.net>;tag=z\nCall-ID: reg@192.168.1.10\n"
                 "CSeq: 1 REGISTER\nContact: <sip:bob@203.0.113.1:5060>;expires=3600\n"));
    return state.find({true, "bob@example.net", inner.address})->expires - now;
  };
  EXPECT_EQ(answer(), seconds(3632));
  now = now + seconds(440);
  EXPECT_EQ(answer(), seconds(3632));
  now = now + seconds(15);
  EXPECT_EQ(answer(), seconds(3617)) << "half of the linger is not worth a line in the journal";
  now = now + seconds(15);
  EXPECT_EQ(answer(), seconds(3632));
}

TEST_F(Life, ABYEThatIsRefusedEndsNothing) {
  for (const char* status : {"481 Call Leg/Transaction Does Not Exist", "401 Unauthorized"}) {
    call_up();
    in(bye_in());
    EXPECT_EQ(call()->phase, Phase::ending);
    out(bye_in_answer(status));
    EXPECT_EQ(call()->phase, Phase::confirmed) << status;
    now = now + minutes(10);
    sweep(false);
    ASSERT_NE(call(), nullptr) << status;
    EXPECT_EQ(mappings().size(), 3U);
  }
  in(bye_in());
  out(bye_in_answer("200 OK"));
  now = now + seconds(33);
  sweep(true);
  EXPECT_EQ(call(), nullptr);
}

TEST_F(Life, ThePhonesOwnBYEEndsTheCallUnlessItIsAskedForCredentials) {
  call_up();
  out(bye_out());
  in(response("407 Proxy Authentication Required", "BYE"));
  EXPECT_EQ(call()->phase, Phase::confirmed);
  out(bye_out());
  in(response("481 Call Leg/Transaction Does Not Exist", "BYE"));
  EXPECT_EQ(call()->phase, Phase::ending) << "the other end knows no call";
  now = now + seconds(33);
  sweep(true);
  EXPECT_THAT(mappings(), IsEmpty());
}

}  // namespace
}  // namespace viaduct::alg
