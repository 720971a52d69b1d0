// SPDX-License-Identifier: GPL-2.0-or-later
#include "diagnose/audio_due.hpp"

#include "diagnose/scene_test.hpp"

#include <gtest/gtest.h>

namespace viaduct::diagnose {
namespace {

using call::Party;
using test::Scene;

/// For each path its legs, and by receiver when audio is due where, and the streams that came.
std::string paths(Scene& scene) {
  std::string text = "\n";
  for (const CallFacts& facts : scene.facts())
    for (const AudioPath& path : audio_paths(facts)) {
      text += std::to_string(path.legs.size()) + " leg\n";
      for (const Party receiver : {Party::caller, Party::callee}) {
        for (const AudioDue& due : path.due_to(receiver))
          text += "to " + std::string(call::name(receiver)) + " at " + due.told->media.rtp.to_text() + " from " +
                  test::fixed(rtp::seconds(due.from.time_since_epoch()), 1) + " to " +
                  test::fixed(rtp::seconds(due.until.time_since_epoch()), 1) +
                  (names_unreachable(*due.told) ? ", unreachable" : "") + "\n";
        for (const std::uint32_t stream : path.streams_to(receiver))
          text += "  stream " + std::to_string(stream) + "\n";
      }
    }
  return text;
}

TEST(AudioDue, FromTheAnswerToTheBye) {
  Scene scene;
  scene.set_up(1).hang_up(9);
  scene.talk(1.3, Party::callee).send(100);
  scene.talk(1.3, Party::caller).send(100);
  EXPECT_EQ(paths(scene), R"(
1 leg
to caller at 192.0.2.10:4000 from 1.2 to 9.0
  stream 0
to callee at 198.51.100.20:6000 from 1.2 to 9.0
  stream 1
)");
}

std::string lulls(Scene& scene) {
  std::string text;
  for (const CallFacts& facts : scene.facts())
    for (const AudioPath& path : audio_paths(facts))
      for (const Lull& lull : path.lulls)
        text += std::string(lull.held ? "held" : "handed over") + " from " +
                test::fixed(rtp::seconds(lull.from.time_since_epoch()), 1) + " to " +
                test::fixed(rtp::seconds(lull.until.time_since_epoch()), 1) + "\n";
  return text;
}

TEST(AudioDue, LullsOfHoldsAndTransfers) {
  Scene scene;
  scene.set_up(1);
  scene.re_invite(11, 2, "sendonly").re_invite(21, 3, "inactive").re_invite(31, 4, "sendrecv");
  scene.request(40, Party::caller, "REFER", 5).response(40.1, Party::callee, "202 Accepted", "5 REFER");
  scene.re_invite(50, 6, "sendrecv");
  scene.request(55, Party::caller, "REFER", 7).response(55.1, Party::callee, "603 Decline", "7 REFER");
  scene.request(57, Party::caller, "REFER", 8).response(57.1, Party::callee, "202 Accepted", "8 REFER").hang_up(60);
  scene.both_talk(1.3, 100, 100);
  EXPECT_EQ(lulls(scene),
            "held from 11.0 to 31.1\n"
            "handed over from 40.1 to 50.0\n"
            "handed over from 57.1 to 60.0\n");
}

TEST(AudioDue, NotOnHold) {
  Scene scene;
  scene.set_up(1);
  scene.re_invite(11, 2, "sendonly");
  scene.re_invite(31, 3, "sendrecv").hang_up(60);
  EXPECT_EQ(paths(scene), R"(
1 leg
to caller at 192.0.2.10:4000 from 1.2 to 11.1
to caller at 192.0.2.10:4000 from 31.1 to 60.0
to callee at 198.51.100.20:6000 from 1.2 to 11.1
to callee at 198.51.100.20:6000 from 11.0 to 11.1
to callee at 198.51.100.20:6000 from 11.1 to 31.1
to callee at 198.51.100.20:6000 from 31.0 to 31.1
to callee at 198.51.100.20:6000 from 31.1 to 60.0
)");
}

TEST(AudioDue, WhoNamesAPrivateAddressFromAPublicOneCannotBeReached) {
  Scene scene;
  scene.caller.sip = "203.0.113.2:40060";
  scene.caller.media = "192.168.1.10:4000";
  scene.set_up(1).hang_up(9);
  EXPECT_EQ(paths(scene), R"(
1 leg
to caller at 192.168.1.10:4000 from 1.2 to 9.0, unreachable
to callee at 198.51.100.20:6000 from 1.2 to 9.0
)");
}

/// So many packets of each direction are captured on both sides of a router, and so many more inside alone.
std::string at_two_places(int of_both, int inside) {
  Scene scene;
  const net::Endpoint outer = rtp::test::endpoint("203.0.113.9:40000");
  scene.set_up(1).hang_up(31);
  rtp::test::Talk& spoken = scene.talk(1.3, Party::caller);
  spoken.send_twice(outer, spoken.destination, of_both).send(inside);
  rtp::test::Talk& heard = scene.talk(1.3, Party::callee);
  const net::Endpoint inner = heard.destination;
  heard.destination = outer;
  heard.send_twice(heard.source, inner, of_both);
  heard.destination = inner;
  heard.send(inside);
  return paths(scene);
}

TEST(AudioDue, NotWhereTheCaptureOfOneSideHadEnded) {
  EXPECT_EQ(at_two_places(400, 900), R"(
1 leg
to caller at 192.0.2.10:4000 from 1.2 to 31.0
  stream 3
to callee at 198.51.100.20:6000 from 1.2 to 31.0
  stream 0
1 leg
to caller at 192.0.2.10:4000 from 1.2 to 9.3
  stream 2
to callee at 198.51.100.20:6000 from 1.2 to 9.3
  stream 1
)");
}

TEST(AudioDue, NotWithoutAnAnswerOrWithAClosedLine) {
  Scene scene;
  scene.request(1, Party::caller, "INVITE", 1, {.sdp = "sendrecv"})
      .response(2, Party::callee, "486 Busy Here", "1 INVITE");
  scene.another("call-2").request(5, Party::caller, "INVITE", 1, {.sdp = "sendrecv"});
  scene.response(5.2, Party::callee, "200 OK", "1 INVITE", {.sdp = "zero"})
      .request(5.3, Party::caller, "ACK")
      .hang_up(9);
  EXPECT_EQ(paths(scene), R"(
1 leg
)");
}

}  // namespace
}  // namespace viaduct::diagnose
