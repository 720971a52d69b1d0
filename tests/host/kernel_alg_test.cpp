// SPDX-License-Identifier: GPL-2.0-or-later
// The kernel's own SIP ALG, attached in every way this kernel has, found and taken off on a real router.
#include "os/kernel_alg.hpp"

#include "namespaces.hpp"
#include "os/kernel_alg_proof.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>

namespace viaduct::os {
namespace {

using hosttest::invite;
using hosttest::network_state;
using hosttest::Router;
using hosttest::UdpPeer;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::SizeIs;
using ::testing::UnorderedElementsAre;

class KernelAlgTest : public ::testing::Test {
 protected:
  KernelAlgTest() : conntrack_(*Conntrack::open()) {}

  void attach_by_nft() {
    router_.router.run(
        "nft add table inet alg; nft 'add ct helper inet alg sip-udp { type \"sip\" protocol udp; }'"
        "; nft 'add chain inet alg pre { type filter hook prerouting priority 0; }'"
        "; nft add rule inet alg pre udp dport 5060 ct helper set '\"sip-udp\"'");
  }

  /// A call set up by the phone; the server sees what the kernel ALG makes of it.
  std::string call(std::uint16_t port) {
    UdpPeer phone(router_.phone, router_.router, "192.168.7.2", port);
    UdpPeer server(router_.server, router_.router, "203.0.113.2", 5060);
    EXPECT_GT(phone.send("203.0.113.2", 5060, invite("192.168.7.2", port, "203.0.113.2")), 0);
    return server.receive(5000);
  }

  KernelAlg find() {
    Result<KernelAlg> found = find_kernel_alg(host_, conntrack_);
    EXPECT_TRUE(found) << found.error().to_text();
    return found ? *found : KernelAlg();
  }

  static std::vector<std::string> places(const KernelAlg& alg) {
    std::vector<std::string> all(alg.attachments.size());
    std::ranges::transform(alg.attachments, all.begin(),
                           [](const Attachment& one) { return one.place + ": " + one.rule; });
    return all;
  }

