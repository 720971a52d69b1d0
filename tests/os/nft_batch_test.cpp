// SPDX-License-Identifier: GPL-2.0-or-later
#include "os/nft_batch.hpp"

#include "lab.hpp"
#include "os/conntrack.hpp"
#include "os/nfqueue.hpp"
#include "os/nft_rules.hpp"
#include "os/nft_text.hpp"

#include <poll.h>

#include <algorithm>
#include <array>

namespace viaduct::os {
namespace {

using std::chrono::milliseconds;

// ipv4_addr . inet_service as the kernel's registers hold it.
std::string octets(const std::string& endpoint) {
  const std::optional<net::Endpoint> e = net::parse_endpoint(endpoint);
  std::string key(reinterpret_cast<const char*>(e->address.octets.data()), 4);
  key += {static_cast<char>(e->port >> 8), static_cast<char>(e->port), 0, 0};
  return key;
}

constexpr const char* kSets = R"(table inet viaduct {
  map outer {
    type ipv4_addr . inet_service : ipv4_addr . inet_service
  }
  map inner {
    type ipv4_addr . inet_service : ipv4_addr . inet_service
    flags timeout
  }
  set flows {
    type ipv4_addr . inet_service
    flags timeout
  }
})";

class NftBatchTest : public ::testing::Test {
 protected:
  void SetUp() override {
    where_.emplace(Namespace::make());
    ASSERT_TRUE(where_->valid());
    where_->in([this] {
      const Result<void> loaded = run_nft(kSets);
      ASSERT_TRUE(loaded) << loaded.error().to_text();
      Result<NftBatch> batch = NftBatch::open();
      ASSERT_TRUE(batch) << batch.error().to_text();
      batch_.emplace(std::move(*batch));
    });
  }

  std::vector<std::string> keys(const char* set) {
    std::vector<std::string> result;
    const Result<std::vector<SetElement>> all = batch_->elements(set);
    EXPECT_TRUE(all);
    for (const SetElement& e : *all) result.push_back(e.key);
    std::sort(result.begin(), result.end());
    return result;
  }

  std::string listed(const std::string& command) const {
    std::string text;
    where_->in([&] { text = list_nft(command).value_or("failed"); });
    return text;
  }

  std::optional<Namespace> where_;
  std::optional<NftBatch> batch_;
};

const std::string kA = octets("10.0.0.2:4000");
const std::string kB = octets("10.0.0.2:4001");
const std::string kC = octets("10.0.0.3:4000");
const std::string kX = octets("203.0.113.1:4000");
const std::string kY = octets("203.0.113.1:4001");

