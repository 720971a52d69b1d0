// SPDX-License-Identifier: GPL-2.0-or-later
// What the kernel does with media after the gateway read the signalling: translated as the signalling is, or not at
// all.
#include "os/clock.hpp"
#include "path_test.hpp"
#include "viaduct-gateway/port_use.hpp"

#include <gmock/gmock.h>

namespace viaduct::gateway {
namespace {

std::string message(const std::string& start, const std::string& host, const std::string& call_id,
                    const std::string& media_host, const std::string& media) {
  const std::string body =
      "v=0\r\no=- 1 1 IN IP4 " + media_host + "\r\ns=-\r\nc=IN IP4 " + media_host + "\r\nt=0 0\r\n" + media;
  return start + " SIP/2.0\r\nVia: SIP/2.0/UDP " + host +
         ";rport;branch=z9hG4bK1\r\nFrom: <sip:alice@example.net>;tag=1\r\nTo: <sip:bob@example.net>\r\nCall-ID: " +
         call_id + "\r\nCSeq: 1 INVITE\r\nContact: <sip:alice@" + host +
         ">\r\nContent-Type: application/sdp\r\nContent-Length: " + std::to_string(body.size()) + "\r\n\r\n" + body;
}

std::string invite(const std::string& host, const std::string& call_id, const std::string& port = "4000") {
  return message("INVITE sip:bob@example.net", host + ":5070", call_id, host, "m=audio " + port + " RTP/AVP 0\r\n");
}

class TranslatedPath : public PathTest, public ::testing::WithParamInterface<alg::Mode> {
 protected:
  // What home routers do, but for a VPN and a routed network.
  void SetUp() override {
    RouterTest::SetUp();
    if (HasFatalFailure()) return;
    nft("table ip home {\n  chain postrouting {\n    type nat hook postrouting priority srcnat;\n"
        "    ip daddr 10.99.0.0/16 accept\n    ip saddr 10.0.0.0/24 oifname \"wan0\" masquerade\n  }\n}\n");
    router_->sh("ip addr add 198.51.100.1/24 dev lan0");
    client_->sh("ip addr add 198.51.100.77/24 dev eth0");
    client_->sh("ip addr add 10.0.0.3/24 dev eth0");
    server_->sh("ip addr add 10.99.0.5/32 dev eth0");
    router_->sh("ip route add 10.99.0.0/16 via 203.0.113.2");
    config_.policy.mode = GetParam();
  }

