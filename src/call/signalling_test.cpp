// SPDX-License-Identifier: GPL-2.0-or-later
#include "call/signalling.hpp"

#include "call/messages_test.hpp"

#include <gtest/gtest.h>

namespace viaduct::call {
namespace {

TEST(Signalling, CountsByMethodAndStatus) {
  Heard heard;
  heard.set_up(0, "c1");
  heard.hang_up(5, "c1");
  heard.add(6, "no SIP at all");
  heard.add(7, "\r\n");
  heard.add(8, std::string(4, '\0'));
  const Signalling::Counts& counts = heard.signalling.counts();
  EXPECT_EQ(counts.messages, 5U);
  EXPECT_EQ(counts.requests[static_cast<std::size_t>(sip::Method::invite)], 1U);
  EXPECT_EQ(counts.requests[static_cast<std::size_t>(sip::Method::bye)], 1U);
  EXPECT_EQ(counts.responses[200], 2U);
  EXPECT_EQ(counts.unreadable, 1U);
  EXPECT_EQ(counts.keep_alives, 2U);
}

TEST(Signalling, BoundsRegistrationsAndSubscriptions) {
  Heard heard;
  for (std::size_t i = 0; i < Signalling::kMaxRegistrations + 10; ++i) {
    const std::string number = std::to_string(i);
    heard.add(0.0001 * static_cast<double>(i),
              "REGISTER sip:x SIP/2.0\r\nTo: <sip:" + number + "@x>\r\nCall-ID: r\r\nCSeq: 1 REGISTER\r\n\r\n");
    heard.add(0.0001 * static_cast<double>(i),
              "SUBSCRIBE sip:x SIP/2.0\r\nCall-ID: s" + number + "\r\nCSeq: 1 SUBSCRIBE\r\n\r\n");
  }
  EXPECT_EQ(heard.signalling.registrations().size(), Signalling::kMaxRegistrations);
  EXPECT_EQ(heard.signalling.subscriptions().size(), Signalling::kMaxSubscriptions);
  EXPECT_EQ(heard.signalling.counts().dropped_registrations, 10U);
  EXPECT_EQ(heard.signalling.counts().dropped_subscriptions, 10U);
}

TEST(Signalling, FollowsWhoIsRefusedEvenWithoutRoom) {
  Heard heard;
  const auto add = [&](std::size_t i, const std::string& start, int cseq, const std::string& contact, bool forth) {
    const std::string number = std::to_string(i);
    heard.add(cseq + 0.0001 * static_cast<double>(i),
              start + "\r\nTo: <sip:" + number + "@x>\r\nCall-ID: r\r\nCSeq: " + std::to_string(cseq) +
                  " REGISTER\r\n" + contact + "\r\n",
              forth);
  };
  const std::size_t most = Signalling::kMaxRegistrations;
  for (std::size_t i = 0; i < most + 10; ++i) add(i, "REGISTER sip:x SIP/2.0", 1, "Contact: <sip:a@b>\r\n", true);
  for (std::size_t i = most; i < most + 5; ++i) add(i, "SIP/2.0 200 OK", 1, "Contact: <sip:a@b>\r\n", false);
  for (std::size_t i = most; i < most + 3; ++i) add(i, "SIP/2.0 403 Forbidden", 2, "", false);
  add(most + 9, "SIP/2.0 403 Forbidden", 2, "", false);
  EXPECT_EQ(heard.signalling.registrations().size(), most + 4);
  EXPECT_EQ(heard.signalling.counts().dropped_registrations, 6U);
  std::string lost;
  for (const auto& [key, registration] : heard.signalling.registrations())
    if (registration.refusals > 0)
      lost += std::string(registration.aor.view()) + " granted " + std::to_string(registration.grant_count) + " lost " +
              std::to_string(registration.loss_count) + "\n";
  EXPECT_EQ(lost,
            "sip:50000@x granted 1 lost 1\n"
            "sip:50001@x granted 1 lost 1\n"
            "sip:50002@x granted 1 lost 1\n"
            "sip:50009@x granted 0 lost 0\n");
}

TEST(Signalling, CountsASubscribeWithTheNumber0) {
  Heard heard;
  heard.add(0, "SUBSCRIBE sip:x SIP/2.0\r\nCall-ID: s\r\nCSeq: 0 SUBSCRIBE\r\n\r\n");
  heard.add(1, "SUBSCRIBE sip:x SIP/2.0\r\nCall-ID: s\r\nCSeq: 0 SUBSCRIBE\r\n\r\n");
  EXPECT_EQ(heard.signalling.subscriptions().begin()->second.subscribes, 1U);
}

TEST(Signalling, BoundsFlowsAndTheMarksOfOne) {
  CallLimits limits;
  limits.flows = 3;
  Heard heard(limits);
  for (int i = 0; i < 2000; ++i) heard.add(i, "\r\n\r\n");
  const auto* const marks = heard.signalling.calls().flows().find(0, endpoint(20, 5060), endpoint(10, 5060));
  ASSERT_NE(marks, nullptr);
  EXPECT_EQ(marks->size(), FlowTable::kMaxEvents);
  EXPECT_EQ(marks->back().time, at(1999));
  for (Point point = 1; point < 10; ++point) heard.add(2000, "\r\n\r\n", true, point);
  EXPECT_EQ(heard.signalling.calls().flows().size(), 3U);
  EXPECT_EQ(heard.signalling.calls().flows().dropped(), 7U);
}

TEST(Signalling, BoundsTheMarksOfAllFlows) {
  CallLimits limits;
  limits.flow_marks = 100;
  Heard heard(limits);
  for (int i = 0; i < 1000; ++i) heard.add(i, "\r\n\r\n", true, static_cast<Point>(i % 10));
  const FlowTable& flows = heard.signalling.calls().flows();
  EXPECT_EQ(flows.marks(), 100U);
  EXPECT_EQ(flows.size(), 10U) << "each keeps its last ones";
  for (int i = 0; i < 200; ++i) heard.add(1000 + i, "\r\n\r\n");
  EXPECT_EQ(flows.marks(), 100U);
  EXPECT_EQ(flows.find(0, endpoint(10, 5060), endpoint(20, 5060))->size(), 100U);
}

}  // namespace
}  // namespace viaduct::call
