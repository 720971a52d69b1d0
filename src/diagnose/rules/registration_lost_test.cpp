// SPDX-License-Identifier: GPL-2.0-or-later
#include "diagnose/rules/rules.hpp"
#include "diagnose/scene_test.hpp"

#include <gtest/gtest.h>

namespace viaduct::diagnose::rules {
namespace {

using call::Party;
using test::Scene;

/// One REGISTER, as alice sends it to the registrar, and what comes back; nothing if `status` is empty.
void send_register(Scene& scene, double at, int cseq, const std::string& status, const std::string& expires = "60",
                   const std::string& from = "192.0.2.10:5060") {
  scene.another("reg-1").request(at, Party::caller, "REGISTER", cseq, {.headers = "Expires: " + expires, .from = from});
  if (!status.empty())
    scene.response(at + 0.1, Party::callee, status, std::to_string(cseq) + " REGISTER",
                   {.headers = "Expires: " + expires, .to = from});
}

TEST(RegistrationLost, FailWithoutAnAnswer) {
  Scene scene;
  send_register(scene, 1, 1, "200 OK");
  for (const double after : {0.0, 0.5, 1.5, 3.5, 7.5, 11.5, 15.5, 19.5, 23.5, 27.5, 31.5})
    send_register(scene, 50 + after, 2, "");
  send_register(scene, 90, 3, "200 OK");
  EXPECT_EQ(scene.judge(registration_lost()), R"(
fail unknown major 0.90: sip:alice@example.com lost its registration at 198.51.100.20:5060 1 time. REGISTER was repeated 10 times.
  #3 50.000 REGISTER without an answer for 32 s
  #2 61.100 the 60 s of the last grant ran out before another one
)");
}

TEST(RegistrationLost, FailCuredByAnotherPort) {
  Scene scene;
  send_register(scene, 1, 1, "200 OK");
  for (const double after : {0.0, 0.5, 1.5, 3.5}) send_register(scene, 50 + after, 2, "");
  send_register(scene, 90, 3, "200 OK", "60", "192.0.2.10:5071");
  EXPECT_EQ(scene.judge(registration_lost()), R"(
fail unknown major 0.90: sip:alice@example.com lost its registration at 198.51.100.20:5060 1 time. REGISTER was repeated 3 times. It came back as soon as it sent from another port: something on the way kept a stale state of the old one.
  behaviour C04
  #3 50.000 REGISTER without an answer for 32 s
  #2 61.100 the 60 s of the last grant ran out before another one
)");
}

/// A registrar that is away from 50 to 90 s: the first phone comes back at another port, the second one where it was.
std::string away(sip::Transport transport, bool second) {
  Scene scene;
  scene.transport = transport;
  for (const char* const user : {"alice", "carol"}) {
    const bool first = std::string(user) == "alice";
    if (!first && !second) continue;
    scene.caller.user = user;
    const std::string from = first ? "192.0.2.10:5060" : "192.0.2.11:5060";
    const auto send = [&](double at, int cseq, const std::string& status, const std::string& source) {
      scene.another(user).request(at, Party::caller, "REGISTER", cseq, {.headers = "Expires: 600", .from = source});
      if (!status.empty())
        scene.response(at + 0.1, Party::callee, status, std::to_string(cseq) + " REGISTER",
                       {.headers = "Expires: 600", .to = source});
    };
    send(1, 1, "200 OK", from);
    send(first ? 50 : 80, 2, "", from);
    send(first ? 90 : 120, 3, "200 OK", first ? "192.0.2.10:5071" : from);
  }
  return scene.judge(registration_lost());
}

TEST(RegistrationLost, FailCuredByAnotherPortOverUdpAlone) {
  EXPECT_EQ(away(sip::Transport::udp, false), R"(
fail unknown minor 0.90: sip:alice@example.com got no answer to REGISTER at 198.51.100.20:5060; what it had been granted before still held. It came back as soon as it sent from another port: something on the way kept a stale state of the old one.
  behaviour C04
  #3 50.000 REGISTER without an answer for 32 s
)");
  EXPECT_EQ(away(sip::Transport::tcp, false), R"(
fail unknown minor 0.90: sip:alice@example.com got no answer to REGISTER at 198.51.100.20:5060; what it had been granted before still held.
  #3 50.000 REGISTER without an answer for 32 s
)");
}

TEST(RegistrationLost, FailNotCuredByAnotherPortWhereTheRegistrarWasAway) {
  EXPECT_EQ(away(sip::Transport::udp, true), R"(
fail unknown minor 0.90: sip:alice@example.com got no answer to REGISTER at 198.51.100.20:5060; what it had been granted before still held.
  #3 50.000 REGISTER without an answer for 32 s
fail unknown minor 0.90: sip:carol@example.com got no answer to REGISTER at 198.51.100.20:5060; what it had been granted before still held.
  #8 80.000 REGISTER without an answer for 32 s
)");
}

TEST(RegistrationLost, FailWhereItIsRefreshedTooLate) {
  Scene scene;
  for (int i = 0; i < 4; ++i) send_register(scene, 1 + 65 * i, 1 + i, "200 OK");
  EXPECT_EQ(scene.judge(registration_lost()), R"(
fail endpoint major 0.90: sip:alice@example.com lost its registration at 198.51.100.20:5060 3 times. It refreshes every 65.0 s, which is no less than the 60 s that are granted.
  #2 61.100 the 60 s of the last grant ran out before another one
  #4 126.100 the 60 s of the last grant ran out before another one
  #6 191.100 the 60 s of the last grant ran out before another one
)");
}

TEST(RegistrationLost, FailWhereItIsRefused) {
  Scene scene;
  send_register(scene, 1, 1, "200 OK");
  send_register(scene, 50, 2, "403 Forbidden");
  EXPECT_EQ(scene.judge(registration_lost()), R"(
fail unknown major 0.90: sip:alice@example.com lost its registration at 198.51.100.20:5060 1 time.
  #4 50.100 refused with 403
)");
}

TEST(RegistrationLost, FailWhereItNeverWas) {
  Scene scene;
  send_register(scene, 1, 1, "403 Forbidden");
  send_register(scene, 60, 2, "403 Forbidden");
  EXPECT_EQ(scene.judge(registration_lost()), R"(
fail configuration major 0.90: sip:alice@example.com was never registered: the registrar refuses it with 403. That is a matter of the account, its name and password, and no fault of the network.
  #4 60.100 2 refusals
)");
}

TEST(RegistrationLost, FailWhereTheRegistrarItselfFails) {
  Scene scene;
  send_register(scene, 1, 1, "500 Server Internal Error");
  EXPECT_EQ(scene.judge(registration_lost()), R"(
fail unknown major 0.90: sip:alice@example.com was never registered: the registrar refuses it with 500.
  #2 1.100 1 refusal
)");
}

/// Challenged again and again; the first request has no credentials, and `stale` as the registrar says it.
void challenge(Scene& scene, int times, const std::string& stale) {
  for (int i = 0; i < times; ++i) {
    const std::string cseq = std::to_string(i + 1);
    const std::string credentials = i == 0 ? "" : "\nAuthorization: Digest username=\"alice\"";
    scene.another("reg-1").request(1 + i, Party::caller, "REGISTER", i + 1, {.headers = "Expires: 60" + credentials});
    std::string asked = "WWW-Authenticate: Digest realm=\"x\", nonce=\"";
    asked.append(cseq).append("\"").append(stale);
    scene.response(1.1 + i, Party::callee, "401 Unauthorized", cseq + " REGISTER", {.headers = asked});
  }
}

TEST(RegistrationLost, FailWhereItsCredentialsAreRefused) {
  Scene scene;
  challenge(scene, 4, "");
  EXPECT_EQ(scene.judge(registration_lost()), R"(
fail configuration major 0.90: sip:alice@example.com was never registered: the registrar refuses its credentials, and asks again with 401. That is a matter of the account, its name and password, and no fault of the network.
  #8 4.100 3 refusals
)");
}

/// One REGISTER each for so many names from one address, refused.
std::string refused_names(int names, const std::string& product, const std::string& status = "403 Forbidden") {
  Scene scene;
  for (int i = 0; i < names; ++i) {
    scene.caller.user = std::to_string(100 + i);
    scene.another("reg-" + scene.caller.user)
        .request(1 + i, Party::caller, "REGISTER", 1, {.headers = "Expires: 60\nUser-Agent: " + product});
    scene.response(1.1 + i, Party::callee, status, "1 REGISTER");
  }
  return scene.judge(registration_lost());
}

TEST(RegistrationLost, FailOnceForAllNamesOfOneClient) {
  EXPECT_EQ(refused_names(5, "Gate 2000"), R"(
fail configuration major 0.90: The registrar refuses 5 names that 192.0.2.10 wants to register, and accepts none: sip:100@example.com came first. That is a matter of its accounts, names and passwords, and no fault of the network; or it is no site of yours, and guesses them.
  #2 1.100 5 refusals in all, this one last of its name
)");
}

TEST(RegistrationLost, FailAsANoteWhereAScannerGuesses) {
  EXPECT_EQ(refused_names(1, "friendly-scanner"), R"(
fail none note 0.90: The registrar refuses 1 name that 192.0.2.10 wants to register, and accepts none: sip:100@example.com came first. It calls itself friendly-scanner, which is a scanner.
  #2 1.100 1 refusal in all, this one last of its name
)");
}

TEST(RegistrationLost, FailOnceAsANoteWhereAScannerIsNotAnswered) {
  Scene scene;
  for (const char* const user : {"100", "101"}) {
    scene.caller.user = user;
    scene.another(user).request(1, Party::caller, "REGISTER", 1, {.headers = "User-Agent: sipvicious"});
  }
  scene.another("call-1").set_up(50).hang_up(51);
  EXPECT_EQ(scene.judge(registration_lost()), R"(
fail none note 0.90: Nobody answers 2 names that 192.0.2.10 wants to register: sip:100@example.com came first. It calls itself sipvicious, which is a scanner.
  #1 1.000 REGISTER without an answer for 32 s
)");
}

TEST(RegistrationLost, FailForEachNameWhereTheRegistrarItselfFails) {
  const std::string said = refused_names(6, "Gate 2000", "500 Server Internal Error");
  std::size_t fails = 0;
  for (std::size_t at = said.find("fail unknown major"); at != std::string::npos;
       at = said.find("fail unknown major", at + 1))
    ++fails;
  EXPECT_EQ(fails, 6U) << said;
}

TEST(RegistrationLost, FailAsANoteWhereAnotherServerTakesIt) {
  Scene scene;
  scene.callee.sip = "198.51.100.21:5060";
  send_register(scene, 1, 1, "503 Service Unavailable");
  scene.callee.sip = "198.51.100.20:5060";
  send_register(scene, 2, 2, "200 OK");
  EXPECT_EQ(scene.judge(registration_lost()), R"(
fail none note 0.90: sip:alice@example.com was never registered: the registrar refuses it with 503. But it is registered at 198.51.100.20:5060.
  #2 1.100 1 refusal
)");
}

TEST(RegistrationLost, FailWhereItAsksAnewEarly) {
  Scene scene;
  for (int i = 0; i < 8; ++i) send_register(scene, 1 + 5 * i, 1 + i, "");
  EXPECT_EQ(scene.judge(registration_lost()), R"(
fail unknown major 0.90: sip:alice@example.com was never registered: nobody answers at 198.51.100.20:5060.
  #1 1.000 REGISTER without an answer for 32 s
)");
}

TEST(RegistrationLost, InconclusiveWhereItAsksForLong) {
  Scene scene;
  for (int i = 0; i < 4; ++i) send_register(scene, 1 + 4 * i, 1 + i, "");
  EXPECT_EQ(scene.judge(registration_lost()), R"(
inconclusive unknown major 0.00: REGISTER was not answered, but the capture ends before 32 s were over.
)");
}

TEST(RegistrationLost, NotApplicableWhereItIsChallengedOnce) {
  Scene old;
  challenge(old, 2, "");
  EXPECT_EQ(old.judge(registration_lost()), "\nnot_applicable: No registration was granted here.\n");
  Scene stale;
  challenge(stale, 4, ", stale=TRUE");
  EXPECT_EQ(stale.judge(registration_lost()), "\nnot_applicable: No registration was granted here.\n");
}

TEST(RegistrationLost, Pass) {
  Scene scene;
  for (int i = 0; i < 4; ++i) send_register(scene, 1 + 50 * i, 1 + i, "200 OK");
  EXPECT_EQ(scene.judge(registration_lost()), R"(
pass: Each registration that was granted was kept.
)");
}

TEST(RegistrationLost, PassWhereItIsTakenBack) {
  Scene scene;
  send_register(scene, 1, 1, "200 OK");
  send_register(scene, 20, 2, "200 OK", "0");
  scene.another("call-1").set_up(500).hang_up(510);
  EXPECT_EQ(scene.judge(registration_lost()), R"(
pass: Each registration that was granted was kept.
)");
}

TEST(RegistrationLost, NotApplicable) {
  Scene scene;
  scene.set_up(1).hang_up(3);
  EXPECT_EQ(scene.judge(registration_lost()), R"(
not_applicable: No registration was granted here.
)");
}

TEST(RegistrationLost, InconclusiveWhereThePhoneIsNotHeardOfAnyMore) {
  Scene scene;
  send_register(scene, 1, 1, "200 OK");
  scene.another("call-1").set_up(500).hang_up(510);
  EXPECT_EQ(scene.judge(registration_lost()), R"(
inconclusive none note 0.00: The registration of sip:alice@example.com ran out, and its phone was not heard of any more: it may have been switched off.
  #2 61.100 the 60 s of the last grant ran out before another one
)");
}

TEST(RegistrationLost, InconclusiveWhereTheCaptureEndsSoon) {
  Scene scene;
  send_register(scene, 1, 1, "");
  EXPECT_EQ(scene.judge(registration_lost()), R"(
inconclusive none note 0.00: REGISTER was not answered, but the capture ends before 32 s were over.
)");
}

}  // namespace
}  // namespace viaduct::diagnose::rules
