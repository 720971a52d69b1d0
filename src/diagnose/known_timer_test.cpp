// SPDX-License-Identifier: GPL-2.0-or-later
#include "diagnose/known_timer.hpp"

#include "diagnose/records_test.hpp"

#include <gtest/gtest.h>

namespace viaduct::diagnose {
namespace {

std::string fits(double period, double half_width, const CaseFacts& facts) {
  const std::vector<Group> groups = groups_of(facts);
  return fitting({.period = period, .low = period - half_width, .high = period + half_width},
                 known_timers(facts, groups.front()));
}

TEST(KnownTimer, WhatIsUsualAndWhatWasAgreed) {
  std::vector<CallRecord> records{test::record(0, "192.168.1.10", "198.51.100.9", 0, 300, {30, 60})};
  records[0].session = 90;
  call::Registration registration;
  registration.client = {*net::parse_address("192.168.1.10"), 5060};
  registration.registrar = {*net::parse_address("198.51.100.9"), 5060};
  registration.expires_given = 60;
  const call::Registration* const known = &registration;
  const CaseFacts facts{.calls = records, .registrations = {&known, 1}};
  EXPECT_EQ(fits(30.05, 0.02, facts),
            "30.1 s fits 30.0 s, the UDP timeout of many routers; 30.0 s, half of the registration's 60.0 s");
  EXPECT_EQ(fits(45, 0.5, facts), "45.0 s fits 45.0 s, half of the session timer's 90.0 s");
  EXPECT_EQ(fits(31, 2, facts),
            "31.0 s fits 30.0 s, the UDP timeout of many routers; 32.0 s, 64*T1 of SIP; 30.0 s, half of the "
            "registration's 60.0 s");
  EXPECT_EQ(fits(50, 0.5, facts), "");
}

}  // namespace
}  // namespace viaduct::diagnose
