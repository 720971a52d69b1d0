// SPDX-License-Identifier: GPL-2.0-or-later
#include "parse_messages.hpp"

#include <string_view>

namespace viaduct::bench {
namespace {

constexpr std::string_view kOptions = R"(OPTIONS sip:4031@192.168.20.31:5062 SIP/2.0
Via: SIP/2.0/UDP 203.0.113.10:5060;branch=z9hG4bK5f0a77
From: <sip:ping@sip.example.net>;tag=9d21
To: <sip:4031@192.168.20.31>
Contact: <sip:ping@203.0.113.10:5060>
Call-ID: 77ab12cd@203.0.113.10
CSeq: 1020 OPTIONS
Max-Forwards: 70
Content-Length: 0

)";

constexpr std::string_view kInvite = R"(INVITE sip:+498955512345@sip.example.net:5060 SIP/2.0
Via: SIP/2.0/UDP 192.168.20.31:5062;branch=z9hG4bK1846930886;rport
From: "Desk 31" <sip:4031@sip.example.net>;tag=1714636915
To: <sip:+498955512345@sip.example.net>
Call-ID: 0_957747793@192.168.20.31
CSeq: 1 INVITE
Contact: <sip:4031@192.168.20.31:5062>
Content-Type: application/sdp
Allow: INVITE, ACK, BYE, CANCEL, OPTIONS, NOTIFY, REFER
Max-Forwards: 70
User-Agent: Desk 46 66.86.0.15
Supported: replaces
Content-Length: 261

v=0
o=- 20014 20014 IN IP4 192.168.20.31
s=SDP data
c=IN IP4 192.168.20.31
t=0 0
m=audio 11784 RTP/AVP 9 8 0 101
a=rtpmap:9 G722/8000
a=rtpmap:8 PCMA/8000
a=rtpmap:0 PCMU/8000
a=rtpmap:101 telephone-event/8000
a=fmtp:101 0-15
a=ptime:20
a=sendrecv
)";

constexpr std::string_view kLarge = R"(INVITE sip:4400@192.0.2.200:5080;transport=udp SIP/2.0
Via: SIP/2.0/UDP 203.0.113.10:5060;branch=z9hG4bKc1d7.6a3f9e55c0b1f2aa.0
Via: SIP/2.0/UDP 203.0.113.11:5060;received=203.0.113.11;branch=z9hG4bK61aa.77c20d0e3a1b2c44.0;i=9f1
Via: SIP/2.0/TCP 203.0.113.12:5070;branch=z9hG4bK0ba1.d5d5e0a8f7c6b5a4.0
Via: SIP/2.0/UDP 198.51.100.21:5060;received=198.51.100.22;rport=61022;branch=z9hG4bK-524287-1---5ab0c1d2e3f40516
Via: SIP/2.0/WSS d9a8c7b6e5f4.invalid;received=198.51.100.77;rport=50123;branch=z9hG4bK4417713
Record-Route: <sip:203.0.113.10;lr;ftag=88a1b2;did=1f7.aa3>
Record-Route: <sip:203.0.113.11;lr;ftag=88a1b2>
Record-Route: <sip:203.0.113.12:5070;transport=tcp;lr;ftag=88a1b2>
Record-Route: <sip:edge.example.net;lr;nat=yes;dlgcor=5a3.bd72>
Max-Forwards: 64
From: "Control room, east" <sip:4401@sip.example.net>;tag=88a1b2
To: "Control room, west" <sip:4400@sip.example.net>
Contact: <sip:4401@198.51.100.21:5060;transport=udp;ob>;+sip.instance="<urn:uuid:0b4c1a6e-5c1f-4b8e-9d2e-3c5d7e9f1a2b>"
Call-ID: 6b1de2c0f4a94c0e8e7d5c3b2a190817
CSeq: 31877 INVITE
Allow: INVITE, ACK, CANCEL, BYE, UPDATE, PRACK, INFO, MESSAGE, SUBSCRIBE, NOTIFY, REFER, OPTIONS
Supported: replaces, timer, 100rel, norefersub, gruu, outbound, path
Session-Expires: 1800;refresher=uac
Min-SE: 90
P-Asserted-Identity: "Control room, east" <sip:4401@sip.example.net>
Privacy: none
P-Charging-Vector: icid-value=5bd1f7a2c3;icid-generated-at=203.0.113.12;orig-ioi=example.net
User-Agent: Wallboard/7.2.1 (panel; rev 4)
Content-Type: application/sdp
Content-Length: 1396

v=0
o=wallboard 8842177391 2 IN IP4 198.51.100.21
s=two streams
c=IN IP4 198.51.100.21
t=0 0
a=group:BUNDLE 0 1
a=ice-options:trickle
m=audio 40312 UDP/TLS/RTP/SAVPF 111 9 8 0 101
c=IN IP4 198.51.100.21
a=mid:0
a=rtpmap:111 opus/48000/2
a=fmtp:111 minptime=10;useinbandfec=1
a=rtpmap:101 telephone-event/8000
a=rtcp:40313 IN IP4 198.51.100.21
a=rtcp-mux
a=ice-ufrag:8hZs
a=ice-pwd:Pz6uQx1c9rM4tK0yBvWd2LsA
a=fingerprint:sha-256 5B:0A:17:CC:93:EE:41:02:7F:64:A8:3D:19:BB:C0:55:E1:2A:86:F7:30:9D:4C:68:AA:15:D2:7B:08:91:6E:F3
a=setup:actpass
a=candidate:1 1 UDP 2130706431 192.168.20.44 40312 typ host
a=candidate:2 1 UDP 1694498815 198.51.100.21 40312 typ srflx raddr 192.168.20.44 rport 40312
a=candidate:1 2 UDP 2130706430 192.168.20.44 40313 typ host
a=candidate:2 2 UDP 1694498814 198.51.100.21 40313 typ srflx raddr 192.168.20.44 rport 40313
a=sendrecv
m=video 40314 UDP/TLS/RTP/SAVPF 96 97
c=IN IP4 198.51.100.21
b=AS:1500
a=mid:1
a=rtpmap:96 H264/90000
a=fmtp:96 profile-level-id=42e01f;packetization-mode=1
a=rtpmap:97 VP8/90000
a=rtcp-fb:* nack pli
a=rtcp:40315 IN IP4 198.51.100.21
a=rtcp-mux
a=candidate:1 1 UDP 2130706431 192.168.20.44 40314 typ host
a=candidate:2 1 UDP 1694498815 198.51.100.21 40314 typ srflx raddr 192.168.20.44 rport 40314
a=candidate:3 1 TCP 1518280447 192.168.20.44 9 typ host tcptype active
a=end-of-candidates
a=sendrecv
)";

constexpr std::size_t octets_with_crlf(std::string_view text) {
  std::size_t size = text.size();
  for (char c : text) size += c == '\n' ? 1 : 0;
  return size;
}
static_assert(octets_with_crlf(kInvite) == 758);

[[nodiscard]] std::string with_crlf(std::string_view text) {
  std::string octets;
  octets.reserve(octets_with_crlf(text));
  for (char c : text) octets += c == '\n' ? std::string("\r\n") : std::string(1, c);
  return octets;
}

}  // namespace

std::vector<Sample> samples() {
  return {{"small: OPTIONS", with_crlf(kOptions)},
          {"typical: desk phone INVITE", with_crlf(kInvite)},
          {"large: INVITE, audio and video with ICE", with_crlf(kLarge)}};
}

}  // namespace viaduct::bench
