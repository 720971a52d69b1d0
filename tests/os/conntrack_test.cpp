// SPDX-License-Identifier: GPL-2.0-or-later
#include "os/conntrack.hpp"

#include "lab.hpp"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/socket.h>

#include <algorithm>
#include <memory>

namespace viaduct::os {
namespace {

FiveTuple tuple(const char* source, const char* destination) {
  return {*net::parse_endpoint(source), *net::parse_endpoint(destination), 17};
}

class ConntrackTest : public RouterTest {
 protected:
  void SetUp() override {
    RouterTest::SetUp();
    if (HasFatalFailure()) return;
    nft(R"(table inet lab {
      chain forward {
        type filter hook forward priority 0; policy accept;
        ct state invalid drop
        udp dport 7000 ct mark set 0x5
        udp dport 7001 ct mark set 0x6
      }
      chain out {
        type nat hook postrouting priority srcnat; policy accept;
        ip saddr 10.0.0.0/24 oifname wan0 udp sport 40000 snat ip to 203.0.113.1:31000
        oifname wan0 masquerade
      }
    })");
    router_->in([this] {
      Result<Conntrack> opened = Conntrack::open();
      ASSERT_TRUE(opened) << opened.error().to_text();
      conntrack_.emplace(std::move(*opened));
    });
  }

  // One UDP packet out; the flow lives on in conntrack.
  void flow(const char* source, const char* destination) const {
    const Namespace& where = source[0] == '[' || source[0] == '1' ? *client_ : *server_;
    const TestSocket socket(where, source);
    socket.send(destination, "x");
  }

  std::optional<Conntrack> conntrack_;
};

const FiveTuple kOriginal = tuple("10.0.0.2:40000", "203.0.113.2:7000");
const FiveTuple kReply = tuple("203.0.113.2:7000", "203.0.113.1:31000");

TEST_F(ConntrackTest, FindsByEitherTuple) {
  flow("10.0.0.2:40000", "203.0.113.2:7000");
  for (const FiveTuple& wanted : {kOriginal, kReply}) {
    const Result<Connection> found = conntrack_->find(wanted);
    ASSERT_TRUE(found) << found.error().to_text();
    EXPECT_EQ(found->original, kOriginal);
    EXPECT_EQ(found->reply, kReply);
    EXPECT_EQ(found->mark, 5U);
    EXPECT_NE(found->id, 0U);
    EXPECT_GT(found->timeout, 0U);
    EXPECT_EQ(found->helper, "");
    EXPECT_TRUE(found->source_nat());
    EXPECT_FALSE(found->seen_reply());
  }
  // What a packet of the reply looks like in the forward hook is neither tuple, but its reverse is.
  const FiveTuple inside = tuple("203.0.113.2:7000", "10.0.0.2:40000");
  EXPECT_EQ(conntrack_->find(inside).error().code, Problem::not_found);
  EXPECT_TRUE(conntrack_->find(inside.reversed()));
  EXPECT_EQ(kOriginal.to_text(), "udp 10.0.0.2:40000 -> 203.0.113.2:7000");
}

// Answers come alone or as parts, with and without an end: none may be waited for in vain or taken for the next one.
TEST_F(ConntrackTest, EveryQuestionGetsItsOwnAnswer) {
  flow("10.0.0.2:40000", "203.0.113.2:7000");
  flow("10.0.0.2:40001", "203.0.113.2:7001");
  const FiveTuple unknown = tuple("10.0.0.2:9", "203.0.113.2:9");
  for (int i = 0; i < 500; ++i) {
    const Result<Connection> found = conntrack_->find(kOriginal);
    ASSERT_TRUE(found) << i << ": " << found.error().to_text();
    ASSERT_EQ(found->reply, kReply) << i;
    const Result<Connection> none = conntrack_->find(unknown);
    ASSERT_FALSE(none);
    ASSERT_EQ(none.error().code, Problem::not_found) << i << ": " << none.error().to_text();
    const Result<std::uint32_t> count = conntrack_->count();
    ASSERT_TRUE(count) << i << ": " << count.error().to_text();
    ASSERT_GE(*count, 2U) << i;
    if (i % 50 != 0) continue;
    const Result<std::vector<Connection>> all = conntrack_->dump({});
    ASSERT_TRUE(all) << i << ": " << all.error().to_text();
    ASSERT_GE(all->size(), 2U) << i;
  }
}

TEST_F(ConntrackTest, SeesReplies) {
  const TestSocket phone(*client_, "10.0.0.2:40000");
  const TestSocket platform(*server_, "203.0.113.2:7000");
  phone.send("203.0.113.2:7000", "there");
  platform.send(platform.receive().value().from, "and back");
  EXPECT_EQ(phone.receive().value().payload, "and back");
  EXPECT_TRUE(conntrack_->find(kOriginal).value().seen_reply());
}

TEST_F(ConntrackTest, Ipv6) {
  flow("[fd00:1::2]:40000", "[fd00:2::2]:7000");
  const Result<Connection> found = conntrack_->find(tuple("[fd00:1::2]:40000", "[fd00:2::2]:7000"));
  ASSERT_TRUE(found) << found.error().to_text();
  EXPECT_EQ(found->reply.destination.address.to_text(), "fd00:2::1");
  ConnectionFilter filter;
  filter.family = net::Family::ipv6;
  filter.protocol = 17;
  EXPECT_EQ(conntrack_->dump(filter).value().size(), 1U);
  ASSERT_TRUE(conntrack_->remove(*found));
  EXPECT_EQ(conntrack_->dump(filter).value().size(), 0U);
}

TEST_F(ConntrackTest, Tcp) {
  Fd listener;
  Fd caller;
  sockaddr_in to{};
  to.sin_family = AF_INET;
  to.sin_port = htons(5060);
  to.sin_addr.s_addr = htonl(0xcb007102);
  server_->in([&] {
    listener = Fd(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0));
    ASSERT_EQ(::bind(listener.get(), reinterpret_cast<const sockaddr*>(&to), sizeof to), 0);
    ASSERT_EQ(::listen(listener.get(), 1), 0);
  });
  client_->in([&] {
    caller = Fd(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0));
    ASSERT_EQ(::connect(caller.get(), reinterpret_cast<const sockaddr*>(&to), sizeof to), 0);
  });
  ConnectionFilter filter;
  filter.protocol = 6;
  const Result<std::vector<Connection>> all = conntrack_->dump(filter);
  ASSERT_TRUE(all);
  ASSERT_EQ(all->size(), 1U);
  EXPECT_EQ(all->front().original.destination.to_text(), "203.0.113.2:5060");
  EXPECT_TRUE(conntrack_->find(all->front().original));
}

