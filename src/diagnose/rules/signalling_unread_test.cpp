// SPDX-License-Identifier: GPL-2.0-or-later
#include "diagnose/finding_text_test.hpp"
#include "diagnose/rules/rules.hpp"

#include <gtest/gtest.h>

namespace viaduct::diagnose::rules {
namespace {

std::string judged(const SignallingFacts& sip) {
  std::string text;
  for (const finding::Finding& found : signalling_unread().judge({.signalling = sip})) text += test::text_of(found);
  return text;
}

TEST(SignallingUnread, InconclusiveWhereItWasCut) {
  EXPECT_EQ(judged({.messages = 1, .unreadable = 40, .cut = 41}),
            "inconclusive none major 0.00: 40 packets have the form of SIP and cannot be read, for they were captured "
            "in part; 1 message can.\n");
}

TEST(SignallingUnread, InconclusiveWhereItIsEncrypted) {
  EXPECT_EQ(judged({.encrypted = 30}),
            "inconclusive none major 0.00: Signalling is encrypted: 30 TCP segments of port 5061 (SIP over TLS), and "
            "no SIP in plain text.\n");
}

TEST(SignallingUnread, PassWithJunkAmongIt) {
  EXPECT_EQ(judged({.messages = 100, .unreadable = 3}), "pass: 100 SIP messages could be read.\n");
}

TEST(SignallingUnread, NotApplicable) {
  EXPECT_EQ(judged({}), "not_applicable: There is no SIP here.\n");
}

}  // namespace
}  // namespace viaduct::diagnose::rules
