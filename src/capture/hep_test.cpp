// SPDX-License-Identifier: GPL-2.0-or-later
#include "capture/hep.hpp"

#include "capture/frames_test.hpp"

#include <gtest/gtest.h>

#include <string>

namespace viaduct::capture {
namespace {

using namespace std::string_literals;
using namespace test;

const std::string kSip = "OPTIONS sip:a@b SIP/2.0\r\nCall-ID: 1\r\n\r\n";

std::string show(const std::string& octets) {
  const std::optional<Hep> h = parse_hep(octets);
  if (!h) return "no HEP";
  std::string text = "HEP" + std::to_string(h->version) + " " + std::to_string(h->ip_protocol) + " " +
                     h->source.to_text() + " > " + h->destination.to_text();
  if (h->time) text += " at " + std::to_string(h->time->time_since_epoch().count());
  text += " agent " + std::to_string(h->agent) + " content " + std::to_string(static_cast<int>(h->content));
  if (h->vlan) text += " vlan " + std::to_string(*h->vlan);
  if (h->compressed) text += " compressed";
  return text + " (" + std::string(h->correlation) + ") '" + std::string(h->payload) + "'";
}

std::string chunk(int type, const std::string& value, int vendor = 0) {
  return be16(vendor) + be16(type) + be16(6 + value.size()) + value;
}
std::string hep3(const std::string& chunks) {
  return "HEP3" + be16(6 + chunks.size()) + chunks;
}

TEST(Hep, ReadsVersion3) {
  const std::string four = chunk(1, "\2") + chunk(2, "\x11") + chunk(3, "\x0a\0\0\7"s) + chunk(4, "\xc6\x33\x64\5"s) +
                           chunk(7, be16(5060)) + chunk(8, be16(5062)) + chunk(9, be32(1700000000)) +
                           chunk(10, be32(250000)) + chunk(11, "\1") + chunk(12, be32(2001)) + chunk(14, "secret") +
                           chunk(15, "of a vendor", 3) + chunk(17, "1@a") + chunk(18, be16(42)) + chunk(15, kSip);
  EXPECT_EQ(show(hep3(four)),
            "HEP3 17 10.0.0.7:5060 > 198.51.100.5:5062 at 1700000000250000000 agent 2001 content 1 vlan 42 (1@a) '" +
                kSip + "'");
  const std::string address("\x20\x01\x0d\xb8\0\0\0\0\0\0\0\0\0\0\0\1", 16);
  EXPECT_EQ(show(hep3(chunk(1, "\x0a") + chunk(2, "\6") + chunk(5, address) + chunk(6, address) + chunk(11, "\5") +
                      chunk(16, "deflated"))),
            "HEP3 6 [2001:db8::1]:0 > [2001:db8::1]:0 agent 0 content 5 compressed () 'deflated'");
}

TEST(Hep, ReadsVersions1And2) {
  const std::string ports = be16(5060) + be16(5062);
  const std::string four("\x0a\0\0\7\xc6\x33\x64\5", 8);
  const std::string little("\x00\xf1\x53\x65\x90\xd0\x03\0\5\0\0\0", 12);  // 1700000000, 250000, agent 5
  const std::string big = be32(1700000000) + be32(250000) + be16(5) + be16(0);
  const std::string read = " 17 10.0.0.7:5060 > 198.51.100.5:5062 ";
  EXPECT_EQ(show("\1\x10\2\x11" + ports + four + kSip), "HEP1" + read + "agent 0 content 1 () '" + kSip + "'");
  const std::string said = "HEP2" + read + "at 1700000000250000000 agent 5 content 1 () '" + kSip + "'";
  for (const std::string& time : {little, big})
    for (const char* const head : {"\2\x1c\2\x11", "\2\x10\2\x11"})
      EXPECT_EQ(show(std::string(head).append(ports).append(four).append(time).append(kSip)), said);
  const std::string six = std::string("\x20\x01\x0d\xb8\0\0\0\0\0\0\0\0\0\0\0\1", 16);
  EXPECT_EQ(
      show("\2\x34\x0a\6" + ports + six + six + little + kSip),
      "HEP2 6 [2001:db8::1]:5060 > [2001:db8::1]:5062 at 1700000000250000000 agent 5 content 1 () '" + kSip + "'");
}

TEST(Hep, RefusesWhatDoesNotFit) {
  const std::string good = hep3(chunk(15, kSip));
  EXPECT_NE(show(good), "no HEP");
  for (const std::string& bad :
       {""s, "HEP3"s, good.substr(0, good.size() - 1), good + "x", hep3("stub"), hep3(be16(0) + be16(15) + be16(5)),
        hep3(be16(0) + be16(15) + be16(9) + "xx"), "\1\x10\2\x11" + std::string(12, '\0') + "no SIP", "\2\x1c\2\x11"s,
        "\1\1\0\x24\x21\x12\xa4\x42"s + std::string(40, '\0')})
    EXPECT_EQ(show(bad), "no HEP") << bad;
}

}  // namespace
}  // namespace viaduct::capture
