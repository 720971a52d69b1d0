// SPDX-License-Identifier: GPL-2.0-or-later
#include "sip/check.hpp"

#include "sip/outcome_test.hpp"

#include <gtest/gtest.h>

#include <set>
#include <string>
#include <utility>
#include <vector>

namespace viaduct::sip {
namespace {

/// "valid" or "invalid", then each problem with the text that it points to.
std::string verdict(const std::string& text) {
  const Result<Message> message = parse(text);
  if (!message) return "unreadable " + outcome(message.error());
  ProblemList list;
  check(*message, list);
  std::string out = list.valid() ? "valid" : "invalid";
  for (const Error& problem : list.items()) {
    std::string place = text.substr(problem.offset, 8);
    for (char& c : place)
      if (static_cast<unsigned char>(c) < ' ') c = '~';
    out += " " + std::string(name(problem.code)) + "[" + place + "]";
  }
  return out;
}

constexpr const char* kRest =
    "From: <sip:b@b>;tag=1\r\nTo: <sip:c@c>\r\nCall-ID: 1@d\r\nCSeq: 1 BYE\r\nMax-Forwards: 70\r\n";

/// A request that is fine but for the header lines given, which must not be among those of kRest.
std::string with(const std::string& headers) {
  return verdict("BYE sip:a SIP/2.0\r\nVia: SIP/2.0/UDP h;branch=z9hG4bKa\r\n" + std::string(kRest) + headers + "\r\n");
}

/// The same with one line of the usual ones replaced.
std::string replaced(const std::string& line, const std::string& by) {
  std::string text = "BYE sip:a SIP/2.0\r\nVia: SIP/2.0/UDP h;branch=z9hG4bKa\r\n" + std::string(kRest) + "\r\n";
  const std::size_t at = text.find(line);
  EXPECT_NE(at, std::string::npos) << line;
  return verdict(text.replace(at, line.size(), by));
}

TEST(Check, NothingToSay) {
  EXPECT_EQ(with(""), "valid");
  EXPECT_EQ(with("Subject: \xC3\xA4 \"open quote\r\nX-Any: ;;,<\r\nSupported:\r\nAccept:\r\nAllow:\r\n"), "valid");
  EXPECT_EQ(with("Content-Type: application/sdp\r\nContent-Length: 0\r\n"), "valid");
  EXPECT_EQ(with("Date: Sat, 13 Nov 2010 23:29:00 GMT\r\n"), "valid");
  EXPECT_EQ(with("Subject: \"a\\\x01z\"\r\n"), "valid");
}

TEST(Check, StartLine) {
  EXPECT_EQ(replaced("BYE sip:a SIP/2.0", "BYE  sip:a SIP/2.0"), "invalid extra_space[  sip:a ]");
  EXPECT_EQ(replaced("BYE sip:a SIP/2.0", "BYE sip:a\tSIP/2.0 "),
            "invalid extra_space[~SIP/2.0] extra_space[ ~~Via: ]");
  EXPECT_EQ(replaced("sip:a SIP", "<sip:a> SIP"), "invalid bracketed_request_uri[<sip:a> ]");
  EXPECT_EQ(replaced("sip:a SIP", "sip:a;b c SIP"), "invalid space_in_uri[ c SIP/2]");
  EXPECT_EQ(replaced("sip:a SIP", "sip:a?b=c SIP"), "invalid headers_in_request_uri[?b=c SIP]");
  EXPECT_EQ(replaced("SIP/2.0\r\n", "SIP/7.0\r\n"), "invalid unknown_version[SIP/7.0~]");
  EXPECT_EQ(replaced("SIP/2.0\r\n", "sip/2.0\r\n"), "valid");
  EXPECT_EQ(replaced("sip:a SIP", "nobody:any SIP"), "valid");
  EXPECT_EQ(replaced("BYE sip", "\r\n\nBYE sip"), "valid leading_line_ends[~~~BYE s]");
}

TEST(Check, StatusLine) {
  const std::string rest = "\r\nVia: SIP/2.0/UDP h\r\n" + std::string(kRest) + "\r\n";
  EXPECT_EQ(verdict("SIP/2.0 200 OK" + rest), "valid");
  EXPECT_EQ(verdict("SIP/2.0 200 " + rest), "valid");
  EXPECT_EQ(verdict("SIP/2.0 200" + rest), "valid missing_space[~~Via: S]");
  EXPECT_EQ(verdict("SIP/2.0  200 OK" + rest), "invalid extra_space[  200 OK]");
  EXPECT_EQ(verdict("SIP/2.0\t200 OK" + rest), "invalid extra_space[~200 OK~]");
  EXPECT_EQ(verdict("SIP/2.0 200 O\x01K" + rest), "invalid control_octet[~K~~Via:]");
  EXPECT_EQ(verdict("SIP/3.0 200 OK" + rest), "invalid unknown_version[SIP/3.0 ]");
}

TEST(Check, LineEnds) {
  EXPECT_EQ(replaced("tag=1\r\n", "tag=1\n"), "valid bare_line_feed[~To: <si]");
  EXPECT_EQ(replaced("tag=1\r\nTo: <sip:c@c>\r\n", "tag=1\rTo: <sip:c@c>\n"),
            "valid bare_return[~To: <si] bare_line_feed[~Call-ID]");
  EXPECT_EQ(replaced("70\r\n\r\n", "70\r\n"), "valid no_empty_line[]");
  EXPECT_EQ(replaced("70\r\n\r\n", "70"), "valid no_empty_line[]");
}

TEST(Check, Presence) {
  EXPECT_EQ(replaced("Via: SIP/2.0/UDP h;branch=z9hG4bKa\r\n", ""), "invalid missing_header[~~]");
  EXPECT_EQ(replaced("From: <sip:b@b>;tag=1\r\nTo: <sip:c@c>\r\nCall-ID: 1@d\r\nCSeq: 1 BYE\r\n", ""),
            "invalid missing_header[~~] missing_header[~~] missing_header[~~] missing_header[~~]");
  EXPECT_EQ(replaced("Max-Forwards: 70\r\n", ""), "valid missing_max_forwards[~~]");
  EXPECT_EQ(with("To: <sip:x>\r\n"), "invalid duplicate_header[To: <sip]");
  EXPECT_EQ(with("l: 0\r\nContent-Length: 0\r\n"), "invalid duplicate_header[Content-]");
  EXPECT_EQ(with("Via: SIP/2.0/UDP x\r\nAllow: A\r\nAllow: B\r\n"), "valid");
}

TEST(Check, Sequence) {
  EXPECT_EQ(replaced("CSeq: 1 BYE", "CSeq: 1 ACK"), "invalid method_mismatch[ACK~~Max]");
  EXPECT_EQ(replaced("CSeq: 1 BYE", "CSeq: 1 bye"), "invalid method_mismatch[bye~~Max]");
  EXPECT_EQ(replaced("CSeq: 1 BYE", "CSeq: 2147483648 BYE"), "invalid bad_sequence[21474836]");
  EXPECT_EQ(replaced("CSeq: 1 BYE", "CSeq:"), "invalid empty_value[~~Max-Fo]");
  EXPECT_EQ(verdict("SIP/2.0 200 OK\r\nVia: SIP/2.0/UDP h\r\n" + std::string(kRest) + "\r\n"), "valid");
}

TEST(Check, Body) {
  const auto body = [](const std::string& headers, const std::string& octets) {
    return verdict("BYE sip:a SIP/2.0\r\nVia: SIP/2.0/UDP h\r\n" + std::string(kRest) + headers + "\r\n" + octets);
  };
  EXPECT_EQ(body("c: a/b\r\nl: 2\r\n", "xy"), "valid");
  EXPECT_EQ(body("c: a/b\r\n", "xy"), "valid");
  EXPECT_EQ(body("c: a/b\r\nl: 1\r\n", "xy"), "valid octets_after_body[y]");
  EXPECT_EQ(body("c: a/b\r\nl: 3\r\n", "xy"), "invalid body_too_short[3~~~~xy]");
  EXPECT_EQ(body("c: a/b\r\nl: -2\r\n", "xy"), "invalid bad_content_length[-2~~~~xy]");
  EXPECT_EQ(body("c: a/b\r\nl:\r\n", ""), "invalid bad_content_length[~~~~]");
  EXPECT_EQ(body("l: 2\r\n", "xy"), "valid missing_content_type[xy]");
  EXPECT_EQ(body("c: a\r\nl: 2\r\n", "xy"), "invalid bad_media_type[a~~l: 2~]");
}

TEST(Check, NameAddrs) {
  EXPECT_EQ(replaced("To: <sip:c@c>", "To: Bell, A <sip:c@c>"), "invalid bad_display_name[, A <sip]");
  EXPECT_EQ(replaced("To: <sip:c@c>", "To: \"A\" B <sip:c@c>"), "invalid bad_display_name[\"A\" B <s]");
  EXPECT_EQ(replaced("To: <sip:c@c>", "To: A<sip:c@c>"), "valid no_space_before_bracket[<sip:c@c]");
  EXPECT_EQ(replaced("To: <sip:c@c>", "To: \"A\"<sip:c@c>"), "valid");
  EXPECT_EQ(replaced("To: <sip:c@c>", "To: \"A <sip:c@c>"), "invalid unbalanced_quote[\"A <sip:]");
  EXPECT_EQ(replaced("To: <sip:c@c>", "To: < sip:c@c>"), "invalid space_in_uri[ sip:c@c]");
  EXPECT_EQ(replaced("To: <sip:c@c>", "To: sip:c@c?x=y"), "invalid needs_brackets[?x=y~~Ca]");
  EXPECT_EQ(replaced("To: <sip:c@c>", "To: sip:c?d@c;tag=1"), "invalid needs_brackets[?d@c;tag]");
  EXPECT_EQ(replaced("To: <sip:c@c>", "To:"), "invalid empty_value[~~Call-I]");
  EXPECT_EQ(with("Contact: <sip:c>;;;\r\n"),
            "invalid bad_parameter[;;;~~~~] bad_parameter[;;~~~~] bad_parameter[;~~~~]");
  EXPECT_EQ(with("Contact: <sip:c>,,<sip:d>\r\n"), "invalid empty_value[,<sip:d>]");
  EXPECT_EQ(with("Contact:\r\n"), "invalid empty_value[~~~~]");
  EXPECT_EQ(with("Route: <sip:p;lr>, <sip:q;lr>;x=\"y\"\r\nPath: <sip:p;ob>\r\n"), "valid");
}

TEST(Check, TheWildcardIsForRegistrarsAlone) {
  const auto contact = [](const std::string& method, const std::string& headers) {
    return verdict(method + " sip:a SIP/2.0\r\nVia: SIP/2.0/UDP h;branch=z9hG4bKa\r\nFrom: <sip:b@b>;tag=1\r\n" +
                   "To: <sip:c@c>\r\nCall-ID: 1@d\r\nCSeq: 1 " + method + "\r\nMax-Forwards: 70\r\n" + headers +
                   "\r\n");
  };
  EXPECT_EQ(contact("REGISTER", "Contact: *\r\nExpires: 0\r\n"), "valid");
  EXPECT_EQ(contact("REGISTER", "Contact: <sip:c>\r\nm: *\r\n"), "invalid wildcard_contact[*~~~~]");
  EXPECT_EQ(contact("INVITE", "Contact: *\r\n"), "invalid misplaced_wildcard[*~~~~]");
  EXPECT_EQ(contact("BYE", "Contact: <sip:c>, *\r\n"), "invalid wildcard_contact[*~~~~] misplaced_wildcard[*~~~~]");
  EXPECT_EQ(verdict("SIP/2.0 200 OK\r\nVia: SIP/2.0/UDP h;branch=z9hG4bKa\r\nFrom: <sip:b@b>;tag=1\r\n"
                    "To: <sip:c@c>;tag=2\r\nCall-ID: 1@d\r\nCSeq: 1 REGISTER\r\nContact: *\r\n\r\n"),
            "invalid misplaced_wildcard[*~~~~]");
}

// More names than are compared: the walk must not cost their number squared. Those already met are still found.
TEST(Check, ManyParameters) {
  std::string list = "Contact: <sip:c>";
  for (int i = 0; i < 70; ++i) list += ";n" + std::to_string(i);
  EXPECT_EQ(with(list + ";N63;n64\r\n"), "invalid too_many_parameters[n64;n65;] duplicate_parameter[N63;n64~]");
}

TEST(Check, Uris) {
  const auto uri = [](const std::string& text) { return replaced("To: <sip:c@c>", "To: <" + text + ">"); };
  EXPECT_EQ(uri("sip:a%20b:p&w@h;x=%25;y?z=%5b"), "valid");
  EXPECT_EQ(uri("sip:*21#@h"), "valid unescaped_user[#@h>~~Ca]");
  EXPECT_EQ(uri("sip:\xC3\xA4@h"), "valid unescaped_user[\xC3\xA4@h>~~C]");
  EXPECT_EQ(uri("sip:a\"b@h"), "invalid bad_user[\"b@h>~~C]");
  EXPECT_EQ(uri("sip:@h"), "invalid bad_user[@h>~~Cal]");
  EXPECT_EQ(uri("sip:a%2@h"), "invalid bad_escape[%2@h>~~C]");
  EXPECT_EQ(uri("sip:a@h;x=%zz"), "invalid bad_escape[%zz>~~Ca]");
  EXPECT_EQ(uri("sip:a@h?x=%"), "invalid bad_escape[%>~~Call]");
  EXPECT_EQ(uri("sip:a@h;;x"), "invalid bad_parameter[;;x>~~Ca]");
  EXPECT_EQ(uri("sip:a@10.0.0.256"), "invalid bad_host[10.0.0.2]");
  EXPECT_EQ(uri("sip:a@010.0.0.1"), "invalid bad_host[010.0.0.]");
  EXPECT_EQ(uri("sip:a@h_1"), "valid odd_host[h_1>~~Ca]");
  EXPECT_EQ(uri("sip:a@h..x"), "valid odd_host[h..x>~~C]");
  EXPECT_EQ(uri("sip:a@h.5x"), "valid odd_host[h.5x>~~C]");
  EXPECT_EQ(uri("sip:a@-h"), "valid odd_host[-h>~~Cal]");
  EXPECT_EQ(uri("sip:a@h."), "valid");
  EXPECT_EQ(uri("sip:a@h:0"), "valid zero_port[0>~~Call]");
  EXPECT_EQ(uri("sip:a@h:70000"), "invalid bad_port[70000>~~]");
  EXPECT_EQ(uri("sip:a@[1:2:::3.4.5.6]"), "valid triple_colon[[1:2:::3]");
  EXPECT_EQ(uri("sip:2001:db8::10"), "invalid bad_port[db8::10>]");
  EXPECT_EQ(uri("tel:+1-201-555-0123;ext=1"), "valid");
  EXPECT_EQ(uri("tel:"), "invalid bad_user[>~~Call-]");
  EXPECT_EQ(uri("tel:1\"2"), "invalid bad_user[1\"2>~~Ca]");
  EXPECT_EQ(uri("soap.beep://192.0.2.103:3002"), "valid");
}

TEST(Check, Vias) {
  const auto via = [](const std::string& text) { return replaced("SIP/2.0/UDP h;branch=z9hG4bKa", text); };
  EXPECT_EQ(via("SIP/2.0/UDP h"), "valid");
  EXPECT_EQ(via("SIP/2.0/UDP h;branch=z9HG4BK"), "invalid bad_branch[z9HG4BK~]");
  EXPECT_EQ(via("SIP/2.0/UDP h;branch="), "invalid bad_parameter[~~From: ]");
  EXPECT_EQ(via("SIP/2.0/UDP h;received=[::1]"), "valid bracketed_received[[::1]~~F]");
  EXPECT_EQ(via("SIP/2.0/UDP h;received=::1"), "valid");
  EXPECT_EQ(via("SIP/2.0/UDP h;received=1.2.3.4:5060"), "valid odd_received[1.2.3.4:]");
  EXPECT_EQ(via("SIP/2.0/UDP h;rport=99999"), "invalid bad_port[99999~~F]");
  EXPECT_EQ(via("SIP/2.0/UDP h;ttl=256"), "invalid bad_number[256~~Fro]");
  EXPECT_EQ(via("SIP/2.0/UDP h;;,;,,"),
            "invalid bad_parameter[;;,;,,~~] bad_parameter[;,;,,~~F] bad_protocol[;,,~~Fro] empty_value[,~~From:] "
            "empty_value[~~From: ]");
  EXPECT_EQ(via("SIP/2.0/UDP 10.0.0.256"), "invalid bad_host[10.0.0.2]");
  EXPECT_EQ(via("SIP/2.0/UDP h_1"), "valid odd_host[h_1~~Fro]");
  EXPECT_EQ(via("SIP/2.0/UDP [1:2:::3.4.5.6]"), "valid triple_colon[[1:2:::3]");
}

TEST(Check, Parameters) {
  const auto parameters = [](const std::string& text) { return with("Contact: <sip:c>" + text + "\r\n"); };
  EXPECT_EQ(parameters(";+sip.instance=\"<urn:uuid:1>\";q=0.5;h=[::1];x=a/b=c@d"), "valid");
  EXPECT_EQ(parameters(";a b=c"), "invalid bad_parameter[;a b=c~~]");
  EXPECT_EQ(parameters(";a=b c"), "invalid bad_parameter[ c~~~~]");
  EXPECT_EQ(parameters(";a=b\"c"), "invalid bad_parameter[\"c~~~~]");
  EXPECT_EQ(parameters(";a=\"b"), "invalid unbalanced_quote[\"b~~~~]");
  EXPECT_EQ(parameters(";a=\"b\"c;d"), "invalid trailing_octets[c;d~~~~]");
  EXPECT_EQ(parameters(";a=\"b\" ;d"), "valid");
  EXPECT_EQ(parameters(";a=1;A=2"), "invalid duplicate_parameter[A=2~~~~]");
}

TEST(Check, OtherFields) {
  EXPECT_EQ(replaced("Call-ID: 1@d", "Call-ID: a@b@c"), "invalid bad_call_id[@c~~CSeq]");
  EXPECT_EQ(replaced("Call-ID: 1@d", "Call-ID: a@"), "invalid bad_call_id[~~CSeq: ]");
  EXPECT_EQ(replaced("Call-ID: 1@d", "Call-ID: a b"), "invalid bad_call_id[ b~~CSeq]");
  EXPECT_EQ(replaced("Max-Forwards: 70", "Max-Forwards: 300"), "invalid bad_number[300~~~~]");
  EXPECT_EQ(with("Expires: 10000000000000\r\n"), "valid");
  EXPECT_EQ(with("Expires: 1 0\r\n"), "invalid trailing_octets[0~~~~]");
  EXPECT_EQ(with("Expires: soon\r\n"), "invalid bad_number[soon~~~~]");
  EXPECT_EQ(with("Session-Expires: 90;refresher=uac\r\nMin-SE: 90\r\n"), "valid");
  EXPECT_EQ(with("Session-Expires: 90;;\r\n"), "invalid bad_parameter[;;~~~~] bad_parameter[;~~~~]");
  EXPECT_EQ(with("Date: Fri, 01 Jan 2010 16:00:00 EST\r\n"), "invalid bad_date[Fri, 01 ]");
  EXPECT_EQ(with("Date: Fri, 1 Jan 2010 16:00:00 GMT\r\n"), "valid odd_date[Fri, 1 J]");
  EXPECT_EQ(with("Require:\r\n"), "invalid empty_value[~~~~]");
  EXPECT_EQ(with("Require: a b\r\n"), "invalid bad_token[ b~~~~]");
  EXPECT_EQ(with("Allow: A,B/C\r\n"), "invalid bad_method[/C~~~~]");
  EXPECT_EQ(with("Accept: text/plain, */*;q=0.1, text\r\n"), "invalid bad_media_type[text~~~~]");
  EXPECT_EQ(with("Authorization: Digest a=\"b,c\", d\r\n"), "invalid bad_credentials[d~~~~]");
  EXPECT_EQ(with("Authorization: Digest a=\"b\r\n"), "invalid unbalanced_quote[\"b~~~~]");
  EXPECT_EQ(with("Authorization: Other b, c\r\nWWW-Authenticate: Digest realm=\"x\", qop=\"auth\"\r\n"), "valid");
  EXPECT_EQ(with("Replaces: a;to-tag=1;to-tag=2\r\n"), "invalid duplicate_parameter[to-tag=2]");
  EXPECT_EQ(with("Subject: a\x01z\r\n"), "invalid control_octet[~z~~~~]");
}

TEST(Check, OneHeaderAlone) {
  const std::string text = "BYE sip:a SIP/2.0\r\nTo: Bell, A <sip:a>\r\nFrom: <sip:b>\r\n\r\n";
  const Result<Message> m = parse(text);
  ProblemList from_list;
  check_header(*m, *m->find(HeaderId::from), from_list);
  EXPECT_TRUE(from_list.items().empty());
  ProblemList to_list;
  check_header(*m, *m->find(HeaderId::to), to_list);
  ASSERT_EQ(to_list.items().size(), 1U);
  EXPECT_EQ(outcome(to_list.items()[0]), "bad_display_name@27");
}

TEST(ProblemList, CountsWhatFindsNoRoom) {
  ProblemList list;
  for (std::size_t i = 0; i < ProblemList::kCapacity; ++i) list.add(Problem::bare_line_feed, i);
  EXPECT_TRUE(list.valid());
  EXPECT_EQ(list.dropped(), 0U);
  list.add(Problem::bad_host, 1);
  EXPECT_FALSE(list.valid());
  EXPECT_EQ(list.dropped(), 1U);
  EXPECT_EQ(list.items().size(), ProblemList::kCapacity);
}

TEST(Problem, EveryCodeHasItsOwnNameAndText) {
  std::set<Bytes> names;
  std::set<Bytes> texts;
  for (std::size_t i = 0; i < static_cast<std::size_t>(Problem::last); ++i) {
    const Problem problem = static_cast<Problem>(i);
    EXPECT_TRUE(names.insert(name(problem)).second) << name(problem);
    EXPECT_TRUE(texts.insert(text(problem)).second) << text(problem);
    EXPECT_FALSE(name(problem).empty());
    EXPECT_FALSE(text(problem).empty() || text(problem).ends_with('.'));
  }
}

}  // namespace
}  // namespace viaduct::sip
