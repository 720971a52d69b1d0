// SPDX-License-Identifier: GPL-2.0-or-later
// Frames in, what travelled in them out: the whole layer behind the file readers.
#include "capture/unwrapper.hpp"

#include "capture/frames_test.hpp"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <ctime>
#include <string>
#include <vector>

namespace viaduct::capture {
namespace {

using namespace std::string_literals;
using namespace test;

std::string numbers(std::span<const std::uint64_t> frames) {
  std::string text;
  for (std::uint64_t number : frames) text += (text.empty() ? "" : ",") + std::to_string(number);
  return text;
}

/// Writes one line for each call.
class Log final : public Receiver {
 public:
  void arrived(const Arrival& a) override {
    text += numbers(a.frames) + (a.stream ? " stream " : " ") + a.source.to_text() + " > " + a.destination.to_text() +
            " +" + std::to_string(a.time.time_since_epoch().count()) + (a.hep != nullptr ? " hep" : "") +
            (a.cut() ? " cut" : "") + " '" + std::string(a.octets) + "'\n";
  }
  void other(const Record& record, base::Bytes frame, const Packet& packet) override {
    text += std::to_string(record.number) + " other " + show(Decoded::datagram, frame, packet) + "\n";
  }
  void incomplete(const FragmentTable::Incomplete& packet) override {
    text += numbers(packet.frames) + " incomplete " + std::to_string(packet.octets) + "\n";
  }
  void stream_lost(const StreamEnds& ends, std::optional<sip::FrameProblem> problem, base::Bytes octets,
                   std::uint64_t number) override {
    text += std::to_string(number) + " lost " + ends.source.to_text() + ": " +
            (problem ? std::string(sip::text(*problem)) : "a gap") + " '" + std::string(octets) + "'\n";
  }
  std::string text;
};

/// Feeds raw IP frames with the times 1, 2, 3 ... ns.
std::string run(const std::vector<std::string>& frames) {
  Log log;
  Unwrapper unwrapper(log);
  Record record;
  record.link = LinkType::raw;
  for (const std::string& frame : frames) {
    record.frame = frame;
    record.original_length = static_cast<std::uint32_t>(frame.size());
    ++record.number;
    record.time += base::Duration(1);
    unwrapper.add(record);
  }
  unwrapper.finish();
  return log.text;
}

constexpr std::uint32_t kFirst = 0xfffffff0;  // so that the numbers run over

/// A segment of A (10.0.0.7:5060) at `at` octets of its stream.
std::string from_a(std::size_t at, const std::string& payload, TcpFlags flags = {}, std::uint32_t first = kFirst) {
  const std::uint32_t number = first + static_cast<std::uint32_t>(at) + (flags.syn ? 0 : 1);
  return ipv4(tcp(5060, 5061, number, 1, flags, payload), {.protocol = 6});
}
/// B says that it has all octets before `at`.
std::string ack_of_b(std::size_t at) {
  return ipv4(tcp(5061, 5060, 1, kFirst + 1 + static_cast<std::uint32_t>(at), {}, ""),
              {.protocol = 6, .source = "\xc6\x33\x64\5"s, .destination = "\x0a\0\0\7"s});
}
const std::string kEnds = " stream 10.0.0.7:5060 > 198.51.100.5:5061 +";

std::string sip(const std::string& method, const std::string& body = "") {
  return method + " sip:b SIP/2.0\r\nContent-Length: " + std::to_string(body.size()) + "\r\n\r\n" + body;
}
const std::string kBye = sip("BYE");
const std::string kInvite = sip("INVITE", "v=0\r\no=- 1 1 IN IP4 10.0.0.7\r\n");

TEST(Unwrapper, HandsOutDatagramsAndOthers) {
  EXPECT_EQ(run({datagram("hello"), ipv4("\3\3", {.protocol = 1}), "rubbish"}),
            "1 10.0.0.7:5060 > 198.51.100.5:5062 +1 'hello'\n"
            "2 other icmp1 10.0.0.7:0 > 198.51.100.5:0 ttl 64 dscp 46 '\3\3'\n");
  EXPECT_EQ(run({datagram("hello").substr(0, 30)}), "1 10.0.0.7:5060 > 198.51.100.5:5062 +1 cut 'he'\n");
}

TEST(Unwrapper, JoinsFragmentsInsideOfTunnels) {
  const std::string whole = udp(5060, 5062, "a datagram in pieces");
  const auto tunnel = [](const std::string& inner) { return ipv4(inner, {.protocol = 4}); };
  EXPECT_EQ(run({tunnel(ipv4(whole.substr(16), {.part = 2})), datagram("x"),
                 tunnel(ipv4(whole.substr(0, 16), {.part = 0x2000}))}),
            "2 10.0.0.7:5060 > 198.51.100.5:5062 +2 'x'\n"
            "1,3 10.0.0.7:5060 > 198.51.100.5:5062 +1 'a datagram in pieces'\n");
  EXPECT_EQ(run({tunnel(ipv4(whole.substr(16), {.part = 2}))}), "1 incomplete 16\n");
}

TEST(Unwrapper, TakesHepForThePacketInIt) {
  const auto chunk = [](int type, const std::string& value) {
    return be16(0) + be16(type) + be16(6 + value.size()) + value;
  };
  const std::string chunks = chunk(3, "\1\1\1\1") + chunk(4, "\2\2\2\2") + chunk(7, be16(1)) + chunk(8, be16(2)) +
                             chunk(9, be32(7)) + chunk(15, "inside");
  const std::string hep = "HEP3" + be16(6 + chunks.size()) + chunks;
  const std::string said = " 1.1.1.1:1 > 2.2.2.2:2 +7000000000 hep 'inside'\n";
  EXPECT_EQ(run({ipv4(udp(9060, 9060, hep))}), "1" + said);
  EXPECT_EQ(run({from_a(0, "", {.syn = true}), from_a(0, hep.substr(0, 3)), from_a(3, hep.substr(3) + hep)}),
            "2,3 stream" + said + "3 stream" + said);
}

TEST(Unwrapper, CutsStreamsIntoMessages) {
  const std::string stream = kInvite + "\r\n\r\n" + kBye;
  EXPECT_EQ(run({from_a(0, "", {.syn = true}), from_a(0, stream.substr(0, 9)), ack_of_b(9), from_a(9, stream.substr(9)),
                 from_a(stream.size(), "", {.fin = true})}),
            "2,4" + kEnds + "2 '" + kInvite + "'\n4" + kEnds + "4 '" + kBye + "'\n");
}

TEST(Unwrapper, SortsStreams) {
  const std::string stream = kInvite + kBye;
  const std::size_t n = stream.size();
  const std::string said = "'" + kInvite + "'\n";
  // Twice, overlapping, before its turn: the message is the same, and so are the octets that came first.
  std::string changed = stream.substr(10, 20);
  changed.replace(0, 10, "XXXXXXXXXX");
  EXPECT_EQ(run({from_a(0, "", {.syn = true}), from_a(40, stream.substr(40)), from_a(40, stream.substr(40, 8)),
                 from_a(0, stream.substr(0, 20)), from_a(0, stream.substr(0, 20)), from_a(10, changed),
                 from_a(20, stream.substr(20, 30)), from_a(0, "", {.syn = true})}),
            "4,6,7,2" + kEnds + "4 " + said + "2" + kEnds + "2 '" + kBye + "'\n");
  // The beginning was not captured: messages are found where segments begin with them.
  EXPECT_EQ(run({from_a(0, stream.substr(30, n - kBye.size() - 30)), from_a(n - 30 - kBye.size(), kBye)}),
            "2" + kEnds + "2 '" + kBye + "'\n");
}

TEST(Unwrapper, ReportsGaps) {
  const std::string stream = kInvite + kBye + kBye;
  const std::size_t second = kInvite.size();
  const std::size_t third = second + kBye.size();
  const std::string lost = " lost 10.0.0.7:5060: a gap '" + kInvite.substr(0, 30) + "'\n";
  const std::vector<std::string> frames{from_a(0, "", {.syn = true}), from_a(0, stream.substr(0, 30)),
                                        from_a(second, kBye)};
  const std::string found = "3" + kEnds + "3 '" + kBye + "'\n";
  EXPECT_EQ(run(frames), "3" + lost + found) << "at the end";
  std::vector<std::string> more = frames;
  more.push_back(ack_of_b(third));
  more.push_back(datagram("x"));
  EXPECT_EQ(run(more), "3" + lost + found + "5 10.0.0.7:5060 > 198.51.100.5:5062 +5 'x'\n") << "once acknowledged";
  // A frame that was not captured to its end is a gap, too.
  const std::string cut = from_a(0, kInvite).substr(0, 40 + 30);
  EXPECT_EQ(run({from_a(0, "", {.syn = true}), cut, from_a(second, kBye)}), "2" + lost + found);
}

TEST(Unwrapper, SaysWhatIsWrongWithAStream) {
  const std::string bad = "INVITE sip:b SIP/2.0\r\nTo: b\r\n\r\n";
  EXPECT_EQ(
      run({from_a(0, "", {.syn = true}), from_a(0, bad), from_a(bad.size(), "body"), from_a(bad.size() + 4, kBye)}),
      "2 lost 10.0.0.7:5060: a message on a stream needs Content-Length '" + bad + "'\n4" + kEnds + "4 '" + kBye +
          "'\n");
  EXPECT_EQ(run({from_a(0, "", {.syn = true}), from_a(0, "GET / HTTP/1.1\r\n\r\n"), from_a(18, "\x16\3\1..")}), "");
}

TEST(Unwrapper, PortsAreUsedAgain) {
  EXPECT_EQ(run({from_a(0, "", {.syn = true}), from_a(0, kInvite.substr(0, 30)), from_a(0, "", {.syn = true}, 99),
                 from_a(0, kBye, {}, 99)}),
            "4" + kEnds + "4 '" + kBye + "'\n");
}

TEST(TcpTable, MemoryIsBounded) {
  struct Ignore final : StreamReceiver {
    void stream_message(const StreamEnds&, const StreamMessage&) override { ++messages; }
    void stream_lost(const StreamEnds&, std::optional<sip::FrameProblem>, base::Bytes, std::uint64_t) override {
      ++lost;
    }
    int messages = 0;
    int lost = 0;
  } receiver;
  TcpTable table({.connections = 4, .octets = 3000});
  const auto add = [&](int port, std::uint32_t sequence, TcpFlags flags, const std::string& payload) {
    const std::string frame = ipv4(tcp(port, 5061, sequence, 0, flags, payload), {.protocol = 6});
    Packet packet;
    ASSERT_EQ(decode(LinkType::raw, frame, packet), Decoded::datagram);
    table.add(frame, packet, 1, {}, receiver);
  };
  // Ten connections, each with half a message; of those that were given up, the second half is not understood.
  const std::string message = sip("INVITE", std::string(100, 'x'));
  for (int port = 1; port <= 10; ++port) {
    add(port, 0, {.syn = true}, "");
    add(port, 1, {}, message.substr(0, 50));
  }
  for (int port = 10; port >= 1; --port) add(port, 51, {}, message.substr(50));
  EXPECT_EQ(receiver.messages, 4);
  // One that sends far ahead of a hole: the hole is given up.
  add(99, 0, {.syn = true}, "");
  for (std::uint32_t i = 1; i <= 300; ++i) add(99, 1000 * i, {}, std::string(1000, 'y'));
  add(99, 1000 * 301, {}, sip("BYE"));
  EXPECT_EQ(receiver.messages, 5);
}

TEST(Unwrapper, ReadsALongHeaderSectionThatComesOctetByOctetNotAnewWithEach) {
  const std::string message =
      "INVITE sip:b SIP/2.0\r\nX: " + std::string(150000, 'x') + "\r\nContent-Length: 2\r\n\r\nab";
  std::vector<std::string> frames{from_a(0, "", {.syn = true})};
  for (std::size_t at = 0; at < message.size(); ++at) frames.push_back(from_a(at, message.substr(at, 1)));
  frames.push_back(from_a(message.size(), kBye));
  const std::clock_t before = std::clock();
  const std::string said = run(frames);
  EXPECT_LT((std::clock() - before) / CLOCKS_PER_SEC, 4) << "seconds of the processor; 8 if it were";
  EXPECT_NE(said.find("'" + message + "'"), std::string::npos);
  EXPECT_NE(said.find("'" + kBye + "'"), std::string::npos);
}

RC_GTEST_PROP(Unwrapper, GivesTheSameMessagesForAnySegments, ()) {
  std::string stream;
  const int count = *rc::gen::inRange(1, 5);
  for (int i = 0; i < count; ++i)
    stream += sip("M" + std::to_string(i), *rc::gen::container<std::string>(rc::gen::arbitrary<char>()));
  std::vector<std::string> frames{from_a(0, "", {.syn = true})};
  for (std::size_t at = 0; at < stream.size();) {
    const std::size_t size = *rc::gen::inRange<std::size_t>(1, 40);
    const std::size_t back = *rc::gen::inRange<std::size_t>(0, std::min<std::size_t>(at, 10) + 1);
    frames.push_back(from_a(at - back, stream.substr(at - back, size + back)));
    at += size;
  }
  for (std::size_t i = 2; i < frames.size(); ++i)
    std::swap(frames[i], frames[*rc::gen::inRange<std::size_t>(1, i + 1)]);
  const std::string said = run(frames);
  std::size_t from = 0;
  for (int i = 0; i < count; ++i) {
    const std::size_t at = said.find("'M" + std::to_string(i) + " sip:b SIP/2.0", from);
    RC_ASSERT(at != std::string::npos);
    from = at + 1;
  }
  RC_ASSERT(said.find(" lost ") == std::string::npos);
}

}  // namespace
}  // namespace viaduct::capture
