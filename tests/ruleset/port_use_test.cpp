// SPDX-License-Identifier: GPL-2.0-or-later
#include "viaduct-gateway/port_use.hpp"

#include "os/clock.hpp"
#include "os/nft_text.hpp"

#include <gtest/gtest.h>

#include <arpa/inet.h>
#include <netinet/in.h>
#include <sched.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cstdlib>
#include <string>

namespace viaduct::gateway {
namespace {

// Port forwardings as people write them: nftables, iptables-nft and the old iptables.
void forward_ports() {
  const os::Result<void> rules = os::run_nft(
      "table ip forwardings {\nchain in {\ntype nat hook prerouting priority dstnat;\n"
      "udp dport 4000 dnat to 192.168.1.20\nudp dport 4002 accept\nudp dport 4004 redirect to :5\n"
      "udp dport { 4100-4102, 4110 } dnat to 192.168.1.20\ntcp dport 4150 dnat to 192.168.1.20\n"
      "udp dport vmap { 4140 : jump one }\n}\nchain one {\ndnat to 192.168.1.20\n}\n}\n"
      "table inet viaduct {\nchain own {\ntype nat hook prerouting priority dstnat;\nudp dport 4006 dnat ip to "
      "192.168.1.20\n}\n}\n");
  ASSERT_TRUE(rules) << rules.error().to_text();
  const char* const iptables[] = {"-p udp --dport 4120:4121", "-p udp -m multiport --dports 4122,4123",
                                  "-p tcp --dport 4124"};
  for (const char* match : iptables)
    ASSERT_EQ(std::system(
                  (std::string("iptables-nft -t nat -A PREROUTING ") + match + " -j DNAT --to-destination 192.168.1.20")
                      .c_str()),
              0);
  ASSERT_EQ(std::system("iptables-legacy -t nat -A PREROUTING -p udp --dport 4130:4131 -j REDIRECT --to-ports 5"), 0);
}

TEST(PortUse, ForwardedPortsAndOwnSocketsAreNobodysInside) {
  ASSERT_EQ(unshare(CLONE_NEWNET), 0) << "needs root: network namespaces";
  forward_ports();
  if (testing::Test::HasFatalFailure()) return;
  const int fd = socket(AF_INET, SOCK_DGRAM, 0);
  ASSERT_GE(fd, 0);
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_port = htons(4008);
  ASSERT_EQ(bind(fd, reinterpret_cast<sockaddr*>(&address), sizeof address), 0);

  os::SystemHost host;
  PortUse use;
  use.read_forwardings(host);
  os::PortSet expected;
  for (const std::size_t port : {4000, 4004, 4100, 4101, 4102, 4110, 4120, 4121, 4122, 4123, 4130, 4131, 4140})
    expected.set(port);
  EXPECT_EQ(use.forwardings(), expected) << "neither accepts nor our own rules";
  alg::State state;
  state.wans().resize(1);
  state.wans()[0].address = *net::parse_address("203.0.113.1");
  os::Result<os::Conntrack> conntrack = os::Conntrack::open();
  ASSERT_TRUE(conntrack);
  const base::Instant now = os::monotonic_now();
  EXPECT_TRUE(use.due(now));
  use.refresh(state, *conntrack, now);
  EXPECT_FALSE(use.due(now));
  for (const std::uint16_t port : std::initializer_list<std::uint16_t>{4000, 4004, 4008}) {
    ASSERT_TRUE(state.wans()[0].busy.contains(port)) << port;
    EXPECT_FALSE(state.wans()[0].busy.at(port).address.present()) << port;
  }
  for (const std::uint16_t port : std::initializer_list<std::uint16_t>{4002, 4006})
    EXPECT_FALSE(state.wans()[0].busy.contains(port)) << port;
  close(fd);
}

}  // namespace
}  // namespace viaduct::gateway