TEST_F(NftBatchTest, NftReadsWhatWasWritten) {
  batch_->add("outer", kA, kX);
  batch_->add("flows", kA, {}, milliseconds(300'000));
  ASSERT_EQ(batch_->size(), 2U);
  ASSERT_TRUE(batch_->commit());
  EXPECT_TRUE(batch_->empty());
  EXPECT_TRUE(batch_->reports().empty());
  EXPECT_NE(listed("list map inet viaduct outer").find("{ 10.0.0.2 . 4000 : 203.0.113.1 . 4000 }"), std::string::npos);
  EXPECT_NE(listed("list set inet viaduct flows").find("{ 10.0.0.2 . 4000 timeout 300s expires "), std::string::npos)
      << listed("list set inet viaduct flows");
}

TEST_F(NftBatchTest, ElementsGiveKeyDataAndTimeLeft) {
  batch_->add("inner", kX, kA, milliseconds(60'000));
  batch_->add("inner", kY, kB);
  ASSERT_TRUE(batch_->commit());
  Result<std::vector<SetElement>> all = batch_->elements("inner");
  ASSERT_TRUE(all);
  ASSERT_EQ(all->size(), 2U);
  std::sort(all->begin(), all->end(), [](const SetElement& a, const SetElement& b) { return a.key < b.key; });
  EXPECT_EQ((*all)[0].key, kX);
  EXPECT_EQ((*all)[0].data, kA);
  EXPECT_GT((*all)[0].expires, milliseconds(50'000));
  EXPECT_LE((*all)[0].expires, milliseconds(60'000));
  EXPECT_EQ((*all)[1].data, kB);
  EXPECT_EQ((*all)[1].expires, milliseconds(0));
}

TEST_F(NftBatchTest, IdenticalIsFineOtherDataIsNot) {
  batch_->add("outer", kA, kX);
  ASSERT_TRUE(batch_->commit());
  batch_->add("outer", kA, kX);
  EXPECT_TRUE(batch_->commit());
  batch_->add("outer", kB, kY);
  batch_->add("outer", kC, kY);
  batch_->add("outer", kA, kY);
  const Result<void> done = batch_->commit();
  ASSERT_FALSE(done);
  EXPECT_EQ(done.error().code, Problem::already_exists);
  EXPECT_EQ(done.error().offset, 2U);
  ASSERT_EQ(batch_->reports().size(), 1U);
  EXPECT_EQ(batch_->reports()[0].index, 2U);
  EXPECT_EQ(batch_->reports()[0].error_number, EEXIST);
  EXPECT_EQ(keys("outer"), std::vector<std::string>{kA});  // all or none
}

TEST_F(NftBatchTest, RemovingTheMissingIsFine) {
  batch_->add("outer", kA, kX);
  batch_->add("outer", kB, kY);
  ASSERT_TRUE(batch_->commit());
  batch_->remove("outer", kC);
  batch_->remove("outer", kA);
  batch_->add("flows", kA);
  const Result<void> done = batch_->commit();
  ASSERT_TRUE(done) << done.error().to_text();
  EXPECT_EQ(keys("outer"), std::vector<std::string>{kB});
  EXPECT_EQ(keys("flows"), std::vector<std::string>{kA});
}

TEST_F(NftBatchTest, EveryFailingElementIsNamed) {
  batch_->add("outer", kA, kX);
  batch_->add("nowhere", kA);
  batch_->add("outer", "short", kX);
  const Result<void> done = batch_->commit();
  ASSERT_FALSE(done);
  EXPECT_EQ(done.error().code, Problem::not_found);
  EXPECT_EQ(done.error().offset, 1U);
  std::vector<std::uint32_t> indices;
  for (const ElementReport& r : batch_->reports()) indices.push_back(r.index);
  EXPECT_EQ(indices, (std::vector<std::uint32_t>{1, 2}));
  EXPECT_TRUE(keys("outer").empty());
}

TEST_F(NftBatchTest, RemoveAndAddRenewsDataAndTimeout) {
  batch_->add("inner", kX, kA, milliseconds(5'000));
  ASSERT_TRUE(batch_->commit());
  batch_->remove("inner", kX);
  batch_->add("inner", kX, kB, milliseconds(300'000));
  ASSERT_TRUE(batch_->commit());
  const Result<std::vector<SetElement>> all = batch_->elements("inner");
  ASSERT_EQ(all->size(), 1U);
  EXPECT_EQ(all->front().data, kB);
  EXPECT_GT(all->front().expires, milliseconds(290'000));
}

TEST_F(NftBatchTest, ClearEmptiesOneSet) {
  batch_->add("outer", kA, kX);
  batch_->add("outer", kB, kY);
  batch_->add("flows", kA);
  ASSERT_TRUE(batch_->commit());
  batch_->clear("outer");
  batch_->add("outer", kC, kX);
  ASSERT_TRUE(batch_->commit());
  EXPECT_EQ(keys("outer"), std::vector<std::string>{kC});
  EXPECT_EQ(keys("flows"), std::vector<std::string>{kA});
}

TEST_F(NftBatchTest, DiscardForgets) {
  batch_->add("outer", kA, kX);
  batch_->discard();
  EXPECT_TRUE(batch_->commit());
  EXPECT_TRUE(keys("outer").empty());
}

TEST_F(NftBatchTest, TwentyThousandElementsInOneTransaction) {
  for (std::uint32_t i = 0; i < 20'000; ++i)
    batch_->add("outer", octets(net::Endpoint{net::Address::ipv4(0x0a000000 + i), 4000}.to_text()), kX);
  const Result<void> done = batch_->commit();
  ASSERT_TRUE(done) << done.error().to_text();
  EXPECT_EQ(keys("outer").size(), 20'000U);
}

TEST_F(NftBatchTest, MissingTableIsNotFound) {
  where_->in([] { ASSERT_TRUE(delete_table()); });
  batch_->add("outer", kA, kX);
  EXPECT_EQ(batch_->commit().error().code, Problem::not_found);
  EXPECT_EQ(batch_->elements("outer").error().code, Problem::not_found);
}

TEST_F(NftBatchTest, TextErrorsNameThePlace) {
  where_->in([] {
    const Result<void> done = run_nft("table inet viaduct {\n  chain c {\n    frobnicate\n  }\n}\n");
    ASSERT_FALSE(done);
    EXPECT_EQ(done.error().code, Problem::invalid);
    EXPECT_EQ(done.error().to_text(),
              "load nftables rules: 3:15-15: Error: syntax error, unexpected newline\n    frobnicate\n              ^"
              ": refused as invalid");
    EXPECT_EQ(run_nft("delete table inet nowhere").error().code, Problem::not_found);
    EXPECT_TRUE(check_nft("add table inet only_checked"));
    EXPECT_EQ(list_nft("list table inet only_checked").error().code, Problem::not_found);
    const Result<std::string> json = list_ruleset_json();
    ASSERT_TRUE(json);
    EXPECT_NE(json->find(R"("name": "outer")"), std::string::npos) << *json;
  });
}

constexpr const char* kRouter = R"(table inet viaduct {
  map inner {
    type ipv4_addr . inet_service : ipv4_addr . inet_service
  }
  map outer {
    type ipv4_addr . inet_service : ipv4_addr . inet_service
  }
  chain to_queue {
  }
  chain forward {
    type filter hook forward priority mangle; policy accept;
    udp dport 5060 jump to_queue
  }
  chain nat_in {
    type nat hook prerouting priority dstnat - 1; policy accept;
    dnat ip to ip daddr . udp dport map @inner
  }
  chain nat_out {
    type nat hook postrouting priority srcnat - 1; policy accept;
    oifname wan0 meta l4proto udp snat ip to ip saddr . udp sport map @outer
  }
  chain nat_rest {
    type nat hook postrouting priority srcnat; policy accept;
    oifname wan0 masquerade
  }
})";

class RouterNatTest : public RouterTest {};

// The gateway's order: packet in the queue, maps filled, verdict. The flow is born with the chosen outer port.
TEST_F(RouterNatTest, MapsFilledBeforeTheVerdictFixTheOuterPort) {
  nft(kRouter);
  std::optional<NftBatch> batch;
  std::optional<Nfqueue> queue;
  std::optional<Conntrack> conntrack;
  router_->in([&] {
    ASSERT_TRUE(append_queue_rule("to_queue", 7));
    NfqueueOptions options;
    options.number = 7;
    queue.emplace(std::move(Nfqueue::open(options).value()));
    batch.emplace(std::move(NftBatch::open().value()));
    conntrack.emplace(std::move(Conntrack::open().value()));
  });
  const TestSocket phone(*client_, "10.0.0.2:5070");
  const TestSocket platform(*server_, "203.0.113.2:5060");
  phone.send("203.0.113.2:5060", "INVITE");
  pollfd polled{queue->fd(), POLLIN, 0};
  ASSERT_EQ(::poll(&polled, 1, 2000), 1);
  std::array<QueuedPacket, 4> packets;
  ASSERT_EQ(queue->receive(packets).value_or(0), 1U);

  const FiveTuple original{*net::parse_endpoint("10.0.0.2:5070"), *net::parse_endpoint("203.0.113.2:5060"), 17};
  EXPECT_EQ(conntrack->find(original).error().code, Problem::not_found);  // its first packet has not left yet
  batch->add("outer", octets("10.0.0.2:5070"), octets("203.0.113.1:31000"));
  batch->add("inner", octets("203.0.113.1:31000"), octets("10.0.0.2:5070"));
  ASSERT_TRUE(batch->commit());
  queue->accept(packets[0].id);
  ASSERT_TRUE(queue->flush());

  EXPECT_EQ(platform.receive().value().from, "203.0.113.1:31000");
  const Result<Connection> flow = conntrack->find(original);
  ASSERT_TRUE(flow) << flow.error().to_text();
  EXPECT_EQ(flow->reply.destination.to_text(), "203.0.113.1:31000");
  EXPECT_TRUE(flow->source_nat());
  EXPECT_FALSE(flow->destination_nat());

  // And from a stranger to the same outer port.
  const TestSocket stranger(*server_, "203.0.113.2:9999");
  stranger.send("203.0.113.1:31000", "hello");
  const std::optional<TestSocket::Received> inbound = phone.receive();
  ASSERT_TRUE(inbound);
  EXPECT_EQ(inbound->from, "203.0.113.2:9999");
  EXPECT_EQ(inbound->payload, "hello");
}

}  // namespace
}  // namespace viaduct::os
