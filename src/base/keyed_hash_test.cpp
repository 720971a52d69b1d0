// SPDX-License-Identifier: GPL-2.0-or-later
#include "base/keyed_hash.hpp"

#include <gtest/gtest.h>

namespace viaduct::base {
namespace {

// The reference vectors of SipHash-2-4: key 00 01 ... 0f, message 00 01 ... of 0, 8 and 16 octets.
TEST(KeyedHash, FollowsTheReference) {
  KeyedHash hash({0x0706050403020100, 0x0f0e0d0c0b0a0908});
  EXPECT_EQ(hash.value(), 0x726fdb47dd0e0e31U);
  EXPECT_EQ(hash.add(0x0706050403020100).value(), 0x93f5f5799a932462U);
  EXPECT_EQ(hash.add(0x0f0e0d0c0b0a0908).value(), 0x3f2acc7f57c29bdbU);
}

}  // namespace
}  // namespace viaduct::base
