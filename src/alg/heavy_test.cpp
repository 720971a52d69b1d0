// SPDX-License-Identifier: GPL-2.0-or-later
#include "alg/dialogue_test.hpp"

#include <gmock/gmock.h>

namespace viaduct::alg {
namespace {

using ::testing::ElementsAre;

std::string repeated(const std::string& piece, int times) {
  std::string all;
  for (int i = 0; i < times; ++i) all += piece;
  return all;
}

/// Messages of 60 KB that would take minutes here if the work on them grew with the square of anything in them; the
/// time that ctest gives a program is the judge.
class Heavy : public Dialogue {
 protected:
  static constexpr int kTimes = 300;
  static std::string registration(const std::string& headers) {
    return "REGISTER sip:example.net SIP/2.0\nVia: SIP/2.0/UDP 192.168.1.10;rport;branch=z9hG4bK1\n"
           "From: <sip:bob@example.net>;tag=a\nTo: <sip:bob@example.net>\nCall-ID: reg\nCSeq: 1 REGISTER\n" +
           headers;
  }
};

TEST_F(Heavy, ManyContactsBesideManyOptions) {
  const std::string text =
      sip_text(registration("Supported: " + repeated(",", 14000) + "\nContact: <sip:192.168.1.10>" +
                            repeated(",<sip:192.168.1.10>", 2400) + "\n"));
  for (int i = 0; i < kTimes; ++i) ASSERT_EQ(out(text), text);
  EXPECT_EQ(events(), "left message over-limit\n");
}

TEST_F(Heavy, ManyForeignContactsBeforeAnOwnOne) {
  const std::string before = "Contact: " + repeated("<sip:192.0.2.9>,", 2400);
  const std::string text = sip_text(registration(before + "<sip:192.168.1.10>\n"));
  for (int i = 0; i < kTimes; ++i) ASSERT_EQ(out(text), text);
}

TEST_F(Heavy, AnAnswerWithManyBindings) {
  out(sip_text(registration("Contact: <sip:bob@192.168.1.10>\n")));
  const std::string rest =
      "\nVia: SIP/2.0/UDP 192.168.1.10;rport;branch=z9hG4bK1\nFrom: <sip:bob@example.net>;tag=a\n"
      "To: <sip:bob@example.net>;tag=b\nCall-ID: reg\nCSeq: 1 REGISTER\nContact: " +
      repeated("<sip:192.0.2.9>,", 2400);
  for (int i = 0; i < kTimes; ++i)
    ASSERT_EQ(in(sip_text("SIP/2.0 200 OK" + rest + "<sip:bob@203.0.113.1>\n")),
              sip_text("SIP/2.0 200 OK" + rest + "<sip:bob@192.168.1.10>\n"));
}

TEST_F(Heavy, ManyMediaLines) {
  const std::string text = invite(sdp(
      "192.168.1.10", repeated("m=audio 4000 RTP/AVP 0\n", 31) + repeated("a=rtcp:4001 IN IP4 192.168.1.10\n", 1500)));
  for (int i = 0; i < kTimes; ++i) out(text);
  EXPECT_THAT(mappings(), ElementsAre("192.168.1.10:4000 > 203.0.113.1:4000", "192.168.1.10:4001 > 203.0.113.1:4001",
                                      "192.168.1.10:5060 > 203.0.113.1:5060"));
}

}  // namespace
}  // namespace viaduct::alg
