// SPDX-License-Identifier: GPL-2.0-or-later
// Sockets, locks and TUN interfaces of one namespace.
#include "os/sockets.hpp"

#include "lab.hpp"
#include "net/datagram.hpp"
#include "os/links.hpp"
#include "os/packet_socket.hpp"
#include "os/tun.hpp"
#include "os/unix_socket.hpp"

#include <poll.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <memory>

namespace viaduct::os {
namespace {

std::vector<std::string> locals(const Result<std::vector<UdpSocket>>& sockets) {
  std::vector<std::string> result;
  EXPECT_TRUE(sockets);
  for (const UdpSocket& s : *sockets) result.push_back(s.local.to_text());
  std::sort(result.begin(), result.end());
  return result;
}

TEST(UdpSockets, BothSourcesAgree) {
  const Namespace where = Namespace::make();
  ASSERT_TRUE(where.valid());
  const TestSocket a(where, "127.0.0.1:5060");
  const TestSocket b(where, "0.0.0.0:16000");
  const TestSocket c(where, "[::1]:16001");
  const TestSocket d(where, "[::]:16002");
  where.in([] {
    const std::vector<std::string> expected{"0.0.0.0:16000", "127.0.0.1:5060", "[::1]:16001", "[::]:16002"};
    EXPECT_EQ(locals(list_udp_sockets()), expected);
    EXPECT_EQ(locals(list_udp_sockets_from_proc()), expected);
    const std::unique_ptr<PortSet> taken = std::make_unique<PortSet>();
    ASSERT_TRUE(add_udp_socket_ports(*net::parse_address("203.0.113.1"), *taken));
    EXPECT_EQ(taken->count(), 2U);
    EXPECT_TRUE(taken->test(16000) && taken->test(16002));
    ASSERT_TRUE(add_udp_socket_ports(*net::parse_address("127.0.0.1"), *taken));
    EXPECT_TRUE(taken->test(5060));
    EXPECT_FALSE(taken->test(16001));
  });
}

TEST(SingletonLock, OnePerNamespace) {
  const Namespace one = Namespace::make();
  const Namespace two = Namespace::make();
  ASSERT_TRUE(one.valid() && two.valid());
  one.in([&] {
    std::optional<SingletonLock> held;
    {
      Result<SingletonLock> lock = SingletonLock::take("viaduct-gateway");
      ASSERT_TRUE(lock) << lock.error().to_text();
      held.emplace(std::move(*lock));
    }
    const Result<SingletonLock> second = SingletonLock::take("viaduct-gateway");
    ASSERT_FALSE(second);
    EXPECT_EQ(second.error().code, Problem::busy);
    EXPECT_NE(second.error().to_text().find("Process " + std::to_string(::getpid()) + " of user 0 holds it"),
              std::string::npos)
        << second.error().to_text();
    EXPECT_TRUE(SingletonLock::take("viaduct-other"));
    two.in([] { EXPECT_TRUE(SingletonLock::take("viaduct-gateway")); });
    held.reset();
    EXPECT_TRUE(SingletonLock::take("viaduct-gateway"));
  });
}

TEST(Tun, CarriesPacketsBothWays) {
  const Namespace where = Namespace::make();
  ASSERT_TRUE(where.valid());
  std::optional<Tun> tun;
  where.in([&] {
    Result<Tun> made = Tun::create("viaduct%d");
    ASSERT_TRUE(made) << made.error().to_text();
    tun.emplace(std::move(*made));
    ASSERT_TRUE(tun->add_address(*net::parse_prefix("192.0.2.1/24")));
    ASSERT_TRUE(tun->add_address(*net::parse_prefix("2001:db8::1/64")));
    ASSERT_TRUE(tun->set_mtu(1400));
    ASSERT_TRUE(tun->bring_up());
    const Result<std::vector<Interface>> all = list_interfaces();
    EXPECT_EQ(std::count_if(all->begin(), all->end(),
                            [&](const Interface& i) {
                              return i.name == "viaduct0" && i.index == tun->interface() && i.mtu == 1400 && i.up;
                            }),
              1);
  });
  EXPECT_EQ(tun->name(), "viaduct0");
  const TestSocket socket(where, "192.0.2.1:5060");
  socket.send("192.0.2.7:6000", "out");
  std::array<char, 2000> packet;
  std::size_t length = 0;
  // The kernel's own neighbours talk (IPv6 router solicitation) may come first.
  for (int i = 0; i < 10 && length == 0; ++i) {
    pollfd polled{tun->fd(), POLLIN, 0};
    ASSERT_EQ(::poll(&polled, 1, 2000), 1);
    const Result<std::size_t> n = tun->read(packet);
    ASSERT_TRUE(n);
    const base::Result<net::Datagram, net::PacketProblem> d = net::parse_datagram({packet.data(), *n});
    if (d && d->body() == "out") length = *n;
  }
  ASSERT_NE(length, 0U);
  // Turned round: swapping both pairs leaves the checksum sums as they are.
  std::swap_ranges(packet.begin() + 12, packet.begin() + 16, packet.begin() + 16);
  std::swap_ranges(packet.begin() + 20, packet.begin() + 22, packet.begin() + 22);
  std::array<char, 2000> answer;
  const std::size_t size = *net::rebuild(*net::parse_datagram({packet.data(), length}), "back", answer);
  ASSERT_TRUE(tun->write({answer.data(), size}));
  const std::optional<TestSocket::Received> received = socket.receive();
  ASSERT_TRUE(received);
  EXPECT_EQ(received->payload, "back");
  EXPECT_EQ(received->from, "192.0.2.7:6000");
}

TEST(PacketSocket, LosesAFrameAboveTheMtuAlone) {
  const Namespace where = Namespace::make();
  ASSERT_TRUE(where.valid());
  where.sh("ip link add one type veth peer name two");
  where.sh("ip link set one mtu 1000 up");
  where.sh("ip link set two up");
  where.in([] {
    Result<PacketSocket> from = PacketSocket::open("one");
    Result<PacketSocket> to = PacketSocket::open("two");
    ASSERT_TRUE(from && to);
    EXPECT_EQ(from->mtu(), 1000U);
    // An Ethernet type of nobody (IEEE 802 local experiments).
    const std::string head = std::string(6, '\xff') + std::string(6, '\2') + "\x88\xb5";
    const std::vector<std::string> frames = {head + std::string(100, 'a'), head + std::string(1100, 'b'),
                                             head + std::string(100, 'c'), head + std::string(1001, 'd')};
    EXPECT_EQ(from->send(frames), 2U);
    EXPECT_EQ(from->refused(), 2U);
    std::vector<std::string> arrived;
    while (const auto batch = to->receive())
      for (const ReceivedFrame& frame : *batch)
        if (frame.octets.substr(12, 2) == "\x88\xb5") arrived.emplace_back(frame.octets);
    EXPECT_EQ(arrived, (std::vector<std::string>{frames[0], frames[2]}));
  });
}

TEST(Tun, RefusesLongNames) {
  EXPECT_EQ(Tun::create("sixteen-octets-x").error().code, Problem::too_big);
}

}  // namespace
}  // namespace viaduct::os
