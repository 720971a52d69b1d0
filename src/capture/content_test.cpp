// SPDX-License-Identifier: GPL-2.0-or-later
#include "capture/content.hpp"

#include "capture/frames_test.hpp"
#include "support/guarded.hpp"

#include <gtest/gtest.h>

#include <string>
#include <vector>

namespace viaduct::capture {
namespace {

using namespace std::string_literals;
using namespace test;

struct Case {
  std::string payload;
  Content expected;
};

std::vector<Case> cases() {
  const std::string rtp = be16(0x8008) + be16(17) + be32(160) + be32(0xcafe);
  const std::string stun = be16(0x0101) + be16(4) + be32(0x2112a442) + std::string(12, 't') + "attr";
  const std::string classic = be16(0x0001) + be16(4) + std::string(16, 't') + "attr";
  const std::string report = be16(0x80c9) + be16(1) + be32(0xcafe);
  const std::string zrtp = be16(0x1000) + be16(1) + "ZRTP" + std::string(20, 'z');
  return {
      {"INVITE sip:bob@example.com SIP/2.0\r\nVia: x\r\n\r\n", Content::sip},
      {"X-Odd.method! tel:+1 SIP/2.0\n", Content::sip},
      {"SIP/2.0 200 OK\r\n", Content::sip},
      {"sip/2.0 200 OK\r\n", Content::sip},
      {"\r\n\r\nBYE sip:a SIP/2.0\r\n", Content::sip},
      {"GET / HTTP/1.1\r\nHost: a\r\n\r\n", Content::other},
      {"HTTP/1.1 200 OK\r\n\r\n", Content::other},
      {"SIP/2.0 OK\r\n", Content::other},
      {"hello world, no line ends here", Content::other},
      {"", Content::keep_alive},
      {"\r\n\r\n", Content::keep_alive},
      {"\0\0\0\0"s, Content::keep_alive},
      {rtp + std::string(160, '\xd5'), Content::rtp},
      {rtp, Content::rtp},
      {"\x90\x88" + rtp.substr(2) + be16(0xbede) + be16(1) + "ext!" + "voice", Content::rtp},
      {"\x90\x88" + rtp.substr(2) + be16(0xbede) + be16(9) + "ext!", Content::other},
      {"\x8f\x08" + rtp.substr(2) + "too few sources", Content::other},
      {rtp.substr(0, 11), Content::other},
      {report, Content::rtcp},
      {report + report, Content::rtcp},
      {be16(0x80c8) + be16(9) + be32(1), Content::other},
      {stun, Content::stun},
      {classic, Content::stun},
      {classic + "x", Content::other},
      {be16(0x4001) + be16(5) + "hello", Content::turn_channel},
      {be16(0x4001) + be16(5) + "hello\0\0\0"s, Content::turn_channel},
      {be16(0x4001) + be16(50) + "hello", Content::other},
      {be(22, 1) + be16(0xfefd) + std::string(8, '\0') + be16(3) + "abc", Content::dtls},
      {be(22, 1) + be16(0x0303) + std::string(8, '\0') + be16(3) + "abc", Content::other},
      {zrtp, Content::zrtp},
      {be16(1) + be(3, 1) + "ifp" + be16(0), Content::t38},
      {be16(300) + be(1, 1) + "i" + be(0, 1) + be(2, 1) + "\2ab\3cde", Content::t38},
      {be16(300) + be(1, 1) + "i" + be(0x80, 1) + "\1\1\3fec", Content::t38},
      {be16(300) + be(1, 1) + "i" + be(0, 1) + be(2, 1) + "\2ab\3cd", Content::other},
      {"HEP3" + be16(13) + be16(0) + be16(15) + be16(7) + "x", Content::hep},
      {std::string(40, '\xff'), Content::other},
  };
}

TEST(Content, IsToldByItsForm) {
  const std::vector<Case> all = cases();
  for (const Case& c : all)
    EXPECT_EQ(static_cast<int>(classify(c.payload)), static_cast<int>(c.expected)) << "case " << &c - all.data();
}

TEST(Content, OfShortCapturesNeedsNoWholeLine) {
  EXPECT_TRUE(looks_like_sip("REGISTER sip:exam", true));
  EXPECT_FALSE(looks_like_sip("REGISTER sip:exam"));
  EXPECT_FALSE(looks_like_sip("HELO tram:exam", true));
  EXPECT_TRUE(looks_like_sip("SIP/2.0 1", true));
}

TEST(Content, NeverReadsBehindThePayload) {
  for (const Case& c : cases())
    for (std::size_t size = 0; size <= c.payload.size(); ++size) {
      viaduct::test::Guarded guarded(base::Bytes(c.payload).substr(0, size));
      static_cast<void>(classify(guarded.at_end()));
    }
}

TEST(Content, TlsRecordsOfATcpSegment) {
  EXPECT_TRUE(looks_like_tls(be(0x160301, 3) + be16(512)));
  EXPECT_TRUE(looks_like_tls(be(0x170303, 3) + be16(256) + std::string(256, 'x')));
  EXPECT_FALSE(looks_like_tls(be(0x170303, 3) + be16(0xffff)));
  EXPECT_FALSE(looks_like_tls(be(0x170303, 3)));
  EXPECT_FALSE(looks_like_tls("OPTIONS sip:x SIP/2.0\r\n"));
}

}  // namespace
}  // namespace viaduct::capture
