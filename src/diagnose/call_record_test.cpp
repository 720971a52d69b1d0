// SPDX-License-Identifier: GPL-2.0-or-later
#include "diagnose/call_record.hpp"

#include "diagnose/scene_test.hpp"

#include <gtest/gtest.h>

namespace viaduct::diagnose {
namespace {

using call::Party;
using std::chrono::seconds;
using test::Scene;

std::string at(Time time) {
  return time == call::kNever ? "-" : test::fixed(rtp::seconds(time.time_since_epoch()), 2);
}

std::string text_of(const CallRecord& record) {
  std::string text = "\ncall " + std::to_string(record.index) + " site " + std::to_string(record.site) + " " +
                     record.sides[0].to_text() + " -> " + record.sides[1].to_text() + " media " + at(record.begin) +
                     " to " + at(record.end) + "\n";
  for (const Onset& onset : record.onsets) {
    text += std::string(1, static_cast<char>(onset.kind)) + " at " + at(onset.at) + " stream " +
            std::to_string(onset.stream) + " frame " + std::to_string(onset.frame) + " missing " +
            std::to_string(onset.missing) + " to " + std::string(call::name(onset.receiver));
    for (const auto& [set, word] : {std::pair(onset.known, " known"),
                                    {onset.quiet, " quiet"},
                                    {onset.revived, " revived"},
                                    {onset.announced, " announced"},
                                    {onset.calm, " calm"}})
      text += set ? word : "";
    text += "\n";
  }
  for (const Refresh& refresh : record.refreshes)
    text += std::string(call::name(refresh.kind)) + " at " + at(refresh.at) + "\n";
  return text;
}

TEST(CallRecord, KeepsOnsetsAndWhatRefreshes) {
  Scene scene;
  scene.site = 3;
  scene.set_up(1);
  scene.re_invite(20.5, 2, "sendrecv");
  scene.request(40, Party::callee, "UPDATE", 7);
  scene.response(40.1, Party::caller, "200 OK", "7 UPDATE");
  scene.hang_up(60);
  scene.talk(1.3, Party::callee).send(1000).lose(50).send(200).pause(seconds(3)).send(500);
  scene.talk(1.3, Party::caller).send(300).lose(20).send(2000);
  const std::vector<CallFacts> facts = scene.facts();
  EXPECT_EQ(text_of(record_of(facts.front(), 7, 40)), R"(
call 7 site 3 192.0.2.10 -> 198.51.100.20 media 1.30 to 47.68
L at 7.30 stream 41 frame 20300 missing 20 to callee known calm
L at 21.30 stream 40 frame 11000 missing 50 to caller known calm
re-invite at 20.50
update at 40.00
)");
}

/// rtp::GapFinder makes a gap each second or two of it, which is no rhythm of what loses them.
TEST(CallRecord, HasOneOnsetOfLossThatGoesOn) {
  Scene scene;
  scene.set_up(1).hang_up(60);
  rtp::test::Talk& talk = scene.talk(1.3, Party::callee).send(1000);
  for (int i = 0; i < 99; ++i) talk.lose(5).send(5);
  talk.send(500);
  const std::vector<CallFacts> facts = scene.facts();
  EXPECT_EQ(facts.front().streams.front().gaps.size(), 9U);
  EXPECT_EQ(text_of(record_of(facts.front(), 0, 0)), R"(
call 0 site 0 192.0.2.10 -> 198.51.100.20 media 1.30 to 51.08
- at 21.30 stream 0 frame 11000 missing 495 to caller calm
)");
}

TEST(CallRecord, WithoutOnsetsNothingIsKept) {
  Scene scene;
  scene.set_up(1);
  scene.request(20, Party::callee, "UPDATE", 7).response(20.1, Party::caller, "200 OK", "7 UPDATE");
  scene.hang_up(30);
  scene.talk(1.3, Party::callee).send(100);
  const std::vector<CallFacts> facts = scene.facts();
  EXPECT_EQ(text_of(record_of(facts.front(), 0, 0)), R"(
call 0 site 0 192.0.2.10 -> 198.51.100.20 media 1.30 to 3.28
)");
}

TEST(CallRecord, OfMediaThatNoSipNames) {
  Scene scene;
  scene.set_up(1).hang_up(30);
  scene.talk(1.3, Party::callee).send(300).lose(50).send(300);
  const std::vector<CallFacts> facts = scene.facts();
  CallRecord record = record_of(facts.front().streams, 0, 0, 5);
  EXPECT_EQ(record.index, kNoCall);
  record.index = 0;
  EXPECT_EQ(text_of(record), R"(
call 0 site 0 192.0.2.10 -> 198.51.100.20 media 1.30 to 14.28
L at 7.30 stream 5 frame 10300 missing 50 to caller calm
)");
}

}  // namespace
}  // namespace viaduct::diagnose