TEST_F(ConntrackTest, DumpFilters) {
  flow("10.0.0.2:40000", "203.0.113.2:7000");
  flow("10.0.0.2:40001", "203.0.113.2:7001");
  flow("10.0.0.2:40002", "203.0.113.2:7002");
  flow("[fd00:1::2]:40000", "[fd00:2::2]:7000");
  ConnectionFilter filter;
  filter.protocol = 17;
  EXPECT_EQ(conntrack_->dump(filter).value().size(), 4U);
  filter.mark = 4;
  filter.mark_mask = 4;
  EXPECT_EQ(conntrack_->dump(filter).value().size(), 3U);
  filter.mark_mask = 6;
  EXPECT_EQ(conntrack_->dump(filter).value().size(), 2U);
  filter.original_source = *net::parse_address("10.0.0.2");
  ASSERT_EQ(conntrack_->dump(filter).value().size(), 1U);
  EXPECT_EQ(conntrack_->dump(filter).value().front().original, kOriginal);
  ConnectionFilter outer;
  outer.reply_destination = *net::parse_address("203.0.113.1");
  EXPECT_EQ(conntrack_->dump(outer).value().size(), 3U);
  EXPECT_GE(conntrack_->count().value_or(0), 4U);
}

TEST_F(ConntrackTest, ReplyPortsAreTaken) {
  flow("10.0.0.2:40000", "203.0.113.2:7000");
  flow("10.0.0.2:40001", "203.0.113.2:7001");
  const std::unique_ptr<PortSet> taken = std::make_unique<PortSet>();
  ASSERT_TRUE(conntrack_->add_reply_ports(*net::parse_address("203.0.113.1"), *taken));
  EXPECT_EQ(taken->count(), 2U);
  EXPECT_TRUE(taken->test(31000));
  EXPECT_TRUE(taken->test(40001));
}

