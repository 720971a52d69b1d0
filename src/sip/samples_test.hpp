// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include "base/bytes.hpp"
#include "sip/header.hpp"

#include <span>

namespace viaduct::sip {

/// Messages of our own making that together use every header this folder reads.
[[nodiscard]] inline std::span<const Bytes> sample_messages() {
  static constexpr Bytes kInvite =
      "INVITE sip:bob;ext=1@[2001:db8::2]:5070;transport=tcp?subject=lunch SIP/2.0\r\n"
      "Via: SIP/2.0/UDP 192.168.1.10:5062;branch=z9hG4bK-1a;rport, SIP / 2.0 / TLS\r\n"
      "\tproxy.example.com : 5061 ;branch=z9hG4bK-2b;received=[2001:db8::9];keep;alias;ttl=4;maddr=224.0.1.75\r\n"
      "Record-Route: <sip:p1.example.com;lr>,<sip:p2.example.com;lr>\r\n"
      "From: \"A. \\\"Q\\\" <x>\" <sip:alice@example.com>;tag=a1\r\n"
      "t: sip:bob@example.com;tag=b2\r\n"
      "Call-ID: 843817637684230@998sdasdh09\r\n"
      "CSeq: 1826\r\n  INVITE\r\n"
      "Contact: \"A, B\" <sip:alice@192.168.1.10:5062;ob>;+sip.instance=\"<urn:uuid:1>\";expires=60, "
      "<tel:+1-201-555>\r\n"
      "Max-Forwards: 70\r\n"
      "Session-Expires: 1800;refresher=uas\r\nMin-SE: 90\r\n"
      "Supported: timer, replaces\r\n"
      "Replaces: 98732@sip.example.com;from-tag=r33;to-tag=ff87\r\n"
      "Target-Dialog: fa77;local-tag=kkaz-;remote-tag=6544\r\n"
      "Authorization: Digest username=\"bob\", realm=\"a,b\", nonce=\"0\\\"1\", uri=\"sip:a\", qop=auth-int, "
      "response=\"6\"\r\n"
      "Proxy-Authorization: Basic QWxhZGRpbg==\r\n"
      "Identity: eyJ.eyJ.sig;info=<https://cert.example.org/a.cer>;alg=ES256\r\n"
      "Session-ID: ab30317f1a784dc48ff824d0d3715d86;remote=00000000000000000000000000000000\r\n"
      "P-Asserted-Identity: \"Cullen\" <sip:f@example.com>, <tel:+14085264000>\r\n"
      "User-Agent: Box/1.0 (a (b) c)\r\n"
      "X-Odd   : kept as it is  \r\n"
      "Content-Type: multipart/mixed ; boundary=\"b;1\"\r\n"
      "Content-Length: 4\r\n"
      "\r\nv=0\n";
  static constexpr Bytes kAnswer =
      "\r\n\r\nSIP/2.0 200 Tr\xC3\xA8s bien\n"
      "v: SIP/2.0/UDP 192.168.1.10;rport=4999;received=203.0.113.7;branch=z9hG4bK-1a\n"
      "f: <sip:alice@example.com>;tag=a1\nt: <sip:bob@example.com>;tag=b2\ni: 1\nCSeq: 1 REGISTER\n"
      "m: *\nExpires: 0\nServer: x\nl: 0\n\n";
  static constexpr Bytes kTorn = "REGISTER sip:x SIP/2.0\rVia:\r:x\r\r";
  static constexpr Bytes kParts =
      "INVITE sip:bob@example.com SIP/2.0\r\nContent-Type: multipart/mixed;boundary=b\r\nl : 161\r\n\r\n"
      "--b\r\nContent-Type: multipart/alternative;\r\n boundary=c\r\n\r\n--c\r\nContent-Type: application/sdp\r\n\r\n"
      "v=0\r\n--c--\r\n--b\r\nContent-Transfer-Encoding: base64\r\n\r\nAA==\r\n--b--";
  static constexpr Bytes kSamples[] = {kInvite, kAnswer, kTorn, kParts};
  return kSamples;
}

}  // namespace viaduct::sip
