// SPDX-License-Identifier: GPL-2.0-or-later
#include "sip/fields.hpp"

#include "sip/outcome_test.hpp"

#include <gtest/gtest.h>

#include <string>
#include <utility>
#include <vector>

namespace viaduct::sip {
namespace {

std::string describe(Bytes text, const CSeq& c) {
  return Outcome(text)
      .number("number", c.number)
      .part("number", c.number_text)
      .number("method", static_cast<std::uint64_t>(c.method))
      .part("method", c.method_text)
      .text();
}
std::string describe(Bytes text, Range r) {
  return std::string(r.of(text));
}
template <class T>
std::string describe(Bytes, T number) requires std::is_integral_v<T> {
  return std::to_string(number);
}
std::string describe(Bytes text, const ContentLength& c) {
  return std::to_string(c.value) + " " + std::string(c.digits.of(text));
}
std::string describe(Bytes text, const MediaType& t) {
  return Outcome(text).part("type", t.type).part("subtype", t.subtype).part("parameters", t.parameters).text();
}
std::string describe(Bytes, const SessionExpires& s) {
  static constexpr const char* kWho[] = {"none", "uac", "uas"};
  return std::to_string(s.seconds) + " " + kWho[static_cast<std::size_t>(s.refresher)];
}
std::string describe(Bytes text, const DialogReference& d) {
  return Outcome(text)
      .part("call-id", d.call_id)
      .part("to", d.to_tag)
      .part("from", d.from_tag)
      .part("all", d.parameters)
      .text();
}
std::string describe(Bytes text, const Credentials& c) {
  return Outcome(text)
      .flag("digest", c.digest)
      .part("scheme", c.scheme)
      .part("username", c.username)
      .part("realm", c.realm)
      .part("nonce", c.nonce)
      .part("uri", c.uri)
      .part("response", c.response)
      .part("qop", c.qop)
      .part("algorithm", c.algorithm)
      .flag("covers-body", c.covers_body(text))
      .text();
}
std::string describe(Bytes text, const Identity& i) {
  return Outcome(text).part("signature", i.signature).part("parameters", i.parameters).flag("4474", i.rfc4474).text();
}
std::string describe(Bytes text, const SessionId& s) {
  return Outcome(text).part("local", s.local).part("remote", s.remote).text();
}

/// A request with one header line, and what a function reads from it; offsets of errors count from the header's value.
template <class Read>
std::string read_header(const std::string& name, const std::string& value, Read read) {
  const std::string text = "BYE sip:a SIP/2.0\r\n" + name + ": " + value + "\r\n\r\n";
  const Result<Message> m = parse(text);
  if (!m) return "no message";
  const auto result = read(*m);
  if (result) return describe(text, *result);
  const std::size_t begin = 19 + name.size() + 2;
  return std::string(sip::name(result.error().code)) + "@" + std::to_string(result.error().offset - begin);
}

TEST(Fields, CSeq) {
  const auto read = [](const std::string& value) { return read_header("CSeq", value, cseq); };
  EXPECT_EQ(read("4711 INVITE"), "number=4711 number{4711} method=1 method{INVITE}");
  EXPECT_EQ(read("0009\r\n  ACK"), "number=9 number{0009} method=2 method{ACK}");
  EXPECT_EQ(read("0 x.y"), "number{0} method=15 method{x.y}");
  EXPECT_EQ(read("2147483647 BYE"), "number=2147483647 number{2147483647} method=3 method{BYE}");
  EXPECT_EQ(read("2147483648 BYE"), "bad_sequence@0");
  EXPECT_EQ(read("36893488147419103232 REGISTER"), "bad_sequence@0");
  EXPECT_EQ(read("1INVITE"), "bad_sequence@0");
  EXPECT_EQ(read("INVITE"), "bad_sequence@0");
  EXPECT_EQ(read("-1 INVITE"), "bad_sequence@0");
  EXPECT_EQ(read("1"), "bad_sequence@0");
  EXPECT_EQ(read("1 IN VITE"), "bad_method@2");
}

TEST(Fields, CallIdIsTheWholeValue) {
  EXPECT_EQ(read_header("i", "f81d4fae-7dec@foo.bar.com", call_id), "f81d4fae-7dec@foo.bar.com");
  EXPECT_EQ(read_header("Call-ID", "a b", call_id), "a b");
}

TEST(Fields, Numbers) {
  EXPECT_EQ(read_header("Content-Length", "00349", content_length), "349 00349");
  EXPECT_EQ(read_header("l", "4294967296", content_length), "bad_content_length@0");
  EXPECT_EQ(read_header("l", "00000000000000000007", content_length), "7 00000000000000000007");
  EXPECT_EQ(read_header("l", "five", content_length), "bad_content_length@0");
  EXPECT_EQ(read_header("l", "1\r\nl: 1", content_length), "bad_content_length@3");
  EXPECT_EQ(read_header("Max-Forwards", "0070", max_forwards), "70");
  EXPECT_EQ(read_header("Max-Forwards", "256", max_forwards), "bad_number@0");
  EXPECT_EQ(read_header("Max-Forwards", "7 0", max_forwards), "bad_number@0");
  EXPECT_EQ(read_header("Expires", "3600", expires), "3600");
  EXPECT_EQ(read_header("Expires", "10000000000000000000000000000", expires), "4294967295");
  EXPECT_EQ(read_header("Expires", "Thu, 01 Dec 1994 16:00:00 GMT", expires), "bad_number@0");
  EXPECT_EQ(read_header("Min-SE", "90;x=y", min_se), "90");
}

TEST(Fields, SessionExpires) {
  const auto read = [](const std::string& value) { return read_header("x", value, session_expires); };
  EXPECT_EQ(read("1800"), "1800 none");
  EXPECT_EQ(read("1800 ; Refresher = UAC"), "1800 uac");
  EXPECT_EQ(read("1800;x;refresher=uas"), "1800 uas");
  EXPECT_EQ(read("1800;refresher=both"), "1800 none");
  EXPECT_EQ(read(";refresher=uas"), "bad_number@0");
}

TEST(Fields, MediaTypes) {
  const auto read = [](const std::string& value) { return read_header("c", value, content_type); };
  EXPECT_EQ(read("application/sdp"), "type{application} subtype{sdp}");
  EXPECT_EQ(read("multipart / mixed ; boundary=\"a;b\" "),
            "type{multipart} subtype{mixed} parameters{; boundary=\"a;b\"}");
  EXPECT_EQ(read("application"), "bad_media_type@0");
  EXPECT_EQ(read("/sdp"), "bad_media_type@0");
  EXPECT_EQ(read("application/"), "bad_media_type@0");
  EXPECT_EQ(read("application/sdp, text/plain"), "trailing_octets@15");
  const std::string text = "Application/SDP";
  EXPECT_TRUE(parse_media_type(text, all_of(text))->is(text, "application", "sdp"));
  EXPECT_FALSE(parse_media_type(text, all_of(text))->is(text, "application", "sd"));
  EXPECT_FALSE(parse_media_type(text, all_of(text))->is(text, "text", "sdp"));
}

TEST(Fields, OptionTags) {
  const std::string text = "BYE sip:a SIP/2.0\r\nSupported: 100rel,\r\n timer\r\nk: PATH\r\nRequire:\r\n\r\n";
  const Result<Message> m = parse(text);
  EXPECT_TRUE(has_option(*m, HeaderId::supported, "100rel"));
  EXPECT_TRUE(has_option(*m, HeaderId::supported, "Timer"));
  EXPECT_TRUE(has_option(*m, HeaderId::supported, "path"));
  EXPECT_FALSE(has_option(*m, HeaderId::supported, "100re"));
  EXPECT_FALSE(has_option(*m, HeaderId::require, ""));
  EXPECT_FALSE(has_option(*m, HeaderId::proxy_require, "path"));
}

TEST(Fields, DialogReferences) {
  EXPECT_EQ(read_header("Replaces", "98732@sip.example.com ;from-tag=r33;To-Tag=ff87;early-only", replaces),
            "call-id{98732@sip.example.com} to{ff87} from{r33} all{;from-tag=r33;To-Tag=ff87;early-only}");
  EXPECT_EQ(read_header("Target-Dialog", "fa77;local-tag=kk;remote-tag=65", target_dialog),
            "call-id{fa77} to{65} from{kk} all{;local-tag=kk;remote-tag=65}");
  EXPECT_EQ(read_header("Replaces", "a", replaces), "call-id{a}");
  EXPECT_EQ(read_header("Replaces", ";to-tag=a", replaces), "empty_value@0");
}

TEST(Fields, CredentialsOfDigest) {
  EXPECT_EQ(
      read_header(
          "Authorization",
          "Digest username=\"bob, \\\"b\\\"\",\r\n realm = \"biloxi.com\" ,nonce=\"dc\",uri=\"sip:b\",qop=auth-int,"
          "nc=00000001,response=\"66\",Algorithm=SHA-256",
          authorization),
      "digest scheme{Digest} username{bob, \\\"b\\\"} realm{biloxi.com} nonce{dc} uri{sip:b} response{66} "
      "qop{auth-int} algorithm{SHA-256} covers-body");
  EXPECT_EQ(read_header("Proxy-Authorization", "digest qop=auth", proxy_authorization),
            "digest scheme{digest} qop{auth}");
  EXPECT_EQ(read_header("Authorization", "Digest qop=\"auth,auth-int\"", authorization),
            "digest scheme{Digest} qop{auth,auth-int}");
  EXPECT_EQ(read_header("Authorization", "Digest qop=\"auth-int\"", authorization),
            "digest scheme{Digest} qop{auth-int} covers-body");
  EXPECT_EQ(read_header("Authorization", "NoOneKnowsThisScheme opaque-data=here", authorization),
            "scheme{NoOneKnowsThisScheme}");
  EXPECT_EQ(read_header("Authorization", "Digest", authorization), "digest scheme{Digest}");
  EXPECT_EQ(read_header("Authorization", "=x", authorization), "bad_credentials@0");
  EXPECT_EQ(read_header("Authorization", "Digest,x", authorization), "bad_credentials@0");
}

TEST(Fields, Identity) {
  EXPECT_EQ(read_header("Identity", "eyJ.e.sig;info=<https://c>;alg=ES256", identity),
            "signature{eyJ.e.sig} parameters{;info=<https://c>;alg=ES256}");
  EXPECT_EQ(read_header("y", "\"ZYNBbHC00VMZ\"", identity), "signature{ZYNBbHC00VMZ} 4474");
  EXPECT_EQ(read_header("Identity", ";info=<x>", identity), "empty_value@0");
}

TEST(Fields, SessionId) {
  EXPECT_EQ(read_header("Session-ID", "ab30;remote=47755", session_id), "local{ab30} remote{47755}");
  EXPECT_EQ(read_header("Session-ID", "ab30", session_id), "local{ab30}");
  EXPECT_EQ(read_header("Session-ID", ";remote=1", session_id), "empty_value@0");
}

TEST(Fields, Product) {
  const auto product_of = [](const std::string& headers) {
    const std::string text = "BYE sip:a SIP/2.0\r\n" + headers + "\r\n";
    const Range range = product(*parse(text));
    return range.present() ? std::string(range.of(text)) : "-";
  };
  EXPECT_EQ(product_of("User-Agent: Phone/1 (x)\r\n"), "Phone/1 (x)");
  EXPECT_EQ(product_of("Server: Box\r\n"), "Box");
  EXPECT_EQ(product_of("To: a\r\n"), "-");
}

TEST(Fields, MissingOrEmpty) {
  const std::string text = "BYE sip:a SIP/2.0\r\nTo: b\r\n\r\n";
  const Result<Message> m = parse(text);
  const std::string expected = "missing_header@26";
  EXPECT_EQ(outcome(cseq(*m).error()), expected);
  EXPECT_EQ(outcome(call_id(*m).error()), expected);
  EXPECT_EQ(outcome(content_length(*m).error()), expected);
  EXPECT_EQ(outcome(content_type(*m).error()), expected);
  EXPECT_EQ(outcome(max_forwards(*m).error()), expected);
  EXPECT_EQ(outcome(expires(*m).error()), expected);
  EXPECT_EQ(outcome(min_se(*m).error()), expected);
  EXPECT_EQ(outcome(session_expires(*m).error()), expected);
  EXPECT_EQ(outcome(replaces(*m).error()), expected);
  EXPECT_EQ(outcome(target_dialog(*m).error()), expected);
  EXPECT_EQ(outcome(authorization(*m).error()), expected);
  EXPECT_EQ(outcome(proxy_authorization(*m).error()), expected);
  EXPECT_EQ(outcome(identity(*m).error()), expected);
  EXPECT_EQ(outcome(session_id(*m).error()), expected);
  EXPECT_EQ(read_header("Call-ID", "", call_id), "empty_value@0");
  EXPECT_EQ(read_header("CSeq", "", cseq), "empty_value@0");
}

TEST(Fields, DeltaSeconds) {
  const auto read = [](const std::string& text) {
    const Result<std::uint32_t> seconds = parse_delta_seconds(text, all_of(text));
    return seconds ? std::to_string(*seconds) : outcome(seconds.error());
  };
  EXPECT_EQ(read("60"), "60");
  EXPECT_EQ(read("4294967296"), "4294967295");
  EXPECT_EQ(read("60s"), "bad_number@0");
  EXPECT_EQ(read(""), "bad_number@0");
  EXPECT_EQ(outcome(parse_delta_seconds("60", Range{}).error()), "bad_number@0");
}

}  // namespace
}  // namespace viaduct::sip
