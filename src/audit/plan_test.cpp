// SPDX-License-Identifier: GPL-2.0-or-later
#include "audit/plan.hpp"

#include "audit/catalogue.hpp"

#include <gmock/gmock.h>

namespace viaduct::audit {
namespace {

using Kind = Plan::Step::Kind;

/// Kind, command, and a `?` before it where nothing backs it.
std::string text_of(const Plan& plan, Kind kind) {
  std::string text;
  for (const Plan::Step& step : plan.steps)
    if (step.kind == kind) text += (step.verified ? "" : "? ") + step.command + "\n";
  return text;
}

Plan plan_of(Bytes id) {
  static const Catalogue catalogue = Catalogue::built_in();
  return plan_of(*catalogue.find(id), true, true);
}

TEST(Plan, WhatNobodyVerifiedIsMarked) {
  EXPECT_EQ(text_of(plan_of("dd-wrt"), Kind::change),
            "? rmmod nf_nat_sip\n"
            "? rmmod nf_conntrack_sip\n"
            "? save both lines as startup script: Administration > Commands > Save Startup\n");
  EXPECT_EQ(text_of(plan_of("dd-wrt"), Kind::timer), "nvram set ip_conntrack_udp_timeouts=300\nnvram commit\n");
  EXPECT_EQ(text_of(plan_of("allied-telesis-alliedware"), Kind::change),
            "? disable firewall sipalg\n? create config=<FILE>.cfg\n? set config=<FILE>.cfg\n");
  EXPECT_EQ(text_of(plan_of("cisco-asa"), Kind::clear),
            "? clear conn all protocol udp port 5060\n? clear conn all protocol tcp port 5060\n? clear xlate (drops all traffic)\n");
}

TEST(Plan, WordsForAPersonAreNoCommands) {
  const Catalogue catalogue = Catalogue::built_in();
  for (const Product& product : catalogue.products())
    for (const Plan::Step& step : viaduct::audit::plan_of(product, true, true).steps) {
      const bool typed = step.kind == Kind::change || step.kind == Kind::timer || step.kind == Kind::clear || step.kind == Kind::restart;
      const bool words = step.command.find(" > ") != std::string::npos || step.command.starts_with("or ") || step.command.find("(all)") != std::string::npos;
      const bool redirects = step.command.starts_with("echo ") || step.command.starts_with("printf ");
      EXPECT_TRUE(!typed || !words || redirects || step.by_hand) << product.id << ": " << step.command;
      const bool reboots = step.command == "reboot" && (step.kind == Kind::change || step.kind == Kind::timer);
      EXPECT_FALSE(reboots) << product.id << " restarts before anybody asked for it";
    }
}

TEST(Plan, WhereOneCommandIsInDoubtNoneOfItsBlockIsTyped) {
  EXPECT_EQ(text_of(plan_of("freshtomato"), Kind::change), "? nvram set nf_sip=0\n? nvram commit\n? service ctnf restart\n");
  EXPECT_EQ(text_of(plan_of("freshtomato"), Kind::check),
            "nvram get nf_sip\nlsmod | grep sip\nnvram get ct_udp_timeout\nnvram get ct_udp_timeout\n");
}

}  // namespace
}  // namespace viaduct::audit
