// SPDX-License-Identifier: GPL-2.0-or-later
#include "diagnose/rules/rules.hpp"
#include "diagnose/scene_test.hpp"

#include <gtest/gtest.h>

namespace viaduct::diagnose::rules {
namespace {

using call::Party;
using test::Scene;

/// The phone is behind 203.0.113.2; SDP names that address and port 4000, and its media comes from `port`.
void call(Scene& scene, const std::string& port) {
  scene.caller.sip = "203.0.113.2:40060";
  scene.caller.media = "203.0.113.2:4000";
  scene.set_up(1).hang_up(20);
  rtp::test::Talk& talk = scene.talk(1.3, Party::caller);
  talk.source = rtp::test::endpoint(("203.0.113.2:" + port).c_str());
  talk.send(900);
  scene.talk(1.3, Party::callee).send(900);
}

TEST(WrongMediaPort, FailWhereSipShowsAnAlg) {
  Scene scene;
  call(scene, "41000");
  scene.signs.push_back({.address = rtp::test::endpoint("203.0.113.2:0").address,
                         .proven = true,
                         .log_likelihood = 6,
                         .family = "linux"});
  scene.signs.back().proof.text = "o= is private and c= is public";
  EXPECT_EQ(scene.judge(wrong_media_port()), R"(
fail sip-alg critical 0.90: For 18.0 s media for the caller goes to 203.0.113.2:4000, from where nothing ever comes, while its own comes from 203.0.113.2:41000; and SIP of this customer was changed on the way.
  behaviour B01
  family linux
  #1 1.000 SDP of the caller names port 4000; its media comes from port 41000
    m=audio 4000
            ^^^^
  #0 - o= is private and c= is public
  calls 0
  streams 1 0
)");
}

TEST(WrongMediaPort, Pass) {
  Scene scene;
  call(scene, "4000");
  EXPECT_EQ(scene.judge(wrong_media_port()), R"(
pass: No media goes to a public port that its receiver does not use.
)");
}

TEST(WrongMediaPort, PassWhereThePlatformSendsToWhereMediaComesFrom) {
  Scene scene;
  call(scene, "41000");
  rtp::test::Talk& latched = scene.talk(3, Party::callee);
  latched.destination = rtp::test::endpoint("203.0.113.2:41000");
  latched.send(800);
  EXPECT_EQ(scene.judge(wrong_media_port()), R"(
pass: No media goes to a public port that its receiver does not use.
)");
}

TEST(WrongMediaPort, NotApplicable) {
  Scene scene;
  scene.set_up(1).hang_up(20);
  EXPECT_EQ(scene.judge(wrong_media_port()), R"(
not_applicable: No answered call has SDP and media of both parties.
)");
}

TEST(WrongMediaPort, InconclusiveWhereSipOnlyLooksLikeOne) {
  Scene scene;
  call(scene, "41000");
  scene.signs.push_back({.address = rtp::test::endpoint("203.0.113.2:0").address, .log_likelihood = 3});
  scene.signs.back().proof.text = "Contact and SDP name the outside address";
  EXPECT_EQ(scene.judge(wrong_media_port()), R"(
inconclusive sip-alg note 0.40: For 18.0 s media for the caller goes to 203.0.113.2:4000, from where nothing ever comes, while its own comes from 203.0.113.2:41000: an ALG wrote a port without a mapping, or the phone sends and receives on different ports. SIP proves no ALG here.
  #1 1.000 SDP of the caller names port 4000; its media comes from port 41000
    m=audio 4000
            ^^^^
  #0 - Contact and SDP name the outside address
  calls 0
  streams 1 0
)");
}

TEST(WrongMediaPort, InconclusiveWithoutASign) {
  Scene scene;
  call(scene, "41000");
  EXPECT_EQ(scene.judge(wrong_media_port()), R"(
inconclusive sip-alg note 0.20: For 18.0 s media for the caller goes to 203.0.113.2:4000, from where nothing ever comes, while its own comes from 203.0.113.2:41000: an ALG wrote a port without a mapping, or the phone sends and receives on different ports. SIP proves no ALG here.
  #1 1.000 SDP of the caller names port 4000; its media comes from port 41000
    m=audio 4000
            ^^^^
  calls 0
  streams 1 0
)");
}

}  // namespace
}  // namespace viaduct::diagnose::rules
