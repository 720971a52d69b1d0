// SPDX-License-Identifier: GPL-2.0-or-later
#include "os/nft_text.hpp"
#include "viaduct-gateway/kernel_table.hpp"
#include "viaduct-gateway/ruleset.hpp"

#include <gtest/gtest.h>

#include <sched.h>

namespace viaduct::gateway {
namespace {

// Each test runs in a network namespace of its own, which goes with the process.
class KernelRuleset : public ::testing::Test {
 protected:
  void SetUp() override { ASSERT_EQ(unshare(CLONE_NEWNET), 0) << "needs root: network namespaces"; }
};

TEST_F(KernelRuleset, TheKernelTakesEveryModeWithAndWithoutPriority) {
  for (const alg::Mode mode : {alg::Mode::off, alg::Mode::observe, alg::Mode::pinhole, alg::Mode::assist})
    for (const std::uint64_t rate : {std::uint64_t{0}, std::uint64_t{10'000'000}})
      for (const std::vector<std::string>& wans : {std::vector<std::string>{"wan0"}, {"wan0", "ppp1"}}) {
        GatewayConfig config;
        config.policy.mode = mode;
        config.qos.rate = rate;
        config.qos.media_ports = {{10000, 20000}, {30000, 30100}};
        config.sip_ports = {5060, 5080};
        config.policy.inside.push_back({*net::parse_prefix("192.168.9.0/24"), alg::Mode::off});
        for (const Ipsec ipsec : {Ipsec::matched, Ipsec::unknown}) {
          const os::Result<void> done = os::run_nft(ruleset_script(config, wans, ipsec));
          EXPECT_TRUE(done) << text(mode) << " " << done.error().to_text();
        }
      }
}

// The timeout objects must outlive a reload: with them the kernel takes the 300 s from every live flow.
TEST_F(KernelRuleset, AReloadKeepsTheTimeoutObjectsAndReplacesTheRest) {
  GatewayConfig config;
  config.policy.mode = alg::Mode::assist;
  os::Result<KernelTable> table = KernelTable::open();
  ASSERT_TRUE(table);
  ASSERT_TRUE(table->install(config, {"wan0"}, {}));
  ASSERT_TRUE(os::run_nft("add element inet viaduct media4 { 192.168.1.99 . 4000 }"));
  config.sip_ports = {5060, 5070};
  ASSERT_TRUE(table->install(config, {"wan1"}, {}));
  const std::string all = os::list_nft("list table inet viaduct").value_or("");
  EXPECT_EQ(all.find("192.168.1.99"), std::string::npos) << "elements are those of the state";
  EXPECT_EQ(all.find("wan0"), std::string::npos) << all;
  EXPECT_NE(all.find("5070"), std::string::npos);
  EXPECT_EQ(all.find("udp dport 5060 "), std::string::npos) << "rules are replaced, not added";
  config.udp_timeout = std::chrono::seconds(600);
  ASSERT_TRUE(table->install(config, {"wan1"}, {}));
  const std::string longer = os::list_nft("list table inet viaduct").value_or("");
  EXPECT_NE(longer.find("ct timeout voip4_300"), std::string::npos) << "still in use by live flows";
  EXPECT_NE(longer.find("ct timeout set \"voip4_600\""), std::string::npos);
  EXPECT_EQ(longer.find("ct timeout set \"voip4_300\""), std::string::npos);
}

std::string list(const char* what) {
  return os::list_nft(std::string("list ") + what).value_or("cannot list");
}

TEST_F(KernelRuleset, EffectsBecomeElementsAndGoAgain) {
  GatewayConfig config;
  config.policy.mode = alg::Mode::assist;
  os::Result<KernelTable> table = KernelTable::open();
  ASSERT_TRUE(table) << table.error().to_text();
  const net::Endpoint inner = *net::parse_endpoint("192.168.1.10:4000");
  const net::Endpoint outer = *net::parse_endpoint("203.0.113.1:40000");
  const alg::Effect map{alg::Effect::Kind::map, {inner, 0}, outer, alg::MappingKind::media, {}};
  const alg::Effect allow{
      alg::Effect::Kind::allow, {inner, 0}, outer, alg::MappingKind::media, *net::parse_address("198.51.100.7")};
  const alg::Effect guard{alg::Effect::Kind::guard, {inner, 0}, outer, alg::MappingKind::media, {}};
  const alg::Effect watch{
      alg::Effect::Kind::map, {*net::parse_endpoint("192.168.1.10:4002"), 0}, {}, alg::MappingKind::watched, {}};
  const alg::Effect effects[] = {map, allow, guard, watch};
  const os::Result<void> installed = table->install(config, {"wan0"}, effects);
  ASSERT_TRUE(installed) << installed.error().to_text();
  EXPECT_NE(list("map inet viaduct outer_to_inner").find("203.0.113.1 . 40000 : 192.168.1.10 . 4000"),
            std::string::npos);
  EXPECT_NE(list("map inet viaduct inner_to_outer_0").find("192.168.1.10 . 4000 : 203.0.113.1 . 40000"),
            std::string::npos);
  EXPECT_NE(list("set inet viaduct media4").find("192.168.1.10 . 4000"), std::string::npos);
  EXPECT_NE(list("set inet viaduct watched4").find("192.168.1.10 . 4002"), std::string::npos);
  EXPECT_NE(list("set inet viaduct allowed4").find("203.0.113.1 . 40000 . 198.51.100.7"), std::string::npos);
  EXPECT_NE(list("set inet viaduct guarded4").find("203.0.113.1 . 40000"), std::string::npos);
  for (alg::Effect gone : effects) {
    gone.kind = gone.kind == alg::Effect::Kind::map     ? alg::Effect::Kind::unmap
                : gone.kind == alg::Effect::Kind::allow ? alg::Effect::Kind::disallow
                                                        : alg::Effect::Kind::unguard;
    table->add({&gone, 1});
  }
  ASSERT_TRUE(table->commit());
  const std::string all = list("table inet viaduct");
  EXPECT_EQ(all.find("192.168.1.10"), std::string::npos) << all;
  EXPECT_EQ(all.find("203.0.113.1"), std::string::npos) << all;
  ASSERT_TRUE(table->remove());
  EXPECT_EQ(os::list_nft("list ruleset").value_or("?"), "");
}

}  // namespace
}  // namespace viaduct::gateway
