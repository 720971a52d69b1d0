// SPDX-License-Identifier: GPL-2.0-or-later
#include "sdp/value.hpp"

#include <gtest/gtest.h>

#include <string>

namespace viaduct::sdp {
namespace {

// Values stand behind three octets, so that an offset that forgets the buffer is seen.
struct Text {
  explicit Text(base::Bytes value) : whole("a=x" + std::string(value)) {}
  std::string whole;
  [[nodiscard]] base::Range range() const { return {3, static_cast<std::uint32_t>(whole.size()) - 3}; }
  [[nodiscard]] base::Bytes of(base::Range r) const { return r.of(whole); }
};

template <class T>
void expect_bad(const Result<T>& result, base::Bytes value, Problem problem = Problem::bad_attribute_value) {
  ASSERT_FALSE(result) << value;
  EXPECT_EQ(result.error().code, problem) << value;
  EXPECT_GE(result.error().offset, 3U) << value;
  EXPECT_LE(result.error().offset, 3 + value.size()) << value;
}

TEST(Value, Rtcp) {
  const Text port("53020");
  const Result<Rtcp> bare = parse_rtcp(port.whole, port.range());
  ASSERT_TRUE(bare);
  EXPECT_EQ(bare->port, 53020);
  EXPECT_FALSE(bare->where.present());
  const Text full("53020 IN IP4 192.0.2.7");
  const Result<Rtcp> rtcp = parse_rtcp(full.whole, full.range());
  ASSERT_TRUE(rtcp);
  EXPECT_EQ(full.of(rtcp->port_text), "53020");
  EXPECT_EQ(full.of(rtcp->where.address), "192.0.2.7");
  EXPECT_EQ(rtcp->where.literal, net::parse_address("192.0.2.7"));
  const Text half("53020 IN IP4");
  EXPECT_EQ(parse_rtcp(half.whole, half.range())->where.kind, AddressKind::other);
  for (base::Bytes bad : {"", "x", "65536", "-1", "IN IP4 192.0.2.7"})
    expect_bad(parse_rtcp(Text(bad).whole, Text(bad).range()), bad);
}

TEST(Value, Crypto) {
  const Text text("1 F8_128_HMAC_SHA1_80 inline:MTIz|2^20|1:4;inline:QUJD|2^20|2:4 FEC_ORDER=FEC_SRTP KDR=1");
  const Result<Crypto> crypto = parse_crypto(text.whole, text.range());
  ASSERT_TRUE(crypto);
  EXPECT_EQ(crypto->tag, 1U);
  EXPECT_EQ(text.of(crypto->suite), "F8_128_HMAC_SHA1_80");
  EXPECT_EQ(text.of(crypto->key_params), "inline:MTIz|2^20|1:4;inline:QUJD|2^20|2:4");
  EXPECT_EQ(text.of(crypto->session_params), "FEC_ORDER=FEC_SRTP KDR=1");
  for (base::Bytes bad : {"", "1", "x S inline:k", "1 S", "1 S inline", "1 S :k", "1 S inline:", "0000000001 S i:k"})
    expect_bad(parse_crypto(Text(bad).whole, Text(bad).range()), bad);
}

TEST(Value, Fingerprint) {
  const Text text("sha-1 4A:ad:B9");
  const Result<Fingerprint> print = parse_fingerprint(text.whole, text.range());
  ASSERT_TRUE(print);
  EXPECT_EQ(text.of(print->hash), "sha-1");
  EXPECT_EQ(text.of(print->digest), "4A:ad:B9");
  for (base::Bytes bad : {"", "sha-1", "sha-1 4A:", "sha-1 4", "sha-1 4A-AD", "sha-1 4G", "sha/1 4A", "sha-1 4A x"})
    expect_bad(parse_fingerprint(Text(bad).whole, Text(bad).range()), bad);
}

TEST(Value, Group) {
  const Text text("BUNDLE audio video");
  const Result<Group> group = parse_group(text.whole, text.range());
  ASSERT_TRUE(group);
  EXPECT_EQ(text.of(group->semantics), "BUNDLE");
  EXPECT_EQ(text.of(group->mids), "audio video");
  const Text none("LS");
  EXPECT_FALSE(parse_group(none.whole, none.range())->mids.present());
  for (base::Bytes bad : {"", " ", "B(X"}) expect_bad(parse_group(Text(bad).whole, Text(bad).range()), bad);
}

TEST(Value, RtpMap) {
  const Text text("97 L16/8000/2");
  const Result<RtpMap> map = parse_rtpmap(text.whole, text.range());
  ASSERT_TRUE(map);
  EXPECT_EQ(map->payload_type, 97);
  EXPECT_EQ(text.of(map->encoding), "L16");
  EXPECT_EQ(map->clock_rate, 8000U);
  EXPECT_EQ(text.of(map->parameters), "2");
  const Text mono("0 PCMU/8000");
  EXPECT_FALSE(parse_rtpmap(mono.whole, mono.range())->parameters.present());
  for (base::Bytes bad : {"", "97", "128 X/1", "97 X", "97 /8000", "97 X/", "97 X/y", "97 X/4294967296"})
    expect_bad(parse_rtpmap(Text(bad).whole, Text(bad).range()), bad);
}

TEST(Value, PtimeInMicroseconds) {
  const struct {
    base::Bytes text;
    std::uint32_t micros;
  } cases[] = {{"20", 20000},    {"2.5", 2500},    {"0.125", 125},
               {"0.0001234", 0}, {"1.0005", 1000}, {"4000000", 4000000000}};
  for (const auto& c : cases) {
    const Text text(c.text);
    const Result<std::uint32_t> micros = parse_ptime(text.whole, text.range());
    EXPECT_EQ(micros.value_or(0), c.micros) << c.text;
  }
  for (base::Bytes bad : {"", "0", "0.0", "x", "-1", "20 ms", "1.", "1.x", "4000001", ".5"})
    expect_bad(parse_ptime(Text(bad).whole, Text(bad).range()), bad);
}

TEST(Value, Bandwidth) {
  const Text text("X-YZ:128");
  const Result<Bandwidth> bandwidth = parse_bandwidth(text.whole, text.range());
  ASSERT_TRUE(bandwidth);
  EXPECT_EQ(text.of(bandwidth->type), "X-YZ");
  EXPECT_EQ(bandwidth->value, 128U);
  for (base::Bytes bad : {"", "AS", "AS:", ":64", "AS:x", "AS:64 kbit", "A S:64"})
    expect_bad(parse_bandwidth(Text(bad).whole, Text(bad).range()), bad, Problem::bad_bandwidth);
}

TEST(Value, MsrpUri) {
  const Text text("msrps://alice@[2001:db8::5]:2855/iau39soe2843z;tcp");
  const Result<MsrpUri> uri = parse_msrp_uri(text.whole, text.range());
  ASSERT_TRUE(uri);
  EXPECT_EQ(text.of(uri->scheme), "msrps");
  EXPECT_EQ(text.of(uri->host), "[2001:db8::5]");
  EXPECT_EQ(text.of(uri->port_text), "2855");
  EXPECT_EQ(uri->literal, net::parse_address("2001:db8::5"));
  EXPECT_EQ(uri->port, 2855);
  const Text plain("MSRP://relay.example.com;tcp");
  const Result<MsrpUri> bare = parse_msrp_uri(plain.whole, plain.range());
  ASSERT_TRUE(bare);
  EXPECT_EQ(bare->kind, AddressKind::fqdn);
  EXPECT_FALSE(bare->port_text.present());
  for (base::Bytes bad : {"", "msrp:", "http://h/x;tcp", "msrp://", "msrp://:1/x", "msrp://h:/x", "msrp://h:65536/x",
                          "msrp://1.2.3/x;tcp", "msrp://[::1/x"})
    expect_bad(parse_msrp_uri(Text(bad).whole, Text(bad).range()), bad);
}

TEST(Value, Setup) {
  EXPECT_EQ(parse_setup("active"), sdp::Setup::active);
  EXPECT_EQ(parse_setup("passive"), sdp::Setup::passive);
  EXPECT_EQ(parse_setup("actpass "), sdp::Setup::actpass);
  EXPECT_EQ(parse_setup("HoldConn"), sdp::Setup::holdconn);
  EXPECT_EQ(parse_setup(""), sdp::Setup::other);
  EXPECT_EQ(parse_setup("activ"), sdp::Setup::other);
}

TEST(Value, AbsentRangesAreBadNotFatal) {
  const base::Bytes buffer = "a=x";
  EXPECT_FALSE(parse_rtcp(buffer, {}));
  EXPECT_FALSE(parse_crypto(buffer, {}));
  EXPECT_FALSE(parse_fingerprint(buffer, {}));
  EXPECT_FALSE(parse_group(buffer, {}));
  EXPECT_FALSE(parse_rtpmap(buffer, {}));
  EXPECT_FALSE(parse_ptime(buffer, {}));
  EXPECT_FALSE(parse_bandwidth(buffer, {}));
  EXPECT_FALSE(parse_msrp_uri(buffer, {}));
}

}  // namespace
}  // namespace viaduct::sdp
