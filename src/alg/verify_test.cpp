// SPDX-License-Identifier: GPL-2.0-or-later
#include "alg/verify.hpp"

#include "alg/dialogue_test.hpp"

namespace viaduct::alg {
namespace {

TEST(Verify, RefusesWhatIsNotWhatWasMeant) {
  const std::string text = sip_text("OPTIONS sip:a@b SIP/2.0\nVia: SIP/2.0/UDP 192.168.1.10;branch=1\nCall-ID: x\n",
                                    "v=0\nc=IN IP4 10.0.0.1\nm=audio 4000 RTP/AVP 0\n");
  const sip::Result<sip::Message> message = sip::parse(text);
  ASSERT_TRUE(message);
  auto passes = [&](const std::string& what, const std::string& by, const std::vector<Intent>& intents) {
    edit::EditList list(text.size());
    const std::size_t at = text.find(what);
    EXPECT_TRUE(list.replace(base::between(at, at + what.size()), by));
    std::string edited(list.length_after(), '?');
    EXPECT_TRUE(edit::apply(text, list, edited));
    return verify(*message, intents, edited);
  };
  const std::vector<Intent> via = {{Field::via, 0, *net::parse_endpoint("203.0.113.111:5060")}};
  EXPECT_TRUE(passes("192.168.1.10", "203.0.113.111", via));
  EXPECT_TRUE(passes("192.168.1.10", "203.0.113.111:5060", via)) << "the same value, written out";
  EXPECT_FALSE(passes("192.168.1.10", "203.0.113.112", via)) << "another address";
  EXPECT_FALSE(passes("192.168.1.10", "203.0.113.111:5061", via)) << "another port";
  EXPECT_FALSE(passes("192.168.1.10", "203.0.113.111;x", via)) << "more than was meant";
  EXPECT_FALSE(passes("192.168.1.10", "203.0.113.111", {})) << "nothing was meant";
  EXPECT_FALSE(passes("192.168.1.10", "x\r\nEvil: yes", via)) << "a new header";
  EXPECT_FALSE(passes("Call-ID", "Call-IE", {})) << "another header";
  EXPECT_FALSE(passes("x\r\n", "y\r\n", {})) << "another value";
  const std::vector<Intent> connection = {{Field::sdp_connection, 0, {*net::parse_address("10.0.0.2"), 0}}};
  EXPECT_TRUE(passes("10.0.0.1", "10.0.0.2", connection));
  EXPECT_FALSE(passes("10.0.0.1", "203.0.113.1", {{Field::sdp_connection, 0, {*net::parse_address("203.0.113.1"), 0}}}))
      << "Content-Length does not follow";
  EXPECT_FALSE(passes("m=audio", "x=audio", {})) << "the stream is gone";
}

struct Sabotage {
  const char* name;
  const char* text;  ///< of the edit that goes wrong
  const char* wrong;
};

// Every edited value, spoilt the way a bug in the edit would.
class SpoiltEdit : public Dialogue, public ::testing::WithParamInterface<Sabotage> {
 protected:
  SpoiltEdit() {
    state.wans()[0].busy[4000] = {};
    policy.media_ports = {50000, 50009};
    flow_outer = *net::parse_endpoint("203.0.113.1:1029");
  }
  const std::string head =
      "INVITE sip:alice@example.net SIP/2.0\nVia: SIP/2.0/UDP 192.168.1.10:5060;branch=z9hG4bK1\nMax-Forwards: 70\n"
      "From: <sip:bob@example.net>;tag=a\nTo: <sip:alice@example.net>\nCall-ID: c1@192.168.1.10\nCSeq: 1 INVITE\n"
      "Contact: <sip:bob@192.168.1.10>\n";
  const std::string invite = sip_text(head,
                                      "v=0\no=bob 1 1 IN IP4 192.168.1.10\ns=-\nc=IN IP4 192.168.1.10\nt=0 0\n"
                                      "m=audio 4000 RTP/AVP 0\na=rtcp:4001\nm=video 6000 RTP/AVP 96\n"
                                      "a=rtcp:6007 IN IP4 192.168.1.10\n");
};

// The list again, with the n-th edit of this text spoilt.
void spoil(edit::EditList& edits, const Sabotage& how, std::size_t length, int nth) {
  edit::EditList wrong(length);
  for (const edit::Edit& edit : edits.edits()) {
    const bool hit = edits.text(edit) == how.text && nth-- == 0;
    EXPECT_TRUE(wrong.replace(edit.range, hit ? base::Bytes(how.wrong) : edits.text(edit)));
  }
  edits = wrong;
}

TEST_P(SpoiltEdit, FailsTheProofAndTheOriginalGoesOut) {
  const std::string good = out(invite);
  ASSERT_NE(good, invite);
  int places = 0;
  for (const edit::Edit& edit : decision.edits.edits()) places += decision.edits.text(edit) == GetParam().text;
  ASSERT_GT(places, 0) << "the edit is there:\n" << good;
  for (int nth = 0; nth < places; ++nth) {
    sabotage = [&](edit::EditList& edits) { spoil(edits, GetParam(), invite.size(), nth); };
    EXPECT_EQ(out(invite), invite) << nth;
    EXPECT_EQ(events(), "left message proof-failed\n");
  }
}

INSTANTIATE_TEST_SUITE_P(
    Outbound, SpoiltEdit,
    ::testing::Values(
        // Via and Contact both become 203.0.113.1:1029, and both are spoilt in turn.
        Sabotage{"SignallingAddress", "203.0.113.1:1029", "203.0.113.2:1029"},
        Sabotage{"SignallingPort", "203.0.113.1:1029", "203.0.113.1:1028"},
        // o=, c= and a=rtcp in turn; the same length, so that Content-Length does not give it away.
        Sabotage{"MediaAddress", "203.0.113.1", "203.0.113.7"},
        Sabotage{"MediaAddressLeft", "203.0.113.1", "192.168.1.1"}, Sabotage{"MediaPort", "50000", "50002"},
        Sabotage{"RtcpPort", "50001", "50003"}),
    [](const ::testing::TestParamInfo<Sabotage>& param) { return param.param.name; });

class SpoiltEcho : public SpoiltEdit {};

TEST_P(SpoiltEcho, FailsTheProofAndTheOriginalGoesOut) {
  out(invite);
  const std::string inbound = sip_text(
      "BYE sip:bob@203.0.113.1:1029 SIP/2.0\nVia: SIP/2.0/UDP 198.51.100.5;branch=z9hG4bK7\n"
      "From: <sip:alice@example.net>;tag=b\nTo: <sip:bob@example.net>;tag=a\nCall-ID: c1@192.168.1.10\nCSeq: 7 BYE\n");
  ASSERT_NE(in(inbound), inbound);
  sabotage = [&](edit::EditList& edits) { spoil(edits, GetParam(), inbound.size(), 0); };
  EXPECT_EQ(in(inbound), inbound);
  EXPECT_EQ(events(), "left message proof-failed\n");
}

INSTANTIATE_TEST_SUITE_P(Inbound, SpoiltEcho,
                         ::testing::Values(Sabotage{"Address", "192.168.1.10", "192.168.1.11"},
                                           Sabotage{"Port", "192.168.1.10", "192.168.1.10:5062"}),
                         [](const ::testing::TestParamInfo<Sabotage>& param) { return param.param.name; });

}  // namespace
}  // namespace viaduct::alg
