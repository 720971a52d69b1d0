// SPDX-License-Identifier: GPL-2.0-or-later
#include "viaduct-gateway/surroundings.hpp"

#include "host/box_host.hpp"

#include <gtest/gtest.h>

namespace viaduct::gateway {
namespace {

TEST(Surroundings, FlowOffloadOfIptablesIsSaidAtTheStart) {
  hosttest::RecordedHost host;
  host.outputs["iptables-nft-save"] =
      "*filter\n:FORWARD DROP [0:0]\n-A FORWARD -m conntrack --ctstate RELATED,ESTABLISHED -j FLOWOFFLOAD\nCOMMIT\n";
  host.outputs["ip6tables-nft-save"] = "";
  GatewayConfig config;
  config.sip_ports = {1};  // nobody listens there, whatever runs on this machine
  EXPECT_EQ(look_around(host, config, {"wan0"}), std::vector<std::string>{}) << "no rule of iptables-nft, nobody asked";
  host.ruleset = R"({"nftables": [
    {"chain": {"family": "ip", "table": "filter", "name": "FORWARD", "type": "filter", "hook": "forward", "prio": 0}},
    {"rule": {"family": "ip", "table": "filter", "chain": "FORWARD", "handle": 4, "expr": [
      {"xt": {"type": "match", "name": "conntrack"}}, {"xt": {"type": "target", "name": "FLOWOFFLOAD"}}]}}]})";
  EXPECT_EQ(look_around(host, config, {"wan0"}),
            std::vector<std::string>{"iptables-nft filter FORWARD: -A FORWARD -m conntrack --ctstate "
                                     "RELATED,ESTABLISHED -j FLOWOFFLOAD: offloaded flows bypass the rules that mark "
                                     "and prioritise media"});
}

}  // namespace
}  // namespace viaduct::gateway
