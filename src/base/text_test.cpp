// SPDX-License-Identifier: GPL-2.0-or-later
#include "base/text.hpp"

#include <gtest/gtest.h>

namespace viaduct::base {
namespace {

TEST(ParseDecimal, TakesEverythingThatFitsAndNothingElse) {
  EXPECT_EQ(parse_decimal<std::uint8_t>("255"), 255);
  EXPECT_EQ(parse_decimal<std::uint8_t>("256"), std::nullopt);
  EXPECT_EQ(parse_decimal<std::uint16_t>("65535"), 65535);
  EXPECT_EQ(parse_decimal<std::uint16_t>("000065535"), 65535);
  EXPECT_EQ(parse_decimal<std::uint16_t>("65536"), std::nullopt);
  EXPECT_EQ(parse_decimal<std::uint64_t>("18446744073709551615"), 18446744073709551615U);
  EXPECT_EQ(parse_decimal<std::uint64_t>("18446744073709551616"), std::nullopt);
  EXPECT_EQ(parse_decimal<std::uint64_t>("99999999999999999999"), std::nullopt);
  for (Bytes text : {"", "-1", "+1", " 1", "1 ", "0x1", "1.0"}) EXPECT_EQ(parse_decimal<>(text), std::nullopt) << text;
}

}  // namespace
}  // namespace viaduct::base
