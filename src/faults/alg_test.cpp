// SPDX-License-Identifier: GPL-2.0-or-later
// What one message may cost an ALG; what it rewrites stands in tests/faults.
#include "faults/family.hpp"
#include "faults/fragments.hpp"
#include "support/nat_box.hpp"

#include <gtest/gtest.h>

namespace viaduct::faults {
namespace {

using support::ep;
using support::pass;

const net::Endpoint kPhone = ep("192.168.1.10:5060");
const net::Endpoint kServer = ep("198.51.100.5:5060");

Box box_of(base::Bytes name) {
  BoxSettings settings = support::box_settings();
  std::vector<std::unique_ptr<Behaviour>> behaviours;
  apply_family(*find_family(name), settings, behaviours);
  return {settings, std::move(behaviours)};
}

/// A REGISTER of 55 KB that names 2200 ports, the first of them at another address.
std::string many_contacts(int at_first, const std::string& first, const std::string& others) {
  std::string text = "REGISTER sip:example.com SIP/2.0\r\nCSeq: 1 REGISTER\r\nContact: ";
  for (int i = 0; i < 2200; ++i)
    text += (i == 0 ? "<sip:" : ",<sip:") + (i < at_first ? first : others) + ":" + std::to_string(10000 + i) + ">";
  return text + "\r\n\r\n";
}

std::string payload_after(Box& box, const std::string& text) {
  std::string left;
  for (const std::string& piece : split(support::udp(kPhone, kServer, text), 1500))
    for (const Departure& departure : pass(box, Side::inside, piece)) left += departure.octets.substr(20);
  return left.substr(std::min<std::size_t>(left.size(), 8));
}

TEST(Alg, OneMessageMakesFewMappings) {
  Box box = box_of("quicksec");
  const std::string left = payload_after(box, many_contacts(0, "", "192.168.1.10"));
  EXPECT_EQ(box.nat().size(), 17U) << "the flow's own and 16";
  EXPECT_TRUE(left == many_contacts(16, "203.0.113.1", "192.168.1.10")) << left.substr(0, 1000);
}

// A search to the end of the line for each comma or each URI would not end in any useful time.
TEST(KernelAlg, ALineOfManyValuesIsReadOnce) {
  const std::string head = "OPTIONS sip:example.com SIP/2.0\r\nCSeq: 1 OPTIONS\r\nContact: ";
  Box box = box_of("linux");
  std::string uris;
  for (int i = 0; i < 12000; ++i) uris += "sip:,";
  for (const std::string& values : {"<sip:a@b>" + std::string(60000, ','), uris, uris + "@" + std::string(100, '1')})
    for (int i = 0; i < 20; ++i) EXPECT_EQ(payload_after(box, head + values + "\r\n\r\n"), head + values + "\r\n\r\n");
}

TEST(KernelAlg, ValuesBehindAReplacedOneAreFound) {
  const std::string head = "OPTIONS sip:example.com SIP/2.0\r\nCSeq: 1 OPTIONS\r\nContact: ";
  Box box = box_of("linux");
  EXPECT_EQ(payload_after(box, head + "<sip:192.168.1.10>,,<tel:1>,<sip:192.168.1.10:5060>\r\n"
                                      "m: x,<sip:b@192.168.1.10>\r\n\r\n"),
            head +
                "<sip:203.0.113.1:5060>,,<tel:1>,<sip:203.0.113.1:5060>\r\n"
                "m: x,<sip:b@203.0.113.1:5060>\r\n\r\n");
}

// As much text as a datagram holds, of what the helper would look behind again and again.
TEST(BroadcomAlg, AMessageOfNothingButFieldsIsReadInBoundedTime) {
  Box box = box_of("broadcom");
  std::string vias = "INVITE sip:example.com SIP/2.0\r\n";
  while (vias.size() < 60000) vias += "Via:UDP x";
  for (int i = 0; i < 20; ++i) EXPECT_EQ(payload_after(box, vias), vias);
  EXPECT_EQ(box.nat().size(), 1U);
  std::string alternatives = "INVITE sip:example.com SIP/2.0\r\n\r\nv=0";
  for (int i = 0; i < 1200; ++i) alternatives += "\na=alt:1 1.0 : u p 192.168.1.10 " + std::to_string(20000 + 2 * i);
  const std::string left = payload_after(box, alternatives);
  EXPECT_EQ(box.nat().size(), 17U) << "the flow's own and 16";
  EXPECT_EQ(left.size(), alternatives.size() - 16 * 1) << "203.0.113.1 for 192.168.1.10";
}

TEST(BroadcomAlg, TheSixtyFifthViaIsNotLookedAt) {
  const auto behind = [](int others) {
    std::string text = "OPTIONS sip:example.com SIP/2.0\r\n";
    for (int i = 0; i < others; ++i) text += "Via: SIP/2.0/UDP 198.51.100.9:5060\r\n";
    return text + "Via: SIP/2.0/UDP 192.168.1.10:5060\r\n\r\n";
  };
  Box box = box_of("broadcom");
  EXPECT_EQ(payload_after(box, behind(64)), behind(64));
  EXPECT_NE(payload_after(box, behind(63)).find("203.0.113.1:5060"), std::string::npos);
}

}  // namespace
}  // namespace viaduct::faults
