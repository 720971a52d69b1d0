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
  scene.signs.push_back(
      {.address = rtp::test::endpoint("203.0.113.2:0").address, .log_likelihood = 6, .family = "linux"});
  scene.signs.back().proof.text = "o= is private and c= is public";
  EXPECT_EQ(scene.judge(wrong_media_port()), R"()");
}

TEST(WrongMediaPort, Pass) {
  Scene scene;
  call(scene, "4000");
  EXPECT_EQ(scene.judge(wrong_media_port()), R"()");
}

TEST(WrongMediaPort, PassWhereThePlatformSendsToWhereMediaComesFrom) {
  Scene scene;
  call(scene, "41000");
  rtp::test::Talk& latched = scene.talk(3, Party::callee);
  latched.destination = rtp::test::endpoint("203.0.113.2:41000");
  latched.send(800);
  EXPECT_EQ(scene.judge(wrong_media_port()), R"()");
}

TEST(WrongMediaPort, NotApplicable) {
  Scene scene;
  scene.set_up(1).hang_up(20);
  EXPECT_EQ(scene.judge(wrong_media_port()), R"()");
}

TEST(WrongMediaPort, InconclusiveWithoutASign) {
  Scene scene;
  call(scene, "41000");
  EXPECT_EQ(scene.judge(wrong_media_port()), R"()");
}

}  // namespace
}  // namespace viaduct::diagnose::rules
