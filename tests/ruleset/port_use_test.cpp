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

namespace viaduct::gateway {
namespace {

TEST(PortUse, ForwardedPortsAndOwnSocketsAreNobodysInside) {
  ASSERT_EQ(unshare(CLONE_NEWNET), 0) << "needs root: network namespaces";
  const os::Result<void> rules = os::run_nft(
      "table ip nat {\nchain in {\ntype nat hook prerouting priority dstnat;\n"
      "udp dport 4000 dnat to 192.168.1.20\nudp dport 4002 accept\nudp dport 4004 redirect to :5\n}\n}\n"
      "table inet viaduct {\nchain own {\ntype nat hook prerouting priority dstnat;\nudp dport 4006 dnat ip to "
      "192.168.1.20\n}\n}\n");
  ASSERT_TRUE(rules) << rules.error().to_text();
  const int fd = socket(AF_INET, SOCK_DGRAM, 0);
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_port = htons(4008);
  ASSERT_EQ(bind(fd, reinterpret_cast<sockaddr*>(&address), sizeof address), 0);

  os::SystemHost host;
  PortUse use;
  use.read_forwardings(host);
  EXPECT_EQ(use.forwardings(), (std::vector<std::uint16_t>{4000, 4004})) << "neither accepts nor our own rules";
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
