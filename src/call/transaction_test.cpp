// SPDX-License-Identifier: GPL-2.0-or-later
#include "call/transaction.hpp"

#include "call/messages_test.hpp"

#include <gtest/gtest.h>

namespace viaduct::call {
namespace {

TEST(Transaction, KnowsWhoAskedWhomAndWhereAnswerAndAckWent) {
  Heard heard;
  heard.set_up(0, "c1");
  heard.signalling.finish();
  const Transaction& invite = heard.kept.calls.at(0).legs.at(0).transactions.items().front();
  EXPECT_EQ(invite.requester.to_text(), "192.0.2.10:5060");
  EXPECT_EQ(invite.asked.to_text(), "192.0.2.20:5060");
  EXPECT_EQ(invite.responder.to_text(), "192.0.2.20:5060");
  EXPECT_EQ(invite.answered_to.to_text(), "192.0.2.10:5060");
  EXPECT_EQ(invite.acknowledged_to.to_text(), "192.0.2.20:5060");
  EXPECT_EQ(invite.ack_frame.number, 3U);
  EXPECT_EQ(invite.request_length, text_of({.call_id = "c1", .media = 4000, .host = 10}).size());
}

TEST(Transaction, WithoutARequestItIsNotKnownWhoAsked) {
  Heard heard;
  heard.add(0, text_of({.start = "SIP/2.0 200 OK", .to_tag = "b1", .media = 5000, .host = 20}), false);
  heard.signalling.finish();
  const Transaction& invite = heard.kept.calls.at(0).legs.at(0).transactions.items().front();
  EXPECT_FALSE(invite.requester.address.present());
  EXPECT_FALSE(invite.acknowledged_to.address.present());
  EXPECT_EQ(invite.responder.to_text(), "192.0.2.20:5060");
}

}  // namespace
}  // namespace viaduct::call
