// SPDX-License-Identifier: GPL-2.0-or-later
#include "viaduct-gateway/mask.hpp"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <string>

namespace viaduct::gateway {
namespace {

TEST(Mask, HidesWhatProvesAPassword) {
  EXPECT_EQ(mask_credentials("Authorization: Digest username=\"alice\", realm=\"r\", nonce=\"84a4cc\", "
                             "uri=\"sip:example.net\", response=\"7587245234b3434cc3412213e5f113a5\", "
                             "cnonce=0a4f113b, qop=auth, nc=00000001, opaque = \"x\\\"y\"\r\n"),
            "Authorization: Digest username=\"alice\", realm=\"r\", nonce=\"***\", uri=\"sip:example.net\", "
            "response=\"***\", cnonce=***, qop=auth, nc=00000001, opaque = \"***\"\r\n");
  EXPECT_EQ(mask_credentials("Proxy-Authorization:Digest\r\n RESPONSE=\"abc\""),
            "Proxy-Authorization:Digest\r\n RESPONSE=\"***\"");
  EXPECT_EQ(mask_credentials("Authentication-Info: nextnonce=\"n\", rspauth=\"r\""),
            "Authentication-Info: nextnonce=\"***\", rspauth=\"***\"");
  EXPECT_EQ(mask_credentials("Authorization: Basic QWxhZGRpbg==\r\nTo: <sip:a@b>"),
            "Authorization: Basic ***\r\nTo: <sip:a@b>");
  EXPECT_EQ(mask_credentials("Authorization: Bearer abc.def.ghi"), "Authorization: Bearer ***");
}

TEST(Mask, HidesPasswordsInUris) {
  EXPECT_EQ(mask_credentials("<sip:alice:secret@example.net:5060;transport=udp>"),
            "<sip:alice:***@example.net:5060;transport=udp>");
  EXPECT_EQ(mask_credentials("SIPS:alice:s%40e&=+$,@h"), "SIPS:alice:***@h");
  EXPECT_EQ(mask_credentials("INVITE sip:a:b@h SIP/2.0"), "INVITE sip:a:***@h SIP/2.0");
}

TEST(Mask, HidesMediaKeys) {
  EXPECT_EQ(mask_credentials("a=crypto:1 AES_CM_128_HMAC_SHA1_80 inline:WVNfX19zZW1jdGwgKCkgewkyMjA7fQp9|2^20|1:4\r\n"),
            "a=crypto:1 AES_CM_128_HMAC_SHA1_80 inline:***|2^20|1:4\r\n");
  EXPECT_EQ(mask_credentials("m=audio 4000 RTP/AVP 0\r\nk=clear:secret\r\na=ice-pwd:asd88fgpdd777uzjYhagZg\r\n"),
            "m=audio 4000 RTP/AVP 0\r\nk=***\r\na=ice-pwd:***\r\n");
}

TEST(Mask, LeavesEverythingElse) {
  for (const char* text : {
           "",
           "192.168.1.20:5060",
           "sip:alice@example.net:5060",
           "<sip:example.net:5060;lr>",
           "3848276@192.168.1.20",
           "Via: SIP/2.0/UDP 192.168.1.20:5060;branch=z9hG4bK74bf9;rport",
           "a basic call has no bearer service",
           "c=IN IP4 192.168.1.20\r\na=candidate:1 1 UDP 2130706431 10.0.1.1 8998 typ host\r\n",
           "sip:",
           "sips:@",
           "response",
           "response=",
           "k=",
       }) {
    EXPECT_EQ(mask_credentials(text), text);
  }
}

RC_GTEST_PROP(Mask, NeverFailsAndIsIdempotent, (const std::string& text)) {
  std::string once = mask_credentials(text);
  RC_ASSERT(mask_credentials(once) == once);
}

}  // namespace
}  // namespace viaduct::gateway
