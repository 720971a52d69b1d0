// SPDX-License-Identifier: GPL-2.0-or-later
#include "sdp/candidate.hpp"

#include "sdp/attribute.hpp"

#include <gtest/gtest.h>

#include <string>

namespace viaduct::sdp {
namespace {

base::Range all_of(base::Bytes text) {
  return {0, static_cast<std::uint32_t>(text.size())};
}

TEST(Candidate, ReadsAllFields) {
  const base::Bytes text =
      "3 2 UDP 1694498815 203.0.113.9 45664 typ srflx raddr 192.168.1.20 rport 8998 generation 0 network-id 1";
  const Result<Candidate> c = parse_candidate(text, all_of(text));
  ASSERT_TRUE(c);
  EXPECT_EQ(c->foundation.of(text), "3");
  EXPECT_EQ(c->component, 2);
  EXPECT_EQ(c->transport, CandidateTransport::udp);
  EXPECT_EQ(c->priority, 1694498815U);
  EXPECT_EQ(c->address.of(text), "203.0.113.9");
  EXPECT_EQ(c->literal, net::parse_address("203.0.113.9"));
  EXPECT_EQ(c->port, 45664);
  EXPECT_EQ(c->type, CandidateType::srflx);
  EXPECT_EQ(c->raddr.of(text), "192.168.1.20");
  EXPECT_EQ(c->raddr_literal, net::parse_address("192.168.1.20"));
  EXPECT_EQ(c->rport, 8998);
  EXPECT_FALSE(c->tcptype.present());
}

TEST(Candidate, KnowsTcpIpv6HostNamesAndStrangeTypes) {
  const struct {
    base::Bytes text;
    AddressKind kind;
    CandidateTransport transport;
    CandidateType type;
    base::Bytes tcptype;
  } cases[] = {
      {"1 1 TCP 2105458943 192.0.2.1 9 typ host tcptype active", AddressKind::ipv4, CandidateTransport::tcp,
       CandidateType::host, "active"},
      {"1 1 udp 1 2001:db8::7 5000 typ prflx raddr 2001:db8::8 rport 1", AddressKind::ipv6, CandidateTransport::udp,
       CandidateType::prflx, ""},
      {"a+/ 256 UDP 4294967295 7e2c4c1e-0b1c-4a8e-9d4f.local 0 typ host", AddressKind::fqdn, CandidateTransport::udp,
       CandidateType::host, ""},
      {"1 1 SCTP 1 192.0.2.1 65535 typ relay", AddressKind::ipv4, CandidateTransport::other, CandidateType::relay, ""},
      {"1 1 UDP 1 192.0.2.1 1 typ martian", AddressKind::ipv4, CandidateTransport::udp, CandidateType::other, ""},
  };
  for (const auto& x : cases) {
    const Result<Candidate> c = parse_candidate(x.text, all_of(x.text));
    ASSERT_TRUE(c) << x.text;
    EXPECT_EQ(c->kind, x.kind) << x.text;
    EXPECT_EQ(c->transport, x.transport) << x.text;
    EXPECT_EQ(c->type, x.type) << x.text;
    EXPECT_EQ(c->tcptype.of(x.text), x.tcptype) << x.text;
  }
}

TEST(Candidate, RefusesWhatIsNone) {
  for (base::Bytes text :
       {"", "1", "1 0 UDP 1 192.0.2.1 1 typ host", "1 257 UDP 1 192.0.2.1 1 typ host", "1 x UDP 1 192.0.2.1 1 typ host",
        "1 1 UDP 4294967296 192.0.2.1 1 typ host", "1 1 UDP 1 192.0.2 1 typ host", "1 1 UDP 1 192.0.2.1 65536 typ host",
        "1 1 UDP 1 192.0.2.1 1 host", "1 1 UDP 1 192.0.2.1 1 typ", "1 1 UDP 1 192.0.2.1 1 typ host raddr",
        "1 1 UDP 1 192.0.2.1 1 typ srflx raddr 1.2.3 rport 1", "1 1 UDP 1 192.0.2.1 1 typ srflx rport 65536",
        "1 1 UDP 1 192.0.2.1 1 typ host generation"}) {
    const Result<Candidate> c = parse_candidate(text, all_of(text));
    ASSERT_FALSE(c) << text;
    EXPECT_EQ(c.error().code, Problem::bad_attribute_value);
    EXPECT_LE(c.error().offset, text.size());
  }
  EXPECT_FALSE(parse_candidate("abc", {}));
}

TEST(RemoteCandidates, AreTriples) {
  const base::Bytes text = "1 192.0.2.3 45664 2 2001:db8::3 45665";
  RemoteCandidates all(text, all_of(text));
  const std::optional<RemoteCandidate> first = all.next();
  ASSERT_TRUE(first);
  EXPECT_EQ(first->component, 1);
  EXPECT_EQ(first->literal, net::parse_address("192.0.2.3"));
  EXPECT_EQ(first->port, 45664);
  const std::optional<RemoteCandidate> second = all.next();
  ASSERT_TRUE(second);
  EXPECT_EQ(second->address.of(text), "2001:db8::3");
  EXPECT_FALSE(all.next());
  EXPECT_FALSE(all.bad());
  for (base::Bytes bad : {"1", "1 192.0.2.3", "x 192.0.2.3 1", "1 192.0.2.3 70000", "1 192.0.2.3 1 2"}) {
    RemoteCandidates some(bad, all_of(bad));
    while (some.next()) {
    }
    EXPECT_TRUE(some.bad()) << bad;
    EXPECT_FALSE(some.next()) << bad;
  }
}

IceDefault default_of(const std::string& c, const std::string& media) {
  const std::string text = "v=0\r\nc=IN " + c + "\r\n" + media;
  const Result<Session> s = parse(text);
  EXPECT_TRUE(s) << text;
  return ice_default(*s, s->media()[0]);
}

constexpr const char* kHost1 = "a=candidate:1 1 UDP 2130706431 192.168.1.20 4000 typ host\r\n";
constexpr const char* kHost2 = "a=candidate:1 2 UDP 2130706430 192.168.1.20 4001 typ host\r\n";

TEST(IceDefault, ComparesWithCAndM) {
  const std::string m = "m=audio 4000 RTP/AVP 0\r\n";
  EXPECT_EQ(default_of("IP4 192.168.1.20", m), IceDefault::no_ice);
  EXPECT_EQ(default_of("IP4 192.168.1.20", m + kHost1), IceDefault::matches);
  EXPECT_EQ(default_of("IP4 203.0.113.1", m + kHost1), IceDefault::mismatch);
  EXPECT_EQ(default_of("IP4 192.168.1.20", "m=audio 4002 RTP/AVP 0\r\n" + std::string(kHost1)), IceDefault::mismatch);
  EXPECT_EQ(default_of("IP4 192.168.1.20", m + "a=candidate:broken\r\n"), IceDefault::mismatch);
  EXPECT_EQ(default_of("IP4 192.168.1.20", m + kHost2), IceDefault::mismatch);
}

TEST(IceDefault, RtcpCountsUnlessItIsMuxed) {
  const std::string m = "m=audio 4000 RTP/AVP 0\r\n" + std::string(kHost1) + kHost2;
  EXPECT_EQ(default_of("IP4 192.168.1.20", m), IceDefault::matches);
  EXPECT_EQ(default_of("IP4 192.168.1.20", m + "a=rtcp:4009\r\n"), IceDefault::mismatch);
  EXPECT_EQ(default_of("IP4 192.168.1.20", m + "a=rtcp:4009\r\na=rtcp-mux\r\n"), IceDefault::matches);
  EXPECT_EQ(default_of("IP4 192.168.1.20", m + "a=rtcp:4001 IN IP4 203.0.113.1\r\n"), IceDefault::mismatch);
}

TEST(IceDefault, TrickleClosedAndHostNames) {
  const std::string ufrag = "a=ice-ufrag:abcd\r\na=ice-pwd:0123456789012345678901\r\n";
  EXPECT_EQ(default_of("IP4 0.0.0.0", "m=audio 9 RTP/AVP 0\r\n" + ufrag), IceDefault::trickle);
  EXPECT_EQ(default_of("IP6 ::", "m=audio 9 RTP/AVP 0\r\n" + ufrag + kHost1), IceDefault::trickle);
  EXPECT_EQ(default_of("IP4 0.0.0.0", "m=audio 0 RTP/AVP 0\r\n" + ufrag), IceDefault::closed);
  EXPECT_EQ(default_of("IP4 192.0.2.1", "m=audio 4000 RTP/AVP 0\r\n" + ufrag), IceDefault::no_ice);
  const std::string local = "a=candidate:1 1 UDP 1 a-b.local 4000 typ host\r\n";
  EXPECT_EQ(default_of("IP4 A-b.local", "m=audio 4000 RTP/AVP 0\r\n" + local), IceDefault::matches);
  EXPECT_EQ(default_of("IP4 c.local", "m=audio 4000 RTP/AVP 0\r\n" + local), IceDefault::mismatch);
  EXPECT_EQ(default_of("IP4 192.0.2.1", "m=audio 4000 RTP/AVP 0\r\n" + local), IceDefault::mismatch);
}

}  // namespace
}  // namespace viaduct::sdp
