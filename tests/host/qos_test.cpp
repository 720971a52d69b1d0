// SPDX-License-Identifier: GPL-2.0-or-later
// The queueing tree on a real interface: built, refused, forced, restored, and what it does to packets.
#include "os/qos.hpp"

#include "box_host.hpp"
#include "namespaces.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>
#include <stdlib.h>

namespace viaduct::os {
namespace {

using hosttest::network_state;
using hosttest::Router;
using hosttest::UdpPeer;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;
using ::testing::SizeIs;

class QosTest : public ::testing::Test {
 protected:
  QosTest() {
    std::string pattern = ::testing::TempDir() + "viaduct-qos-XXXXXX";
    EXPECT_NE(::mkdtemp(pattern.data()), nullptr);
    config_.interface = "wan0";
    config_.rate = 10'000'000;
    config_.state_folder = pattern;
  }
  ~QosTest() override {
    std::error_code ignored;
    std::filesystem::remove_all(config_.state_folder, ignored);
  }
  QosChange build() {
    Result<QosOutcome> outcome = build_qos(host_, config_);
    EXPECT_TRUE(outcome) << outcome.error().to_text();
    return outcome ? outcome->change : QosChange::nothing;
  }
  Result<QosOutcome> restore() { return restore_qos(host_, "wan0", config_.state_folder); }
  /// Packets that each class has sent, "1:10 3\n...": once `wanted` is among them, or after some seconds.
  std::string class_counts(const std::string& wanted) {
    std::string counts;
    for (int i = 0; i < 100; ++i) {
      counts = router_.router.run("tc -s class show dev wan0 | awk '/^class/ {id=$3} /Sent/ {print id, $4}'");
      if (counts.find(wanted) != std::string::npos) break;
    }
    return counts;
  }
  std::string qdiscs() { return router_.router.run("tc qdisc show dev wan0"); }

