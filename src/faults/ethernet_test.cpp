// SPDX-License-Identifier: GPL-2.0-or-later
// ARP by RFC 826: whole frames in, whole frames out.
#include "faults/ethernet.hpp"

#include "support/nat_box.hpp"

#include <gtest/gtest.h>

namespace viaduct::faults {
namespace {

using std::chrono::seconds;
using support::ip;
using support::kStart;

const std::string kBox("\x02\0\0\0\0\x01", 6);
const std::string kPhone("\x02\0\0\0\0\x0a", 6);
const std::string kThird("\x02\0\0\0\0\x0b", 6);
const std::string kAll(6, '\xff');
const std::string kNobody(6, '\0');
using Frames = std::vector<std::string>;

Ethernet ethernet(std::optional<net::Address> gateway = std::nullopt) {
  return {{2, 0, 0, 0, 0, 1}, {ip("192.168.1.1")}, {ip("192.168.1.1"), 24}, gateway};
}

std::string address(const std::string& text) {
  const net::Address literal = ip(text);
  return {reinterpret_cast<const char*>(literal.octets.data()), 4};
}

std::string arp(const std::string& to, char operation, const std::string& sender, const std::string& from,
                const std::string& target, const std::string& wanted) {
  return to + sender + std::string("\x08\x06\0\x01\x08\0\x06\x04\0", 9) + operation + sender + address(from) + target +
         address(wanted);
}

std::string question(const std::string& wanted) {
  return arp(kAll, 1, kBox, "192.168.1.1", kNobody, wanted);
}

std::string answer(const std::string& mac, const std::string& from) {
  return arp(kBox, 2, mac, from, kBox, "192.168.1.1");
}

std::string framed(const std::string& to, const std::string& from, const std::string& packet) {
  return to + from + std::string("\x08\0", 2) + packet;
}

std::string packet_to(const std::string& address, const std::string& payload = "x") {
  return support::udp(support::ep("198.51.100.5:6000"), support::ep(address + ":4000"), payload);
}

TEST(Ethernet, AnswersWhoAsksForTheBox) {
  Ethernet side = ethernet();
  EXPECT_EQ(side.receive(arp(kAll, 1, kPhone, "192.168.1.10", kNobody, "192.168.1.1"), kStart), std::nullopt);
  EXPECT_EQ(side.take_frames(), Frames{arp(kPhone, 2, kBox, "192.168.1.1", kPhone, "192.168.1.10")});
  EXPECT_EQ(side.receive(arp(kAll, 1, kPhone, "192.168.1.10", kNobody, "192.168.1.77"), kStart), std::nullopt);
  EXPECT_EQ(side.take_frames(), Frames{});
  side.send(packet_to("192.168.1.10"), kStart);
  EXPECT_EQ(side.take_frames(), Frames{framed(kPhone, kBox, packet_to("192.168.1.10"))}) << "learnt from the request";
}

TEST(Ethernet, PacketsWaitForTheAnswerInOrder) {
  Ethernet side = ethernet();
  side.send(packet_to("192.168.1.10", "a"), kStart);
  side.send(packet_to("192.168.1.10", "b"), kStart);
  EXPECT_EQ(side.take_frames(), Frames{question("192.168.1.10")});
  side.send(packet_to("192.168.1.10", "c"), kStart + seconds(1));
  EXPECT_EQ(side.take_frames(), Frames{question("192.168.1.10")}) << "asked again after a second";
  EXPECT_EQ(side.receive(answer(kPhone, "192.168.1.10"), kStart + seconds(1)), std::nullopt);
  EXPECT_EQ(side.take_frames(), (Frames{framed(kPhone, kBox, packet_to("192.168.1.10", "a")),
                                        framed(kPhone, kBox, packet_to("192.168.1.10", "b")),
                                        framed(kPhone, kBox, packet_to("192.168.1.10", "c"))}));
}

TEST(Ethernet, FewPacketsWait) {
  Ethernet side = ethernet();
  for (std::size_t i = 0; i < Ethernet::kMaxWaiting + 10; ++i) side.send(packet_to("192.168.1.10"), kStart);
  (void)side.take_frames();
  (void)side.receive(answer(kPhone, "192.168.1.10"), kStart);
  EXPECT_EQ(side.take_frames().size(), Ethernet::kMaxWaiting);
}

TEST(Ethernet, AnOldAnswerIsUsedUntilANewOneComes) {
  Ethernet side = ethernet();
  side.send(packet_to("192.168.1.10"), kStart);
  (void)side.receive(answer(kPhone, "192.168.1.10"), kStart);
  (void)side.take_frames();
  const base::Instant later = kStart + Ethernet::kLifetime + seconds(1);
  side.send(packet_to("192.168.1.10"), later);
  EXPECT_EQ(side.take_frames(), (Frames{question("192.168.1.10"), framed(kPhone, kBox, packet_to("192.168.1.10"))}));
  (void)side.receive(answer(kThird, "192.168.1.10"), later);
  side.send(packet_to("192.168.1.10"), later);
  EXPECT_EQ(side.take_frames(), Frames{framed(kThird, kBox, packet_to("192.168.1.10"))});
}

TEST(Ethernet, WhatIsElsewhereGoesToTheGateway) {
  Ethernet side = ethernet(ip("192.168.1.254"));
  side.send(packet_to("203.0.113.9"), kStart);
  EXPECT_EQ(side.take_frames(), Frames{question("192.168.1.254")});
  (void)side.receive(answer(kThird, "192.168.1.254"), kStart);
  EXPECT_EQ(side.take_frames(), Frames{framed(kThird, kBox, packet_to("203.0.113.9"))});
  Ethernet without = ethernet();
  without.send(packet_to("203.0.113.9"), kStart);
  EXPECT_EQ(without.take_frames(), Frames{});
}

TEST(Ethernet, TakesPacketsForItself) {
  Ethernet side = ethernet();
  const std::string packet = packet_to("192.168.1.1");
  EXPECT_EQ(side.receive(framed(kBox, kPhone, packet), kStart), packet);
  EXPECT_EQ(side.receive(framed(kThird, kPhone, packet), kStart), std::nullopt);
  EXPECT_EQ(side.receive(framed(kAll, kPhone, packet), kStart), std::nullopt);
}

TEST(Ethernet, HostileFramesTeachNothing) {
  Ethernet side = ethernet();
  const std::string good = answer(kPhone, "192.168.1.10");
  for (std::size_t length = 0; length < good.size(); ++length)
    EXPECT_EQ(side.receive(good.substr(0, length), kStart), std::nullopt) << length;
  for (const std::size_t place : {15U, 16U, 18U, 19U}) {
    std::string wrong = good;
    wrong[place] = '\x7f';
    EXPECT_EQ(side.receive(wrong, kStart), std::nullopt) << place;
  }
  EXPECT_EQ(side.receive(answer(kPhone, "203.0.113.9"), kStart), std::nullopt) << "not of this net";
  EXPECT_EQ(side.receive(arp(kAll, 2, kPhone, "192.168.1.10", kPhone, "192.168.1.10"), kStart), std::nullopt)
      << "nobody asked";
  side.send("short", kStart);
  EXPECT_EQ(side.take_frames(), Frames{});
  side.send(packet_to("192.168.1.10"), kStart);
  EXPECT_EQ(side.take_frames(), Frames{question("192.168.1.10")});
}

}  // namespace
}  // namespace viaduct::faults
