// SPDX-License-Identifier: GPL-2.0-or-later
#include "sip/body.hpp"

#include "sip/message.hpp"
#include "support/guarded.hpp"

#include <gtest/gtest.h>

#include <string>

namespace viaduct::sip {
namespace {

std::string message(const std::string& headers, const std::string& body) {
  return "INVITE sip:bob@example.com SIP/2.0\r\n" + headers + "Content-Length: " + std::to_string(body.size()) +
         "\r\n\r\n" + body;
}

std::string show(Bytes buffer, Range range) {
  return range.present() ? "'" + std::string(range.of(buffer)) + "'" : "-";
}

/// All bodies, one a line: depth, type, content, bar, whether a boundary ends it.
std::string bodies(Bytes buffer) {
  const Result<Message> parsed = parse(buffer);
  EXPECT_TRUE(parsed);
  if (!parsed) return "no message";
  std::string out;
  BodyParts parts(*parsed);
  while (std::optional<BodyPart> part = parts.next()) {
    out += std::to_string(part->depth) + " " + show(buffer, part->type.type) + "/" + show(buffer, part->type.subtype) +
           " " + show(buffer, part->content);
    if (part->bar != BodyBar::none) out += " BAR " + std::string(text(part->bar));
    out += part->closed ? "\n" : " OPEN\n";
  }
  return out;
}

TEST(Body, ASingleBodyIsItself) {
  EXPECT_EQ(bodies(message("Content-Type: application/sdp\r\n", "v=0\r\n")), "0 'application'/'sdp' 'v=0\r\n'\n");
  EXPECT_EQ(bodies(message("c:application/SDP ; charset=utf-8\r\n", "v=0\r\n")), "0 'application'/'SDP' 'v=0\r\n'\n");
  EXPECT_EQ(bodies(message("", "v=0\r\n")), "0 -/- 'v=0\r\n'\n");
  EXPECT_EQ(bodies(message("Content-Type: application/sdp\r\n", "")), "");
}

const std::string kMixed = "Content-Type: multipart/mixed;boundary=\"unique-1\"\r\n";

TEST(Body, WalksTheParts) {
  const std::string text = message(kMixed,
                                   "This is a preamble, --unique-1 is not a delimiter here\r\n"
                                   "--unique-1\r\n"
                                   "Content-Type: application/sdp\r\n"
                                   "Content-Disposition: session;handling=required\r\n"
                                   "Content-ID: <1@example.com>\r\n"
                                   "Content-Length: 10\r\n"
                                   "\r\n"
                                   "v=0\r\ns=-\r\n"
                                   "\r\n--unique-1  \t\r\n"
                                   "c: application/isup ;\r\n version=nxv3\r\n"
                                   "\r\n"
                                   "\x01\x02--unique-1\r\n--unique-12\r\n"
                                   "\r\n--unique-1\r\n"
                                   "\r\n"
                                   "plain text"
                                   "\r\n--unique-1--\r\n"
                                   "an epilogue\r\n--unique-1\r\n\r\nis over");
  EXPECT_EQ(bodies(text),
            "1 'application'/'sdp' 'v=0\r\ns=-\r\n'\n"
            "1 'application'/'isup' '\x01\x02--unique-1\r\n--unique-12\r\n'\n"
            "1 -/- 'plain text'\n");
  const Result<Message> parsed = parse(text);
  const std::optional<BodyPart> sdp = find_sdp(*parsed);
  ASSERT_TRUE(sdp);
  EXPECT_EQ(sdp->content_disposition.of(text), "session;handling=required");
  EXPECT_EQ(sdp->content_id.of(text), "<1@example.com>");
  EXPECT_EQ(sdp->content_length.of(text), "10");
  EXPECT_TRUE(sdp->headers.of(text).starts_with("Content-Type: application/sdp\r\n"));
  EXPECT_TRUE(sdp->headers.of(text).ends_with("\r\n\r\n"));
}

TEST(Body, ABoundaryNeedsNoQuotesAndNoFinalDelimiter) {
  const std::string text =
      message("Content-Type: multipart/alternative; x=y; BOUNDARY=b\r\n",
              "--b\r\nContent-Type: text/plain\r\n\r\none\r\n--b\r\nContent-Type: application/sdp\r\n\r\nv=0\r\n");
  EXPECT_EQ(bodies(text), "1 'text'/'plain' 'one'\n1 'application'/'sdp' 'v=0\r\n' OPEN\n");
  EXPECT_EQ(bodies(message("Content-Type: multipart/mixed;boundary=b\r\n", "--b\r\n\r\none\r\n--b\r\n")),
            "1 -/- 'one'\n");
  EXPECT_EQ(bodies(message("Content-Type: multipart/mixed;boundary=b\r\n", "--b--\r\n")), "");
}

TEST(Body, LineEndsMayBeBare) {
  EXPECT_EQ(
      bodies(message("Content-Type: multipart/mixed;boundary=b\r\n",
                     "--b\nContent-Type: application/sdp\n\nv=0\n\n--b\nContent-Type: text/plain\n\ntwo\n--b--\n")),
      "1 'application'/'sdp' 'v=0\n'\n1 'text'/'plain' 'two'\n");
}

TEST(Body, PartsMayBeEmpty) {
  EXPECT_EQ(bodies(message(
                "Content-Type: multipart/mixed;boundary=b\r\n",
                "--b\r\n--b\r\n\r\n--b\r\nContent-Type: application/sdp\r\n\r\n--b\r\nX: 1\r\n--b\r\n\r\n\r\n--b--")),
            "1 -/- ''\n1 -/- ''\n1 'application'/'sdp' ''\n1 -/- ''\n1 -/- ''\n");
}

TEST(Body, PartsMayBeMultipartThemselves) {
  const std::string inner =
      "Content-Type: multipart/alternative;boundary=in\r\n\r\n"
      "--in\r\nContent-Type: text/plain\r\n\r\na\r\n"
      "--in\r\nContent-Type: application/sdp\r\n\r\nv=0\r\n";  // no final delimiter: the outer one ends it
  const std::string text =
      message("Content-Type: multipart/mixed;boundary=out\r\n",
              "--out\r\n" + inner + "\r\n--out\r\nContent-Type: text/html\r\n\r\nb\r\n--out--\r\n");
  EXPECT_EQ(bodies(text),
            "2 'text'/'plain' 'a'\n"
            "2 'application'/'sdp' 'v=0\r\n' OPEN\n"
            "1 'text'/'html' 'b'\n");
  const Result<Message> parsed = parse(text);
  EXPECT_EQ(find_sdp(*parsed)->content.of(text), "v=0\r\n");
}

TEST(Body, DepthIsBounded) {
  std::string body = "Content-Type: text/plain\r\n\r\ndeep";
  for (int i = 0; i < 20; ++i) {
    const std::string b = "b" + std::to_string(i);
    std::string head = "Content-Type: multipart/mixed;boundary=";
    head.append(b).append("\r\n\r\n--").append(b).append("\r\n");
    body.insert(0, head).append("\r\n--").append(b).append("--");
  }
  const std::size_t split = body.find("\r\n\r\n");
  const std::string text = message(body.substr(0, split + 2), body.substr(split + 4));
  const std::string seen = bodies(text);
  EXPECT_TRUE(seen.starts_with("6 'multipart'/'mixed' '--b13\r\n")) << seen;
  EXPECT_EQ(seen.find("\n1 "), std::string::npos);
}

TEST(Body, WhatIsNotMultipartIsOnePart) {
  for (const std::string type : {"multipart/mixed", "multipart/mixed;boundary=", "multipart/mixed;boundary=\"\"",
                                 "multipart/mixed;boundary=other"}) {
    const std::string text = message("Content-Type: " + type + "\r\n", "--b\r\n\r\nx\r\n--b--\r\n");
    EXPECT_EQ(bodies(text), "0 'multipart'/'mixed' '--b\r\n\r\nx\r\n--b--\r\n'\n") << type;
  }
  const std::string wide(200, 'w');
  EXPECT_TRUE(bodies(message("Content-Type: multipart/mixed;boundary=" + wide + "\r\n", "--" + wide + "\r\n\r\nx"))
                  .starts_with("0 "));
}

TEST(Body, CodingsBarEdits) {
  const std::string coded = " BAR the body is compressed or coded (Content-Encoding)\n";
  const std::string transfer = " BAR the body is coded for transfer (Content-Transfer-Encoding)\n";
  const std::string type = "Content-Type: application/sdp\r\n";
  EXPECT_EQ(bodies(message(type + "Content-Encoding: gzip\r\n", "x")), "0 'application'/'sdp' 'x'" + coded);
  EXPECT_EQ(bodies(message(type + "e: deflate\r\n", "x")), "0 'application'/'sdp' 'x'" + coded);
  EXPECT_EQ(bodies(message(type + "Content-Encoding: identity\r\n", "x")), "0 'application'/'sdp' 'x'\n");
  EXPECT_EQ(bodies(message(type + "Content-Transfer-Encoding: base64\r\n", "x")),
            "0 'application'/'sdp' 'x'" + transfer);
  EXPECT_EQ(bodies(message("Content-Encoding: gzip\r\nContent-Type: multipart/mixed;boundary=b\r\n",
                           "--b\r\n\r\nx\r\n--b--")),
            "0 'multipart'/'mixed' '--b\r\n\r\nx\r\n--b--'" + coded);
  EXPECT_EQ(
      bodies(message("Content-Type: multipart/mixed;boundary=b\r\n",
                     "--b\r\nContent-Type: application/sdp\r\nContent-Transfer-Encoding: quoted-printable\r\n\r\nx\r\n"
                     "--b\r\nContent-Type: application/sdp\r\nContent-Transfer-Encoding: 8bit\r\n\r\ny\r\n--b--")),
      "1 'application'/'sdp' 'x'" + transfer + "1 'application'/'sdp' 'y'\n");
}

TEST(Body, SignaturesBarEdits) {
  const std::string body =
      "--b\r\nContent-Type: application/sdp\r\n\r\nv=0\r\n--b\r\nContent-Type: "
      "application/pkcs7-signature\r\n\r\ns\r\n--b--";
  EXPECT_EQ(bodies(message("Content-Type: multipart/signed;protocol=\"x\";boundary=b\r\n", body)),
            "1 'application'/'sdp' 'v=0' BAR the body is signed (S/MIME)\n"
            "1 'application'/'pkcs7-signature' 's' BAR the body is signed (S/MIME)\n");
  EXPECT_EQ(bodies(message("Content-Type: multipart/encrypted;boundary=b\r\n", "--b\r\n\r\nx\r\n--b--")),
            "1 -/- 'x' BAR the body is encrypted (S/MIME)\n");
  EXPECT_EQ(bodies(message("Content-Type: application/pkcs7-mime; smime-type=enveloped-data\r\n", "x")),
            "0 'application'/'pkcs7-mime' 'x' BAR the body is encrypted (S/MIME)\n");
  const std::string inside = "--o\r\nContent-Type: multipart/mixed;boundary=b\r\n\r\n--b\r\n\r\nx\r\n--b--\r\n--o--";
  EXPECT_EQ(bodies(message("Content-Type: multipart/signed;boundary=o\r\n", inside)),
            "2 -/- 'x' BAR the body is signed (S/MIME)\n");
}

TEST(Body, ATruncatedBodyIsBarred) {
  const std::string text = "BYE sip:a SIP/2.0\r\nContent-Type: application/sdp\r\nContent-Length: 99\r\n\r\nv=0\r\n";
  EXPECT_EQ(bodies(text), "0 'application'/'sdp' 'v=0\r\n' BAR the body is shorter than Content-Length says\n");
}

TEST(Body, FindSdpFindsNothingWhereThereIsNone) {
  for (const std::string type : {"Content-Type: text/plain\r\n", "Content-Type: application/sdpx\r\n", ""}) {
    const std::string text = message(type, "v=0\r\n");
    EXPECT_FALSE(find_sdp(*parse(text))) << type;
  }
}

TEST(Body, ReadsNothingOutsideTheBuffer) {
  const std::string whole = message("Content-Type: multipart/mixed;boundary=b\r\n",
                                    "--b\r\nContent-Type: multipart/mixed;boundary=c\r\n\r\n--c\r\nX:\r\n "
                                    "y\r\n\r\nv=0\r\n--c--\r\n\r\n--b --\r\n--b-\r\n--b--  \r\n");
  for (std::size_t size = whole.find("\r\n\r\n") + 4; size <= whole.size(); ++size) {
    test::Guarded guarded(whole.substr(0, size));
    EXPECT_EQ(bodies(guarded.at_end()), bodies(guarded.at_begin())) << size;
  }
}

}  // namespace
}  // namespace viaduct::sip
