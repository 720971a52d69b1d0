// SPDX-License-Identifier: GPL-2.0-or-later
#include "audit/products/seen_test.hpp"

#include <gtest/gtest.h>

#include <string>

namespace viaduct::audit {
namespace {

const std::string kOff =
    "set version 21.4R3.15\nset system host-name srx\nset security alg sip disable\n"
    "set security zones security-zone trust interfaces ge-0/0/1.0\n";
const std::string kSilent =
    "set version 21.4R3.15\nset system host-name srx\nset security zones security-zone trust interfaces ge-0/0/1.0\n";
const std::string kDisabled = "ALG Status:\n  DNS      : Enabled\n  SIP      : Disabled\n";

/// State of the ALG in the root system.
std::string alg(const std::string& text) {
  const Device device = by_reader(text);
  return device.features.empty() ? "none" : std::string(name(device.features[0].state));
}

TEST(JunosStatus, OneNodeDoesNotSpeakForTheOther) {
  EXPECT_EQ(alg(kSilent + "root@srx> show security alg status node 0\nnode0:\n" + kDisabled), "unknown");
  EXPECT_EQ(alg(kSilent + "root@srx> show security alg status node 0\n" + kDisabled +
                "root@srx> show security alg status node 1\n" + kDisabled),
            "off");
  EXPECT_EQ(alg(kOff + "root@srx> show security alg status node 0\n" + kDisabled), "off");
}

TEST(JunosStatus, ASystemIsToldByTheQuestionOrThePrompt) {
  EXPECT_EQ(alg(kSilent + "root@srx> show security alg status tenant T1\n" + kDisabled), "unknown");
  EXPECT_EQ(alg(kSilent + "root@srx:LS1> show security alg status\n" + kDisabled), "unknown");
  EXPECT_EQ(alg(kSilent + "root@srx> show security alg status | match sip\n  SIP      : Disabled\n"), "off");
}

TEST(JunosStatus, TheLastAnswerCounts) {
  const std::string asked = "root@srx> show security alg status | match sip\n  SIP : ";
  EXPECT_EQ(alg(kOff + asked + "Enabled\n" + asked + "Disabled\n"), "off");
  EXPECT_EQ(alg(kOff + asked + "Disabled\n" + asked + "Enabled\n"), "on");
}

TEST(JunosStatus, WhatIsTypedBehindMakesOld) {
  EXPECT_EQ(alg(kOff + "root@srx> show security alg status\n" + kDisabled + "root@srx# delete security alg\n"),
            "unknown");
  EXPECT_EQ(alg(kOff + "[edit security alg sip]\nroot@srx# delete disable\n"), "unknown");
  EXPECT_EQ(alg(kOff + "root@srx# rollback 1\n"), "unknown");
  EXPECT_EQ(alg(kOff + "srx# rollback 1\n"), "unknown");
  EXPECT_EQ(alg("root@srx# rollback 1\n" + kOff), "off");
  EXPECT_EQ(alg(kOff + "root@srx# delete system services telnet\n"), "off");
}

TEST(JunosStatus, TheLevelOfEditIsFollowed) {
  const auto typed = [](const std::string& lines) { return alg(kOff + lines); };
  EXPECT_EQ(typed("root@srx# edit security alg\nroot@srx# delete sip disable\n"), "unknown");
  EXPECT_EQ(typed("root@srx# edit security\nroot@srx# edit alg sip\nroot@srx# delete disable\n"), "unknown");
  EXPECT_EQ(typed("root@srx# edit security alg\nroot@srx# delete\n"), "unknown");
  EXPECT_EQ(typed("root@srx# edit system\nroot@srx# top delete security alg sip\n"), "unknown");
  EXPECT_EQ(typed("root@srx# edit system\nroot@srx# top edit security alg\nroot@srx# delete sip disable\n"), "unknown");
  EXPECT_EQ(typed("root@srx# edit security alg dns\nroot@srx# up\nroot@srx# delete sip\n"), "unknown");
  EXPECT_EQ(typed("[edit security alg]\nroot@srx# delete sip disable\n"), "unknown");
  EXPECT_EQ(typed("root@srx# wildcard delete security alg s*\n"), "unknown");
  EXPECT_EQ(typed("root@srx# delete sip disable\n"), "unknown");
  EXPECT_EQ(typed("root@srx# delete groups G\n"), "unknown");
  EXPECT_EQ(typed("root@srx# edit system services\nroot@srx# delete ssh\n"), "off");
  EXPECT_EQ(typed("root@srx# edit security alg\nroot@srx# delete ftp disable\nroot@srx# top delete system\n"), "off");
  EXPECT_EQ(typed("root@srx# wildcard delete interfaces ge-*\n"), "off");
}

TEST(JunosStatus, TheLevelOfEditEndsWithTheConfiguration) {
  const std::string asked = "root@srx> show security alg status\n" + kDisabled + "root@srx> configure\n";
  const std::string edit = "root@srx# edit interfaces ge-0/0/0\n";
  const std::string undo = "root@srx# delete security alg sip disable\n";
  EXPECT_EQ(alg(kOff + asked + edit + undo), "off");
  EXPECT_EQ(alg(kOff + asked + edit + "root@srx# commit and-quit\n" + undo), "unknown");
  EXPECT_EQ(alg(kOff + asked + edit + "root@srx# exit configuration-mode\n" + undo), "unknown");
  EXPECT_EQ(alg(kOff + asked + edit + "root@srx# quit\n" + undo), "unknown");
  EXPECT_EQ(alg(kOff + asked + edit + "root@srx> edit\n" + undo), "unknown");
  EXPECT_EQ(alg(kOff + asked + edit + "root@srx> show version\n" + undo), "unknown");
}

TEST(JunosStatus, ALevelWithoutEndIsLeftAsWell) {
  std::string deep;
  for (int i = 0; i < 100; ++i) deep += "root@srx# edit a\n";
  EXPECT_EQ(alg(kOff + deep + "root@srx# delete b\n"), "off");
  // Of 100 levels no more are kept than 40 steps leave.
  EXPECT_EQ(alg(kOff + deep + "root@srx# up 40\nroot@srx# delete security\n"), "unknown");
}

}  // namespace
}  // namespace viaduct::audit
