// SPDX-License-Identifier: GPL-2.0-or-later
// Dumps of NVRAM in their forms, and what was recorded of consoles: ASUSWRT, FreshTomato, Vigor, SFOS.
#include "audit/products/seen_test.hpp"

#include <gmock/gmock.h>

namespace viaduct::audit {
namespace {

constexpr const char* kTomatoOff =
    "freshtomato off\nnf_sip [global] off @2\nct_udp_timeout unreplied [global] 40 @3\nct_udp_timeout assured [global] "
    "220 @3\n";

TEST(FreshTomato, EachFormOfAnExportSaysTheSame) {
  EXPECT_EQ(seen("os_version=2024.3 K26ARM\nnf_sip=0\nct_udp_timeout=40 220\n"), kTomatoOff);
  EXPECT_EQ(seen("\"os_version=2024.3 K26ARM\"\n\"nf_sip=0\"\n\"ct_udp_timeout=40 220\"\n"), kTomatoOff);
  EXPECT_EQ(seen("\"os_version=2024.3 K26ARM\\n\"\n\"nf_sip=0\\n\"\n\"ct_udp_timeout=40 220\\n\"\n"), kTomatoOff);
  EXPECT_EQ(seen("os_version\t2024.3 K26ARM\nnf_sip\t0\nct_udp_timeout\t40 220\n"), kTomatoOff);
  EXPECT_EQ(
      seen("nvram set os_version=\"2024.3 K26ARM\"\nnvram set nf_sip=\"0\"\nnvram set ct_udp_timeout=\"40 220\"\n"),
      kTomatoOff);
}

TEST(FreshTomato, WithoutVersionADefaultIsNotKnown) {
  EXPECT_EQ(seen("nf_ftp=0\nct_udp_timeout=40 220\n"),
            "freshtomato unknown\nnf_sip [global] unknown\nct_udp_timeout unreplied [global] 40 @2\nct_udp_timeout "
            "assured [global] 220 @2\n");
}

TEST(FreshTomato, TheAnswerStandsBehindTheQuestion) {
  EXPECT_EQ(seen("root@tomato:/tmp/home/root# nvram get nf_sip\n1\nroot@tomato:/tmp/home/root# nvram set nf_sip=0\n"
                 "root@tomato:/tmp/home/root# nvram get ct_udp_timeout\n30 180\n"),
            "freshtomato off\nnf_sip [global] off @3\nct_udp_timeout unreplied [global] 30 @5\nct_udp_timeout assured "
            "[global] 180 @5\n");
}

TEST(AsusWrt, ATimerOfTheNvramIsRead) {
  EXPECT_EQ(seen("firmver=3.0.0.4\nproductid=RT-AX86U\nfw_pt_sip=2\nct_udp_timeout=30 180\n"),
            "asuswrt off\nfw_pt_sip [global] off @3\nct_udp_timeout unreplied [global] 30 @4\nct_udp_timeout assured "
            "[global] 180 @4\n");
  EXPECT_EQ(seen("firmver=3.0.0.4\nproductid=RT-AX86U\nfw_pt_sip=1\nct_udp_timeout=\n"),
            "asuswrt on\nfw_pt_sip [global] on @3\n");
}

TEST(FreshTomato, WhatScriptsSetCountsMore) {
  EXPECT_EQ(seen("os_version=2024.3 K26ARM\nnf_sip=0\nct_udp_timeout=40 220\nscript_fire=#!/bin/sh\n"
                 "# echo 60 > /proc/sys/net/netfilter/nf_conntrack_udp_timeout\n"
                 "echo 300 > /proc/sys/net/netfilter/nf_conntrack_udp_timeout_stream\n"),
            "freshtomato off\nnf_sip [global] off @2\nct_udp_timeout unreplied [global] 40 @3\n"
            "nf_conntrack_udp_timeout_stream [global] 300 @6\n");
}

TEST(AsusWrt, ATimerOfTheKernelIsRead) {
  EXPECT_EQ(seen("admin@rt:/tmp/home/root# nvram show\nfirmver=3.0.0.4\nproductid=RT-AX86U\nfw_pt_sip=0\n"
                 "admin@rt:/tmp/home/root# cat /proc/sys/net/netfilter/nf_conntrack_udp_timeout_stream\n180\n"),
            "asuswrt off\nfw_pt_sip [global] off @4\nnf_conntrack_udp_timeout_stream [global] 180 @6\n");
}

TEST(Vigor, EachTransportHasItsPath) {
  EXPECT_EQ(
      seen("Vigor> sys sip_alg -e 1 -p 5060 -u 1 -t 0\nVigor> portmaptime -t 86400 -u 240\n"),
      "draytek-vigor partly\nsys sip_alg [global] partly @1\nportmaptime UDP [global] 240 @2\nrtp priority unknown\n");
  EXPECT_EQ(
      seen("! rollout\nsys name br-1\nsys sip_alg -e 1 -p 5060 -u 1 -t 1\nsys sip_alg -e 0\n! sys sip_alg -e 1\n"),
      "draytek-vigor off\nsys sip_alg [global] off @4\nrtp priority unknown\n");
}

TEST(Vigor, ASessionThatDoesNotShowTheAlgDoesNotTellIt) {
  EXPECT_EQ(seen("DrayTek> sys version\nRouter Model: Vigor2865  Version: 4.4.5 English\n"),
            "draytek-vigor unknown\nsys sip_alg [global] unknown\nrtp priority unknown\n");
}

TEST(Sfos, TheLastListCounts) {
  EXPECT_EQ(seen("sip             loaded\n\tUDP Timeout\t\t: 30\n\tUDP Timeout Stream\t: 60\nsystem system_modules sip "
                 "unload\nsip             unloaded\n"
                 "set advanced-firewall udp-timeout 90\n\tUDP Timeout Stream\t: 150\n"),
            "sophos-sfos off\nsystem_modules sip [global] off @5\nudp-timeout [global] 90 @6\nudp-timeout-stream "
            "[global] 150 @7\n"
            "rtp priority unknown\n");
}

}  // namespace
}  // namespace viaduct::audit