TEST_F(ConntrackTest, MarkTimeoutAndRemoval) {
  flow("10.0.0.2:40000", "203.0.113.2:7000");
  const Connection c = conntrack_->find(kOriginal).value();
  ASSERT_TRUE(conntrack_->set_mark(c, 0x40000000, 0x40000000));
  EXPECT_EQ(conntrack_->find(kOriginal).value().mark, 0x40000005U);
  ASSERT_TRUE(conntrack_->set_mark(c, 0, 0x40000001));
  EXPECT_EQ(conntrack_->find(kOriginal).value().mark, 0x4U);
  ASSERT_TRUE(conntrack_->set_timeout(c, 777));
  EXPECT_GE(conntrack_->find(kOriginal).value().timeout, 775U);
  Connection other = c;
  ++other.id;
  EXPECT_EQ(conntrack_->remove(other).error().code, Problem::not_found);
  ASSERT_TRUE(conntrack_->remove(c));
  EXPECT_EQ(conntrack_->find(kOriginal).error().code, Problem::not_found);
  EXPECT_EQ(conntrack_->remove(c).error().code, Problem::not_found);
  EXPECT_EQ(conntrack_->set_mark(c, 1).error().code, Problem::not_found);
}

// A long dump takes several messages of the kernel.
TEST_F(ConntrackTest, DumpsManyFlows) {
  const TestSocket socket(*client_, "10.0.0.2:40000");
  for (int port = 10'000; port < 13'000; ++port) socket.send("203.0.113.2:" + std::to_string(port), "x");
  std::size_t seen = 0;
  ConnectionFilter filter;
  filter.protocol = 17;
  ASSERT_TRUE(conntrack_->visit(
      filter, [&seen](const Connection& c) { seen += c.original.source.to_text() == "10.0.0.2:40000" ? 1 : 0; }));
  EXPECT_EQ(seen, 3000U);
}

constexpr const char* kInvite =
    "INVITE sip:b@203.0.113.2 SIP/2.0\r\nVia: SIP/2.0/UDP 10.0.0.2:5070;branch=z9hG4bK1\r\n"
    "From: <sip:a@10.0.0.2>;tag=1\r\nTo: <sip:b@203.0.113.2>\r\nCall-ID: 1@10.0.0.2\r\nCSeq: 1 INVITE\r\n"
    "Contact: <sip:a@10.0.0.2:5070>\r\nContent-Type: application/sdp\r\nContent-Length: 112\r\n\r\n"
    "v=0\r\no=a 1 1 IN IP4 10.0.0.2\r\ns=-\r\nc=IN IP4 10.0.0.2\r\nt=0 0\r\nm=audio 41000 RTP/AVP 8\r\n"
    "a=rtpmap:8 PCMA/8000\r\n";

// The kernel's own ALG, so that it can be told and taken off.
TEST_F(ConntrackTest, KernelHelperAndItsExpectations) {
  nft(R"(table inet alg {
    ct helper sip_udp {
      type "sip" protocol udp
      l3proto ip
    }
    chain pre {
      type filter hook prerouting priority 0; policy accept;
      udp dport 5060 ct helper set "sip_udp"
    }
  })");
  const TestSocket phone(*client_, "10.0.0.2:5070");
  phone.send("203.0.113.2:5060", kInvite);
  const FiveTuple original = tuple("10.0.0.2:5070", "203.0.113.2:5060");
  const Result<Connection> flow = conntrack_->find(original);
  ASSERT_TRUE(flow);
  EXPECT_EQ(flow->helper, "sip");
  ConnectionFilter filter;
  filter.only_with_helper = true;
  EXPECT_EQ(conntrack_->dump(filter).value().size(), 1U);

  Result<std::vector<Expectation>> pinholes = conntrack_->expectations();
  ASSERT_TRUE(pinholes);
  ASSERT_FALSE(pinholes->empty());
  const std::size_t before = pinholes->size();
  for (const Expectation& e : *pinholes) {
    EXPECT_EQ(e.master, original);
    EXPECT_EQ(e.expected.protocol, 17);
    EXPECT_NE(e.id, 0U);
  }
  ASSERT_TRUE(conntrack_->remove(pinholes->front()));
  EXPECT_EQ(conntrack_->expectations().value().size(), before - 1);
  EXPECT_EQ(conntrack_->remove(pinholes->front()).error().code, Problem::not_found);

  ASSERT_TRUE(conntrack_->detach_helper(*flow));
  EXPECT_EQ(conntrack_->find(original).value().helper, "");
  EXPECT_TRUE(conntrack_->expectations().value().empty());
}

}  // namespace
}  // namespace viaduct::os
