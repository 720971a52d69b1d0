// SPDX-License-Identifier: GPL-2.0-or-later
#include "sip/via.hpp"

#include "sip/outcome_test.hpp"
#include "sip/values.hpp"

#include <gtest/gtest.h>

#include <string>
#include <utility>
#include <vector>

namespace viaduct::sip {
namespace {

TEST(Via, PartsAsReceived) {
  const std::vector<std::pair<std::string, std::string>> cases = {
      {"SIP/2.0/UDP 192.168.1.2:5060;rport=5062;branch=z9hG4bK776;received=192.0.2.1",
       "protocol{SIP} version{2.0} transport{UDP} host{192.168.1.2} port{5060} port=5060 literal=192.168.1.2 "
       "branch{z9hG4bK776} received{192.0.2.1} received=192.0.2.1 rport rport{5062} rport=5062"},
      {"SIP/2.0/UDP a;rport;branch=b", "protocol{SIP} version{2.0} transport{UDP} host{a} branch{b} rport"},
      {"sip / 2.0\r\n / tls\t[2001:db8::1] : 5061 ; Branch = x ; MADDR=224.0.0.1;TTL = 16 ;keep;alias",
       "protocol{sip} version{2.0} transport{tls} transport=2 host{[2001:db8::1]} port{5061} port=5061 "
       "literal=2001:db8::1 branch{x} maddr{224.0.0.1} ttl{16} keep alias"},
      {"SIP/2.0/UDP\thost", "protocol{SIP} version{2.0} transport{UDP} host{host}"},
      {"SIP/2.0/UDP  host", "protocol{SIP} version{2.0} transport{UDP} host{host}"},
      {"SIP/2.0/UDPX host", "protocol{SIP} version{2.0} transport{UDPX} transport=7 host{host}"},
      {"SIP/2.0/udp host;received=[2001:db8::9:255]",
       "protocol{SIP} version{2.0} transport{udp} host{host} received{[2001:db8::9:255]} received=2001:db8::9:255"},
      {"SIP/2.0/UDP host;received=2001:db8::9:255",
       "protocol{SIP} version{2.0} transport{UDP} host{host} received{2001:db8::9:255} received=2001:db8::9:255"},
      {"SIP/2.0/UDP host;received=nat.example.com;rport=x;rport2=1",
       "protocol{SIP} version{2.0} transport{UDP} host{host} received{nat.example.com} rport rport{x}"},
      {"SIP/2.0/UDP host;rport=;received", "protocol{SIP} version{2.0} transport{UDP} host{host} rport rport{}"},
      {"SIP/2.0/UDP host;;ext=\"a;branch=no\";branch=yes;",
       "protocol{SIP} version{2.0} transport{UDP} host{host} branch{yes}"},
      {"SIP/3.1/TLS-SCTP h:1", "protocol{SIP} version{3.1} transport{TLS-SCTP} transport=4 host{h} port{1} port=1"},
  };
  for (const auto& [text, expected] : cases) EXPECT_EQ(outcome(text, parse_via(text, all_of(text))), expected) << text;
}

TEST(Via, ErrorsHaveTheirPlace) {
  const std::vector<std::pair<std::string, std::string>> cases = {
      {"", "empty_value@0"},
      {"SIP/2.0", "bad_protocol@0"},
      {"SIP/2.0/UDP", "bad_protocol@0"},
      {"SIP/2.0/ host", "bad_protocol@0"},
      {"SIP//UDP host", "bad_protocol@0"},
      {";;", "bad_protocol@0"},
      {"SIP/2.0/UDP,host", "bad_protocol@0"},
      {"SIP/2.0/UDP :5060", "bad_host@12"},
      {"SIP/2.0/UDP ;branch=a", "bad_host@12"},
      {"SIP/2.0/UDP host:", "bad_port@17"},
      {"SIP/2.0/UDP host:70000", "bad_port@17"},
      {"SIP/2.0/UDP host port", "trailing_octets@17"},
      {"SIP/2.0/UDP host:5060port;branch=z9", "trailing_octets@21"},
      {"SIP/2.0/UDP [::1", "unbalanced_bracket@12"},
  };
  for (const auto& [text, expected] : cases) EXPECT_EQ(outcome(text, parse_via(text, all_of(text))), expected) << text;
  EXPECT_EQ(outcome("", parse_via("", Range{})), "empty_value@0");
}

TEST(Via, SentByIsWhatARewriteReplaces) {
  const std::string text = "SIP/2.0/UDP 192.0.2.1 : 5060 ;branch=x";
  EXPECT_EQ(parse_via(text, all_of(text))->sent_by().of(text), "192.0.2.1 : 5060");
}

TEST(Via, TransportsInAnyCase) {
  const std::pair<const char*, Transport> cases[] = {
      {"UDP", Transport::udp},   {"tcp", Transport::tcp},           {"Tls", Transport::tls},
      {"SCTP", Transport::sctp}, {"TLS-SCTP", Transport::tls_sctp}, {"WS", Transport::ws},
      {"wss", Transport::wss},   {"UNKNOWN", Transport::other},     {"", Transport::other},
  };
  for (const auto& [token, transport] : cases) EXPECT_EQ(transport_of(token), transport) << token;
}

TEST(Via, TopOneOfSeveral) {
  const auto top = [](const std::string& headers) {
    const std::string text = "BYE sip:a SIP/2.0\r\n" + headers + "\r\n";
    const Result<Message> m = parse(text);
    const Result<Via> via = top_via(*m);
    return via ? std::string(via->host.of(text)) : outcome(via.error());
  };
  EXPECT_EQ(top("v: SIP/2.0/UDP a;x=\"1,2\" , SIP/2.0/UDP b\r\nVia: SIP/2.0/UDP c\r\n"), "a");
  EXPECT_EQ(top("Via: SIP/2.0/UDP a\r\n"), "a");
  EXPECT_EQ(top("Via: , SIP/2.0/UDP a\r\n"), "empty_value@24");
  EXPECT_EQ(top("Via:\r\nVia: SIP/2.0/UDP a\r\n"), "empty_value@23");
  EXPECT_EQ(top("To: a\r\n"), "missing_header@26");
}

}  // namespace
}  // namespace viaduct::sip
