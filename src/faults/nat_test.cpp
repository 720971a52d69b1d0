// SPDX-License-Identifier: GPL-2.0-or-later
// RFC 4787 for UDP by its REQ numbers (REQ-7 is about outer addresses that change, which this box has not), then the
// timers of RFC 5382 and RFC 5508.
#include "faults/nat.hpp"

#include "faults/fragments.hpp"
#include "support/nat_box.hpp"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <set>

namespace viaduct::faults {
namespace {

using std::chrono::seconds;
using support::ep;
using support::ip;
using support::kStart;
using support::pass;
using support::summary;

const net::Endpoint kPhone = ep("192.168.1.10:4000");
const net::Endpoint kOther = ep("192.168.1.11:4000");
const net::Endpoint kServer = ep("198.51.100.5:6000");
const net::Endpoint kSameHost = ep("198.51.100.5:6002");
const net::Endpoint kElsewhere = ep("198.51.100.9:6000");

NatSettings settings() {
  return support::box_settings().nat;
}

std::string out(Nat& nat, const net::Endpoint& inner, const net::Endpoint& remote, base::Instant now = kStart,
                Protocol protocol = Protocol::udp) {
  const NatMapping* const mapping = nat.outbound(protocol, inner, remote, FlowKind::other, now);
  return mapping == nullptr ? "none" : mapping->outer.to_text();
}

std::string in(Nat& nat, const net::Endpoint& outer, const net::Endpoint& remote, base::Instant now = kStart,
               Protocol protocol = Protocol::udp) {
  const NatMapping* const mapping = nat.inbound(protocol, outer, remote, now);
  return mapping == nullptr ? "none" : mapping->inner.to_text();
}

TEST(Rfc4787Req1, OneMappingForAllDestinations) {
  Nat nat(settings());
  EXPECT_EQ(out(nat, kPhone, kServer), "203.0.113.1:4000");
  EXPECT_EQ(out(nat, kPhone, kSameHost), "203.0.113.1:4000");
  EXPECT_EQ(out(nat, kPhone, kElsewhere), "203.0.113.1:4000");
  EXPECT_EQ(nat.size(), 1U);
}

TEST(Rfc4787Req1, OtherMappingKindsDependOnTheDestination) {
  NatSettings by_address = settings();
  by_address.mapping = Dependence::address;
  by_address.ports = PortChoice::sequential;
  Nat nat(by_address);
  EXPECT_EQ(out(nat, kPhone, kServer), "203.0.113.1:1024");
  EXPECT_EQ(out(nat, kPhone, kSameHost), "203.0.113.1:1024");
  EXPECT_EQ(out(nat, kPhone, kElsewhere), "203.0.113.1:1026");

  NatSettings by_port = by_address;
  by_port.mapping = Dependence::address_and_port;
  Nat symmetric(by_port);
  EXPECT_EQ(out(symmetric, kPhone, kServer), "203.0.113.1:1024");
  EXPECT_EQ(out(symmetric, kPhone, kSameHost), "203.0.113.1:1026");
  EXPECT_EQ(out(symmetric, kPhone, kServer), "203.0.113.1:1024");
}

TEST(Rfc4787Req2, AllFlowsOfAHostShareAnOuterAddress) {
  NatSettings two = settings();
  two.outer = {ip("203.0.113.1"), ip("203.0.113.2")};
  Nat paired(two);
  EXPECT_EQ(out(paired, kPhone, kServer), "203.0.113.1:4000");
  EXPECT_EQ(out(paired, kOther, kServer), "203.0.113.2:4000");
  EXPECT_EQ(out(paired, ep("192.168.1.10:4002"), kServer), "203.0.113.1:4002");
  EXPECT_EQ(out(paired, ep("192.168.1.11:4002"), kServer), "203.0.113.2:4002");

  two.pooling = Pooling::arbitrary;
  Nat arbitrary(two);
  EXPECT_EQ(out(arbitrary, kPhone, kServer), "203.0.113.1:4000");
  EXPECT_EQ(out(arbitrary, ep("192.168.1.10:4002"), kServer), "203.0.113.2:4002");
}

// Each inner endpoint has an outer one of its own.
RC_GTEST_PROP(Rfc4787Req3, NoPortIsOverloaded, ()) {
  NatSettings any = settings();
  any.ports = *rc::gen::element(PortChoice::preserve, PortChoice::sequential, PortChoice::random);
  any.parity = *rc::gen::arbitrary<bool>();
  any.last_port = 1224;
  Nat nat(any);
  std::set<std::string> inner;
  std::set<std::string> outer;
  for (int i = 0; i < 150; ++i) {
    const net::Endpoint from{net::Address::ipv4(0xc0a80100U + *rc::gen::inRange(2U, 5U)),
                             *rc::gen::inRange<std::uint16_t>(1024, 1100)};
    const std::string mapped = out(nat, from, kServer);
    if (mapped == "none") continue;
    inner.insert(from.to_text());
    outer.insert(mapped);
  }
  RC_ASSERT(inner.size() == outer.size());
}

TEST(Rfc4787Req3, PortIsPreservedOrTheNextFreeOne) {
  Nat nat(settings());
  EXPECT_EQ(out(nat, kPhone, kServer), "203.0.113.1:4000");
  EXPECT_EQ(out(nat, kOther, kServer), "203.0.113.1:4002");
  EXPECT_EQ(out(nat, kPhone, kServer, kStart, Protocol::tcp), "203.0.113.1:4000");
}

TEST(Rfc4787Req3, FullRangeMakesNoMapping) {
  NatSettings small = settings();
  small.first_port = 2000;
  small.last_port = 2003;
  Nat nat(small);
  EXPECT_EQ(out(nat, kPhone, kServer), "203.0.113.1:2000");
  EXPECT_EQ(out(nat, kOther, kServer), "203.0.113.1:2002");
  EXPECT_EQ(out(nat, ep("192.168.1.12:4000"), kServer), "none");
  EXPECT_EQ(out(nat, ep("192.168.1.12:4001"), kServer), "203.0.113.1:2001");
  // What has expired is free again.
  EXPECT_EQ(out(nat, ep("192.168.1.12:4000"), kServer, kStart + seconds(300)), "203.0.113.1:2000");
}

TEST(Rfc4787Req3a, WellKnownPortsStayAmongThemselves) {
  Nat nat(settings());
  EXPECT_EQ(out(nat, ep("192.168.1.10:500"), kServer), "203.0.113.1:500");
  EXPECT_EQ(out(nat, ep("192.168.1.11:500"), kServer), "203.0.113.1:502");
  EXPECT_EQ(out(nat, ep("192.168.1.10:1023"), kServer), "203.0.113.1:1023");
  EXPECT_EQ(out(nat, ep("192.168.1.11:1023"), kServer), "203.0.113.1:1");
  EXPECT_EQ(out(nat, ep("192.168.1.10:1024"), kServer), "203.0.113.1:1024");
}

// Even stays even, odd stays odd.
RC_GTEST_PROP(Rfc4787Req4, ParityIsPreserved, ()) {
  NatSettings any = settings();
  any.ports = *rc::gen::element(PortChoice::preserve, PortChoice::sequential, PortChoice::random);
  any.seed = *rc::gen::arbitrary<std::uint64_t>();
  Nat nat(any);
  for (int i = 0; i < 50; ++i) {
    const auto port = *rc::gen::inRange<std::uint16_t>(1, 65535);
    const NatMapping* const mapping =
        nat.outbound(Protocol::udp, {net::Address::ipv4(0xc0a8010aU), port}, kServer, FlowKind::other, kStart);
    RC_ASSERT(mapping != nullptr && (mapping->outer.port & 1) == (port & 1));
  }
}

TEST(Rfc4787Req4, ParityCanBeSwitchedOff) {
  NatSettings without = settings();
  without.parity = false;
  Nat nat(without);
  EXPECT_EQ(out(nat, kPhone, kServer), "203.0.113.1:4000");
  EXPECT_EQ(out(nat, kOther, kServer), "203.0.113.1:4001");
}

TEST(Rfc4787Req5, IdleMappingLivesFiveMinutes) {
  Nat nat(settings());
  out(nat, kPhone, kServer);
  EXPECT_EQ(in(nat, ep("203.0.113.1:4000"), kServer, kStart + (seconds(300) - base::Duration(1))), "192.168.1.10:4000");
  EXPECT_EQ(in(nat, ep("203.0.113.1:4000"), kServer, kStart + seconds(300)), "none");
}

TEST(Rfc4787Req5, EachKindOfFlowHasItsTimer) {
  NatSettings timed = settings();
  timed.timers.udp = seconds(30);
  timed.timers.sip = seconds(60);
  timed.timers.media = seconds(120);
  Nat nat(timed);
  (void)nat.outbound(Protocol::udp, ep("192.168.1.10:4000"), kServer, FlowKind::other, kStart);
  (void)nat.outbound(Protocol::udp, ep("192.168.1.10:5060"), kServer, FlowKind::sip, kStart);
  (void)nat.outbound(Protocol::udp, ep("192.168.1.10:6000"), kServer, FlowKind::media, kStart);
  const auto alive = [&](base::Instant at) {
    nat.expire(at);
    return nat.size();
  };
  EXPECT_EQ(alive(kStart + (seconds(30) - base::Duration(1))), 3U);
  EXPECT_EQ(alive(kStart + seconds(30)), 2U);
  EXPECT_EQ(alive(kStart + seconds(60)), 1U);
  EXPECT_EQ(alive(kStart + seconds(120)), 0U);
}

TEST(Rfc4787Req6, OutboundPacketsRefresh) {
  Nat nat(settings());
  out(nat, kPhone, kServer);
  out(nat, kPhone, kElsewhere, kStart + seconds(299));
  EXPECT_EQ(in(nat, ep("203.0.113.1:4000"), kServer, kStart + seconds(598)), "192.168.1.10:4000");
}

TEST(Rfc4787Req6, InboundPacketsRefreshOnlyIfAsked) {
  for (const bool inbound : {false, true}) {
    NatSettings refreshed = settings();
    refreshed.inbound_refresh = inbound;
    Nat nat(refreshed);
    out(nat, kPhone, kServer);
    EXPECT_EQ(in(nat, ep("203.0.113.1:4000"), kServer, kStart + seconds(299)), "192.168.1.10:4000");
    EXPECT_EQ(in(nat, ep("203.0.113.1:4000"), kServer, kStart + seconds(301)), inbound ? "192.168.1.10:4000" : "none");
  }
}

TEST(Rfc4787Req8, FilteringKinds) {
  const auto let_in = [](Dependence filtering) {
    NatSettings filtered = settings();
    filtered.filtering = filtering;
    Nat nat(filtered);
    out(nat, kPhone, kServer);
    std::string text;
    for (const net::Endpoint& remote : {kServer, kSameHost, kElsewhere})
      text += in(nat, ep("203.0.113.1:4000"), remote) == "none" ? "-" : "x";
    return text + (in(nat, ep("203.0.113.1:4002"), kServer) == "none" ? "-" : "x");
  };
  EXPECT_EQ(let_in(Dependence::endpoint_independent), "xxx-");
  EXPECT_EQ(let_in(Dependence::address), "xx--");
  EXPECT_EQ(let_in(Dependence::address_and_port), "x---");
}

TEST(Rfc4787Req9, HairpinWithTheOuterSource) {
  Box box(support::box_settings(), {});
  const net::Endpoint outer_phone = ep("203.0.113.1:4000");
  const net::Endpoint outer_other = ep("203.0.113.1:4002");
  EXPECT_EQ(summary(pass(box, Side::inside, support::udp(kPhone, kServer, "a"))),
            "outside 203.0.113.1:4000 > 198.51.100.5:6000");
  // The phone has sent to no outer address yet: its filter holds for the inside too.
  EXPECT_EQ(summary(pass(box, Side::inside, support::udp(kOther, outer_phone, "b"))), "");
  EXPECT_EQ(summary(pass(box, Side::inside, support::udp(kPhone, outer_other, "c"))),
            "inside 203.0.113.1:4000 > 192.168.1.11:4000");
  EXPECT_EQ(summary(pass(box, Side::inside, support::udp(kOther, outer_phone, "d"))),
            "inside 203.0.113.1:4002 > 192.168.1.10:4000");
  EXPECT_EQ(box.counters().hairpinned, 3U);
}

TEST(Rfc4787Req10, NoAlgWithoutBehaviours) {
  Box box(support::box_settings(), {});
  const std::string message =
      "REGISTER sip:example.com SIP/2.0\r\nVia: SIP/2.0/UDP 192.168.1.10:5060;branch=z9hG4bK1\r\n"
      "Contact: <sip:alice@192.168.1.10:5060>\r\nCall-ID: 1@192.168.1.10\r\nCSeq: 1 REGISTER\r\n\r\n";
  const auto departures =
      pass(box, Side::inside, support::udp(ep("192.168.1.10:5060"), ep("198.51.100.5:5060"), message));
  ASSERT_EQ(departures.size(), 1U);
  EXPECT_EQ(departures[0].octets.substr(28), message);
  EXPECT_EQ(box.counters().messages, 1U);
  EXPECT_EQ(box.counters().changed, 0U);
}

TEST(Rfc4787Req11, CollisionsChangeNothingButThePort) {
  Nat nat(settings());
  out(nat, kPhone, kServer);
  for (int i = 0; i < 3; ++i) {
    const base::Instant now = kStart + seconds(i * 250);
    out(nat, kPhone, kServer, now);
    EXPECT_EQ(out(nat, kOther, kServer, now), "203.0.113.1:4002");
    EXPECT_EQ(out(nat, kOther, kElsewhere, now), "203.0.113.1:4002");
    EXPECT_EQ(in(nat, ep("203.0.113.1:4002"), kSameHost, now), "192.168.1.11:4000");
    EXPECT_EQ(in(nat, ep("203.0.113.1:4002"), ep("198.51.100.77:6000"), now), "none");
  }
}

TEST(Rfc4787Req12, IcmpErrorsComeInFromAnywhereAndEndNothing) {
  Box box(support::box_settings(), {});
  const std::string sent = support::udp(kPhone, kServer, "a");
  const auto left = pass(box, Side::inside, sent);
  ASSERT_EQ(left.size(), 1U);
  const std::string error = support::icmp(ip("192.0.2.1"), ip("203.0.113.1"), 3, 3, 0, left[0].octets);
  const auto arrived = pass(box, Side::outside, error);
  EXPECT_EQ(summary(arrived), "inside 192.0.2.1:0 > 192.168.1.10:0");
  ASSERT_EQ(arrived.size(), 1U);
  // The quoted packet is what the phone sent, but for TTL and the header's checksum.
  const std::string quoted = arrived[0].octets.substr(28);
  EXPECT_EQ(quoted.substr(0, 8), sent.substr(0, 8));
  EXPECT_EQ(quoted.substr(12), sent.substr(12));
  EXPECT_EQ(summary(pass(box, Side::outside, support::udp(kServer, ep("203.0.113.1:4000"), "b"))),
            "inside 198.51.100.5:6000 > 192.168.1.10:4000");
  EXPECT_EQ(box.nat().size(), 1U);
}

TEST(Rfc4787Req12, IcmpErrorsAboutNothingAreFiltered) {
  Box box(support::box_settings(), {});
  const std::string stranger = support::udp(ep("203.0.113.1:4000"), kServer, "a");
  EXPECT_EQ(summary(pass(box, Side::outside, support::icmp(ip("192.0.2.1"), ip("203.0.113.1"), 3, 3, 0, stranger))),
            "");
  EXPECT_EQ(box.counters().filtered, 1U);
}

TEST(Rfc4787Req13, TooLargeWithDontFragmentIsAnswered) {
  BoxSettings narrow = support::box_settings();
  narrow.mtu = 576;
  Box box(narrow, {});
  const std::string large = support::udp(kPhone, kServer, std::string(600, 'a'), {.dont_fragment = true});
  const auto answers = pass(box, Side::inside, large);
  EXPECT_EQ(summary(answers), "inside 192.168.1.1:0 > 192.168.1.10:0");
  ASSERT_EQ(answers.size(), 1U);
  EXPECT_EQ(answers[0].octets.substr(20, 2), std::string("\x03\x04", 2));
  EXPECT_EQ(support::get16(answers[0].octets, 26), 576U);
  EXPECT_EQ(answers[0].octets.substr(28), large.substr(0, 548));
}

TEST(Rfc4787Req13a, TooLargeWithoutItGoesOnInFragments) {
  BoxSettings narrow = support::box_settings();
  narrow.mtu = 576;
  Box box(narrow, {});
  const auto pieces = pass(box, Side::inside, support::udp(kPhone, kServer, std::string(600, 'a')));
  ASSERT_EQ(pieces.size(), 2U);
  Fragments fragments;
  EXPECT_EQ(fragments.add(*Packet::parse(pieces[0].octets), kStart), std::nullopt);
  const std::optional<std::string> whole = fragments.add(*Packet::parse(pieces[1].octets), kStart);
  ASSERT_TRUE(whole.has_value());
  EXPECT_EQ(*whole, support::udp(ep("203.0.113.1:4000"), kServer, std::string(600, 'a'), {.ttl = 63}));
}

TEST(Rfc4787Req14, FragmentsInAnyOrder) {
  const std::string sent = support::udp(kServer, ep("203.0.113.1:4000"), std::string(3000, 'a'));
  std::vector<std::string> pieces = split(sent, 1000);
  std::vector<std::size_t> order = {0, 1, 2, 3};
  ASSERT_EQ(pieces.size(), order.size());
  do {
    Box box(support::box_settings(), {});
    (void)pass(box, Side::inside, support::udp(kPhone, kServer, "a"));
    std::vector<Departure> departures;
    for (const std::size_t i : order) departures = pass(box, Side::outside, pieces[i]);
    ASSERT_EQ(departures.size(), 3U) << "at an MTU of 1500";
    Fragments fragments;
    std::optional<std::string> whole;
    for (const Departure& departure : departures) whole = fragments.add(*Packet::parse(departure.octets), kStart);
    EXPECT_EQ(whole, support::udp(kServer, kPhone, std::string(3000, 'a'), {.ttl = 63}));
  } while (std::ranges::next_permutation(order).found);
}

TEST(Rfc5382Req1, TcpMappingsAreEndpointIndependent) {
  Nat nat(settings());
  EXPECT_EQ(out(nat, kPhone, kServer, kStart, Protocol::tcp), "203.0.113.1:4000");
  EXPECT_EQ(out(nat, kPhone, kElsewhere, kStart, Protocol::tcp), "203.0.113.1:4000");
  EXPECT_EQ(in(nat, ep("203.0.113.1:4000"), kServer), "none") << "UDP is another space of ports";
}

TEST(Rfc5382Req5, HalfOpenForFourMinutesEstablishedForTwoHoursAndFourMinutes) {
  Nat half(settings());
  out(half, kPhone, kServer, kStart, Protocol::tcp);
  EXPECT_EQ(in(half, ep("203.0.113.1:4000"), kServer, kStart + seconds(240), Protocol::tcp), "none");
  Nat established(settings());
  out(established, kPhone, kServer, kStart, Protocol::tcp);
  in(established, ep("203.0.113.1:4000"), kServer, kStart, Protocol::tcp);
  const base::Instant end = kStart + seconds(7440);
  EXPECT_EQ(in(established, ep("203.0.113.1:4000"), kServer, kStart + seconds(7439), Protocol::tcp),
            "192.168.1.10:4000");
  EXPECT_EQ(in(established, ep("203.0.113.1:4000"), kServer, end, Protocol::tcp), "none");
}

TEST(Rfc5508Req1, EchoForOneMinute) {
  Nat nat(settings());
  out(nat, kPhone, kServer, kStart, Protocol::icmp);
  EXPECT_EQ(in(nat, ep("203.0.113.1:4000"), kServer, kStart + seconds(59), Protocol::icmp), "192.168.1.10:4000");
  EXPECT_EQ(in(nat, ep("203.0.113.1:4000"), kServer, kStart + seconds(60), Protocol::icmp), "none");
}

TEST(NatReserve, WhatAMessageWasToldHoldsForTheFlow) {
  NatSettings symmetric = settings();
  symmetric.mapping = Dependence::address_and_port;
  symmetric.filtering = Dependence::address_and_port;
  symmetric.ports = PortChoice::sequential;
  Nat nat(symmetric);
  const NatMapping* const told = nat.reserve(Protocol::udp, kPhone, 0, FlowKind::media, kStart);
  ASSERT_NE(told, nullptr);
  EXPECT_EQ(told->outer, ep("203.0.113.1:1024"));
  EXPECT_EQ(in(nat, ep("203.0.113.1:1024"), kElsewhere), "192.168.1.10:4000") << "open to everybody";
  EXPECT_EQ(out(nat, kPhone, kServer), "203.0.113.1:1024");
  EXPECT_EQ(nat.reserve(Protocol::udp, kPhone, 3000, FlowKind::media, kStart)->outer, ep("203.0.113.1:3000"));
  EXPECT_EQ(in(nat, ep("203.0.113.1:1024"), kElsewhere), "none") << "it moved";
}

TEST(NatForget, OneOrAll) {
  Nat nat(settings());
  out(nat, kPhone, kServer);
  out(nat, kOther, kServer);
  nat.forget(Protocol::udp, ep("203.0.113.1:4000"));
  EXPECT_EQ(in(nat, ep("203.0.113.1:4000"), kServer), "none");
  EXPECT_EQ(in(nat, ep("203.0.113.1:4002"), kServer), "192.168.1.11:4000");
  nat.forget_all();
  EXPECT_EQ(nat.size(), 0U);
  EXPECT_EQ(out(nat, kOther, kServer), "203.0.113.1:4000");
}

TEST(NatBounds, MappingsAndContactsAreLimited) {
  NatSettings two = settings();
  two.outer = {ip("203.0.113.1"), ip("203.0.113.2")};
  two.ports = PortChoice::sequential;
  two.parity = false;
  two.pooling = Pooling::arbitrary;
  Nat nat(two);
  for (std::uint32_t i = 0; i < Nat::kMaxMappings + 10; ++i)
    out(nat, {net::Address::ipv4(0x0a000000U + i), 4000}, kServer);
  EXPECT_EQ(nat.size(), Nat::kMaxMappings);

  Nat contacts(settings());
  for (std::uint32_t i = 0; i <= Nat::kMaxContacted; ++i)
    out(contacts, kPhone, {net::Address::ipv4(0xc6336400U + i), 6000});
  EXPECT_EQ(in(contacts, ep("203.0.113.1:4000"), ep("198.51.100.0:6000")), "none") << "the oldest went";
  EXPECT_EQ(in(contacts, ep("203.0.113.1:4000"), ep("198.51.100.1:6000")), "192.168.1.10:4000");
}

net::Endpoint scanned(std::uint32_t i) {
  return {net::Address::ipv4(0x0b000000U + i), 6000};
}

TEST(NatBounds, TheContactThatWasUsedLastStays) {
  Nat nat(settings());
  out(nat, kPhone, kServer);
  for (std::uint32_t i = 0; i < 2 * Nat::kMaxContacted; ++i) {
    out(nat, kPhone, scanned(i));
    out(nat, kPhone, kServer);
  }
  EXPECT_EQ(in(nat, ep("203.0.113.1:4000"), kServer), "192.168.1.10:4000");
  EXPECT_EQ(in(nat, ep("203.0.113.1:4000"), scanned(2 * Nat::kMaxContacted - 1)), "192.168.1.10:4000");
  EXPECT_EQ(in(nat, ep("203.0.113.1:4000"), scanned(0)), "none");
  EXPECT_EQ(nat.forgotten_contacts(), Nat::kMaxContacted + 1);
}

std::size_t contacts_of(Nat& nat, std::uint16_t first, std::size_t count) {
  std::size_t all = 0;
  for (std::size_t i = 0; i < count; ++i)
    all += nat.find_outer(Protocol::udp, {ip("203.0.113.1"), static_cast<std::uint16_t>(first + i)})->contacted.size();
  return all;
}

// One host that scans the Internet from thousands of ports must neither take all memory nor a phone's few contacts.
TEST(NatBounds, ContactsOfAllMappingsTogetherAreLimited) {
  constexpr std::uint16_t kFirst = 2000;
  constexpr std::size_t kScanners = 1300;
  NatSettings any_parity = settings();
  any_parity.parity = false;
  Nat nat(any_parity);
  for (std::uint16_t i = 0; i < kScanners; ++i)
    for (std::uint32_t n = 0; n < Nat::kMaxContacted; ++n)
      out(nat, {kOther.address, static_cast<std::uint16_t>(kFirst + i)}, scanned(n));
  constexpr std::size_t kMost = Nat::kMaxSharedContacted + kScanners * Nat::kOwnContacted;
  EXPECT_EQ(contacts_of(nat, kFirst, kScanners), kMost);
  EXPECT_EQ(nat.forgotten_contacts(), kScanners * Nat::kMaxContacted - kMost);

  const std::uint64_t before = nat.forgotten_contacts();
  for (std::uint32_t i = 0; i < Nat::kOwnContacted; ++i) out(nat, kPhone, scanned(i));
  for (std::uint32_t i = 0; i < Nat::kOwnContacted; ++i)
    EXPECT_EQ(in(nat, ep("203.0.113.1:4000"), scanned(i)), "192.168.1.10:4000") << i;
  EXPECT_EQ(nat.forgotten_contacts(), before);
  out(nat, kPhone, scanned(99));
  EXPECT_EQ(in(nat, ep("203.0.113.1:4000"), scanned(0)), "none") << "the fifth takes the place of the first";
  EXPECT_EQ(nat.forgotten_contacts(), before + 1);

  nat.forget(Protocol::udp, ep("203.0.113.1:2000"));
  out(nat, kPhone, scanned(100));
  EXPECT_EQ(nat.forgotten_contacts(), before + 1) << "a mapping that went has left room";
}

// Were each search a walk over what is there, this would not end in any useful time.
TEST(NatAtItsLimit, AFullRangeCostsNoSearch) {
  NatSettings full = settings();
  full.mapping = Dependence::address_and_port;
  Nat nat(full);
  for (std::uint32_t i = 0; i < 32256; ++i)
    ASSERT_NE(out(nat, kPhone, {ip("198.51.100.5"), static_cast<std::uint16_t>(i + 1)}), "none");
  for (std::uint32_t i = 0; i < 20000; ++i)
    ASSERT_EQ(out(nat, kOther, {ip("198.51.100.6"), static_cast<std::uint16_t>(i + 1)}), "none");
  EXPECT_EQ(out(nat, ep("192.168.1.10:4001"), kServer), "203.0.113.1:4001") << "odd ports are free";
  for (int i = 0; i < 20000; ++i) ASSERT_EQ(nat.find_inner(Protocol::udp, kOther, kStart), nullptr);
  EXPECT_EQ(out(nat, kOther, kServer, kStart + seconds(301)), "203.0.113.1:4000") << "all have expired";
}

TEST(NatAtItsLimit, AnyMappingOfAnInnerEndpointIsFound) {
  NatSettings symmetric = settings();
  symmetric.mapping = Dependence::address_and_port;
  Nat nat(symmetric);
  EXPECT_EQ(out(nat, kPhone, kServer), "203.0.113.1:4000");
  EXPECT_EQ(out(nat, kPhone, kSameHost, kStart + seconds(200)), "203.0.113.1:4002");
  EXPECT_EQ(nat.find_inner(Protocol::udp, kPhone, kStart)->outer, ep("203.0.113.1:4000"));
  EXPECT_EQ(nat.find_inner(Protocol::udp, kPhone, kStart + seconds(301))->outer, ep("203.0.113.1:4002"));
  EXPECT_EQ(nat.find_inner(Protocol::tcp, kPhone, kStart), nullptr);
  EXPECT_EQ(nat.find_inner(Protocol::udp, kPhone, kStart + seconds(501)), nullptr);
  EXPECT_EQ(nat.size(), 0U);
}

}  // namespace
}  // namespace viaduct::faults
