// SPDX-License-Identifier: GPL-2.0-or-later
#include "sip/message.hpp"

#include "sip/outcome_test.hpp"

#include <gtest/gtest.h>

#include <string>
#include <vector>

namespace viaduct::sip {
namespace {

const char* framing_name(Framing framing) {
  static constexpr const char* kNames[] = {"absent", "exact", "trailing", "too_short", "invalid"};
  return kNames[static_cast<std::size_t>(framing)];
}

/// A message line by line: start line, one line a header, then the body.
std::string described(Bytes text) {
  const Result<Message> message = parse(text);
  if (!message) return outcome(message.error());
  const Message& m = *message;
  std::string out = Outcome(text)
                        .flag(m.is_request() ? "request" : "response", true)
                        .part("method", m.method_text())
                        .number("method", static_cast<std::uint64_t>(m.method()))
                        .part("uri", m.request_uri())
                        .number("status", m.status())
                        .part("reason", m.reason())
                        .part("version", m.version())
                        .flag("other-version", !m.is_version_2())
                        .text() +
                    "\n";
  for (const Header& h : m.headers())
    out += Outcome(text)
               .flag(h.id == HeaderId::other ? "other" : std::string(header_name(h.id)).c_str(), true)
               .part("name", h.name())
               .part("value", h.value())
               .flag("folded", h.folded)
               .text() +
           "\n";
  return out + std::string(m.has_empty_line() ? "" : "no empty line, ") + framing_name(m.framing()) + " body{" +
         std::string(m.text(m.body())) + "}";
}

TEST(Message, Request) {
  EXPECT_EQ(described("INVITE sip:bob@example.com SIP/2.0\r\n"
                      "Via: SIP/2.0/UDP pc33.example.com;branch=z9hG4bK776\r\n"
                      "Max-Forwards: 70\r\n"
                      "Subject:\r\n"
                      "X-Mine: a: b\r\n"
                      "Content-Length: 4\r\n"
                      "\r\n"
                      "v=0\n"),
            "request method{INVITE} method=1 uri{sip:bob@example.com} version{SIP/2.0}\n"
            "Via name{Via} value{SIP/2.0/UDP pc33.example.com;branch=z9hG4bK776}\n"
            "Max-Forwards name{Max-Forwards} value{70}\n"
            "Subject name{Subject} value{}\n"
            "other name{X-Mine} value{a: b}\n"
            "Content-Length name{Content-Length} value{4}\n"
            "exact body{v=0\n}");
}

TEST(Message, Response) {
  EXPECT_EQ(described("SIP/2.0 404 Not  here \r\nv: x\r\nContent-Length: 0\r\n\r\n"),
            "response status=404 reason{Not  here } version{SIP/2.0}\n"
            "Via name{v} value{x}\n"
            "Content-Length name{Content-Length} value{0}\n"
            "exact body{}");
  EXPECT_EQ(described("SIP/2.0 100 \r\n\r\n"), "response status=100 reason{} version{SIP/2.0}\nabsent body{}");
  EXPECT_EQ(described("SIP/2.0 699\r\n\r\n"), "response status=699 reason{} version{SIP/2.0}\nabsent body{}");
}

TEST(Message, OddSpellingOfHeaders) {
  EXPECT_EQ(described("ACK sip:a SIP/2.0\r\n"
                      "TO :\r\n"
                      " sip:b ;   tag    = 1\r\n"
                      "\ttail  \r\n"
                      "cAlL-iD\t \t:\t one two \t\r\n"
                      "s :\r\n"
                      "P-ASSERTED-identity:<sip:a>\r\n"
                      "Content-Transfer-Encoding:  binary\r\n"
                      "l :  2\r\n"
                      "\r\n"
                      "ab"),
            "request method{ACK} method=2 uri{sip:a} version{SIP/2.0}\n"
            "To name{TO} value{sip:b ;   tag    = 1\r\n\ttail} folded\n"
            "Call-ID name{cAlL-iD} value{one two}\n"
            "Subject name{s} value{}\n"
            "P-Asserted-Identity name{P-ASSERTED-identity} value{<sip:a>}\n"
            "Content-Transfer-Encoding name{Content-Transfer-Encoding} value{binary}\n"
            "Content-Length name{l} value{2}\n"
            "exact body{ab}");
}

// Folded means that a line end stands inside the value, not that one stood before or behind it.
TEST(Message, FoldsAtTheEndsOfAValueAreBlanks) {
  EXPECT_EQ(described("ACK sip:a SIP/2.0\r\nTo:\r\n\ta\r\n \r\nFrom: b\r\n c\r\n  \r\n\r\n"),
            "request method{ACK} method=2 uri{sip:a} version{SIP/2.0}\n"
            "To name{To} value{a}\n"
            "From name{From} value{b\r\n c} folded\n"
            "absent body{}");
}

TEST(Message, AnyMixOfLineEnds) {
  const std::string expected =
      "request method{BYE} method=3 uri{sip:a} version{SIP/2.0}\n"
      "To name{To} value{b}\n"
      "From name{From} value{c}\n"
      "absent body{\rbody\n}";
  EXPECT_EQ(described("BYE sip:a SIP/2.0\r\nTo: b\r\nFrom: c\r\n\r\n\rbody\n"), expected);
  EXPECT_EQ(described("BYE sip:a SIP/2.0\nTo: b\nFrom: c\n\n\rbody\n"), expected);
  EXPECT_EQ(described("BYE sip:a SIP/2.0\rTo: b\rFrom: c\r\r\rbody\n"), expected);
  EXPECT_EQ(described("\r\n\n\rBYE sip:a SIP/2.0\nTo: b\rFrom: c\r\n\n\rbody\n"), expected);
}

TEST(Message, HeaderSectionEndsWhereTheBodyBegins) {
  const std::string text = "\r\nBYE sip:a SIP/2.0\r\nTo: b\r\n\r\nTo: not a header\r\n";
  const Result<Message> message = parse(text);
  ASSERT_TRUE(message);
  EXPECT_EQ(message->text(message->start_line()), "BYE sip:a SIP/2.0");
  EXPECT_EQ(message->text(message->header_section()), "To: b\r\n");
  EXPECT_EQ(message->text(message->body()), "To: not a header\r\n");
  EXPECT_EQ(message->bytes().data(), text.data());
  EXPECT_EQ(message->headers().size(), 1U);
}

TEST(Message, WithoutAnEmptyLineItIsAllHeaders) {
  EXPECT_EQ(
      described("BYE sip:a SIP/2.0\r\nTo: b\r\n"),
      "request method{BYE} method=3 uri{sip:a} version{SIP/2.0}\nTo name{To} value{b}\nno empty line, absent body{}");
  EXPECT_EQ(
      described("BYE sip:a SIP/2.0\r\nTo: b"),
      "request method{BYE} method=3 uri{sip:a} version{SIP/2.0}\nTo name{To} value{b}\nno empty line, absent body{}");
  EXPECT_EQ(described("BYE sip:a SIP/2.0"),
            "request method{BYE} method=3 uri{sip:a} version{SIP/2.0}\nno empty line, absent body{}");
}

TEST(Message, StartLineAsItCame) {
  EXPECT_EQ(described("NEWMETHOD\t <sip:a b>  sip/2.0 \t\r\n\r\n"),
            "request method{NEWMETHOD} method=15 uri{<sip:a b>} version{sip/2.0}\nabsent body{}");
  EXPECT_EQ(described("INVITE tel:+1 SIP/7.0\r\n\r\n"),
            "request method{INVITE} method=1 uri{tel:+1} version{SIP/7.0} other-version\nabsent body{}");
  EXPECT_EQ(described("invite sip:a SIP/2.0\r\n\r\n"),
            "request method{invite} method=15 uri{sip:a} version{SIP/2.0}\nabsent body{}");
}

TEST(Message, FramingByContentLength) {
  const auto framed = [](const char* header, const char* body) {
    const std::string text = std::string("BYE sip:a SIP/2.0\r\n") + header + "\r\n\r\n" + body;
    const Result<Message> m = parse(text);
    return m ? std::string(framing_name(m->framing())) + " " + std::string(m->text(m->body())) : outcome(m.error());
  };
  EXPECT_EQ(framed("X: 1", "abc"), "absent abc");
  EXPECT_EQ(framed("Content-Length: 3", "abc"), "exact abc");
  EXPECT_EQ(framed("l: 003", "abc"), "exact abc");
  EXPECT_EQ(framed("Content-Length: 2", "abc"), "trailing ab");
  EXPECT_EQ(framed("Content-Length: 0", "abc"), "trailing ");
  EXPECT_EQ(framed("Content-Length: 4", "abc"), "too_short abc");
  EXPECT_EQ(framed("Content-Length: 18446744073709551619", "abc"), "too_short abc");
  EXPECT_EQ(framed("Content-Length: -3", "abc"), "invalid abc");
  EXPECT_EQ(framed("Content-Length:", "abc"), "invalid abc");
  EXPECT_EQ(framed("Content-Length: 3 3", "abc"), "invalid abc");
  EXPECT_EQ(framed("Content-Length: 3\r\nl: 2", "abc"), "invalid abc");
}

TEST(Message, ErrorsHaveTheirPlace) {
  const std::vector<std::pair<std::string, std::string>> cases = {
      {"", "empty@0"},
      {"\r\n\r\n", "empty@0"},
      {"\n", "empty@0"},
      {"hello", "not_sip@5"},
      {"GET / HTTP/1.1\r\n\r\n", "not_sip@6"},
      {"HTTP/1.1 200 OK\r\n\r\n", "not_sip@0"},
      {"INVITE sip:a\r\n\r\n", "not_sip@7"},
      {"INVITE SIP/2.0\r\n\r\n", "not_sip@6"},
      {" INVITE sip:a SIP/2.0\r\n\r\n", "not_sip@0"},
      {"IN(ITE sip:a SIP/2.0\r\n\r\n", "not_sip@0"},
      {"INVITE sip:a SIP/2.x\r\n\r\n", "not_sip@13"},
      {"SIP/2.0\r\n\r\n", "bad_status_code@7"},
      {"SIP/2.0 2000 OK\r\n\r\n", "bad_status_code@8"},
      {"SIP/2.0 4294967301 better not\r\n\r\n", "bad_status_code@8"},
      {"SIP/2.0 099 Low\r\n\r\n", "bad_status_code@8"},
      {"SIP/2.0 700 High\r\n\r\n", "bad_status_code@8"},
      {"SIP/x 200 OK\r\n\r\n", "not_sip@0"},
      {"\r\nBYE sip:a SIP/2.0\r\n folded: x\r\n\r\n", "stray_continuation@21"},
      {"BYE sip:a SIP/2.0\r\nTo b\r\n\r\n", "no_colon@19"},
      {"BYE sip:a SIP/2.0\r\nTo\r\n : b\r\n\r\n", "no_colon@19"},
      {"BYE sip:a SIP/2.0\r\nT o: b\r\n\r\n", "bad_header_name@20"},
      {"BYE sip:a SIP/2.0\r\n: b\r\n\r\n", "bad_header_name@19"},
      {"BYE sip:a SIP/2.0\r\nA: b\r\n(c): b\r\n\r\n", "bad_header_name@25"},
  };
  for (const auto& [text, expected] : cases) EXPECT_EQ(described(text), expected) << text;
}

TEST(Message, HeadersUpToTheCapacity) {
  std::string text = "BYE sip:a SIP/2.0\r\n";
  for (std::size_t i = 0; i < Message::kMaxHeaders; ++i) text += "Via: " + std::to_string(i) + "\r\n";
  const std::string full = text + "\r\nbody";
  const Result<Message> message = parse(full);
  ASSERT_TRUE(message);
  EXPECT_EQ(message->headers().size(), 128U);
  EXPECT_EQ(message->text(message->body()), "body");
  std::size_t seen = 0;
  for (const Header* h = message->find(HeaderId::via); h != nullptr; h = message->next(*h))
    EXPECT_EQ(message->text(h->value()), std::to_string(seen++));
  EXPECT_EQ(seen, 128U);
  EXPECT_EQ(described(text + "Via: one more\r\n\r\n"), "too_many_headers@" + std::to_string(text.size()));
}

TEST(Message, NamesUpToTheirLimit) {
  const std::string longest(0xffff, 'n');
  EXPECT_EQ(
      described("BYE sip:a SIP/2.0\r\n" + longest + ": x\r\n\r\n"),
      "request method{BYE} method=3 uri{sip:a} version{SIP/2.0}\nother name{" + longest + "} value{x}\nabsent body{}");
  EXPECT_EQ(described("BYE sip:a SIP/2.0\r\nn" + longest + ": x\r\n\r\n").substr(0, 16), "bad_header_name@");
}

TEST(Message, FindsByIdAndByName) {
  const std::string text = "BYE sip:a SIP/2.0\r\nv: 1\r\nX-Mine: 2\r\nVIA: 3\r\nx-mine: 4\r\nTo: 5\r\n\r\n";
  const Result<Message> m = parse(text);
  ASSERT_TRUE(m);
  const Header* const via = m->find(HeaderId::via);
  ASSERT_NE(via, nullptr);
  EXPECT_EQ(m->text(via->value()), "1");
  ASSERT_NE(m->next(*via), nullptr);
  EXPECT_EQ(m->text(m->next(*via)->value()), "3");
  EXPECT_EQ(m->next(*m->next(*via)), nullptr);
  EXPECT_EQ(m->find(HeaderId::from), nullptr);
  ASSERT_NE(m->find_name("X-MINE"), nullptr);
  EXPECT_EQ(m->text(m->find_name("X-MINE")->value()), "2");
  EXPECT_EQ(m->find_name("X-Min"), nullptr);
}

TEST(Message, IsAValueThatCanBeCopied) {
  const std::string text = "BYE sip:a SIP/2.0\r\nTo: b\r\n\r\n";
  const Message copy = *parse(text);
  EXPECT_EQ(copy.text(copy.find(HeaderId::to)->value()), "b");
  EXPECT_LE(sizeof(Message), 2400U);
}

TEST(Message, MethodsOfTokens) {
  const std::pair<Bytes, Method> methods[] = {
      {"INVITE", Method::invite},
      {"ACK", Method::ack},
      {"BYE", Method::bye},
      {"CANCEL", Method::cancel},
      {"REGISTER", Method::register_},
      {"OPTIONS", Method::options},
      {"PRACK", Method::prack},
      {"SUBSCRIBE", Method::subscribe},
      {"NOTIFY", Method::notify},
      {"PUBLISH", Method::publish},
      {"INFO", Method::info},
      {"REFER", Method::refer},
      {"MESSAGE", Method::message},
      {"UPDATE", Method::update},
  };
  for (const auto& [token, method] : methods) {
    EXPECT_EQ(name(method), token);
    EXPECT_EQ(method_of(token), method) << token;
    std::string other(token);
    other.back() = 'x';
    EXPECT_EQ(method_of(other), Method::other) << other;
    EXPECT_EQ(method_of(std::string(token) + "S"), Method::other);
  }
  EXPECT_EQ(method_of(""), Method::other);
}

}  // namespace
}  // namespace viaduct::sip
