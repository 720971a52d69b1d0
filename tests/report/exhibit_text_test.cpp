// SPDX-License-Identifier: GPL-2.0-or-later
#include "report/exhibit_text.hpp"

#include <gtest/gtest.h>

namespace viaduct::report {
namespace {

/// A message whose Via and Contact a box wrote anew.
finding::ByteDiff diff(std::string title) {
  finding::ByteDiff diff;
  diff.title = std::move(title);
  diff.before = "Via: SIP/2.0/UDP 10.0.0.5\r\nContact: <sip:10.0.0.5>\r\n";
  diff.after = "Via: SIP/2.0/UDP 192.0.2.9\r\nContact: <sip:192.0.2.9>\r\n";
  diff.changes = {{.field = "Via sent-by", .before = {17, 8}, .after = {17, 9}, .behaviour = "A06"},
                  {.field = "Contact host", .before = {41, 8}, .after = {42, 9}}};
  return diff;
}

TEST(ExhibitText, ShowsTheChangeOfAFieldOnce) {
  ExhibitText text(100);
  EXPECT_EQ(text.to_text(diff("INVITE, outbound")),
            "  INVITE, outbound\n"
            "  Via sent-by [A06]\n"
            "    before  Via: SIP/2.0/UDP 10.0.0.5\n"
            "                             ^~~~~~~~\n"
            "    after   Via: SIP/2.0/UDP 192.0.2.9\n"
            "                             ^~~~~~~~~\n"
            "  Contact host\n"
            "    before  Contact: <sip:10.0.0.5>\n"
            "                          ^~~~~~~~\n"
            "    after   Contact: <sip:192.0.2.9>\n"
            "                          ^~~~~~~~~\n");
  EXPECT_EQ(text.left_out(1), "");
  finding::ByteDiff next = diff("ACK, outbound");
  next.changes.front().behaviour.clear();
  EXPECT_EQ(text.to_text(next),
            "  ACK, outbound\n"
            "  Via sent-by\n"
            "    before  Via: SIP/2.0/UDP 10.0.0.5\n"
            "                             ^~~~~~~~\n"
            "    after   Via: SIP/2.0/UDP 192.0.2.9\n"
            "                             ^~~~~~~~~\n");
  EXPECT_EQ(text.to_text(diff("BYE, outbound")), "");
  EXPECT_EQ(text.left_out(1), "  (3 more changes, in 2 messages: side by side in --html, all in --json)\n");
  EXPECT_EQ(text.left_out(1), "");
}

/// A box that writes the address of one call truly may write that of the next one wrongly.
TEST(ExhibitText, ShowsAHarmfulChangeBehindAHarmlessOne) {
  ExhibitText text(100);
  const auto contact = [](bool astray) {
    finding::ByteDiff all = diff("INVITE, outbound");
    all.changes = {
        {.field = "Contact host", .before = {41, 8}, .after = {42, 9}, .behaviour = "A06", .astray = astray}};
    return all;
  };
  EXPECT_NE(text.to_text(contact(false)), "");
  EXPECT_EQ(text.to_text(contact(true)),
            "  INVITE, outbound\n"
            "  Contact host [A06], leads nowhere\n"
            "    before  Contact: <sip:10.0.0.5>\n"
            "                          ^~~~~~~~\n"
            "    after   Contact: <sip:192.0.2.9>\n"
            "                          ^~~~~~~~~\n");
  EXPECT_EQ(text.to_text(contact(true)), "");
  EXPECT_EQ(text.left_out(2),
            "  (1 more change, in 1 message; 2 calls have such: side by side in --html, all in --json)\n");
}

}  // namespace
}  // namespace viaduct::report