  Router router_;
  SystemHost host_;
  QosConfig config_;
};

TEST(QosSharesTest, GuaranteesAddUpAndTheRestKeepsAQuarter) {
  QosShares shares = shares_of(10'000'000, 1500);
  EXPECT_EQ(shares.total, 9'500'000U);
  EXPECT_EQ(shares.voice, 3'800'000U);
  EXPECT_EQ(shares.voice_ceiling, 7'125'000U);
  EXPECT_EQ(shares.signalling, 475'000U);
  EXPECT_EQ(shares.voice + shares.signalling + shares.rest, shares.total);
  EXPECT_EQ(shares.voice_queue, 249U);
  EXPECT_EQ(shares.rest_queue, 59'375U);
  EXPECT_EQ(shares_of(64'000, 1500).rest_queue, 4U * 1564U);
}

/// Hardware with several queues and a kernel with fq_codel: both are missing here, so the commands are compared.
TEST(QosRecordedTest, CommandsOnAKernelThatHasEverything) {
  hosttest::RecordedHost host;
  host.outputs["tc qdisc show dev wan9"] =
      "qdisc mq 0: root \nqdisc fq_codel 0: parent :1 limit 10240p flows 1024 quantum 1514 target 5ms\n"
      "qdisc clsact ffff: parent ffff:fff1 \n";
  QosConfig config;
  config.interface = "wan9";
  config.rate = 1'000'000;
  config.state_folder = "/var/lib/viaduct";
  Result<QosOutcome> built = build_qos(host, config);
  ASSERT_TRUE(built) << built.error().to_text();
  EXPECT_EQ(built->before, "qdisc mq 0: root");
  EXPECT_THAT(
      host.changes,
      ElementsAre(
          "tc qdisc replace dev wan9 root handle 1: htb default 30",
          "tc class add dev wan9 parent 1: classid 1:1 htb rate 950000bit ceil 950000bit burst 3128 cburst 3128 "
          "quantum "
          "1514 prio 0",
          "tc class add dev wan9 parent 1:1 classid 1:10 htb rate 380000bit ceil 712500bit burst 3128 cburst 3128 "
          "quantum 1514 prio 0",
          "tc class add dev wan9 parent 1:1 classid 1:20 htb rate 47500bit ceil 950000bit burst 3128 cburst 3128 "
          "quantum "
          "1514 prio 1",
          "tc class add dev wan9 parent 1:1 classid 1:30 htb rate 522500bit ceil 950000bit burst 3128 cburst 3128 "
          "quantum 1514 prio 2",
          "tc qdisc add dev wan9 parent 1:10 handle 7610: pfifo limit 24",
          "tc qdisc add dev wan9 parent 1:20 handle 7620: pfifo limit 100",
          "tc qdisc add dev wan9 parent 1:30 handle 7630: tbf rate 19000000bit burst 3128 limit 6256",
          "tc qdisc add dev wan9 parent 7630:1 handle 7631: fq_codel limit 1000 target 19123us"));
  // The tree as the kernel would show it now: known again, and the default comes back by deleting.
  host.outputs["tc qdisc show dev wan9"] =
      "qdisc htb 1: root refcnt 9 r2q 10\nqdisc pfifo 7610: parent 1:10 limit 100p\n";
  host.changes.clear();
  EXPECT_EQ(build_qos(host, config)->change, QosChange::unchanged);
  EXPECT_THAT(host.changes, IsEmpty());
  EXPECT_EQ(restore_qos(host, "wan9")->change, QosChange::restored);
  EXPECT_THAT(host.changes, ElementsAre("tc qdisc del dev wan9 root"));
  EXPECT_THAT(host.files, IsEmpty());
}

TEST_F(QosTest, BuildsTheTreeAndGivesTheDefaultBack) {
  std::string before = network_state(router_.router);
  EXPECT_EQ(build(), QosChange::built);
  EXPECT_EQ(router_.router.run("tc class show dev wan0 | grep htb | sed 's/burst.*//; s/leaf [0-9]*: //' | sort"),
            "class htb 1:1 root rate 9500Kbit ceil 9500Kbit \n"
            "class htb 1:10 parent 1:1 prio 0 rate 3800Kbit ceil 7125Kbit \n"
            "class htb 1:20 parent 1:1 prio 1 rate 475Kbit ceil 9500Kbit \n"
            "class htb 1:30 parent 1:1 prio 2 rate 5225Kbit ceil 9500Kbit \n");
  EXPECT_THAT(qdiscs(), HasSubstr("qdisc tbf 7630: parent 1:30 rate 190Mbit"));
  EXPECT_EQ(build(), QosChange::unchanged);
  Result<QosOutcome> back = restore();
  ASSERT_TRUE(back);
  EXPECT_EQ(back->change, QosChange::restored);
  EXPECT_EQ(network_state(router_.router), before);
  EXPECT_EQ(restore()->change, QosChange::nothing);
  EXPECT_TRUE(std::filesystem::is_empty(config_.state_folder));
}

TEST_F(QosTest, AConfiguredQdiscIsRefusedAndNothingChanges) {
  router_.router.run("tc qdisc add dev wan0 root handle 8001: pfifo limit 77");
  std::string before = network_state(router_.router);
  Result<QosOutcome> refused = build_qos(host_, config_);
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().code, Problem::already_exists);
  EXPECT_THAT(refused.error().to_text(), HasSubstr("pfifo 8001: root"));
  EXPECT_THAT(refused.error().to_text(), HasSubstr("force"));
  EXPECT_EQ(network_state(router_.router), before);
  EXPECT_TRUE(std::filesystem::is_empty(config_.state_folder));
}

TEST_F(QosTest, ForcedAndRestoredAsItWas) {
  router_.router.run("tc qdisc add dev wan0 root handle 8001: tbf rate 3mbit burst 5kb latency 70ms");
  std::string before = network_state(router_.router);
  config_.force = true;
  EXPECT_EQ(build(), QosChange::built);
  EXPECT_THAT(qdiscs(), HasSubstr("qdisc htb 1: root"));
  Result<QosOutcome> back = restore();
  ASSERT_TRUE(back) << back.error().to_text();
  EXPECT_THAT(back->remarks, IsEmpty());
  EXPECT_EQ(network_state(router_.router), before);
}

TEST_F(QosTest, PfifoWithPacketLimitComesBack) {
  router_.router.run("tc qdisc add dev wan0 root handle 8001: pfifo limit 77");
  std::string before = network_state(router_.router);
  config_.force = true;
  EXPECT_EQ(build(), QosChange::built);
  ASSERT_TRUE(restore());
  EXPECT_EQ(network_state(router_.router), before);
}

TEST_F(QosTest, AClassTreeIsNotPromisedBack) {
  router_.router.run(
      "tc qdisc add dev wan0 root handle 5: htb; tc class add dev wan0 parent 5: classid 5:1 htb rate 1mbit");
  config_.force = true;
  Result<QosOutcome> built = build_qos(host_, config_);
  ASSERT_TRUE(built);
  EXPECT_THAT(built->remarks, ElementsAre(HasSubstr("cannot be put back")));
  Result<QosOutcome> back = restore();
  ASSERT_TRUE(back);
  EXPECT_THAT(back->remarks, ElementsAre(HasSubstr("htb 5: root")));
  EXPECT_THAT(qdiscs(), HasSubstr("noqueue 0: root"));
}

TEST_F(QosTest, AfterAKillTheNextBuildStillKnowsWhatWasThere) {
  router_.router.run("tc qdisc add dev wan0 root handle 8001: pfifo limit 77");
  std::string before = network_state(router_.router);
  config_.force = true;
  EXPECT_EQ(build(), QosChange::built);
  // Another process, another rate: the tree on the interface is ours, the remembered qdisc stays remembered.
  config_.force = false;
  config_.rate = 20'000'000;
  EXPECT_EQ(build(), QosChange::built);
  EXPECT_THAT(router_.router.run("tc class show dev wan0"), HasSubstr("class htb 1:1 root rate 19Mbit"));
  ASSERT_TRUE(restore());
  EXPECT_EQ(network_state(router_.router), before);
}

TEST_F(QosTest, ATreeThatSomebodyPutInsteadStays) {
  EXPECT_EQ(build(), QosChange::built);
  router_.router.run("tc qdisc del dev wan0 root; tc qdisc add dev wan0 root handle 8001: pfifo limit 77");
  std::string theirs = network_state(router_.router);
  Result<QosOutcome> back = restore();
  ASSERT_TRUE(back);
  EXPECT_EQ(back->change, QosChange::nothing);
  EXPECT_THAT(back->remarks, SizeIs(1));
  EXPECT_EQ(network_state(router_.router), theirs);
}

TEST_F(QosTest, AFailedBuildLeavesWhatWasThere) {
  router_.router.run("tc qdisc add dev wan0 root handle 8001: pfifo limit 77");
  std::string before = network_state(router_.router);
  config_.force = true;
  config_.by_dscp = true;
  config_.media_dscp = 200;  // no such code point: tc refuses the filter, the last step
  EXPECT_FALSE(build_qos(host_, config_));
  EXPECT_EQ(network_state(router_.router), before);
}

TEST_F(QosTest, PacketsGoToTheClassTheirPriorityNames) {
  EXPECT_EQ(build(), QosChange::built);
  router_.router.run(
      "nft add table inet prio; nft 'add chain inet prio post { type filter hook postrouting priority 0; }'"
      "; nft add rule inet prio post udp dport 40000 meta priority set 1:10"
      "; nft add rule inet prio post udp dport 5060 meta priority set 1:20");
  UdpPeer phone(router_.phone, router_.router, "192.168.7.2", 9000);
  for (int i = 0; i < 3; ++i) phone.send("203.0.113.2", 40000, "rtp");
  for (int i = 0; i < 2; ++i) phone.send("203.0.113.2", 5060, "sip");
  phone.send("203.0.113.2", 80, "web");
  EXPECT_THAT(class_counts("1:10 3\n"), HasSubstr("1:10 3\n"));
  EXPECT_THAT(class_counts("1:20 2\n"), HasSubstr("1:20 2\n"));
  EXPECT_THAT(class_counts("1:20 2\n"), Not(HasSubstr("1:30 0\n")));
}

TEST_F(QosTest, DscpChoosesTheClassWhenAsked) {
  config_.by_dscp = true;
  EXPECT_EQ(build(), QosChange::built);
  router_.router.run(
      "nft add table inet prio; nft 'add chain inet prio post { type filter hook postrouting priority 0; }'"
      "; nft add rule inet prio post meta nfproto ipv4 udp dport 40000 ip dscp set ef"
      "; nft add rule inet prio post meta nfproto ipv6 udp dport 40000 ip6 dscp set ef");
  UdpPeer phone4(router_.phone, router_.router, "192.168.7.2", 9000);
  UdpPeer phone6(router_.phone, router_.router, "2001:db8:7::2", 9000);
  phone4.send("203.0.113.2", 40000, "rtp");
  phone6.send("2001:db8:1::2", 40000, "rtp");
  EXPECT_THAT(class_counts("1:10 2\n"), HasSubstr("1:10 2\n"));
}

}  // namespace
}  // namespace viaduct::os
