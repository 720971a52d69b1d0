// SPDX-License-Identifier: GPL-2.0-or-later
#include "finding/anonymise.hpp"

#include "net/mask.hpp"
#include "report/json.hpp"
#include "report/random_result.hpp"
#include "report/sample.hpp"

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>
#include <rapidcheck/gtest.h>

#include <algorithm>
#include <set>
#include <string>
#include <utility>

namespace viaduct::finding {
namespace {

using report::kSampleKey;
using report::mask_address;

/// Masked words in angle brackets, so that a test shows what was taken for what.
std::string marked(base::Bytes text) {
  const Anonymiser anonymiser(kSampleKey, mask_address);
  std::string out = anonymiser.masked(text);
  EXPECT_NE(out.size(), 0U);
  std::string shown;
  if (out.size() != text.size()) return out;
  for (std::size_t i = 0; i < text.size(); ++i) shown += out[i] == text[i] ? text[i] : '*';
  return shown;
}

/// No letter or digit of `part` is left where it stood in `whole`, but by chance.
void expect_masked(base::Bytes whole, base::Bytes part) {
  EXPECT_EQ(marked(whole).find(part), std::string::npos) << whole;
}

TEST(Anonymise, SipAndSdp) {
  expect_masked("From: \"Alice Example\" <sip:alice:secret@sip.example.net>;tag=1928", "Alice");
  expect_masked("From: \"Alice Example\" <sip:alice:secret@sip.example.net>;tag=1928", "alice");
  expect_masked("From: \"Alice Example\" <sip:alice:secret@sip.example.net>;tag=1928", "secret");
  expect_masked("From: \"Alice Example\" <sip:alice:secret@sip.example.net>;tag=1928", "example");
  expect_masked("From: Alice Example <sips:alice@example.net>", "Alice");
  expect_masked("Contact: <sip:alice@[2001:db8::5]:5060>", "2001:db8::5");
  expect_masked("To: <tel:+4930123456;phone-context=x>", "4930123456");
  expect_masked("Authorization: Digest username=\"alice\", response=\"7587245234b3434cc3412213e5f113a5\"", "7587");
  expect_masked("o=alice 1 1 IN IP6 2001:db8::1\r\ns=Call of Alice\r\n", "alice");
  expect_masked("o=alice 1 1 IN IP6 2001:db8::1\r\ns=Call of Alice\r\n", "Alice");
  expect_masked("o=alice 1 1 IN IP6 2001:db8::1\r\ns=Call of Alice\r\n", "2001:db8::1");
  expect_masked("v=0\r\na=crypto:1 AES_CM_128_HMAC_SHA1_80 inline:WVNfX19zZW1jdGwgKCkg|2^20\r\n", "WVNf");
  expect_masked("v=0\r\ni=o=IN IP4 192.168.1.20\r\n", "192.168.1.20");
  expect_masked("v=0\r\ni=(o=IN IP4 192.168.1.20) of Alice\r\n", "192.168.1.20");
  expect_masked("v=0\r\ni=(o=IN IP4 192.168.1.20) of Alice\r\n", "Alice");
}

TEST(Anonymise, WhatSyntaxAloneShows) {
  expect_masked("Via: SIP/2.0/UDP pbx.example.net:5060;branch=z9hG4bK77;received=192.0.2.7", "example");
  expect_masked("Via: SIP/2.0/UDP 192.0.2.7;branch=z9hG4bK4e192.168.1.20;rport", "4e192.168.1.20");
  expect_masked("From: <sip:x@y>;tag=alice-4711", "alice");
  expect_masked("Call-ID: 4e4711192.168.1.20-7", "192.168.1.20");
  expect_masked("f: \\\"Alice\\\" <sip:x@y>", "Alice");
  expect_masked("Authorization: Digest uri=\"sip:example.net\"", "example");
  EXPECT_NE(marked("Authorization: Digest uri=\"sip:example.net\"").find("\"sip:"), std::string::npos);
  expect_masked("v=0\r\nc=IN IP4 pbx.example.net\r\n", "example");
  expect_masked("v=0\r\na=candidate:1 1 UDP 21 alice-pc.local 4711 typ host\r\n", "alice");
}

TEST(Anonymise, LeavesWhatTellsNobody) {
  for (const char* text :
       {"SIP/2.0 100 Trying", "lost 4711 of 30000 packets", "CSeq: 314159 INVITE", "a=rtpmap:8 PCMA/8000",
        "at 12:00:01.250 for 1.8 s", "DSCP 46 -> 0", "version 1.2.3", "the same \"cut\" message", "branch=z9hG4bK",
        "i=(o=IN IP4 127.0.0.1)", "IN IP4 127.0.0.1", "a:b", "::", "\"", "<sip:"})
    EXPECT_EQ(Anonymiser(kSampleKey, mask_address).masked(text), text);
}

TEST(Anonymise, TheSameHasTheSameMask) {
  const Anonymiser anonymiser(kSampleKey, mask_address);
  EXPECT_EQ(anonymiser.word("+49 30-123"), "+" + anonymiser.word("49 30-123"));
  EXPECT_EQ(anonymiser.word("EXAMPLE").size(), 7U);
  std::string upper = anonymiser.word("EXAMPLE");
  std::transform(upper.begin(), upper.end(), upper.begin(), [](char c) { return static_cast<char>(c + 32); });
  EXPECT_EQ(upper, anonymiser.word("example"));
  EXPECT_NE(anonymiser.word("alice"), Anonymiser({1, 2}, mask_address).word("alice"));
  EXPECT_EQ(anonymiser.host("192.168.1.20"), net::masked_text("192.168.1.20", kSampleKey));
  std::set<std::string> extensions;
  for (int i = 100; i < 1000; ++i) extensions.insert(anonymiser.word(std::to_string(i)));
  EXPECT_EQ(extensions.size(), 900U) << "one for one";
}

TEST(Anonymise, FindsLearntNamesInSentences) {
  Anonymiser anonymiser(kSampleKey, mask_address);
  anonymiser.learn("From: <sip:alice@pbx.example.net>\r\nTo: <sip:+4930123456@x>, <sip:100@x>");
  EXPECT_EQ(anonymiser.masked("Alice called 4930123456 by pbx.example.net. 100 Trying"),
            anonymiser.word("Alice") + " called " + anonymiser.word("4930123456") + " by " +
                anonymiser.word("pbx.example.net") + ". 100 Trying");
  EXPECT_EQ(anonymiser.masked("malice"), "malice");
  EXPECT_EQ(anonymiser.masked("4930123456-17@y").find("4930123456"), std::string::npos);
}

TEST(Anonymise, CallIds) {
  for (const Bytes id : {"00a859d1-e2f30002-1c2b", "SEP00A859D1E2F3.17", "805ec0123456_1699@192.0.2.1", "cl-mbx4711",
                         "1001-2002-9@pbx.example.net"}) {
    Anonymiser anonymiser(kSampleKey, mask_address);
    anonymiser.learn_call_id(id);
    const std::string mask = anonymiser.call_id(id);
    for (const Bytes part : {"a859d1", "A859D1", "123456", "mbx4711", "1001", "2002", "example"})
      EXPECT_FALSE(id.find(part) != Bytes::npos && mask.find(part) != std::string::npos) << id;
    const Bytes local = id.substr(0, id.find('@'));
    EXPECT_EQ(anonymiser.masked("Call-ID: " + std::string(local) + "\r\n"),
              "Call-ID: " + mask.substr(0, local.size()) + "\r\n");
  }
  EXPECT_EQ(Anonymiser(kSampleKey, mask_address).call_id("call@x.example").substr(0, 5), "call@");
}

TEST(Anonymise, NothingOfTheSampleIsLeft) {
  Result result = report::sample_result();
  anonymise(result, kSampleKey, mask_address);
  limit(result);
  const std::string json = report::to_json(result);
  for (const char* name : {"lice", "Example", "example.net", "4930123456", "192.168.1.20", "198.51.100.5",
                           "203.0.113.7", "2001:db8", "sip:bob", "berlin", "inside.pcap", "outside.pcapng"})
    EXPECT_EQ(json.find(name), std::string::npos) << name;
}

TEST(Anonymise, MarksMoveWithWhatTheyMark) {
  Result result = report::sample_result();
  const ByteDiff plain = std::get<ByteDiff>(result.findings[1].exhibits[0]);
  anonymise(result, kSampleKey, mask_address);
  const ByteDiff masked = std::get<ByteDiff>(result.findings[1].exhibits[0]);
  const Anonymiser anonymiser(kSampleKey, mask_address);
  for (std::size_t i = 0; i < 2; ++i) {
    EXPECT_EQ(masked.changes[i].before.of(masked.before), anonymiser.masked(plain.changes[i].before.of(plain.before)));
    EXPECT_EQ(masked.changes[i].after.of(masked.after), anonymiser.masked(plain.changes[i].after.of(plain.after)));
  }
  const Evidence& evidence = result.findings[1].evidence[0];
  EXPECT_EQ(evidence.marked.of(evidence.octets), anonymiser.masked("192.168.1.20"));
}

TEST(Anonymise, WhatRegistrationsAndSubscriptionsSay) {
  Result result = report::sample_result();
  RegistrationSummary phone = result.registrations.at(0);
  phone.product = "Yealink SIP-T46S 66.86.0.15 805ec0ffee11";
  phone.site = kOuterSide;
  result.registrations = {phone};
  SubscriptionSummary named = result.subscriptions.at(0);
  named.package = "meier-desk";
  named.reason = "schmidt";
  SubscriptionSummary usual = named;
  usual.package = "presence.winfo";
  usual.reason = "timeout";
  result.subscriptions = {named, usual};
  result.inputs.at(0).site = kOtherSide;
  anonymise(result, kSampleKey, mask_address);
  const Anonymiser anonymiser(kSampleKey, mask_address);
  EXPECT_EQ(result.registrations[0].product,
            "Yealink SIP-T46S " + anonymiser.masked("66.86.0.15") + " " + anonymiser.word("805ec0ffee11"));
  EXPECT_EQ(result.registrations[0].product.find("805ec0ffee11"), std::string::npos);
  EXPECT_EQ(result.registrations[0].site, "outer side");
  EXPECT_EQ(result.inputs[0].site, "other side");
  EXPECT_EQ(result.subscriptions[0].package, anonymiser.word("meier-desk"));
  EXPECT_EQ(result.subscriptions[0].reason, anonymiser.word("schmidt"));
  EXPECT_EQ(result.subscriptions[1].package, "presence.winfo");
  EXPECT_EQ(result.subscriptions[1].reason, "timeout");
}

TEST(Anonymise, OrderDoesNotMatter) {
  Result forward = report::sample_result();
  Result backward = report::sample_result();
  std::reverse(backward.calls.begin(), backward.calls.end());
  anonymise(forward, kSampleKey, mask_address);
  anonymise(backward, kSampleKey, mask_address);
  std::reverse(backward.calls.begin(), backward.calls.end());
  EXPECT_EQ(forward.calls, backward.calls);
}

RC_GTEST_PROP(Anonymise, EveryResultStaysGood, (std::uint64_t seed)) {
  Result result = report::random_result(seed);
  result.tool = result.version = "ours";
  anonymise(result, {seed, 3}, [seed](Bytes text) { return net::masked_text(text, {seed, 3}); });
  limit(result);
  const nlohmann::json document = nlohmann::json::parse(report::to_json(result));
  RC_ASSERT(document["calls"].size() == result.calls.size());
  RC_ASSERT(report::to_json(result).find("alice@") == std::string::npos);
}

}  // namespace
}  // namespace viaduct::finding
