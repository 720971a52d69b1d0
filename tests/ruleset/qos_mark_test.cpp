// SPDX-License-Identifier: GPL-2.0-or-later
// What a receiver on the other side of a router with our table sees in the DSCP of each packet.
#include "os/lab.hpp"
#include "viaduct-gateway/ruleset.hpp"

#include <optional>

namespace viaduct::gateway {
namespace {

constexpr int kEf = 46;
constexpr int kCs3 = 24;

class QosMark : public os::RouterTest {
 protected:
  void install(const GatewayConfig& config) { nft(ruleset_script(config, {"wan0"})); }

  // DSCP at the receiver of one packet; nothing comes before us marks anything.
  static std::optional<int> seen(const os::Namespace& from, const std::string& source, const os::Namespace& to,
                                 const std::string& destination) {
    const os::TestSocket receiver(to, destination);
    const os::TestSocket sender(from, source);
    sender.send(destination, "x");
    const std::optional<os::TestSocket::Received> received = receiver.receive();
    return received ? std::optional(received->dscp) : std::nullopt;
  }
  std::optional<int> out(const std::string& source, const std::string& destination) {
    return seen(*client_, source, *server_, destination);
  }
  std::optional<int> in(const std::string& source, const std::string& destination) {
    return seen(*server_, source, *client_, destination);
  }
};

TEST_F(QosMark, MediaOfKnownCallsAndSipAreMarkedWithoutAnyRate) {
  GatewayConfig config;
  config.qos.mark = true;
  install(config);
  nft("add element inet viaduct media4 { 10.0.0.2 . 4000 }\nadd element inet viaduct watched6 { fd00:1::2 . 4002 }");
  EXPECT_EQ(out("10.0.0.2:4000", "203.0.113.2:30000"), kEf) << "first packet of the flow";
  EXPECT_EQ(out("10.0.0.2:4000", "203.0.113.2:30000"), kEf) << "and those by the mark";
  EXPECT_EQ(in("203.0.113.2:30000", "10.0.0.2:4000"), kEf);
  EXPECT_EQ(out("[fd00:1::2]:4002", "[fd00:2::2]:30000"), kEf);
  EXPECT_EQ(out("[fd00:1::2]:4002", "[fd00:2::2]:30000"), kEf);
  EXPECT_EQ(out("10.0.0.2:5070", "203.0.113.2:5060"), kCs3);
  EXPECT_EQ(in("203.0.113.2:5060", "10.0.0.2:5070"), kCs3);
  EXPECT_EQ(out("[fd00:1::2]:5070", "[fd00:2::2]:5060"), kCs3);
  EXPECT_EQ(out("10.0.0.2:4100", "203.0.113.2:30000"), 0) << "no call";
  nft("delete element inet viaduct media4 { 10.0.0.2 . 4000 }");
  EXPECT_EQ(out("10.0.0.2:4000", "203.0.113.2:30000"), 0) << "the call is over, its flow still has the mark";
}

TEST_F(QosMark, MarkingCanBeSwitchedOffBesideARate) {
  GatewayConfig config;
  config.qos.rate = 10'000'000;
  config.qos.mark = false;
  install(config);
  nft("add element inet viaduct media4 { 10.0.0.2 . 4000 }");
  EXPECT_EQ(out("10.0.0.2:4000", "203.0.113.2:30000"), 0);
  EXPECT_EQ(out("10.0.0.2:4000", "203.0.113.2:30000"), 0);
  EXPECT_EQ(out("10.0.0.2:5070", "203.0.113.2:5060"), 0);
}

TEST_F(QosMark, InModeOffRtpIsKnownByItsPortsAtEitherEnd) {
  GatewayConfig config;
  config.policy.mode = alg::Mode::off;
  config.qos.mark = true;
  config.qos.media_ports = {{10000, 20000}, {30000, 30100}};
  install(config);
  EXPECT_EQ(out("10.0.0.2:4000", "203.0.113.2:10000"), kEf);
  EXPECT_EQ(out("10.0.0.2:20000", "203.0.113.2:4000"), kEf);
  EXPECT_EQ(in("203.0.113.2:30100", "10.0.0.2:4000"), kEf);
  EXPECT_EQ(out("[fd00:1::2]:4002", "[fd00:2::2]:30000"), kEf);
  EXPECT_EQ(out("10.0.0.2:4000", "203.0.113.2:9999"), 0);
  EXPECT_EQ(out("10.0.0.2:4000", "203.0.113.2:20001"), 0);
  EXPECT_EQ(out("10.0.0.2:4000", "203.0.113.2:5060"), kCs3);
}

}  // namespace
}  // namespace viaduct::gateway
