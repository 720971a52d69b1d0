// SPDX-License-Identifier: GPL-2.0-or-later
// Messages that the gateway lets pass without following them: each arrives as it was sent, and `why` can tell.
#include "path_test.hpp"

#include <vector>

namespace viaduct::gateway {
namespace {

std::string request(const std::string& method, const std::string& call_id) {
  return method + " sip:bob@203.0.113.2 SIP/2.0\r\nVia: SIP/2.0/UDP 10.0.0.2:5070;rport;branch=z9hG4bK1\r\n" +
         "From: <sip:alice@example.net>;tag=1\r\nTo: <sip:bob@example.net>\r\nCall-ID: " + call_id + "\r\nCSeq: 1 " +
         method + "\r\nContact: <sip:alice@10.0.0.2:5070>\r\nContent-Length: 0\r\n\r\n";
}

class PassedPath : public PathTest {
 protected:
  void SetUp() override {
    RouterTest::SetUp();
    if (HasFatalFailure()) return;
    config_.policy.mode = alg::Mode::observe;
    config_.policy.limits.dialogs_per_source = 1;
    config_.policy.limits.registrations_per_source = 0;
    config_.policy.endpoints.push_back({*net::parse_prefix("10.0.0.3"), {alg::Mode::off, {}, {}}});
    start();
  }

  // Sends one packet out, or in, has the path handle it, and sees that it arrives as it was.
  void pass(const os::TestSocket& from, const os::TestSocket& to, const std::string& address,
            const std::string& payload) {
    const std::optional<os::TestSocket::Received> received = relay(from, to, address, payload);
    ASSERT_TRUE(received) << payload;
    EXPECT_EQ(received->payload, payload);
  }

