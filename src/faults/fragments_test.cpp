// SPDX-License-Identifier: GPL-2.0-or-later
#include "faults/fragments.hpp"

#include "support/nat_box.hpp"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <algorithm>
#include <random>

namespace viaduct::faults {
namespace {

using std::chrono::seconds;
using support::ep;
using support::kStart;

std::string datagram(std::size_t size, std::uint16_t identification = 7) {
  std::string payload(size, '\0');
  for (std::size_t i = 0; i < size; ++i) payload[i] = static_cast<char>(i * 7 / 3);
  return support::udp(ep("192.168.1.10:4000"), ep("198.51.100.5:6000"), payload, {.identification = identification});
}

std::optional<std::string> add(Fragments& fragments, const std::string& piece, base::Instant now = kStart) {
  return fragments.add(*Packet::parse(piece), now);
}

// The datagram is itself again.
RC_GTEST_PROP(Split, AndPutTogetherInAnyOrder, ()) {
  const std::string sent = datagram(*rc::gen::inRange<std::size_t>(1, 9000));
  const std::size_t mtu = *rc::gen::inRange<std::size_t>(68, 1600);
  std::vector<std::string> pieces = split(sent, mtu);
  std::mt19937 random(*rc::gen::arbitrary<std::uint32_t>());
  for (const std::string& piece : pieces) {
    RC_ASSERT(piece.size() <= mtu);
    RC_ASSERT(support::checksums_are_right(piece));
  }
  if (pieces.size() == 1) {
    RC_ASSERT(pieces.front() == sent);
    return;
  }
  std::ranges::shuffle(pieces, random);
  Fragments fragments;
  for (std::size_t i = 0; i + 1 < pieces.size(); ++i) RC_ASSERT(!add(fragments, pieces[i]).has_value());
  RC_ASSERT(add(fragments, pieces.back()) == sent);
}

TEST(Split, OfAFragmentKeepsItsPlace) {
  const std::vector<std::string> pieces = split(datagram(3000), 1500);
  ASSERT_EQ(pieces.size(), 3U);
  Fragments fragments;
  std::optional<std::string> whole;
  for (const std::string& piece : pieces)
    for (const std::string& smaller : split(piece, 600)) whole = add(fragments, smaller);
  EXPECT_EQ(whole, datagram(3000));
}

TEST(Split, LeavesWhatMustNotBeFragmented) {
  const std::string whole =
      support::udp(ep("192.168.1.10:4000"), ep("198.51.100.5:6000"), std::string(3000, 'a'), {.dont_fragment = true});
  EXPECT_EQ(split(whole, 1500), std::vector<std::string>{whole});
}

TEST(Fragments, OverlapEndsTheDatagram) {
  const std::vector<std::string> pieces = split(datagram(3000), 1500);
  const std::vector<std::string> others = split(datagram(3000), 1000);
  Fragments fragments;
  EXPECT_EQ(add(fragments, pieces[0]), std::nullopt);
  EXPECT_EQ(add(fragments, others[1]), std::nullopt);
  EXPECT_EQ(add(fragments, pieces[1]), std::nullopt);
  EXPECT_EQ(add(fragments, pieces[2]), std::nullopt) << "the first piece is gone";
  EXPECT_EQ(add(fragments, pieces[0]), datagram(3000)) << "nothing of the overlap is left";
}

TEST(Fragments, ThereIsOneEnd) {
  const std::vector<std::string> pieces = split(datagram(3000), 1500);
  const std::vector<std::string> shorter = split(datagram(1600), 1500);
  Fragments fragments;
  EXPECT_EQ(add(fragments, pieces[2]), std::nullopt);
  EXPECT_EQ(add(fragments, shorter[1]), std::nullopt) << "another end";
  EXPECT_EQ(add(fragments, pieces[0]), std::nullopt);
  EXPECT_EQ(add(fragments, pieces[1]), std::nullopt) << "the end is gone";
  EXPECT_EQ(add(fragments, pieces[2]), datagram(3000));

  EXPECT_EQ(add(fragments, pieces[1]), std::nullopt);
  EXPECT_EQ(add(fragments, shorter[1]), std::nullopt) << "an end before what is there";
  EXPECT_EQ(add(fragments, shorter[0]), std::nullopt);
  EXPECT_EQ(add(fragments, shorter[1]), datagram(1600));
}

TEST(Fragments, TooManyPiecesEndTheDatagram) {
  const std::vector<std::string> pieces = split(datagram(16000), 28);
  ASSERT_GT(pieces.size(), Fragments::kMaxPieces);
  Fragments fragments;
  for (const std::string& piece : pieces) EXPECT_EQ(add(fragments, piece), std::nullopt);
}

TEST(Fragments, APieceMayComeTwice) {
  const std::vector<std::string> pieces = split(datagram(3000), 1500);
  Fragments fragments;
  EXPECT_EQ(add(fragments, pieces[0]), std::nullopt);
  EXPECT_EQ(add(fragments, pieces[0]), std::nullopt);
  EXPECT_EQ(add(fragments, pieces[2]), std::nullopt);
  EXPECT_EQ(add(fragments, pieces[1]), datagram(3000));
}

TEST(Fragments, OldPiecesAreForgotten) {
  const std::vector<std::string> pieces = split(datagram(2000), 1500);
  Fragments fragments;
  EXPECT_EQ(add(fragments, pieces[0]), std::nullopt);
  EXPECT_EQ(add(fragments, pieces[1], kStart + Fragments::kLifetime), datagram(2000));
  EXPECT_EQ(add(fragments, pieces[0]), std::nullopt);
  EXPECT_EQ(add(fragments, pieces[1], kStart + Fragments::kLifetime + seconds(1)), std::nullopt);
}

TEST(Fragments, OldestGoesWhenThereAreTooMany) {
  Fragments fragments;
  for (std::uint16_t i = 0; i <= Fragments::kMaxDatagrams; ++i)
    EXPECT_EQ(add(fragments, split(datagram(2000, i), 1500)[0], kStart + std::chrono::milliseconds(i)), std::nullopt);
  const base::Instant later = kStart + seconds(1);
  EXPECT_EQ(add(fragments, split(datagram(2000, 1), 1500)[1], later), datagram(2000, 1));
  EXPECT_EQ(add(fragments, split(datagram(2000, 0), 1500)[1], later), std::nullopt);
}

TEST(Fragments, MixesNoDatagrams) {
  const std::string other = support::udp(ep("192.168.1.11:4000"), ep("198.51.100.5:6000"), std::string(2000, 'b'));
  Fragments fragments;
  EXPECT_EQ(add(fragments, split(datagram(2000), 1500)[0]), std::nullopt);
  EXPECT_EQ(add(fragments, split(other, 1500)[1]), std::nullopt);
  EXPECT_EQ(add(fragments, split(datagram(2000, 8), 1500)[1]), std::nullopt);
  EXPECT_EQ(add(fragments, split(other, 1500)[0]), other);
}

}  // namespace
}  // namespace viaduct::faults
