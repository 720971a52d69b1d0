// SPDX-License-Identifier: GPL-2.0-or-later
#include "diagnose/rules/rules.hpp"
#include "diagnose/scene_test.hpp"

#include <gtest/gtest.h>

namespace viaduct::diagnose::rules {
namespace {

using call::Party;
using test::Scene;

/// A call in which SDP of both names payload types 8 and 0, and the caller sends so many packets of another one.
std::string with(std::uint8_t type, int packets) {
  Scene scene;
  scene.set_up(1);
  rtp::test::Talk& talk = scene.talk(1.3, Party::caller);
  talk.send(200);
  talk.payload_type = type;
  talk.send(packets);
  scene.talk(1.3, Party::callee).send(200);
  scene.hang_up(30);
  return scene.judge(payload_type_not_agreed());
}

constexpr const char* kPass = "\npass: All audio has a payload type that offer or answer names.\n";

TEST(PayloadTypeNotAgreed, Fail) {
  EXPECT_EQ(with(18, 300), R"(
fail endpoint major 0.90: Audio towards the callee has payload type 18 (G729) for 6.00 s, which neither offer nor answer names (they name 0, 8).
  #10001 1.300 300 packets of payload type 18 (G729) from 192.0.2.10:4000, of 500
  streams 0
)");
}

TEST(PayloadTypeNotAgreed, PassWhereItIsNamedOrMayBeThere) {
  EXPECT_EQ(with(0, 300), kPass) << "asymmetric, but both name it";
  EXPECT_EQ(with(13, 300), kPass) << "comfort noise";
  EXPECT_EQ(with(18, 40), kPass) << "less than a second";
  EXPECT_EQ(with(101, 150), kPass) << "keys";
}

TEST(PayloadTypeNotAgreed, FailOfADynamicTypeThatIsAllThereIs) {
  EXPECT_EQ(with(101, 300), R"(
fail endpoint major 0.90: Audio towards the callee has payload type 101 for 6.00 s, which neither offer nor answer names (they name 0, 8).
  #10001 1.300 300 packets of payload type 101 from 192.0.2.10:4000, of 500
  streams 0
)");
}

TEST(PayloadTypeNotAgreed, NotApplicableWithoutRtp) {
  Scene scene;
  scene.set_up(1).hang_up(3);
  EXPECT_EQ(scene.judge(payload_type_not_agreed()),
            "\nnot_applicable: SDP of both parties and RTP were not captured.\n");
}

TEST(PayloadTypeNotAgreed, InconclusiveWhereTheBeginWasNotCaptured) {
  Scene scene;
  scene.response(1, Party::callee, "200 OK", "1 INVITE", {.sdp = "sendrecv"});
  scene.request(1.1, Party::caller, "ACK");
  rtp::test::Talk& talk = scene.talk(1.3, Party::caller);
  talk.payload_type = 18;
  talk.send(300);
  scene.hang_up(30);
  EXPECT_EQ(scene.judge(payload_type_not_agreed()), R"(
inconclusive none note 0.00: A payload type was sent that no SDP here names, but not all SDP of the call was captured.
)");
}

}  // namespace
}  // namespace viaduct::diagnose::rules
