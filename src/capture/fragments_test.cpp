// SPDX-License-Identifier: GPL-2.0-or-later
#include "capture/fragments.hpp"

#include "capture/frames_test.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <string>
#include <vector>

namespace viaduct::capture {
namespace {

using namespace test;

constexpr Time kStart{std::chrono::seconds(1000)};

std::string text_of(std::size_t size) {
  std::string text;
  for (std::size_t i = 0; text.size() < size; ++i) text += std::to_string(i) + " ";
  return text.substr(0, size);
}

/// The fragments of `whole` (a transport header with its payload) behind offsets that are multiples of `step`.
std::vector<std::string> pieces4(const std::string& whole, std::size_t step, int id = 7) {
  std::vector<std::string> frames;
  for (std::size_t at = 0; at < whole.size(); at += step) {
    const int more = at + step < whole.size() ? 0x2000 : 0;
    frames.push_back(ipv4(whole.substr(at, step), {.id = id, .part = more | static_cast<int>(at / 8)}));
  }
  return frames;
}
std::vector<std::string> pieces6(const std::string& whole, std::size_t step) {
  std::vector<std::string> frames;
  const std::string hop_by_hop = be(44, 1) + be(0, 1) + std::string(6, '\0');
  for (std::size_t at = 0; at < whole.size(); at += step) {
    const std::size_t more = at + step < whole.size() ? 1 : 0;
    frames.push_back(ipv6(hop_by_hop + be(17, 1) + be(0, 1) + be16(at | more) + be32(9) + whole.substr(at, step), 0));
  }
  return frames;
}

/// Feeds raw IP frames, numbered from 1; one line for each packet that became whole.
std::string feed(FragmentTable& table, const std::vector<std::string>& frames, Time time = kStart) {
  std::string said;
  std::uint64_t number = 0;
  for (const std::string& frame : frames) {
    Packet packet;
    EXPECT_EQ(decode(LinkType::raw, frame, packet), Decoded::fragment);
    const FragmentTable::Whole* whole = table.add(frame, packet, ++number, time);
    if (whole == nullptr) continue;
    for (std::uint64_t n : whole->frames) said += std::to_string(n) + " ";
    said += (whole->overlapped ? "overlapped " : "") + show(LinkType::raw, whole->packet) + "\n";
  }
  return said;
}

std::string feed(const std::vector<std::string>& frames) {
  FragmentTable table;
  return feed(table, frames);
}

const std::string kFour = "udp17 10.0.0.7:5060 > 198.51.100.5:5062 ttl 64 dscp 46 '";
const std::string kSix = "udp17 [2001:db8::7]:5060 > [2001:db8::5]:5062 ttl 63 dscp 46 '";

TEST(Fragments, AreJoinedInAnyOrder) {
  const std::string text = text_of(3000);
  const std::string whole = udp(5060, 5062, text);
  for (const bool six : {false, true}) {
    std::vector<std::string> frames = six ? pieces6(whole, 1232) : pieces4(whole, 1480);
    ASSERT_EQ(frames.size(), 3U);
    std::vector<int> order{0, 1, 2};
    do {
      std::vector<std::string> shuffled(order.size());
      std::ranges::transform(order, shuffled.begin(), [&](int i) { return frames[static_cast<std::size_t>(i)]; });
      EXPECT_EQ(feed(shuffled), "1 2 3 " + (six ? kSix : kFour) + text + "'\n");
    } while (std::next_permutation(order.begin(), order.end()));
  }
}

TEST(Fragments, OfDifferentPacketsAreKeptApart) {
  const std::vector<std::string> a = pieces4(udp(5060, 5062, text_of(40)), 24, 1);
  const std::vector<std::string> b = pieces4(udp(5060, 5062, text_of(39)), 24, 2);
  EXPECT_EQ(feed({a[0], b[1], b[0], a[1]}), "2 3 " + kFour + text_of(39) + "'\n1 4 " + kFour + text_of(40) + "'\n");
}

TEST(Fragments, ThatCameFirstStay) {
  const std::string text = text_of(56);
  std::vector<std::string> frames = pieces4(udp(5060, 5062, text), 32);
  std::string again = frames[0];
  again.replace(again.size() - 8, 8, "changed!");
  EXPECT_EQ(feed({frames[0], again, frames[1]}), "1 2 3 overlapped " + kFour + text + "'\n");
}

TEST(Fragments, OfShortCapturesEndWhereTheFirstOneWasCut) {
  const std::string text = text_of(56);
  std::vector<std::string> frames = pieces4(udp(5060, 5062, text), 32);
  frames[0].resize(frames[0].size() - 3);
  EXPECT_EQ(feed(frames), "1 2 " + kFour.substr(0, kFour.size() - 1) + "cut of 56 '" + text.substr(0, 21) + "'\n");
}

TEST(Fragments, ThatFitNowhereAreRefused) {
  FragmentTable table;
  EXPECT_EQ(feed(table, {ipv4("odd", {.part = 0x2000}),                            // not a multiple of eight
                         ipv4(std::string(64, 'x'), {.part = 0x1fff}),             // behind 65535
                         ipv4(std::string(16, 'x'), {.id = 5, .part = 4}),         // the end is at 48,
                         ipv4(std::string(16, 'x'), {.id = 5, .part = 5}),         // now at 56
                         ipv4(std::string(16, 'x'), {.id = 5, .part = 0x2006})}),  // and now behind it
            "");
  EXPECT_EQ(table.refused(), 4U);
}

std::string incomplete(FragmentTable& table) {
  std::string said;
  for (const FragmentTable::Incomplete& i : table.take_incomplete())
    said += std::to_string(i.ip_id) + " " + i.source.to_text() + " " + std::to_string(i.octets) +
            (i.has_first ? " first " : " ") + std::to_string(i.frames.at(0)) + "\n";
  return said;
}

TEST(Fragments, ThatStayAloneAreReported) {
  FragmentTable table({.packets = 2, .wait = std::chrono::seconds(30)});
  const std::vector<std::string> frames = pieces4(udp(5060, 5062, text_of(56)), 32, 1);
  EXPECT_EQ(feed(table, {frames[0], pieces4(text_of(16), 8, 2)[1]}), "");
  EXPECT_FALSE(table.has_incomplete());
  EXPECT_EQ(feed(table, {pieces4(text_of(16), 8, 3)[0]}, kStart + std::chrono::seconds(30)), "");  // no room
  EXPECT_EQ(feed(table, {pieces4(text_of(16), 8, 4)[0]}, kStart + std::chrono::seconds(31)), "");  // too old
  std::string said = incomplete(table);
  table.finish();
  said += incomplete(table);
  EXPECT_EQ(said, "1 10.0.0.7 32 first 1\n2 10.0.0.7 8 2\n3 10.0.0.7 8 first 1\n4 10.0.0.7 8 first 1\n");
  EXPECT_FALSE(table.has_incomplete());
}

}  // namespace
}  // namespace viaduct::capture
