// SPDX-License-Identifier: GPL-2.0-or-later
#include "os/nfqueue.hpp"

#include "lab.hpp"
#include "net/datagram.hpp"
#include "os/nft_rules.hpp"

#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>

namespace viaduct::os {
namespace {

constexpr const char* kServer = "203.0.113.2:5060";

class NfqueueTest : public RouterTest {
 protected:
  void SetUp() override {
    RouterTest::SetUp();
    if (HasFatalFailure()) return;
    nft(R"(table inet viaduct {
      chain to_queue {
      }
      chain forward {
        type filter hook forward priority mangle; policy accept;
        udp dport 5060 jump to_queue
        udp sport 5060 jump to_queue
      }
    })");
    router_->in([] {
      const Result<QueueStatement> how = append_queue_rule("to_queue", 5);
      ASSERT_TRUE(how) << how.error().to_text();
    });
    client_socket_.emplace(*client_, "10.0.0.2:40000");
    server_socket_.emplace(*server_, kServer);
  }

  [[nodiscard]] Nfqueue open(NfqueueOptions options = {}) const {
    options.number = 5;
    std::optional<Nfqueue> queue;
    router_->in([&] {
      Result<Nfqueue> opened = Nfqueue::open(options);
      ASSERT_TRUE(opened) << opened.error().to_text();
      queue.emplace(std::move(*opened));
    });
    return std::move(*queue);
  }

  // Waits until `count` packets were read; they stay without verdict. For up to one batch of packets.
  static std::vector<QueuedPacket> read(Nfqueue& queue, std::size_t count) {
    std::array<QueuedPacket, Nfqueue::kMaxBatch> packets;
    std::vector<QueuedPacket> all;
    pollfd polled{queue.fd(), POLLIN, 0};
    while (all.size() < count && ::poll(&polled, 1, 2000) == 1) {
      const Result<std::size_t> n = queue.receive(packets);
      EXPECT_TRUE(n);
      all.insert(all.end(), packets.begin(), packets.begin() + static_cast<std::ptrdiff_t>(n.value_or(0)));
    }
    EXPECT_EQ(all.size(), count);
    return all;
  }

  void send(int count) const {
    for (int i = 0; i < count; ++i) client_socket_->send(kServer, std::to_string(i));
  }

