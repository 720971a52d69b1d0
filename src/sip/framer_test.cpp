// SPDX-License-Identifier: GPL-2.0-or-later
#include "sip/framer.hpp"

#include "support/guarded.hpp"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <string>
#include <vector>

namespace viaduct::sip {
namespace {

std::string message(const std::string& body, const std::string& extra = "") {
  return "INVITE sip:bob@example.com SIP/2.0\r\nVia: SIP/2.0/TCP 192.0.2.1\r\n" + extra +
         "Content-Length: " + std::to_string(body.size()) + "\r\n\r\n" + body;
}

/// One frame as text: what it is, and how long or where.
std::string show(const Frame& frame) {
  constexpr const char* kKinds[] = {"message", "ping", "pong"};
  switch (frame.outcome) {
    case FrameOutcome::complete:
      return std::string(kKinds[static_cast<int>(frame.kind)]) + " " + std::to_string(frame.consumed);
    case FrameOutcome::need_more:
      return "need " + std::to_string(frame.at_least);
    case FrameOutcome::invalid:
      break;
  }
  return "invalid " + std::to_string(static_cast<int>(frame.problem)) + " at " + std::to_string(frame.offset);
}

std::string bad(FrameProblem problem, std::size_t offset) {
  return "invalid " + std::to_string(static_cast<int>(problem)) + " at " + std::to_string(offset);
}

TEST(Framer, CutsAMessageByContentLength) {
  const std::string whole = message("v=0\r\n");
  EXPECT_EQ(show(next_frame(whole)), "message " + std::to_string(whole.size()));
  EXPECT_EQ(show(next_frame(whole + "OPTIONS")), "message " + std::to_string(whole.size()));
  EXPECT_EQ(show(next_frame(message(""))), "message " + std::to_string(message("").size()));
}

TEST(Framer, ReadsContentLengthInEverySpelling) {
  for (const std::string header :
       {"Content-Length: 4", "content-length:4", "CONTENT-LENGTH \t:  4  ", "l: 4", "L:4", "Content-Length:\r\n 4",
        "Content-Length: 0004", "Content-Length: 4\r\nl: 4", "Subject: a\r\n Content-Length: 9\r\nContent-Length: 4"}) {
    const std::string whole = "BYE sip:a@b SIP/2.0\r\n" + header + "\r\n\r\n";
    EXPECT_EQ(show(next_frame(whole + "bodyNEXT")), "message " + std::to_string(whole.size() + 4)) << header;
    EXPECT_EQ(show(next_frame(whole + "bo")), "need " + std::to_string(whole.size() + 4)) << header;
  }
}

TEST(Framer, TheBodyIsNotLookedAt) {
  const std::string body("\r\n\r\n\n\0Content-Length: 9\r\n\r\n", 27);
  EXPECT_EQ(show(next_frame(message(body))), "message " + std::to_string(message(body).size()));
}

TEST(Framer, KeepAlives) {
  EXPECT_EQ(show(next_frame("")), "need 1");
  EXPECT_EQ(show(next_frame("\r")), "need 2");
  EXPECT_EQ(show(next_frame("\r\n")), "pong 2");
  EXPECT_EQ(show(next_frame("\r\n\r")), "need 4");
  EXPECT_EQ(show(next_frame("\r\n\r\n")), "ping 4");
  EXPECT_EQ(show(next_frame("\r\n\r\n\r\n")), "ping 4");
  EXPECT_EQ(show(next_frame("\r\nINVITE")), "pong 2");
  EXPECT_EQ(show(next_frame("\rX")), bad(FrameProblem::bare_line_end, 0));
  EXPECT_EQ(show(next_frame("\r\n\rX")), "pong 2");
  EXPECT_EQ(show(next_frame("\n")), bad(FrameProblem::bare_line_end, 0));
}

TEST(Framer, StartLines) {
  const std::string rest = "\r\nl: 0\r\n\r\n";
  for (const std::string line : {"SIP/2.0 200 OK", "SIP/2.0 100 ", "sip/2.0 200 OK", "SIP/7.0 200 OK",
                                 "INVITE sip:a@b SIP/2.0", "X-.!%*_+`'~ a SIP/2.0", "INVITE  sip:a@b  sip/2.0  "})
    EXPECT_EQ(show(next_frame(line + rest)), "message " + std::to_string(line.size() + rest.size())) << line;
  for (const std::string line : {"GET / HTTP/1.1", "INVITE sip:a@b SIP/2.", "INVITE sip:a@b SIP/.0", "SIP/2.0",
                                 "SIP/2.0200 OK", "INVITE sip:a@b", "INVITE sip:a@b SIP/2.0x", "X", "{\"json\": 1}"})
    EXPECT_EQ(show(next_frame(line + rest)), bad(FrameProblem::not_sip, 0)) << line;
  EXPECT_EQ(show(next_frame("\x16\x03\x01")), bad(FrameProblem::not_sip, 0));
  EXPECT_EQ(show(next_frame(" INVITE")), bad(FrameProblem::not_sip, 0));
  EXPECT_EQ(show(next_frame("INV\x01TE")), bad(FrameProblem::control_octet, 3));
}

TEST(Framer, WhereBordersAreNotCertainItStops) {
  EXPECT_EQ(show(next_frame("BYE sip:a SIP/2.0\nl: 0\n\n")), bad(FrameProblem::bare_line_end, 17));
  EXPECT_EQ(show(next_frame("BYE sip:a SIP/2.0\r\nl: 0\n\r\n\r\n")), bad(FrameProblem::bare_line_end, 23));
  EXPECT_EQ(show(next_frame("BYE sip:a SIP/2.0\r\nX: \rl: 0\r\n\r\n")), bad(FrameProblem::bare_line_end, 22));
  EXPECT_EQ(show(next_frame(base::Bytes("BYE sip:a SIP/2.0\r\nX: \0", 23))), bad(FrameProblem::control_octet, 22));
  EXPECT_EQ(show(next_frame("BYE sip:a SIP/2.0\r\nX: 1\r\n\r\n")), bad(FrameProblem::missing_content_length, 27));
  EXPECT_EQ(show(next_frame("BYE sip:a SIP/2.0\r\n\r\n")), bad(FrameProblem::missing_content_length, 21));
  for (const std::string value : {"", "-1", "+1", "0x1", "1 1", "1,1", "one", "1\r\n 1"})
    EXPECT_EQ(show(next_frame("BYE sip:a SIP/2.0\r\nl:" + value + "\r\n\r\n")),
              bad(FrameProblem::bad_content_length, 21))
        << value;
  EXPECT_EQ(show(next_frame("BYE sip:a SIP/2.0\r\nl:1\r\nl:2\r\n\r\n")),
            bad(FrameProblem::conflicting_content_length, 26));
}

TEST(Framer, NeverWaitsForMoreThanTheLimit) {
  const std::string head = "BYE sip:a SIP/2.0\r\nl: ";
  EXPECT_EQ(show(next_frame(head + "68\r\n\r\n", 96)), "need 96");
  EXPECT_EQ(show(next_frame(head + "69\r\n\r\n", 96)), bad(FrameProblem::too_large, 22));
  EXPECT_EQ(show(next_frame(head + "99999999999999999999999999\r\n\r\n")), bad(FrameProblem::too_large, 22));
  const std::string endless = "BYE sip:a SIP/2.0\r\nSubject: " + std::string(200, 'x');
  EXPECT_EQ(show(next_frame(endless.substr(0, 99), 100)), "need 100");
  EXPECT_EQ(show(next_frame(endless.substr(0, 100), 100)), bad(FrameProblem::too_large, 100));
  EXPECT_EQ(show(next_frame(endless, 100)), bad(FrameProblem::too_large, 100));
  EXPECT_EQ(show(next_frame(std::string(100, 'x'), 100)), bad(FrameProblem::too_large, 100));
}

TEST(Framer, ReadsNothingOutsideTheBuffer) {
  const std::string whole = "\r\n" + message("v=0\r\n", "Subject: fold\r\n ed\r\nl : 5\r\n");
  for (std::size_t from : {std::size_t{0}, std::size_t{2}})
    for (std::size_t size = 0; size <= whole.size() - from; ++size) {
      test::Guarded guarded(base::Bytes(whole).substr(from, size));
      EXPECT_EQ(show(next_frame(guarded.at_end())), show(next_frame(guarded.at_begin())));
    }
}

TEST(Framer, EveryProblemHasText) {
  for (int i = 0; i <= static_cast<int>(FrameProblem::too_large); ++i)
    EXPECT_NE(text(static_cast<FrameProblem>(i)), "no problem") << i;
}

// --- properties -----------------------------------------------------------------------------------------------

/// What came out of a stream: its messages, the number of keep-alive CRLFs in a row before each, and how it ended.
struct Heard {
  std::vector<std::string> frames;
  std::string end;
  friend bool operator==(const Heard&, const Heard&) = default;
};

/// Feeds a stream in pieces, as a socket would, and takes each frame off as soon as it is complete.
Heard hear(const std::string& stream, const std::vector<std::size_t>& pieces) {
  Heard heard;
  std::string unread;
  std::size_t fed = 0;
  std::size_t crlfs = 0;
  for (std::size_t turn = 0; fed < stream.size(); ++turn) {
    const std::size_t size = turn < pieces.size() ? pieces[turn] : stream.size() - fed;
    unread += stream.substr(fed, size);
    fed += std::min(size, stream.size() - fed);
    for (Frame f = next_frame(unread); f.outcome != FrameOutcome::need_more; f = next_frame(unread)) {
      if (f.outcome == FrameOutcome::invalid) {
        heard.end = show(f);
        return heard;
      }
      if (f.kind == FrameKind::message) {
        heard.frames.push_back(std::to_string(crlfs) + unread.substr(0, f.consumed));
        crlfs = 0;
      } else {
        crlfs += f.consumed / 2;
      }
      unread.erase(0, f.consumed);
    }
  }
  for (; unread.starts_with("\r\n"); unread.erase(0, 2)) ++crlfs;  // half of what may become a ping
  heard.end = "left " + std::to_string(crlfs) + unread;
  return heard;
}

std::string any_stream() {
  std::string stream;
  const int count = *rc::gen::inRange(1, 5);
  for (int i = 0; i < count; ++i) {
    for (int n = *rc::gen::inRange(0, 5); n > 0; --n) stream += "\r\n";
    const std::string body = *rc::gen::container<std::string>(rc::gen::element('\r', '\n', 'v', '=', ' ', '\0'));
    stream += message(
        body, *rc::gen::element<std::string>("", "Subject: a\r\n b\r\n", "X-Long: " + std::string(90, 'x') + "\r\n"));
  }
  return stream + *rc::gen::element<std::string>("", "\r\n", "\r\n\r", "\r\n\rX", "BYE sip:a SIP/2.0\r\nX: 1\r\n\r\n",
                                                 "\n", "INVITE");
}

RC_GTEST_PROP(Framer, GivesTheSameMessagesForAnySplit, ()) {
  const std::string stream = any_stream();
  const Heard whole = hear(stream, {});
  RC_ASSERT(hear(stream, *rc::gen::container<std::vector<std::size_t>>(rc::gen::inRange<std::size_t>(1, 60))) == whole);
  RC_ASSERT(hear(stream, std::vector<std::size_t>(stream.size(), 1)) == whole);
  const std::size_t cut = *rc::gen::inRange<std::size_t>(1, stream.size() + 1);
  RC_ASSERT(hear(stream, {cut}) == whole);
}

RC_GTEST_PROP(Framer, NeedsExactlyWhatItSays, ()) {
  const std::string whole = message(*rc::gen::container<std::string>(rc::gen::arbitrary<char>()));
  const std::size_t had = *rc::gen::inRange<std::size_t>(0, whole.size());
  const Frame frame = next_frame(base::Bytes(whole).substr(0, had));
  RC_ASSERT(frame.outcome == FrameOutcome::need_more);
  RC_ASSERT(frame.at_least > had && frame.at_least <= whole.size());
  RC_ASSERT(frame.consumed == 0U);
}

}  // namespace
}  // namespace viaduct::sip
