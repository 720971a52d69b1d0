// SPDX-License-Identifier: GPL-2.0-or-later
// The commands as a person runs them: what they print, change and return.
#include "box_host.hpp"
#include "namespaces.hpp"
#include "os/flowtable.hpp"
#include "os/synthetic.hpp"
#include "viaduct-gateway/host_commands.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include <chrono>
#include <sstream>
#include <thread>

namespace viaduct::gateway {
namespace {

using hosttest::BoxHost;
using hosttest::invite;
using hosttest::network_state;
using hosttest::Router;
using hosttest::UdpPeer;
using nlohmann::json;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;
using ::testing::SizeIs;

class CommandsTest : public ::testing::Test {
 protected:
  int run(std::vector<std::string> arguments) {
    out_.str("");
    err_.str("");
    return run_host_command(program_, arguments, host_, out_, err_);
  }
  json run_json(std::vector<std::string> arguments, int expected) {
    arguments.emplace_back("--json");
    EXPECT_EQ(run(arguments), expected) << out_.str() << err_.str();
    json document = json::parse(out_.str(), nullptr, false);
    EXPECT_TRUE(document.is_object()) << out_.str();
    return document;
  }
  void attach() {
    router_.router.run(
        "nft add table inet alg; nft 'add ct helper inet alg sip-udp { type \"sip\" protocol udp; }'"
        "; nft 'add chain inet alg pre { type filter hook prerouting priority 0; }'"
        "; nft add rule inet alg pre iifname lan0 udp dport 5060 ct helper set '\"sip-udp\"'"
        "; iptables-nft -t raw -A PREROUTING -p udp --dport 5062 -j CT --helper sip");
  }
  /// A call set up from 192.168.7.2:port; what the server got.
  std::string call(std::uint16_t port) {
    UdpPeer phone(router_.phone, router_.router, "192.168.7.2", port);
    UdpPeer server(router_.server, router_.router, "203.0.113.2", 5060);
    EXPECT_GT(phone.send("203.0.113.2", 5060, invite("192.168.7.2", port, "203.0.113.2")), 0);
    return server.receive(5000);
  }

