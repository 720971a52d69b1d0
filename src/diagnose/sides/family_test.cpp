// SPDX-License-Identifier: GPL-2.0-or-later
#include "diagnose/sides/family.hpp"

#include <gtest/gtest.h>

#include <vector>

namespace viaduct::diagnose::sides {
namespace {

TraitCount seen(const std::vector<Trait>& changed, const std::vector<Trait>& left) {
  TraitCount traits;
  for (const Trait trait : changed) traits.saw(trait, true);
  for (const Trait trait : left) traits.saw(trait, false);
  return traits;
}

TEST(Family, IsNamedByWhatItAloneDoes) {
  using enum Trait;
  EXPECT_EQ(family_of(seen({via, contact, request_uri, echo, connection, origin}, {call_id, media_port})).name,
            "linux");
  EXPECT_EQ(family_of(seen({via, contact, connection, origin}, {from, to, request_uri, echo, call_id})).name,
            "broadcom");
  EXPECT_EQ(family_of(seen({via, contact, call_id, from, connection}, {to, trace})).name, "quicksec");
  EXPECT_EQ(family_of(seen({via, contact, call_id, routes, trace, from, to}, {})).name, "fortinet");
  EXPECT_EQ(family_of(seen({own_via, hops, connection}, {via, contact})).name, "proxy-type");
}

TEST(Family, IsNotNamedWhereTwoWouldDoTheSame) {
  using enum Trait;
  const FamilyGuess guess = family_of(seen({via, contact}, {}));
  EXPECT_EQ(guess.name, "");
  EXPECT_NE(guess.best, "");
}

TEST(Family, IsNotNamedWhereNoneDoesThat) {
  using enum Trait;
  EXPECT_EQ(family_of(seen({contact, connection}, {via, call_id, from, echo, request_uri})).name, "");
  EXPECT_EQ(family_of(seen({}, {via, contact, call_id})).best, "");
}

}  // namespace
}  // namespace viaduct::diagnose::sides
