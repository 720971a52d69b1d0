// SPDX-License-Identifier: GPL-2.0-or-later
// What the parser must do with any octets at all: stay inside the buffer, allocate nothing, agree with itself.
#include "sdp/attribute.hpp"
#include "sdp/candidate.hpp"
#include "sdp/check.hpp"
#include "sdp/session.hpp"
#include "support/guarded.hpp"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <cstdlib>
#include <new>
#include <string>

namespace {
std::size_t allocations = 0;
}  // namespace

// Replaced for the whole test binary; counts, otherwise what the standard ones do. Not inline, or g++ 12 takes the
// free() inside for a mismatch.
[[gnu::noinline]] void* operator new(std::size_t size) {
  ++allocations;
  if (void* room = std::malloc(size == 0 ? 1 : size)) return room;
  throw std::bad_alloc();
}
[[gnu::noinline]] void operator delete(void* room) noexcept {
  std::free(room);  // NOLINT(clang-analyzer-cplusplus.NewDelete): what our own operator new gave
}
[[gnu::noinline]] void operator delete(void* room, std::size_t) noexcept {
  std::free(room);  // NOLINT(clang-analyzer-cplusplus.NewDelete): the same
}

namespace viaduct::sdp {
namespace {

constexpr base::Bytes kWebrtc =
    "v=0\r\n"
    "o=- 4611731400430051336 2 IN IP4 127.0.0.1\r\n"
    "s=-\r\n"
    "t=0 0\r\n"
    "a=group:BUNDLE 0 1\r\n"
    "a=ice-options:trickle\r\n"
    "m=audio 54400 UDP/TLS/RTP/SAVPF 111 0\r\n"
    "c=IN IP4 192.0.2.4\r\n"
    "a=rtcp:54401 IN IP4 192.0.2.4\r\n"
    "a=candidate:1467250027 1 udp 2122260223 192.168.0.196 46243 typ host generation 0\r\n"
    "a=candidate:435653019 2 tcp 1845501695 2001:db8::2 9 typ srflx raddr 192.168.0.196 rport 9 tcptype active\r\n"
    "a=ice-ufrag:F7gI\r\n"
    "a=ice-pwd:x9cml/YzichV2+XlhiMu8g\r\n"
    "a=fingerprint:sha-1 42:89:c5:c6:55:9d:6e:c8:e8:83:55:2a:39:f9:b6:eb:e9:a3:a9:e7\r\n"
    "a=setup:actpass\r\n"
    "a=mid:0\r\n"
    "a=rtcp-mux\r\n"
    "m=message 7654/2 TCP/MSRP *\r\n"
    "c=IN IP6 2001:db8::9\r\n"
    "a=path:msrp://[2001:db8::9]:7654/jshA7we;tcp\r\n"
    "a=remote-candidates:1 192.0.2.3 45664\r\n"
    "a=crypto:1 AES_CM_128_HMAC_SHA1_80 inline:d0RmdmcmVCspeEc3QGZiNWpVLFJhQX1cfHAwJSoj\r\n"
    "a=maxptime:60";

/// Calls everything there is; returns something that depends on all of it.
std::size_t read_all(base::Bytes text) {
  std::size_t sum = 0;
  const auto note = [&](const Complaint& complaint) { sum += complaint.where.offset; };
  check(text, base::between(0, text.size()), sink_of(note));
  const Result<Session> s = parse(text);
  if (!s) return sum + s.error().offset;
  sum += s->origin_version().value_or(1) + s->connection_count;
  for (const Media& m : s->media()) {
    sum += static_cast<std::size_t>(ice_default(*s, m)) + m.rtcp_port();
    for (Attributes all(*s, m); std::optional<Attribute> a = all.next();) sum += a->name.length;
    for (Connections all(*s, m); std::optional<Connection> c = all.next();) sum += c->where.address.length;
  }
  return sum;
}

TEST(Hostile, NothingIsAllocated) {
  const std::size_t before = allocations;
  const std::size_t sum = read_all(kWebrtc);
  EXPECT_EQ(allocations, before);
  EXPECT_GT(sum, 0U);
  EXPECT_EQ(std::string(100, 'x').size(), 100U);
  EXPECT_GT(allocations, before) << "the counter does not count";
}

TEST(Hostile, NothingOutsideTheBufferIsRead) {
  for (std::size_t size = 0; size <= kWebrtc.size(); ++size) {
    test::Guarded guarded(kWebrtc.substr(0, size));
    const std::size_t sum = read_all(guarded.at_end());
    EXPECT_EQ(sum, read_all(guarded.at_begin())) << size;
    EXPECT_EQ(sum, read_all(kWebrtc.substr(0, size))) << size;
  }
  for (std::size_t from = 0; from < kWebrtc.size(); ++from) {
    test::Guarded guarded(kWebrtc.substr(from));
    EXPECT_EQ(read_all(guarded.at_end()), read_all(guarded.at_begin())) << from;
  }
}

bool inside(base::Range outer, base::Range inner) {
  return !inner.present() || (inner.offset >= outer.offset && inner.end() <= outer.end());
}

void expect_ranges_inside(const Session& s) {
  for (base::Range range : {s.section, s.version, s.name, s.title, s.attributes, s.fingerprint, s.origin.line,
                            s.origin.username, s.origin.where.address, s.connection.line, s.connection.where.address})
    RC_ASSERT(inside(s.body, range));
  std::uint32_t end = s.section.end();
  for (const Media& m : s.media()) {
    RC_ASSERT(m.section.offset == end);
    end = m.section.end();
    for (base::Range range : {m.line, m.type, m.port_text, m.protocol, m.formats, m.title, m.attributes, m.mid, m.path,
                              m.crypto, m.fingerprint, m.connection.line, m.connection.suffix, m.rtcp.line})
      RC_ASSERT(inside(m.section, range));
  }
  RC_ASSERT(end == s.body.end());
}

RC_GTEST_PROP(Hostile, SectionsCoverTheBodyAndHoldTheirRanges, ()) {
  // The good body with some octets replaced by others that mean something to the parser.
  std::string text(kWebrtc);
  const int changes = *rc::gen::inRange(0, 12);
  for (int i = 0; i < changes; ++i) {
    const std::size_t at = *rc::gen::inRange<std::size_t>(0, text.size());
    text[at] = *rc::gen::element('\r', '\n', '=', ' ', ':', '/', 'm', 'a', 'c', 'o', '0', '\0', '\x80', '9');
  }
  const std::size_t front = *rc::gen::inRange<std::size_t>(0, 10);
  const std::string message = std::string(front, 'm') + text + "a=behind";
  const Result<Session> s = parse(message, base::between(front, front + text.size()));
  if (s) expect_ranges_inside(*s);
  if (!s) RC_ASSERT(s.error().offset >= front && s.error().offset <= front + text.size());
  const auto note = [&](const Complaint& complaint) {
    RC_ASSERT(inside({static_cast<std::uint32_t>(front), static_cast<std::uint32_t>(text.size())}, complaint.where));
  };
  check(message, base::between(front, front + text.size()), sink_of(note));
}

}  // namespace
}  // namespace viaduct::sdp