  // From where the platform sees media of the phone's port 4000.
  std::string media_from(const std::string& phone, const std::string& platform) {
    const os::TestSocket rtp(*client_, phone + ":4000");
    const os::TestSocket media(*server_, platform + ":9000");
    rtp.send(platform + ":9000", "RTP");
    const std::optional<os::TestSocket::Received> received = media.receive();
    return received ? received->from : "nowhere";
  }
  std::string media_after_call(const std::string& host, const std::string& party) {
    const os::TestSocket phone(*client_, host + ":5070");
    const os::TestSocket platform(*server_, party + ":5060");
    const auto received = relay(phone, platform, party + ":5060", invite(host, "c1"));
    EXPECT_EQ(received && received->payload == invite(host, "c1"), expects_original_);
    return media_from(host, party);
  }
  bool expects_original_ = true;
};

TEST_P(TranslatedPath, ARoutedPhonesMediaKeepsItsAddress) {
  start();
  EXPECT_EQ(media_after_call("198.51.100.77", "203.0.113.2"), "198.51.100.77:4000");
}

TEST_P(TranslatedPath, MediaIntoAVpnKeepsItsAddress) {
  start();
  EXPECT_EQ(media_after_call("10.0.0.2", "10.99.0.5"), "10.0.0.2:4000");
}

// The flow is known before: no guess by addresses.
TEST_P(TranslatedPath, AVpnToAPublicPlatformIsFoundInTheKernelsTable) {
  nft("insert rule ip home postrouting ip daddr 203.0.113.2 accept");
  {
    const os::TestSocket phone(*client_, "10.0.0.2:5070");
    const os::TestSocket platform(*server_, "203.0.113.2:5060");
    phone.send("203.0.113.2:5060", "keep-alive");
    ASSERT_TRUE(platform.receive());
  }
  start();
  EXPECT_EQ(media_after_call("10.0.0.2", "203.0.113.2"), "10.0.0.2:4000");
}

TEST_P(TranslatedPath, MediaOfATranslatedPhoneIsTranslated) {
  start();
  expects_original_ = GetParam() != alg::Mode::assist;
  EXPECT_EQ(media_after_call("10.0.0.2", "203.0.113.2"), "203.0.113.1:4000");
  EXPECT_EQ(state_.mappings().find({*net::parse_endpoint("10.0.0.2:4000"), 0})->kind, alg::MappingKind::media);
}

INSTANTIATE_TEST_SUITE_P(Modes, TranslatedPath, ::testing::Values(alg::Mode::pinhole, alg::Mode::assist),
                         [](const ::testing::TestParamInfo<alg::Mode>& param) {
                           return std::string(alg::text(param.param));
                         });

/// Phones that were there before the gateway: the kernel chose their outer ports by itself.
class OlderThanUs : public PathTest {
 protected:
  void SetUp() override {
    RouterTest::SetUp();
    if (HasFatalFailure()) return;
    nft("table ip home {\n  chain postrouting {\n    type nat hook postrouting priority srcnat;\n"
        "    ip saddr 10.0.0.0/24 oifname \"wan0\" masquerade\n  }\n}\n");
    client_->sh("ip addr add 10.0.0.3/24 dev eth0");
  }
  // Another phone has the port first, so this one gets another outside.
  std::string taken_before(const os::TestSocket& first, const os::TestSocket& second, const std::string& to,
                           const os::TestSocket& there) {
    first.send(to, "before");
    EXPECT_TRUE(there.receive());
    second.send(to, "before");
    const std::optional<os::TestSocket::Received> received = there.receive();
    return received ? received->from : "nowhere";
  }
};

TEST_F(OlderThanUs, ACallInAssistNamesThePortThatTheKernelChose) {
  const os::TestSocket platform(*server_, "203.0.113.2:5060");
  const os::TestSocket media(*server_, "203.0.113.2:9000");
  const os::TestSocket other(*client_, "10.0.0.3:5070");
  const os::TestSocket phone(*client_, "10.0.0.2:5070");
  const os::TestSocket other_rtp(*client_, "10.0.0.3:4000");
  const os::TestSocket rtp(*client_, "10.0.0.2:4000");
  const std::string outer = taken_before(other, phone, "203.0.113.2:5060", platform);
  ASSERT_NE(outer, "203.0.113.1:5070");
  const std::string outer_rtp = taken_before(other_rtp, rtp, "203.0.113.2:9000", media);
  ASSERT_NE(outer_rtp, "203.0.113.1:4000");
  config_.policy.mode = alg::Mode::assist;
  start();
  router_->in([this] { PortUse().refresh(state_, *conntrack_, os::monotonic_now()); });

  const std::string refresh = [] {
    std::string text = invite("10.0.0.2", "running");
    return text.replace(text.find("To: <sip:bob@example.net>"), 25, "To: <sip:bob@example.net>;tag=2");
  }();
  const auto refreshed = relay(phone, platform, "203.0.113.2:5060", refresh);
  ASSERT_TRUE(refreshed);
  EXPECT_EQ(refreshed->payload, refresh) << "a call older than the gateway is not changed in its middle";
  EXPECT_EQ(refreshed->from, outer);
  rtp.send("203.0.113.2:9000", "RTP");
  const auto going_on = media.receive();
  ASSERT_TRUE(going_on);
  EXPECT_EQ(going_on->from, outer_rtp) << "its media goes on as before";

  const std::string call =
      message("INVITE sip:alice@10.0.0.2:5070", "203.0.113.2:5060", "in", "203.0.113.2", "m=audio 9010 RTP/AVP 0\r\n");
  const auto called = relay(platform, phone, outer, call);
  ASSERT_TRUE(called) << "over the flow that the kernel had";
  std::string answer = invite("10.0.0.2", "in", "4010");
  answer.replace(0, answer.find("\r\n"), "SIP/2.0 200 OK");
  const auto answered = relay(phone, platform, "203.0.113.2:5060", answer);
  ASSERT_TRUE(answered);
  EXPECT_NE(answered->payload.find("Contact: <sip:alice@" + outer + ">"), std::string::npos) << answered->payload;
  EXPECT_EQ(answered->from, outer);
  EXPECT_NE(answered->payload.find("c=IN IP4 203.0.113.1\r\nt=0 0\r\nm=audio 4010 "), std::string::npos);

  const auto own = relay(phone, platform, "203.0.113.2:5060", invite("10.0.0.2", "out", "4020"));
  ASSERT_TRUE(own);
  EXPECT_NE(own->payload.find("Contact: <sip:alice@" + outer + ">"), std::string::npos) << own->payload;
}

TEST_F(OlderThanUs, APhoneThatNamesOurPortsCostsOneWalkAndKeepsToItsShare) {
  const os::TestSocket platform(*server_, "203.0.113.2:5060");
  const os::TestSocket phone(*client_, "10.0.0.2:5070");
  std::vector<os::TestSocket> ports;
  for (int port = 4000; port < 4004; ++port) {
    ports.emplace_back(*client_, "10.0.0.2:" + std::to_string(port));
    ports.back().send("203.0.113.2:5060", "STUN");
    ASSERT_TRUE(platform.receive());
  }
  config_.policy.mode = alg::Mode::pinhole;
  config_.policy.limits.pinholes_per_source = 3;
  start();
  for (int i = 0; i < 20; ++i) {
    const std::string media = "m=audio " + std::to_string(30000 + 2 * i) + " RTP/AVP 0\r\n";
    ASSERT_TRUE(relay(
        phone, platform, "203.0.113.2:5060",
        message("INVITE sip:bob@example.net", "10.0.0.2:5070", "unknown" + std::to_string(i), "203.0.113.1", media)));
  }
  EXPECT_LT(counters_.at(static_cast<std::size_t>(Counted::flow_lookups)), 15U) << "one in a second";
  EXPECT_GT(counters_.at(static_cast<std::size_t>(Counted::over_limit)), 5U);
  EXPECT_EQ(state_.mappings().size(), 0U);
  router_->in([this] { PortUse().refresh(state_, *conntrack_, os::monotonic_now()); });
  ASSERT_TRUE(relay(phone, platform, "203.0.113.2:5060",
                    message("INVITE sip:bob@example.net", "10.0.0.2:5070", "known", "203.0.113.1",
                            "m=audio 4000 RTP/AVP 0\r\nm=video 4002 RTP/AVP 96\r\n")));
  EXPECT_EQ(state_.mappings().size(), 3U);
}

}  // namespace
}  // namespace viaduct::gateway