  std::optional<TestSocket> client_socket_;
  std::optional<TestSocket> server_socket_;
};

std::string rebuilt(const QueuedPacket& packet, base::Bytes payload) {
  std::string out(65535, 0);
  const base::Result<net::Datagram, net::PacketProblem> datagram = net::parse_datagram(packet.payload);
  EXPECT_TRUE(datagram);
  out.resize(net::rebuild(*datagram, payload, out).value_or(0));
  return out;
}

TEST_F(NfqueueTest, PassesAnotherPayloadWithRightChecksums) {
  Nfqueue queue = open();
  for (const std::string& payload :
       {std::string("longer than what was sent"), std::string("x"), std::string(1400, 'y')}) {
    client_socket_->send(kServer, "as it was sent");
    const std::vector<QueuedPacket> packets = read(queue, 1);
    ASSERT_EQ(packets.size(), 1U);
    EXPECT_EQ(net::parse_datagram(packets[0].payload)->body(), "as it was sent");
    EXPECT_EQ(net::parse_datagram(packets[0].payload)->source.to_text(), "10.0.0.2:40000");
    queue.accept(packets[0].id, rebuilt(packets[0], payload));
    ASSERT_TRUE(queue.flush());
    const std::optional<TestSocket::Received> received = server_socket_->receive();
    ASSERT_TRUE(received) << payload.size();
    EXPECT_EQ(received->payload, payload);
  }
  const NfqueueCounters counters = queue.counters();
  EXPECT_EQ(counters.received, 3U);
  EXPECT_EQ(counters.replaced, 3U);
  EXPECT_EQ(counters.accepted + counters.refused + counters.unsent + counters.socket_overruns, 0U);
}

// The receiver above proves checksums only if a wrong one is refused.
TEST_F(NfqueueTest, WrongChecksumDoesNotArrive) {
  Nfqueue queue = open();
  send(1);
  const std::vector<QueuedPacket> packets = read(queue, 1);
  std::string packet = rebuilt(packets[0], "payload");
  packet[packet.size() - 1] = 'X';
  queue.accept(packets[0].id, packet);
  ASSERT_TRUE(queue.flush());
  send(1);
  queue.accept(read(queue, 1)[0].id);
  ASSERT_TRUE(queue.flush());
  EXPECT_EQ(server_socket_->receive().value().payload, "0");
  EXPECT_EQ(server_socket_->count_now(), 0U);
}

TEST_F(NfqueueTest, TellsHookInterfacesAndFamily) {
  Nfqueue queue = open();
  const TestSocket client6(*client_, "[fd00:1::2]:40000");
  const TestSocket server6(*server_, "[fd00:2::2]:5060");
  client6.send("[fd00:2::2]:5060", "six");
  const std::vector<QueuedPacket> packets = read(queue, 1);
  ASSERT_EQ(packets.size(), 1U);
  EXPECT_EQ(packets[0].protocol, 0x86dd);
  EXPECT_EQ(packets[0].hook, 2);
  EXPECT_NE(packets[0].in_interface, 0U);
  EXPECT_NE(packets[0].out_interface, 0U);
  EXPECT_NE(packets[0].in_interface, packets[0].out_interface);
  EXPECT_TRUE(packets[0].whole());
  queue.accept(packets[0].id, rebuilt(packets[0], "six times"));
  ASSERT_TRUE(queue.flush());
  EXPECT_EQ(server6.receive().value().payload, "six times");
}

TEST_F(NfqueueTest, GiantDatagramComesWhole) {
  for (const Namespace* where : {&*client_, &*server_}) where->sh("ip link set eth0 mtu 65535");
  router_->sh("ip link set lan0 mtu 65535");
  router_->sh("ip link set wan0 mtu 65535");
  Nfqueue queue = open();
  const std::string payload(65000, 'g');
  client_socket_->send(kServer, payload);
  const std::vector<QueuedPacket> packets = read(queue, 1);
  ASSERT_TRUE(packets[0].whole());
  queue.accept(packets[0].id, rebuilt(packets[0], payload + "h"));
  ASSERT_TRUE(queue.flush());
  EXPECT_EQ(server_socket_->receive().value().payload, payload + "h");
}

TEST_F(NfqueueTest, ManyPlainAcceptsArriveInOrder) {
  Nfqueue queue = open();
  send(200);
  std::array<QueuedPacket, Nfqueue::kMaxBatch> packets;
  std::size_t seen = 0;
  while (seen < 200) {
    const Result<std::size_t> n = queue.receive(packets);
    ASSERT_TRUE(n);
    ASSERT_GT(*n, 0U);
    for (std::size_t i = 0; i < *n; ++i) queue.accept(packets[i].id);
    seen += *n;
  }
  ASSERT_TRUE(queue.flush());
  for (int i = 0; i < 200; ++i) ASSERT_EQ(server_socket_->receive().value().payload, std::to_string(i));
  EXPECT_LE(queue.counters().batches, 5U);
  EXPECT_EQ(queue.outstanding(), 0U);
  EXPECT_EQ(queue.kernel_state().value().waiting, 0U);
}

TEST_F(NfqueueTest, MixedVerdictsKeepTheOrder) {
  Nfqueue queue = open();
  send(60);
  const std::vector<QueuedPacket> packets = read(queue, 60);
  for (std::size_t i = 0; i < packets.size(); ++i) {
    if (i % 7 == 3)
      queue.accept(packets[i].id, rebuilt(packets[i], "replaced " + std::to_string(i)));
    else
      queue.accept(packets[i].id);
  }
  ASSERT_TRUE(queue.flush());
  for (std::size_t i = 0; i < packets.size(); ++i)
    ASSERT_EQ(server_socket_->receive().value().payload, (i % 7 == 3 ? "replaced " : "") + std::to_string(i));
}

// A batch verdict means "all up to this id"; it must not release a packet that is held back.
TEST_F(NfqueueTest, HeldPacketStaysUntilItsOwnVerdict) {
  Nfqueue queue = open();
  send(5);
  const std::vector<QueuedPacket> packets = read(queue, 5);
  for (const std::size_t i : {0U, 1U, 3U, 4U}) queue.accept(packets[i].id);
  ASSERT_TRUE(queue.flush());
  for (const char* expected : {"0", "1", "3", "4"}) ASSERT_EQ(server_socket_->receive().value().payload, expected);
  EXPECT_EQ(server_socket_->count_now(), 0U);
  EXPECT_EQ(queue.kernel_state().value().waiting, 1U);
  send(3);
  for (const QueuedPacket& packet : read(queue, 3)) queue.accept(packet.id);
  ASSERT_TRUE(queue.flush());
  for (const char* expected : {"0", "1", "2"}) ASSERT_EQ(server_socket_->receive().value().payload, expected);
  EXPECT_EQ(server_socket_->count_now(), 0U);
  queue.accept(packets[2].id);
  ASSERT_TRUE(queue.flush());
  EXPECT_EQ(server_socket_->receive().value().payload, "2");
}

TEST_F(NfqueueTest, UnknownIdIsCountedAsRefused) {
  Nfqueue queue = open();
  queue.accept(4711);
  ASSERT_TRUE(queue.flush());
  std::array<QueuedPacket, 4> packets;
  EXPECT_EQ(queue.receive(packets).value_or(99), 0U);
  EXPECT_EQ(queue.counters().refused, 1U);
}

TEST_F(NfqueueTest, FullQueueLetsPacketsPassUntouched) {
  NfqueueOptions options;
  options.length = 8;
  Nfqueue queue = open(options);
  send(100);
  for (int i = 8; i < 100; ++i) ASSERT_EQ(server_socket_->receive().value().payload, std::to_string(i));
  EXPECT_EQ(server_socket_->count_now(), 0U);
  router_->in([] { EXPECT_EQ(read_queue_rule("to_queue").value().packets, 100U); });
  EXPECT_EQ(queue.kernel_state().value().waiting, 8U);
  EXPECT_EQ(queue.kernel_state().value().last_id, 8U);
  ASSERT_TRUE(queue.drain());
  for (int i = 0; i < 8; ++i) ASSERT_EQ(server_socket_->receive().value().payload, std::to_string(i));
}

TEST_F(NfqueueTest, FullSocketLetsPacketsPassUntouched) {
  NfqueueOptions options;
  options.length = 1000;
  options.socket_buffer = 4096;
  Nfqueue queue = open(options);
  send(100);
  const std::size_t passed = server_socket_->count_now();
  EXPECT_GT(passed, 50U);
  EXPECT_EQ(queue.counters().socket_overruns, passed);
  ASSERT_TRUE(queue.drain());
  EXPECT_EQ(server_socket_->count_now(), 100 - passed);
}

TEST_F(NfqueueTest, WithoutFailOpenTheKernelDropsAndCounts) {
  NfqueueOptions options;
  options.length = 8;
  options.fail_open = false;
  Nfqueue queue = open(options);
  send(20);
  EXPECT_EQ(queue.kernel_state().value().dropped, 12U);
  ASSERT_TRUE(queue.drain());
  EXPECT_EQ(server_socket_->count_now(), 8U);
}

TEST_F(NfqueueTest, DrainReleasesWhatWasReadAndKeptBack) {
  Nfqueue queue = open();
  send(6);
  EXPECT_EQ(read(queue, 6).size(), 6U);
  send(2);
  ASSERT_TRUE(queue.drain());
  EXPECT_EQ(server_socket_->count_now(), 8U);
  EXPECT_EQ(queue.outstanding(), 0U);
}

TEST_F(NfqueueTest, NoReaderMeansBypass) {
  send(1);
  EXPECT_EQ(server_socket_->receive().value().payload, "0");
  {
    Nfqueue queue = open();
    send(1);
    queue.accept(read(queue, 1)[0].id);
    ASSERT_TRUE(queue.flush());
    EXPECT_EQ(server_socket_->receive().value().payload, "0");
  }
  send(1);
  EXPECT_EQ(server_socket_->receive().value().payload, "0");
}

TEST_F(NfqueueTest, SecondReaderIsToldWhoReads) {
  const Nfqueue queue = open();
  router_->in([] {
    NfqueueOptions options;
    options.number = 5;
    const Result<Nfqueue> second = Nfqueue::open(options);
    ASSERT_FALSE(second);
    EXPECT_EQ(second.error().code, Problem::busy);
    EXPECT_NE(second.error().to_text().find("Netlink port"), std::string::npos);
    options.number = 6;
    EXPECT_TRUE(Nfqueue::open(options));
  });
}

TEST_F(NfqueueTest, FlushedChainQueuesNothing) {
  Nfqueue queue = open();
  router_->in([] { ASSERT_TRUE(flush_chain("to_queue")); });
  send(3);
  EXPECT_EQ(server_socket_->count_now(), 3U);
  EXPECT_EQ(queue.kernel_state().value().last_id, 0U);
  router_->in([] {
    EXPECT_EQ(read_queue_rule("to_queue").error().code, Problem::not_found);
    ASSERT_TRUE(delete_table());
    EXPECT_TRUE(delete_table());  // missing is fine
    EXPECT_EQ(append_queue_rule("to_queue", 5).error().code, Problem::not_found);
  });
}

TEST_F(NfqueueTest, TooLongOrEmptyReplacementLetsTheOriginalPass) {
  Nfqueue queue = open();
  send(2);
  const std::vector<QueuedPacket> packets = read(queue, 2);
  queue.accept(packets[0].id, std::string(Nfqueue::kMaxPacket + 1, 'x'));
  queue.accept(packets[1].id, base::Bytes());
  ASSERT_TRUE(queue.flush());
  EXPECT_EQ(server_socket_->receive().value().payload, "0");
  EXPECT_EQ(server_socket_->receive().value().payload, "1");
  EXPECT_EQ(queue.counters().accepted, 2U);
  EXPECT_EQ(queue.counters().replaced, 0U);
}

// A reader in another process: stopped, it holds back `length` packets and no more; killed, those are lost and
// everything after passes.
TEST_F(NfqueueTest, StoppedAndKilledReader) {
  NfqueueOptions options;
  options.length = 8;
  int ready[2];
  ASSERT_EQ(::pipe2(ready, O_CLOEXEC), 0);
  const pid_t reader = ::fork();
  ASSERT_GE(reader, 0);
  if (reader == 0) {
    Nfqueue queue = open(options);
    const bool told = ::write(ready[1], "x", 1) == 1;
    for (pollfd polled{queue.fd(), POLLIN, 0}; told && ::poll(&polled, 1, 60'000) == 1;)
      if (!queue.drain()) break;
    ::_exit(0);
  }
  char octet = 0;
  ASSERT_EQ(::read(ready[0], &octet, 1), 1);
  send(1);
  EXPECT_EQ(server_socket_->receive().value().payload, "0");
  int status = 0;
  ASSERT_EQ(::kill(reader, SIGSTOP), 0);
  ASSERT_EQ(::waitpid(reader, &status, WUNTRACED), reader);
  send(100);
  EXPECT_EQ(server_socket_->count_now(), 92U);
  ASSERT_EQ(::kill(reader, SIGCONT), 0);
  for (int i = 0; i < 8; ++i) EXPECT_EQ(server_socket_->receive().value().payload, std::to_string(i));
  ASSERT_EQ(::kill(reader, SIGSTOP), 0);
  ASSERT_EQ(::waitpid(reader, &status, WUNTRACED), reader);
  send(3);
  ASSERT_EQ(::kill(reader, SIGKILL), 0);
  ASSERT_EQ(::waitpid(reader, &status, 0), reader);
  send(4);
  EXPECT_EQ(server_socket_->count_now(), 4U);
  ::close(ready[0]);
  ::close(ready[1]);
}

TEST_F(NfqueueTest, CopyRangeCutsButPasses) {
  NfqueueOptions options;
  options.copy_range = 28 + 10;
  Nfqueue queue = open(options);
  client_socket_->send(kServer, "0123456789abcdef");
  const std::vector<QueuedPacket> packets = read(queue, 1);
  EXPECT_FALSE(packets[0].whole());
  EXPECT_EQ(packets[0].payload.substr(28), "0123456789");
  EXPECT_EQ(packets[0].full_length, 28U + 16U);
  queue.accept(packets[0].id);
  ASSERT_TRUE(queue.flush());
  EXPECT_EQ(server_socket_->receive().value().payload, "0123456789abcdef");
}

}  // namespace
}  // namespace viaduct::os