  Router router_;
  SystemHost host_;
  Conntrack conntrack_;
};

TEST_F(KernelAlgTest, NothingIsFoundOnAPlainRouter) {
  EXPECT_THAT(call(5060), HasSubstr("c=IN IP4 192.168.7.2"));
  KernelAlg alg = find();
  EXPECT_FALSE(alg.found());
  EXPECT_EQ(refusal_text(alg), "");
  Result<AlgProver> prover = AlgProver::open(host_, conntrack_);
  ASSERT_TRUE(prover) << prover.error().to_text();
  Result<AlgProof> proof = prover->probe({});
  ASSERT_TRUE(proof) << proof.error().to_text();
  EXPECT_TRUE(proof->clean(false));
  EXPECT_FALSE(proof->clean(true));
  for (const AlgProbe& probe : proof->probes)
    EXPECT_TRUE(probe.seen) << probe.path << " " << probe.tuple.to_text() << " " << probe.note;
}

TEST_F(KernelAlgTest, RuleFlowAndExpectationAreFoundAndDetached) {
  attach_by_nft();
  std::string before = network_state(router_.router);
  EXPECT_THAT(call(5060), HasSubstr("c=IN IP4 203.0.113.1")) << "the kernel ALG is not at work";

  KernelAlg alg = find();
  EXPECT_EQ(network_state(router_.router), before) << "looking must change nothing";
  EXPECT_THAT(places(alg), ElementsAre("nftables inet alg pre: udp dport 5060 ct helper set \"sip-udp\"",
                                       "nftables inet alg: ct helper sip-udp { type \"sip\" protocol udp }"));
  ASSERT_THAT(alg.flows, SizeIs(1));
  EXPECT_EQ(alg.flows[0].original.source.to_text(), "192.168.7.2:5060");
  EXPECT_THAT(alg.expectations, testing::Not(IsEmpty()));
  EXPECT_THAT(refusal_text(alg), HasSubstr("disable-kernel-alg"));

  Result<Detachment> detached = detach_kernel_alg(host_, conntrack_, alg);
  ASSERT_TRUE(detached) << detached.error().to_text();
  EXPECT_THAT(detached->refused, IsEmpty());
  EXPECT_EQ(detached->flows_removed, 1U);
  EXPECT_FALSE(find().found());
  EXPECT_THAT(call(5060), HasSubstr("c=IN IP4 192.168.7.2")) << "the old port must be free of the helper";
  EXPECT_THAT(call(5070), HasSubstr("c=IN IP4 192.168.7.2"));
}

TEST_F(KernelAlgTest, ProofSeesTheHelperBeforeAndNotAfter) {
  attach_by_nft();
  call(5060);
  KernelAlg alg = find();
  Result<AlgProver> prover = AlgProver::open(host_, conntrack_);
  ASSERT_TRUE(prover) << prover.error().to_text();
  Result<Connection> control = prover->add_control("sip");
  ASSERT_TRUE(control) << control.error().to_text();
  EXPECT_EQ(control->helper, "sip");

  Result<AlgProof> attached = prover->probe({{5060}, alg.flows});
  ASSERT_TRUE(attached) << attached.error().to_text();
  EXPECT_FALSE(attached->clean(true));
  for (const AlgProbe& probe : attached->probes) {
    // The rule is for UDP that arrives; TCP and the box's own packets do not meet it.
    bool meets_rule = probe.tuple.protocol == 17 && probe.path != "output";
    EXPECT_EQ(probe.helper, meets_rule || probe.old) << probe.path << " " << probe.tuple.to_text();
    EXPECT_TRUE(probe.seen) << probe.note;
  }

  ASSERT_TRUE(detach_kernel_alg(host_, conntrack_, alg));
  Result<AlgProof> after = prover->probe({{5060}, alg.flows});
  ASSERT_TRUE(after) << after.error().to_text();
  EXPECT_TRUE(after->clean(true));
  EXPECT_EQ(after->helped, 0U);
  EXPECT_EQ(after->seen, after->probes.size());
}

TEST_F(KernelAlgTest, AnOldFlowKeepsTheHelperWhenOnlyTheRuleGoes) {
  attach_by_nft();
  call(5060);
  KernelAlg alg = find();
  router_.router.run("nft flush chain inet alg pre");
  Result<AlgProver> prover = AlgProver::open(host_, conntrack_);
  ASSERT_TRUE(prover);
  Result<AlgProof> proof = prover->probe({{5060}, alg.flows});
  ASSERT_TRUE(proof);
  EXPECT_FALSE(proof->clean(true)) << "only the old port shows that the helper still works";
  EXPECT_EQ(proof->helped, 1U);
  EXPECT_TRUE(find().attached());
}

TEST_F(KernelAlgTest, ProverLeavesNothingBehind) {
  attach_by_nft();
  std::string before = network_state(router_.router);
  {
    Result<AlgProver> prover = AlgProver::open(host_, conntrack_);
    ASSERT_TRUE(prover);
    ASSERT_TRUE(prover->add_control("sip"));
    ASSERT_TRUE(prover->probe({{5060, 5061}, {}}));
    EXPECT_NE(network_state(router_.router), before);
  }
  EXPECT_EQ(network_state(router_.router), before);
  EXPECT_THAT(*conntrack_.dump(), IsEmpty());
}

TEST_F(KernelAlgTest, IptablesRulesOfBothKindsGo) {
  router_.router.run(
      "iptables-nft -t raw -A PREROUTING -p udp --dport 5060 -m comment --comment 'two \"words\"' -j CT --helper sip"
      "; iptables-nft -t raw -A PREROUTING -p tcp --dport 21 -j CT --helper ftp"
      "; iptables-legacy -t raw -A PREROUTING -p udp --dport 5062 -j CT --helper sip"
      "; ip6tables-nft -t raw -A PREROUTING -p udp --dport 5060 -j CT --helper sip");
  KernelAlg alg = find();
  EXPECT_THAT(alg.blind_spots, IsEmpty());
  ASSERT_THAT(places(alg),
              UnorderedElementsAre(
                  "iptables-nft raw PREROUTING: -A PREROUTING -p udp -m udp --dport 5060 -m comment --comment "
                  "\"two \\\"words\\\"\" -j CT --helper sip",
                  "ip6tables-nft raw PREROUTING: -A PREROUTING -p udp -m udp --dport 5060 -j CT --helper sip",
                  "iptables-legacy raw PREROUTING: -A PREROUTING -p udp -m udp --dport 5062 -j CT --helper sip"));
  Result<Detachment> detached = detach_kernel_alg(host_, conntrack_, alg);
  ASSERT_TRUE(detached);
  EXPECT_THAT(detached->refused, IsEmpty());
  EXPECT_FALSE(find().found());
  EXPECT_THAT(router_.router.run("iptables-nft-save -t raw"), HasSubstr("--helper ftp"));
}

TEST_F(KernelAlgTest, TheRestOfARuleStays) {
  router_.router.run(
      "nft add table inet alg; nft 'add ct helper inet alg sip-udp { type \"sip\" protocol udp; }'"
      "; nft 'add ct helper inet alg tftp-udp { type \"tftp\" protocol udp; }'"
      "; nft 'add chain inet alg pre { type filter hook prerouting priority 0; policy drop; }'"
      "; nft 'add rule inet alg pre udp dport 5060 ct helper set \"sip-udp\" counter accept comment \"voice\"'"
      "; nft 'add rule inet alg pre ct helper set udp dport map { 69 : \"tftp-udp\", 5060 : \"sip-udp\" }'");
  KernelAlg alg = find();
  Result<Detachment> detached = detach_kernel_alg(host_, conntrack_, alg);
  ASSERT_TRUE(detached);
  EXPECT_THAT(detached->refused, IsEmpty());
  EXPECT_FALSE(find().found());
  EXPECT_EQ(router_.router.run("nft -s list chain inet alg pre"),
            "table inet alg {\n"
            "\tchain pre {\n"
            "\t\ttype filter hook prerouting priority filter; policy drop;\n"
            "\t\tudp dport 5060 counter accept comment \"voice\"\n"
            "\t\tct helper set udp dport map { 69 : \"tftp-udp\" }\n"
            "\t}\n"
            "}\n");
}

TEST_F(KernelAlgTest, RuleBoundToTheLanIsSeenByThePacketThatArrivesThere) {
  router_.router.run(
      "nft add table inet alg; nft 'add ct helper inet alg sip-udp { type \"sip\" protocol udp; }'"
      "; nft 'add chain inet alg pre { type filter hook prerouting priority 0; }'"
      "; nft add rule inet alg pre iifname lan0 ip saddr 192.168.7.0/24 udp dport 5060 ct helper set '\"sip-udp\"'");
  Result<AlgProver> prover = AlgProver::open(host_, conntrack_);
  ASSERT_TRUE(prover);
  Result<AlgProof> proof = prover->probe({});
  ASSERT_TRUE(proof);
  std::vector<std::string> helped;
  for (const AlgProbe& probe : proof->probes)
    if (probe.helper) helped.push_back(probe.path);
  EXPECT_THAT(helped, ElementsAre("lan0"));
}

}  // namespace
}  // namespace viaduct::os
