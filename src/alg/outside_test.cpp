// SPDX-License-Identifier: GPL-2.0-or-later
#include "alg/dialogue_test.hpp"

namespace viaduct::alg {
namespace {

using std::chrono::hours;
using std::chrono::seconds;

/// What strangers can do with a phone's outer SIP port, which answers to anybody.
class Outside : public Dialogue {
 protected:
  static std::string request(const std::string& method, const std::string& call_id, const std::string& to_tag = {}) {
    return sip_text(method +
                    " sip:100@203.0.113.1 SIP/2.0\nVia: SIP/2.0/UDP 198.51.100.5;branch=z9hG4bK7\n"
                    "From: <sip:scan@example.net>;tag=q\nTo: <sip:100@example.net>" +
                    to_tag + "\nCall-ID: " + call_id + "\nCSeq: 7 " + method + "\n");
  }
  static std::string response(const std::string& status, const std::string& call_id,
                              const std::string& method = "INVITE", const std::string& extra = {}) {
    return sip_text("SIP/2.0 " + status +
                    "\nVia: SIP/2.0/UDP 198.51.100.5;branch=z9hG4bK7\nFrom: <sip:scan@example.net>;tag=q\n"
                    "To: <sip:100@example.net>;tag=i\nCall-ID: " +
                    call_id + "\nCSeq: 7 " + method + "\n" + extra);
  }
  static std::string own_invite(const std::string& call_id) {
    return sip_text(
        "INVITE sip:alice@example.net SIP/2.0\nVia: SIP/2.0/UDP 192.168.1.10;rport;branch=z9hG4bK1\n"
        "From: <sip:bob@example.net>;tag=a\nTo: <sip:alice@example.net>\nCall-ID: " +
        call_id + "\nCSeq: 1 INVITE\n");
  }
  [[nodiscard]] const Association* found(const std::string& call_id) const {
    return state.find({false, call_id, inner.address});
  }
  [[nodiscard]] base::Duration left(const std::string& call_id) const { return found(call_id)->expires - now; }
};

TEST_F(Outside, MayUseHalfOfTheDialogsAndTheInsideHasTheRest) {
  policy.limits.dialogs = 4;
  in(request("INVITE", "s1"));
  in(request("OPTIONS", "s2"));
  EXPECT_EQ(events(), "");
  const std::string third = request("INVITE", "s3");
  EXPECT_EQ(in(third), third);
  EXPECT_EQ(events(), "left message over-limit\n");
  EXPECT_EQ(state.size(), 2U);
  out(own_invite("i1"));
  out(own_invite("i2"));
  EXPECT_EQ(state.size(), 4U);
  out(own_invite("i3"));
  EXPECT_EQ(events(), "left message over-limit\n");
  effects.clear();
  state.apply(CloseAssociation{found("s1")->id}, effects);
  in(third);
  EXPECT_NE(found("s3"), nullptr) << "what is closed is free again";
}

TEST_F(Outside, ARequestGetsATransactionsLifeUntilTheInsideAnswers) {
  for (const char* method : {"INVITE", "OPTIONS", "SUBSCRIBE", "NOTIFY", "REFER", "MESSAGE"}) {
    in(request(method, method));
    EXPECT_EQ(left(method), seconds(32)) << method;
  }
  now = now + seconds(5);
  out(response("180 Ringing", "INVITE"));
  EXPECT_EQ(left("INVITE"), seconds(200)) << "as long as it may ring";
  out(response("200 OK", "INVITE", "INVITE", "Session-Expires: 1800;refresher=uac\n"));
  EXPECT_EQ(left("INVITE"), seconds(1832));
  EXPECT_EQ(found("INVITE")->phase, Phase::confirmed);
  out(response("200 OK", "SUBSCRIBE", "SUBSCRIBE", "Expires: 600\n"));
  EXPECT_EQ(left("SUBSCRIBE"), seconds(632));
}

TEST_F(Outside, ARefusedCallIsGoneAfterItsLinger) {
  in(request("INVITE", "s1"));
  out(response("180 Ringing", "s1"));
  out(response("404 Not Found", "s1"));
  EXPECT_EQ(found("s1")->phase, Phase::ending);
  EXPECT_EQ(left("s1"), seconds(32));
}

TEST_F(Outside, NothingFromOutsideMakesItLiveLonger) {
  in(request("INVITE", "s1"));
  const base::Instant end = found("s1")->expires;
  now = now + seconds(20);
  in(request("INVITE", "s1"));
  in(request("SUBSCRIBE", "s1"));
  in(request("NOTIFY", "s1"));
  in(request("BYE", "s1", ";tag=i"));
  in(response("180 Ringing", "s1"));
  in(response("200 OK", "s1", "INVITE", "Session-Expires: 9999\n"));
  in(response("200 OK", "s1", "UPDATE"));
  EXPECT_EQ(found("s1")->expires, end);
  EXPECT_NE(found("s1")->phase, Phase::confirmed);
  out(response("200 OK", "s1"));
  EXPECT_EQ(left("s1"), hours(24)) << "the inside can still take it";
  in(request("BYE", "s1", ";tag=i"));
  now = now + seconds(30);
  in(request("BYE", "s1", ";tag=i"));
  EXPECT_EQ(left("s1"), seconds(2)) << "and after its end it is a stranger's again";
}

}  // namespace
}  // namespace viaduct::alg