  std::string program_ = "viaduct-gateway";
  Router router_;
  BoxHost host_;
  std::ostringstream out_;
  std::ostringstream err_;
};

TEST_F(CommandsTest, WrongOptionSaysWhatToTypeNext) {
  EXPECT_EQ(run({"firewall-rule", "--foo"}), 2);
  EXPECT_EQ(out_.str(), "");
  EXPECT_EQ(err_.str(),
            "viaduct-gateway firewall-rule: The following argument was not expected: --foo\n"
            "try: viaduct-gateway firewall-rule --help\n");
}

TEST_F(CommandsTest, HelpShowsTheProgramThatWasTyped) {
  program_ = "viaduct gateway";
  EXPECT_EQ(run({"disable-kernel-alg", "--help"}), 0);
  EXPECT_THAT(out_.str(), HasSubstr("Usage: viaduct gateway disable-kernel-alg [OPTIONS]\n"));
}

TEST_F(CommandsTest, DryRunFindsAndChangesNothing) {
  attach();
  EXPECT_THAT(call(5060), HasSubstr("c=IN IP4 203.0.113.1"));
  std::string before = network_state(router_.router);
  std::string flows =
      router_.router.run("conntrack -L 2>/dev/null | grep -c helper=sip; conntrack -L expect 2>/dev/null | wc -l");
  json report = run_json({"disable-kernel-alg", "--dry-run"}, 1);
  EXPECT_EQ(report["result"], "found");
  EXPECT_THAT(report["attachments"], SizeIs(3));
  EXPECT_THAT(report["flows"], SizeIs(1));
  EXPECT_THAT(report["expectations"], Not(IsEmpty()));
  EXPECT_EQ(report["before"], nullptr);
  EXPECT_EQ(report["after"], nullptr);
  EXPECT_EQ(network_state(router_.router), before);
  EXPECT_EQ(
      router_.router.run("conntrack -L 2>/dev/null | grep -c helper=sip; conntrack -L expect 2>/dev/null | wc -l"),
      flows);
}

TEST_F(CommandsTest, DetachesProvesOldAndFreshPortAndRunsAgain) {
  std::string plain = network_state(router_.router);
  attach();
  call(5060);
  json report = run_json({"disable-kernel-alg"}, 0);
  EXPECT_EQ(report["result"], "detached");
  EXPECT_EQ(report["detached"]["flows"], 1);
  EXPECT_THAT(report["detached"]["refused"], IsEmpty());
  EXPECT_GT(report["before"]["helper"], 0);
  EXPECT_EQ(report["after"]["helper"], 0);
  EXPECT_EQ(report["after"]["seen"], report["after"]["sent"]);
  bool old = false;
  bool fresh = false;
  for (const json& probe : report["after"]["probes"]) {
    if (probe["source"] == "192.168.7.2:5060" && probe["port"] == "old" && probe["path"] == "lan0") old = true;
    if (probe["port"] == "fresh" && probe["path"] == "tun") fresh = true;
  }
  EXPECT_TRUE(old) << out_.str();
  EXPECT_TRUE(fresh) << out_.str();
  EXPECT_EQ(router_.router.run("conntrack -L 2>/dev/null | grep -c helper=sip || true"), "0\n");
  EXPECT_THAT(call(5060), HasSubstr("c=IN IP4 192.168.7.2"));
  EXPECT_EQ(run_json({"disable-kernel-alg"}, 0)["result"], "none");
  // Only the emptied tables that the test itself had made are left.
  router_.router.run("nft delete table inet alg; nft delete table ip raw");
  EXPECT_THAT(network_state(router_.router), plain);
}

TEST_F(CommandsTest, FirewallRuleIsPrintedAppliedCheckedAndRemoved) {
  router_.router.run(
      "nft add table inet filter; nft 'add chain inet filter forward { type filter hook forward priority 0; policy "
      "drop; "
      "}'");
  std::string before = network_state(router_.router);
  EXPECT_EQ(run({"firewall-rule"}), 1);
  EXPECT_THAT(out_.str(),
              HasSubstr("missing   nftables inet filter forward (nftables, IPv4 and IPv6)\n          nft insert "
                        "rule inet filter forward 'ct mark and 0x20000000 == 0x20000000 accept"));
  EXPECT_THAT(out_.str(), HasSubstr("not persistent"));
  json checked = run_json({"firewall-rule", "--check"}, 1);
  EXPECT_EQ(checked["checks"][0]["verdict"], "dropped");
  EXPECT_EQ(checked["checks"][1]["chain"], "forward");
  EXPECT_EQ(network_state(router_.router), before);
  json applied = run_json({"firewall-rule", "--apply"}, 0);
  EXPECT_TRUE(applied["complete"]);
  EXPECT_EQ(applied["checks"][0]["verdict"], "passes");
  EXPECT_EQ(applied["checks"][1]["verdict"], "passes");
  EXPECT_EQ(run({"firewall-rule"}), 0);
  EXPECT_THAT(run_json({"firewall-rule", "--apply"}, 0)["outcome"]["done"], IsEmpty());
  EXPECT_EQ(run({"firewall-rule", "--remove"}), 0);
  EXPECT_EQ(network_state(router_.router), before);
}

TEST_F(CommandsTest, RulesThatKeepFlowsOutOfAFlowtableAreValid) {
  // No flowtables in every kernel: the exclusions themselves are tried in a plain chain and in iptables.
  router_.router.run(
      "nft add table inet off; nft 'add chain inet off forward { type filter hook forward priority 0; }'");
  for (const os::OffloadExclusion& rule : os::offload_exclusions(0x60000000, {5060, 5080}, false)) {
    os::Result<void> done = os::carry_out(host_, {{"nft", "insert", "rule", "inet", "off", "forward", rule.nft}, {}});
    EXPECT_TRUE(done) << done.error().to_text();
  }
  for (const os::OffloadExclusion& rule : os::offload_exclusions(0x60000000, {5060, 5080}, true)) {
    os::Step step{{"iptables-nft", "-I", "FORWARD", "1", "-m", "comment", "--comment", rule.comment}, {}};
    step.arguments.insert(step.arguments.end(), rule.iptables.begin(), rule.iptables.end());
    os::Result<void> done = os::carry_out(host_, step);
    EXPECT_TRUE(done) << done.error().to_text();
  }
  EXPECT_EQ(router_.router.run("nft -s list chain inet off forward | grep -c 'ct state.*accept'; iptables-nft-save | "
                               "grep -c -- '-j ACCEPT'"),
            "3\n6\n");
}

TEST_F(CommandsTest, WrongUsageAndHelp) {
  EXPECT_EQ(run({"disable-kernel-alg", "--frobnicate"}), 2);
  EXPECT_EQ(run({"firewall-rule", "--apply", "--remove"}), 2);
  EXPECT_EQ(run({"firewall-rule", "--port", "70000"}), 2);
  EXPECT_EQ(run({"disable-kernel-alg", "--help"}), 0);
  EXPECT_THAT(out_.str(), HasSubstr("Examples:"));
  EXPECT_FALSE(is_host_command(std::vector<std::string>{"--config"}));
}

TEST_F(CommandsTest, AKilledProofLeavesNothingBehind) {
  std::string before = network_state(router_.router);
  int ready[2];
  ASSERT_EQ(::pipe(ready), 0);
  pid_t child = ::fork();
  if (child == 0) {
    os::Result<os::SyntheticRig> rig = os::SyntheticRig::open(host_);
    char mark = rig ? 'y' : 'n';
    if (::write(ready[1], &mark, 1) != 1) ::_exit(1);
    ::pause();
    ::_exit(0);
  }
  char mark = 0;
  ASSERT_EQ(::read(ready[0], &mark, 1), 1);
  ::close(ready[0]);
  ::close(ready[1]);
  ASSERT_EQ(mark, 'y');
  EXPECT_THAT(network_state(router_.router), HasSubstr("viaduct_probe_"));
  ::kill(child, SIGKILL);
  ::waitpid(child, nullptr, 0);
  for (int i = 0; i < 200 && network_state(router_.router) != before; ++i)
    std::this_thread::sleep_for(std::chrono::milliseconds(20));
  EXPECT_EQ(network_state(router_.router), before);
}

}  // namespace
}  // namespace viaduct::gateway
