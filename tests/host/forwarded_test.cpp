// SPDX-License-Identifier: GPL-2.0-or-later
// Which UDP ports the rules of a box forward: listings as nft and iptables-save print them.
#include "os/forwarded_ports.hpp"

#include <gtest/gtest.h>

#include <string>

namespace viaduct::os {
namespace {

/// "4000 4100-4102"
std::string text(const PortSet& ports) {
  std::string out;
  for (std::size_t port = 0; port < ports.size(); ++port) {
    if (!ports.test(port)) continue;
    std::size_t last = port;
    while (last + 1 < ports.size() && ports.test(last + 1)) ++last;
    out += (out.empty() ? "" : " ") + std::to_string(port) + (last == port ? "" : "-" + std::to_string(last));
    port = last;
  }
  return out;
}

std::string nft(const std::string& objects, const char* own = "viaduct") {
  const Result<Ruleset> ruleset = parse_ruleset(R"({"nftables": [)" + objects + "]}");
  return ruleset ? text(forwarded_ports(*ruleset, {}, own)) : ruleset.error().to_text();
}

constexpr const char* kChain =
    R"({"chain": {"family": "ip", "table": "t", "name": "in", "type": "nat", "hook": "prerouting", "prio": -100, "policy": "accept"}})";

/// One rule in the chain of hook prerouting, with what else its table holds.
std::string rule(const std::string& expressions, const std::string& others = "") {
  const std::string head = R"({"rule": {"family": "ip", "table": "t", "chain": "in", "expr": [)";
  return nft(std::string(kChain) + "," + others + head + expressions + "]}}");
}

const std::string kPort = R"({"payload": {"protocol": "udp", "field": "dport"}})";
const std::string kDnat = R"({"dnat": {"addr": "192.168.1.20"}})";

std::string match(const std::string& right, const char* op = "==") {
  return R"({"match": {"op": ")" + std::string(op) + R"(", "left": )" + kPort + R"(, "right": )" + right + "}}";
}

TEST(ForwardedPorts, NftMatches) {
  EXPECT_EQ(rule(match("5060") + "," + kDnat), "5060");
  EXPECT_EQ(rule(match(R"({"range": [10000, 20000]})") + R"(, {"redirect": {"port": 7}})"), "10000-20000");
  EXPECT_EQ(
      rule(match(R"({"set": [5060, {"range": [6000, 6100]}, {"elem": {"val": 7000, "comment": "x"}}]})") + "," + kDnat),
      "5060 6000-6100 7000");
  EXPECT_EQ(rule(match("65000", ">=") + "," + match("65002", "!=") + "," + kDnat), "65000-65535")
      << "an exclusion is not looked at";
  EXPECT_EQ(rule(match("3", "<") + "," + kDnat), "0-2");
  EXPECT_EQ(rule(match(R"({"range": [10, 20]})") + "," + match(R"({"range": [15, 30]})") + "," + kDnat), "15-20");
  EXPECT_EQ(rule(match("5060") + R"(, {"accept": null})"), "");
  EXPECT_EQ(rule(kDnat), "") << "an exposed host takes what nobody asked for";
}

TEST(ForwardedPorts, OtherProtocolsAreLeftOut) {
  EXPECT_EQ(
      rule(R"({"match": {"op": "==", "left": {"payload": {"protocol": "tcp", "field": "dport"}}, "right": 80}},)" +
           kDnat),
      "");
  const std::string th =
      R"({"match": {"op": "==", "left": {"payload": {"protocol": "th", "field": "dport"}}, "right": 80}},)";
  const std::string l4 = R"({"match": {"op": "==", "left": {"meta": {"key": "l4proto"}}, "right": )";
  EXPECT_EQ(rule(th + kDnat), "80");
  EXPECT_EQ(rule(l4 + R"("tcp"}},)" + th + kDnat), "");
  EXPECT_EQ(rule(l4 + R"({"set": ["tcp", "udp"]}}},)" + th + kDnat), "80");
}

TEST(ForwardedPorts, NamedSetsMapsAndConcatenations) {
  const std::string set =
      R"({"set": {"family": "ip", "table": "t", "name": "rtp", "type": "inet_service", "elem": [{"range": [10, 12]}, 20]}},)";
  EXPECT_EQ(rule(match("\"@rtp\"") + "," + kDnat, set), "10-12 20");
  EXPECT_EQ(rule(match("\"@other\"") + "," + kDnat, set), "") << "a set that is not there matches nothing";
  const std::string map =
      R"({"map": {"family": "ip", "table": "t", "name": "fwd", "type": ["ipv4_addr", "inet_service"], "map": "ipv4_addr", "elem": [[{"concat": ["203.0.113.1", 4000]}, "192.168.1.2"], [{"concat": ["203.0.113.1", {"range": [4010, 4011]}]}, "192.168.1.3"]]}},)";
  const std::string key = R"({"concat": [{"payload": {"protocol": "ip", "field": "daddr"}}, )" + kPort + "]}";
  EXPECT_EQ(rule(R"({"dnat": {"addr": {"map": {"key": )" + key + R"(, "data": "@fwd"}}}})", map), "4000 4010-4011");
  EXPECT_EQ(rule(R"({"dnat": {"addr": {"map": {"key": )" + kPort +
                 R"(, "data": {"set": [[5060, "192.168.1.2"], [5070, "192.168.1.3"]]}}}}})"),
            "5060 5070");
  EXPECT_EQ(rule(R"({"match": {"op": "==", "left": )" + key +
                 R"(, "right": {"set": [{"concat": ["203.0.113.1", 9000]}]}}},)" + kDnat),
            "9000");
}

TEST(ForwardedPorts, WhatTheJumpMatchedHoldsInTheChainBehindIt) {
  const std::string behind =
      R"({"chain": {"family": "ip", "table": "t", "name": "behind"}}, {"rule": {"family": "ip", "table": "t", "chain": "behind", "expr": [)" +
      kDnat +
      R"(]}}, {"rule": {"family": "ip", "table": "t", "chain": "behind", "expr": [{"jump": {"target": "behind"}}]}},)";
  EXPECT_EQ(rule(match("5060") + R"(, {"jump": {"target": "behind"}})", behind), "5060") << "and a loop ends";
  EXPECT_EQ(
      rule(
          R"({"vmap": {"key": )" + kPort +
              R"(, "data": {"set": [[5060, {"jump": {"target": "behind"}}], [5061, {"accept": null}], [{"range": [6000, 6002]}, {"goto": {"target": "behind"}}]]}}})",
          behind),
      "5060 6000-6002");
  EXPECT_EQ(rule(match("5060") + R"(, {"accept": null})", behind), "") << "nothing leads there";
}

TEST(ForwardedPorts, OursAndOtherHooksAreLeftOut) {
  const std::string chain =
      R"({"chain": {"family": "ip", "table": "viaduct", "name": "in", "type": "nat", "hook": "prerouting", "prio": 0}})";
  const std::string output =
      R"({"chain": {"family": "ip", "table": "t", "name": "in", "type": "nat", "hook": "output", "prio": 0}})";
  const std::string expressions = match("5060") + "," + kDnat + "]}}";
  EXPECT_EQ(nft(chain + R"(,{"rule": {"family": "ip", "table": "viaduct", "chain": "in", "expr": [)" + expressions),
            "");
  EXPECT_EQ(nft(output + R"(,{"rule": {"family": "ip", "table": "t", "chain": "in", "expr": [)" + expressions), "");
}

TEST(ForwardedPorts, IptablesRules) {
  Xtables set;
  parse_xtables(R"(*nat
:PREROUTING ACCEPT [0:0]
:DOCKER - [0:0]
-A PREROUTING -i wan0 -p udp -m udp --dport 5060 -j DNAT --to-destination 192.168.1.20
-A PREROUTING -p udp -m udp --dport 10000:10002 -j REDIRECT --to-ports 7
-A PREROUTING -p udp -m multiport --dports 4000,4010:4012 -j DNAT --to-destination 192.168.1.21
-A PREROUTING -p tcp -m tcp --dport 80 -j DNAT --to-destination 192.168.1.22
-A PREROUTING -p udp -m udp ! --dport 9 -j DNAT --to-destination 192.168.1.23
-A PREROUTING -p udp -m udp --dport 8000:8100 -j DOCKER
-A PREROUTING -m addrtype --dst-type LOCAL -j DOCKER
-A DOCKER ! -i docker0 -p udp -m udp --dport 8080 -j DNAT --to-destination 172.17.0.2:80
-A DOCKER -p udp -m udp --dport 8200 -j DNAT --to-destination 172.17.0.2:80
-A POSTROUTING -p udp -m udp --dport 7777 -j MASQUERADE
-A OUTPUT -p udp -m udp --dport 7778 -j DNAT --to-destination 127.0.0.1
COMMIT
*mangle
-A PREROUTING -p udp -m udp --dport 7779 -j DNAT
COMMIT
)",
                set);
  EXPECT_EQ(text(forwarded_ports({}, {set}, "viaduct")), "4000 4010-4012 5060 8080 8200 10000-10002");
}

TEST(ForwardedPorts, HostileListingsAreSurvived) {
  for (
      const char* expressions :
      {R"({"match": 3})", R"({"match": {"left": [], "right": {}}}, {"dnat": null})",
       R"({"vmap": {"key": {}, "data": 7}})",
       R"({"match": {"op": "==", "left": {"payload": {"protocol": "udp", "field": "dport"}}, "right": {"range": [1]}}}, {"dnat": {}})",
       R"({"match": {"op": "in", "left": {"payload": {"protocol": "udp", "field": "dport"}}, "right": {"range": [4294967296, 4294967299]}}}, {"dnat": {}})",
       R"(null, 5, "x", [[]])"})
    EXPECT_EQ(rule(expressions), "") << expressions;
}

}  // namespace
}  // namespace viaduct::os
