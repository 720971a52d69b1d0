// SPDX-License-Identifier: GPL-2.0-or-later
// An edit was due and cannot go out: the original arrives, and counters and `why` say so.
#include "path_test.hpp"

namespace viaduct::gateway {
namespace {

const std::string kPlatform = "203.0.113.2:5060";

std::string invite(const std::string& contact_host) {
  return "INVITE sip:bob@203.0.113.2 SIP/2.0\r\nVia: SIP/2.0/UDP 10.0.0.2:5070;rport;branch=z9hG4bK1\r\n"
         "From: <sip:alice@example.net>;tag=1\r\nTo: <sip:bob@example.net>\r\nCall-ID: c1\r\nCSeq: 1 INVITE\r\n"
         "Contact: <sip:alice@" +
         contact_host + ":5070>\r\nContent-Length: 0\r\n\r\n";
}
const std::string kSent = invite("10.0.0.2");
const std::string kEdited = invite("203.0.113.1");

class OriginalPath : public PathTest {
 protected:
  void SetUp() override {
    RouterTest::SetUp();
    if (HasFatalFailure()) return;
    nft("table ip home {\n  chain postrouting {\n    type nat hook postrouting priority srcnat;\n"
        "    ip saddr 10.0.0.0/24 oifname \"wan0\" masquerade\n  }\n}\n");
    config_.policy.mode = alg::Mode::assist;
    start();
  }

  bool repair() override {
    ++repairs_;
    return repairable_ && kernel_->install(config_, {"wan0"}, state_.kernel_view()).has_value() &&
           kernel_->start_queue(5060).has_value();
  }

  // Somebody flushed our table; a queue rule of his own still brings us SIP.
  void lose_table() {
    nft("delete table inet viaduct\n");
    router_->sh("iptables -A FORWARD -p udp --dport 5060 -j NFQUEUE --queue-num 5060 --queue-bypass");
  }

  // What the platform gets of the phone's INVITE.
  std::string arrives() {
    const os::TestSocket phone(*client_, "10.0.0.2:5070");
    const os::TestSocket platform(*server_, kPlatform);
    const std::optional<os::TestSocket::Received> received = relay(phone, platform, kPlatform, kSent);
    return received ? received->payload : "nothing";
  }

  bool repairable_ = false;
  int repairs_ = 0;
};

TEST_F(OriginalPath, WithRoomAndATableTheEditGoesOut) {
  EXPECT_EQ(arrives(), kEdited);
  EXPECT_EQ(counted(Counted::over_mtu) + counted(Counted::commit_failed) + counted(Counted::proof_failed), 0U);
}

// 20 octets of IPv4 header and 8 of UDP; the edit makes the message longer by kEdited.size() - kSent.size().
TEST_F(OriginalPath, AnEditThatWouldBeFragmentedStaysAway) {
  state_.wans()[0].mtu = static_cast<std::uint32_t>(28 + kEdited.size() - 1);
  EXPECT_EQ(arrives(), kSent);
  EXPECT_EQ(counted(Counted::over_mtu), 1U);
  EXPECT_EQ(counted(Counted::fields_edited), 0U);
}

TEST_F(OriginalPath, AnEditThatJustFitsGoesOut) {
  state_.wans()[0].mtu = static_cast<std::uint32_t>(28 + kEdited.size());
  EXPECT_EQ(arrives(), kEdited);
  EXPECT_EQ(counted(Counted::over_mtu), 0U);
}

TEST_F(OriginalPath, WithoutTheMappingInTheKernelTheEditStaysAway) {
  lose_table();
  EXPECT_EQ(arrives(), kSent);
  EXPECT_EQ(counted(Counted::commit_failed), 1U);
  EXPECT_EQ(repairs_, 1);
  ASSERT_EQ(passed_.size(), 1U);
  EXPECT_EQ(passed_.at(0).rule, PassedRule::kernel_refused);
  EXPECT_EQ(passed_.at(0).call_id.kept(), "c1");
}

TEST_F(OriginalPath, ATableThatIsPutUpAgainCarriesTheEdit) {
  lose_table();
  repairable_ = true;
  EXPECT_EQ(arrives(), kEdited);
  EXPECT_EQ(counted(Counted::commit_failed), 1U);
  EXPECT_EQ(repairs_, 1);
}

}  // namespace
}  // namespace viaduct::gateway
