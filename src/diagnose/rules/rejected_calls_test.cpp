// SPDX-License-Identifier: GPL-2.0-or-later
#include "diagnose/rules/rules.hpp"
#include "diagnose/scene_test.hpp"

#include <gtest/gtest.h>

namespace viaduct::diagnose::rules {
namespace {

using call::Party;
using test::Scene;

void refused(Scene& scene, const std::string& call_id, double at, const std::string& status, bool rings = false) {
  scene.another(call_id).request(at, Party::caller, "INVITE", 1, {.sdp = "sendrecv"});
  if (rings) scene.response(at + 0.1, Party::callee, "180 Ringing", "1 INVITE");
  scene.response(at + 0.2, Party::callee, status, "1 INVITE").request(at + 0.3, Party::caller, "ACK");
}

TEST(RejectedCalls, Fail) {
  Scene scene;
  refused(scene, "media", 1, "488 Not Acceptable Here");
  refused(scene, "loop", 2, "482 Loop Detected");
  refused(scene, "damaged", 3, "400 Bad Request");
  refused(scene, "gone", 4, "408 Request Timeout");
  EXPECT_EQ(scene.judge(rejected_calls()), R"(
fail signalling major 0.80: The call was refused with 488: the parties cannot agree on media.
  #2 1.200 final response to the INVITE
fail signalling major 0.80: The call was refused with 482: the request came in a loop.
  #5 2.200 final response to the INVITE
fail unknown major 0.80: The call was refused with 400: the message could not be understood.
  #8 3.200 final response to the INVITE
fail unknown major 0.80: The call was refused with 408: the callee could not be reached.
  #11 4.200 final response to the INVITE
)");
}

TEST(RejectedCalls, FailWhereCredentialsAreNoGood) {
  Scene scene;
  for (int i = 1; i <= 3; ++i) {
    scene.another("denied").request(i, Party::caller, "INVITE", i, {.sdp = "sendrecv"});
    scene.response(i + 0.1, Party::callee, "401 Unauthorized", std::to_string(i) + " INVITE")
        .request(i + 0.2, Party::caller, "ACK", i);
  }
  EXPECT_EQ(scene.judge(rejected_calls()), R"(
fail configuration major 0.80: The call was refused: its credentials were asked for 3 times, and none were accepted. That is a matter of the account, its name and password.
  #8 3.100 final response to the INVITE
)");
}

TEST(RejectedCalls, PassWherePeopleDoNotWantIt) {
  Scene scene;
  refused(scene, "busy", 1, "486 Busy Here");
  refused(scene, "declined", 2, "603 Decline", true);
  refused(scene, "unknown", 3, "404 Not Found");
  refused(scene, "rang", 4, "408 Request Timeout", true);
  scene.another("taken").set_up(5).hang_up(9);
  EXPECT_EQ(scene.judge(rejected_calls()), R"(
pass: The call was answered, or people or a dial plan did not want it.
pass: The call was answered, or people or a dial plan did not want it.
pass: The call was answered, or people or a dial plan did not want it.
pass: The call was answered, or people or a dial plan did not want it.
pass: The call was answered, or people or a dial plan did not want it.
)");
}

TEST(RejectedCalls, NotApplicable) {
  Scene scene;
  scene.request(1, Party::caller, "INVITE", 1, {.sdp = "sendrecv"});
  EXPECT_EQ(scene.judge(rejected_calls()), R"(
not_applicable: The INVITE has no final response here.
)");
}

}  // namespace
}  // namespace viaduct::diagnose::rules
