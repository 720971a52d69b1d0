// SPDX-License-Identifier: GPL-2.0-or-later
// What differs in two copies of a message, as people read it; and that nothing is left out.
#include "diagnose/sides/message_diff.hpp"

#include "base/escape.hpp"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <string>

namespace viaduct::diagnose::sides {
namespace {

/// One change a line: field, octets before, octets after.
std::string told(const std::string& before, const std::string& after) {
  std::string lines;
  for (const FieldChange& change : diff(before, after))
    lines += text(change) + ": '" + base::escape(change.before.of(before)) + "' -> '" +
             base::escape(change.after.of(after)) + "'\n";
  return lines;
}

/// `before` with the changes made: `after`, if nothing was left out.
std::string patched(const std::string& before, const std::string& after) {
  std::string made;
  std::uint32_t at = 0;
  for (const FieldChange& change : diff(before, after)) {
    made += before.substr(at, change.before.offset - at);
    if (made.size() != change.after.offset) return "a change is out of place";
    made += change.after.of(after);
    at = change.before.end();
  }
  return made + before.substr(at);
}

std::string replaced(std::string text, const std::string& what, const std::string& with) {
  for (std::size_t at = text.find(what); at != std::string::npos; at = text.find(what, at + with.size()))
    text.replace(at, what.size(), with);
  return text;
}

const std::string kInvite =
    "INVITE sip:bob@example.com SIP/2.0\r\n"
    "Via: SIP/2.0/UDP 192.168.1.10:5060;branch=z9hG4bK1;rport\r\n"
    "Max-Forwards: 70\r\n"
    "From: \"A\" <sip:alice@example.com>;tag=a1\r\n"
    "To: <sip:bob@example.com>\r\n"
    "Call-ID: c1@192.168.1.10\r\n"
    "CSeq: 1 INVITE\r\n"
    "Contact: <sip:alice@192.168.1.10>;expires=60\r\n"
    "Content-Type: application/sdp\r\n"
    "Content-Length: 190\r\n"
    "\r\n"
    "v=0\r\n"
    "o=- 1 1 IN IP4 192.168.1.10\r\n"
    "s=-\r\n"
    "c=IN IP4 192.168.1.10\r\n"
    "t=0 0\r\n"
    "m=audio 40000 RTP/AVP 8\r\n"
    "a=rtcp:40001 IN IP4 192.168.1.10\r\n"
    "a=candidate:1 1 UDP 1 192.168.1.10 40000 typ host\r\n"
    "a=ptime:20\r\n";

TEST(MessageDiff, TellsNothingOfEqualCopies) {
  EXPECT_EQ(told(kInvite, kInvite), "");
  EXPECT_EQ(told("", ""), "");
}

TEST(MessageDiff, NamesEveryAddressThatWasTranslated) {
  EXPECT_EQ(told(kInvite, replaced(kInvite, "192.168.1.10", "203.0.113.2")),
            "Via sent-by: '192.168.1.10:5060' -> '203.0.113.2:5060'\n"
            "Call-ID host: '192.168.1.10' -> '203.0.113.2'\n"
            "Contact host: '192.168.1.10' -> '203.0.113.2'\n"
            "SDP o= address: '192.168.1.10' -> '203.0.113.2'\n"
            "SDP c= address: '192.168.1.10' -> '203.0.113.2'\n"
            "SDP a=rtcp address: '192.168.1.10' -> '203.0.113.2'\n"
            "SDP a=candidate address: '192.168.1.10' -> '203.0.113.2'\n");
}

TEST(MessageDiff, NamesWhatCameInAndWentOut) {
  std::string after = replaced(kInvite, "Via: ", "Via: SIP/2.0/UDP 203.0.113.2:5060;branch=z9hG4bKbox\r\nVia: ");
  after = replaced(after, "s=-\r\n", "s=-\r\ni=(o=IN IP4 192.168.1.10)\r\n");
  after = replaced(after, "a=candidate:1 1 UDP 1 192.168.1.10 40000 typ host\r\n", "");
  after = replaced(after, ";rport", "");
  EXPECT_EQ(told(kInvite, after),
            "Via added: '' -> 'Via: SIP/2.0/UDP 203.0.113.2:5060;branch=z9hG4bKbox\\r\\n'\n"
            "Via rport removed: ';rport' -> ''\n"
            "SDP i= added: '' -> 'i=(o=IN IP4 192.168.1.10)\\r\\n'\n"
            "SDP a=candidate removed: 'a=candidate:1 1 UDP 1 192.168.1.10 40000 typ host\\r\\n' -> ''\n");
}

TEST(MessageDiff, NamesSpellingBlanksAndOrder) {
  std::string after = replaced(kInvite, "Max-Forwards: 70", "max-forwards: 69");
  after = replaced(after, "Content-Length: 190", "Content-Length:      190");
  const std::string from = "From: \"A\" <sip:alice@example.com>;tag=a1\r\n";
  after = replaced(replaced(after, from, ""), "CSeq: ", from + "CSeq: ");
  EXPECT_EQ(told(kInvite, after),
            "Max-Forwards spelling: 'Max-Forwards' -> 'max-forwards'\n"
            "Max-Forwards: '70' -> '69'\n"
            "From moved: 'From: \"A\" <sip:alice@example.com>;tag=a1\\r\\n' -> ''\n"
            "From moved: '' -> 'From: \"A\" <sip:alice@example.com>;tag=a1\\r\\n'\n"
            "Content-Length blanks: ': ' -> ':      '\n");
}

TEST(MessageDiff, PutsTheColonToThePortThatCameIn) {
  std::string after = replaced(kInvite, "alice@192.168.1.10>;expires=60", "alice@192.168.1.10:1024>;expires=2");
  after = replaced(after, "m=audio 40000", "m=audio 1040");
  after = replaced(after, "a=rtcp:40001", "a=rtcp:1041");
  EXPECT_EQ(told(kInvite, after),
            "Contact port added: '' -> ':1024'\n"
            "Contact expires: '60' -> '2'\n"
            "SDP m= port: '40000' -> '1040'\n"
            "SDP a=rtcp port: '40001' -> '1041'\n");
}

TEST(MessageDiff, NamesTheStartLine) {
  std::string after = replaced(kInvite, "sip:bob@example.com SIP", "sip:bob@192.0.2.1:5060;transport=udp SIP");
  EXPECT_EQ(told(kInvite, after),
            "Request-URI host: 'example.com' -> '192.0.2.1'\n"
            "Request-URI port added: '' -> ':5060'\n"
            "Request-URI transport added: '' -> ';transport=udp'\n");
  EXPECT_EQ(told("SIP/2.0 200 OK\r\nCall-ID: a\r\n\r\n", "SIP/2.0 486 Busy\r\nCall-ID: a\r\n\r\n"),
            "status code: ' 200 ' -> ' 486 '\n"
            "reason phrase: 'OK' -> 'Busy'\n");
}

TEST(MessageDiff, ReadsWhatIsNoMessageByLines) {
  EXPECT_EQ(told("log: I am 192.168.1.10\nend\n", "log: I am 203.0.113.2\nend\n"),
            "message: '192.168.1.10' -> '203.0.113.2'\n");
  EXPECT_EQ(told("", "x"), "message added: '' -> 'x'\n");
}

TEST(MessageDiff, NamesOtherBodiesAsBody) {
  const std::string head = "NOTIFY sip:a@b SIP/2.0\r\nContent-Type: message/sipfrag\r\nCall-ID: a\r\n\r\n";
  EXPECT_EQ(told(head + "Contact: <sip:c@192.168.1.10:5060>\r\n", head + "Contact: <sip:c@203.0.113.2:5060>\r\n"),
            "body: '192.168.1.10' -> '203.0.113.2'\n");
}

TEST(MessageDiff, TellsOneChangeWhereLinesAreTooMany) {
  std::string before;
  std::string after;
  for (int i = 0; i < 2000; ++i) {
    before += std::to_string(i) + "\n";
    after += "x" + std::to_string(i) + "\n";
  }
  EXPECT_EQ(diff(before, after).size(), 1U);
  EXPECT_EQ(patched(before, after), after);
}

/// A message after some edits: octets put in, taken out or put elsewhere, at any place.
rc::Gen<std::string> any_edit_of(const std::string& message) {
  return rc::gen::exec([message] {
    std::string text = message;
    const int edits = *rc::gen::inRange(0, 6);
    for (int i = 0; i < edits; ++i) {
      const auto at = *rc::gen::inRange<std::size_t>(0, text.size() + 1);
      const auto length = std::min(*rc::gen::inRange<std::size_t>(0, 40), text.size() - at);
      const std::string piece = *rc::gen::element<std::string>("", "x", ":5060", "\r\n", "203.0.113.2", ";rport",
                                                               "Via: SIP/2.0/UDP a\r\n", text.substr(at, length), "=");
      text.replace(at, *rc::gen::arbitrary<bool>() ? length : 0, piece);
    }
    return text;
  });
}

RC_GTEST_PROP(MessageDiff, LeavesNothingOut, ()) {
  const std::string before = *any_edit_of(kInvite);
  const std::string after = *any_edit_of(before);
  RC_ASSERT(patched(before, after) == after);
  RC_ASSERT(diff(before, after).empty() == (before == after));
  RC_ASSERT(diff(before, before).empty());
}

RC_GTEST_PROP(MessageDiff, NamesNoOctetThatIsTheSameAtBothEndsOfOneEdit, ()) {
  // One digit of an address is changed: one change, and no further than its field.
  const auto at = *rc::gen::elementOf(std::vector<std::string>{"192.168.1.10:5060;b", "c1@192", "alice@192.168.1.10>"});
  std::string after = kInvite;
  after[after.find(at) + at.find("192") + 2] = '3';
  const std::vector<FieldChange> changes = diff(kInvite, after);
  RC_ASSERT(changes.size() == 1U);
  RC_ASSERT(changes[0].before.length <= 17U);
}

}  // namespace
}  // namespace viaduct::diagnose::sides
