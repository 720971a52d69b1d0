// SPDX-License-Identifier: GPL-2.0-or-later
#include "sdp/check.hpp"

#include <gtest/gtest.h>

#include <string>
#include <vector>

namespace viaduct::sdp {
namespace {

/// Every complaint as `code 'octets'`, one a line.
std::string complaints(base::Bytes buffer, base::Range body) {
  std::string out;
  const auto note = [&](const Complaint& complaint) {
    EXPECT_LE(complaint.where.end(), buffer.size());
    out += std::string(name(complaint.problem)) + " '" + std::string(complaint.where.of(buffer)) + "'\n";
  };
  check(buffer, body, sink_of(note));
  return out;
}

std::string complaints(base::Bytes text) {
  return complaints(text, base::between(0, text.size()));
}

constexpr base::Bytes kGood =
    "v=0\r\n"
    "o=jdoe 3724394400 3724394405 IN IP4 198.51.100.1\r\n"
    "s=Call to John Smith\r\n"
    "i=SDP Offer #1\r\n"
    "u=http://www.jdoe.example.com/home.html\r\n"
    "e=Jane Doe <jane@jdoe.example.com>\r\n"
    "p=+1 617 555-6011\r\n"
    "c=IN IP4 198.51.100.1\r\n"
    "b=AS:128\r\n"
    "t=0 0\r\n"
    "t=3724394400 3724398000\r\n"
    "r=604800 3600 0 90000\r\n"
    "t=3724484400 3724488000\r\n"
    "a=group:BUNDLE 0 1\r\n"
    "a=recvonly\r\n"
    "m=audio 49170 RTP/AVP 0\r\n"
    "a=mid:0\r\n"
    "a=rtcp:53020 IN IP4 198.51.100.1\r\n"
    "a=candidate:1 1 UDP 2130706431 198.51.100.1 49170 typ host\r\n"
    "a=ice-ufrag:8hhY\r\n"
    "a=ice-pwd:asd88fgpdd777uzjYhagZg\r\n"
    "a=setup:actpass\r\n"
    "a=fingerprint:sha-1 4A:AD:B9:B1:3F:82:18:3B:54:02:12:DF:3E:5D:49:6B:19:E5:7C:AB\r\n"
    "a=crypto:1 AES_CM_128_HMAC_SHA1_80 inline:d0RmdmcmVCspeEc3QGZiNWpVLFJhQX1cfHAwJSoj\r\n"
    "m=video 51372 RTP/AVP 99\r\n"
    "c=IN IP6 ff15::101/3\r\n"
    "c=IN IP4 233.252.0.1/127/3\r\n"
    "b=X-YZ:128\r\n"
    "a=rtpmap:99 h263-1998/90000\r\n"
    "a=ptime:2.5\r\n"
    "a=x-private:anything at all\r\n";

TEST(Check, FindsNothingInAGoodBody) {
  EXPECT_EQ(complaints(kGood), "");
}

/// The good body with one line (named by its beginning) replaced; an empty replacement removes it.
std::string with(base::Bytes line, const std::string& instead) {
  std::string text(kGood);
  const std::size_t at = text.find("\r\n" + std::string(line)) + 2;
  EXPECT_NE(at, std::string::npos + 2) << line;
  text.replace(at, text.find("\r\n", at) + 2 - at, instead.empty() ? "" : instead + "\r\n");
  return text;
}

const struct {
  base::Bytes line;
  const char* instead;
  const char* expected;
} kReplacements[] = {
    {"o=", "", "missing_origin ''\n"},
    {"s=", "", "missing_name ''\n"},
    {"s=", "s=", "empty_value 's='\n"},
    {"c=IN IP4 198", "", "missing_connection 'm=audio 49170 RTP/AVP 0'\n"},
    {"o=", "o=jdoe 1 2 IN IP4", "bad_origin 'jdoe 1 2 IN IP4'\n"},
    {"o=", "o=jdoe x 2 IN IP4 1.2.3.4", "bad_origin 'jdoe x 2 IN IP4 1.2.3.4'\n"},
    {"o=", "o=j doe 1 2 IN IP4 1.2.3.4", "bad_origin 'j doe 1 2 IN IP4 1.2.3.4'\n"},
    {"o=", "o=jdoe 1 2 IN IP4 1.2.3", "bad_address '1.2.3'\n"},
    {"o=", "o=jdoe 1 2 IN IP6 1.2.3.4", "bad_address '1.2.3.4'\n"},
    {"c=IN IP4 198", "c=IN IP4", "bad_connection 'IN IP4'\n"},
    {"c=IN IP4 198", "c=IN IP4 198.51.100.1 x", "bad_connection 'IN IP4 198.51.100.1 x'\n"},
    {"c=IN IP4 198", "c=IN IP4 198.51.100.300", "bad_address '198.51.100.300'\n"},
    {"c=IN IP4 198", "c=IN IP4 198.51.100.1/127", "bad_connection '/127'\n"},
    {"c=IN IP4 233", "c=IN IP4 233.252.0.1", "bad_connection 'IN IP4 233.252.0.1'\n"},
    {"c=IN IP4 233", "c=IN IP4 233.252.0.1/256", "bad_connection '/256'\n"},
    {"c=IN IP4 233", "c=IN IP4 233.252.0.1/127/0", "bad_connection '/127/0'\n"},
    {"c=IN IP6 ff15", "c=IN IP6 ff15::101/3/1", "bad_connection '/3/1'\n"},
    {"b=AS", "b=AS", "bad_bandwidth 'AS'\n"},
    {"b=AS", "b=AS:12x", "bad_bandwidth 'AS:12x'\n"},
    {"t=0 0", "t=0", "bad_time '0'\n"},
    {"t=0 0", "t=0 0 0", "bad_time '0 0 0'\n"},
    {"m=video", "m=video 51372 RTP/AVP", "bad_media_line 'video 51372 RTP/AVP'\n"},
    {"m=video", "m=", "bad_media_line 'm='\n"},
    {"m=video", "m=video 51372", "bad_media_line 'video 51372'\n"},
    {"m=video", "m=vid(eo 51372 RTP/AVP 99", "bad_media_line 'vid(eo 51372 RTP/AVP 99'\n"},
    {"m=video", "m=video 70000 RTP/AVP 99", "bad_port '70000'\n"},
    {"m=video", "m=video 51372/x RTP/AVP 99", "bad_port_count '51372/x'\n"},
    {"i=", "i=one\r\ni=two", "duplicate_line 'i=two'\n"},
    {"i=", "i=one\r\ns=again", "duplicate_line 's=again'\n"},
    {"b=X-YZ", "a=early:1\r\nb=X-YZ:128", "line_out_of_order 'b=X-YZ:128'\n"},
    {"b=X-YZ", "t=0 0", "line_out_of_order 't=0 0'\n"},
    {"b=AS", "q=1", "unknown_line 'q=1'\n"},
    {"b=AS", "B=AS:1", "unknown_line 'B=AS:1'\n"},
    {"b=AS", "bandwidth", "malformed_line 'bandwidth'\n"},
    {"b=AS", "\r\nb=AS:128", "blank_line ''\n"},
    {"a=recvonly", "a=recvonly:x", "bad_attribute_value 'x'\n"},
    {"a=recvonly", "a=:x", "bad_attribute 'a=:x'\n"},
    {"a=recvonly", "a=two words", "bad_attribute 'a=two words'\n"},
    {"a=mid", "a=mid", "bad_attribute_value 'a=mid'\n"},
    {"a=mid", "a=mid:", "bad_attribute_value 'a=mid:'\n"},
    {"a=group", "a=group:(", "bad_attribute_value '('\n"},
    {"a=rtcp", "a=rtcp:99999", "bad_attribute_value '99999'\n"},
    {"a=rtcp", "a=rtcp:1 IN IP4 x!", "bad_attribute_value '1 IN IP4 x!'\n"},
    {"a=candidate", "a=candidate:1 1 UDP", "bad_attribute_value '1 1 UDP'\n"},
    {"a=ice-ufrag", "a=ice-ufrag:abc", "bad_attribute_value 'abc'\n"},
    {"a=ice-pwd", "a=ice-pwd:tooshort", "bad_attribute_value 'tooshort'\n"},
    {"a=setup", "a=setup:maybe", "bad_attribute_value 'maybe'\n"},
    {"a=fingerprint", "a=fingerprint:sha-1 4A:A", "bad_attribute_value 'sha-1 4A:A'\n"},
    {"a=crypto", "a=crypto:1 X", "bad_attribute_value '1 X'\n"},
    {"a=rtpmap", "a=rtpmap:99 h263", "bad_attribute_value '99 h263'\n"},
    {"a=ptime", "a=ptime:0", "bad_attribute_value '0'\n"},
    {"a=ptime", "a=remote-candidates:1 192.0.2.1", "bad_attribute_value '1 192.0.2.1'\n"},
    {"a=ptime", "a=path:http://x", "bad_attribute_value 'http://x'\n"},
    {"a=ptime", "a=ice-pacing:x", "bad_attribute_value 'x'\n"},
};

TEST(Check, NamesEachProblemAtItsPlace) {
  for (const auto& c : kReplacements) EXPECT_EQ(complaints(with(c.line, c.instead)), c.expected) << c.instead;
}

TEST(Check, NumbersMayBeLongerThanAMachineWord) {
  EXPECT_EQ(complaints(with("o=", "o=- 99999999999999999999999 1 IN IP4 192.0.2.1")), "");
  EXPECT_EQ(complaints(with("t=0 0", "t=99999999999999999999999 0")), "");
}

TEST(Check, VersionLine) {
  EXPECT_EQ(complaints("v=1\r\no=- 1 1 IN IP4 192.0.2.1\r\ns=-\r\nt=0 0\r\n"), "bad_version '1'\n");
  EXPECT_EQ(complaints("o=- 1 1 IN IP4 192.0.2.1\r\ns=-\r\nt=0 0\r\n"), "missing_version 'o=- 1 1 IN IP4 192.0.2.1'\n");
  EXPECT_EQ(complaints("v=0\r\n"), "missing_origin ''\nmissing_name ''\nmissing_time ''\n");
}

TEST(Check, LineEnds) {
  EXPECT_EQ(complaints("v=0\no=- 1 1 IN IP4 192.0.2.1\ns=-\nt=0 0\n"), "odd_line_end '\n'\n");
  EXPECT_EQ(complaints("v=0\r\no=- 1 1 IN IP4 192.0.2.1\r\ns=-\rt=0 0"), "odd_line_end '\r'\nmissing_line_end ''\n");
}

TEST(Check, BodiesThatParseRefuses) {
  EXPECT_EQ(complaints(""), "empty_body ''\n");
  EXPECT_EQ(complaints("<html>\r\nm=audio\r\n"), "not_sdp '<html>'\n");
  EXPECT_EQ(complaints("v=0\r\n", {3, 9}), "out_of_buffer ''\n");
  EXPECT_EQ(complaints("v=0\r\n", {}), "out_of_buffer ''\n");
  std::string many = "v=0\r\no=- 1 1 IN IP4 192.0.2.1\r\ns=-\r\nc=IN IP4 192.0.2.1\r\nt=0 0\r\n";
  for (std::size_t i = 0; i < kMaxMedia + 2; ++i) many += "m=audio 1 RTP/AVP 0\r\n";
  EXPECT_EQ(complaints(many), "too_many_media 'm=audio 1 RTP/AVP 0'\n");
}

TEST(Check, NulOctet) {
  const std::string text("v=0\r\no=- 1 1 IN IP4 192.0.2.1\r\ns=a\0b\r\nt=0 0\r\n", 45);
  EXPECT_EQ(complaints(text), "nul_octet '" + std::string(1, '\0') + "'\n");
}

TEST(Check, PlacesCountFromTheStartOfTheBuffer) {
  const std::string text = "......v=1\r\no=- 1 1 IN IP4 192.0.2.1\r\ns=-\r\nt=0 0\r\n......";
  std::vector<Complaint> seen;
  const auto note = [&](const Complaint& complaint) { seen.push_back(complaint); };
  check(text, {6, static_cast<std::uint32_t>(text.size()) - 12}, sink_of(note));
  EXPECT_EQ(seen, (std::vector<Complaint>{{Problem::bad_version, {8, 1}}}));
}

}  // namespace
}  // namespace viaduct::sdp