  [[nodiscard]] std::vector<std::string> told() const {
    std::vector<std::string> all;
    for (std::size_t i = 0; i < passed_.size(); ++i) {
      const Passed& row = passed_.at(i);
      const char* way = row.way == Passed::Way::out ? " > " : row.way == Passed::Way::in ? " < " : " - ";
      std::string name = std::string(row.call_id.kept());
      if (!row.address_of_record.empty()) name += " of " + std::string(row.address_of_record.kept());
      all.push_back(row.source.to_text() + way + row.destination.to_text() + " [" + name + "] x" +
                    std::to_string(row.times) + " " + std::string(text_of(row.rule)) + " " +
                    std::string(setting_of(row.rule)));
    }
    return all;
  }
};

TEST_F(PassedPath, EveryMessageThatIsNotFollowedIsToldWithItsRule) {
  client_->sh("ip addr add 10.0.0.3/24 dev eth0");
  const os::TestSocket phone(*client_, "10.0.0.2:5070");
  const os::TestSocket other(*client_, "10.0.0.3:5070");
  const os::TestSocket platform(*server_, "203.0.113.2:5060");
  const std::string to = "203.0.113.2:5060";
  pass(phone, platform, to, request("INVITE", "followed"));
  pass(phone, platform, to, request("INVITE", "one-too-many"));
  pass(phone, platform, to, request("INVITE", "one-too-many"));
  pass(phone, platform, to, request("REGISTER", "reg"));
  pass(platform, phone, "10.0.0.2:5070", request("REGISTER", "foreign"));
  pass(platform, phone, "10.0.0.2:5070", request("BYE", "of-yesterday"));
  pass(platform, phone, "10.0.0.2:5070",
       "SIP/2.0 200 OK\r\nCall-ID: long-gone\r\nCSeq: 1 INVITE\r\nContent-Length: 0\r\n\r\n");
  pass(phone, platform, to, "this is no SIP\r\nCall-ID: torn\r\n\r\n");
  pass(phone, platform, to, request("BYE", std::string(600, 'x')));
  EXPECT_EQ(told(), (std::vector<std::string>{
                        "10.0.0.2:5070 > 203.0.113.2:5060 [one-too-many] x2 over-limit limits.dialogs_per_source",
                        ("10.0.0.2:5070 > 203.0.113.2:5060 [reg of bob@example.net] x1 over-limit "
                         "limits.registrations_per_source"),
                        "203.0.113.2:5060 < 10.0.0.2:5070 [foreign of bob@example.net] x1 register-from-outside ",
                        "203.0.113.2:5060 < 10.0.0.2:5070 [of-yesterday] x1 not-followed ",
                        "203.0.113.2:5060 < 10.0.0.2:5070 [long-gone] x1 association-gone ",
                        "10.0.0.2:5070 > 203.0.113.2:5060 [torn] x1 not-sip ",
                        "10.0.0.2:5070 > 203.0.113.2:5060 [" + std::string(128, 'x') + "] x1 long-name ",
                    }));
}

TEST_F(PassedPath, TheShareOfTheOutsideIsTold) {
  config_.policy.limits.dialogs = 3;
  config_.policy.limits.dialogs_per_source = 3;
  const os::TestSocket phone(*client_, "10.0.0.2:5070");
  const os::TestSocket platform(*server_, "203.0.113.2:5060");
  pass(platform, phone, "10.0.0.2:5070", request("INVITE", "first"));
  pass(platform, phone, "10.0.0.2:5070", request("INVITE", "second"));
  pass(phone, platform, "203.0.113.2:5060", request("INVITE", "inside"));
  EXPECT_EQ(told(), std::vector<std::string>{"203.0.113.2:5060 < 10.0.0.2:5070 [second] x1 over-limit limits.dialogs"});
}

// RFC 5626 3.5.1 and 3.5.2, in assist, where edits are made; and the zero octets that some phones send.
TEST_F(PassedPath, KeepAlivesPassUntouchedAndCreateNothing) {
  config_.policy.mode = alg::Mode::assist;
  config_.policy.limits = {};
  const os::TestSocket phone(*client_, "10.0.0.2:5070");
  const os::TestSocket platform(*server_, "203.0.113.2:5060");
  const std::string transaction = "\x21\x12\xa4\x42" + std::string(12, 't');
  const std::string binding_request = std::string("\x00\x01\x00\x00", 4) + transaction;
  // XOR-MAPPED-ADDRESS 203.0.113.1:5070: an address that must not be taken for one of ours.
  const std::string binding_response = std::string("\x01\x01\x00\x0c", 4) + transaction +
                                       std::string("\x00\x20\x00\x08\x00\x01\x32\xdc\xea\x12\xd5\x43", 12);
  pass(phone, platform, "203.0.113.2:5060", "\r\n\r\n");
  pass(platform, phone, "10.0.0.2:5070", "\r\n");
  pass(phone, platform, "203.0.113.2:5060", binding_request);
  pass(platform, phone, "10.0.0.2:5070", binding_response);
  pass(phone, platform, "203.0.113.2:5060", std::string(4, '\0'));
  EXPECT_EQ(counters_.at(static_cast<std::size_t>(Counted::keepalives)), 5U);
  EXPECT_EQ(counters_.at(static_cast<std::size_t>(Counted::not_sip)), 0U);
  EXPECT_EQ(told(), std::vector<std::string>());
  EXPECT_EQ(state_.size(), 0U);
  EXPECT_EQ(state_.mappings().size(), 0U);
  EXPECT_EQ(state_.memory().find(*net::parse_address("203.0.113.2"), alg::Aspect::contact), nullptr);
}

TEST_F(PassedPath, APacketThatTouchesNoWanIsTold) {
  router_->sh("ip link add lan1 type veth peer name eth1 netns " + server_->path());
  router_->sh("ip addr add 10.0.1.1/24 dev lan1");
  router_->sh("ip link set lan1 up");
  server_->sh("ip addr add 10.0.1.2/24 dev eth1");
  server_->sh("ip link set eth1 up");
  server_->sh("ip route add 10.0.0.0/24 via 10.0.1.1");
  nft("add element inet viaduct signalling4 { 10.0.0.2 . 5070 }");
  const os::TestSocket phone(*client_, "10.0.0.2:5070");
  const os::TestSocket printer(*server_, "10.0.1.2:5080");
  pass(phone, printer, "10.0.1.2:5080", request("OPTIONS", "inner"));
  EXPECT_EQ(told(), std::vector<std::string>{"10.0.0.2:5070 - 10.0.1.2:5080 [inner] x1 no-wan wan.interfaces"});
}

}  // namespace
}  // namespace viaduct::gateway
