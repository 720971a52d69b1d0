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
  in(request("SUBSCRIBE", "s2"));
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
  EXPECT_EQ(left("INVITE"), hours(1)) << "as long as it may ring";
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

TEST_F(Outside, TransactionsUseUpNothingThatCallsNeed) {
  policy.limits.dialogs = 8;
  policy.limits.dialogs_per_source = 3;
  for (int i = 0; i < 20; ++i) {
    const std::string ping = request("OPTIONS", "ping" + std::to_string(i));
    EXPECT_EQ(in(ping), ping);
  }
  EXPECT_EQ(events(), "left message over-limit\n");
  EXPECT_EQ(decision.limit, Limit::transactions_per_source);
  EXPECT_EQ(state.usage().transactions, 3U);
  for (int source = 6; source < 20; ++source) {
    platform.address = net::Address::ipv4(0xc6336400U + static_cast<std::uint32_t>(source));
    in(request("NOTIFY", "from" + std::to_string(source)));
  }
  EXPECT_EQ(decision.limit, Limit::transactions);
  EXPECT_EQ(state.usage().transactions, 4U) << "half of the budget is for the inside";
  EXPECT_EQ(state.usage().dialogs, 0U);
  for (const char* call : {"c1", "c2", "c3"}) out(own_invite(call));
  EXPECT_EQ(decision.limit, Limit::none);
  EXPECT_EQ(state.usage().dialogs, 3U);
}

TEST_F(Outside, UnaskedNotifiesDoNotStopThePlatformsCalls) {
  policy.limits.dialogs_per_source = 5;
  for (int i = 0; i < 9; ++i) in(request("NOTIFY", "n" + std::to_string(i), ";tag=i"));
  in(request("INVITE", "call"));
  EXPECT_NE(found("call"), nullptr);
}

TEST_F(Outside, APlatformThatGrantedARegistrationIsNotLimitedLikeAStranger) {
  policy.limits.dialogs = 8;
  policy.limits.dialogs_per_source = 2;
  const std::string rest =
      "\nFrom: <sip:bob@example.net>;tag=a\nTo: <sip:bob@example.net>\nCall-ID: reg\nCSeq: 1 REGISTER\n"
      "Contact: <sip:bob@192.168.1.10>\nExpires: 300\n";
  out(sip_text("REGISTER sip:example.net SIP/2.0\nVia: SIP/2.0/UDP 192.168.1.10;rport;branch=z9hG4bK1" + rest));
  auto calls = [this](const std::string& name, int count) {
    for (int i = 0; i < count; ++i) in(request("INVITE", name + std::to_string(i)));
    return state.usage().dialogs;
  };
  EXPECT_EQ(calls("early", 3), 2U) << "asking is not being granted";
  in(sip_text("SIP/2.0 200 OK\nVia: SIP/2.0/UDP 192.168.1.10;rport;branch=z9hG4bK1" + rest));
  EXPECT_EQ(calls("late", 9), 6U) << "three quarters, and not two";
  EXPECT_EQ(decision.limit, Limit::dialogs_from_outside);
  out(own_invite("own"));
  EXPECT_NE(found("own"), nullptr);
}

TEST_F(Outside, APlatformWithARuleIsNotLimitedLikeAStranger) {
  policy.limits.dialogs_per_source = 2;
  policy.platforms.push_back({net::parse_prefix("198.51.100.0/24"), "", {}});
  for (const char* call : {"s1", "s2", "s3"}) in(request("INVITE", call));
  EXPECT_EQ(state.usage().dialogs, 3U);
  platform = *net::parse_endpoint("192.0.2.1:5060");
  for (const char* call : {"t1", "t2", "t3"}) in(request("INVITE", call));
  EXPECT_EQ(decision.limit, Limit::dialogs_per_source);
}

TEST_F(Outside, WhatLookedLikeATransactionGoesOnAsACall) {
  in(request("OPTIONS", "c1"));
  in(request("INVITE", "c1"));
  ASSERT_NE(found("c1"), nullptr);
  EXPECT_EQ(found("c1")->kind, AssociationKind::call);
  EXPECT_EQ(state.usage(), (Usage{.dialogs = 1, .dialogs_outside = 1}));
  out(
      sip_text("OPTIONS sip:alice@example.net SIP/2.0\nVia: SIP/2.0/UDP 192.168.1.10;rport;branch=z9hG4bK1\n"
               "From: <sip:bob@example.net>;tag=a\nTo: <sip:alice@example.net>\nCall-ID: c2\nCSeq: 1 OPTIONS\n"));
  in(request("INVITE", "c2"));
  EXPECT_EQ(found("c2")->kind, AssociationKind::transaction) << "the inside began it";
}

TEST_F(Outside, ARefusedBYEOfAStrangerGivesNoLife) {
  in(request("INVITE", "s1"));
  const base::Instant end = found("s1")->expires;
  in(request("BYE", "s1", ";tag=i"));
  out(response("481 Call Leg/Transaction Does Not Exist", "s1", "BYE"));
  EXPECT_EQ(found("s1")->phase, Phase::ending);
  EXPECT_EQ(found("s1")->expires, end);
}

}  // namespace
}  // namespace viaduct::alg
