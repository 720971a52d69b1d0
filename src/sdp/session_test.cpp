// SPDX-License-Identifier: GPL-2.0-or-later
#include "sdp/session.hpp"

#include "sdp/line.hpp"

#include <gtest/gtest.h>

#include <string>
#include <vector>

namespace viaduct::sdp {
namespace {

std::string show(base::Range range, const Session& s) {
  return range.present() ? "'" + std::string(s.text(range)) + "'" : "-";
}

std::string show(const AddressField& f, const Session& s) {
  constexpr const char* kKinds[] = {"absent", "ipv4", "ipv6", "fqdn", "other"};
  if (!f.present()) return "absent";
  return std::string(kKinds[static_cast<int>(f.kind)]) + " " + show(f.nettype, s) + " " + show(f.addrtype, s) + " " +
         show(f.address, s) + " = " + f.literal.to_text();
}

std::string show(const Connection& c, const Session& s) {
  return c.present() ? show(c.where, s) + " suffix " + show(c.suffix, s) : "none";
}

/// Everything that a session says, as text.
std::string show(const Session& s) {
  std::string out = "v " + show(s.version, s) + "\no " + show(s.origin.username, s) + " " + show(s.origin.id, s) + " " +
                    show(s.origin.version, s) + " " + show(s.origin.where, s) + "\ns " + show(s.name, s) + "\nc " +
                    show(s.connection, s) + "\n";
  for (const Media& m : s.media()) {
    out += "m " + show(m.type, s) + " " + show(m.port_text, s) + "=" + std::to_string(m.port) + "/" +
           std::to_string(m.port_count) + " " + show(m.protocol, s) + " " + show(m.formats, s) + "\n";
    out += "  c " + show(m.connection, s) + "\n";
    if (m.rtcp.present())
      out += "  rtcp " + show(m.rtcp.port_text, s) + "=" + std::to_string(m.rtcp.port) + " " + show(m.rtcp.where, s) +
             "\n";
  }
  return out;
}

Session parsed(base::Bytes text) {
  const Result<Session> session = parse(text);
  EXPECT_TRUE(session) << name(session.error().code) << " at " << session.error().offset << " in\n" << text;
  return session ? *session : Session();
}

base::Error<Problem> error_of(base::Bytes text) {
  const Result<Session> session = parse(text);
  EXPECT_FALSE(session) << text;
  return session ? base::Error<Problem>{Problem::last, 0} : session.error();
}

constexpr base::Bytes kAudio =
    "v=0\r\n"
    "o=- 20518 20519 IN IP4 192.168.1.20\r\n"
    "s=call\r\n"
    "c=IN IP4 192.168.1.21\r\n"
    "t=0 0\r\n"
    "m=audio 11782 RTP/AVP 0 8 101\r\n"
    "a=rtpmap:101 telephone-event/8000\r\n"
    "a=ptime:20\r\n"
    "a=sendonly\r\n";

TEST(Session, ReadsADeskPhonesOffer) {
  EXPECT_EQ(show(parsed(kAudio)),
            "v '0'\n"
            "o '-' '20518' '20519' ipv4 'IN' 'IP4' '192.168.1.20' = 192.168.1.20\n"
            "s 'call'\n"
            "c ipv4 'IN' 'IP4' '192.168.1.21' = 192.168.1.21 suffix -\n"
            "m 'audio' '11782'=11782/1 'RTP/AVP' '0 8 101'\n"
            "  c none\n");
}

TEST(Session, RangesCountFromTheStartOfTheMessage) {
  const std::string message = "INVITE sip:b@example.com SIP/2.0\r\n\r\n" + std::string(kAudio) + "epilogue";
  const base::Range body{36, static_cast<std::uint32_t>(kAudio.size())};
  const Result<Session> s = parse(message, body);
  ASSERT_TRUE(s);
  EXPECT_EQ(message.substr(s->connection.where.address.offset, s->connection.where.address.length), "192.168.1.21");
  ASSERT_EQ(s->media().size(), 1U);
  const Media& m = s->media()[0];
  EXPECT_EQ(s->text(s->section), kAudio.substr(0, kAudio.find("m=")));
  EXPECT_EQ(s->text(m.section), kAudio.substr(kAudio.find("m=")));
  EXPECT_EQ(s->text(m.line), "m=audio 11782 RTP/AVP 0 8 101");
  EXPECT_EQ(s->text(m.attributes), "a=rtpmap:101 telephone-event/8000\r\na=ptime:20\r\na=sendonly");
  EXPECT_EQ(m.section.end(), body.end());
}

TEST(Session, ReadsSeveralMediaWithTheirOwnConnections) {
  const Session s = parsed(
      "v=0\r\n"
      "o=alice 1 2 IN IP6 2001:db8::1\r\n"
      "s=-\r\n"
      "t=0 0\r\n"
      "m=audio 49170/2 RTP/AVP 0\r\n"
      "i=the voice\r\n"
      "c=IN IP6 2001:db8::2\r\n"
      "c=IN IP6 2001:db8::3\r\n"
      "a=rtcp:53020 IN IP6 2001:db8::4\r\n"
      "m=video 0 RTP/AVP 31\r\n"
      "c=IN IP4 233.252.0.1/127/3\r\n"
      "m=image 5000 udptl t38\r\n"
      "c=IN IP4 fax.example.com\r\n"
      "a=rtcp:5001\r\n"
      "m=application 9 UDP/DTLS/SCTP webrtc-datachannel\r\n"
      "c=IN IP4 0.0.0.0\r\n");
  EXPECT_EQ(show(s),
            "v '0'\n"
            "o 'alice' '1' '2' ipv6 'IN' 'IP6' '2001:db8::1' = 2001:db8::1\n"
            "s '-'\n"
            "c none\n"
            "m 'audio' '49170'=49170/2 'RTP/AVP' '0'\n"
            "  c ipv6 'IN' 'IP6' '2001:db8::2' = 2001:db8::2 suffix -\n"
            "  rtcp '53020'=53020 ipv6 'IN' 'IP6' '2001:db8::4' = 2001:db8::4\n"
            "m 'video' '0'=0/1 'RTP/AVP' '31'\n"
            "  c ipv4 'IN' 'IP4' '233.252.0.1' = 233.252.0.1 suffix '/127/3'\n"
            "m 'image' '5000'=5000/1 'udptl' 't38'\n"
            "  c fqdn 'IN' 'IP4' 'fax.example.com' = - suffix -\n"
            "  rtcp '5001'=5001 absent\n"
            "m 'application' '9'=9/1 'UDP/DTLS/SCTP' 'webrtc-datachannel'\n"
            "  c ipv4 'IN' 'IP4' '0.0.0.0' = 0.0.0.0 suffix -\n");
  EXPECT_EQ(s.media()[0].connection_count, 2);
  EXPECT_EQ(s.text(s.media()[0].title), "the voice");
  EXPECT_TRUE(s.media()[1].closed());
  EXPECT_TRUE(s.media()[3].connection.is_unspecified());
  EXPECT_EQ(s.rtcp_address_of(s.media()[0]).literal.to_text(), "2001:db8::4");
  EXPECT_EQ(s.text(s.rtcp_address_of(s.media()[2]).address), "fax.example.com");
}

TEST(Session, AMediaConnectionStandsBeforeTheSessions) {
  const Session s =
      parsed("v=0\nc=IN IP4 192.0.2.1\nm=audio 4000 RTP/AVP 0\nm=video 4002 RTP/AVP 31\nc=IN IP4 192.0.2.2\n");
  EXPECT_EQ(s.connection_of(s.media()[0]).where.literal.to_text(), "192.0.2.1");
  EXPECT_EQ(s.connection_of(s.media()[1]).where.literal.to_text(), "192.0.2.2");
}

TEST(Session, DirectionAndSetupAreInheritedButNotShared) {
  const Session s = parsed(
      "v=0\r\na=inactive\r\na=setup:passive\r\nm=audio 1 RTP/AVP 0\r\nm=audio 2 RTP/AVP 0\r\na=recvonly\r\n"
      "a=setup:actpass\r\nm=audio 3 RTP/AVP 0\r\na=sendrecv\r\na=setup:holdconn\r\nm=audio 4 RTP/AVP 0\r\n");
  const std::vector<Direction> directions = {Direction::inactive, Direction::recvonly, Direction::sendrecv,
                                             Direction::inactive};
  const std::vector<sdp::Setup> setups = {sdp::Setup::passive, sdp::Setup::actpass, sdp::Setup::holdconn,
                                          sdp::Setup::passive};
  ASSERT_EQ(s.media().size(), 4U);
  for (std::size_t i = 0; i < 4; ++i) {
    EXPECT_EQ(s.media()[i].direction, directions[i]) << i;
    EXPECT_EQ(s.media()[i].setup, setups[i]) << i;
  }
}

TEST(Session, TraitsAreGatheredPerLevel) {
  const Session s = parsed(
      "v=0\r\n"
      "a=group:BUNDLE 0 1\r\n"
      "a=ice-lite\r\n"
      "a=ice-options:rtp+ecn trickle\r\n"
      "a=fingerprint:sha-256 AA:BB\r\n"
      "m=audio 9 UDP/TLS/RTP/SAVPF 111\r\n"
      "a=mid:0\r\n"
      "a=ice-ufrag:F7gI\r\n"
      "a=ice-pwd:x9cml/YzichV2+XlhiMu8g\r\n"
      "a=rtcp-mux\r\n"
      "a=rtcp-mux-only\r\n"
      "a=end-of-candidates\r\n"
      "m=video 0 UDP/TLS/RTP/SAVPF 96\r\n"
      "a=bundle-only\r\n"
      "a=mid:1\r\n"
      "m=message 7654 TCP/MSRP *\r\n"
      "a=path:msrp://192.0.2.1:7654/jshA7we;tcp\r\n"
      "a=crypto:1 AES_CM_128_HMAC_SHA1_80 inline:d0RmdmcmVCspeEc3QGZiNWpVLFJhQX1cfHAwJSoj\r\n"
      "a=remote-candidates:1 192.0.2.1 5000\r\n"
      "a=ice-mismatch \r\n");
  const Media& audio = s.media()[0];
  EXPECT_TRUE(s.traits.has(Trait::group) && s.traits.has(Trait::ice_lite) && s.traits.has(Trait::trickle));
  EXPECT_TRUE(s.traits.has(Trait::fingerprint) && !audio.traits.has(Trait::fingerprint));
  EXPECT_TRUE(s.traits_of(audio).has(Trait::fingerprint) && s.traits_of(audio).ice());
  EXPECT_TRUE(audio.traits.has(Trait::rtcp_mux) && audio.traits.has(Trait::rtcp_mux_only));
  EXPECT_TRUE(audio.traits.has(Trait::end_of_candidates) && !audio.traits.has(Trait::candidate));
  EXPECT_EQ(s.text(audio.mid), "0");
  EXPECT_EQ(s.text(s.fingerprint), "sha-256 AA:BB");
  EXPECT_FALSE(s.media()[1].closed());
  const Media& message = s.media()[2];
  EXPECT_EQ(s.text(message.path), "msrp://192.0.2.1:7654/jshA7we;tcp");
  EXPECT_TRUE(s.text(message.crypto).starts_with("1 AES_CM"));
  EXPECT_TRUE(message.traits.has(Trait::remote_candidates) && message.traits.has(Trait::ice_mismatch));
  EXPECT_FALSE(message.traits.ice());
}

TEST(Session, RtcpPortFollowsTheAttributes) {
  const Session s = parsed(
      "v=0\r\nm=audio 40001 RTP/AVP 0\r\na=rtcp:40003\r\nm=audio 40000 RTP/AVP 0\r\nm=audio 40000 RTP/AVP 0\r\n"
      "a=rtcp-mux\r\nm=audio 65535 RTP/AVP 0\r\nm=audio 40000 RTP/AVP 0\r\na=rtcp:x\r\nm=audio 0 RTP/AVP 0\r\n");
  const std::vector<std::uint16_t> ports = {40003, 40001, 40000, 0, 40001, 0};
  for (std::size_t i = 0; i < ports.size(); ++i) EXPECT_EQ(s.media()[i].rtcp_port(), ports[i]) << i;
  EXPECT_TRUE(s.media()[4].traits.has(Trait::rtcp) && !s.media()[4].rtcp.present());
}

TEST(Session, AllLineEndsReadTheSame) {
  const std::string expected = show(parsed(kAudio));
  for (const std::string end : {"\n", "\r"}) {
    std::string other;
    for (char c : kAudio) other += c == '\r' ? "" : c == '\n' ? end : std::string(1, c);
    EXPECT_EQ(show(parsed(other)), expected) << (end == "\n" ? "LF" : "CR");
  }
  EXPECT_EQ(show(parsed(kAudio.substr(0, kAudio.size() - 2))), expected);
  EXPECT_EQ(show(parsed("\r\n" + std::string(kAudio) + "\r\n\r\n")), expected);
}

// The bitmap of line ends is made in blocks of 64 octets: a CR LF may lie across two of them.
TEST(Session, LineEndsAcrossBlocksAreOneLineEnd) {
  for (std::size_t pad = 0; pad < 200; ++pad) {
    const std::string text = "v=0\r\ns=" + std::string(pad, 'x') +
                             "\r\nm=audio 4000 RTP/AVP 0\r\na=mid:" + std::string(pad % 7, 'y') +
                             "\r\nm=video 4002 RTP/AVP 31\r\n";
    const Session s = parsed(text);
    ASSERT_EQ(s.media().size(), 2U) << pad;
    EXPECT_EQ(s.name.length, pad);
    EXPECT_EQ(s.text(s.media()[0].line), "m=audio 4000 RTP/AVP 0");
    EXPECT_EQ(s.text(s.media()[1].section), "m=video 4002 RTP/AVP 31\r\n");
  }
}

TEST(Session, BlanksAndUnknownLinesDoNotDisturb) {
  const Session s = parsed(
      "v=0\r\no=-  1\t2  IN  IP4  192.0.2.7 \r\nX=odd\r\nnonsense\r\ny=0100\r\nc= IN IP4 192.0.2.8  \r\n"
      "m=audio  4000  RTP/AVP  0  8 \r\na=sendonly \r\na=foo : bar\r\n=\r\n\r\nm= video 4002 RTP/AVP 31\r\n");
  EXPECT_EQ(show(s),
            "v '0'\n"
            "o '-' '1' '2' ipv4 'IN' 'IP4' '192.0.2.7' = 192.0.2.7\n"
            "s -\n"
            "c ipv4 'IN' 'IP4' '192.0.2.8' = 192.0.2.8 suffix -\n"
            "m 'audio' '4000'=4000/1 'RTP/AVP' '0  8'\n"
            "  c none\n"
            "m 'video' '4002'=4002/1 'RTP/AVP' '31'\n"
            "  c none\n");
  EXPECT_EQ(s.media()[0].direction, Direction::sendonly);
}

TEST(Session, AnOriginMayBeLongOrBroken) {
  EXPECT_EQ(show(parsed("v=0\r\no=Big Bird 77 18446744073709551615 IN IP4 192.0.2.1\r\n").origin.where,
                 parsed("v=0\r\no=Big Bird 77 18446744073709551615 IN IP4 192.0.2.1\r\n")),
            "ipv4 'IN' 'IP4' '192.0.2.1' = 192.0.2.1");
  const Session wide = parsed("v=0\r\no=Big Yellow Bird 77 18446744073709551615 IN IP4 192.0.2.1\r\n");
  EXPECT_EQ(wide.text(wide.origin.username), "Big Yellow Bird");
  EXPECT_EQ(wide.origin_id(), 77U);
  EXPECT_EQ(wide.origin_version(), 18446744073709551615U);
  for (base::Bytes line : {"o=", "o=-", "o=- 1 2 IN IP4", "o=- 1 2 IN IP4 "}) {
    const std::string text = "v=0\r\n" + std::string(line) + "\r\ns=-\r\n";
    const Session s = parsed(text);
    EXPECT_EQ(s.text(s.origin.line), line);
    EXPECT_FALSE(s.origin.where.address.present());
    EXPECT_EQ(s.origin.where.kind, AddressKind::other);
    EXPECT_EQ(s.origin_version(), std::nullopt);
  }
  // The first six words of this name look like an origin.
  const Session twice = parsed("v=0\r\no=- 1 2 IN IP4 192.0.2.1 3 4 IN IP5 x\r\n");
  EXPECT_EQ(show(twice.origin.where, twice), "other 'IN' 'IP5' 'x' = -");
  EXPECT_EQ(twice.origin_version(), 4U);
  const Session big = parsed("v=0\r\no=- x 18446744073709551616 IN IP4 h.example\r\n");
  EXPECT_EQ(big.origin_id(), std::nullopt);
  EXPECT_EQ(big.origin_version(), std::nullopt);
  EXPECT_EQ(big.origin.where.kind, AddressKind::fqdn);
}

TEST(Session, AddressesAreWhatTheirTypeSays) {
  const struct {
    base::Bytes value;
    AddressKind kind;
    base::Bytes literal;
  } cases[] = {
      {"IN IP4 192.0.2.1", AddressKind::ipv4, "192.0.2.1"},
      {"in ip4 192.0.2.1", AddressKind::ipv4, "192.0.2.1"},
      {"IN IP4 0.0.0.0", AddressKind::ipv4, "0.0.0.0"},
      {"IN IP4 255.255.255.255", AddressKind::ipv4, "255.255.255.255"},
      {"IN IP4 256.0.0.1", AddressKind::other, "-"},
      {"IN IP4 192.0.2", AddressKind::other, "-"},
      {"IN IP4 192.0.2.1.5", AddressKind::other, "-"},
      {"IN IP4 192.0.2.01", AddressKind::other, "-"},
      {"IN IP4 192.0.2.1x", AddressKind::fqdn, "-"},
      {"IN IP4 2001:db8::1", AddressKind::other, "-"},
      {"IN IP4 pbx.example.com", AddressKind::fqdn, "-"},
      {"IN IP4 df7jal23ls0d.invalid", AddressKind::fqdn, "-"},
      {"IN IP4 a!b", AddressKind::other, "-"},
      {"IN IP6 2001:db8::1", AddressKind::ipv6, "2001:db8::1"},
      {"IN IP6 [2001:db8::1]", AddressKind::ipv6, "2001:db8::1"},
      {"IN IP6 ::ffff:192.0.2.1", AddressKind::ipv6, "::ffff:192.0.2.1"},
      {"IN IP6 ff15::101/3", AddressKind::ipv6, "ff15::101"},
      {"IN IP6 192.0.2.1", AddressKind::other, "-"},
      {"IN IP6 pbx.example.com", AddressKind::fqdn, "-"},
      {"IN IP6 fe80::1%eth0", AddressKind::other, "-"},
      {"ATM NSAP 47.0091.8100", AddressKind::other, "-"},
      {"IN IP5 192.0.2.1", AddressKind::other, "-"},
      {"IN IP4", AddressKind::other, "-"},
      {"IN IP4 ", AddressKind::other, "-"},
      {"", AddressKind::other, "-"},
  };
  for (const auto& c : cases) {
    const std::string text = "v=0\r\nc=" + std::string(c.value) + "\r\nt=0 0\r\n";
    const Session s = parsed(text);
    EXPECT_TRUE(s.connection.present());
    EXPECT_EQ(s.connection.where.kind, c.kind) << c.value;
    EXPECT_EQ(s.connection.where.literal.to_text(), c.literal) << c.value;
  }
}

TEST(Session, FailsWithCodeAndPlace) {
  using E = base::Error<Problem>;
  EXPECT_EQ(error_of(""), (E{Problem::empty_body, 0}));
  EXPECT_EQ(error_of("\r\n\r\n"), (E{Problem::empty_body, 0}));
  EXPECT_EQ(error_of("\r\nhello"), (E{Problem::not_sdp, 2}));
  EXPECT_EQ(error_of("0=v\r\n"), (E{Problem::not_sdp, 0}));
  EXPECT_EQ(error_of("v=0\r\nm=audio\r\n"), (E{Problem::bad_media_line, 5}));
  EXPECT_EQ(error_of("v=0\r\nm=audio 4000\r\n"), (E{Problem::bad_media_line, 5}));
  EXPECT_EQ(error_of("v=0\r\nm=\r\n"), (E{Problem::bad_media_line, 5}));
  EXPECT_EQ(error_of("v=0\r\nm=audio x RTP/AVP 0\r\n"), (E{Problem::bad_port, 13}));
  EXPECT_EQ(error_of("v=0\r\nm=audio 65536 RTP/AVP 0\r\n"), (E{Problem::bad_port, 13}));
  EXPECT_EQ(error_of("v=0\r\nm=audio -1 RTP/AVP 0\r\n"), (E{Problem::bad_port, 13}));
  EXPECT_EQ(error_of("v=0\r\nm=audio $ RTP/AVP 0\r\n"), (E{Problem::bad_port, 13}));
  EXPECT_EQ(error_of("v=0\r\nm=audio 4000/ RTP/AVP 0\r\n"), (E{Problem::bad_port_count, 18}));
  EXPECT_EQ(error_of("v=0\r\nm=audio 4000/0 RTP/AVP 0\r\n"), (E{Problem::bad_port_count, 18}));
  EXPECT_EQ(error_of("v=0\r\nm=audio 65535/2 RTP/AVP 0\r\n"), (E{Problem::bad_port_count, 19}));
  for (base::Range body : {base::Range{}, {6, 0}, {0, 6}, {5, 1}, {2, 0xffffffff}, {0xfffffffe, 4}}) {
    const Result<Session> s = parse("v=0\r\n", body);
    ASSERT_FALSE(s);
    EXPECT_EQ(s.error(), (E{Problem::out_of_buffer, 5}));
  }
}

TEST(Session, TakesAsManyMediaAsThereIsRoomFor) {
  std::string text = "v=0\r\n";
  for (std::size_t i = 0; i < kMaxMedia; ++i) text += "m=audio " + std::to_string(4000 + i) + " RTP/AVP 0\r\n";
  const Session s = parsed(text);
  ASSERT_EQ(s.media().size(), kMaxMedia);
  for (std::size_t i = 0; i < kMaxMedia; ++i) EXPECT_EQ(s.media()[i].port, 4000 + i);
  const std::uint32_t end = static_cast<std::uint32_t>(text.size());
  EXPECT_EQ(error_of(text + "m=audio 1 RTP/AVP 0\r\n"), (base::Error<Problem>{Problem::too_many_media, end}));
}

TEST(Session, ACopyIsAsGoodAsTheOriginal) {
  const Session first = parsed(kAudio);
  const Session second = first;
  EXPECT_EQ(show(second), show(first));
}

TEST(Session, EveryCodeHasNameAndText) {
  for (int i = 0; i < static_cast<int>(Problem::last); ++i) {
    EXPECT_FALSE(text(static_cast<Problem>(i)).empty()) << i;
    EXPECT_FALSE(name(static_cast<Problem>(i)).empty()) << i;
    for (int j = 0; j < i; ++j) EXPECT_NE(name(static_cast<Problem>(i)), name(static_cast<Problem>(j)));
  }
}

TEST(Carrier, FollowsTheProtocol) {
  const struct {
    base::Bytes protocol;
    Carrier carrier;
  } cases[] = {
      {"RTP/AVP", Carrier::rtp},     {"rtp/savpf", Carrier::rtp}, {"UDP/TLS/RTP/SAVPF", Carrier::rtp},
      {"udptl", Carrier::udptl},     {"UDPTL", Carrier::udptl},   {"UDP/TLS/UDPTL", Carrier::udptl},
      {"udp", Carrier::udp},         {"UDP/BFCP", Carrier::udp},  {"UDP/DTLS/SCTP", Carrier::udp},
      {"DTLS/SCTP", Carrier::udp},   {"TCP/MSRP", Carrier::tcp},  {"TCP/TLS/BFCP", Carrier::tcp},
      {"TCP/RTP/AVP", Carrier::tcp}, {"TCP", Carrier::tcp},       {"", Carrier::other},
      {"H323", Carrier::other},      {"TLS/RTP", Carrier::other}, {"UDP/", Carrier::udp},
  };
  for (const auto& c : cases) EXPECT_EQ(carrier_of(c.protocol), c.carrier) << c.protocol;
}

TEST(Lines, WalkEverythingIncludingBlankAndOddOnes) {
  const base::Bytes text = "v=0\r\n\nodd\rm=x";
  std::string seen;
  for (Lines lines(text, {0, static_cast<std::uint32_t>(text.size())}); std::optional<Line> line = lines.next();)
    seen += std::string(1, line->type == 0 ? '.' : line->type) + "[" + std::string(line->value.of(text)) + "]" +
            std::to_string(static_cast<int>(line->end));
  EXPECT_EQ(seen, "v[0]0.[]1.[odd]2m[x]3");
  EXPECT_EQ(Lines(text, {}).next().has_value(), false);
}

TEST(Words, AreDividedByBlanksOfAnyNumber) {
  const base::Bytes text = "  one\ttwo  three ";
  Words words(text, {0, static_cast<std::uint32_t>(text.size())});
  EXPECT_EQ(words.next().of(text), "one");
  EXPECT_EQ(words.rest().of(text), "two  three");
  EXPECT_EQ(words.next().of(text), "two");
  EXPECT_EQ(words.next().of(text), "three");
  EXPECT_FALSE(words.rest().present());
  EXPECT_FALSE(words.next().present());
  EXPECT_FALSE(Words(text, {}).next().present());
}

}  // namespace
}  // namespace viaduct::sdp
